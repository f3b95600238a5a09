package io.joblet.storage.host.linux;

/**
 * What statx(2) says of one file.
 *
 * @param device st_dev as major and minor in one number; on btrfs each subvolume has its own
 * @param mode type and permission bits
 * @param mountRoot it is the top of a mount (STATX_ATTR_MOUNT_ROOT, Linux 5.8)
 */
record FileStatus(
    Device device,
    long inode,
    int mode,
    int uid,
    int gid,
    long size,
    long mountId,
    boolean mountRoot) {
  private static final long ATTR_MOUNT_ROOT = 0x2000;
  private static final int S_IFMT = 0xf000;

  /** A device number in the two parts that {@code /sys} and mountinfo show. */
  record Device(int major, int minor) {
    /** As {@code /sys} writes it, {@code 7:1}. */
    static Device parse(String text) {
      String[] parts = text.strip().split(":", 2);
      return new Device(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public String toString() {
      return major + ":" + minor;
    }
  }

  /** Offsets of struct statx, linux/stat.h. */
  static FileStatus parse(byte[] bytes) {
    Struct s = Struct.of(bytes);
    return new FileStatus(
        new Device(s.getInt(0x88), s.getInt(0x8c)),
        s.getLong(0x20),
        s.getShort(0x1c),
        s.getInt(0x14),
        s.getInt(0x18),
        s.getLong(0x28),
        s.getLong(0x90),
        (s.getLong(0x08) & ATTR_MOUNT_ROOT) != 0);
  }

  /** The same file, whatever names and mounts lead to it. */
  boolean sameFile(FileStatus other) {
    return inode == other.inode && device.equals(other.device);
  }

  int permissions() {
    return mode & 07777;
  }

  boolean isDirectory() {
    return (mode & S_IFMT) == 0x4000;
  }

  boolean isSymlink() {
    return (mode & S_IFMT) == 0xa000;
  }

  boolean isRegular() {
    return (mode & S_IFMT) == 0x8000;
  }
}
