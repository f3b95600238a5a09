/*
 * System calls that no job needs. With these arguments none can change anything: what matters is
 * whether it is refused before it looks at them.
 */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOWHERE ((void *)1)

static int gate(const char *what, long result) {
    if (result >= 0) {
        return out("%s is allowed", what);
    }
    return errno == EPERM || errno == ENOSYS || errno == EAFNOSUPPORT ? 0
                                                                      : out("%s goes as far as: %s", what,
                                                                            strerror(errno));
}

#define TRY(what, ...)                               \
    do {                                             \
        if (gate(what, syscall(__VA_ARGS__)) != 0) { \
            return OUT;                              \
        }                                            \
    } while (0)

static int keys(void) {
    TRY("keyctl", SYS_keyctl, 0, -3, 0);
    TRY("add_key", SYS_add_key, NOWHERE, NOWHERE, NULL, 0, -3);
    TRY("request_key", SYS_request_key, NOWHERE, NOWHERE, NULL, 0);
    return refused("keyctl");
}

static int bpf(void) {
    TRY("bpf", SYS_bpf, 0, NOWHERE, 8);
    return refused("bpf");
}

static int perf(void) {
    TRY("perf_event_open", SYS_perf_event_open, NOWHERE, 0, -1, -1, 0);
    return refused("perf_event_open");
}

static int user_faults(void) {
    TRY("userfaultfd", SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */);
    return refused("userfaultfd");
}

static int io_uring(void) {
    TRY("io_uring_setup", SYS_io_uring_setup, 1, NOWHERE);
    TRY("io_uring_enter", SYS_io_uring_enter, -1, 0, 0, 0, NULL);
    TRY("io_uring_register", SYS_io_uring_register, -1, 0, NULL, 0);
    return refused("io_uring_setup");
}

static int modules(void) {
    TRY("init_module", SYS_init_module, NOWHERE, 0, NOWHERE);
    TRY("finit_module", SYS_finit_module, -1, NOWHERE, ~0);
    TRY("delete_module", SYS_delete_module, NOWHERE, 0);
    TRY("kexec_load", SYS_kexec_load, 0, 0, NOWHERE, ~0UL);
    TRY("kexec_file_load", SYS_kexec_file_load, -1, -1, 0, NOWHERE, ~0UL);
    return refused("init_module");
}

/* Wrong magic numbers. */
static int reboot_host(void) {
    TRY("reboot", SYS_reboot, 0, 0, 0, NULL);
    return refused("reboot");
}

static int clocks(void) {
    TRY("settimeofday", SYS_settimeofday, NULL, NULL);
    TRY("clock_settime", SYS_clock_settime, 0, NULL);
    TRY("clock_adjtime", SYS_clock_adjtime, 0, NULL);
    return refused("settimeofday");
}

static int host_name(void) {
    TRY("sethostname", SYS_sethostname, NOWHERE, -1);
    TRY("setdomainname", SYS_setdomainname, NOWHERE, -1);
    return refused("sethostname");
}

static int administration(void) {
    TRY("swapon", SYS_swapon, NOWHERE, 0);
    TRY("swapoff", SYS_swapoff, NOWHERE);
    TRY("acct", SYS_acct, NOWHERE);
    TRY("quotactl", SYS_quotactl, ~0, NULL, 0, NULL);
    TRY("syslog", SYS_syslog, 10, NULL, 0);
#ifdef SYS_iopl
    TRY("iopl", SYS_iopl, 4);
    TRY("ioperm", SYS_ioperm, 0x80, 1, 0);
#endif
    return refused("swapon");
}

static int others(void) {
    TRY("fanotify_init", SYS_fanotify_init, 0x200, 0);
    TRY("kcmp", SYS_kcmp, getpid(), getpid(), 1, 0, 0);
    TRY("name_to_handle_at", SYS_name_to_handle_at, AT_FDCWD, NOWHERE, NULL, NULL, 0);
    TRY("lookup_dcookie", SYS_lookup_dcookie, 0, NULL, 0);
    return refused("kcmp");
}

