/* Ways by which a path of the host could be reached. */
#include "attack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int dot_dot(void) {
    if (reaches_host(AT_FDCWD)) {
        return out("by '..' from the working directory");
    }
    if (chdir("/") == 0 && reaches_host(AT_FDCWD)) {
        return out("by '..' from /");
    }
    return held("'..' ends at the root");
}

static int absolute_path(void) {
    return has_secret(AT_FDCWD, known("CANARY")) || has_secret(AT_FDCWD, known("OTHER"))
               ? out("the host's path is seen")
               : held("not there");
}

static int symlinks(void) {
    static const char *const links[] = {"to-canary", "to-root", "to-init", "up"};
    for (int i = 0; i < 4; i++) {
        const char *link = path("%s/%s", known("VOLUME"), links[i]);
        struct stat there;
        if (lstat(link, &there) != 0) {
            return out("%s is missing, nothing was tested", link);
        }
        int at = open(link, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (has_secret(AT_FDCWD, link) || (at >= 0 && reaches_host(at))) {
            return out("%s leads to the host", link);
        }
    }
    return held("symlinks end in the job");
}

static int root_of(const char *pid) {
    int at = open(path("/proc/%s/root", pid), O_PATH | O_DIRECTORY | O_CLOEXEC);
    return at >= 0 && reaches_host(at) ? out("by /proc/%s/root", pid) : 0;
}

static int proc_root(void) {
    return each_process(root_of) != 0 ? OUT : held("every root is this one");
}

static int cwd_of(const char *pid) {
    int at = open(path("/proc/%s/cwd", pid), O_PATH | O_DIRECTORY | O_CLOEXEC);
    return at >= 0 && (has_secret(at, "secret") || reaches_host(at)) ? out("by /proc/%s/cwd", pid)
                                                                     : 0;
}

static int proc_cwd(void) {
    if (chdir("/") != 0) {
        return BROKEN;
    }
    return each_process(cwd_of) != 0 ? OUT : held("every working directory is in the job");
}

static int descriptors_of(const char *pid) {
    for (int fd = 0; fd < 64; fd++) {
        const char *link = path("/proc/%s/fd/%d", pid, fd);
        struct stat there;
        if (stat(link, &there) != 0 || S_ISFIFO(there.st_mode) || S_ISCHR(there.st_mode)) {
            continue;
        }
        int at = open(link, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (at >= 0 && (fd_has_secret(at) || reaches_host(at))) {
            return out("by %s", link);
        }
    }
    return 0;
}

static int proc_fd(void) {
    return each_process(descriptors_of) != 0 ? OUT : held("no descriptor leads out");
}

static int inherited_descriptors(void) {
    for (int fd = 0; fd < 4096; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            continue;
        }
        if (fd > 2) {
            return out("descriptor %d was inherited", fd);
        }
        if (reaches_host(fd) || fchdir(fd) == 0) {
            return out("descriptor %d is a directory", fd);
        }
    }
    return held("0, 1 and 2 only");
}

static int chroot_again(void) {
    const char *below = path("%s/below", known("SCRATCH"));
    int kept = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (kept < 0 || (mkdir(below, 0700) != 0 && errno != EEXIST)) {
        return BROKEN;
    }
    int done = chroot(below);
    if (done != 0) {
        return refused("chroot");
    }
    if (fchdir(kept) == 0 && reaches_host(AT_FDCWD)) {
        return out("chroot below, '..' above");
    }
    return out("chroot is allowed");
}

static int file_handle(void) {
    union {
        struct file_handle handle;
        unsigned char bytes[sizeof(struct file_handle) + 128];
    } of;
    const char *text = known("HANDLE");
    unsigned kind;
    int used;
    if (sscanf(text, "%u:%n", &kind, &used) != 1) {
        return BROKEN;
    }
    text += used;
    of.handle.handle_type = (int)kind;
    of.handle.handle_bytes = (unsigned)strlen(text) / 2;
    for (unsigned i = 0; i < of.handle.handle_bytes && i < 128; i++) {
        unsigned byte;
        sscanf(text + 2 * i, "%2x", &byte);
        of.handle.f_handle[i] = (unsigned char)byte;
    }
    /* One of them is on the canary's file system. */
    const char *const places[] = {known("VOLUME"), "/usr", "/etc", "/", "/work"};
    for (int i = 0; i < 5; i++) {
        int at = open(places[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        int fd = open_by_handle_at(at, &of.handle, O_RDONLY);
        if (fd >= 0) {
            return out(fd_has_secret(fd) ? "the secret by its handle" : "handles can be opened");
        }
    }
    return refused("open_by_handle_at");
}

static int host_paths_in_mounts(void) {
    static const char *const files[] = {"mountinfo", "mounts", "mountstats"};
    for (int i = 0; i < 3; i++) {
        const char *file = path("/proc/self/%s", files[i]);
        if (file_contains(file, known("HOSTDIR"))) {
            return out("%s names %s", file, known("HOSTDIR"));
        }
    }
    return held("nothing of the host is named");
}

/* In a job the hierarchies begin with its own group. */
static int host_paths_in_cgroup(void) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[4096];
    if (file == NULL) {
        return refused("/proc/self/cgroup");
    }
    while (fgets(line, sizeof line, file) != NULL) {
        char *colon = strrchr(line, ':');
        if (colon == NULL || strcmp(colon, ":/\n") != 0) {
            return out("/proc/self/cgroup has %s", line);
        }
    }
    return held("its own group is the root");
}

const struct attack path_attacks[] = {
    {"dot-dot", dot_dot},
    {"absolute-path", absolute_path},
    {"symlinks", symlinks},
    {"proc-root", proc_root},
    {"proc-cwd", proc_cwd},
    {"proc-fd", proc_fd},
    {"inherited-descriptors", inherited_descriptors},
    {"chroot-again", chroot_again},
    {"file-handle", file_handle},
    {"host-paths-in-mounts", host_paths_in_mounts},
    {"host-paths-in-cgroup", host_paths_in_cgroup},
    {NULL, NULL},
};
