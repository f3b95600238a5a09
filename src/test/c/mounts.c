#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OPEN_TREE_ATTR = 467 };

static const char *place(void) {
    const char *at = path("%s/place", known("SCRATCH"));
    mkdir(at, 0755);
    return at;
}

static int mount_new(void) {
    static const char *const types[][2] = {
        {"tmpfs", ""},   {"proc", ""},     {"sysfs", ""},    {"cgroup2", ""},
        {"cgroup", "none,name=hostile"},   {"devpts", "newinstance"}, {"devtmpfs", ""},
        {"mqueue", ""},  {"debugfs", ""},  {"tracefs", ""},  {"bpf", ""},
        {"securityfs", ""}, {"overlay", "lowerdir=/usr:/etc"},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (mount("hostile", place(), types[i][0], 0, types[i][1]) == 0) {
            return out("mounted %s", types[i][0]);
        }
    }
    return refused("mount");
}

static int mount_bind(void) {
    return mount("/", place(), NULL, MS_BIND | MS_REC, NULL) == 0 ||
                   mount("/proc/1/root", place(), NULL, MS_BIND, NULL) == 0
               ? out("a bind mount is allowed")
               : refused("mount");
}

static int mount_over(void) {
    static const char *const targets[] = {"/etc", "/usr", "/proc", "/dev", "/"};
    for (int i = 0; i < 5; i++) {
        if (mount("hostile", targets[i], "tmpfs", 0, "size=4096") == 0) {
            return out("covered %s", targets[i]);
        }
    }
    return refused("mount");
}

static int mount_propagation(void) {
    return mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) == 0 ||
                   mount(NULL, "/", NULL, MS_PRIVATE, NULL) == 0
               ? out("may change propagation")
               : refused("mount");
}

/* struct mount_attr of mount_setattr(2): attr_set, attr_clr, propagation, userns_fd. */
static const unsigned long long clear_read_only[4] = {0, 1, 0, 0};

static int new_mount_api(void) {
    long fs = syscall(SYS_fsopen, "tmpfs", 0);
    if (fs >= 0) {
        return out("fsopen is allowed");
    }
    if (syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */) >= 0) {
        return out("open_tree is allowed");
    }
    if (syscall(SYS_fspick, AT_FDCWD, "/", 0) >= 0) {
        return out("fspick is allowed");
    }
    if (syscall(SYS_move_mount, AT_FDCWD, "/proc", AT_FDCWD, place(), 0) == 0) {
        return out("move_mount is allowed");
    }
    if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, clear_read_only, sizeof clear_read_only) == 0) {
        return out("mount_setattr is allowed");
    }
    return refused("fsopen and its kin");
}

/* Linux 6.15: younger than the libseccomp of many hosts, which cannot name it. */
static int open_tree_attr(void) {
    long result = syscall(OPEN_TREE_ATTR, -1, "", 0, NULL, 0);
    if (result < 0 && (errno == EPERM || errno == ENOSYS)) {
        return refused("open_tree_attr");
    }
    return out("open_tree_attr goes as far as: %s", strerror(errno));
}

static int writable(const char *directory) {
    const char *file = path("%s/made-by-attack", directory);
    int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return 0;
    }
    close(fd);
    unlink(file);
    return 1;
}

static int remount_writable(void) {
    const char *const targets[] = {known("READONLY"), "/", "/usr", "/etc", "/dev", "/proc"};
    for (int i = 0; i < 6; i++) {
        const char *at = targets[i];
        if (mount(NULL, at, NULL, MS_REMOUNT | MS_BIND, NULL) == 0 ||
            mount(NULL, at, NULL, MS_REMOUNT, NULL) == 0 ||
            syscall(SYS_mount_setattr, AT_FDCWD, at, 0, clear_read_only, sizeof clear_read_only) == 0) {
            return out(writable(at) ? "%s is writable now" : "%s was remounted", at);
        }
    }
    return refused("remount");
}

static int read_only_volume(void) {
    if (writable(known("READONLY"))) {
        return out("wrote to a read-only volume");
    }
    int fd = open(path("%s/to-canary", known("READONLY")), O_PATH | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? out("the volume is not there, nothing was tested") : held("read-only");
}

static int unmount(void) {
    const char *const targets[] = {known("VOLUME"), known("READONLY"), "/proc", "/dev/pts",
                                   "/dev/shm",      "/work",           "/"};
    for (int i = 0; i < 7; i++) {
        if (umount2(targets[i], MNT_DETACH) == 0) {
            return out("unmounted %s", targets[i]);
        }
    }
    return refused("umount");
}

static int pivot(void) {
    static const char *const roots[] = {"/", "/work", "/tmp", "/data"};
    for (int i = 0; i < 4; i++) {
        if (chdir(roots[i]) == 0 && syscall(SYS_pivot_root, ".", ".") == 0) {
            return out(reaches_host(AT_FDCWD) ? "the host is below the new root" : "has a new root");
        }
    }
    return refused("pivot_root");
}

/* Set-user-id files of the userland, and devices anywhere but in /dev, are dead by these. */
static int mount_flags(void) {
    FILE *table = fopen("/proc/self/mountinfo", "re");
    char line[4096];
    char target[4096];
    char options[4096];
    int seen = 0;
    while (table != NULL && fgets(line, sizeof line, table) != NULL) {
        if (sscanf(line, "%*s %*s %*s %*s %4095s %4095s", target, options) != 2) {
            return BROKEN;
        }
        seen++;
        int devices = strcmp(target, "/dev") == 0 || strcmp(target, "/dev/pts") == 0;
        if (strstr(options, "nosuid") == NULL || (!devices && strstr(options, "nodev") == NULL)) {
            return out("%s has %s", target, options);
        }
    }
    return seen < 5 ? out("only %d mounts are seen, nothing was tested", seen)
                    : held("every mount is nosuid, and nodev but for /dev");
}

const struct attack mount_attacks[] = {
    {"mount-new", mount_new},
    {"mount-bind", mount_bind},
    {"mount-over", mount_over},
    {"mount-propagation", mount_propagation},
    {"new-mount-api", new_mount_api},
    {"open-tree-attr", open_tree_attr},
    {"remount-writable", remount_writable},
    {"read-only-volume", read_only_volume},
    {"unmount", unmount},
    {"pivot-root", pivot},
    {"mount-flags", mount_flags},
    {NULL, NULL},
};
