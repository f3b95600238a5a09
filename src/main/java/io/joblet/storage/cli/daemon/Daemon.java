package io.joblet.storage.cli.daemon;

import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.AccessServiceGrpc.AccessServiceBlockingStub;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.JobServiceGrpc.JobServiceBlockingStub;
import io.joblet.storage.v1.JobServiceGrpc.JobServiceStub;
import io.joblet.storage.v1.ReportServiceGrpc;
import io.joblet.storage.v1.ReportServiceGrpc.ReportServiceBlockingStub;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.VolumeServiceGrpc.VolumeServiceBlockingStub;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The daemon at the other end of its Unix socket, or of a TLS connection. Calls block and have a
 * deadline. For any thread; connects with the first call, and must be closed, or the transport's
 * threads delay the exit.
 */
public final class Daemon implements AutoCloseable {
  /** A million volumes, each on a line. */
  private static final int LARGEST_ANSWER = 256 << 20;

  private final ManagedChannel channel;
  private final Duration timeout;

  Daemon(ManagedChannel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  /**
   * Calls once, and once more when the daemon was away and came back. Only for calls that may be
   * repeated: those that read, and those with a request id.
   */
  public <T> T volumes(Function<VolumeServiceBlockingStub, T> call) {
    Deadline deadline = deadline();
    VolumeServiceBlockingStub stub =
        VolumeServiceGrpc.newBlockingStub(channel).withDeadline(deadline);
    return Repeat.once(deadline, () -> call.apply(stub));
  }

  /** Calls once: what these did is in their answer only, which a second one would not have. */
  public <T> T admin(Function<AdminServiceBlockingStub, T> call) {
    return call.apply(AdminServiceGrpc.newBlockingStub(channel).withDeadline(deadline()));
  }

  /** {@link #admin} for what may take so much longer, and whose answer may be large. */
  public <T> T adminFor(Duration longer, Function<AdminServiceBlockingStub, T> call) {
    Deadline deadline = Deadline.after(timeout.plus(longer).toMillis(), TimeUnit.MILLISECONDS);
    return call.apply(
        AdminServiceGrpc.newBlockingStub(channel)
            .withDeadline(deadline)
            .withMaxInboundMessageSize(LARGEST_ANSWER));
  }

  /** As {@link #volumes}: what these do twice is done once. */
  public <T> T access(Function<AccessServiceBlockingStub, T> call) {
    Deadline deadline = deadline();
    AccessServiceBlockingStub stub =
        AccessServiceGrpc.newBlockingStub(channel).withDeadline(deadline);
    return Repeat.once(deadline, () -> call.apply(stub));
  }

  /** Calls once. */
  public <T> T accessOnce(Function<AccessServiceBlockingStub, T> call) {
    return call.apply(AccessServiceGrpc.newBlockingStub(channel).withDeadline(deadline()));
  }

  /** As {@link #volumes}. */
  public <T> T reports(Function<ReportServiceBlockingStub, T> call) {
    Deadline deadline = deadline();
    ReportServiceBlockingStub stub =
        ReportServiceGrpc.newBlockingStub(channel).withDeadline(deadline);
    return Repeat.once(deadline, () -> call.apply(stub));
  }

  /** As {@link #volumes}. */
  public <T> T jobs(Function<JobServiceBlockingStub, T> call) {
    Deadline deadline = deadline();
    JobServiceBlockingStub stub = JobServiceGrpc.newBlockingStub(channel).withDeadline(deadline);
    return Repeat.once(deadline, () -> call.apply(stub));
  }

  /**
   * Calls once, for what must not come twice, such as a signal.
   *
   * @param longer how long the daemon may wait, by what it was asked for, before it answers
   */
  public <T> T jobsOnce(Duration longer, Function<JobServiceBlockingStub, T> call) {
    Deadline deadline = Deadline.after(timeout.plus(longer).toMillis(), TimeUnit.MILLISECONDS);
    return call.apply(JobServiceGrpc.newBlockingStub(channel).withDeadline(deadline));
  }

  /**
   * Begins a stream of output. The first event has to come within the timeout of all calls; those
   * after it come when the job writes.
   */
  public Events<JobOutput> output(BiConsumer<JobServiceStub, StreamObserver<JobOutput>> call) {
    // After a failure the channel would wait by itself, and longer each time, before it connects.
    channel.resetConnectBackoff();
    return Events.of(timeout, observer -> call.accept(JobServiceGrpc.newStub(channel), observer));
  }

  /** Begins to watch volumes; otherwise as {@link #output}. */
  public Events<WatchVolumesResponse> watch(WatchVolumesRequest request) {
    channel.resetConnectBackoff();
    return Events.of(
        timeout, observer -> VolumeServiceGrpc.newStub(channel).watchVolumes(request, observer));
  }

  private Deadline deadline() {
    return Deadline.after(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
