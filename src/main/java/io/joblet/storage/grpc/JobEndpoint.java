package io.joblet.storage.grpc;

import io.joblet.storage.access.Owners;
import io.joblet.storage.job.FilesystemPreparation;
import io.joblet.storage.job.JobOutputs;
import io.joblet.storage.job.JobQueries;
import io.joblet.storage.job.JobRemoval;
import io.joblet.storage.job.JobStart;
import io.joblet.storage.job.JobStop;
import io.joblet.storage.job.JobView;
import io.joblet.storage.job.Liveness;
import io.joblet.storage.job.NewJob;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.GetJobResponse;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.JobService;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.ListJobsResponse;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.PrepareFilesystemResponse;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RemoveJobResponse;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.RunJobResponse;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.SignalJobResponse;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StopJobResponse;
import io.joblet.storage.v1.StreamLogsRequest;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code joblet.storage.v1.JobService}. */
@GrpcService
class JobEndpoint implements JobService {
  private static final Duration USUAL_GRACE = Duration.ofSeconds(10);
  private static final Duration LONGEST_GRACE = Duration.ofHours(1);
  private static final int LAST_SIGNAL = 31;

  private final Calls calls;
  private final JobRequests requests;
  private final JobProtos protos;
  private final OutputStreams streams;
  private final JobStart start;
  private final FilesystemPreparation preparation;
  private final JobQueries queries;
  private final JobOutputs outputs;
  private final JobStop stop;
  private final JobRemoval removal;

  JobEndpoint(
      Calls calls,
      JobRequests requests,
      JobProtos protos,
      OutputStreams streams,
      JobStart start,
      FilesystemPreparation preparation,
      JobQueries queries,
      JobOutputs outputs,
      JobStop stop,
      JobRemoval removal) {
    this.calls = calls;
    this.requests = requests;
    this.protos = protos;
    this.streams = streams;
    this.start = start;
    this.preparation = preparation;
    this.queries = queries;
    this.outputs = outputs;
    this.stop = stop;
    this.removal = removal;
  }

  @Override
  public Uni<RunJobResponse> runJob(RunJobRequest request) {
    return calls.change(
        request,
        RunJobResponse.getDefaultInstance(),
        (Caller caller, JobView v) -> RunJobResponse.newBuilder().setJob(protos.job(v)).build(),
        caller -> {
          JobRequests.Wanted wanted = requests.run(request);
          return reply -> start.start(wanted.job(), wanted.run(), false, caller, reply).view();
        });
  }

  @Override
  public Multi<JobOutput> runAttached(RunJobRequest request) {
    return streams.stream(
        calls.audited(
            "RunAttached",
            request,
            (caller, trail) -> {
              Checks checks = new Checks();
              checks.require(
                  request.getRequestId().isEmpty(), "request_id", "is not for a call that streams");
              checks.done();
              JobRequests.Wanted wanted = requests.run(request);
              return outputs.start(wanted.job(), wanted.run(), caller, trail.reply());
            }));
  }

  @Override
  public Uni<PrepareFilesystemResponse> prepareFilesystem(PrepareFilesystemRequest request) {
    return calls.change(
        request,
        PrepareFilesystemResponse.getDefaultInstance(),
        (Caller caller, JobView v) ->
            PrepareFilesystemResponse.newBuilder().setJob(protos.job(v)).build(),
        caller -> {
          Checks checks = new Checks();
          Liveness liveness = Fields.liveness(checks, request.getLiveness());
          NewJob job = requests.prepare(checks, request);
          return reply -> preparation.prepare(job, liveness, caller, reply);
        });
  }

  @Override
  public Uni<GetJobResponse> getJob(GetJobRequest request) {
    return calls.run(caller -> {
      String job = reference(request.getJob());
      return GetJobResponse.newBuilder().setJob(protos.job(queries.get(caller, job))).build();
    });
  }

  @Override
  public Uni<ListJobsResponse> listJobs(ListJobsRequest request) {
    return calls.run(caller -> {
      Checks checks = new Checks();
      int size = PageTokens.size(checks, request.getPageSize());
      Optional<UUID> after = PageTokens.JOBS.read(checks, request.getPageToken());
      Owners owners =
          checks.value(
              "owner",
              () -> Owners.of(caller.identity(), request.getOwner(), request.getAllOwners()));
      checks.done();
      List<JobView> found = queries.list(owners, request.getShowEnded(), after, size + 1);
      List<JobView> page = found.subList(0, Math.min(size, found.size()));
      ListJobsResponse.Builder response = ListJobsResponse.newBuilder();
      page.forEach(v -> response.addJobs(protos.job(v)));
      if (found.size() > size) {
        response.setNextPageToken(PageTokens.JOBS.of(page.getLast().job().id));
      }
      return response.build();
    });
  }

  @Override
  public Multi<JobOutput> streamLogs(StreamLogsRequest request) {
    return streams.stream(
        caller -> outputs.open(caller, reference(request.getJob()), request.getFollow()));
  }

  @Override
  public Uni<SignalJobResponse> signalJob(SignalJobRequest request) {
    return calls.alter(
        request,
        caller -> {
          Checks checks = new Checks();
          Fields.reference(checks, "job", request.getJob());
          checks.require(
              request.getSignal() >= 1 && request.getSignal() <= LAST_SIGNAL,
              "signal",
              "must be from 1 to " + LAST_SIGNAL);
          checks.done();
          stop.signal(caller, request.getJob(), request.getSignal());
          return SignalJobResponse.getDefaultInstance();
        });
  }

  @Override
  public Uni<StopJobResponse> stopJob(StopJobRequest request) {
    return calls.alter(
        request,
        caller -> {
          Checks checks = new Checks();
          Fields.reference(checks, "job", request.getJob());
          Duration grace =
              request.hasGrace()
                  ? Fields.duration(checks, "grace", request.getGrace())
                  : USUAL_GRACE;
          checks.require(
              grace == null || grace.compareTo(LONGEST_GRACE) <= 0,
              "grace",
              "must be at most " + LONGEST_GRACE.toSeconds() + " seconds");
          checks.done();
          return StopJobResponse.newBuilder()
              .setJob(protos.job(stop.stop(caller, request.getJob(), grace)))
              .build();
        });
  }

  @Override
  public Uni<RemoveJobResponse> removeJob(RemoveJobRequest request) {
    return calls.change(
        request,
        RemoveJobResponse.getDefaultInstance(),
        (Caller caller, Boolean removed) -> RemoveJobResponse.getDefaultInstance(),
        caller -> {
          String job = reference(request.getJob());
          return reply -> {
            removal.remove(job, request.getForce(), caller, reply);
            return true;
          };
        });
  }

  private static String reference(String job) {
    Checks checks = new Checks();
    Fields.reference(checks, "job", job);
    checks.done();
    return job;
  }
}
