package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import io.grpc.Status.Code;
import io.joblet.storage.v1.Enforcement;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Create, read, change, delete and take back, as a client sees it. */
@QuarkusTest
class VolumeLifeTest extends ServiceTest {

  @Test
  void createAnswersWithWhatGetAnswersLater() {
    Volume created = create(wanted("data").putLabels("team", "a").putLabels("b", "c").setUid(7));

    assertThat(created.getEnforcement()).isEqualTo(Enforcement.BTRFS_QGROUP);
    assertThat(get("data").toBuilder().clearUsedBytes().build()).isEqualTo(created);
    assertThat(get(created.getId())).isEqualTo(get("data"));
  }

  @Test
  void findsAVolumeWhoseNameLooksLikeAnId() {
    String name = UUID.randomUUID().toString();

    Volume created = create(name);

    assertThat(get(name).getId()).isEqualTo(created.getId());
  }

  @Test
  void deletesIntoTheTrashAndBringsTheDataBack() throws Exception {
    create("data");
    String path = attach("data", "job").getHostPath();
    Files.writeString(Path.of(path, "file"), "kept");
    detach("data", "job");

    assertThat(delete("data").getStatus()).isEqualTo("deleted");
    assertThat(Refused.by(() -> get("data")).code()).isEqualTo(Code.NOT_FOUND);
    volumes.undeleteVolume(UndeleteVolumeRequest.newBuilder().setVolume("data").build());

    Path back = Path.of(attach("data", "job").getHostPath());
    assertThat(back.resolve("file")).hasContent("kept");
  }

  @Test
  void growsAndNeverBeyondThePool() {
    create("data");
    Volume grown = volumes.updateVolume(resize("data", 64 * MIB)).getVolume();
    assertThat(grown.getSizeBytes()).isEqualTo(64 * MIB);

    Refused refused = Refused.by(() -> volumes.updateVolume(resize("data", 520 * MIB)));

    assertThat(refused.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(refused.limit()).isEqualTo("joblet.pool.size");
    assertThat(get("data").getSizeBytes()).isEqualTo(64 * MIB);
  }

  static UpdateVolumeRequest resize(String volume, long bytes) {
    return UpdateVolumeRequest.newBuilder()
        .setVolume(volume)
        .setUpdateMask(FieldMask.newBuilder().addPaths("size_bytes"))
        .setSizeBytes(bytes)
        .build();
  }
}
