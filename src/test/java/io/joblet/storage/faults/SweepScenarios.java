package io.joblet.storage.faults;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import io.joblet.storage.faults.Scenario.Before;
import io.joblet.storage.faults.Scenario.Call;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.VolumeType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What no client asks for, interrupted: sweeps, and the reconciliation of a running daemon, which
 * is the doctor's. The time of the trash is {@link Crashes#SETTINGS}'.
 */
final class SweepScenarios {
  private static final long SIZE = 4 << 20;

  private SweepScenarios() {}

  static List<Scenario> all() {
    Call delete =
        (client, id) -> {
          for (Kind kind : List.of(Kind.BTRFS, Kind.LOOP)) {
            client.create(kind, id + "-" + kind, SIZE);
            client.delete(id + "-" + kind, false);
          }
        };
    return List.of(
        sweep(SweepRequest.Kind.IDLE, SweepScenarios::createBriefly),
        sweep(SweepRequest.Kind.ORPHANS, SweepScenarios::prepareForWhatEnds),
        sweep(SweepRequest.Kind.TRASH, delete));
  }

  /**
   * Mounts that somebody has taken away are repeated. An error in it is told and left to the next
   * call; after a kill a start mends the same.
   */
  static Scenario doctor() {
    Call unmount =
        (client, id) -> Scenario.prepare(client, id).forEach(SweepScenarios::unmountBehindItsBack);
    return new Scenario(
        "doctor --fix",
        Scenario.createEach().then(unmount),
        (client, id) -> client.admin().doctor(DoctorRequest.newBuilder().setFix(true).build()),
        Before.MOUNTS_GONE);
  }

  /** A sweep that finds something; how long that has been there counts from a first look. */
  private static Scenario sweep(SweepRequest.Kind kind, Call arrange) {
    SweepRequest look = SweepRequest.newBuilder().setKind(kind).setDryRun(true).build();
    Call awaitItsTime =
        (client, id) -> await().until(() -> client.admin().sweep(look).getItemsCount() > 0);
    return new Scenario(
        "sweep " + kind,
        arrange.then(awaitItsTime),
        (client, id) -> client.admin().sweep(SweepRequest.newBuilder().setKind(kind).build()));
  }

  private static void createBriefly(Client client, String id) {
    client
        .volumes()
        .createVolume(
            CreateVolumeRequest.newBuilder()
                .setName(id)
                .setType(VolumeType.MEMORY)
                .setSizeBytes(SIZE)
                .setIdleTimeout(Duration.newBuilder().setSeconds(1))
                .build());
  }

  private static void prepareForWhatEnds(Client client, String id) {
    Scenario.createEach().make(client, id);
    try {
      Process process = new ProcessBuilder("sleep", "3600").start();
      try {
        Scenario.prepare(client, id, Liveness.newBuilder().setPid(process.pid()).build());
      } finally {
        process.destroyForcibly().onExit().join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unmountBehindItsBack(Path place) {
    try {
      Shell.run("umount", place.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
