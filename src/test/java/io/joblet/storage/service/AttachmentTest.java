package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.AttachVolumeResponse;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may hold what, where, and with whom. */
@QuarkusTest
class AttachmentTest extends ServiceTest {

  @ParameterizedTest
  @CsvSource({
    "EXCLUSIVE, EXCLUSIVE, false",
    "EXCLUSIVE, SHARED, false",
    "EXCLUSIVE, SHARED_READ_ONLY, false",
    "SHARED, EXCLUSIVE, false",
    "SHARED, SHARED, true",
    "SHARED, SHARED_READ_ONLY, false",
    "SHARED_READ_ONLY, EXCLUSIVE, false",
    "SHARED_READ_ONLY, SHARED, false",
    "SHARED_READ_ONLY, SHARED_READ_ONLY, true"
  })
  void sharesOnlyWhatBothAgreeToShare(AccessMode first, AccessMode second, boolean together) {
    create("data");
    attach("data", "first", first);
    if (together) {
      attach("data", "second", second);
      assertThat(get("data").getAttachmentsCount()).isEqualTo(2);
    } else {
      Refused refused = Refused.by(() -> attach("data", "second", second));
      assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(refused.inTheWay()).isEqualTo("job/first");
    }
  }

  @Test
  void answersASharedAttachWithAllHolders() {
    create("data");
    attach("data", "first", AccessMode.SHARED);

    AttachVolumeResponse second =
        volumes.attachVolume(attaching("data", "second").setAccessMode(AccessMode.SHARED).build());

    assertThat(second.getAttachment().getJobId()).isEqualTo("second");
    assertThat(second.getVolume().getAttachmentsList())
        .extracting(Attachment::getJobId)
        .containsExactly("first", "second");
    assertThat(second.getVolume().getCurrentJobId()).isEmpty();
  }

