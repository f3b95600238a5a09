package io.joblet.storage.cli.daemon;

import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.VolumeServiceGrpc.VolumeServiceBlockingStub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The daemon at the other end of its Unix socket. Calls block and have a deadline. For one thread;
 * connects with the first call, and must be closed, or the transport's threads delay the exit.
 */
public final class Daemon implements AutoCloseable {
  /** A page of 1,000 volumes, each with as many labels as it may have, fits. */
  private static final int LARGEST_ANSWER_BYTES = 64 << 20;

  private final ManagedChannel channel;
  private final Duration timeout;

  Daemon(Path socket, Duration timeout) {
    this.timeout = timeout;
    // The address is a number so that nothing is resolved; the socket factory ignores it.
    this.channel =
        OkHttpChannelBuilder.forAddress("127.0.0.1", 1)
            .overrideAuthority("localhost")
            .usePlaintext()
            .socketFactory(new UnixSockets(socket))
            .proxyDetector(address -> null)
            .disableServiceConfigLookUp()
            .disableRetry()
            .directExecutor()
            .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
            .build();
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

  private Deadline deadline() {
    return Deadline.after(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
