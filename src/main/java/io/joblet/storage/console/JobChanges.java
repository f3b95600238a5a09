package io.joblet.storage.console;

import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobService;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Ends jobs and forgets them, each after a page that asks. */
@ApplicationScoped
class JobChanges {
  private final JobService jobs;
  private final JobPages pages;

  JobChanges(@GrpcService JobService jobs, JobPages pages) {
    this.jobs = jobs;
    this.pages = pages;
  }

  /** Answers when everything of it is gone, after the usual grace period at the latest. */
  Reply stop(Visit visit) {
    visit.admit("StopJob");
    if (!Confirmation.given(visit)) {
      return ask(
          visit, "Stop this job? It is asked to end, and killed if it does not.", "stop", "Stop");
    }
    Job job =
        visit
            .ask(StopJobRequest.newBuilder().setJob(visit.part("job")).build(), jobs::stopJob)
            .getJob();
    return Reply.goTo("/jobs/" + job.getId() + Notice.STOPPED.query());
  }

  Reply remove(Visit visit) {
    visit.admit("RemoveJob");
    if (!Confirmation.given(visit)) {
      return ask(
          visit, "Remove this job? It is forgotten, and so is its output.", "remove", "Remove");
    }
    visit.ask(
        RemoveJobRequest.newBuilder()
            .setJob(visit.part("job"))
            .setRequestId(Confirmation.id(visit))
            .build(),
        jobs::removeJob);
    return Reply.goTo("/jobs" + Notice.REMOVED.query());
  }

  private Reply ask(Visit visit, String sentence, String deed, String verb) {
    Job job = pages.get(visit);
    String path = JobPages.path(job);
    return Confirmation.ask(
        visit,
        JobPages.SECTION,
        verb + " " + job.getName(),
        new Question(
            sentence,
            Fact.known(
                new Fact("Job", job.getName()),
                new Fact("Owner", job.getOwner()),
                new Fact("State", job.getStatus()),
                new Fact("Command", String.join(" ", job.getCommandList()))),
            path + "/" + deed,
            Map.of(),
            verb,
            path,
            true));
  }
}
