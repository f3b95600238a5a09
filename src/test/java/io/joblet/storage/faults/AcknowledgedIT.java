package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there after any number of kills, and jobs do not notice them. */
class AcknowledgedIT {
  private static final int KILLS = Integer.getInteger("joblet.crash.kills", 4);
  private static final long SIZE = 4 << 20;

  @TempDir Path directory;
  private Installation installation;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory);
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void keepsVolumesAttachmentsAndFilesThroughKillsWhileJobsWriteOn() throws Exception {
    Random random = new Random(LongForm.SEED);
    Running daemon = installation.start();
    Map<Kind, Path> places = new EnumMap<>(Kind.class);
    Map<Kind, Writer> writers = new EnumMap<>(Kind.class);
    List<Thread> threads = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      daemon.client().create(kind, "written-" + kind, SIZE);
      places.put(kind, daemon.client().attach("written-" + kind, "job-" + kind));
      writers.put(kind, new Writer(places.get(kind)));
      threads.add(Thread.ofPlatform().start(writers.get(kind)));
    }
    List<Volume> acknowledged = new ArrayList<>();
    LongForm form = new LongForm();
    Proof proof = new Proof("kill at a random moment under load");
    try {
      for (int kill = 0; kill < KILLS && form.hasTime(); kill++) {
        Thread creating = createUntilKilled(daemon, kill, acknowledged);
        Thread.sleep(random.nextInt(1000));
        daemon.kill();
        creating.join();
        daemon.close();
        daemon = installation.start();
        Client after = daemon.client();
        proof.checked(
            "clients create, jobs write",
            "kill " + (kill + 1),
            () -> isAvailable(after, acknowledged));
      }
    } finally {
      writers.values().forEach(Writer::stop);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    Client client = daemon.client();
    proof.checked(
        "all that was acknowledged and synced",
        KILLS + " kills",
        () -> {
          assertThat(acknowledged).isNotEmpty();
          isAvailable(client, acknowledged);
          isReadBack(writers, places);
          assertThat(new Inspector(installation).problems()).isEmpty();
        });
    proof.conclude();
  }

  private static void isAvailable(Client client, List<Volume> acknowledged) {
    for (Volume volume : acknowledged) {
      GetVolumeRequest get = GetVolumeRequest.newBuilder().setVolume(volume.getId()).build();
      assertThat(client.volumes().getVolume(get).getVolume().getStatus())
          .as(volume.getName())
          .isEqualTo("available");
    }
  }

  private static void isReadBack(Map<Kind, Writer> writers, Map<Kind, Path> places)
      throws IOException {
    for (Kind kind : Kind.values()) {
      assertThat(writers.get(kind).failure()).as("writer on %s", kind).isNull();
      Map<Integer, Long> synced = writers.get(kind).synced();
      assertThat(synced).isNotEmpty();
      for (int number : new TreeSet<>(synced.keySet())) {
        assertThat(Writer.checksum(places.get(kind).resolve("f" + number)))
            .as("f%d on %s", number, kind)
            .isEqualTo(synced.get(number));
      }
    }
  }

  private static Thread createUntilKilled(Running daemon, int round, List<Volume> acknowledged) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            for (int i = 0; ; i++) {
              Volume made = daemon.client().create(Kind.BTRFS, "v" + round + "-" + i, SIZE);
              acknowledged.add(made);
            }
          } catch (StatusRuntimeException killed) {
            // Unanswered: it may be there or not.
          }
        });
  }
}
