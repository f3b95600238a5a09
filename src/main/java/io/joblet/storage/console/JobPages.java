package io.joblet.storage.console;

import io.joblet.storage.access.Permission;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobService;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.ListJobsResponse;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What jobs there are, and how one went. */
@ApplicationScoped
class JobPages {
  private static final List<String> HEADS =
      List.of("Job", "Owner", "State", "Command", "Volumes", "Since", "End");

  static final String SECTION = "jobs";
  private static final List<String> VOLUME_HEADS =
      List.of("Volume", "At", "Mode", "State", "Since");

  /** How much of the output is on the job's page, and on the one that is nothing else. */
  private static final int GLANCE = 16 << 10;

  private static final int MOST = 1 << 20;

  private final JobService jobs;
  private final JobOutputs outputs;

  JobPages(@GrpcService JobService jobs, JobOutputs outputs) {
    this.jobs = jobs;
    this.outputs = outputs;
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
    Table table =
        Table.page(
            HEADS, found.getJobsList(), JobPages::texts, JobPages::path, found.getNextPageToken());
    return Reply.page(
        Templates.table(
            visit.frame("Jobs", SECTION), "Jobs in the order of their creation.", table));
  }

  Reply one(Visit visit) {
    Job job = get(visit);
    JobOutputs.Tail output = new JobOutputs.Tail("", false);
    String none = "";
    try {
      output = outputs.tail(visit, job.getId(), GLANCE);
    } catch (RuntimeException e) {
      none = Refusal.of(e).sentence();
    }
    boolean ended = job.hasEndedAt();
    Table volumes =
        Table.page(
            VOLUME_HEADS,
            job.getAttachmentsList(),
            JobPages::texts,
            a -> ConsoleServer.ROOT + "/volumes/" + a.getVolumeId(),
            "");
    return Reply.page(
        Templates.job(
            visit.frame(job.getName(), SECTION),
            new JobDetails(
                path(job),
                JobDetails.facts(job),
                volumes,
                output,
                none,
                new JobDetails.Rights(
                    !ended && visit.may(Permission.STOP_JOB),
                    ended && visit.may(Permission.REMOVE_JOB)))));
  }

  /** The output alone, to be read with whatever the browser has for text. */
  Reply log(Visit visit) {
    JobOutputs.Tail tail = outputs.tail(visit, visit.part("job"), MOST);
    return Reply.text((tail.cut() ? "[what was written before is left out]\n" : "") + tail.text());
  }

  /** The job that the path names. */
  Job get(Visit visit) {
    return visit
        .ask(GetJobRequest.newBuilder().setJob(visit.part("job")).build(), jobs::getJob)
        .getJob();
  }

  /** Where a job's page is. */
  static String path(Job job) {
    return ConsoleServer.ROOT + "/jobs/" + job.getId();
  }

  private static List<String> texts(Attachment attachment) {
    VolumeDetails.Hold hold = VolumeDetails.Hold.of(attachment);
    return List.of(
        attachment.getVolumeName(), hold.path(), hold.mode(), hold.status(), hold.since());
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
        JobDetails.end(job));
  }
}
