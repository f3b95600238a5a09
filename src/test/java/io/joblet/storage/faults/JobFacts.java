package io.joblet.storage.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What holds a job, told by its command, in a volume where the host can read it whatever becomes of
 * the job.
 *
 * @param whole false if the command was killed while it told
 */
record JobFacts(boolean whole, List<String> lines) {
  /** Of the volume that is told in. */
  static final String VOLUME = "told";

  private static final String WHOLE = "facts";
  private static final String TORN = "writing";

  /**
   * To begin a shell's script with. How many processes its user may have is no limit of a job's,
   * and not every host lets it be taken away.
   */
  static final String TELL =
      """
      {
        echo /proc/[0-9]* /proc/self/fd/*
        grep -E '^(Uid|Gid|Groups|NoNewPrivs|Seccomp|Cap|SigBlk|SigIgn|ShdPnd)' /proc/self/status
        cat /proc/self/cgroup /proc/self/oom_score_adj
        grep -v 'Max processes' /proc/self/limits
        cut -d' ' -f5,6 /proc/self/mountinfo
        cut -d' ' -f5,6 /proc/self/stat
        uname -n; pwd; umask; env
        readlink /proc/self/ns/*
      } > /told/writing 2>&1
      mv /told/writing /told/facts
      """;

  private static final Pattern NAMESPACE = Pattern.compile("(\\w+):\\[\\d+]");

  /** Whether a command has told by now. */
  static boolean told(Path volumes) throws IOException {
    return place(volumes, WHOLE).isPresent();
  }

  /** Takes away what was told, for the next one. */
  static Optional<JobFacts> take(Path volumes) throws IOException {
    for (String name : List.of(WHOLE, TORN)) {
      Optional<Path> place = place(volumes, name);
      if (place.isPresent()) {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(place.get())) {
          lines.add(withoutNumber(line));
        }
        Files.delete(place.get());
        return Optional.of(new JobFacts(name.equals(WHOLE), lines));
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> place(Path volumes, String name) throws IOException {
    try (Stream<Path> all = Files.walk(volumes, 3)) {
      return all.filter(path -> path.getFileName().toString().equals(name)).findFirst();
    } catch (UncheckedIOException renamedMeanwhile) {
      return Optional.empty();
    }
  }

  /** A namespace of its own has another number each time. */
  private static String withoutNumber(String line) throws IOException {
    Matcher namespace = NAMESPACE.matcher(line);
    if (!namespace.matches()) {
      return line;
    }
    String kind = namespace.group(1);
    Path host = Path.of("/proc/self/ns", kind);
    boolean shared = Files.readSymbolicLink(host).toString().equals(line);
    return kind + (shared ? " of the host" : " of its own");
  }

  /** What is otherwise than in that one. */
  List<String> differences(JobFacts other) {
    List<String> differences = new ArrayList<>();
    if (whole) {
      lines.stream()
          .filter(line -> !other.lines.contains(line))
          .forEach(line -> differences.add("it was held otherwise: " + line));
      other.lines.stream()
          .filter(line -> !lines.contains(line))
          .forEach(line -> differences.add("it was not held as usual: " + line));
    }
    return differences;
  }
}
