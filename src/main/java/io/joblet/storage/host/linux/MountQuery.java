package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Questions about single mounts, listmount(2) and statmount(2) from Linux 6.8, of other mount
 * namespaces without entering them from 6.11. Their cost is that of what is asked for, where {@code
 * mountinfo} costs that of all mounts of a namespace. A mount has an id here that is never used
 * again, other than in mountinfo.
 */
final class MountQuery {
  /** The caller's own namespace, where a namespace is asked for. */
  static final long OWN = 0;

  private static final int STATX_MNT_ID_UNIQUE = 0x4000;
  private static final long SYS_STATMOUNT = 457;
  private static final long SYS_LISTMOUNT = 458;
  private static final int REQUEST = 32;
  private static final long ROOT = -1;
  private static final int BATCH = 2048;

  private static final long SB_BASIC = 1;
  private static final long MNT_BASIC = 2;
  private static final long MNT_ROOT = 8;
  private static final long MNT_POINT = 0x10;
  private static final long FS_TYPE = 0x20;
  private static final long SB_SOURCE = 0x200;
  private static final long WHOLE = SB_BASIC | MNT_BASIC | MNT_ROOT | MNT_POINT | FS_TYPE;

  /** Of struct statmount; texts follow it. */
  private static final int FIXED = 512;

  private static final int TEXTS = 3 * 4096;
  private static final int MOST_TEXTS = 1 << 18;

  private MountQuery() {}

  /** What never changes while a mount lives. */
  record Nature(long device, int mountId) {
    static long device(int major, int minor) {
      return (long) major << 32 | Integer.toUnsignedLong(minor);
    }
  }

  /** All mounts of a namespace that can be reached from its root, oldest id first. */
  static long[] mounts(long namespace) {
    return list(namespace, ROOT);
  }

  /** Those on a mount or in it, at any depth, oldest id first. */
  static long[] inside(long namespace, long mount) {
    return list(namespace, mount);
  }

  private static long[] list(long namespace, long mount) {
    long[] ids = new long[BATCH];
    byte[] page = new byte[BATCH * Long.BYTES];
    int listed = 0;
    int count;
    do {
      byte[] request = request(namespace, mount, listed == 0 ? 0 : ids[listed - 1]);
      count =
          (int)
              Syscalls.check(
                  "listmount", () -> Libc.syscall(SYS_LISTMOUNT, request, page, (long) BATCH, 0L));
      ids = listed + count > ids.length ? Arrays.copyOf(ids, 2 * ids.length) : ids;
      Struct.of(page).bytes().asLongBuffer().get(ids, listed, count);
      listed += count;
    } while (count == BATCH);
    return Arrays.copyOf(ids, listed);
  }

  /** Empty for a mount that has gone meanwhile. */
  static Optional<Nature> nature(long namespace, long mount) {
    byte[] answer = new byte[FIXED];
    if (!ask(namespace, mount, SB_BASIC | MNT_BASIC, answer)) {
      return Optional.empty();
    }
    Struct status = Struct.of(answer);
    if ((status.getLong(8) & (SB_BASIC | MNT_BASIC)) != (SB_BASIC | MNT_BASIC)) {
      throw new KernelRefusal("statmount", 22);
    }
    return Optional.of(
        new Nature(Nature.device(status.getInt(16), status.getInt(20)), status.getInt(56)));
  }

  /** Where it is mounted, seen from the root of the namespace; empty for one that has gone. */
  static Optional<String> target(long namespace, long mount) {
    return texts(namespace, mount, MNT_POINT).flatMap(answer -> text(answer, MNT_POINT, 108));
  }

  /**
   * As a line of mountinfo, without most of the options. Empty for one that has gone, or that lies
   * where the namespace's root does not show it: mountinfo leaves that out as well.
   */
  static Optional<MountEntry> entry(long namespace, long mount) {
    Optional<byte[]> told = texts(namespace, mount, WHOLE | SB_SOURCE);
    if (told.isEmpty()) {
      return Optional.empty();
    }
    byte[] answer = told.get();
    Struct status = Struct.of(answer);
    Optional<String> root = text(answer, MNT_ROOT, 104);
    Optional<String> target = text(answer, MNT_POINT, 108);
    if (root.isEmpty() || target.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new MountEntry(
            Integer.toUnsignedLong(status.getInt(56)),
            Integer.toUnsignedLong(status.getInt(60)),
            Integer.toUnsignedString(status.getInt(16))
                + ":"
                + Integer.toUnsignedString(status.getInt(20)),
            root.get(),
            target.get(),
            (status.getLong(64) & MountCalls.ATTR_RDONLY) != 0 ? Set.of("ro") : Set.of("rw"),
            text(answer, FS_TYPE, 36).orElse(""),
            text(answer, SB_SOURCE, 124).orElse(""),
            Set.of(),
            propagation(status.getLong(80), status.getLong(88))));
  }

