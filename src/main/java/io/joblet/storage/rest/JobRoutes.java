package io.joblet.storage.rest;

import io.joblet.storage.rest.Route.Verb;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.JobService;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import java.util.List;

/** Jobs with a root file system of their own. */
final class JobRoutes {
  private JobRoutes() {}

  static List<Route> of(JobService jobs) {
    return List.of(
        Route.of(Verb.GET, "/jobs", ListJobsRequest.getDefaultInstance(), jobs::listJobs),
        Route.of(Verb.POST, "/jobs", RunJobRequest.getDefaultInstance(), jobs::runJob)
            .creating("job"),
        Route.of(
                Verb.POST,
                "/jobs/{job_id}/filesystem",
                PrepareFilesystemRequest.getDefaultInstance(),
                jobs::prepareFilesystem)
            .creating("job"),
        Route.of(Verb.GET, "/jobs/{job}", GetJobRequest.getDefaultInstance(), jobs::getJob)
            .showing("job"),
        Route.bytes("/jobs/{job}/logs", StreamLogsRequest.getDefaultInstance(), jobs::streamLogs),
        Route.of(
            Verb.POST,
            "/jobs/{job}/signal",
            SignalJobRequest.getDefaultInstance(),
            jobs::signalJob),
        Route.of(Verb.POST, "/jobs/{job}/stop", StopJobRequest.getDefaultInstance(), jobs::stopJob)
            .showing("job"),
        Route.of(
            Verb.DELETE, "/jobs/{job}", RemoveJobRequest.getDefaultInstance(), jobs::removeJob));
  }
}
