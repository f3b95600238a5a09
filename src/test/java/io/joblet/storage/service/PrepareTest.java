package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesResponse;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All of a job's volumes, or none of them. */
@QuarkusTest
class PrepareTest extends ServiceTest {

  @BeforeEach
  void makeVolumes() {
    create("data");
    create(wanted("image").setInodeLimit(64));
    create(wantedInMemory("cache"));
  }

  @Test
  void attachesAllAndCleanupDetachesAll() {
    PrepareVolumesResponse prepared = volumes.prepareVolumes(request("data", "image", "cache"));

    assertThat(prepared.getAttachmentsList())
        .extracting(Attachment::getVolumeName, Attachment::getMountPath)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("data", "/volumes/data"),
            org.assertj.core.groups.Tuple.tuple("image", "/volumes/image"),
            org.assertj.core.groups.Tuple.tuple("cache", "/volumes/cache"));
    assertThat(Path.of(prepared.getJobDirectory(), "volumes")).isDirectory();
    assertThat(cleanup()).isEqualTo(3);
    assertThat(Path.of(prepared.getJobDirectory())).doesNotExist();
  }

  @Test
  void leavesNoTraceWhenTheThirdIsMissing() {
    Footprint before = footprint();

    Refused refused = Refused.by(() -> volumes.prepareVolumes(request("data", "image", "none")));

    assertThat(refused.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(refused.resource().getResourceName()).isEqualTo("none");
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void leavesNoTraceWhenTheThirdIsHeld() {
    attach("cache", "other");
    Footprint before = footprint();

    Refused refused = Refused.by(() -> volumes.prepareVolumes(request("data", "image", "cache")));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("job/other");
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void takesEverythingBackWhenTheHostRefusesTheThird() throws IOException {
    Path obstacle = Path.of(config.jobsDirectory(), "job", "volumes");
    Files.createDirectories(obstacle);
    Files.writeString(obstacle.resolve("cache"), "a file where a directory belongs");
    Footprint before = footprint();
    try {
      Refused refused = Refused.by(() -> volumes.prepareVolumes(request("data", "image", "cache")));

      assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(refused.inTheWay()).endsWith("job/volumes/cache");
      Footprint after = footprint();
      assertThat(after.mounts()).isEqualTo(before.mounts());
      assertThat(after.loopDevices()).isEqualTo(before.loopDevices());
      assertThat(after.volumes()).isEqualTo(before.volumes());
      assertThat(after.jobs()).isEqualTo(before.jobs());
      assertThat(after.rows().get("attachment")).isZero();
      assertThat(after.rows().get("job")).isEqualTo(before.rows().get("job"));
      assertThat(rows.query("select outcome from host_operation order by id desc limit 1"))
          .containsExactly("UNDONE");
    } finally {
      Files.delete(obstacle.resolve("cache"));
      Files.delete(obstacle);
      Files.delete(obstacle.getParent());
    }
  }

  @Test
  void showsOneVolumeAtTwoPlacesWhenShared() {
    PrepareVolumesRequest request =
        PrepareVolumesRequest.newBuilder()
            .setJobId("job")
            .addVolumes(shared("cache", "/a"))
            .addVolumes(shared("cache", "/b"))
            .build();

    volumes.prepareVolumes(request);

    assertThat(get("cache").getAttachmentsCount()).isEqualTo(2);
    assertThat(get("cache").getStatus()).isEqualTo("in_use");
    assertThat(cleanup()).isEqualTo(2);
  }

  @Test
  void refusesOneVolumeTwiceWhenExclusive() {
    Footprint before = footprint();

    Refused refused =
        Refused.by(() ->
            volumes.prepareVolumes(
                PrepareVolumesRequest.newBuilder()
                    .setJobId("job")
                    .addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/a"))
                    .addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/b"))
                    .build()));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(footprint()).isEqualTo(before);
  }

  /** Nobody is helped by being told to try again. */
  @Test
  void refusesPlacesOfOneRequestThatOverlap() {
    Footprint before = footprint();
    for (String second : java.util.List.of("/q", "/q/r", "/")) {
      VolumeMount.Builder data = VolumeMount.newBuilder().setVolume("data").setMountPath("/q");
      VolumeMount.Builder cache = VolumeMount.newBuilder().setVolume("cache").setMountPath(second);

      Refused refused =
          Refused.by(() ->
              volumes.prepareVolumes(
                  PrepareVolumesRequest.newBuilder()
                      .setJobId("job")
                      .addVolumes(data)
                      .addVolumes(cache)
                      .build()));

      assertThat(refused.code()).as(second).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(refused.message()).as(second).contains("volumes[1].mount_path");
    }
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void saysWhatDiffersFromTheAttachmentThatIsThere() {
    volumes.prepareVolumes(request("data"));

    Refused refused =
        Refused.by(() ->
            volumes.prepareVolumes(
                PrepareVolumesRequest.newBuilder()
                    .setJobId("job")
                    .addVolumes(VolumeMount.newBuilder().setVolume("data").setReadOnly(true))
                    .build()));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains("this volume at /volumes/data already, writable");
  }

  private int cleanup() {
    return volumes
        .cleanupVolumes(CleanupVolumesRequest.newBuilder().setJobId("job").build())
        .getDetached();
  }

  private static VolumeMount.Builder shared(String volume, String path) {
    return VolumeMount.newBuilder()
        .setVolume(volume)
        .setMountPath(path)
        .setAccessMode(AccessMode.SHARED);
  }

  private static PrepareVolumesRequest request(String... names) {
    PrepareVolumesRequest.Builder request = PrepareVolumesRequest.newBuilder().setJobId("job");
    for (String name : names) {
      request.addVolumes(VolumeMount.newBuilder().setVolume(name));
    }
    return request.build();
  }
}
