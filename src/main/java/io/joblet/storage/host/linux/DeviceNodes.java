package io.joblet.storage.host.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A job's {@code /dev}: the harmless devices and nothing else. Numbers as in the kernel's {@code
 * Documentation/admin-guide/devices.txt}. The symlinks bring no device; without them {@code >
 * /dev/stdout} and {@code <(...)} fail.
 */
final class DeviceNodes {
  private record Node(String name, int major, int minor) {}

  private static final List<Node> NODES =
      List.of(
          new Node("null", 1, 3),
          new Node("zero", 1, 5),
          new Node("full", 1, 7),
          new Node("random", 1, 8),
          new Node("urandom", 1, 9),
          new Node("tty", 5, 0));

  private static final Map<String, String> LINKS =
      Map.of(
          "fd", "/proc/self/fd",
          "stdin", "/proc/self/fd/0",
          "stdout", "/proc/self/fd/1",
          "stderr", "/proc/self/fd/2",
          "ptmx", "pts/ptmx");

  private DeviceNodes() {}

  static void make(Path directory) {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      RootDirectories.make(directory);
    }
    try (Descriptor dev =
        Syscalls.open(
            directory.toString(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW)) {
      Syscalls.fchmod(dev.fd(), 0755);
      JobRoots.directory(dev, "pts");
      JobRoots.directory(dev, "shm");
      for (Node node : NODES) {
        Path path = directory.resolve(node.name());
        if (!Files.exists(path)) {
          Syscalls.mknodat(dev.fd(), CString.of(node.name()), 0666, node.major(), node.minor());
        }
        // The umask took away from the mode.
        Files.setPosixFilePermissions(
            path, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
      }
      for (Map.Entry<String, String> link : LINKS.entrySet()) {
        Path path = directory.resolve(link.getKey());
        if (!Files.isSymbolicLink(path)) {
          Files.createSymbolicLink(path, Path.of(link.getValue()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the device nodes of jobs", e);
    }
  }
}
