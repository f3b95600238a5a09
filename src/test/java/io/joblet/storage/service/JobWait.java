package io.joblet.storage.service;

import static org.awaitility.Awaitility.await;

import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.StreamLogsRequest;
import java.time.Duration;

/** Waits for what a job says or how it ends. */
record JobWait(JobServiceGrpc.JobServiceBlockingStub jobs) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The job once everything of it is gone. */
  Job ended(String job) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> jobs.getJob(GetJobRequest.newBuilder().setJob(job).build()).getJob(),
            Job::hasEndedAt);
  }

  /** Returns when it has said that on either stream. */
  void said(String job, String words) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> output(job).contains(words));
  }

  /** What is kept of both streams. */
  String output(String job) {
    StringBuilder text = new StringBuilder();
    jobs.streamLogs(StreamLogsRequest.newBuilder().setJob(job).build())
        .forEachRemaining(o -> text.append(o.getChunk().getData().toStringUtf8()));
    return text.toString();
  }
}
