package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A copy of the database of any moment of an operation, put back after the volumes have lived on:
 * whatever its rows say is being done, what was written since is not destroyed, and a recovery
 * makes host and rows agree.
 *
 * <p>{@code -Djoblet.crash.rounds=all} copies after every call where {@link VolumeKillsIT} kills
 * before it. What else there is to set: {@link LongForm}.
 */
class OlderCopyIT {
  private static final String ROUNDS = System.getProperty("joblet.crash.rounds", "1");
  private static final List<LaterLife.End> ENDS = List.of(LaterLife.End.values());

  @TempDir static Path directory;
  private static Installation installation;
  private static Crashes crashes;
  private final Random random = new Random(LongForm.SEED);

  @BeforeAll
  static void setUp() throws Exception {
    installation =
        new Installation(
            directory,
            "-Djoblet.limits.host-threads=1",
            "-Djoblet.sweep.interval=1h",
            "-Djoblet.sweep.settle-interval=1s");
    crashes = new Crashes(installation);
  }

  @AfterAll
  static void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void destroysNothingThatWasWrittenSince() throws Exception {
    Proof proof = new Proof("a copy of the database of that moment put back later");
    List<Scenario> onDisk =
        LongForm.chosen(Scenario.all()).stream().filter(s -> !s.name().contains("MEMORY")).toList();
    new InTurns<>(onDisk, ROUNDS, s -> proof.places(s.name(), crashes.boundaries(s)))
        .whileThereIsTime(
            new LongForm(),
            proof,
            point -> {
              LaterLife.End end = ENDS.get(random.nextInt(ENDS.size()));
              AtomicReference<DatabaseCopy> copy = new AtomicReference<>();
              String on = point.scenario().name();
              if (crashes.pauseAt(point, () -> copy.set(DatabaseCopy.of(installation)))) {
                proof.checked(on, point + ", then " + end, () -> putBackAfter(end, copy.get()));
              } else {
                proof.tried(on, false, List.of());
              }
            });
    proof.conclude();
  }

  private static void putBackAfter(LaterLife.End end, DatabaseCopy copy) throws Exception {
    LaterLife life =
        LaterLife.live(installation, crashes.client(), crashes.last() + "-another", end);

    crashes.startAfter(copy::putBack);

    sweepTheTrash();
    assertThat(life.destroyed()).isEmpty();
    recover();
    sweepTheTrash();
    deleteWhatIsLost();
    assertThat(life.destroyed()).isEmpty();
    assertThat(life.goOn(crashes.client())).isEmpty();
    crashes.client().admin().doctor(DoctorRequest.newBuilder().setFix(true).build());
    assertThat(crashes.problems()).isEmpty();
  }

  private static void sweepTheTrash() {
    crashes
        .client()
        .admin()
        .sweep(SweepRequest.newBuilder().setKind(SweepRequest.Kind.TRASH).build());
  }

  private static void recover() {
    assertThat(
            crashes
                .client()
                .admin()
                .recover(RecoverRequest.newBuilder().setCarryOut(true).build())
                .getVolumesList())
        .allMatch(RecoverableVolume::getDone);
  }

  /** What was purged since the copy; nothing that has lived is among it. */
  private static void deleteWhatIsLost() {
    for (Volume volume : crashes.client().allVolumes()) {
      if (volume.getStatus().equals("lost")) {
        crashes.client().delete(volume.getId(), true);
      }
    }
  }
}
