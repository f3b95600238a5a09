package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.Pin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Other mount namespaces and what they show: a job's, or that of any service which was started with
 * its own while something of ours was mounted. They go on showing it after the daemon has unmounted
 * its own. What is here was so when it was read.
 */
final class Namespaces {
  private final Map<Long, MountEntry> own;
  private final Map<Long, List<MountEntry>> foreign;

  private Namespaces(Map<Long, MountEntry> own, Map<Long, List<MountEntry>> foreign) {
    this.own = own;
    this.foreign = foreign;
  }

  static Namespaces read() {
    Map<Long, List<MountEntry>> foreign = new LinkedHashMap<>();
    for (long pid : foreignMembers()) {
      Sysfs.text("/proc/" + pid + "/mountinfo")
          .ifPresent(text -> foreign.put(pid, MountTable.parse(text)));
    }
    Map<Long, MountEntry> own = new HashMap<>();
    if (!foreign.isEmpty()) {
      MountTable.read().forEach(mount -> own.put(mount.mountId(), mount));
    }
    return new Namespaces(own, foreign);
  }

  /** Whether there is no namespace but the daemon's. */
  boolean areEmpty() {
    return foreign.isEmpty();
  }

  /** A mount of the daemon's namespace; only where there are others, nothing was read otherwise. */
  Optional<MountEntry> own(long mountId) {
    return Optional.ofNullable(own.get(mountId));
  }

  /**
   * One process for each foreign namespace in which {@code root} of {@code device}, or something
   * below it, is mounted. A mount of something above it, such as the whole pool, does not count.
   */
  List<Pin> showing(String device, String root) {
    List<Pin> pins = new ArrayList<>();
    foreign.forEach((pid, mounts) ->
        mounts.stream()
            .filter(m -> m.device().equals(device) && MountTable.isAtOrBelow(m.root(), root))
            .findFirst()
            .ifPresent(mount -> pins.add(pin(pid, mount))));
    return pins;
  }

  private static Pin pin(long pid, MountEntry mount) {
    return new Pin(pid, Processes.command(pid), "mount namespace, at " + mount.target());
  }

  static Optional<String> of(String process) {
    try {
      return Optional.of(
          Files.readSymbolicLink(Path.of("/proc/" + process + "/ns/mnt")).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Collection<Long> foreignMembers() {
    Map<String, Long> members = new LinkedHashMap<>();
    for (long pid : Processes.all()) {
      of(Long.toString(pid)).ifPresent(namespace -> members.putIfAbsent(namespace, pid));
    }
    of("thread-self").ifPresent(members::remove);
    return members.values();
  }
}
