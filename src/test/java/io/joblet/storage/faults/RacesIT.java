package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.SweepRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the daemon has in its directories is exchanged for symbolic links that lead out, or taken
 * away, while it makes, resizes, attaches, detaches and deletes volumes, prepares, runs and stops
 * jobs, and repairs and sweeps what it finds so: it is refused or done where it belongs, and
 * nothing outside is touched. A program that goes by path strings is seen to be led out, within a
 * round.
 *
 * <p>{@code -Djoblet.crash.racing=SECONDS} goes on for so long, with {@link LongForm}'s minutes.
 */
class RacesIT {
  private static final int SECONDS = Integer.getInteger("joblet.crash.racing", 4);
  private static final long SEED = Long.getLong("joblet.crash.seed", 20);

  /** What is torn apart is no longer worth racing with after a while. */
  private static final int ROUND_SECONDS = 60;

  private static final int CLIENTS = 3;
  private static final long SIZE = 4 << 20;
  private static final List<Kind> KINDS = List.of(Kind.values());

  @TempDir Path directory;
  private final LongForm form = new LongForm();
  private final Random random = new Random(SEED);
  private final Map<Code, Integer> answers = new EnumMap<>(Code.class);
  private final Proof proof = new Proof("a name exchanged while the daemon works");

  @Test
  void nothingOutsideIsTouchedWhereANaiveProgramIsLedOut() throws Exception {
    Installation.letThrough(directory);
    Instant end = Instant.now().plusSeconds(SECONDS);
    List<String> violations = new ArrayList<>();
    for (int round = 0; round == 0 || (Instant.now().isBefore(end) && form.hasTime()); round++) {
      Path own = Files.createDirectory(directory.resolve("round-" + round));
      violations.addAll(race(own, Math.min(SECONDS, ROUND_SECONDS)));
    }
    proof.write();
    System.out.println("RacesIT: answers " + answers + ", violations: " + violations);
    assertThat(violations).isEmpty();
    assertThat(answers.get(Code.OK)).as("calls that were done").isPositive();
    assertThat(answers).as("and some that met the race").hasSizeGreaterThan(1);
    assertThat(proof.tookPlace()).as("names that were exchanged").isPositive();

    Path naive = Files.createDirectory(directory.resolve("naive"));
    Proof control = new Proof("the same of a program that goes by path strings");
    control.checked(
        "led out, as it must be",
        naive,
        () ->
            assertThat(ledOut(naive, Duration.ofSeconds(Math.min(SECONDS, ROUND_SECONDS))))
                .isNotEmpty());
    control.conclude();
  }

  private List<String> race(Path own, int seconds) throws Exception {
    Canaries canaries = new Canaries(Files.createDirectory(own.resolve("canaries")));
    Path place = Files.createDirectory(own.resolve("daemon"));
    try (Installation installation = new Installation(place, Crashes.SETTINGS)) {
      Installation.letThrough(own);
      Running daemon = installation.start();
      List<Path> roots = List.of(installation.volumes(), installation.jobs(), installation.runs());
      Racer racer = Racer.start(roots, canaries, random);
      try {
        work(daemon.client(), Instant.now().plusSeconds(seconds));
      } finally {
        racer.close();
      }
      List<String> violations = new ArrayList<>(canaries.touched());
      Mounts.below(own.resolve("canaries")).forEach(m -> violations.add("mounted: " + m));
      if (!daemon.process().isAlive()) {
        violations.add("the daemon ended: " + installation.lastLines());
      }
      racer
          .taken()
          .forEach((kind, times) -> {
            for (int i = 0; i < times; i++) {
              proof.tried(kind, true, i == 0 ? violations : List.of());
            }
          });
      return violations;
    }
  }

  private void work(Client client, Instant end) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String prefix = "c" + i + "-";
        all.add(
            clients.submit(() -> {
              for (int n = 0; Instant.now().isBefore(end); n++) {
                life(client, prefix + n, n);
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private void life(Client client, String name, int number) {
    Kind kind = KINDS.get(number % KINDS.size());
    attempt(() -> client.create(kind, name, SIZE));
    use(client, name, number % 5);
    attempt(() -> client.resize(name, 2 * SIZE));
    if (number % 2 == 0) {
      attempt(() -> client.delete(name, false));
      attempt(() -> client.undelete(name));
    }
    attempt(() -> client.delete(name, true));
    if (number % 10 == 9) {
      attempt(() -> client.admin().doctor(DoctorRequest.newBuilder().setFix(true).build()));
      attempt(() ->
          client
              .admin()
              .sweep(SweepRequest.newBuilder().setKind(SweepRequest.Kind.ORPHANS).build()));
    }
  }

  /** In each way in which a job can have a volume. */
  private void use(Client client, String name, int way) {
    switch (way) {
      case 0 -> {
        attempt(() -> client.attach(name, name));
        attempt(() -> client.resize(name, SIZE + (1 << 20)));
        attempt(() -> client.detach(name, name));
      }
      case 1 -> {
        attempt(() -> client.prepare(name, name));
        attempt(() -> client.cleanUp(name));
      }
      case 2 -> {
        attempt(() -> client.prepareFilesystem(name, name));
        attempt(() -> client.cleanUp(name));
      }
      case 3 -> {
        attempt(() -> client.run(name, "exec sleep 60", name));
        attempt(() -> client.stop(name, Duration.ofMillis(100)));
        attempt(() -> client.remove(name));
      }
      default -> {
        attempt(() -> client.run(name, "echo said > /" + name + "/file", name));
        attempt(() -> client.remove(name));
      }
    }
  }

  private void attempt(Runnable call) {
    Code code = Code.OK;
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      code = e.getStatus().getCode();
    }
    synchronized (answers) {
      answers.merge(code, 1, Integer::sum);
    }
  }

  private List<String> ledOut(Path own, Duration most) throws Exception {
    Canaries canaries = new Canaries(Files.createDirectory(own.resolve("canaries")));
    NaiveDaemon naive = new NaiveDaemon(own.resolve("daemon"));
    Instant end = Instant.now().plus(most);
    List<String> touched = List.of();
    for (int n = 0; touched.isEmpty() && Instant.now().isBefore(end); ) {
      Instant look = Instant.now().plusMillis(200);
      Racer racer = Racer.start(naive.roots(), canaries, random);
      while (Instant.now().isBefore(look)) {
        naive.life("v" + n++);
      }
      racer.close();
      touched = canaries.touched();
    }
    return touched;
  }
}
