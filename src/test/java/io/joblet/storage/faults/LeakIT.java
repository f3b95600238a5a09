package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After many lives of volumes and jobs everything is as it was: descriptors, threads, heap, mounts,
 * loop devices, quota groups, cgroups, processes, files, rows.
 *
 * <p>A tenth of {@code -Djoblet.crash.lives=N} are images; of the others some are had by jobs that
 * run, that are killed, and that have a root and no command, and some are resized or come back from
 * the trash.
 */
class LeakIT {
  private static final int LIVES = Integer.getInteger("joblet.crash.lives", 100);

  /**
   * What is made once, such as pools of threads and connections, is there after so many, twice as
   * many at a time as afterwards.
   */
  private static final int WARM_UP = 200;

  private static final int CLIENTS = 8;
  private static final long SIZE = 4 << 20;

  /** Of threads and descriptors: those of pools come and go with the moment. */
  private static final int BREATH = 12;

  private static final List<String> BREATHING = List.of("threads", "descriptors", "heap MiB");

  private static final Pattern GENERATION = Pattern.compile("total \\d+K, used (\\d+)K");

  @TempDir Path directory;
  private Installation installation;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory, "-Djoblet.sweep.settle-interval=1s");
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void everythingIsAsItWasAfterManyLives() throws Exception {
    Running daemon = installation.start();
    live(daemon, "w", WARM_UP, 2 * CLIENTS);
    Map<String, Long> before = counts(daemon);
    live(daemon, "l", LIVES, CLIENTS);

    Inspector inspector = new Inspector(installation);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(inspector.problems()).isEmpty());
    Map<String, Long> after = counts(daemon);
    System.out.printf("LeakIT: %d lives, before %s, after %s%n", LIVES, before, after);
    List<String> grown = grown(before, after);
    if (!grown.isEmpty()) {
      // A pool that had not been full before does not grow twice; a leak does.
      live(daemon, "again", LIVES, CLIENTS);
      Map<String, Long> known = new TreeMap<>(before);
      BREATHING.forEach(what -> known.put(what, after.get(what)));
      grown = grown(known, counts(daemon));
    }
    Proof proof = new Proof("lives of volumes and jobs, and what is left of them");
    proof.tried(LIVES + " lives", true, grown);
    proof.write();
    assertThat(grown).isEmpty();
  }

  private static List<String> grown(Map<String, Long> before, Map<String, Long> after) {
    List<String> grown = new ArrayList<>();
    after.forEach((what, count) -> {
      long allowed =
          switch (what) {
            case "threads", "descriptors" -> before.get(what) + BREATH;
            case "heap MiB" -> 2 * before.get(what) + 16;
            default -> before.get(what);
          };
      if (count > allowed) {
        grown.add(what + ": " + before.get(what) + " before, " + count + " after");
      }
    });
    return grown;
  }

  private static void live(Running daemon, String prefix, int lives, int atATime) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(atATime)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < lives; i++) {
        int number = i;
        all.add(clients.submit(() -> life(daemon.client(), prefix + number, number)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static void life(Client client, String name, int number) {
    Kind kind =
        switch (number % 10) {
          case 0 -> Kind.LOOP;
          case 1, 2, 3, 4 -> Kind.MEMORY;
          default -> Kind.BTRFS;
        };
    client.create(kind, name, SIZE);
    switch (number % 10) {
      case 2 -> client.resize(name, 2 * SIZE);
      case 3 -> {
        client.prepare(name, name);
        client.cleanUp(name);
      }
      case 4 -> {
        client.prepareFilesystem(name, name);
        client.cleanUp(name);
      }
      case 5 -> {
        JobScenarios.ended(client, client.run(name, "true", name));
        client.remove(name);
      }
      case 6 -> {
        client.delete(name, false);
        client.undelete(name);
      }
      case 7 -> {
        client.run(name, "exec sleep 60", name);
        client.remove(name);
      }
      default -> {
        client.attach(name, name);
        client.detach(name, name);
        client.resize(name, 2 * SIZE);
      }
    }
    client.delete(name, true);
  }

  private Map<String, Long> counts(Running daemon) throws Exception {
    jcmd(daemon, "GC.run");
    Map<String, Long> counts = new TreeMap<>();
    counts.put("descriptors", entries(Path.of("/proc/" + daemon.pid() + "/fd")));
    counts.put("threads", entries(Path.of("/proc/" + daemon.pid() + "/task")));
    counts.put("heap MiB", heapMebibytes(daemon));
    counts.put("mounts", (long) Mounts.below(directory).size());
    counts.put("loop devices", (long) Mounts.backingFiles(directory).size());
    counts.put("children", children(daemon));
    counts.put("files of jobs", entries(installation.runs()));
    counts.put("quota groups", quotaGroups());
    try (Rows rows = Rows.of(installation)) {
      counts.put(
          "rows in between",
          (long)
              (rows.query(
                          "select 1 from volume where state not in ('AVAILABLE', 'TRASHED', 'LOST')")
                      .size()
                  + rows.query("select 1 from attachment where state <> 'ATTACHED'").size()
                  + rows.query("select 1 from job where state <> 'ENDED'").size()));
      counts.put("volumes", (long) rows.query("select 1 from volume").size());
    }
    return counts;
  }

  /** Of subvolumes too, which go with them once the kernel has come to it. */
  private long quotaGroups() throws Exception {
    String pool = installation.volumes().toString();
    Shell.run("btrfs", "subvolume", "sync", pool);
    return Shell.run("btrfs", "qgroup", "show", "--raw", pool).lines().count();
  }

  private static long children(Running daemon) throws IOException {
    long count = 0;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + daemon.pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        String children = Files.readString(task.resolve("children")).strip();
        count += children.isEmpty() ? 0 : children.split(" ").length;
      }
    }
    return count;
  }

  private static long heapMebibytes(Running daemon) throws Exception {
    Matcher generation = GENERATION.matcher(jcmd(daemon, "GC.heap_info"));
    long kibibytes = 0;
    while (generation.find()) {
      kibibytes += Long.parseLong(generation.group(1));
    }
    assertThat(kibibytes).isPositive();
    return kibibytes / 1024;
  }

  private static String jcmd(Running daemon, String command) throws Exception {
    return Shell.run(
        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
        Long.toString(daemon.pid()),
        command);
  }

  private static long entries(Path place) throws IOException {
    try (Stream<Path> all = Files.list(place)) {
      return all.count();
    }
  }
}
