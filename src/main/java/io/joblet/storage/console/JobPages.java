package io.joblet.storage.console;

import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobService;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.ListJobsResponse;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What jobs there are. */
@ApplicationScoped
class JobPages {
  private static final List<String> HEADS =
      List.of("Job", "Owner", "State", "Command", "Volumes", "Since", "End");

  private final JobService jobs;

  JobPages(@GrpcService JobService jobs) {
    this.jobs = jobs;
  }

  Reply list(Visit visit) {
    ListJobsResponse found =
        visit.ask(
            ListJobsRequest.newBuilder()
                .setAllOwners(visit.identity().seesAll())
                .setShowEnded(true)
                .setPageToken(visit.asked("page"))
                .build(),
            jobs::listJobs);
    Table table = Table.page(HEADS, found.getJobsList(), JobPages::texts, found.getNextPageToken());
    return Reply.page(
        Templates.table(
            visit.frame("Jobs", "jobs"), "Jobs in the order of their creation.", table));
  }

  private static List<String> texts(Job job) {
    return List.of(
        job.getName(),
        job.getOwner(),
        job.getStatus(),
        String.join(" ", job.getCommandList()),
        String.join(
            ", ",
            job.getAttachmentsList().stream().map(Attachment::getVolumeName).distinct().toList()),
        Text.time(job.hasStartedAt() ? job.getStartedAt() : job.getCreatedAt()),
        end(job));
  }

  private static String end(Job job) {
    if (job.hasExitCode()) {
      return "exit code " + job.getExitCode();
    }
    return job.getSignal() != 0 ? "signal " + job.getSignal() : job.getReason();
  }
}
