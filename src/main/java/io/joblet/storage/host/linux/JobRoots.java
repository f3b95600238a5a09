package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.JobRoot;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.MountEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Root file systems of jobs. The root itself is a tmpfs of a few directories and symlinks, so it
 * costs no disk and is gone with its mount; userland, {@code /etc} and {@code /dev} are read-only
 * copies of mounts that all jobs share. The root becomes read-only last: a root that is read-only
 * is a finished one.
 */
final class JobRoots {
  private static final String SOURCE = "joblet-job";

  /**
   * These two tell a root from somebody else's tmpfs, so roots of former versions have them too.
   */
  private static final long ROOT_BYTES = 1 << 20;

  private static final int ROOT_INODES = 1024;
  private static final long BYTES_PER_INODE = 1024;
  private static final int LEAST_INODES = 64;

  private static final long HARMLESS = MountCalls.ATTR_NOSUID | MountCalls.ATTR_NODEV;
  private static final long DEVICES =
      MountCalls.ATTR_NOSUID | MountCalls.ATTR_NOEXEC | MountCalls.ATTR_RDONLY;

  private final Roots roots;
  private final Unmounts unmounts;
  private final Once<JobBase> base;

  JobRoots(Roots roots, Unmounts unmounts, Once<JobBase> base) {
    this.roots = roots;
    this.unmounts = unmounts;
    this.base = base;
  }

  void mount(MountJobRoot step) {
    switch (found(step.target())) {
      case FINISHED -> {}
      case BEGUN -> {
        unmount(step);
        build(step);
      }
      case NOTHING -> build(step);
    }
  }

  private enum Found {
    NOTHING,
    BEGUN,
    FINISHED
  }

  private Found found(ManagedPath target) {
    try (Place place = roots.place(target);
        Descriptor there = place.openDirectory()) {
      if (!there.status().mountRoot()) {
        return Found.NOTHING;
      }
      if (!isOurs(there)) {
        throw roots.obstacles().at(target, Errno.EEXIST);
      }
      return there.fileSystem().has(FileSystemStatus.READ_ONLY) ? Found.FINISHED : Found.BEGUN;
    }
  }

  private void build(MountJobRoot step) {
    try (Place place = roots.place(step.target());
        Descriptor target = place.openDirectory();
        Descriptor root = newRoot()) {
      MountCalls.moveMount(root, target);
      MountCalls.makeShared(root);
      fill(root, step.root());
      MountCalls.makeReadOnly(root);
    }
  }

  /** Every mount in the root, then the root; volumes have been taken away before. */
  void unmount(MountJobRoot step) {
    List<ManagedPath> inside =
        mountedIn(step.target()).stream().map(step.target()::resolve).toList();
    unmounts.unmountWithInside(step.target(), inside, JobRoots::isOurs);
  }

  private static Descriptor newRoot() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("source", SOURCE);
    options.put("size", Long.toString(ROOT_BYTES));
    options.put("nr_inodes", Integer.toString(ROOT_INODES));
    options.put("mode", "755");
    return NewMount.make("tmpfs", options, HARMLESS);
  }

  private void fill(Descriptor root, JobRoot wanted) {
    for (String name : List.of("proc", "dev", "tmp", "work", "volumes")) {
      directory(root, name);
    }
    switch (wanted.userland()) {
      case HOST -> base.get().hostUserland().showIn(root);
      case MINIMAL -> base.get().minimalUserland().showIn(root);
      case DIRECTORY -> Userland.of(wanted.directory().orElseThrow()).showIn(root);
    }
    if (wanted.userland() != JobRoot.Userland.DIRECTORY) {
      share(base.get()::etc, root, "etc", HARMLESS | MountCalls.ATTR_RDONLY);
    }
    share(base.get()::devices, root, "dev", DEVICES);
    scratch(root, "tmp", wanted.tmpBytes(), 0, 0, "1777");
    scratch(root, "work", wanted.workBytes(), wanted.uid(), wanted.gid(), "755");
  }

  private static void scratch(
      Descriptor root, String name, long bytes, long uid, long gid, String mode) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("source", SOURCE);
    options.put("size", Long.toString(bytes));
    options.put("nr_inodes", Long.toString(Math.max(LEAST_INODES, bytes / BYTES_PER_INODE)));
    options.put("mode", mode);
    options.put("uid", Long.toString(uid));
    options.put("gid", Long.toString(gid));
    try (Descriptor tree = NewMount.make("tmpfs", options, HARMLESS);
        Descriptor on = enter(root, name)) {
      MountCalls.moveMount(tree, on);
    }
  }

  private static void share(
      Supplier<Descriptor> source, Descriptor root, String name, long attributes) {
    try (Descriptor opened = source.get()) {
      share(opened, root, name, attributes);
    }
  }

  /** Shows a directory of the host in the root, with nothing that is mounted below it. */
  static void share(Descriptor source, Descriptor root, String name, long attributes) {
    directory(root, name);
    try (Descriptor tree = MountCalls.cloneMount(source);
        Descriptor on = enter(root, name)) {
      MountCalls.setAttributes(tree, attributes, false);
      MountCalls.moveMount(tree, on);
    }
  }

  static void directory(Descriptor root, String name) {
    try {
      Syscalls.mkdirat(root.fd(), CString.of(name), 0755);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      return;
    }
    try (Descriptor made = enter(root, name)) {
      Syscalls.fchmod(made.fd(), 0755);
    }
  }

  private static Descriptor enter(Descriptor root, String name) {
    long flags = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW;
    return Beneath.open(root, name, flags, Beneath.Mounts.STAY);
  }

  private List<String> mountedIn(ManagedPath target) {
    List<String> mounted = new ArrayList<>();
    roots
        .find(target)
        .ifPresent(place -> {
          try (place) {
            if (place.status().filter(FileStatus::mountRoot).isEmpty()) {
              return;
            }
            try (Descriptor root = place.openDirectoryForUse()) {
              if (!isOurs(root)) {
                return;
              }
              DirectoryReader.read(
                  root,
                  name -> {
                    if (Syscalls.statx(root.fd(), CString.of(name), Syscalls.AT_SYMLINK_NOFOLLOW)
                        .mountRoot()) {
                      mounted.add(new String(name, StandardCharsets.UTF_8));
                    }
                  });
            }
          }
        });
    return mounted;
  }

  /** Whether a mount, in whichever namespace, is a job's root or a copy of one. */
  static boolean isRoot(MountEntry mount) {
    return mount.type().equals("tmpfs") && mount.source().equals(SOURCE);
  }

  private static boolean isOurs(Descriptor top) {
    FileSystemStatus found = top.fileSystem();
    return found.is(FileSystemStatus.TMPFS)
        && found.sizeBytes() == ROOT_BYTES
        && found.files() == ROOT_INODES;
  }

  /** For callers that need a finished root, open to be copied. */
  Descriptor open(ManagedPath target) {
    try (Place place = roots.place(target)) {
      return place
          .openDirectory()
          .filter(there -> there.status().mountRoot() && isOurs(there))
          .orElseThrow(() -> new HostException(target + " has no root file system", "ENOENT"));
    }
  }
}
