package io.joblet.storage.host.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tells cheaply whether a mount namespace can have anything to do with us: whether a mount of it is
 * on one of certain devices. listmount(2) and statmount(2), from Linux 6.8, 6.11 for other
 * namespaces, do so without entering it. A mount's unique id is never used again and its device
 * never changes, so each mount is asked about once. Not for use by several threads at a time.
 */
final class MountDevices {
  private static final long SYS_STATMOUNT = 457;
  private static final long SYS_LISTMOUNT = 458;
  private static final int REQUEST_BYTES = 32;
  private static final long ROOT = -1;
  private static final long SUPERBLOCK = 1;
  private static final int PAGE = 512;
  private static final int MOST_KNOWN = 1 << 16;

  private final Map<Long, String> known = new HashMap<>();

  /**
   * Whether a mount of the namespace is on one of the devices. True also where the kernel does not
   * say, or does not list as many mounts as it counts there, since some may be out of sight.
   *
   * @param devices as in mountinfo, e.g. {@code 8:1}
   */
  boolean anyOn(MountNamespaces.Identity of, Set<String> devices) {
    long namespace = of.id();
    if (namespace == 0) {
      // Would mean our own.
      return true;
    }
    try {
      byte[] page = new byte[PAGE * Long.BYTES];
      long last = 0;
      long listed = 0;
      int count;
      do {
        count = (int) list(namespace, last, page);
        listed += count;
        for (int i = 0; i < count; i++) {
          last = Struct.of(page).getLong(i * Long.BYTES);
          if (devices.contains(device(namespace, last))) {
            return true;
          }
        }
      } while (count == PAGE);
      return listed < of.mounts();
    } catch (KernelRefusal e) {
      // An old kernel, a namespace that ended meanwhile, a mount that did: the tables will tell.
      return true;
    }
  }

  private static long list(long namespace, long after, byte[] page) {
    byte[] request = request(namespace, ROOT, after);
    return Syscalls.check(
        "listmount", () -> Libc.syscall(SYS_LISTMOUNT, request, page, (long) PAGE, 0L));
  }

  private String device(long namespace, long mount) {
    String device = known.get(mount);
    if (device == null) {
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      device = ask(namespace, mount);
      known.put(mount, device);
    }
    return device;
  }

  private static String ask(long namespace, long mount) {
    byte[] request = request(namespace, mount, SUPERBLOCK);
    byte[] answer = new byte[PAGE];
    Syscalls.check(
        "statmount", () -> Libc.syscall(SYS_STATMOUNT, request, answer, (long) answer.length, 0L));
    if ((Struct.of(answer).getLong(8) & SUPERBLOCK) == 0) {
      throw new KernelRefusal("statmount", 22);
    }
    return Struct.of(answer).getInt(16) + ":" + Struct.of(answer).getInt(20);
  }

  /** struct mnt_id_req. */
  private static byte[] request(long namespace, long mount, long parameter) {
    byte[] request = new byte[REQUEST_BYTES];
    Struct.of(request)
        .putInt(0, REQUEST_BYTES)
        .putLong(8, mount)
        .putLong(16, parameter)
        .putLong(24, namespace);
    return request;
  }
}
