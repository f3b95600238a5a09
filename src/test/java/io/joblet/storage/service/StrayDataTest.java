package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.RecoverableVolume.Action;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.SweptItem;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data that is not where its row says, as after the return of an older database. */
@QuarkusTest
class StrayDataTest extends ServiceTest {
  private static final String LONG_AGO =
      "update volume set deleted_at = now() - interval '1 year',"
          + " purge_after = now() - interval '1 year' + interval '1 second'";

  private static final RecoverRequest CARRY_OUT =
      RecoverRequest.newBuilder().setCarryOut(true).build();

  @Test
  void whatWasDeletedIsNotPurgedWhileItsDataIsSetAside() {
    Volume data = create("data");
    delete("data");
    rows.change(LONG_AGO);
    move(trash(data), aside(data));
    admin.sweep(trash());

    SweptItem swept = only(admin.sweep(trash()).getItemsList());

    assertThat(swept.getDone()).isFalse();
    assertThat(swept.getError()).contains("rnx admin recover");
    assertRefused(data.getId(), true);
    RecoverableVolume back = recover();
    assertThat(back.getAction()).isEqualTo(Action.RETURN);
    assertThat(back.getTrashed()).isTrue();
    assertThat(rows.query("select purge_after > now() + interval '59 minutes' from volume"))
        .containsExactly("t");
    assertThat(trash(data)).isDirectory();
  }

  @Test
  void whatIsLostIsNotDeletedWhileItsDataIsSetAside() {
    Volume data = create("data");
    move(Path.of(data.getPath()), aside(data));
    assertThat(fix()).anyMatch(found -> found.getKind().equals("missing-data"));

    assertRefused("data", false);
    assertRefused("data", true);
    recover();

    assertThat(Path.of(data.getPath())).isDirectory();
    assertThat(delete("data").getId()).isEqualTo(data.getId());
  }

  @Test
  void whatIsLostIsNotDeletedWhileItsDataIsInTheTrash() {
    Volume data = create("data");
    move(Path.of(data.getPath()), trash(data));
    assertThat(fix()).anyMatch(found -> found.getKind().equals("missing-data"));

    assertRefused("data", false);
    recover();

    assertThat(delete("data").getId()).isEqualTo(data.getId());
  }

  @Test
  void whatIsLostIsNotDeletedWhenItsDataIsBackBeforeTheDoctorHasSeenThat() {
    Volume data = create("data");
    move(Path.of(data.getPath()), aside(data));
    fix();
    move(aside(data), Path.of(data.getPath()));

    for (boolean purge : new boolean[] {false, true}) {
      Refused refused = Refused.by(() -> remove("data", purge));
      assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(refused.message()).contains("rnx volume doctor --fix");
    }
    assertThat(Path.of(data.getPath())).isDirectory();
    fixed("found-data");
    assertThat(delete("data").getId()).isEqualTo(data.getId());
  }

  /** It would hold no limit, and could not be purged. */
  @Test
  void aDirectoryIsNotTheDataOfALostSubvolume() {
    Volume data = create("data");
    move(Path.of(data.getPath()), aside(data));
    fix();
    Shell.ok("mkdir", data.getPath());

    assertThat(fix())
        .anySatisfy(found -> {
          assertThat(found.getKind()).isEqualTo("other-data");
          assertThat(found.getMessage()).contains("lost volume 'data'", data.getPath());
        })
        .noneMatch(found -> found.getKind().equals("found-data"));
    assertThat(get("data").getStatus()).isEqualTo("lost");
    RecoverableVolume left = only(admin.recover(CARRY_OUT).getVolumesList());
    assertThat(left.getAction()).isEqualTo(Action.LEAVE);
    assertThat(left.getNote()).contains("something else lies in its place");
    Shell.ok("rmdir", data.getPath());
    recover();
  }

  @Test
  void whatSomebodyPutInTheDatasPlaceIsTold() {
    Volume data = create("data");
    Volume image = create(wanted("image").setInodeLimit(64));
    Path file = Path.of(config.volumesDirectory(), ".images", image.getId() + ".ext4");
    Path kept = Path.of(config.volumesDirectory(), ".quarantine", "kept");
    for (Path place : List.of(Path.of(data.getPath()), file)) {
      move(place, kept);
      Shell.ok("ln", "-s", kept.toString(), place.toString());
      assertThat(fix()).anyMatch(found -> found.getKind().equals("other-data"));
      Shell.ok("rm", place.toString());
      Shell.ok("mkdir", place.toString());
      assertThat(fix()).anyMatch(found -> found.getKind().equals("other-data"));
      Shell.ok("rmdir", place.toString());
      move(kept, place);
    }
    assertThat(findings()).isEmpty();
  }

  /** Whatever is wrong with it, nobody else has it. */
  @Test
  void aDamagedImageGoesBackIntoTheTrash() throws IOException {
    Path image = createDamagedImage("image");
    Volume volume = delete("image");
    move(trash(volume), image);

    fixed("not-in-trash");

    assertThat(trash(volume)).isRegularFile();
  }

  /** A directory beside it, as where it was mounted, is no data. */
  @Test
  void anImageThatIsLostIsDeleted() {
    Volume data = create(wanted("data").setInodeLimit(64));
    Shell.ok("rm", config.volumesDirectory() + "/.images/" + data.getId() + ".ext4");
    Shell.ok("mkdir", aside(data).toString());
    assertThat(fix()).anyMatch(found -> found.getKind().equals("missing-data"));

    delete("data");

    assertThat(rows.query("select id from volume")).isEmpty();
    Shell.ok("rmdir", aside(data).toString());
  }

  private void remove(String volume, boolean purge) {
    volumes.deleteVolume(
        DeleteVolumeRequest.newBuilder().setVolume(volume).setPurge(purge).build());
  }

  private void assertRefused(String volume, boolean purge) {
    Refused refused = Refused.by(() -> remove(volume, purge));
    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains("'rnx admin recover' brings it back");
  }

  /** Carries out the only thing there is to do. */
  private RecoverableVolume recover() {
    RecoverableVolume done = only(admin.recover(CARRY_OUT).getVolumesList());
    assertThat(done.getDone()).isTrue();
    return done;
  }

  private static SweepRequest trash() {
    return SweepRequest.newBuilder().setKind(SweepRequest.Kind.TRASH).build();
  }

  private static void move(Path from, Path to) {
    Shell.ok("mv", "-T", from.toString(), to.toString());
  }

  private Path trash(Volume volume) {
    return Path.of(config.volumesDirectory(), ".trash", volume.getId());
  }

  private Path aside(Volume volume) {
    return Path.of(config.volumesDirectory(), ".quarantine", volume.getId());
  }
}
