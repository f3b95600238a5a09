package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.LimitJobIo;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.linux.FileStatus.Device;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Limits of jobs' I/O. The kernel has one rule for a cgroup and a disk, and several volumes of a
 * job may lie on one disk; so each volume's wish is marked, and the rule is what the marks make.
 */
final class JobIo {
  private static final int LOCKS = 64;

  private final Roots roots;
  private final JobCgroups cgroups;
  private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();

  JobIo(Roots roots, JobCgroups cgroups) {
    this.roots = roots;
    this.cgroups = cgroups;
  }

  void limit(LimitJobIo step) {
    if (step.limits().none()) {
      lift(step);
      return;
    }
    if (cgroups.trees().with(Controller.IO).isEmpty()) {
      return;
    }
    Set<Device> disks = disks(step.volume()).devices();
    synchronized (lock(step.job())) {
      try (Cgroup cgroup = cgroups.io(step.job()).orElse(null)) {
        if (cgroup == null) {
          throw new HostException("the job has no cgroup", "ENOENT");
        }
        String key = IoMarks.key(step.attachment());
        IoMarks marks = new IoMarks(cgroup);
        Optional<IoMarks.Mark> former = Optional.ofNullable(marks.all().get(key));
        // Of a former mount, whose disk may be another one now.
        if (former.filter(mark -> !mark.disks().equals(disks)).isPresent()) {
          drop(cgroup, marks, key, former.get());
        }
        if (!disks.isEmpty()) {
          marks.put(key, new IoMarks.Mark(disks, step.limits()));
          setRules(cgroup, disks, marks.all());
        }
      }
    }
  }

  void lift(LimitJobIo step) {
    synchronized (lock(step.job())) {
      try (Cgroup cgroup = cgroups.io(step.job()).orElse(null)) {
        if (cgroup != null) {
          String key = IoMarks.key(step.attachment());
          IoMarks marks = new IoMarks(cgroup);
          Optional.ofNullable(marks.all().get(key))
              .ifPresent(mark -> drop(cgroup, marks, key, mark));
        }
      }
    }
  }

  /** The mark goes last: killed before, a repeated call still knows which disks it was for. */
  private static void drop(Cgroup cgroup, IoMarks marks, String key, IoMarks.Mark mark) {
    Map<String, IoMarks.Mark> others = marks.all();
    others.remove(key);
    setRules(cgroup, mark.disks(), others);
    marks.remove(key);
  }

  private static void setRules(Cgroup cgroup, Set<Device> disks, Map<String, IoMarks.Mark> marks) {
    Throttle throttle = Throttle.of(cgroup);
    for (Device disk : new HashSet<>(disks)) {
      IoLimits strictest =
          marks.values().stream()
              .filter(mark -> mark.disks().contains(disk))
              .map(IoMarks.Mark::limits)
              .reduce(IoLimits.NONE, IoLimits::and);
      throttle.set(cgroup, disk, strictest);
    }
  }

  List<String> unenforced(ManagedPath volume, IoLimits limits) {
    if (limits.none()) {
      return List.of();
    }
    Optional<String> lacking = cgroups.trees().lacks(Controller.IO);
    if (lacking.isPresent()) {
      return List.of("reading and writing are not limited: " + lacking.get());
    }
    Disks disks = disks(volume);
    if (disks.devices().isEmpty()) {
      return List.of("reading and writing are not limited: " + disks.reason());
    }
    List<String> missing = new ArrayList<>();
    if (disks.devices().size() > 1) {
      missing.add("the limits hold for each of " + disks.devices().size() + " disks by itself");
    }
    if (limits.limitsWrites()) {
      cachedWrites().ifPresent(missing::add);
    }
    return missing;
  }

  /** Who writes the page cache back is known only to a cgroup that also counts memory. */
  private Optional<String> cachedWrites() {
    CgroupTree tree = cgroups.trees().with(Controller.IO).orElseThrow();
    if (!tree.unified()) {
      return Optional.of(
          "writing through the page cache is not slowed: cgroup v1 limits direct and synchronous "
              + "writes only");
    }
    return tree.has(Controller.MEMORY)
        ? Optional.empty()
        : Optional.of(
            "writing through the page cache is not slowed: cgroups here have no memory controller");
  }

  private Disks disks(ManagedPath volume) {
    try (Place place = roots.place(volume);
        Descriptor top = place.openDirectoryForUse()) {
      return Disks.under(top);
    }
  }

  private Object lock(UUID job) {
    return locks[Math.floorMod(job.hashCode(), LOCKS)];
  }
}
