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
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Data that is not where its row says, as after the return of an older database. */
@QuarkusTest
class StrayDataTest extends ServiceTest {
  private static final String LONG_AGO =
      "update volume set deleted_at = now() - interval '1 year',"
          + " purge_after = now() - interval '1 year' + interval '1 second'";

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

  private void assertRefused(String volume, boolean purge) {
    Refused refused =
        Refused.by(() ->
            volumes.deleteVolume(
                DeleteVolumeRequest.newBuilder().setVolume(volume).setPurge(purge).build()));
    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains("'rnx admin recover' brings it back");
  }

  /** Carries out the only thing there is to do. */
  private RecoverableVolume recover() {
    RecoverableVolume done =
        only(admin.recover(RecoverRequest.newBuilder().setCarryOut(true).build()).getVolumesList());
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
