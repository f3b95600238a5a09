package io.joblet.storage.faults;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two daemons started for the first time at the same moment, each with its own run directory,
 * socket and database, and both told to use one pool that does not exist yet.
 */
class FirstStartsIT {
  private static final int RACES = Integer.getInteger("joblet.crash.races", 1);
  private static final long SIZE = 1 << 20;

  @TempDir Path directory;

  @Test
  void makeOnePoolForOneOfThem() throws Exception {
    LongForm form = new LongForm();
    Proof proof = new Proof("two daemons started at once");
    for (int race = 0; race < RACES && form.hasTime(); race++) {
      Path place = Files.createDirectory(directory.resolve("race" + race));
      for (Path onTheWay : List.of(directory, place)) {
        Files.setPosixFilePermissions(onTheWay, fromString("rwx--x--x"));
      }
      try (Installation one = sharing(place, "one");
          Installation other = sharing(place, "other")) {
        List<String> violations = new ArrayList<>();
        try {
          race(place, one, other);
        } catch (AssertionError e) {
          violations.add(e + "; " + one.lastLines() + "; " + other.lastLines());
        } finally {
          one.end();
          other.end();
          Mounts.unmountAll(place);
        }
        proof.tried("one pool, for the first time", "race " + race, true, violations);
      }
      // A pool and two databases each: hundreds of them fill a disk.
      Shell.run("rm", "-rf", "--one-file-system", place.toString());
    }
    proof.conclude();
  }

  private static void race(Path place, Installation one, Installation other) throws Exception {
    Running first = one.launch(List.of());
    Running second = other.launch(List.of());
    CompletableFuture.anyOf(first.process().onExit(), second.process().onExit()).join();
    boolean firstLives = first.process().isAlive();
    Running winner = firstLives ? first : second;
    Running loser = firstLives ? second : first;
    Installation winners = firstLives ? one : other;
    Installation losers = firstLives ? other : one;

    assertThat(loser.process().waitFor()).as("exit of the loser").isEqualTo(1);
    assertThat(losers.output()).contains("another daemon, with another run directory, works on");
    assertThat(winners.comesUp(winner)).as("the winner serves").isTrue();
    winner.client().create(Kind.BTRFS, "data", SIZE);
    winner.client().attach("data", "job");
    assertThat(losers.poolImage()).as("an image of the loser's").doesNotExist();
    assertThat(Mounts.below(place.resolve("volumes")))
        .extracting(Mounts.Entry::target)
        .containsExactly(place.resolve("volumes"));
    assertThat(Mounts.backingFiles(place)).containsExactly(winners.poolImage().toString());
  }

  private static Installation sharing(Path place, String name) throws IOException {
    return new Installation(
        Files.createDirectory(place.resolve(name)),
        "-Djoblet.volumes-directory=" + place.resolve("volumes"),
        "-Djoblet.jobs-directory=" + place.resolve("jobs"));
  }
}
