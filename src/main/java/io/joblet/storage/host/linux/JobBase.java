package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.Layout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the roots of all jobs share, in the hidden directory {@value #NAME} of the jobs directory: a
 * minimal {@code /etc}, device nodes, and a busybox for jobs that want nothing else. Made again at
 * each start and shown read-only in jobs.
 *
 * <p>It is a file system of its own, in memory, because a bind mount names its directory by the
 * path from the top of its file system, in /proc/self/mountinfo of every job, and that path would
 * be the host's. A reboot takes it away; a daemon that was killed has left it mounted, and the next
 * goes on with it.
 */
final class JobBase {
  static final String NAME = Layout.JOB_BASE;

  private static final String SOURCE = "joblet-base";

  /** A busybox is 2 MB, certificates are less; pages are taken only when they are used. */
  private static final long BYTES = 64L << 20;

  private static final int INODES = 16_384;

  private final Path place;
  private final HelperProgram helper;

  private JobBase(Path place, HelperProgram helper) {
    this.place = place;
    this.helper = helper;
  }

  /** Makes or refreshes it. Jobs that run see what changes. */
  static JobBase make(Path jobs, Path etc, HelperProgram helper) {
    JobBase base = new JobBase(jobs.resolve(NAME), helper);
    base.makeDirectory();
    base.mount();
    EtcFiles.make(etc, base.place.resolve("etc"));
    DeviceNodes.make(base.place.resolve("dev"));
    return base;
  }

  private void makeDirectory() {
    try {
      RootDirectories.make(place);
    } catch (KernelRefusal e) {
      throw e.is(Errno.ENOTDIR, Errno.ELOOP) ? Obstacles.at(place, e.errno()) : e;
    }
  }

  /** Its devices are for use, so that it is not {@code nodev}; nobody but root gets here. */
  private void mount() {
    try (Descriptor directory = openDirectory(place)) {
      if (directory.status().mountRoot()) {
        requireOurs(directory);
        return;
      }
      Map<String, String> options = new LinkedHashMap<>();
      options.put("source", SOURCE);
      options.put("size", Long.toString(BYTES));
      options.put("nr_inodes", Integer.toString(INODES));
      options.put("mode", "700");
      try (Descriptor tree = NewMount.make("tmpfs", options, MountCalls.ATTR_NOSUID)) {
        MountCalls.moveMount(tree, directory);
      }
    }
  }

  private void requireOurs(Descriptor mounted) {
    if (!mounted.fileSystem().is(FileSystemStatus.TMPFS)) {
      throw Obstacles.at(place, Errno.EEXIST);
    }
  }

  /** Takes it away when no job is left that shows it, for an uninstall; absent is done. */
  static void release(Path jobs) {
    try (Descriptor parent = openDirectory(jobs);
        Place there = Place.of(parent, NAME)) {
      if (there.status().filter(FileStatus::mountRoot).isPresent()) {
        MountCalls.unmount(parent, NAME);
      }
    }
  }

  Descriptor etc() {
    return open("etc");
  }

  Descriptor devices() {
    return open("dev");
  }

  Userland hostUserland() {
    if (!Userland.hostIsSuitable()) {
      throw new HostException(
          "the host's programs are not where a job could use them; use the minimal userland",
          "ENOENT");
    }
    return Userland.ofHost();
  }

  /** Made at its first use: not every host has a busybox, and few need one. */
  synchronized Userland minimalUserland() {
    Path minimal = place.resolve("minimal");
    Busybox.install(minimal, helper);
    return new Userland(minimal, Set.of("bin", "sbin", "lib", "lib64", "usr"));
  }

  private Descriptor open(String name) {
    return openDirectory(place.resolve(name));
  }

  private static Descriptor openDirectory(Path path) {
    return Syscalls.open(
        path.toString(), Syscalls.O_PATH | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW);
  }
}
