package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.linux.HostResource;
import io.joblet.storage.postgres.PostgresResource;
import io.joblet.storage.reconcile.Settling;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.AdminServiceGrpc;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.JobServiceGrpc;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeServiceGrpc;
import io.joblet.storage.v1.VolumeType;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The daemon as a service, with a real kernel and a real PostgreSQL; one for all tests. After each
 * test everything is deleted, and nothing at all may be left of it on the host or in the rows.
 */
@WithTestResource(value = PostgresResource.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = HostResource.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = TlsResource.class, scope = TestResourceScope.GLOBAL)
abstract class ServiceTest {
  static final long MIB = 1L << 20;

  @Inject Rows rows;
  @Inject Host host;
  @Inject StorageConfig config;
  @Inject Settling settling;

  VolumeServiceGrpc.VolumeServiceBlockingStub volumes;
  AdminServiceGrpc.AdminServiceBlockingStub admin;
  JobServiceGrpc.JobServiceBlockingStub jobs;

  private ManagedChannel channel;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void connect() {
    channel = Socket.channel(Path.of(config.socket()));
    volumes = VolumeServiceGrpc.newBlockingStub(channel);
    admin = AdminServiceGrpc.newBlockingStub(channel);
    // A stream that hangs would hang the suite; no call here takes that long.
    jobs =
        JobServiceGrpc.newBlockingStub(channel)
            .withInterceptors(new Deadline(Duration.ofMinutes(1)));
  }

  @AfterEach
  void leaveNothing() throws InterruptedException {
    try {
      processes.forEach(ServiceTest::end);
      settling.settleAll();
      for (String job : rows.query("select id from job")) {
        jobs.removeJob(RemoveJobRequest.newBuilder().setJob(job).setForce(true).build());
      }
      rows.change("update volume set protected = false where protected");
      for (String id : rows.query("select id from volume")) {
        volumes.deleteVolume(DeleteVolumeRequest.newBuilder().setVolume(id).setPurge(true).build());
      }
      assertThat(footprint()).satisfies(ServiceTest::nothing);
      assertThat(findings()).isEmpty();
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private static void nothing(Footprint footprint) {
    assertThat(footprint.rows()).containsEntry("volume", 0L).containsEntry("attachment", 0L);
    assertThat(footprint.volumes())
        .allMatch(name -> name.isEmpty() || name.startsWith("."))
        .noneMatch(name -> name.contains("/"));
    assertThat(footprint.jobs()).containsExactly("");
    assertThat(footprint.mounts()).hasSize(2);
    assertThat(footprint.loopDevices()).isEmpty();
    assertThat(footprint.qgroups()).isEmpty();
  }

  /** The whole answer to a GET over HTTP. */
  String http(String path) throws IOException {
    return Socket.get(Path.of(config.socket()), path);
  }

  ManagedChannel channel() {
    return channel;
  }

  Footprint footprint() {
    return Footprint.of(rows, host, config);
  }

  List<Finding> findings() {
    return admin.doctor(DoctorRequest.getDefaultInstance()).getFindingsList();
  }

  List<Finding> fix() {
    return admin.doctor(DoctorRequest.newBuilder().setFix(true).build()).getFindingsList();
  }

  static <T> T only(List<T> all) {
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /** Finds it, mends it, and finds nothing more. */
  void fixed(String kind) {
    Finding found = only(fix());
    assertThat(found.getKind()).isEqualTo(kind);
    assertThat(found.getRemedy()).isNotEmpty().doesNotContain("failed");
    assertThat(found.getFixed()).isTrue();
    assertThat(findings()).isEmpty();
  }

  static CreateVolumeRequest.Builder wanted(String name) {
    return CreateVolumeRequest.newBuilder()
        .setName(name)
        .setType(VolumeType.FILESYSTEM)
        .setSizeBytes(16 * MIB);
  }

  static CreateVolumeRequest.Builder wantedInMemory(String name) {
    return wanted(name).setType(VolumeType.MEMORY).setSizeBytes(MIB);
  }

  Volume create(CreateVolumeRequest.Builder request) {
    return volumes.createVolume(request.build()).getVolume();
  }

  Volume create(String name) {
    return create(wanted(name));
  }

  /** A volume in an image that no kernel can mount any more, which is nobody's mistake. */
  Path createDamagedImage(String name) throws IOException {
    Volume volume = create(wanted(name).setInodeLimit(64));
    Path image = Path.of(config.volumesDirectory(), ".images", volume.getId() + ".ext4");
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(4096), 0);
    }
    return image;
  }

  Volume get(String idOrName) {
    return volumes.getVolume(GetVolumeRequest.newBuilder().setVolume(idOrName).build()).getVolume();
  }

  static AttachVolumeRequest.Builder attaching(String volume, String job) {
    return AttachVolumeRequest.newBuilder().setVolume(volume).setJobId(job);
  }

  Attachment attach(String volume, String job) {
    return volumes.attachVolume(attaching(volume, job).build()).getAttachment();
  }

  Attachment attach(String volume, String job, AccessMode mode) {
    return volumes.attachVolume(attaching(volume, job).setAccessMode(mode).build()).getAttachment();
  }

  Volume detach(String volume, String job) {
    DetachVolumeRequest request =
        DetachVolumeRequest.newBuilder().setVolume(volume).setJobId(job).build();
    return volumes.detachVolume(request).getVolume();
  }

  Volume delete(String volume) {
    return volumes
        .deleteVolume(DeleteVolumeRequest.newBuilder().setVolume(volume).build())
        .getVolume();
  }

  /** A child process that is ended after the test at the latest. */
  Process start(Path workingDirectory, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(workingDirectory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void end(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
