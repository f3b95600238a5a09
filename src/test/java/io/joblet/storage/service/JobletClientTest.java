package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.v1.joblet.CreateVolumeReq;
import io.joblet.storage.v1.joblet.CreateVolumeRes;
import io.joblet.storage.v1.joblet.EmptyRequest;
import io.joblet.storage.v1.joblet.RemoveVolumeReq;
import io.joblet.storage.v1.joblet.RemoveVolumeRes;
import io.joblet.storage.v1.joblet.Volume;
import io.joblet.storage.v1.joblet.VolumeServiceGrpc;
import io.joblet.storage.v1.joblet.VolumeServiceGrpc.VolumeServiceBlockingStub;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of the older contract see. */
@QuarkusTest
class JobletClientTest extends RemoteTest {
  private VolumeServiceBlockingStub client;

  @BeforeEach
  void connectClient() {
    client = VolumeServiceGrpc.newBlockingStub(as("carol", "admin").channel());
  }

  private static CreateVolumeReq wanted(String name, String size, String type) {
    return CreateVolumeReq.newBuilder().setName(name).setSize(size).setType(type).build();
  }

  @ParameterizedTest
  @CsvSource({
    "' 1.5mb ', memory, 1572864, 1536KB",
    "64KB, Memory, 65536, 64KB",
    "16MB, filesystem, 16777216, 16MB",
    "'5000 B', memory, 5000, 5000B"
  })
  void createsEchoesTheSizeAndLists(String size, String type, long bytes, String listed) {
    CreateVolumeRes made = client.createVolume(wanted("data", size, type));
    attach("carol/data", "one");

    Volume volume =
        client.listVolumes(EmptyRequest.getDefaultInstance()).getVolumesList().getFirst();

    assertThat(made.getSize()).isEqualTo(size);
    assertThat(made.getType()).isEqualTo(type.toLowerCase(java.util.Locale.ROOT));
    assertThat(get("carol/data").getSizeBytes()).isEqualTo(bytes);
    assertThat(volume.getName()).isEqualTo("data");
    assertThat(volume.getSize()).isEqualTo(listed);
    assertThat(volume.getPath()).isEqualTo(made.getPath()).isEqualTo(get("carol/data").getPath());
    assertThat(volume.getJobCount()).isEqualTo(1);
    assertThat(Instant.parse(volume.getCreatedTime())).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void everyFailureToCreateIsAnInvalidArgument() {
    client.createVolume(wanted("data", "64KB", "memory"));

    assertThat(Refused.by(() -> client.createVolume(wanted("data", "64KB", "memory"))))
        .satisfies(refused -> {
          assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
          assertThat(refused.message())
              .isEqualTo("failed to create volume: volume already exists: data");
        });
    for (CreateVolumeReq bad :
        new CreateVolumeReq[] {
          wanted("-", "64KB", "memory"),
          wanted("x", "0GB", "memory"),
          wanted("x", "-1GB", "memory"),
          wanted("x", "64", "memory"),
          wanted("x", "64KB", "tape"),
          wanted("x", "4000TB", "filesystem")
        }) {
      Refused refused = Refused.by(() -> client.createVolume(bad));
      assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(refused.message()).startsWith("failed to create volume: ");
    }
  }

  @Test
  void aFailureToRemoveIsInTheAnswer() {
    client.createVolume(wanted("data", "64KB", "memory"));
    attach("carol/data", "one");
    RemoveVolumeReq data = RemoveVolumeReq.newBuilder().setName("data").build();

    RemoveVolumeRes held = client.removeVolume(data);
    detach("carol/data", "one");
    RemoveVolumeRes removed = client.removeVolume(data);
    RemoveVolumeRes gone = client.removeVolume(data);

    assertThat(held.getSuccess()).isFalse();
    assertThat(held.getMessage()).startsWith("volume 'data' is held by job 'one'");
    assertThat(removed.getSuccess()).isTrue();
    assertThat(gone.getSuccess()).isFalse();
    assertThat(gone.getMessage()).isEqualTo("volume 'data' does not exist");
  }

  /** PostgreSQL has no text with a NUL, so that to ask it would be a fault of the daemon's own. */
  @Test
  void whatCannotBeANameIsSaidToBeNone() {
    RemoveVolumeReq hostile = RemoveVolumeReq.newBuilder().setName("a\0b").build();

    RemoveVolumeRes answer = client.removeVolume(hostile);

    assertThat(answer.getSuccess()).isFalse();
    assertThat(answer.getMessage()).contains("has a control character");
  }
}
