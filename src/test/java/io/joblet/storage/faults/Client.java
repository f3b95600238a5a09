package io.joblet.storage.faults;

import static java.util.Locale.ROOT;

import com.google.protobuf.FieldMask;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.joblet.storage.v1.AccessServiceGrpc;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.StopJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeMount;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.VolumeType;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client over the Unix socket, by the generated stubs. For several threads. */
final class Client implements AutoCloseable {
  private static final EventLoopGroup LOOP =
      new EpollEventLoopGroup(2, Thread.ofPlatform().daemon().factory());
  private static final long DEADLINE_SECONDS = 60;

  private final ManagedChannel connection;
  private final Channel channel;

  Client(Path socket) {
    connection =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .eventLoopGroup(LOOP)
            .channelType(EpollDomainSocketChannel.class)
            // A path is no authority to the server, which answers with PROTOCOL_ERROR.
            .overrideAuthority("localhost")
            .usePlaintext()
            .disableRetry()
            .build();
    channel = connection;
  }

  private Client(ManagedChannel connection, RequestId id) {
    this.connection = connection;
    this.channel = ClientInterceptors.intercept(connection, id);
  }

  /** The same with that id for each of its requests; of its connection. */
  Client asking(String requestId) {
    return new Client(connection, new RequestId(requestId));
  }

  VolumeServiceGrpc.VolumeServiceBlockingStub volumes() {
    return VolumeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** A job that runs that script, which can write to its volumes, mounted by their names. */
  Job run(String job, String script, String... volumes) {
    return run(shell(job, script, volumes));
  }

  Job run(RunJobRequest.Builder request) {
    return jobs().runJob(request.build()).getJob();
  }

  static RunJobRequest.Builder shell(String job, String script, String... volumes) {
    RunJobRequest.Builder request =
        RunJobRequest.newBuilder()
            .setJobId(job)
            .addCommand("sh")
            .addCommand("-c")
            .addCommand(script)
            .setFilesystem(
                JobFilesystem.newBuilder()
                    .setUid(0)
                    .setGid(0)
                    .setTmpSizeBytes(1 << 20)
                    .setShmSizeBytes(1 << 20));
    for (String volume : volumes) {
      request.addVolumes(mount(volume));
    }
    return request;
  }

  Job job(String idOrName) {
    return jobs().getJob(GetJobRequest.newBuilder().setJob(idOrName).build()).getJob();
  }

  /** By TERM, with ten seconds for it. */
  Job stop(String job) {
    return jobs().stopJob(StopJobRequest.newBuilder().setJob(job).build()).getJob();
  }

  /** By TERM, and by KILL after so long. */
  void stop(String job, Duration grace) {
    jobs()
        .stopJob(
            StopJobRequest.newBuilder()
                .setJob(job)
                .setGrace(
                    com.google.protobuf.Duration.newBuilder()
                        .setSeconds(grace.getSeconds())
                        .setNanos(grace.getNano()))
                .build());
  }

  /** A job without a command that has a root file system, and the volumes in it by their names. */
  void prepareFilesystem(String job, String... volumes) {
    PrepareFilesystemRequest.Builder request =
        PrepareFilesystemRequest.newBuilder()
            .setJobId(job)
            .setFilesystem(JobFilesystem.newBuilder().setTmpSizeBytes(1 << 20));
    for (String volume : volumes) {
      request.addVolumes(mount(volume));
    }
    jobs().prepareFilesystem(request.build());
  }

  /** The same without a root. */
  void prepare(String job, String... volumes) {
    PrepareVolumesRequest.Builder request = PrepareVolumesRequest.newBuilder().setJobId(job);
    for (String volume : volumes) {
      request.addVolumes(mount(volume));
    }
    volumes().prepareVolumes(request.build());
  }

  private static VolumeMount mount(String volume) {
    return VolumeMount.newBuilder()
        .setVolume(volume)
        .setMountPath("/" + volume.toLowerCase(ROOT))
        .build();
  }

  void cleanUp(String job) {
    volumes().cleanupVolumes(CleanupVolumesRequest.newBuilder().setJobId(job).build());
  }

  /** Kills it first if it runs. */
  void remove(String job) {
    jobs().removeJob(RemoveJobRequest.newBuilder().setJob(job).setForce(true).build());
  }

  /** What is kept of its standard output. */
  String log(String job) {
    StringBuilder text = new StringBuilder();
    jobs()
        .streamLogs(StreamLogsRequest.newBuilder().setJob(job).build())
        .forEachRemaining(o -> {
          if (!o.getChunk().getError()) {
            text.append(o.getChunk().getData().toStringUtf8());
          }
        });
    return text.toString();
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

  void label(String volume, String key, String value) {
    volumes()
        .updateVolume(
            UpdateVolumeRequest.newBuilder()
                .setVolume(volume)
                .setUpdateMask(FieldMask.newBuilder().addPaths("labels"))
                .putLabels(key, value)
                .build());
  }

  void share(String volume, String withOwner) {
    AccessServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .shareVolume(
            ShareVolumeRequest.newBuilder().setVolume(volume).setWithOwner(withOwner).build());
  }

  void detach(String volume, String job) {
    volumes()
        .detachVolume(DetachVolumeRequest.newBuilder().setVolume(volume).setJobId(job).build());
  }

  void undelete(String volume) {
    volumes().undeleteVolume(UndeleteVolumeRequest.newBuilder().setVolume(volume).build());
  }

  void resize(String volume, long sizeBytes) {
    volumes()
        .updateVolume(
            UpdateVolumeRequest.newBuilder()
                .setVolume(volume)
                .setSizeBytes(sizeBytes)
                .setUpdateMask(FieldMask.newBuilder().addPaths("size_bytes"))
                .build());
  }

  /** Those in the trash too. */
  List<Volume> allVolumes() {
    return volumes()
        .listVolumes(ListVolumesRequest.newBuilder().setPageSize(1000).setShowDeleted(true).build())
        .getVolumesList();
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
    connection.shutdownNow();
  }
}
