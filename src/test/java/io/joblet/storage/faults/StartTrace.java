package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * strace(1) on a whole daemon from its first call, its PostgreSQL and helpers included. It counts
 * the calls of each thread by themselves, so only such calls are told apart that no other program
 * and no part of the JVM makes.
 */
final class StartTrace {
  private static final String LOOK = "openat2";
  private static final Set<String> OURS =
      Set.of(
          "mkdirat",
          "unlinkat",
          "renameat2",
          "umount2",
          "open_tree",
          "mount_setattr",
          "move_mount",
          "fsopen",
          "fsconfig",
          "fsmount",
          "fspick",
          "fchown",
          "fsetxattr",
          "syncfs");
  private static final Set<String> SHARED = Set.of("ioctl", "fallocate", "ftruncate");

  private StartTrace() {}

  /** The words before the daemon's command. */
  static List<String> words(Path log) {
    String traced =
        Stream.of(OURS, SHARED, Set.of(LOOK)).flatMap(Set::stream).collect(Collectors.joining(","));
    return List.of(
        "strace", "-D", "-f", "--seccomp-bpf", "-o", log.toString(), "-e", "trace=" + traced);
  }

  /**
   * The same for a start that dies before it makes that call; slower, since with {@code
   * --seccomp-bpf} strace 6.1 injects at the first call of a name only.
   */
  static List<String> killing(HostCall call) {
    return injecting(call, "signal=KILL", Path.of("/dev/null"));
  }

  /** The same for one in which that call fails; the log has {@code (INJECTED)} where it did. */
  static List<String> failing(HostCall call, String errno, Path log) {
    return injecting(call, "error=" + errno, log);
  }

  private static List<String> injecting(HostCall call, String what, Path log) {
    String inject = "inject=" + call.name() + ":" + what + ":when=" + call.ordinal();
    return List.of(
        "strace", "-D", "-f", "-o", log.toString(), "-e", "trace=" + call.name(), "-e", inject);
  }

  /** What fails as itself in a start, each by its name and number. */
  static List<HostCall> calls(Path log) throws IOException {
    return threads(log).stream()
        .flatMap(List::stream)
        .filter(call -> OURS.contains(call.name()) || call.name().equals(LOOK))
        .distinct()
        .toList();
  }

  /**
   * One place in every gap between two calls that changed something: the change itself, or, where
   * others make such calls too, the look after the one before.
   */
  static List<HostCall> places(Path log) throws IOException {
    return threads(log).stream().flatMap(calls -> places(calls).stream()).distinct().toList();
  }

  private static Collection<List<HostCall>> threads(Path log) throws IOException {
    Map<String, List<HostCall>> threads = new LinkedHashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : Files.readAllLines(log)) {
      String[] parts = line.split(" +", 2);
      int parenthesis = parts.length < 2 ? -1 : parts[1].indexOf('(');
      if (parenthesis > 0 && Character.isLetter(parts[1].charAt(0))) {
        String name = parts[1].substring(0, parenthesis);
        int ordinal = seen.merge(parts[0] + name, 1, Integer::sum);
        threads
            .computeIfAbsent(parts[0], t -> new ArrayList<>())
            .add(new HostCall(name, ordinal, parts[1]));
      }
    }
    return threads.values();
  }

  private static List<HostCall> places(List<HostCall> calls) {
    List<HostCall> places = new ArrayList<>();
    HostCall look = null;
    boolean changed = false;
    for (HostCall call : calls) {
      if (call.name().equals(LOOK)) {
        look = call;
      } else if (call.changes() && !call.line().contains(" = -1 ")) {
        if (OURS.contains(call.name())) {
          places.add(call);
        } else if (look != null) {
          places.add(look);
        }
        look = null;
        changed = true;
      }
    }
    if (changed && look != null) {
      places.add(look);
    }
    return places;
  }
}
