package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.Pin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Unmounts what this daemon mounted and nothing else, never lazily: after MNT_DETACH a writer goes
 * on writing to what no mount table shows any more.
 */
final class Unmounts {
  /**
   * A process that the daemon starts has copies of its descriptors until it executes its program,
   * and so holds what another thread has just closed.
   */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  /**
   * So often it is tried before anybody is looked for: that takes a look at all that every process
   * has open, and most holds are over by then.
   */
  private static final int BLIND_TRIES = 3;

  private final Roots roots;
  private final Pins pins;
  private final Elsewhere elsewhere;

  Unmounts(Roots roots, Pins pins, Elsewhere elsewhere) {
    this.roots = roots;
    this.pins = pins;
    this.elsewhere = elsewhere;
  }

  /** Says whether the mount on top at a place is the one that the step made. */
  @FunctionalInterface
  interface Ours {
    /** Asks about what is mounted, open with O_PATH. */
    boolean test(Descriptor top);
  }

  /**
   * Nothing mounted is success; somebody else's mount is reported and stays. Then the copies that
   * other namespaces have of it go too. That is last, since only then nobody can get a new one, and
   * also where nothing was mounted, since a killed daemon may have come no further.
   *
   * @throws HostException EBUSY, with the daemon's own mount gone already, when a copy is in use
   */
  void unmount(ManagedPath target, Ours ours) {
    elsewhere.withdraw(target, unmountOwn(target, ours));
  }

  /**
   * As {@link #unmount}, of one mount and of all that the caller has mounted in it, with one look
   * at the other namespaces for all of them.
   *
   * @param inside whatever is on top there is ours
   */
  void unmountWithInside(ManagedPath target, List<ManagedPath> inside, Ours ours) {
    Set<String> devices = new HashSet<>();
    inside.forEach(i -> devices.addAll(unmountOwn(i, top -> true)));
    devices.addAll(unmountOwn(target, ours));
    elsewhere.withdrawWithInside(target, devices);
  }

  /** Returns the devices of what was mounted there, as far as the kernel tells. */
  private Set<String> unmountOwn(ManagedPath target, Ours ours) {
    Set<String> devices = new HashSet<>();
    Optional<Place> found = roots.find(target);
    if (found.isEmpty()) {
      return devices;
    }
    try (Place place = found.get()) {
      // More than once where a former life, or somebody, mounted the same thing over itself.
      while (place.status().filter(FileStatus::mountRoot).isPresent()) {
        devices.addAll(requireOurs(target, place, ours));
        unmountTop(target, place);
      }
    }
    return devices;
  }

  private Set<String> requireOurs(ManagedPath target, Place place, Ours ours) {
    try (Descriptor top = place.openDirectory()) {
      if (!ours.test(top)) {
        throw notOurs(target, "what is mounted there is not ours");
      }
      return MountQuery.device(top).map(Set::of).orElse(Set.of());
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOTDIR)) {
        throw notOurs(target, "it is no directory");
      }
      throw e;
    }
  }

  private void unmountTop(ManagedPath target, Place place) {
    long start = System.nanoTime();
    Use before = Use.NONE;
    for (int tries = 1; ; tries++) {
      try {
        MountCalls.unmount(place.parent(), place.name());
        return;
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EBUSY)) {
          requireGone(place, e);
          return;
        }
        if (tries > BLIND_TRIES) {
          Use use = use(target, place);
          if (use.lastsSince(before) || System.nanoTime() - start > PATIENCE) {
            throw use.refusal(target, e);
          }
          before = use;
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  /** Gone between the question and the call: that is what was wanted. */
  private static void requireGone(Place place, KernelRefusal refusal) {
    if (!refusal.is(Errno.ENOENT, Errno.EINVAL)
        || place.status().filter(FileStatus::mountRoot).isPresent()) {
      throw refusal;
    }
  }

  /**
   * Why a mount is busy, as far as can be seen.
   *
   * @param settled who was no longer being started after the pins had been looked for, so that what
   *     is seen with them at the next look is their own and no copy
   */
  private record Use(List<Pin> pins, Set<Long> settled, List<MountEntry> inside) {
    static final Use NONE = new Use(List.of(), Set.of(), List.of());

    static Use of(List<Pin> pins, List<MountEntry> inside) {
      Set<Long> settled =
          pins.stream()
              .map(Pin::pid)
              .filter(pid -> !Processes.beingStarted(pid))
              .collect(Collectors.toSet());
      return new Use(pins, settled, inside);
    }

    /** By a mount, or by a process that ran its program at the look before. */
    boolean lastsSince(Use before) {
      return !inside.isEmpty() || pins.stream().anyMatch(p -> before.settled.contains(p.pid()));
    }

    boolean nobody() {
      return pins.isEmpty() && inside.isEmpty();
    }

    HostException refusal(ManagedPath target, KernelRefusal cause) {
      StringBuilder why = new StringBuilder("cannot unmount " + target + ": ");
      if (nobody()) {
        why.append("it is busy, and no process was found that uses it");
      } else {
        why.append("in use by ").append(pins);
        inside.forEach(m -> why.append("; ").append(MountsBelow.describe(m)));
      }
      return new HostException(why.toString(), "EBUSY", pins, cause);
    }
  }

  private Use use(ManagedPath target, Place place) {
    String path = roots.path(target).toString();
    return Use.of(
        place.status().map(s -> users(s.mountId())).orElse(List.of()),
        MountTable.below(MountTable.read(), path).stream()
            .filter(m -> !m.target().equals(path))
            .toList());
  }

  /** Of the mount itself, and of what follows it in the namespaces of jobs. */
  private List<Pin> users(long mountId) {
    List<Pin> users = new ArrayList<>(pins.ofMount(mountId));
    users.addAll(elsewhere.followers(mountId));
    return users.stream().distinct().toList();
  }

  private HostException notOurs(ManagedPath target, String why) {
    return roots.obstacles().busy(target, "will not unmount " + target + ": " + why);
  }
}
