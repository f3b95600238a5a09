package io.joblet.storage.host.linux;

/**
 * Reads items of a btrfs tree by BTRFS_IOC_TREE_SEARCH_V2. The search sees the running transaction,
 * so what an ioctl has just changed is there at once.
 */
final class BtrfsSearch {
  static final long ROOT_TREE = 1;
  static final long QUOTA_TREE = 8;

  static final int ROOT_REF = 156;
  static final int QGROUP_INFO = 242;
  static final int QGROUP_LIMIT = 244;
  static final int QGROUP_RELATION = 246;

  private static final int KEY = 104;
  private static final int HEADER = 32;
  private static final int ITEMS = KEY + 8;
  private static final long TREE_SEARCH_V2 = Ioctl.readWrite(0x94, 17, ITEMS);
  private static final long EVERYTHING = -1L;

  private BtrfsSearch() {}

  /** Gets each item: the offset part of its key, and where its data begins in {@code data}. */
  @FunctionalInterface
  interface Visitor {
    void item(long offset, Struct data, int at);
  }

  /** Items of one object and type whose key's offset lies in a range, in order. */
  static void search(
      Descriptor directory,
      long tree,
      long object,
      int type,
      long firstOffset,
      long lastOffset,
      int bufferBytes,
      Visitor visitor) {
    long next = firstOffset;
    while (true) {
      byte[] args = new byte[ITEMS + bufferBytes];
      Struct s = Struct.of(args);
      s.putLong(0, tree).putLong(8, object).putLong(16, object);
      s.putLong(24, next).putLong(32, lastOffset).putLong(48, EVERYTHING);
      s.putInt(56, type).putInt(60, type).putInt(64, Integer.MAX_VALUE);
      s.putLong(KEY, bufferBytes);
      Syscalls.ioctl("BTRFS_IOC_TREE_SEARCH_V2", directory.fd(), TREE_SEARCH_V2, args);
      int found = s.getInt(64);
      if (found == 0) {
        return;
      }
      long last = next;
      int at = ITEMS;
      for (int i = 0; i < found; i++) {
        last = s.getLong(at + 16);
        visitor.item(last, s, at + HEADER);
        at += HEADER + s.getInt(at + 28);
      }
      if (Long.compareUnsigned(last, lastOffset) >= 0) {
        return;
      }
      next = last + 1;
    }
  }
}
