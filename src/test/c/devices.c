/* Devices and files of the kernel. Opened only, never written. */
#include "attack.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int make_node(void) {
    const char *const directories[] = {known("SCRATCH"), known("VOLUME"), "/dev", "/dev/shm"};
    for (int i = 0; i < 4; i++) {
        const char *node = path("%s/node", directories[i]);
        if (mknod(node, S_IFBLK | 0600, (dev_t)known_number("DISK")) == 0 ||
            mknod(node, S_IFCHR | 0600, makedev(1, 1)) == 0) {
            unlink(node);
            return out("made %s", node);
        }
    }
    return refused("mknod");
}

static int nodes_on_volume(void) {
    static const char *const nodes[] = {"node-null", "node-mem", "node-disk"};
    for (int i = 0; i < 3; i++) {
        const char *node = path("%s/%s", known("VOLUME"), nodes[i]);
        struct stat there;
        if (stat(node, &there) != 0 || S_ISREG(there.st_mode)) {
            return out("%s is missing, nothing was tested", node);
        }
        if (open(node, O_RDONLY | O_NONBLOCK | O_CLOEXEC) >= 0) {
            return out("opened %s", node);
        }
    }
    return refused("open");
}

static int host_nodes(void) {
    static const char *const nodes[] = {"mem",  "kmem", "port", "kmsg", "kvm",    "fuse", "loop-control",
                                        "vda",  "sda",  "rtc0", "vsock", "net/tun", "nvram", "loop0"};
    for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++) {
        if (open(path("/dev/%s", nodes[i]), O_RDONLY | O_NONBLOCK | O_CLOEXEC) >= 0) {
            return out("opened /dev/%s", nodes[i]);
        }
    }
    return refused("open");
}

static int only_harmless_nodes(void) {
    static const char harmless[] = " null zero full random urandom tty ";
    DIR *dev = opendir("/dev");
    struct dirent *entry;
    while (dev != NULL && (entry = readdir(dev)) != NULL) {
        struct stat there;
        if (fstatat(dirfd(dev), entry->d_name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
            (S_ISBLK(there.st_mode) || S_ISCHR(there.st_mode)) &&
            strstr(harmless, path(" %s ", entry->d_name)) == NULL) {
            return out("/dev/%s", entry->d_name);
        }
    }
    return dev == NULL ? BROKEN : held("null zero full random urandom tty");
}

static int terminals(void) {
    DIR *pts = opendir("/dev/pts");
    struct dirent *entry;
    while (pts != NULL && (entry = readdir(pts)) != NULL) {
        if (isdigit((unsigned char)entry->d_name[0])) {
            return out("/dev/pts/%s is somebody else's", entry->d_name);
        }
    }
    if (open("/dev/tty", O_RDWR | O_NONBLOCK | O_CLOEXEC) >= 0) {
        return out("has a terminal");
    }
    for (int fd = 0; fd < 3; fd++) {
        if (isatty(fd) || ioctl(fd, TIOCSTI, "x") == 0) {
            return out("descriptor %d is a terminal", fd);
        }
    }
    return pts == NULL ? BROKEN : held("no terminal");
}

static int dev_is_fixed(void) {
    return open("/dev/made", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0 || chmod("/dev/tty", 0660) == 0 ||
                   rename("/dev/full", "/dev/empty") == 0
               ? out("/dev can be changed")
               : refused("/dev");
}

static int kernel_files(void) {
    static const char *const written[] = {
        "/proc/sysrq-trigger",   "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe",
        "/proc/sys/vm/drop_caches", "/proc/sys/fs/binfmt_misc/register", "/sys/kernel/uevent_helper",
        "/sys/power/state",      "/sys/fs/cgroup/cgroup.procs",   "/sys/fs/cgroup/release_agent",
        "/proc/fs/nfsd/threads", "/proc/mtrr",
    };
    static const char *const read[] = {
        "/proc/kcore",     "/proc/kmsg",  "/proc/kallsyms",   "/proc/keys", "/proc/timer_list",
        "/proc/partitions", "/proc/cmdline", "/proc/config.gz", "/proc/bus", "/proc/sys",
        "/sys",            "/sys/firmware",
    };
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        if (open(written[i], O_WRONLY | O_CLOEXEC) >= 0) {
            return out("opened %s for writing", written[i]);
        }
    }
    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++) {
        if (open(read[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC) >= 0) {
            return out("opened %s", read[i]);
        }
    }
    return refused("open");
}

static int proc_entries(void) {
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    while (proc != NULL && (entry = readdir(proc)) != NULL) {
        const char *name = entry->d_name;
        if (!isdigit((unsigned char)name[0]) && name[0] != '.' && strcmp(name, "self") != 0 &&
            strcmp(name, "thread-self") != 0) {
            return out("/proc/%s", name);
        }
    }
    return proc == NULL ? BROKEN : held("processes only");
}

static int own_process_files(void) {
    static const char *const files[] = {"uid_map", "gid_map", "setgroups", "oom_score_adj", "clear_refs",
                                        "coredump_filter", "attr/current"};
    for (int i = 0; i < 7; i++) {
        if (open(path("/proc/self/%s", files[i]), O_WRONLY | O_CLOEXEC) >= 0) {
            return out("opened /proc/self/%s for writing", files[i]);
        }
    }
    return refused("open");
}

const struct attack device_attacks[] = {
    {"make-node", make_node},
    {"nodes-on-volume", nodes_on_volume},
    {"host-nodes", host_nodes},
    {"only-harmless-nodes", only_harmless_nodes},
    {"terminals", terminals},
    {"dev-is-fixed", dev_is_fixed},
    {"kernel-files", kernel_files},
    {"proc-entries", proc_entries},
    {"own-process-files", own_process_files},
    {NULL, NULL},
};
