package io.joblet.storage.host.linux;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Optional;

/**
 * The system calls that no job needs and that have opened kernels before: refused with EPERM, and
 * those by which the size of a volume would not hold. All others that were known when this was
 * written are allowed. Built by libseccomp, which knows every architecture's numbers; a name that
 * neither it nor {@link YoungCalls} knows is no call here. Calls of other architectures, such as
 * those of 32 bits, end the thread that makes them.
 *
 * <p>The capabilities of a job already forbid most of these. The filter is for the day when one of
 * those checks has a hole.
 */
final class SeccompFilter {
  private static final int ACT_ALLOW = 0x7fff0000;
  private static final int ACT_ERRNO = 0x00050000;
  private static final int ACT_EPERM = ACT_ERRNO | 1;
  private static final int ACT_ENOSYS = ACT_ERRNO | 38;
  private static final int UNKNOWN_CALL = -1;
  private static final int LARGEST = 1 << 16;

  /** clone(2) with CLONE_NEWUSER would give the job capabilities in a namespace of its own. */
  private static final int CLONE_NEWUSER = 0x10000000;

  private static final int CMP_MASKED_EQ = 7;

  /** The kernel takes an int where the filter sees 64 bits; what is above must not hide it. */
  private static final long INT = 0xffffffffL;

  /**
   * A call that is refused for one value of an argument.
   *
   * @param errno what the caller sees, so that libraries do without
   */
  private record Narrow(String call, int argument, long mask, long value, int errno) {}

  private static Narrow family(long number) {
    return new Narrow("socket", 0, INT, number, 97 /* EAFNOSUPPORT */);
  }

  private static Narrow request(long number) {
    return new Narrow("ioctl", 1, INT, number, 1 /* EPERM */);
  }

  private static Narrow reflink(long number) {
    return new Narrow("ioctl", 1, INT, number, 95 /* EOPNOTSUPP */);
  }

  private static final List<Narrow> NARROW =
      List.of(
          new Narrow("clone", 0, CLONE_NEWUSER, CLONE_NEWUSER, 1),
          // AF_VSOCK: reaches the hypervisor, and no network namespace holds it.
          family(40),
          // AF_ALG: has given write access to pages of read-only files, which jobs share.
          family(38),
          // btrfs: who makes a subvolume may say that it belongs to no quota group. SNAP_CREATE,
          // SUBVOL_CREATE and both with V2.
          request(0x50009401L),
          request(0x5000940eL),
          request(0x50009417L),
          request(0x50009418L),
          // SUBVOL_SETFLAGS: a volume that its user made read-only is so for everybody.
          request(0x4008941aL),
          // ioctl_ficlonerange(2), ioctl_fideduperange(2): simple quotas count an extent in the
          // subvolume that wrote it first, so what came from another volume would count nowhere
          // here, and there also when it is deleted. FICLONE, FICLONERANGE, FIDEDUPERANGE.
          reflink(0x40049409L),
          reflink(0x4020940dL),
          reflink(0xc0189436L));

  /**
   * Those that programs do without where the kernel has none. The flags of clone3 lie in memory,
   * where a filter cannot look; copy_file_range makes reflinks.
   */
  private static final List<String> ABSENT = List.of("clone3", "copy_file_range");

  private static final List<String> REFUSED =
      List.of(
          "acct",
          "add_key",
          "bpf",
          "chroot",
          "clock_adjtime",
          "clock_settime",
          "create_module",
          "delete_module",
          "fanotify_init",
          "finit_module",
          "fsconfig",
          "fsmount",
          "fsopen",
          "fspick",
          "get_kernel_syms",
          "init_module",
          "io_uring_enter",
          "io_uring_register",
          "io_uring_setup",
          "ioperm",
          "iopl",
          "kcmp",
          "kexec_file_load",
          "kexec_load",
          "keyctl",
          "lookup_dcookie",
          "mount",
          "mount_setattr",
          "move_mount",
          "name_to_handle_at",
          "nfsservctl",
          "open_by_handle_at",
          "open_tree",
          "open_tree_attr",
          "perf_event_open",
          "pidfd_getfd",
          "pivot_root",
          "process_vm_readv",
          "process_vm_writev",
          "ptrace",
          "query_module",
          "quotactl",
          "quotactl_fd",
          "reboot",
          "request_key",
          "setdomainname",
          "sethostname",
          "setns",
          "settimeofday",
          "swapoff",
          "swapon",
          "syslog",
          "umount",
          "umount2",
          "unshare",
          "uselib",
          "userfaultfd",
          "vhangup");

  private SeccompFilter() {}

  /** libseccomp 2, seccomp_init(3) and its kin. */
  private interface Seccomp extends Library {
    Pointer seccomp_init(int defaultAction);

    int seccomp_syscall_resolve_name(String name);

    int seccomp_rule_add_array(Pointer context, int action, int call, int count, Pointer arguments);

    int seccomp_export_bpf(Pointer context, int fd);

    void seccomp_release(Pointer context);
  }

  /** The program as the kernel takes it, or empty where there is no libseccomp. */
  static Optional<byte[]> build() {
    try {
      return Optional.of(build(Native.load("libseccomp.so.2", Seccomp.class)));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  private static byte[] build(Seccomp library) {
    Pointer filter = library.seccomp_init(ACT_ALLOW);
    try {
      for (String name : REFUSED) {
        int call = number(library, name);
        if (call != UNKNOWN_CALL) {
          require(library.seccomp_rule_add_array(filter, ACT_EPERM, call, 0, Pointer.NULL), name);
        }
      }
      for (String name : ABSENT) {
        int call = number(library, name);
        require(library.seccomp_rule_add_array(filter, ACT_ENOSYS, call, 0, Pointer.NULL), name);
      }
      for (Narrow rule : NARROW) {
        add(library, filter, rule);
      }
      return YoungCalls.refuseUnknown(export(library, filter));
    } finally {
      library.seccomp_release(filter);
    }
  }

  private static int number(Seccomp library, String name) {
    int call = library.seccomp_syscall_resolve_name(name);
    return call == UNKNOWN_CALL ? YoungCalls.number(name).orElse(UNKNOWN_CALL) : call;
  }

  /** struct scmp_arg_cmp: argument, operator, mask, value. */
  private static void add(Seccomp library, Pointer filter, Narrow rule) {
    try (Memory comparison = new Memory(24)) {
      comparison.setInt(0, rule.argument());
      comparison.setInt(4, CMP_MASKED_EQ);
      comparison.setLong(8, rule.mask());
      comparison.setLong(16, rule.value());
      int call = number(library, rule.call());
      int action = ACT_ERRNO | rule.errno();
      require(library.seccomp_rule_add_array(filter, action, call, 1, comparison), rule.call());
    }
  }

  private static byte[] export(Seccomp library, Pointer filter) {
    try (Descriptor file = Syscalls.memoryFile("seccomp")) {
      require(library.seccomp_export_bpf(filter, file.fd()), "export");
      byte[] program = new byte[LARGEST];
      int length = Syscalls.pread(file.fd(), program, 0);
      return java.util.Arrays.copyOf(program, length);
    }
  }

  private static void require(int result, String what) {
    if (result != 0) {
      throw new KernelRefusal("seccomp filter, " + what, -result);
    }
  }
}
