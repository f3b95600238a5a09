package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * The mounts of a namespace that the kernel lists, of which only those are asked about that a
 * question is about. Which there are, and their devices, are from the time of the list; the rest is
 * asked for with each question, since it can change. What has gone meanwhile is left out.
 */
final class ListedMounts implements MountsOf {
  private final long namespace;
  private final long[] ids;
  private final long[] devices;
  private final int[] mountIds;

  private ListedMounts(long namespace, long[] ids, long[] devices, int[] mountIds) {
    this.namespace = namespace;
    this.ids = ids;
    this.devices = devices;
    this.mountIds = mountIds;
  }

  /**
   * Lists them.
   *
   * @param former an earlier list of the same namespace, which saves the questions about what it
   *     has; or null
   * @throws KernelRefusal where the kernel does not tell
   */
  static ListedMounts list(long namespace, ListedMounts former) {
    long[] ids = MountQuery.mounts(namespace);
    long[] devices = new long[ids.length];
    int[] mountIds = new int[ids.length];
    int count = 0;
    int old = 0;
    for (long id : ids) {
      while (former != null && old < former.ids.length && former.ids[old] < id) {
        old++;
      }
      boolean known = former != null && old < former.ids.length && former.ids[old] == id;
      Optional<MountQuery.Nature> nature =
          known ? Optional.of(former.nature(old)) : MountQuery.nature(namespace, id);
      // Also where it has gone: the list is as long as what the kernel counted.
      devices[count] = nature.map(MountQuery.Nature::device).orElse(-1L);
      mountIds[count] = nature.map(MountQuery.Nature::mountId).orElse(-1);
      count++;
    }
    return new ListedMounts(namespace, ids, devices, mountIds);
  }

  private MountQuery.Nature nature(int index) {
    return new MountQuery.Nature(devices[index], mountIds[index]);
  }

  int count() {
    return ids.length;
  }

  /** Whether a mount is on one of the devices. */
  boolean anyOn(Collection<String> wanted) {
    return wanted.stream()
        .mapToLong(ListedMounts::number)
        .anyMatch(d -> on(d).findAny().isPresent());
  }

  @Override
  public List<MountEntry> on(String device) {
    return entries(on(number(device)));
  }

  private LongStream on(long device) {
    return LongStream.range(0, ids.length)
        .filter(i -> devices[(int) i] == device)
        .map(i -> ids[(int) i]);
  }

  @Override
  public List<MountEntry> below(String path, Set<String> wanted) {
    if (wanted.isEmpty()) {
      return below(path, LongStream.of(ids));
    }
    Set<Long> found = new TreeSet<>();
    for (String device : wanted) {
      on(number(device))
          .filter(id -> entry(id).filter(m -> MountTable.isAtOrBelow(m.target(), path)).isPresent())
          .forEach(id -> {
            found.add(id);
            LongStream.of(MountQuery.inside(namespace, id)).forEach(found::add);
          });
    }
    return below(path, found.stream().mapToLong(Long::longValue));
  }

  private List<MountEntry> below(String path, LongStream mounts) {
    return entries(mounts).stream().filter(m -> MountTable.isAtOrBelow(m.target(), path)).toList();
  }

  @Override
  public Optional<MountEntry> byId(long mountId) {
    for (int i = 0; i < ids.length; i++) {
      if (mountIds[i] == mountId) {
        return entry(ids[i]);
      }
    }
    return Optional.empty();
  }

  private List<MountEntry> entries(LongStream mounts) {
    List<MountEntry> entries = new ArrayList<>();
    mounts.forEach(id -> entry(id).ifPresent(entries::add));
    return entries;
  }

  private Optional<MountEntry> entry(long id) {
    return MountQuery.entry(namespace, id);
  }

  private static long number(String device) {
    FileStatus.Device parsed = FileStatus.Device.parse(device);
    return MountQuery.Nature.device(parsed.major(), parsed.minor());
  }
}
