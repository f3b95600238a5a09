package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Files of the daemon's own below the roots, so small that they are written and read at once. */
final class SmallFiles {
  private final Roots roots;

  SmallFiles(Roots roots) {
    this.roots = roots;
  }

  /**
   * Under another name, and renamed over what is there; nothing of it is left when that fails.
   * Written back before, since btrfs commits a file's name without what is only in memory of it.
   */
  void write(ManagedPath path, String content) {
    try (Place place = roots.place(path);
        Place unfinished = roots.place(Layout.unfinished(path))) {
      try {
        fill(unfinished, content.getBytes(StandardCharsets.UTF_8));
        unfinished.rename(place, 0);
      } catch (KernelRefusal e) {
        unfinished.unlinkAfter(e);
        throw e;
      }
    }
  }

  private static void fill(Place unfinished, byte[] bytes) {
    try (Descriptor file = unfinished.create(Syscalls.O_WRONLY | Syscalls.O_TRUNC, 0600)) {
      Syscalls.write(file.fd(), bytes);
      Syscalls.writeBack(file.fd());
    }
  }

  void remove(ManagedPath path) {
    Directories directories = new Directories(roots);
    directories.removeFile(Layout.unfinished(path));
    directories.removeFile(path);
  }

  Optional<byte[]> read(ManagedPath path, int atMost) {
    Optional<Place> found = roots.find(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Place place = found.get();
        Descriptor file = place.open(Syscalls.O_RDONLY | Syscalls.O_NONBLOCK)) {
      if (!file.status().isRegular()) {
        throw roots.obstacles().at(path, Errno.EINVAL);
      }
      return Optional.of(content(file, atMost).orElseThrow(() -> tooLong(path, atMost)));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e.is(Errno.ELOOP) ? roots.obstacles().at(path, e.errno()) : e;
    }
  }

  private static HostException tooLong(ManagedPath path, int atMost) {
    return new HostException(path + " is longer than " + atMost + " bytes", "EFBIG");
  }

  Map<String, Long> checksums(ManagedRoot root, String directory, int atMost) {
    Map<String, Long> sums = new HashMap<>();
    long flags = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY;
    try (Descriptor opened =
        Beneath.open(roots.descriptor(root), directory, flags, Beneath.Mounts.STAY)) {
      DirectoryReader.read(
          opened,
          name ->
              sums.put(new String(name, StandardCharsets.UTF_8), checksum(opened, name, atMost)));
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    return sums;
  }

  private static long checksum(Descriptor directory, byte[] name, int atMost) {
    long flags = Syscalls.O_RDONLY | Syscalls.O_NONBLOCK | Syscalls.O_NOFOLLOW;
    try (Descriptor file =
        Beneath.open(directory, CString.of(name), flags, 0, Beneath.Mounts.STAY)) {
      Optional<byte[]> content =
          file.status().isRegular() ? content(file, atMost) : Optional.empty();
      if (content.isEmpty()) {
        return -1;
      }
      CRC32C sum = new CRC32C();
      sum.update(content.get());
      return sum.getValue();
    } catch (KernelRefusal unreadable) {
      return -1;
    }
  }

  /** Empty if it is longer. */
  private static Optional<byte[]> content(Descriptor file, int atMost) {
    byte[] buffer = new byte[Math.min(atMost + 1, 4096)];
    int length = Syscalls.pread(file.fd(), buffer, 0);
    while (length == buffer.length && length <= atMost) {
      byte[] larger = Arrays.copyOf(buffer, Math.min(atMost + 1, 4 * length));
      byte[] rest = new byte[larger.length - length];
      int more = Syscalls.pread(file.fd(), rest, length);
      System.arraycopy(rest, 0, larger, length, more);
      buffer = larger;
      length += more;
      if (more == 0) {
        break;
      }
    }
    return length > atMost ? Optional.empty() : Optional.of(Arrays.copyOf(buffer, length));
  }
}
