package io.joblet.storage.host.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.HexFormat;

/** The ioctls of btrfs that are needed here, {@code linux/btrfs.h}. */
final class BtrfsCalls {
  /** The inode of every subvolume's top directory, BTRFS_FIRST_FREE_OBJECTID. */
  static final long TOP_INODE = 256;

  private static final int MAGIC = 0x94;
  private static final int VOL_ARGS = 4096;
  private static final int VOL_ARGS_NAME = 56;
  private static final int INHERIT = 80;
  private static final long FLAG_QGROUP_INHERIT = 1 << 2;
  private static final long FLAG_SPEC_BY_ID = 1 << 4;
  private static final long LIMIT_MAX_REFERENCED = 1;
  private static final long NO_LIMIT = -1L;
  private static final long QUOTA_ENABLE_SIMPLE = 4;

  private static final long INO_LOOKUP = Ioctl.readWrite(MAGIC, 18, 4096);
  private static final long SUBVOL_CREATE_V2 = Ioctl.write(MAGIC, 24, VOL_ARGS);
  private static final long WAIT_SYNC = Ioctl.write(MAGIC, 22, 8);
  private static final long SUBVOL_GETFLAGS = Ioctl.read(MAGIC, 25, 8);
  private static final long SUBVOL_SETFLAGS = Ioctl.write(MAGIC, 26, 8);
  private static final long SUBVOL_READ_ONLY = 2;
  private static final long START_SYNC = Ioctl.read(MAGIC, 24, 8);
  private static final long FS_INFO = Ioctl.read(MAGIC, 31, 1024);
  private static final long QUOTA_CTL = Ioctl.readWrite(MAGIC, 40, 16);
  private static final long QGROUP_ASSIGN = Ioctl.write(MAGIC, 41, 24);
  private static final long QGROUP_CREATE = Ioctl.write(MAGIC, 42, 16);
  private static final long QGROUP_LIMIT = Ioctl.read(MAGIC, 43, 48);
  private static final long SNAP_DESTROY_V2 = Ioctl.write(MAGIC, 63, VOL_ARGS);

  private BtrfsCalls() {}

  /** Makes a subvolume that is a member of {@code qgroup} from its first moment. */
  static void createSubvolume(Descriptor parent, byte[] name, long qgroup) {
    byte[] args = new byte[VOL_ARGS];
    Pointer inherit = new Pointer(Native.malloc(INHERIT));
    try {
      inherit.clear(INHERIT);
      inherit.setLong(8, 1);
      inherit.setLong(72, qgroup);
      Struct.of(args)
          .putLong(16, FLAG_QGROUP_INHERIT)
          .putLong(24, INHERIT)
          .putLong(32, Pointer.nativeValue(inherit))
          .putText(VOL_ARGS_NAME, name);
      Syscalls.ioctl("BTRFS_IOC_SUBVOL_CREATE_V2", parent.fd(), SUBVOL_CREATE_V2, args);
    } finally {
      Native.free(Pointer.nativeValue(inherit));
    }
  }

  static void destroySubvolume(Descriptor parent, byte[] name) {
    byte[] args = new byte[VOL_ARGS];
    Struct.of(args).putText(VOL_ARGS_NAME, name);
    Syscalls.ioctl("BTRFS_IOC_SNAP_DESTROY_V2", parent.fd(), SNAP_DESTROY_V2, args);
  }

  /** The kernel finds the subvolume's name itself, wherever in the file system it is. */
  static void destroySubvolume(Descriptor anyDirectory, long subvolumeId) {
    byte[] args = new byte[VOL_ARGS];
    Struct.of(args).putLong(16, FLAG_SPEC_BY_ID).putLong(VOL_ARGS_NAME, subvolumeId);
    Syscalls.ioctl("BTRFS_IOC_SNAP_DESTROY_V2", anyDirectory.fd(), SNAP_DESTROY_V2, args);
  }

  /** The id of the subvolume that {@code directory} is in. */
  static long subvolumeId(Descriptor directory) {
    byte[] args = new byte[4096];
    Struct.of(args).putLong(8, TOP_INODE);
    Syscalls.ioctl("BTRFS_IOC_INO_LOOKUP", directory.fd(), INO_LOOKUP, args);
    return Struct.of(args).getLong(0);
  }

