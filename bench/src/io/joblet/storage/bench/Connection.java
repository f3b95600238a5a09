package io.joblet.storage.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.JobServiceGrpc.JobServiceBlockingStub;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.VolumeServiceGrpc.VolumeServiceBlockingStub;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One client's own connection to the daemon; all share one event loop, the cores being few. */
final class Connection implements AutoCloseable {
  private static final EventLoopGroup LOOP = new EpollEventLoopGroup(1);
  // It warns of each option that a Unix socket does not have.
  private static final Logger NETTY = Logger.getLogger("io.netty");
  private static final long DEADLINE_SECONDS = 60;

  static {
    NETTY.setLevel(Level.SEVERE);
  }

  private final ManagedChannel channel;

  Connection(Path socket) {
    this.channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .overrideAuthority("localhost")
            .eventLoopGroup(LOOP)
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .usePlaintext()
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(64 << 20)
            .build();
  }

  VolumeServiceBlockingStub volumes() {
    return VolumeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  static void closeLoop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
