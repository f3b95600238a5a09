package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.grpc.Status.Code;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.VolumeMount;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every field of every call with what does not belong there: named, and nothing is touched. */
@QuarkusTest
class BadInputTest extends ServiceTest {
  static final List<String> NO_NAMES =
      List.of(
          "",
          "a\0b",
          "a\nb",
          "a\u0007",
          "a".repeat(64),
          "a".repeat(4096),
          "naïve",
          "数据",
          "a,b",
          "a b",
          "..",
          ".",
          "/etc",
          "../a",
          "-a",
          "a-",
          "_a");
  static final List<String> NO_REFERENCES = List.of("", "a\0b", "a\u001b[31m", "a".repeat(4096));
  static final List<String> NO_REQUEST_IDS =
      List.of("a b", "a\0b", "é", "a\n", "a".repeat(129), "a".repeat(4096));
  static final List<String> NO_MOUNT_PATHS =
      List.of(
          "data",
          "/",
          "//",
          "/a/",
          "/a//b",
          "/..",
          "/a/../../etc",
          "/a/./b",
          "/a\0b",
          "/a\nb",
          "/a\u202eb",
          "/" + "a".repeat(4096),
          "/" + "a".repeat(256),
          "/" + "数".repeat(86),
          "/a".repeat(17),
          "/proc",
          "/proc/1/root",
          "/sys/fs",
          "/dev",
          "/etc/cron.d",
          "/usr",
          "/lib64/x",
          "/bin");

  private record Bad(String field, Message request, String what) {}

  private final List<Bad> table = new ArrayList<>();

  @BeforeEach
  void makeSomethingToSpoil() {
    create("data");
    create(wantedInMemory("cache"));
    attach("data", "job");
  }

