#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int try_unshare(int flags, const char *what) {
    return unshare(flags) == 0 ? out("has a new %s namespace", what) : refused("unshare");
}

static int unshare_user(void) {
    return try_unshare(CLONE_NEWUSER, "user");
}

static int unshare_mount(void) {
    return try_unshare(CLONE_NEWNS, "mount");
}

static int unshare_pid(void) {
    return try_unshare(CLONE_NEWPID, "pid");
}

static int try_clone(unsigned long flags) {
    long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        _exit(0);
    }
    return child > 0;
}

/* Bits above the flags do not hide them from a filter that compares the whole word. */
static int clone_user(void) {
    return try_clone(CLONE_NEWUSER) || try_clone(CLONE_NEWUSER | CLONE_NEWNS) ||
                   try_clone(CLONE_NEWUSER | 1UL << 40)
               ? out("a child in a user namespace")
               : refused("clone");
}

static int clone_others(void) {
    static const unsigned long flags[] = {CLONE_NEWNS,  CLONE_NEWPID, CLONE_NEWNET,
                                          CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
    for (int i = 0; i < 6; i++) {
        if (try_clone(flags[i])) {
            return out("a child in a new namespace, %#lx", flags[i]);
        }
    }
    return refused("clone");
}

static int clone3_user(void) {
    struct clone_args args;
    memset(&args, 0, sizeof args);
    args.flags = CLONE_NEWUSER;
    args.exit_signal = SIGCHLD;
    long child = syscall(SYS_clone3, &args, sizeof args);
    if (child == 0) {
        _exit(0);
    }
    return child > 0 ? out("a child in a user namespace") : refused("clone3");
}

/* Of the bait first: being in its mount namespace is being on the host. */
static int set_namespace(void) {
    static const char *const kinds[] = {"mnt", "user", "pid", "net", "ipc", "uts", "cgroup"};
    const char *const pids[] = {known("BAIT"), "1", "self"};
    for (int pid = 0; pid < 3; pid++) {
        for (int kind = 0; kind < 7; kind++) {
            int fd = open(path("/proc/%s/ns/%s", pids[pid], kinds[kind]), O_RDONLY | O_CLOEXEC);
            if (fd >= 0 && setns(fd, 0) == 0) {
                return out(has_secret(AT_FDCWD, known("CANARY")) ? "on the host by /proc/%s/ns/%s"
                                                                 : "entered /proc/%s/ns/%s",
                           pids[pid], kinds[kind]);
            }
        }
    }
    return refused("setns");
}

const struct attack namespace_attacks[] = {
    {"unshare-user", unshare_user},
    {"unshare-mount", unshare_mount},
    {"unshare-pid", unshare_pid},
    {"clone-user", clone_user},
    {"clone-others", clone_others},
    {"clone3-user", clone3_user},
    {"setns", set_namespace},
    {NULL, NULL},
};
