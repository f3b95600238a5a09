package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What a proof has tried, counted by what it was tried on. With {@code -Djoblet-proof.file} it goes
 * there, a line for each, from which {@code ./prove} makes docs/crash-matrix.md; it is printed in
 * any case.
 */
final class Proof {
  /** A long form takes an hour. */
  private static final int PROGRESS_EVERY = 50;

  private static final String FILE = System.getProperty("joblet-proof.file", "");

  private final String part;
  private final Map<String, Count> counts = new LinkedHashMap<>();
  private final Map<String, String> violations = new LinkedHashMap<>();

  private static final class Count {
    private int places;
    private int made;
    private int tookPlace;
    private int violations;
  }

  /**
   * A proof.
   *
   * @param part what is done, as the table names it
   */
  Proof(String part) {
    this.part = part;
  }

  /** Where it could be tried, which the table says beside how often it was; returns the places. */
  <T> List<T> places(String on, List<T> places) {
    counts.computeIfAbsent(on, any -> new Count()).places += places.size();
    return places;
  }

  /** There was no time to look where it could be tried. */
  void notReached(String on) {
    counts.computeIfAbsent(on, any -> new Count());
  }

  /** One try that ended in no way that was foreseen, nor is anything tried after it. */
  void brokenOff(Object attempt, Throwable why) {
    tried("broken off by an error", attempt, true, List.of(why.toString()));
    write();
  }

  /**
   * One try.
   *
   * @param on the operation, or whatever it was done to
   * @param tookPlace whether it came to that
   * @param violations what was wrong afterwards
   */
  void tried(String on, boolean tookPlace, Collection<String> violations) {
    Count count = counts.computeIfAbsent(on, any -> new Count());
    count.made++;
    count.tookPlace += tookPlace ? 1 : 0;
    count.violations += violations.isEmpty() ? 0 : 1;
    if (made() % PROGRESS_EVERY == 0) {
      System.out.printf("%s: %d tried so far, violated: %d%n", part, made(), violated());
    }
  }

  /**
   * One try, of which {@link #conclude} will tell what it violated. It goes on after a violation,
   * so that the long form tells all of them, each once; it is printed at once, too.
   *
   * @param attempt what was tried, exactly
   */
  void tried(String on, Object attempt, boolean tookPlace, Collection<String> violated) {
    violated.forEach(v -> {
      violations.putIfAbsent(v, attempt + ": " + v);
      System.out.printf("%s: violated: %s: %s%n", part, attempt, v);
    });
    tried(on, tookPlace, violated);
  }

  /** What is asserted of one try. */
  interface Check {
    void run() throws Exception;
  }

  /** One try, of which whatever does not hold is a violation. */
  void checked(String on, Object attempt, Check check) throws Exception {
    List<String> violated = new ArrayList<>();
    try {
      check.run();
    } catch (AssertionError | ConditionTimeoutException | StatusRuntimeException e) {
      violated.add(e.toString());
    }
    tried(on, attempt, true, violated);
  }

  /** Fails if anything was violated, or nothing took place. */
  void conclude() {
    write();
    assertThat(violations.values()).isEmpty();
    assertThat(tookPlace()).as("how often it came to: %s", part).isPositive();
  }

  int tookPlace() {
    return counts.values().stream().mapToInt(c -> c.tookPlace).sum();
  }

  private int made() {
    return counts.values().stream().mapToInt(c -> c.made).sum();
  }

  private int violated() {
    return counts.values().stream().mapToInt(c -> c.violations).sum();
  }

  /** To be called when all was tried, also before a failure is told. */
  void write() {
    StringBuilder lines = new StringBuilder();
    counts.forEach((on, c) ->
        lines.append(
            String.join(
                    "\t",
                    part,
                    on,
                    Integer.toString(c.made),
                    Integer.toString(c.tookPlace),
                    Integer.toString(c.violations),
                    c.places == 0 ? "" : Integer.toString(c.places))
                + "\n"));
    System.out.print(lines);
    if (!FILE.isEmpty()) {
      try {
        Files.writeString(
            Path.of(FILE), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