  /** Whether that is the top of a subvolume: elsewhere any directory may have its inode number. */
  static boolean isTop(Descriptor directory) {
    return directory.status().inode() == TOP_INODE
        && directory.fileSystem().is(FileSystemStatus.BTRFS);
  }

  /**
   * Of the subvolume whose top directory that is; its owner can do that too.
   *
   * @return whether that changed it
   */
  static boolean setReadOnly(Descriptor top, boolean readOnly) {
    long flags = subvolumeFlags(top);
    long wanted = readOnly ? flags | SUBVOL_READ_ONLY : flags & ~SUBVOL_READ_ONLY;
    if (wanted == flags) {
      return false;
    }
    byte[] argument = new byte[8];
    Struct.of(argument).putLong(0, wanted);
    Syscalls.ioctl("BTRFS_IOC_SUBVOL_SETFLAGS", top.fd(), SUBVOL_SETFLAGS, argument);
    return true;
  }

  private static long subvolumeFlags(Descriptor top) {
    byte[] flags = new byte[8];
    Syscalls.ioctl("BTRFS_IOC_SUBVOL_GETFLAGS", top.fd(), SUBVOL_GETFLAGS, flags);
    return Struct.of(flags).getLong(0);
  }

  /** The name of the file system's directory in {@code /sys/fs/btrfs}. */
  static String fileSystemId(Descriptor directory) {
    byte[] args = new byte[1024];
    Syscalls.ioctl("BTRFS_IOC_FS_INFO", directory.fd(), FS_INFO, args);
    String hex = HexFormat.of().formatHex(args, 16, 32);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }

  /**
   * Commits the transaction under way and waits until it is on the disk: all names, owners,
   * subvolumes and quota groups so far. What is in files is not looked at, and not waited for.
   */
  static void commit(Descriptor directory) {
    byte[] transaction = new byte[8];
    Syscalls.ioctl("BTRFS_IOC_START_SYNC", directory.fd(), START_SYNC, transaction);
    Syscalls.ioctl("BTRFS_IOC_WAIT_SYNC", directory.fd(), WAIT_SYNC, transaction);
  }

  static void enableSimpleQuota(Descriptor directory) {
    byte[] args = new byte[16];
    Struct.of(args).putLong(0, QUOTA_ENABLE_SIMPLE);
    Syscalls.ioctl("BTRFS_IOC_QUOTA_CTL", directory.fd(), QUOTA_CTL, args);
  }

  static void createQgroup(Descriptor directory, long qgroup) {
    createOrDestroyQgroup(directory, qgroup, 1);
  }

  static void destroyQgroup(Descriptor directory, long qgroup) {
    createOrDestroyQgroup(directory, qgroup, 0);
  }

  /** A hard limit on referenced bytes; 0 takes it away. */
  static void limitQgroup(Descriptor directory, long qgroup, long bytes) {
    byte[] args = new byte[48];
    Struct.of(args)
        .putLong(0, qgroup)
        .putLong(8, LIMIT_MAX_REFERENCED)
        .putLong(16, bytes == 0 ? NO_LIMIT : bytes);
    Syscalls.ioctl("BTRFS_IOC_QGROUP_LIMIT", directory.fd(), QGROUP_LIMIT, args);
  }

  static void addMember(Descriptor directory, long member, long qgroup) {
    assign(directory, 1, member, qgroup);
  }

  static void removeMember(Descriptor directory, long member, long qgroup) {
    assign(directory, 0, member, qgroup);
  }

  private static void assign(Descriptor directory, long add, long member, long qgroup) {
    byte[] args = new byte[24];
    Struct.of(args).putLong(0, add).putLong(8, member).putLong(16, qgroup);
    Syscalls.ioctl("BTRFS_IOC_QGROUP_ASSIGN", directory.fd(), QGROUP_ASSIGN, args);
  }

  private static void createOrDestroyQgroup(Descriptor directory, long qgroup, long create) {
    byte[] args = new byte[16];
    Struct.of(args).putLong(0, create).putLong(8, qgroup);
    Syscalls.ioctl("BTRFS_IOC_QGROUP_CREATE", directory.fd(), QGROUP_CREATE, args);
  }
}
