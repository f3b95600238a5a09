package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.SweptItem;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes by itself, and what does not. */
@QuarkusTest
class SweepTest extends ServiceTest {

  @Test
  void theIdleSweepDeletesWhatWasNotAttachedForItsOwnTimeoutAndSaysSoBefore() {
    create(idleAfter("idle", 1));
    create(idleAfter("held", 1));
    create(idleAfter("later", 3600));
    create(idleAfter("never", 0));
    create(idleAfter("safe", 1).setProtected(true));
    attach("held", "job");
    assertThat(sweep(SweepRequest.Kind.IDLE, true)).as("the first sweep only observes").isEmpty();
    await().until(() -> !sweep(SweepRequest.Kind.IDLE, true).isEmpty());

    SweptItem dry = only(sweep(SweepRequest.Kind.IDLE, true));
    assertThat(dry.getName()).isEqualTo("idle");
    assertThat(dry.getReason()).contains("idle timeout 1 s");
    assertThat(dry.getDone()).isFalse();
    assertThat(get("idle").getStatus()).isEqualTo("available");

    assertThat(only(sweep(SweepRequest.Kind.IDLE, false)).getDone()).isTrue();
    assertThat(Refused.by(() -> get("idle")).code()).isEqualTo(Code.NOT_FOUND);
    assertThat(List.of(get("held"), get("later"), get("never"), get("safe"))).hasSize(4);
  }

  @Test
  void anAttachmentInBetweenStartsTheIdleTimeAnew() {
    create(idleAfter("cache", 1));
    sweep(SweepRequest.Kind.IDLE, false);
    await().until(() -> !sweep(SweepRequest.Kind.IDLE, true).isEmpty());

    attach("cache", "job");
    detach("cache", "job");

    assertThat(sweep(SweepRequest.Kind.IDLE, false)).isEmpty();
    assertThat(get("cache").getStatus()).isEqualTo("available");
  }

  @Test
  void theOrphanSweepCleansUpAfterAProcessThatEnded() {
    create("data");
    Process job = start(Path.of("/"), "sleep", "600");
    volumes.attachVolume(
        attaching("data", "job").setLiveness(Liveness.newBuilder().setPid(job.pid())).build());
    assertThat(sweep(SweepRequest.Kind.ORPHANS, false)).isEmpty();
    end(job);

    assertThat(only(sweep(SweepRequest.Kind.ORPHANS, true)).getDone()).isFalse();
    assertThat(get("data").getStatus()).isEqualTo("in_use");
    SweptItem swept = only(sweep(SweepRequest.Kind.ORPHANS, false));
    assertThat(swept.getReason()).isEqualTo("process " + job.pid() + " has ended");
    assertThat(swept.getName()).isEqualTo("job");
    assertThat(get("data").getStatus()).isEqualTo("available");
    assertThat(rows.query("select reason from job order by id desc limit 1"))
        .containsExactly(swept.getReason());
  }

  @Test
  void theOrphanSweepCleansUpWhenALeaseIsNotRenewed() {
    create("data");
    volumes.attachVolume(
        attaching("data", "job")
            .setLiveness(Liveness.newBuilder().setLease(Duration.newBuilder().setSeconds(10)))
            .build());
    rows.change("update job set lease_seconds = 1 where state = 'ACTIVE'");
    assertThat(sweep(SweepRequest.Kind.ORPHANS, false)).isEmpty();

    await().until(() -> !sweep(SweepRequest.Kind.ORPHANS, true).isEmpty());

    assertThat(only(sweep(SweepRequest.Kind.ORPHANS, false)).getReason()).contains("lease of 1 s");
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @Test
  void anOrphanInUseIsNamedAndTriedAgain() {
    create("data");
    Process job = start(Path.of("/"), "sleep", "600");
    String path =
        volumes
            .attachVolume(
                attaching("data", "job")
                    .setLiveness(Liveness.newBuilder().setPid(job.pid()))
                    .build())
            .getAttachment()
            .getHostPath();
    Process user = start(Path.of(path), "sleep", "600");
    end(job);

    SweptItem swept = only(sweep(SweepRequest.Kind.ORPHANS, false));

    assertThat(swept.getDone()).isFalse();
    assertThat(swept.getError()).contains("pid " + user.pid());
    end(user);
    assertThat(only(sweep(SweepRequest.Kind.ORPHANS, false)).getDone()).isTrue();
  }

  @Test
  void theTrashIsPurgedWhenItsRetentionEnds() {
    create("data");
    Volume trashed = delete("data");
    assertThat(sweep(SweepRequest.Kind.TRASH, false)).as("the first sweep only observes").isEmpty();
    await().until(() -> !sweep(SweepRequest.Kind.TRASH, true).isEmpty());
    assertThat(get(trashed.getId()).getStatus()).isEqualTo("deleted");

    assertThat(only(sweep(SweepRequest.Kind.TRASH, false)).getId()).isEqualTo(trashed.getId());

    assertThat(Refused.by(() -> get(trashed.getId())).code()).isEqualTo(Code.NOT_FOUND);
    assertThat(footprint().qgroups()).isEmpty();
  }

  /** As where an older database came back, and the start could not move it into the trash. */
  @Test
  void theTrashSweepLeavesDataThatIsNotInTheTrash() {
    Volume data = create("data");
    delete("data");
    Shell.ok("mv", "-T", config.volumesDirectory() + "/.trash/" + data.getId(), data.getPath());
    sweep(SweepRequest.Kind.TRASH, false);
    await().until(() -> !sweep(SweepRequest.Kind.TRASH, true).isEmpty());

    SweptItem swept = only(sweep(SweepRequest.Kind.TRASH, false));

    assertThat(swept.getDone()).isFalse();
    assertThat(swept.getError()).contains("not in the trash", "doctor --fix");
    assertThat(Path.of(data.getPath())).isDirectory();
  }

  @Test
  void theTrashKeepsWhatWasToldWhoeverDeletedIt() {
    create("data");
    delete("data");
    rows.change("update volume set purge_after = deleted_at + interval '1 hour'");
    sweep(SweepRequest.Kind.TRASH, false);

    await()
        .until(() ->
            rows.query("select now() > deleted_at + interval '1 second' from volume")
                .contains("t"));
    assertThat(sweep(SweepRequest.Kind.TRASH, false)).isEmpty();
  }

  private List<SweptItem> sweep(SweepRequest.Kind kind, boolean dryRun) {
    return admin
        .sweep(SweepRequest.newBuilder().setKind(kind).setDryRun(dryRun).build())
        .getItemsList();
  }

  private static io.joblet.storage.v1.CreateVolumeRequest.Builder idleAfter(
      String name, long seconds) {
    return wantedInMemory(name).setIdleTimeout(Duration.newBuilder().setSeconds(seconds));
  }
}