  @Test
  void theSameAttachmentAgainIsTheSameAnswer() {
    create("data");
    Attachment first = attach("data", "job");
    Footprint after = footprint();

    assertThat(attach("data", "job")).isEqualTo(first);
    assertThat(footprint()).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({"/a, /a", "/a, /a/b", "/a/b, /a"})
  void refusesMountPathsThatOverlap(String first, String second) {
    create("one");
    create("two");
    volumes.attachVolume(attaching("one", "job").setMountPath(first).build());
    Footprint before = footprint();

    Refused refused =
        Refused.by(
            () -> volumes.attachVolume(attaching("two", "job").setMountPath(second).build()));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("job/job" + first);
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void takesSiblingsWhoseNamesBeginAlike() {
    create("one");
    create("two");
    volumes.attachVolume(attaching("one", "job").setMountPath("/x/a").build());
    volumes.attachVolume(attaching("two", "job").setMountPath("/x/ab, c\u00e9").build());

    assertThat(findings()).isEmpty();
    detach("one", "job");
    assertThat(get("two").getStatus()).isEqualTo("in_use");
    assertThat(Path.of(get("two").getAttachments(0).getHostPath())).isDirectory();
  }

  @Test
  void readOnlyIsReallyReadOnlyAndShowsWhatOthersWrite() {
    create("data");
    String path =
        volumes
            .attachVolume(attaching("data", "writer").setAccessMode(AccessMode.SHARED).build())
            .getAttachment()
            .getHostPath();
    Attachment reader =
        volumes
            .attachVolume(
                attaching("data", "reader")
                    .setAccessMode(AccessMode.SHARED)
                    .setReadOnly(true)
                    .build())
            .getAttachment();
    Shell.ok("touch", path + "/file");

    assertThat(Path.of(reader.getHostPath(), "file")).exists();
    assertThat(Shell.run("touch", reader.getHostPath() + "/x").output())
        .contains("Read-only file system");
    assertThat(Shell.run("mount", "-o", "remount,size=1", reader.getHostPath()).exit()).isNotZero();
  }

  @Test
  void sharedReadOnlyLetsNobodyWrite() {
    create("data");

    Attachment attachment = attach("data", "job", AccessMode.SHARED_READ_ONLY);

    assertThat(attachment.getReadOnly()).isTrue();
    assertThat(Shell.run("touch", attachment.getHostPath() + "/x").exit()).isNotZero();
  }

  @Test
  void mountsWithoutDevicesAndSetuid() {
    create("data");
    String path = attach("data", "job").getHostPath();

    assertThat(Shell.ok("findmnt", "-n", "-o", "OPTIONS", path)).contains("nosuid", "nodev");
  }

  @Test
  void refusesAProcessThatDoesNotExistAndLeavesNoJob() {
    create("data");
    Footprint before = footprint();

    Refused refused =
        Refused.by(() ->
            volumes.attachVolume(
                attaching("data", "job")
                    .setLiveness(Liveness.newBuilder().setPid(1L << 31))
                    .build()));

    assertThat(refused.fields()).containsExactly("liveness.pid");
    assertThat(footprint()).isEqualTo(before);
  }

  @Test
  void keepsAMemoryVolumeFromTheFirstAttachToTheLastDetach() {
    create(wantedInMemory("cache"));
    String path = attach("cache", "one", AccessMode.SHARED).getHostPath();
    attach("cache", "two", AccessMode.SHARED);
    Shell.ok("sh", "-c", "echo hot > " + path + "/file");
    detach("cache", "one");

    Path second = Path.of(get("cache").getAttachments(0).getHostPath());
    assertThat(second.resolve("file")).hasContent("hot");
    detach("cache", "two");
    assertThat(Path.of(attach("cache", "three").getHostPath(), "file")).doesNotExist();
  }

  @Test
  void detachNeedsToBeToldWhichOfSeveral() {
    create("data");
    attach("data", "one", AccessMode.SHARED);
    attach("data", "two", AccessMode.SHARED);

    Refused refused =
        Refused.by(
            () -> volumes.detachVolume(DetachVolumeRequest.newBuilder().setVolume("data").build()));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains("'one'", "'two'");
    Refused stranger = Refused.by(() -> detach("data", "three"));
    assertThat(stranger.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(stranger.resource().getResourceType()).isEqualTo("attachment of volume");
    assertThat(stranger.message())
        .isEqualTo("attachment of volume 'data' to job 'three' does not exist");
  }

  @Test
  void detachNamesTheProcessInTheWay() {
    create("data");
    Process user = start(Path.of(attach("data", "job").getHostPath()), "sleep", "600");

    Refused refused = Refused.by(() -> detach("data", "job"));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("pid/" + user.pid());
    assertThat(get("data").getAttachments(0).getStatus()).isEqualTo("attached");
    end(user);
    assertThat(detach("data", "job").getStatus()).isEqualTo("available");
  }

  @Test
  void cleanupDetachesEverythingButWhatIsInUseAndThenThatToo() {
    for (String name : List.of("a", "b", "c")) {
      create(name);
      attach(name, "job");
    }
    Process user = start(Path.of(get("b").getAttachments(0).getHostPath()), "sleep", "600");
    CleanupVolumesRequest request =
        CleanupVolumesRequest.newBuilder().setJobId("job").setRequestId("cleanup").build();

    Refused refused = Refused.by(() -> volumes.cleanupVolumes(request));

    assertThat(refused.inTheWay()).isEqualTo("pid/" + user.pid());
    assertThat(List.of(get("a").getStatus(), get("b").getStatus(), get("c").getStatus()))
        .containsExactly("available", "in_use", "available");
    assertThat(Refused.by(() -> attach("a", "job")).inTheWay()).isEqualTo("job/job");
    assertThat(Refused.by(() -> volumes.cleanupVolumes(request)).inTheWay())
        .isEqualTo("pid/" + user.pid());
    end(user);
    assertThat(volumes.cleanupVolumes(request).getDetached()).isEqualTo(3);
    assertThat(volumes.cleanupVolumes(request).getDetached()).isEqualTo(3);
    assertThat(rows.count("select count(*) from audit where request_id = 'cleanup'")).isEqualTo(3);
    assertThat(
            Refused.by(() -> volumes.cleanupVolumes(request.toBuilder().clearRequestId().build()))
                .code())
        .isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void renewsALeaseAndOnlyALease() {
    create("data");
    create("other");
    volumes.attachVolume(
        attaching("data", "leased")
            .setLiveness(Liveness.newBuilder().setLease(Duration.newBuilder().setSeconds(60)))
            .build());
    attach("other", "unleased");

    long expires =
        volumes
            .renewLease(RenewLeaseRequest.newBuilder().setJobId("leased").build())
            .getExpiresAt()
            .getSeconds();
    Refused refused =
        Refused.by(
            () -> volumes.renewLease(RenewLeaseRequest.newBuilder().setJobId("unleased").build()));

    assertThat(expires)
        .isBetween(Instant.now().getEpochSecond(), Instant.now().getEpochSecond() + 61);
    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("job/unleased");
  }

  @Test
  void remembersPastAttachments() {
    Volume volume = create("data");
    attach("data", "job");
    detach("data", "job");

    assertThat(
            rows.query(
                "select job_name from attachment_history where volume_id = ?::uuid",
                volume.getId()))
        .containsExactly("job");
  }
}
