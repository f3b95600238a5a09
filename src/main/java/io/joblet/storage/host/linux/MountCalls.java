package io.joblet.storage.host.linux;

import static io.joblet.storage.host.linux.Syscalls.AT_EMPTY_PATH;

/** The mount API of Linux 5.2 to 5.12 by descriptor: fsopen(2), open_tree(2) and their kin. */
final class MountCalls {
  static final long ATTR_RDONLY = 1;
  static final long ATTR_NOSUID = 2;
  static final long ATTR_NODEV = 4;
  static final long ATTR_NOATIME = 0x10;

  static final int FSCONFIG_SET_FLAG = 0;
  static final int FSCONFIG_SET_STRING = 1;
  static final int FSCONFIG_CMD_CREATE = 6;
  static final int FSCONFIG_CMD_RECONFIGURE = 7;

  static final long ATTR_NOEXEC = 8;

  private static final long MS_PRIVATE = 1 << 18;
  private static final long MS_SLAVE = 1 << 19;
  private static final long MS_SHARED = 1 << 20;
  private static final long ATTR_ATIME_MASK = 0x70;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int CLOEXEC = 1;
  private static final int FSPICK_EMPTY_PATH = 8;
  private static final int MOVE_MOUNT_EMPTY_PATHS = 0x4 | 0x40;
  private static final int UMOUNT_NOFOLLOW = 8;

  // One number on every architecture since 424.
  private static final long SYS_OPEN_TREE = 428;
  private static final long SYS_MOVE_MOUNT = 429;
  private static final long SYS_FSOPEN = 430;
  private static final long SYS_FSCONFIG = 431;
  private static final long SYS_FSMOUNT = 432;
  private static final long SYS_FSPICK = 433;
  private static final long SYS_MOUNT_SETATTR = 442;

  private MountCalls() {}

  static Descriptor fsopen(String type) {
    byte[] name = CString.of(type);
    return descriptor("fsopen", () -> Libc.syscall(SYS_FSOPEN, name, (long) CLOEXEC));
  }

  /** A context to change the superblock that {@code mounted} is on. */
  static Descriptor fspick(Descriptor mounted) {
    return descriptor(
        "fspick",
        () ->
            Libc.syscall(
                SYS_FSPICK, mounted.fd(), CString.EMPTY, (long) (CLOEXEC | FSPICK_EMPTY_PATH)));
  }

  static void fsconfig(Descriptor context, int command, String key, String value) {
    byte[] k = key == null ? null : CString.of(key);
    byte[] v = value == null ? null : CString.of(value);
    Syscalls.retrying(
        "fsconfig", () -> Libc.syscall(SYS_FSCONFIG, context.fd(), (long) command, k, v, 0L));
  }

  static Descriptor fsmount(Descriptor context, long attributes) {
    return descriptor(
        "fsmount", () -> Libc.syscall(SYS_FSMOUNT, context.fd(), (long) CLOEXEC, attributes));
  }

  /** A detached copy of one mount, without what is mounted below it. */
  static Descriptor cloneMount(Descriptor directory) {
    long flags = OPEN_TREE_CLONE | AT_EMPTY_PATH | Syscalls.O_CLOEXEC;
    return descriptor(
        "open_tree", () -> Libc.syscall(SYS_OPEN_TREE, directory.fd(), CString.EMPTY, flags));
  }

  /** A detached copy of the mount tree that shows {@code directory} at its top. */
  static Descriptor cloneTree(Descriptor directory) {
    long flags = OPEN_TREE_CLONE | AT_RECURSIVE | AT_EMPTY_PATH | Syscalls.O_CLOEXEC;
    return descriptor(
        "open_tree", () -> Libc.syscall(SYS_OPEN_TREE, directory.fd(), CString.EMPTY, flags));
  }

  /** Sets attributes and makes the mount private; those that are set already stay. */
  static void setAttributes(Descriptor tree, long attributes, boolean recursive) {
    long clear = (attributes & ATTR_NOATIME) != 0 ? ATTR_ATIME_MASK : 0;
    change(tree, attributes, clear, MS_PRIVATE, recursive);
  }

  /** Makes one mount writable; its superblock may still be read-only. */
  static void makeWritable(Descriptor mount) {
    change(mount, 0, ATTR_RDONLY, 0, false);
  }

  static void makeReadOnly(Descriptor mount) {
    change(mount, ATTR_RDONLY, 0, 0, false);
  }

  /** The head of a peer group: what happens below it happens in its copies too. */
  static void makeShared(Descriptor mount) {
    change(mount, 0, 0, MS_SHARED, false);
  }

  /** What happens below the originals happens here too, but not the other way round. */
  static void makeSlaves(Descriptor tree) {
    change(tree, 0, 0, MS_SLAVE, true);
  }

  private static void change(
      Descriptor tree, long set, long clear, long propagation, boolean recursive) {
    int flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
    byte[] attr = new byte[32];
    Struct.of(attr).putLong(0, set).putLong(8, clear).putLong(16, propagation);
    Syscalls.check(
        "mount_setattr",
        () ->
            Libc.syscall(
                SYS_MOUNT_SETATTR, tree.fd(), CString.EMPTY, (long) flags, attr, attr.length));
  }

  /** Publishes a detached mount on a directory; from here on it is seen. */
  static void moveMount(Descriptor tree, Descriptor onto) {
    Syscalls.check(
        "move_mount",
        () ->
            Libc.syscall(
                SYS_MOVE_MOUNT,
                tree.fd(),
                CString.EMPTY,
                onto.fd(),
                CString.EMPTY,
                (long) MOVE_MOUNT_EMPTY_PATHS));
  }

  /**
   * Unmounts what is on top at {@code name} in the directory {@code parent}, never lazily and never
   * through a symlink. A descriptor of the mount itself would keep it busy, hence the parent's.
   */
  static void unmount(Descriptor parent, String name) {
    byte[] path = CString.of(parent.procPath() + "/" + name);
    Syscalls.check("umount2", () -> Libc.umount2(path, UMOUNT_NOFOLLOW));
  }

  private static Descriptor descriptor(String name, Syscalls.Call call) {
    return new Descriptor((int) Syscalls.retrying(name, call));
  }
}
