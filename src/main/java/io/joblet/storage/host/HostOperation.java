package io.joblet.storage.host;

import java.util.UUID;

/**
 * One step on the host, as data. Each has an apply and an undo in {@link Host}, and both are safe
 * to repeat: a step asks first whether it is already done, so that a daemon killed anywhere can run
 * the same plan again, forward or backward.
 *
 * <p>Undo takes back what apply makes and nothing else. Steps that destroy ({@link PurgeSubvolume},
 * {@link RemoveQgroup}, {@link RemoveFile}, {@link PurgeDirectory}) have no undo; they are only put
 * in plans that always go forward.
 */
public sealed interface HostOperation {

  /**
   * A short stable name for logs, metrics and the operations table, e.g. {@code make-subvolume}.
   */
  default String kind() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * A directory, mode as given, owned by root. Parents must exist. Undo removes it if it is empty,
   * and leaves it in peace if it is not: another attachment may be using it.
   */
  record MakeDirectory(ManagedPath path, int mode) implements HostOperation {}

  /**
   * A level-1 quota group {@code 1/qgroup} in the btrfs pool with a hard limit on referenced bytes,
   * read back after setting. Undo removes the group.
   */
  record MakeQgroup(long qgroup, long limitBytes) implements HostOperation {}

  /**
   * The group {@code 1/qgroup} with that limit, and as members of it the subvolume at {@code path},
   * if that is there, and all below it: what somebody has taken away is made again. What was
   * written while a subvolume was in no group is not counted (btrfs-quota(5), simple quotas). Undo
   * does nothing, since a volume without its limit is worse than any failure.
   */
  record HoldInQgroup(ManagedPath path, long qgroup, long limitBytes) implements HostOperation {}

  /**
   * Simple quotas on the btrfs pool, after somebody has switched them off; no group comes back by
   * that. Plain ones are left on, and refuse this. Undo does nothing, as with {@link HoldInQgroup}.
   */
  record SwitchQuotasOn() implements HostOperation {}

  /** Another limit on an existing group, read back; undo sets the former one. */
  record LimitQgroup(long qgroup, long limitBytes, long formerLimitBytes)
      implements HostOperation {}

  /**
   * A btrfs subvolume that from its first moment is a member of {@code 1/qgroup}. Undo deletes it
   * with everything in it, so it belongs only in plans that make a volume.
   */
  record MakeSubvolume(ManagedPath path, long qgroup) implements HostOperation {}

  /** Owner and permission bits of a volume's top directory. Undo does nothing. */
  record SetOwnership(ManagedPath path, long uid, long gid, int mode) implements HostOperation {}

  /**
   * Every step done so far below {@code root} is on stable storage afterwards (a commit of btrfs,
   * syncfs elsewhere; callers at the same time share one). Undo does nothing.
   */
  record Sync(ManagedRoot root) implements HostOperation {}

  /**
   * Renames within one root, never replacing anything, and makes both directories durable unless
   * the row alone decides where the thing is. Done already if {@code from} is absent and {@code to}
   * present. Undo renames back.
   */
  record Move(ManagedPath from, ManagedPath to) implements HostOperation {}

  /**
   * A file of exactly {@code sizeBytes}, its blocks allocated, holding a new ext4 with at least
   * {@code inodeLimit} inodes (0: mkfs decides) whose top directory has the given owner and mode.
   * It is built under a temporary name and renamed, so an existing file is a finished one. Undo
   * unlinks.
   */
  record MakeImage(ManagedPath image, long sizeBytes, long inodeLimit, long uid, long gid, int mode)
      implements HostOperation {}

  /** Mounts an ext4 image by its own auto-clearing loop device. Undo unmounts, never lazily. */
  record MountImage(ManagedPath image, ManagedPath target) implements HostOperation {}

  /**
   * Grows an image and the file system in it, mounted at {@code target} or not; where the kernel
   * does not let this daemon do so online, by a copy that takes the image's place. Undo gives the
   * new blocks back as long as the file system has not grown into them; once it has, undo fails,
   * since only going on makes sense.
   */
  record GrowImage(ManagedPath image, ManagedPath target, long sizeBytes, long formerSizeBytes)
      implements HostOperation {}

  /**
   * A smaller file system in an image that nobody has mounted: a copy is made smaller and takes the
   * image's place in one step, so that a crash leaves the one or the other, whole. Fails with EFBIG
   * when what is in it does not fit, or when fewer than {@code inodeLimit} inodes would be left.
   * Undo removes an unfinished copy; once the image is the smaller one, undo fails, since only
   * going on makes sense.
   */
  record ShrinkImage(
      ManagedPath image, ManagedPath target, long sizeBytes, long formerSizeBytes, long inodeLimit)
      implements HostOperation {}

