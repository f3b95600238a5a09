package io.joblet.storage.host.linux;

import io.joblet.storage.host.JobLimits;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One hierarchy with the directory of this daemon in it, e.g. {@code
 * /sys/fs/cgroup/pids/joblet-1a2b3c4d}, which is there while a job's cgroup is.
 */
final class CgroupTree implements AutoCloseable {
  private static final long CGROUP = 0x27e0ebL;
  private static final long CGROUP2 = 0x63677270L;
  private static final String CONTROLLERS = "cgroup.controllers";
  private static final String SUBTREE = "cgroup.subtree_control";

  private final Cgroup top;
  private final String home;
  private final Set<Controller> controllers;

  private CgroupTree(Cgroup top, String home, Set<Controller> controllers) {
    this.top = top;
    this.home = home;
    this.controllers = controllers;
  }

  /**
   * Opens it and proves that cgroups can be made there.
   *
   * @throws KernelRefusal as EROFS or EACCES where they cannot
   */
  static CgroupTree open(CgroupMount mount, String home) {
    Cgroup top =
        new Cgroup(
            Syscalls.open(mount.path(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY), mount.unified());
    try {
      if (!top.directory().fileSystem().is(mount.unified() ? CGROUP2 : CGROUP)) {
        // Something else has been mounted over it.
        throw new KernelRefusal("fstatfs " + mount.path(), 19);
      }
      Set<Controller> handed = mount.unified() ? handDown(top) : mount.controllers();
      CgroupTree tree = new CgroupTree(top, home, handed);
      tree.makeHome().close();
      tree.removeHomeIfEmpty();
      return tree;
    } catch (RuntimeException e) {
      top.close();
      throw e;
    }
  }

  /**
   * Lets the cgroups below use what this one has, each controller for itself: one that the kernel
   * lacks is EINVAL, and all of them EBUSY where processes live in this cgroup and it is not the
   * root of all (cgroups(7), "no internal processes").
   *
   * @return what they can use
   */
  static Set<Controller> handDown(Cgroup cgroup) {
    Set<Controller> wanted = EnumSet.noneOf(Controller.class);
    wanted.addAll(Controller.ofUnified(cgroup.read(CONTROLLERS)));
    if (wanted.isEmpty()) {
      return wanted;
    }
    wanted.removeAll(Controller.ofUnified(cgroup.read(SUBTREE)));
    for (Controller controller : wanted) {
      try {
        cgroup.write(SUBTREE, "+" + controller.unifiedName());
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EBUSY, Errno.EOPNOTSUPP) && !e.is(Errno.EINVAL, Errno.ENOENT)) {
          throw e;
        }
      }
    }
    return Controller.ofUnified(cgroup.read(SUBTREE));
  }

  boolean unified() {
    return top.unified();
  }

  /**
   * Whether a job with these limits has to be in it. A memory cgroup of version 1 only for its
   * limit: it would take the job out of the daemon's own for nothing.
   */
  boolean needed(JobLimits limits) {
    return unified() || limits.memoryBytes() != 0 || has(Controller.PIDS) || has(Controller.IO);
  }

  boolean has(Controller controller) {
    return controllers.contains(controller);
  }

  Cgroup makeHome() {
    Cgroup made = top.make(home);
    if (unified()) {
      handDown(made);
    }
    return made;
  }

  Optional<Cgroup> findHome() {
    return top.find(home);
  }

  /** The cgroup of that name in the daemon's own. */
  Optional<Cgroup> find(String name) {
    try (Cgroup found = findHome().orElse(null)) {
      return found == null ? Optional.empty() : found.find(name);
    }
  }

  /** The jobs that have a cgroup in the daemon's own. */
  Set<UUID> jobs() {
    Set<UUID> jobs = new HashSet<>();
    try (Cgroup own = findHome().orElse(null)) {
      if (own != null) {
        own.names().forEach(name -> JobIds.parse(name).ifPresent(jobs::add));
      }
    }
    return jobs;
  }

  /**
   * Tries again what is refused without a job in it: nobody else would before the next job ends.
   */
  void removeHomeIfEmpty() {
    if (!removeHome() && jobs().isEmpty()) {
      removeHome();
    }
  }

  /** Returns whether it is gone; it is not while something is in it. */
  private boolean removeHome() {
    try {
      top.remove(home);
      return true;
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EBUSY, Errno.ENOTEMPTY)) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void close() {
    top.close();
  }
}
