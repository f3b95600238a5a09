package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes under load: whatever was acknowledged before is on the disk, and a daemon that is
 * started on pool and database of that moment has it.
 *
 * <p>Copies of the images of pool and database that show one moment are needed. Reading a file
 * while it is written gives one that never was. So the images lie on a btrfs of the test's own, and
 * the copies are reflinks (ioctl_ficlone(2)): the kernel holds the inode's lock over it, for which
 * every write of the loop device waits. What a file system still had in memory is not in its copy,
 * as it would not be on a disk; what it had handed to the loop device is. So a missing sync is
 * found, a missing flush of the disk's own cache is not: that would take a device that records
 * flushes. Between the two copies nobody runs who could write to one for what is in the other.
 *
 * <p>The images are without copy-on-write; a file can be cloned only into one of the same kind,
 * hence the attribute on the copies' directory. Copies carry the file system id of the original, so
 * they are mounted, unaltered and with their log replayed, after the original is gone.
 */
class PowerCutIT {
  private static final int CUTS = Integer.getInteger("joblet.crash.cuts", 1);
  private static final int CLIENTS = 3;
  private static final int BETWEEN_CUTS = 10;
  private static final long SIZE = 1 << 20;
  private static final long NO_FILE = -1;

  @TempDir Path directory;
  private Path disk;
  private Installation installation;
  private volatile boolean stopping;
  private volatile boolean writing;

  /** Volumes on stable storage by what was said, with their file's checksum or NO_FILE. */
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();

  private final Set<String> doomed = ConcurrentHashMap.newKeySet();
  private final List<Throwable> failures = new ArrayList<>();

