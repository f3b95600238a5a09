package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.host.Host.Quotas;
import io.joblet.storage.host.HostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Level-1 groups {@code 1/N} under simple quotas. A group's number is made of its level in the top
 * 16 bits and N in the rest (btrfs-quota(5)).
 *
 * <p>Limits read here are current. Use is what the last commit wrote, at most 30 s old by default;
 * that of a single group comes from {@code /sys} and is current too.
 *
 * <p>Somebody can switch quotas off while the daemon runs, or plain ones on: then no group is seen,
 * none is made, and {@link #switchOn} is for whoever puts everything back into its group.
 */
final class Qgroups {
  private static final Logger LOG = Logger.getLogger(Qgroups.class);
  private static final long LEVEL_1 = 1L << 48;
  private static final long LAST = (2L << 48) - 1;
  private static final int ONE_ITEM = 512;
  private static final int MANY_ITEMS = 1 << 18;
  private static final long FLAG_MAX_REFERENCED = 1;

  private final Descriptor pool;
  private final String fileSystemId;

  Qgroups(Descriptor pool) {
    this.pool = pool;
    this.fileSystemId = BtrfsCalls.fileSystemId(pool);
  }

  Quotas quotas() {
    return SimpleQuota.state(fileSystemId);
  }

  /**
   * @throws HostException where they cannot be switched on
   */
  void switchOn() {
    if (quotas() != Quotas.ON) {
      SimpleQuota.enable(pool).ifPresent(Qgroups::refuse);
    }
  }

  void make(long id, long limitBytes) {
    SimpleQuota.missing(fileSystemId).ifPresent(Qgroups::refuse);
    long group = number(id);
    try {
      BtrfsCalls.createQgroup(pool, group);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
    set(id, limitBytes);
  }

  /** Only of a group that is there: without quotas, and after those were off, it is not. */
  void limit(long id, long limitBytes) {
    SimpleQuota.missing(fileSystemId).ifPresent(Qgroups::refuse);
    if (limitOf(id).isEmpty()) {
      refuse("group 1/" + id + " does not exist; 'rnx volume doctor --fix' makes it again");
    }
    set(id, limitBytes);
  }

  private void set(long id, long limitBytes) {
    BtrfsCalls.limitQgroup(pool, number(id), limitBytes);
    long found =
        limitOf(id)
            .orElseThrow(() -> new HostException("group 1/" + id + " does not exist", "ENOENT"));
    if (found != limitBytes) {
      throw new HostException(
          "group 1/" + id + " has a limit of " + found + " bytes after setting " + limitBytes, "");
    }
  }

  /** As {@link #limit}, for who takes a limit back: where there is no group there is none. */
  void limitAgain(long id, long limitBytes) {
    if (limitOf(id).isPresent()) {
      limit(id, limitBytes);
    }
  }

  private static void refuse(String reason) {
    throw new HostException(reason, "EOPNOTSUPP");
  }

  /** Members first: a group that has some cannot be removed. */
  void remove(long id) {
    long group = number(id);
    if (limitOf(id).isEmpty()) {
      return;
    }
    for (long member : members(id)) {
      leave(group, member);
    }
    try {
      BtrfsCalls.destroyQgroup(pool, group);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /** Returns false, and does nothing, for one that is in it. */
  boolean join(long id, long subvolumeId) {
    if (hasMember(id, subvolumeId)) {
      return false;
    }
    BtrfsCalls.addMember(pool, subvolumeId, number(id));
    return true;
  }

  /**
   * All groups but that one: a second one counts it too, and may limit it. Those of whoever made
   * the pool are left alone.
   *
   * @return whether there was one
   */
  boolean leaveOthers(long id, long subvolumeId) {
    boolean left = false;
    for (long group : groupsOf(subvolumeId)) {
      if (group != number(id) && canBeVolumes(group)) {
        leave(group, subvolumeId);
        left = true;
      }
    }
    return left;
  }

  /** The kernel removes the group of a dropped subvolume by itself, also just now. */
  private void leave(long group, long subvolumeId) {
    try {
      BtrfsCalls.removeMember(pool, subvolumeId, group);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  boolean hasMember(long id, long subvolumeId) {
    return members(id).contains(subvolumeId);
  }

  /**
   * Does it without the limits of every group that the subvolume belongs to, and sets them again.
   * Whoever dies in between leaves those of volumes to the doctor, and takes those of whoever made
   * the pool for good.
   */
  void withoutLimits(long subvolumeId, Runnable work) {
    Map<Long, Long> limits = new HashMap<>();
    for (long group : groupsOf(subvolumeId)) {
      limitOf(group - LEVEL_1).filter(limit -> limit > 0).ifPresent(l -> limits.put(group, l));
    }
    try {
      limits.keySet().forEach(group -> BtrfsCalls.limitQgroup(pool, group, 0));
      work.run();
    } finally {
      limits.forEach(this::limitAfterwards);
    }
  }

  /** What was done counts, and is not told as failed because of this. */
  private void limitAfterwards(long group, long limit) {
    try {
      BtrfsCalls.limitQgroup(pool, group, limit);
    } catch (KernelRefusal e) {
      LOG.warnf(
          "quota group 1/%d has no limit; it had %d bytes: %s",
          group - LEVEL_1, limit, e.getMessage());
    }
  }

  /**
   * The level-1 group of a subvolume, if it is in exactly one; those of whoever made the pool do
   * not count beside one that can be a volume's.
   */
  Optional<Long> groupOf(long subvolumeId) {
    List<Long> all = groupsOf(subvolumeId);
    List<Long> volumes = all.stream().filter(Qgroups::canBeVolumes).toList();
    List<Long> groups = volumes.isEmpty() ? all : volumes;
    return groups.size() == 1 ? Optional.of(groups.getFirst() - LEVEL_1) : Optional.empty();
  }

  private static boolean canBeVolumes(long group) {
    return group >= number(Qgroup.FIRST);
  }

  private List<Long> groupsOf(long subvolumeId) {
    List<Long> groups = new ArrayList<>(1);
    search(
        subvolumeId,
        BtrfsSearch.QGROUP_RELATION,
        LEVEL_1,
        LAST,
        ONE_ITEM,
        (group, data, at) -> groups.add(group));
    return groups;
  }

  /** The numbers of what belongs to the group; level-0 groups have their subvolume's id. */
  List<Long> members(long id) {
    List<Long> members = new ArrayList<>();
    search(
        number(id),
        BtrfsSearch.QGROUP_RELATION,
        0,
        LEVEL_1 - 1,
        4096,
        (member, data, at) -> members.add(member));
    return members;
  }

  Optional<Long> limitOf(long id) {
    List<Long> found = new ArrayList<>(1);
    search(
        0,
        BtrfsSearch.QGROUP_LIMIT,
        number(id),
        number(id),
        ONE_ITEM,
        (group, data, at) -> found.add(limit(data, at)));
    return found.stream().findFirst();
  }

  Optional<Qgroup> one(long id) {
    return limitOf(id).map(limit -> new Qgroup(id, limit, referencedNow(id)));
  }

  List<Qgroup> all() {
    if (quotas() != Quotas.ON) {
      return List.of();
    }
    Map<Long, Long> limits = new HashMap<>();
    search(
        0,
        BtrfsSearch.QGROUP_LIMIT,
        LEVEL_1,
        LAST,
        MANY_ITEMS,
        (group, data, at) -> limits.put(group, limit(data, at)));
    List<Qgroup> groups = new ArrayList<>(limits.size());
    search(
        0,
        BtrfsSearch.QGROUP_INFO,
        LEVEL_1,
        LAST,
        MANY_ITEMS,
        (group, data, at) ->
            groups.add(
                new Qgroup(group - LEVEL_1, limits.getOrDefault(group, 0L), data.getLong(at + 8))));
    return groups;
  }

  private long referencedNow(long id) {
    return Sysfs.number("/sys/fs/btrfs/" + fileSystemId + "/qgroups/1_" + id + "/referenced")
        .orElse(0);
  }

  /** Where quotas are off there is no such tree, and nothing in it. */
  private void search(
      long object, int type, long first, long last, int buffer, BtrfsSearch.Visitor visitor) {
    try {
      BtrfsSearch.search(pool, BtrfsSearch.QUOTA_TREE, object, type, first, last, buffer, visitor);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  private static long limit(Struct data, int at) {
    return (data.getLong(at) & FLAG_MAX_REFERENCED) == 0 ? 0 : data.getLong(at + 8);
  }

  static long number(long id) {
    if (id <= 0 || id >= LEVEL_1) {
      throw new IllegalArgumentException("a group's number is from 1 to 2^48-1, was " + id);
    }
    return LEVEL_1 | id;
  }
}
