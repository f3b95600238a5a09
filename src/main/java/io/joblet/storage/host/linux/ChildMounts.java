package io.joblet.storage.host.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mount points in the tree below one mount, by listmount(2) and statmount(2) of Linux 6.8: their
 * cost is that of this tree, where {@code mountinfo} costs that of all mounts of the host.
 */
final class ChildMounts {
  private static final int STATX_MNT_ID_UNIQUE = 0x4000;
  private static final long SYS_STATMOUNT = 457;
  private static final long SYS_LISTMOUNT = 458;
  private static final int REQUEST = 24;
  private static final long STATMOUNT_MNT_POINT = 0x10;
  private static final int MNT_POINT = 108;
  private static final int TEXT = 512;
  private static final int BATCH = 512;

  private ChildMounts() {}

  /** Empty on a kernel that cannot tell. A mount that goes away meanwhile is left out. */
  static Optional<List<String>> targets(Descriptor onMount) {
    try {
      List<String> targets = new ArrayList<>();
      for (long id : ids(uniqueMountId(onMount))) {
        target(id).ifPresent(targets::add);
      }
      return Optional.of(targets);
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOSYS, Errno.EINVAL) || e.is(Errno.EPERM)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static long uniqueMountId(Descriptor descriptor) {
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

  private static List<Long> ids(long mount) {
    List<Long> ids = new ArrayList<>();
    byte[] batch = new byte[8 * BATCH];
    long last = 0;
    while (true) {
      byte[] request = request(mount, last);
      long found =
          Syscalls.check("listmount", () -> Libc.syscall(SYS_LISTMOUNT, request, batch, BATCH, 0L));
      for (int i = 0; i < found; i++) {
        last = Struct.of(batch).getLong(8 * i);
        ids.add(last);
      }
      if (found < BATCH) {
        return ids;
      }
    }
  }

  private static Optional<String> target(long mount) {
    byte[] result = new byte[TEXT + 4200];
    byte[] request = request(mount, STATMOUNT_MNT_POINT);
    try {
      Syscalls.check(
          "statmount", () -> Libc.syscall(SYS_STATMOUNT, request, result, result.length, 0L));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(CString.at(result, TEXT + Struct.of(result).getInt(MNT_POINT)));
  }

  private static byte[] request(long mount, long parameter) {
    byte[] request = new byte[REQUEST];
    Struct.of(request).putInt(0, REQUEST).putLong(8, mount).putLong(16, parameter);
    return request;
  }
}
