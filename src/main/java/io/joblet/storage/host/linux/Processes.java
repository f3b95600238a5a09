package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who a process is: a pid is used again, a pid with its start time in one boot is not. Reads {@code
 * /proc/pid/stat}, proc(5).
 */
final class Processes {
  /** The links in {@code /proc/pid} to where a process lives. */
  static final List<String> WHEREABOUTS = List.of("root", "cwd");

  private static final Path PROC = Path.of("/proc");

  private final String bootId;

  Processes() {
    bootId =
        Sysfs.text("/proc/sys/kernel/random/boot_id")
            .orElseThrow(() -> new IllegalStateException("/proc is not mounted"));
  }

  String bootId() {
    return bootId;
  }

  /** A zombie is nobody: nothing of it runs, and it holds nothing. */
  Optional<ProcessIdentity> identify(long pid) {
    try {
      return read(pid)
          .filter(Stat::runs)
          .map(stat -> new ProcessIdentity(bootId, pid, stat.startTicks()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the state of process " + pid, e);
    }
  }

  boolean alive(ProcessIdentity process) {
    if (!process.bootId().equals(bootId)) {
      return false;
    }
    try {
      return read(process.pid())
          .filter(Stat::runs)
          .filter(stat -> stat.startTicks() == process.startTicks())
          .isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  static List<Long> all() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      entries.forEach(entry -> pids.add(Long.parseLong(entry.getFileName().toString())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list processes", e);
    }
    return pids;
  }

  /** A process's root and working directory, as paths from the root of its mount namespace. */
  static List<String> whereabouts(long pid) {
    return WHEREABOUTS.stream().flatMap(link -> followed(pid, link).stream()).toList();
  }

  /** Empty for one that ended meanwhile, and for a kernel thread. */
  static Optional<String> followed(long pid, String link) {
    try {
      return Optional.of(Files.readSymbolicLink(PROC.resolve(pid + "/" + link)).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A child that has not executed its program yet: it has copies of what this process has open. */
  static boolean beingStarted(long pid) {
    Optional<ProcessHandle> parent = ProcessHandle.of(pid).flatMap(ProcessHandle::parent);
    return parent.filter(ProcessHandle.current()::equals).isPresent()
        && followed(pid, "exe").equals(followed(ProcessHandle.current().pid(), "exe"));
  }

  static String command(long pid) {
    return Sysfs.text("/proc/" + pid + "/comm").orElse("?");
  }

  private static Optional<Stat> read(long pid) throws IOException {
    try {
      byte[] stat = Files.readAllBytes(PROC.resolve(pid + "/stat"));
      return Optional.of(Stat.parse(new String(stat, StandardCharsets.ISO_8859_1)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (!Files.exists(PROC.resolve(Long.toString(pid)))) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The fields of a stat line that tell who it is.
   *
   * @param threads how many are left; a leader that ended before its threads looks like a zombie
   */
  record Stat(char state, long threads, long startTicks) {
    /** The command in field 2 may contain anything, {@code ") R "} too, but it ends last. */
    static Stat parse(String line) {
      String[] afterCommand = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      return new Stat(
          afterCommand[0].charAt(0),
          Long.parseLong(afterCommand[20 - 3]),
          Long.parseLong(afterCommand[22 - 3].strip()));
    }

    boolean runs() {
      boolean ended = state == 'Z' || state == 'X';
      return !ended || threads > 1;
    }
  }
}