  /** Whether this kernel tells all that {@link #entry} needs: the source from Linux 6.13. */
  static boolean tellsAll() {
    return Support.TELLS_ALL;
  }

  private static final class Support {
    private static final boolean TELLS_ALL = find();

    private static boolean find() {
      try (Descriptor proc = Syscalls.open("/proc", Syscalls.O_PATH | Syscalls.O_DIRECTORY)) {
        byte[] answer = new byte[FIXED + TEXTS];
        return ask(OWN, uniqueId(proc), WHOLE | SB_SOURCE, answer)
            && (Struct.of(answer).getLong(8) & (WHOLE | SB_SOURCE)) == (WHOLE | SB_SOURCE);
      } catch (KernelRefusal e) {
        return false;
      }
    }
  }

  /** The device of the mount that a descriptor is on, as in mountinfo; empty on an old kernel. */
  static Optional<String> device(Descriptor descriptor) {
    if (!tellsAll()) {
      return Optional.empty();
    }
    return nature(OWN, uniqueId(descriptor))
        .map(n -> (n.device() >>> 32) + ":" + Integer.toUnsignedString((int) n.device()));
  }

  /** The id of the mount that a descriptor is on. */
  static long uniqueId(Descriptor descriptor) {
    byte[] result = new byte[256];
    Syscalls.check(
        "statx",
        () ->
            Libc.statx(
                descriptor.fd(),
                CString.EMPTY,
                Syscalls.AT_EMPTY_PATH,
                STATX_MNT_ID_UNIQUE,
                result));
    Struct status = Struct.of(result);
    if ((status.getInt(0) & STATX_MNT_ID_UNIQUE) == 0) {
      throw new KernelRefusal("statx", 38);
    }
    return status.getLong(0x90);
  }

  /**
   * An answer with texts in it. Whoever is root in a user namespace of his own can mount at a path
   * that is longer than any path in a call, so no size is always enough; the kernel says EOVERFLOW.
   *
   * @return empty for a mount that has gone meanwhile, and for one at a path so long that it passes
   *     for out of sight
   */
  private static Optional<byte[]> texts(long namespace, long mount, long what) {
    for (int size = TEXTS; size <= MOST_TEXTS; size *= 4) {
      byte[] answer = new byte[FIXED + size];
      try {
        return ask(namespace, mount, what, answer) ? Optional.of(answer) : Optional.empty();
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EOVERFLOW)) {
          throw e;
        }
      }
    }
    return Optional.empty();
  }

  /** False for a mount that has gone meanwhile. */
  private static boolean ask(long namespace, long mount, long what, byte[] answer) {
    byte[] request = request(namespace, mount, what);
    try {
      Syscalls.check(
          "statmount",
          () -> Libc.syscall(SYS_STATMOUNT, request, answer, (long) answer.length, 0L));
      return true;
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private static Optional<String> text(byte[] answer, long what, int offset) {
    Struct status = Struct.of(answer);
    return (status.getLong(8) & what) == 0
        ? Optional.empty()
        : Optional.of(CString.at(answer, FIXED + status.getInt(offset)));
  }

  private static Set<String> propagation(long group, long master) {
    Set<String> all = new HashSet<>();
    if (group != 0) {
      all.add("shared:" + group);
    }
    if (master != 0) {
      all.add("master:" + master);
    }
    return all;
  }

  /** struct mnt_id_req. */
  private static byte[] request(long namespace, long mount, long parameter) {
    byte[] request = new byte[REQUEST];
    Struct.of(request)
        .putInt(0, REQUEST)
        .putLong(8, mount)
        .putLong(16, parameter)
        .putLong(24, namespace);
    return request;
  }
}
