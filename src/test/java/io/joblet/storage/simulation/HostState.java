package io.joblet.storage.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What is on the simulated host: it outlives the daemon. Paths are those of {@code
 * ManagedPath.toString}. Plain data; {@link SimulatedHost} has the rules.
 */
final class HostState {
  /** Something in a directory; {@code qgroup} is 0 and {@code size} is 0 where it has none. */
  record Entry(String kind, long qgroup, long size, long born) {}

  /**
   * A mount.
   *
   * @param kind tmpfs, image, bind or root
   * @param source the path that is shown; of a tmpfs or a root its own
   */
  record Mount(long id, String kind, String source, long size, boolean readOnly, long device) {}

  /** A process, by its pid. */
  record Running(long startTicks, boolean alive) {}

  final TreeMap<String, Entry> entries = new TreeMap<>();
  final TreeMap<String, Mount> mounts = new TreeMap<>();
  final TreeMap<Long, Long> qgroups = new TreeMap<>();
  final Map<Long, Running> processes = new HashMap<>();
  final StableStorage stable = new StableStorage();
  Optional<UUID> installation = Optional.empty();
  private final Map<String, String> contents = new HashMap<>();
  private long numbers;
  private int boots;

  long number() {
    return ++numbers;
  }

  void write(String path, String content) {
    entries.put(path, new Entry("file", 0, 0, number()));
    contents.put(path, content);
  }

  /** What is in a file that is there again. */
  void hold(String path, String content) {
    contents.put(path, content);
  }

  /** What is in a file; null if there is none. */
  String content(String path) {
    return entries.containsKey(path) ? contents.get(path) : null;
  }

  String bootId() {
    return "boot-" + boots;
  }

  /** All mounts and processes are gone, and what lay in roots of jobs with them. */
  void reboot() {
    boots++;
    mounts.forEach((target, mount) -> {
      if (mount.kind().equals("root")) {
        forgetBelow(target);
      }
    });
    mounts.clear();
    processes.clear();
  }

  /** A reboot that nobody prepared for. */
  void losePower() {
    stable.restore(this);
    reboot();
  }

  void forgetBelow(String path) {
    entries.subMap(path + "/", path + "0").clear();
  }

  boolean hasBelow(String path) {
    return !entries.subMap(path + "/", path + "0").isEmpty() || hasMountBelow(path);
  }

  boolean hasMountBelow(String path) {
    return !mounts.subMap(path + "/", path + "0").isEmpty();
  }

  void start(long pid) {
    Running former = processes.get(pid);
    if (former == null || !former.alive()) {
      processes.put(pid, new Running(number(), true));
    }
  }

  void end(long pid) {
    processes.computeIfPresent(pid, (id, p) -> new Running(p.startTicks(), false));
  }

  /** All of it, a line each, to be compared. */
  Set<String> lines() {
    Set<String> lines = new TreeSet<>();
    entries.forEach((path, e) ->
        lines.add(
            path
                + " "
                + e.kind()
                + (e.qgroup() == 0 ? "" : " 1/" + e.qgroup())
                + (e.size() == 0 ? "" : " " + e.size())));
    mounts.forEach((target, m) ->
        lines.add(
            target
                + " is mounted: "
                + m.kind()
                + " "
                + m.source()
                + (m.size() == 0 ? "" : " " + m.size())
                + (m.readOnly() ? " ro" : "")));
    qgroups.forEach((id, limit) -> lines.add("qgroup 1/" + id + " " + limit));
    return lines;
  }
}
