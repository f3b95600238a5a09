/* Other processes: the bait on the host, the init of the job, and the supervisor. */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pid_t bait_pid(void) {
    return (pid_t)known_number("BAIT");
}

/* What is found first ends it, so that nobody but the bait is ever held outside a job. */
static int trace(void) {
    const pid_t pids[] = {bait_pid(), getppid(), 1};
    for (int i = 0; i < 3; i++) {
        if (ptrace(PTRACE_SEIZE, pids[i], NULL, NULL) == 0) {
            return out("traces process %d", pids[i]);
        }
    }
    return refused("ptrace");
}

static int read_memory(void) {
    char text[100] = "";
    unsigned long address = (unsigned long)known_number("ADDRESS");
    struct iovec here = {text, sizeof text - 1};
    struct iovec there = {(void *)address, sizeof text - 1};
    if (process_vm_readv(bait_pid(), &here, 1, &there, 1, 0) > 0) {
        return out("read: %s", text);
    }
    int memory = open(path("/proc/%d/mem", bait_pid()), O_RDONLY | O_CLOEXEC);
    if (memory >= 0 && pread(memory, text, sizeof text - 1, (off_t)address) > 0) {
        return out("read by /proc: %s", text);
    }
    here.iov_len = 1;
    if (process_vm_readv(getppid(), &here, 1, &here, 1, 0) == 1) {
        return out("process_vm_readv is allowed");
    }
    return refused("process_vm_readv");
}

static int signal_host(void) {
    if (kill(bait_pid(), 0) == 0 || kill(bait_pid(), SIGWINCH) == 0) {
        return out("may signal process %d", bait_pid());
    }
    if (syscall(SYS_pidfd_open, bait_pid(), 0) >= 0) {
        return out("has a descriptor of process %d", bait_pid());
    }
    return refused("kill");
}

/* Ignored by whoever does not count it. The bait does. */
static int signal_all(void) {
    return kill(-1, SIGWINCH) == 0 ? held("whoever got it, the bait must not") : refused("kill");
}

static int take_descriptor(void) {
    const pid_t pids[] = {bait_pid(), 1};
    for (int i = 0; i < 2; i++) {
        int process = (int)syscall(SYS_pidfd_open, pids[i], 0);
        for (int fd = 0; process >= 0 && fd < 16; fd++) {
            if (syscall(SYS_pidfd_getfd, process, fd, 0) >= 0) {
                return out("took descriptor %d of process %d", fd, pids[i]);
            }
        }
    }
    return refused("pidfd_getfd");
}

static int look_into(pid_t pid) {
    static const char *const files[] = {"environ", "mem", "maps", "auxv"};
    static const char *const links[] = {"root", "cwd", "exe", "fd/0", "ns/mnt"};
    char text[4096];
    for (int i = 0; i < 4; i++) {
        int fd = open(path("/proc/%d/%s", pid, files[i]), O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && read(fd, text, 1) >= 0) {
            return out("reads /proc/%d/%s", pid, files[i]);
        }
    }
    for (int i = 0; i < 5; i++) {
        if (readlink(path("/proc/%d/%s", pid, links[i]), text, sizeof text) >= 0) {
            return out("follows /proc/%d/%s", pid, links[i]);
        }
    }
    return 0;
}

/* Init has nothing to hide and cannot be dumped: not even root of the job looks into it. */
static int look_into_init(void) {
    for (int dumpable = 0; dumpable < 2; dumpable++) {
        prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0);
        if (look_into(bait_pid()) != 0 || look_into(1) != 0) {
            return OUT;
        }
    }
    return refused("/proc/1");
}

static int secrets_of(const char *pid) {
    const char *mark = path("%s%s", known("MARK_BEGINS"), known("MARK_ENDS"));
    return file_contains(path("/proc/%s/environ", pid), mark) ||
                   file_contains(path("/proc/%s/cmdline", pid), mark)
               ? out("environment or command line of process %s", pid)
               : 0;
}

static int environments(void) {
    return each_process(secrets_of) != 0 ? OUT : held("none but the job's own");
}

const struct attack process_attacks[] = {
    {"ptrace", trace},
    {"read-memory", read_memory},
    {"signal-host", signal_host},
    {"signal-all", signal_all},
    {"take-descriptor", take_descriptor},
    {"look-into-init", look_into_init},
    {"environments", environments},
    {NULL, NULL},
};
