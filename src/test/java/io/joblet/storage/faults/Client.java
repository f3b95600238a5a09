package io.joblet.storage.faults;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.VolumeType;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A client over the Unix socket, by the generated stubs. For several threads. */
final class Client implements AutoCloseable {
  private static final EventLoopGroup LOOP =
      new EpollEventLoopGroup(2, Thread.ofPlatform().daemon().factory());
  private static final long DEADLINE_SECONDS = 60;

  private final ManagedChannel channel;

  Client(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .eventLoopGroup(LOOP)
            .channelType(EpollDomainSocketChannel.class)
            // A path is no authority to the server, which answers with PROTOCOL_ERROR.
            .overrideAuthority("localhost")
            .usePlaintext()
            .disableRetry()
            .build();
  }

  VolumeServiceGrpc.VolumeServiceBlockingStub volumes() {
    return VolumeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  Volume create(Kind kind, String name, long sizeBytes) {
    CreateVolumeRequest.Builder request =
        CreateVolumeRequest.newBuilder().setName(name).setSizeBytes(sizeBytes);
    switch (kind) {
      case BTRFS -> request.setType(VolumeType.FILESYSTEM);
      // Only an image has a table of inodes that could be limited.
      case LOOP -> request.setType(VolumeType.FILESYSTEM).setInodeLimit(64);
      case MEMORY -> request.setType(VolumeType.MEMORY);
    }
    return volumes().createVolume(request.build()).getVolume();
  }

  /** The directory on the host where the job sees the volume. */
  Path attach(String volume, String job) {
    return Path.of(
        volumes()
            .attachVolume(AttachVolumeRequest.newBuilder().setVolume(volume).setJobId(job).build())
            .getAttachment()
            .getHostPath());
  }

  void delete(String volume, boolean purge) {
    volumes()
        .deleteVolume(
            DeleteVolumeRequest.newBuilder()
                .setVolume(volume)
                .setForce(true)
                .setPurge(purge)
                .build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
