package io.joblet.storage.host;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The host as the rest of the daemon sees it: a port with one method to change it each way, and the
 * questions that reconciliation asks. Implementations are safe for use by many threads; two
 * operations on the same path are kept apart by the caller.
 *
 * <p>Every method throws {@link HostException} when the host refuses. A call that was interrupted
 * by the death of the process leaves nothing that a repeated {@code apply} or {@code undo} of the
 * same operation does not settle.
 */
public interface Host {

  /** Makes it so; done already is success. */
  void apply(HostOperation operation);

  /** Takes back what {@link #apply} made; absent already is success. */
  void undo(HostOperation operation);

  /**
   * What this host can do, found out by trying when the roots were opened.
   *
   * @param btrfsPool the volumes root is a btrfs with simple quotas switched on
   * @param loopImages loop devices and mkfs.ext4 work
   * @param reason why there is no btrfs pool, for people; empty if there is one
   */
  record Capabilities(boolean btrfsPool, boolean loopImages, String reason) {}

  Capabilities capabilities();

  /** The kernel's id of this boot ({@code /proc/sys/kernel/random/boot_id}, random(4)). */
  String bootId();

  /** Size and free space of the file system under {@code root}, statfs(2). */
  Space space(ManagedRoot root);

  /**
   * Space of a file system in bytes and inodes; {@code inodes} is 0 where the file system does not
   * count them.
   */
  record Space(long sizeBytes, long freeBytes, long inodes, long freeInodes) {
    /** What nobody can write any more; ext4 keeps up to 2 % for itself, which is in it. */
    public long usedBytes() {
      return sizeBytes - freeBytes;
    }

    /** Inodes that are taken, those of the file system's own included. */
    public long usedInodes() {
      return inodes - freeInodes;
    }
  }

  /** Names directly below a place, or below the root itself if {@code directory} is empty. */
  Set<String> list(ManagedRoot root, String directory);

  /**
   * CRC-32C of every file directly in a directory, by name; -1 for what is no regular file, cannot
   * be read, or is longer than {@code atMost} bytes. An absent directory has none.
   */
  Map<String, Long> checksums(ManagedRoot root, String directory, int atMost);

  /**
   * What is in a regular file, or empty if there is none; no symlink is followed, and nothing waits
   * for a writer.
   *
   * @throws HostException for what is no regular file or longer than {@code atMost} bytes
   */
  Optional<byte[]> read(ManagedPath path, int atMost);

  /** Whether anything is there, without following a symlink. */
  boolean exists(ManagedPath path);

  /** Length of the regular file at {@code path}, or empty if that is none. */
  Optional<Long> fileSize(ManagedPath path);

  /** Whether the file at {@code path} begins as an ext4 does; nothing is mounted for it. */
  boolean isExt4(ManagedPath path);

  /**
   * Whether the data of a volume may have been used since it was made: a directory that is not
   * empty, or an ext4 that was mounted writable, for which nothing is mounted now.
   */
  boolean wasUsed(ManagedPath path);

  /**
   * Whose the top directory of a volume is: the directory at {@code path}, or that of the ext4 in
   * the file there, for which nothing is mounted. Empty if there is neither.
   */
  Optional<Top> top(ManagedPath path);

  /** Owner and permission bits of a top directory, without set-id and sticky bits. */
  record Top(long uid, long gid, int mode) {}

  /** The level-1 quota group that a subvolume belongs to, or empty if there is none. */
  Optional<Long> qgroupOf(ManagedPath path);

  /** Whether {@code path} is the top of a btrfs subvolume. */
  boolean isSubvolume(ManagedPath path);

  /**
   * Every mount at or below the managed roots in the daemon's mount namespace, oldest first;
   * without the one that all jobs share, which belongs to no volume and no job.
   */
  List<MountEntry> mounts();

  /** Space and use of whatever is mounted at {@code path}, or empty if nothing is. */
  Optional<Space> mountedSpace(ManagedPath path);

  /**
   * All level-1 quota groups of the pool; empty without a btrfs pool.
   *
   * @param limitBytes 0 if none is set
   * @param referencedBytes what members use, as the kernel counts it
   */
  record Qgroup(long id, long limitBytes, long referencedBytes) {
    /** Numbers below the sequence's start in db/migration belong to whoever made the pool. */
    public static final long FIRST = 256;
  }

  List<Qgroup> qgroups();

  /** What becomes of limits in the btrfs pool. */
  enum Quotas {
    /** Simple quotas: limits hold. Also without such a pool, which has no limits. */
    ON,
    /** Somebody has switched them off since the daemon was started; nothing has a limit. */
    OFF,
    /** Somebody has switched plain ones on, which do not hold a limit. */
    PLAIN
  }

  Quotas quotas();

  /** One group without listing all of them. */
  Optional<Qgroup> qgroup(long id);

  /** Loop devices whose backing file lies below the volumes root. */
  List<LoopDevice> loopDevices();

  /**
   * A loop device, identified by its backing file and never by its name.
   *
   * @param device e.g. {@code /dev/loop3}
   * @param backingFile as the kernel reports it; a deleted file ends in {@code (deleted)}
   */
  record LoopDevice(String device, String backingFile) {}

  /** The processes that keep {@code path} busy in any mount namespace; empty if none was found. */
  List<Pin> pinnedBy(ManagedPath path);

  /**
   * The processes of other mount namespaces that use {@code path}, which is a mount of ours: one
   * for each namespace that shows the volume at a place of its own, and those that use a copy at
   * our place. A copy that nobody uses is no use; undoing the mount takes it away. Every use in the
   * daemon's own namespace makes unmounting fail, and is not looked for here, which saves a look at
   * the open files of every process.
   */
  List<Pin> shownElsewhere(ManagedPath path);

  /**
   * Identity of a live process, or empty if there is none of that pid.
   *
   * @param startTicks field 22 of {@code /proc/pid/stat}, clock ticks since boot (proc(5))
   */
  record ProcessIdentity(String bootId, long pid, long startTicks) {}

  Optional<ProcessIdentity> process(long pid);

  /**
   * Whether exactly that process still runs; a zombie does not. What cannot be read counts as
   * alive.
   */
  boolean alive(ProcessIdentity process);

  /**
   * Jobs that have a cgroup below this daemon's own, also those of a former life: what no row
   * explains is the remains of a job, see {@link JobProcesses#killAll}.
   */
  Set<UUID> jobCgroups();

  /** What of these limits this host cannot enforce, a short sentence each; empty if all of it. */
  List<String> unenforced(JobLimits limits);

  /**
   * What of these limits cannot be enforced for a volume that is mounted, a short sentence each;
   * empty if all of it. For example a volume in memory has no disk, and cgroup v1 does not slow
   * writes through the page cache.
   */
  List<String> unenforced(ManagedPath volume, IoLimits limits);

  /** Whether programs are where a job can be shown them: some systems keep them elsewhere. */
  boolean hasUsualUserland();

  /** The installation id in the pool's marker, or empty if the pool has none yet. */
  Optional<UUID> installation();

  /** Writes the marker, durably; refuses when there is another one. */
  void markInstallation(UUID installationId);

  /** Puts another id into the marker, durably; refuses when it has neither. */
  void replaceInstallation(UUID former, UUID installationId);

  /** Where {@code path} is on this host, for people only: never opened, never mounted by it. */
  String display(ManagedPath path);
}
