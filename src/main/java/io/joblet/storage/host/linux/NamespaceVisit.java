package io.joblet.storage.host.linux;

import com.sun.jna.LastErrorException;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.MountEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * Work inside other mount namespaces, by setns(2). It is done by a thread that is made for it and
 * ends with it: the thread has to leave the others' working directory and root (unshare(CLONE_FS)),
 * and whatever it opened by a path would be the other namespace's file. So it makes bare system
 * calls. Each visit begins in the daemon's own namespace, where the same calls load every class
 * they need, and returns there before the thread ends.
 */
final class NamespaceVisit {
  private static final int CLONE_FS = 0x200;
  private static final int CLONE_NEWNS = 0x20000;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final long SYS_OPENAT2 = 437;
  private static final int NO_MAGICLINKS = 2;
  private static final int NO_SYMLINKS = 4;
  private static final int MOUNT_ID_MASK = 0x1000;
  private static final int ESTALE = 116;

  private NamespaceVisit() {}

  /** One stop's bare system calls; the answer is not negative. */
  @FunctionalInterface
  private interface Errand {
    long run(int stop) throws LastErrorException;
  }

  /**
   * Where to unmount what is on top of {@code name}.
   *
   * @param directory its absolute path in that namespace
   * @param mountId the mount on which the directory is expected
   */
  record Unmounting(String directory, long mountId, String name) {}

  /**
   * The mount table of each namespace, complete: seen from the namespace's root, where that of a
   * process may be narrowed by its chroot.
   *
   * @param namespaces the daemon's own first
   */
  static List<List<MountEntry>> tables(List<Descriptor> namespaces) {
    byte[] path = CString.of("thread-self/mountinfo");
    byte[] how = how(Syscalls.O_RDONLY, 0);
    long[] opened;
    try (Descriptor proc = Syscalls.open("/proc", Syscalls.O_PATH | Syscalls.O_DIRECTORY)) {
      int fd = proc.fd();
      opened = go(namespaces, stop -> Libc.syscall(SYS_OPENAT2, fd, path, how, how.length));
    }
    return read(opened);
  }

  /**
   * Unmounts one thing in each namespace, never lazily. Answers 0 or an errno each; ESTALE where
   * another mount is in the way, EINVAL also where the kernel has locked the mount because the
   * namespace belongs to another user namespace (mount_namespaces(7)).
   *
   * @param own the daemon's own namespace
   */
  static int[] unmount(Descriptor own, List<Descriptor> namespaces, List<Unmounting> what) {
    List<Descriptor> stops = new ArrayList<>(List.of(own));
    stops.addAll(namespaces);
    byte[][] directories = new byte[stops.size()][];
    byte[][] names = new byte[stops.size()][];
    long[] mountIds = new long[stops.size()];
    // The stop in our own namespace: to unmount the empty path, which is ENOENT.
    directories[0] = CString.of("/");
    names[0] = CString.EMPTY;
    mountIds[0] = rootMountId();
    for (int i = 0; i < what.size(); i++) {
      directories[i + 1] = CString.of(what.get(i).directory());
      names[i + 1] = CString.of(what.get(i).name());
      mountIds[i + 1] = what.get(i).mountId();
    }
    byte[] how = how(Syscalls.O_PATH | Syscalls.O_DIRECTORY, NO_SYMLINKS | NO_MAGICLINKS);
    byte[] status = new byte[256];
    long[] answers =
        go(stops, stop -> unmount(directories[stop], how, status, mountIds[stop], names[stop]));
    int[] errors = new int[what.size()];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = (int) -answers[i + 1];
    }
    return errors;
  }

  /** The working directory is the thread's own and names the parent, whatever is swapped in. */
  private static long unmount(
      byte[] directory, byte[] how, byte[] status, long mountId, byte[] name) {
    int fd = (int) Libc.syscall(SYS_OPENAT2, Syscalls.AT_FDCWD, directory, how, how.length);
    try {
      Libc.statx(fd, CString.EMPTY, Syscalls.AT_EMPTY_PATH, MOUNT_ID_MASK, status);
      if (Struct.of(status).getLong(0x90) != mountId) {
        return -ESTALE;
      }
      Libc.fchdir(fd);
      return Libc.umount2(name, UMOUNT_NOFOLLOW);
    } finally {
      Libc.close(fd);
    }
  }

  private static long[] go(List<Descriptor> stops, Errand errand) {
    int[] namespaces = stops.stream().mapToInt(Descriptor::fd).toArray();
    long[] answers = new long[namespaces.length];
    Throwable[] failure = new Throwable[1];
    Thread thread =
        Thread.ofPlatform()
            .name("other-namespaces")
            .daemon()
            .unstarted(() -> travel(namespaces, errand, answers, failure));
    start(thread);
    join(thread);
    switch (failure[0]) {
      case null -> {}
      case LastErrorException e -> throw new KernelRefusal("unshare", e.getErrorCode());
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IllegalStateException("a visit to other namespaces failed", e);
    }
    return answers;
  }

  /** A host without room for a thread says so by an Error, which nobody would take back from. */
  private static void start(Thread thread) {
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      throw new HostException("no thread can be started: " + e.getMessage(), "ENOMEM");
    }
  }

  private static void travel(int[] namespaces, Errand errand, long[] answers, Throwable[] failure) {
    try {
      Libc.unshare(CLONE_FS);
      for (int stop = 0; stop < namespaces.length; stop++) {
        answers[stop] = answer(namespaces[stop], stop, errand);
      }
      Libc.setns(namespaces[0], CLONE_NEWNS);
    } catch (RuntimeException | Error e) {
      failure[0] = e;
    }
  }

  private static long answer(int namespace, int stop, Errand errand) {
    try {
      Libc.setns(namespace, CLONE_NEWNS);
      return errand.run(stop);
    } catch (LastErrorException e) {
      return -e.getErrorCode();
    }
  }

  private static List<List<MountEntry>> read(long[] opened) {
    List<Descriptor> files = new ArrayList<>();
    try {
      int refusal = 0;
      for (long fd : opened) {
        if (fd >= 0) {
          files.add(new Descriptor((int) fd));
        } else {
          refusal = (int) -fd;
        }
      }
      if (refusal != 0) {
        throw new KernelRefusal("setns", refusal);
      }
      return files.stream().map(MountTable::read).toList();
    } finally {
      files.forEach(Descriptor::close);
    }
  }

  private static long rootMountId() {
    try (Descriptor root = Syscalls.open("/", Syscalls.O_PATH | Syscalls.O_DIRECTORY)) {
      return root.status().mountId();
    }
  }

  private static byte[] how(long flags, long resolve) {
    byte[] how = new byte[24];
    Struct.of(how).putLong(0, flags | Syscalls.O_CLOEXEC).putLong(16, resolve);
    return how;
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
