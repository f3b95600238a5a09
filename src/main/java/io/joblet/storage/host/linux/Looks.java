package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.Space;
import io.joblet.storage.host.Host.Top;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Questions about what is below the roots. */
final class Looks {
  private final Roots roots;

  Looks(Roots roots) {
    this.roots = roots;
  }

  /** An absent directory has no names. */
  Set<String> list(ManagedRoot root, String directory) {
    String relative = directory.isEmpty() ? "." : ManagedPath.of(root, directory).relative();
    return names(root, relative, Long.MAX_VALUE);
  }

  /** Of one that is absent, none. Reads no further than it needs for so many. */
  private Set<String> names(ManagedRoot root, String relative, long enough) {
    Set<String> names = new HashSet<>();
    long flags = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY;
    try (Descriptor opened =
        Beneath.open(roots.descriptor(root), relative, flags, Beneath.Mounts.STAY)) {
      DirectoryReader.readSome(
          opened, enough, name -> names.add(new String(name, StandardCharsets.UTF_8)));
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    return names;
  }

  boolean exists(ManagedPath path) {
    return status(path).isPresent();
  }

  Optional<FileStatus> status(ManagedPath path) {
    Optional<Place> found = roots.find(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Place place = found.get()) {
      return place.status();
    }
  }

  boolean isExt4(ManagedPath path) {
    return inFile(path, Ext4Top::isIn).orElse(false);
  }

  boolean wasUsed(ManagedPath path) {
    return status(path).filter(FileStatus::isDirectory).isPresent()
        // Its owner may have made any number of names.
        ? !names(path.root(), path.relative(), 1).isEmpty()
        : inFile(path, file -> Ext4Top.isIn(file) && Ext4Top.wasMounted(file)).orElse(false);
  }

  Optional<Top> top(ManagedPath path) {
    Optional<FileStatus> there = status(path).filter(FileStatus::isDirectory);
    return there.isPresent()
        ? there.map(s -> top(s.uid(), s.gid(), s.permissions()))
        : inFile(path, file -> Ext4Top.isIn(file) ? Ext4Top.read(file) : null)
            .map(t -> top(t.uid(), t.gid(), t.mode()));
  }

  private static Top top(int uid, int gid, int mode) {
    return new Top(Integer.toUnsignedLong(uid), Integer.toUnsignedLong(gid), mode & 0777);
  }

  /** Empty if there is no regular file. Never waits for the writer of a pipe. */
  private <T> Optional<T> inFile(ManagedPath path, Function<Descriptor, T> question) {
    Optional<Place> found = roots.find(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Place place = found.get()) {
      if (place.status().filter(FileStatus::isRegular).isEmpty()) {
        return Optional.empty();
      }
      try (Descriptor file = place.open(Syscalls.O_RDONLY | Syscalls.O_NONBLOCK)) {
        return file.status().isRegular()
            ? Optional.ofNullable(question.apply(file))
            : Optional.empty();
      }
    }
  }

  Optional<Space> mountedSpace(ManagedPath path) {
    Optional<Place> found = roots.find(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Place place = found.get()) {
      if (place.status().filter(FileStatus::mountRoot).isEmpty()) {
        return Optional.empty();
      }
      try (Descriptor top = place.openDirectory()) {
        return Optional.of(top.fileSystem().space());
      }
    }
  }

  List<MountEntry> mounts() {
    String volumes = roots.path(ManagedRoot.VOLUMES).toString();
    String jobs = roots.path(ManagedRoot.JOBS).toString();
    String base = roots.path(ManagedRoot.JOBS).resolve(JobBase.NAME).toString();
    return MountTable.read().stream()
        .filter(m -> !m.target().equals(base))
        .filter(m ->
            MountTable.isAtOrBelow(m.target(), volumes) || MountTable.isAtOrBelow(m.target(), jobs))
        .toList();
  }
}
