package io.joblet.storage.host.linux;

import io.joblet.storage.host.Pin;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds processes that hold something: by their working directory, root, program, open files and
 * mapped files. What cannot be read, e.g. of a process that ends meanwhile, is passed over.
 */
final class Pins {
  private static final int NO_AUTOMOUNT = 0x800;
  private static final int DO_NOT_ASK_SERVER = 0x4000;

  /** Processes that keep the mount of that id busy, in whichever namespace it is. */
  List<Pin> ofMount(long mountId) {
    return ofMounts(Set.of(mountId));
  }

  /** Processes that keep one of the mounts of those ids busy. */
  List<Pin> ofMounts(Set<Long> mountIds) {
    return mountIds.isEmpty() ? List.of() : of(status -> mountIds.contains(status.mountId()));
  }

  /**
   * Processes whose root or working directory is in a directory.
   *
   * @param directories by the mount they are on: its id, and the path in the mount's namespace. The
   *     path alone would tell nothing, where others can have mounted what has the same one.
   */
  List<Pin> livingIn(Map<Long, String> directories) {
    List<Pin> pins = new ArrayList<>();
    for (long pid : directories.isEmpty() ? List.<Long>of() : Processes.all()) {
      Processes.WHEREABOUTS.stream()
          .flatMap(link -> place(pid, link, directories).stream())
          .findFirst()
          .ifPresent(place -> pins.add(new Pin(pid, Processes.command(pid), "in " + place)));
    }
    return pins;
  }

  private static Optional<String> place(long pid, String link, Map<Long, String> directories) {
    return status("/proc/" + pid + "/" + link)
        .map(status -> directories.get(status.mountId()))
        .flatMap(directory ->
            Processes.followed(pid, link)
                .filter(place -> MountTable.isAtOrBelow(place, directory)));
  }

  /** Processes of any namespace that hold something on the device. */
  List<Pin> ofDevice(FileStatus.Device device) {
    return of(status -> status.device().equals(device));
  }

  /** The first hold of each process. */
  private static List<Pin> of(Predicate<FileStatus> held) {
    List<Pin> pins = new ArrayList<>();
    for (long pid : Processes.all()) {
      how(pid, held).ifPresent(how -> pins.add(new Pin(pid, Processes.command(pid), how)));
    }
    return pins;
  }

  private static Optional<String> how(long pid, Predicate<FileStatus> held) {
    String process = "/proc/" + pid + "/";
    for (String link : List.of("cwd", "root", "exe")) {
      if (holds(process + link, held)) {
        return Optional.of(link);
      }
    }
    return anyOf(process + "fd", held)
        .map(fd -> "fd " + fd)
        .or(() -> anyOf(process + "map_files", held).map(range -> "mapped file"));
  }

  private static Optional<String> anyOf(String directory, Predicate<FileStatus> held) {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of(directory))) {
      for (Path link : links) {
        if (holds(link.toString(), held)) {
          return Optional.of(link.getFileName().toString());
        }
      }
      return Optional.empty();
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return Optional.empty();
    }
  }

  private static boolean holds(String link, Predicate<FileStatus> held) {
    return status(link).filter(held).isPresent();
  }

  private static Optional<FileStatus> status(String link) {
    try {
      return Optional.of(
          Syscalls.statx(Syscalls.AT_FDCWD, CString.of(link), NO_AUTOMOUNT | DO_NOT_ASK_SERVER));
    } catch (KernelRefusal e) {
      return Optional.empty();
    }
  }
}
