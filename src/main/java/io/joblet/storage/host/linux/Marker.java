package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.Layout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** The file in the pool that says which database it belongs to. */
final class Marker {
  private static final String UNFINISHED = Layout.MARKER + ".unfinished";
  private static final int LONGEST = 64;

  private final Descriptor root;

  Marker(Descriptor root) {
    this.root = root;
  }

  Optional<UUID> read() {
    try (Place place = Place.of(root, Layout.MARKER);
        Descriptor file = place.open(Syscalls.O_RDONLY)) {
      byte[] bytes = new byte[LONGEST];
      int length = Syscalls.pread(file.fd(), bytes, 0);
      String text = new String(bytes, 0, length, StandardCharsets.US_ASCII).strip();
      return Optional.of(UUID.fromString(text));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    } catch (IllegalArgumentException e) {
      throw new HostException("the file " + Layout.MARKER + " in the pool holds no UUID", e);
    }
  }

  /** Another one in place of {@code former}, whole whenever the daemon is killed. */
  void replace(UUID former, UUID id) {
    if (read().filter(id::equals).isEmpty()) {
      requireSame(former);
      try (Place unfinished = unfinished(id)) {
        int parent = unfinished.parent().fd();
        Syscalls.rename(parent, unfinished.cName(), parent, CString.of(Layout.MARKER), 0);
      }
    }
    Syscalls.fsync(root.fd());
  }

  private Place unfinished(UUID id) {
    Place unfinished = Place.of(root, UNFINISHED);
    try (Descriptor file = unfinished.create(Syscalls.O_RDWR | Syscalls.O_TRUNC, 0600)) {
      Syscalls.pwrite(file.fd(), (id + "\n").getBytes(StandardCharsets.US_ASCII), 0);
      Syscalls.fsync(file.fd());
      return unfinished;
    } catch (RuntimeException e) {
      unfinished.close();
      throw e;
    }
  }

  /** Written under another name and renamed without replacing, so it is whole or absent. */
  void write(UUID id) {
    try (Place unfinished = unfinished(id)) {
      int parent = unfinished.parent().fd();
      try {
        Syscalls.rename(
            parent,
            unfinished.cName(),
            parent,
            CString.of(Layout.MARKER),
            Syscalls.RENAME_NOREPLACE);
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EEXIST)) {
          throw e;
        }
        unfinished.unlink();
        requireSame(id);
      }
      Syscalls.fsync(parent);
    }
  }

  private void requireSame(UUID id) {
    UUID there = read().orElseThrow();
    if (!there.equals(id)) {
      throw new HostException(
          "the pool belongs to installation " + there + ", not to " + id, "EEXIST");
    }
  }
}