  @BeforeEach
  void putTheImageOnABtrfs() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    Path file = directory.resolve("disk.img");
    Shell.run("truncate", "-s", "6G", file.toString());
    Shell.run("mkfs.btrfs", "-q", file.toString());
    Shell.run("mount", "-o", "loop", file.toString(), disk.toString());
    Files.createDirectory(disk.resolve("copies"));
    Shell.run("chattr", "+C", disk.resolve("copies").toString());
    Path database = disk.resolve("copies/database");
    Shell.run("truncate", "-s", "1G", database.toString());
    Shell.run("mkfs.ext4", "-q", database.toString());
    mountDatabase(database, disk);
    installation = new Installation(directory, "-Djoblet.state-directory=" + disk.resolve("state"));
    Files.createDirectories(directory.resolve("state"));
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close(disk.resolve("state"));
  }

  @Test
  void findsEveryAcknowledgedVolumeAndItsSyncedDataInTheImageOfThatMoment() throws Exception {
    Running daemon = installation.start();
    List<Thread> clients = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      int number = client;
      clients.add(Thread.ofPlatform().start(() -> load(daemon, number)));
    }
    Random random = new Random(LongForm.SEED);
    List<Map<String, Long>> expected = new ArrayList<>();
    List<Set<String>> mayBeGone = new ArrayList<>();
    for (int cut = 0; cut < CUTS; cut++) {
      // A job's fsync also makes durable what the daemon may have forgotten: every other time none.
      writing = cut % 2 == 1;
      int enough = acknowledged.size() + BETWEEN_CUTS;
      await().atMost(Duration.ofMinutes(2)).until(() -> acknowledged.size() >= enough);
      Thread.sleep(random.nextInt(300));
      expected.add(new HashMap<>(acknowledged));
      copyBoth(daemon, cut);
      mayBeGone.add(Set.copyOf(doomed));
    }
    stopping = true;
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).isEmpty();
    end(daemon);
    int checked = 0;
    Proof proof = new Proof("power cut under load");
    for (int cut = 0; cut < CUTS; cut++) {
      expected.get(cut).keySet().removeAll(mayBeGone.get(cut));
      checked += expected.get(cut).size();
      Map<String, Long> wanted = expected.get(cut);
      int number = cut;
      proof.checked(
          "acknowledged volumes and synced files", "cut " + cut, () -> check(number, wanted));
      proof.tried(
          "a start on both images", "cut " + cut, true, problemsOfAStart(cut, expected.get(cut)));
    }
    proof.conclude();
    assertThat(checked).as("volumes looked for").isPositive();
    System.out.printf("PowerCutIT: %d cuts, %d volumes looked for and found%n", CUTS, checked);
  }

  /** Each with a cut of its own, so that nothing that comes after it writes it to the disk. */
  @Test
  void findsTheLastOfWhatWasAcknowledged() throws Exception {
    Running daemon = installation.start();
    Map<String, Long> expected = new HashMap<>();
    List<String> purged = new ArrayList<>();
    List<String> undeleted = new ArrayList<>();
    for (Kind kind : List.of(Kind.BTRFS, Kind.LOOP)) {
      purged.add(daemon.client().create(kind, kind + "-purged", SIZE * 16).getId());
      undeleted.add(daemon.client().create(kind, kind + "-undeleted", SIZE * 16).getId());
    }
    undeleted.forEach(id -> daemon.client().delete(id, false));
    Shell.run("sync", "-f", installation.volumes().toString());

    int cut = 0;
    for (String id : undeleted) {
      daemon.client().undelete(id);
      copyBoth(daemon, cut++);
    }
    for (String id : purged) {
      daemon.client().delete(id, true);
      copyBoth(daemon, cut++);
    }

    end(daemon);
    Proof proof = new Proof("power cut after what was acknowledged last");
    for (int i = 0; i < cut; i++) {
      boolean undeletion = i < undeleted.size();
      if (undeletion) {
        expected.put(undeleted.get(i), NO_FILE);
      }
      proof.tried(
          undeletion ? "undelete" : "purge", "cut " + i, true, problemsOfAStart(i, expected));
    }
    proof.conclude();
  }

  private void end(Running daemon) throws Exception {
    daemon.close();
    installation.awaitDatabaseEnd(data());
    Mounts.unmountAll(installation.jobs());
    Mounts.unmountAll(installation.volumes());
  }

  private void check(int cut, Map<String, Long> expected) throws Exception {
    Path mounted = Files.createDirectory(directory.resolve("mounted" + cut));
    Shell.run("mount", "-t", "btrfs", "-o", "loop", copy(cut).toString(), mounted.toString());
    try {
      String subvolumes = Shell.run("btrfs", "subvolume", "list", mounted.toString());
      for (Map.Entry<String, Long> volume : expected.entrySet()) {
        assertThat(subvolumes).as("cut %d", cut).contains("path " + volume.getKey());
        Path record = mounted.resolve(".records/" + volume.getKey() + ".json");
        assertThat(VolumeRecord.parse(UUID.fromString(volume.getKey()), Files.readAllBytes(record)))
            .as("cut %d, record of %s", cut, volume.getKey())
            .isNotNull();
        if (volume.getValue() != NO_FILE) {
          assertThat(Writer.checksum(mounted.resolve(volume.getKey()).resolve("data")))
              .as("cut %d, data of %s", cut, volume.getKey())
              .isEqualTo(volume.getValue());
        }
      }
    } finally {
      Shell.run("umount", mounted.toString());
    }
  }

  private void copyBoth(Running daemon, int cut) throws Exception {
    List<Long> working = new ArrayList<>(Installation.workingIn(data()));
    working.add(daemon.pid());
    Standstill.of(
        working,
        () -> {
          clone(disk.resolve("state/pool.btrfs"), copy(cut));
          clone(disk.resolve("copies/database"), disk.resolve("copies/database" + cut));
        });
  }

  private Path data() {
    return disk.resolve("state/postgres/data");
  }

  private static void clone(Path image, Path copy) throws IOException, InterruptedException {
    Shell.run("cp", "--reflink=always", image.toString(), copy.toString());
  }

  private static void mountDatabase(Path image, Path home) throws Exception {
    Path place = Files.createDirectories(home.resolve("state/postgres"));
    Shell.run("mount", "-o", "loop", image.toString(), place.toString());
  }

  /** Elsewhere than on the btrfs of the copies, which a daemon would take for its pool. */
  private List<String> problemsOfAStart(int cut, Map<String, Long> expected) throws Exception {
    Path home = Files.createDirectory(directory.resolve("home" + cut));
    mountDatabase(disk.resolve("copies/database" + cut), home);
    Shell.run(
        "cp", "--sparse=always", copy(cut).toString(), home.resolve("state/pool.btrfs").toString());
    List<String> problems = new ArrayList<>();
    try (Installation revived = new Installation(home)) {
      revived.start();
      Inspector inspector = new Inspector(revived);
      problems.addAll(inspector.problems());
      problems.remove("mount " + home.resolve("state/postgres") + ": not wanted, found 1");
      try (Rows rows = Rows.of(revived)) {
        Set<String> there =
            rows.query("select id from volume where state = 'AVAILABLE'").stream()
                .map(row -> row.get("id"))
                .collect(Collectors.toSet());
        expected.keySet().stream()
            .filter(id -> !there.contains(id))
            .forEach(id -> problems.add("acknowledged volume " + id + " is not there"));
      }
    }
    return problems;
  }

  private Path copy(int cut) {
    return disk.resolve("copies/" + cut);
  }

  /** Makes volumes, writes into each, deletes every third, and takes some of that back. */
  private void load(Running daemon, int number) {
    Random random = new Random(LongForm.SEED + number);
    String job = "job" + number;
    try {
      for (int i = 0; !stopping; i++) {
        Volume made = daemon.client().create(Kind.BTRFS, "c" + number + "-" + i, SIZE);
        acknowledged.put(made.getId(), NO_FILE);
        if (writing) {
          Path place = daemon.client().attach(made.getId(), job + "-" + i);
          acknowledged.put(made.getId(), Writer.write(place, "data", random));
        }
        if (i % 3 == 0) {
          doomed.add(made.getId());
          boolean purge = i % 2 == 0;
          daemon.client().delete(made.getId(), purge);
          if (!purge && i % 9 == 0) {
            daemon.client().undelete(made.getId());
            doomed.remove(made.getId());
          }
        }
      }
    } catch (StatusRuntimeException | IOException e) {
      synchronized (failures) {
        failures.add(e);
      }
    }
  }
}