/* Numbers that were given to nothing when this was written are refused until somebody has looked. */
static int calls_of_the_future(void) {
    for (long number = 470; number < 520; number++) {
        if (syscall(number, -1, -1, -1, -1, -1, -1) != -1 || errno != ENOSYS) {
            return out("call %ld goes as far as: %s", number, strerror(errno));
        }
    }
    return refused("470 and later");
}

/* Not divided by network namespaces: the first reaches the hypervisor, the second the kernel. */
static int foreign_sockets(void) {
    static const int families[] = {40 /* AF_VSOCK */, 38 /* AF_ALG */};
    for (int i = 0; i < 2; i++) {
        /* The kernel takes an int; a filter sees the whole word. */
        for (unsigned long high = 0; high < 2; high++) {
            if (syscall(SYS_socket, high << 32 | (unsigned long)families[i], 5, 0) >= 0 ||
                syscall(SYS_socket, high << 32 | (unsigned long)families[i], 1, 0) >= 0) {
                return out("a socket of family %d", families[i]);
            }
        }
    }
    return refused("socket");
}

/* The filter is of the 64-bit calls; the numbers of others mean something else. unshare(0). */
static int calls_of_i386(void) {
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(310L), "b"(0L) : "memory", "r8", "r9", "r10", "r11");
    return result == -EPERM || result == -ENOSYS ? held("int 0x80 is refused")
                                                 : out("int 0x80 passes by the filter: %ld", result);
#else
    return held("another machine");
#endif
}

static int calls_of_x32(void) {
#ifdef __x86_64__
    TRY("x32 unshare", 0x40000000L | 272, 0);
#endif
    return refused("x32");
}

/*
 * The owner of a directory may make subvolumes there, and who makes one may say that it belongs to
 * no quota group, or to somebody else's. Made read-only, a volume could not be purged.
 */
static int subvolumes(void) {
    struct btrfs_ioctl_vol_args_v2 args;
    struct btrfs_qgroup_inherit *nothing = calloc(1, sizeof *nothing);
    int volume = open(known("VOLUME"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    memset(&args, 0, sizeof args);
    args.flags = BTRFS_SUBVOL_QGROUP_INHERIT;
    args.size = sizeof *nothing;
    args.qgroup_inherit = nothing;
    strcpy(args.name, "without-quota");
    for (unsigned long high = 0; high < 2; high++) {
        TRY("BTRFS_IOC_SUBVOL_CREATE_V2", SYS_ioctl, volume, high << 32 | BTRFS_IOC_SUBVOL_CREATE_V2, &args);
        args.fd = volume;
        TRY("BTRFS_IOC_SNAP_CREATE_V2", SYS_ioctl, volume, high << 32 | BTRFS_IOC_SNAP_CREATE_V2, &args);
    }
    struct btrfs_ioctl_vol_args old = {volume, "of-old"};
    uint64_t read_only = BTRFS_SUBVOL_RDONLY;
    TRY("BTRFS_IOC_SUBVOL_CREATE", SYS_ioctl, volume, BTRFS_IOC_SUBVOL_CREATE, &old);
    TRY("BTRFS_IOC_SNAP_CREATE", SYS_ioctl, volume, BTRFS_IOC_SNAP_CREATE, &old);
    TRY("BTRFS_IOC_SUBVOL_SETFLAGS", SYS_ioctl, volume, BTRFS_IOC_SUBVOL_SETFLAGS, &read_only);
    return refused("ioctl");
}

const struct attack kernel_attacks[] = {
    {"keys", keys},
    {"bpf", bpf},
    {"perf", perf},
    {"userfaultfd", user_faults},
    {"io-uring", io_uring},
    {"modules", modules},
    {"reboot", reboot_host},
    {"clocks", clocks},
    {"host-name", host_name},
    {"administration", administration},
    {"other-calls", others},
    {"calls-of-the-future", calls_of_the_future},
    {"foreign-sockets", foreign_sockets},
    {"calls-of-i386", calls_of_i386},
    {"calls-of-x32", calls_of_x32},
    {"subvolumes", subvolumes},
    {NULL, NULL},
};