  /** A tmpfs with hard limits, read back. Undo unmounts: the data is gone. */
  record MountTmpfs(
      ManagedPath target, long sizeBytes, long inodeLimit, long uid, long gid, int mode)
      implements HostOperation {}

  /**
   * New limits on a mounted tmpfs, read back; nothing if it is not mounted. Undo sets the former.
   */
  record LimitTmpfs(ManagedPath target, long sizeBytes, long formerSizeBytes, long inodeLimit)
      implements HostOperation {}

  /**
   * Shows {@code source} at {@code target}: nosuid, nodev, private, and read-only in every submount
   * when asked. Built detached and published by one system call. Undo unmounts, never lazily.
   *
   * @param mounted whether {@code source} has to be a mount point: where the volume is not mounted,
   *     the directory that it belongs on is not shown for it
   */
  record BindMount(ManagedPath source, ManagedPath target, boolean readOnly, boolean mounted)
      implements HostOperation {
    /** Of a directory that is the volume itself. */
    public BindMount(ManagedPath source, ManagedPath target, boolean readOnly) {
      this(source, target, readOnly, false);
    }
  }

  /** Deletes a subvolume and those nested in it. Never crosses a mount. Absent is done. */
  record PurgeSubvolume(ManagedPath path) implements HostOperation {}

  /** Removes the level-1 group, detaching what is still in it. Absent is done. */
  record RemoveQgroup(long qgroup) implements HostOperation {}

  /**
   * A small file of the daemon's own, 0600 root, that has its former content or this one, whole,
   * whenever the daemon is killed. On btrfs the next commit, such as a {@link Sync}, makes it
   * durable with all that is in it; no sync of its own is made. Undo unlinks it.
   */
  record WriteFile(ManagedPath path, String content) implements HostOperation {
    /** Without the content, since steps are kept and logged. */
    @Override
    public String toString() {
      return "WriteFile[path=" + path + "]";
    }
  }

  /** Unlinks a regular file. Absent is done. */
  record RemoveFile(ManagedPath path) implements HostOperation {}

  /** Deletes a directory tree by descriptor, never crossing a mount. Absent is done. */
  record PurgeDirectory(ManagedPath path) implements HostOperation {}

  /**
   * A root file system for a job, mounted on its directory: read-only but for {@code /work} and
   * {@code /tmp}, everything nosuid, and nodev but for {@code /dev}. The mount is the head of a
   * peer group of its own, so that what is mounted and unmounted below it later also happens in the
   * namespace of the job that was given a copy. Undo unmounts all of it, never lazily.
   */
  record MountJobRoot(ManagedPath target, JobRoot root) implements HostOperation {}

  /**
   * A cgroup of the job's own in every hierarchy that the host lets the daemon use, with the limits
   * set and read back (cgroups(7)). {@link JobProcesses#supervise} starts the job's processes in
   * it; its supervisor stays outside. Made already is made again with these limits, processes in it
   * or not. What the host cannot enforce is left out, and {@link Host#unenforced(JobLimits)} says
   * it.
   *
   * <p>Undo removes it, and with it every {@link LimitJobIo} of the job. It kills nothing: with a
   * process in it undo fails with {@code EBUSY} and names the process. See {@link
   * JobProcesses#killAll}.
   */
  record MakeJobCgroup(UUID job, JobLimits limits) implements HostOperation {}

  /**
   * Limits the job's reading and writing on the disk that {@code volume} is on; the volume is
   * mounted by then, and {@link MakeJobCgroup} was applied. The kernel limits disks and not
   * volumes: of all steps of one job that are in force for one disk the strictest number holds, and
   * it is read back. Applied again with other limits, the new ones replace the former of that
   * attachment. {@link IoLimits#NONE} takes them away and is fine for a job without a cgroup.
   *
   * <p>Where it cannot be enforced nothing is done and nothing fails; {@link
   * Host#unenforced(ManagedPath, IoLimits)} says it.
   *
   * <p>Undo takes this attachment's limits away, and leaves on the disk what others of the job ask
   * for, of the same volume too. It belongs before the unmount: a rule of the kernel outlives the
   * loop device that it names, and would hold for the next one of that name. It works after the
   * unmount as well, and with no cgroup left. Requests that wait because of the rule go on at once.
   */
  record LimitJobIo(UUID job, UUID attachment, ManagedPath volume, IoLimits limits)
      implements HostOperation {}
}
