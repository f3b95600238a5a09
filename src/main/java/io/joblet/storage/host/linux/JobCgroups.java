package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.JobLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A cgroup for each job, named by its id, below one directory of this daemon in each hierarchy. All
 * that is known about them is in the kernel: a daemon that starts again finds them by listing.
 */
final class JobCgroups implements AutoCloseable {
  private static final String MEMORY_V1 = "memory.limit_in_bytes";

  private final Once<CgroupTrees> trees;
  private final Processes processes;

  /**
   * Nothing is looked at before the first question.
   *
   * @param home the name of this daemon's directory, which no other daemon uses
   */
  JobCgroups(String home, Processes processes) {
    this.trees = new Once<>(() -> CgroupTrees.open(MountTable.read(), home));
    this.processes = processes;
  }

  /** Under the lock, since the last cgroup that goes takes the daemon's directory along. */
  synchronized void make(MakeJobCgroup step) {
    for (CgroupTree tree : trees.get().usable()) {
      if (tree.needed(step.limits()) || exists(tree, step.job())) {
        try (Cgroup home = tree.makeHome();
            Cgroup cgroup = home.make(step.job().toString())) {
          limit(tree, cgroup, step.limits());
        }
      }
    }
  }

  private static boolean exists(CgroupTree tree, UUID job) {
    Optional<Cgroup> found = tree.find(job.toString());
    found.ifPresent(Cgroup::close);
    return found.isPresent();
  }

  private static void limit(CgroupTree tree, Cgroup cgroup, JobLimits limits) {
    if (tree.has(Controller.PIDS)) {
      cgroup.set("pids.max", orMax(limits.processes()));
    }
    if (!tree.has(Controller.MEMORY)) {
      return;
    }
    if (tree.unified()) {
      cgroup.set("memory.max", orMax(limits.memoryBytes()));
    } else if (limits.memoryBytes() != 0) {
      cgroup.set(MEMORY_V1, Long.toString(limits.memoryBytes()));
    } else {
      // No limit reads back as the largest number that it counts to.
      cgroup.write(MEMORY_V1, "-1");
    }
  }

  private static String orMax(long value) {
    return value == 0 ? "max" : Long.toString(value);
  }

  /** Removes it everywhere, or fails and names who is in it. */
  void remove(UUID job) {
    for (CgroupTree tree : trees.get().usable()) {
      try (Cgroup home = tree.findHome().orElse(null)) {
        if (home != null) {
          CgroupEnd.remove(home, job.toString(), processes);
        }
      }
      removeHomeIfEmpty(tree);
    }
  }

  private synchronized void removeHomeIfEmpty(CgroupTree tree) {
    tree.removeHomeIfEmpty();
  }

  Set<UUID> all() {
    Set<UUID> jobs = new HashSet<>();
    trees.get().usable().forEach(tree -> jobs.addAll(tree.jobs()));
    return jobs;
  }

  List<String> unenforced(JobLimits limits) {
    List<String> missing = new ArrayList<>();
    if (limits.processes() != 0) {
      trees
          .get()
          .lacks(Controller.PIDS)
          .ifPresent(why -> missing.add("the number of processes is not limited: " + why));
    }
    if (limits.memoryBytes() != 0) {
      trees
          .get()
          .lacks(Controller.MEMORY)
          .ifPresent(why -> missing.add("memory is not limited: " + why));
    }
    return missing;
  }

  /** Ways into the job's cgroups; none for a job without one. The caller closes them. */
  Entrances entrances(UUID job) {
    Optional<Descriptor> unified = Optional.empty();
    List<Descriptor> tasks = new ArrayList<>();
    try {
      for (CgroupTree tree : trees.get().usable()) {
        Cgroup cgroup = tree.find(job.toString()).orElse(null);
        if (cgroup != null && tree.unified()) {
          unified = Optional.of(cgroup.directory());
        } else if (cgroup != null) {
          try (cgroup) {
            tasks.add(cgroup.openToWrite(Cgroup.TASKS));
          }
        }
      }
      return new Entrances(unified, tasks);
    } catch (RuntimeException e) {
      new Entrances(unified, tasks).close();
      throw e;
    }
  }

  void killAll(UUID job) {
    List<Cgroup> cgroups = new ArrayList<>();
    try {
      for (CgroupTree tree : trees.get().usable()) {
        tree.find(job.toString()).ifPresent(cgroups::add);
      }
      CgroupEnd.kill(cgroups, processes);
    } finally {
      cgroups.forEach(Cgroup::close);
    }
  }

  /** Where the job's I/O is limited; empty for a job without a cgroup. */
  Optional<Cgroup> io(UUID job) {
    return trees.get().with(Controller.IO).flatMap(tree -> tree.find(job.toString()));
  }

  CgroupTrees trees() {
    return trees.get();
  }

  @Override
  public void close() {
    trees.ifMade().ifPresent(CgroupTrees::close);
  }
}