  @Test
  void isRefusedWithTheNameOfTheFieldAndChangesNothing() {
    creations();
    volumeReferences();
    changes();
    listings();
    attachments();
    jobs();
    requestIds();
    Footprint before = footprint();
    SoftAssertions.assertSoftly(softly -> {
      Call call = new Call(volumes, admin);
      for (Bad bad : table) {
        Refused refused = Refused.by(() -> call.send(bad.request()));
        softly
            .assertThat(refused.code())
            .as("%s: %s", bad.what(), refused.message())
            .isEqualTo(Code.INVALID_ARGUMENT);
        softly.assertThat(refused.fields()).as(bad.what()).contains(bad.field());
      }
    });
    assertThat(table).hasSizeGreaterThan(200);
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void namesEveryFieldAtFaultAtOnce() {
    Refused refused =
        Refused.by(() ->
            create(
                CreateVolumeRequest.newBuilder()
                    .setName("-")
                    .setSizeBytes(-1)
                    .setUid(-1)
                    .putLabels("é", "")));

    assertThat(refused.fields())
        .containsExactlyInAnyOrder("name", "type", "size_bytes", "uid", "labels");
  }

  private void bad(String field, Message request) {
    String text = request.toString().replace('\n', ' ');
    table.add(
        new Bad(
            field,
            request,
            request.getClass().getSimpleName()
                + " "
                + (text.length() > 120 ? text.substring(0, 120) : text)));
  }

  private void creations() {
    NO_NAMES.forEach(n -> bad("name", wanted(n).build()));
    for (int type : new int[] {0, 3, -1, Integer.MAX_VALUE}) {
      bad("type", wanted("x").setTypeValue(type).build());
    }
    for (long size : new long[] {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 50}) {
      bad("size_bytes", wanted("x").setSizeBytes(size).build());
      bad("size_bytes", wantedInMemory("x").setSizeBytes(size).build());
    }
    for (long inodes : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40}) {
      bad("inode_limit", wanted("x").setInodeLimit(inodes).build());
      bad("inode_limit", wantedInMemory("x").setInodeLimit(inodes).build());
    }
    bad("uid", wanted("x").setUid(-1).build());
    bad("gid", wanted("x").setGid(-1).build());
    for (int mode : new int[] {-1, 01000, 04755, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      bad("mode", wanted("x").setMode(mode).build());
    }
    for (Duration none : durationsThatAreNone()) {
      bad("idle_timeout", wantedInMemory("x").setIdleTimeout(none).build());
    }
    bad("idle_timeout", wanted("x").setIdleTimeout(seconds(60)).build());
    badLabels().forEach(l -> bad("labels", wanted("x").putAllLabels(l).build()));
  }

  private void volumeReferences() {
    for (String none : NO_REFERENCES) {
      bad("volume", GetVolumeRequest.newBuilder().setVolume(none).build());
      bad("volume", UpdateVolumeRequest.newBuilder().setVolume(none).build());
      bad("volume", DeleteVolumeRequest.newBuilder().setVolume(none).build());
      bad("volume", UndeleteVolumeRequest.newBuilder().setVolume(none).build());
      bad("volume", attaching(none, "job").build());
      bad("volume", DetachVolumeRequest.newBuilder().setVolume(none).build());
      bad("volumes[0].volume", prepare(VolumeMount.newBuilder().setVolume(none)));
    }
    NO_NAMES.stream()
        .filter(n -> !n.isEmpty())
        .forEach(n ->
            bad(
                "new_name",
                UndeleteVolumeRequest.newBuilder().setVolume("data").setNewName(n).build()));
  }

  private void changes() {
    bad("update_mask", UpdateVolumeRequest.newBuilder().setVolume("data").build());
    for (String path : List.of("name", "size", "labels.a", "", "*", "a\0", "é")) {
      bad("update_mask", change(path).build());
    }
    for (long size : new long[] {0, -1, 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      bad("size_bytes", change("size_bytes").setSizeBytes(size).build());
    }
    badLabels().forEach(l -> bad("labels", change("labels").putAllLabels(l).build()));
    bad("idle_timeout", change("idle_timeout").setIdleTimeout(seconds(60)).build());
    for (Duration none : durationsThatAreNone()) {
      bad("idle_timeout", change("idle_timeout").setVolume("cache").setIdleTimeout(none).build());
    }
    bad("row_version", change("protected").setRowVersion(-1).build());
  }

  private void listings() {
    for (int size : new int[] {-1, 1001, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      bad("page_size", ListVolumesRequest.newBuilder().setPageSize(size).build());
    }
    for (String token :
        List.of("a", "%", "a".repeat(22) + "=", "*".repeat(22), "a\0", "é", "a".repeat(4096))) {
      bad("page_token", ListVolumesRequest.newBuilder().setPageToken(token).build());
    }
    bad("type", ListVolumesRequest.newBuilder().setTypeValue(9).build());
    badLabels()
        .forEach(
            l -> bad("label_filter", ListVolumesRequest.newBuilder().putAllLabelFilter(l).build()));
    for (int kind : new int[] {0, 4, -1}) {
      bad("kind", SweepRequest.newBuilder().setKindValue(kind).build());
    }
  }

  private void attachments() {
    for (String path : NO_MOUNT_PATHS) {
      bad("mount_path", attaching("data", "job").setMountPath(path).build());
      bad(
          "mount_path",
          DetachVolumeRequest.newBuilder().setVolume("data").setMountPath(path).build());
      bad(
          "volumes[0].mount_path",
          prepare(VolumeMount.newBuilder().setVolume("data").setMountPath(path)));
    }
    for (int mode : new int[] {4, -1, Integer.MAX_VALUE}) {
      bad("access_mode", attaching("data", "job").setAccessModeValue(mode).build());
      bad(
          "volumes[0].access_mode",
          prepare(VolumeMount.newBuilder().setVolume("data").setAccessModeValue(mode)));
    }
    for (long pid : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      bad(
          "liveness.pid",
          attaching("data", "new").setLiveness(Liveness.newBuilder().setPid(pid)).build());
    }
    List<Duration> leases = new ArrayList<>(durationsThatAreNone());
    leases.add(seconds(0));
    leases.add(seconds(9));
    leases.add(seconds(31L * 24 * 3600));
    for (Duration lease : leases) {
      bad(
          "liveness.lease",
          attaching("data", "new").setLiveness(Liveness.newBuilder().setLease(lease)).build());
    }
    bad("volumes", PrepareVolumesRequest.newBuilder().setJobId("job").build());
    PrepareVolumesRequest.Builder tooMany = PrepareVolumesRequest.newBuilder().setJobId("job");
    for (int i = 0; i < 65; i++) {
      tooMany.addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/" + i));
    }
    bad("volumes", tooMany.build());
  }

  private void jobs() {
    for (String name : NO_NAMES) {
      bad("job_id", attaching("data", name).build());
      bad(
          "job_id",
          PrepareVolumesRequest.newBuilder()
              .setJobId(name)
              .addVolumes(VolumeMount.newBuilder().setVolume("data"))
              .build());
      bad("job_id", CleanupVolumesRequest.newBuilder().setJobId(name).build());
      bad("job_id", RenewLeaseRequest.newBuilder().setJobId(name).build());
      if (!name.isEmpty()) {
        bad("job_id", DetachVolumeRequest.newBuilder().setVolume("data").setJobId(name).build());
      }
    }
  }

  private void requestIds() {
    for (String id : NO_REQUEST_IDS) {
      bad("request_id", wanted("x").setRequestId(id).build());
      bad("request_id", change("protected").setRequestId(id).build());
      bad(
          "request_id",
          DeleteVolumeRequest.newBuilder().setVolume("data").setRequestId(id).build());
      bad(
          "request_id",
          UndeleteVolumeRequest.newBuilder().setVolume("data").setRequestId(id).build());
      bad("request_id", attaching("data", "job").setRequestId(id).build());
      bad(
          "request_id",
          DetachVolumeRequest.newBuilder().setVolume("data").setRequestId(id).build());
      bad(
          "request_id",
          PrepareVolumesRequest.newBuilder()
              .setJobId("job")
              .setRequestId(id)
              .addVolumes(VolumeMount.newBuilder().setVolume("data"))
              .build());
      bad(
          "request_id",
          CleanupVolumesRequest.newBuilder().setJobId("job").setRequestId(id).build());
    }
  }

  private static List<Map<String, String>> badLabels() {
    List<Map<String, String>> bad = new ArrayList<>();
    for (String key : List.of("", "é", "a b", "-a", "a-", "a\0", "a=b", "a,b", "k".repeat(64))) {
      bad.add(Map.of(key, "v"));
    }
    for (String value :
        List.of("a\0b", "a\nb", "a\u202eb", "a\u2066b", "v".repeat(256), "v".repeat(4096))) {
      bad.add(Map.of("key", value));
    }
    Map<String, String> tooMany = new LinkedHashMap<>();
    for (int i = 0; i < 65; i++) {
      tooMany.put("key" + i, "v");
    }
    bad.add(tooMany);
    return bad;
  }

  static List<Duration> durationsThatAreNone() {
    return List.of(
        seconds(-1),
        Duration.newBuilder().setNanos(-1).build(),
        seconds(Long.MAX_VALUE),
        seconds(Long.MIN_VALUE),
        seconds(3651L * 24 * 3600),
        Duration.newBuilder().setNanos(Integer.MAX_VALUE).build());
  }

  static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  private static UpdateVolumeRequest.Builder change(String path) {
    return UpdateVolumeRequest.newBuilder()
        .setVolume("data")
        .setUpdateMask(FieldMask.newBuilder().addPaths(path));
  }

  private static PrepareVolumesRequest prepare(VolumeMount.Builder mount) {
    return PrepareVolumesRequest.newBuilder().setJobId("job").addVolumes(mount).build();
  }
}
