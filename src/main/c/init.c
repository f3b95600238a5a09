/* Pid 1 of the job: makes its namespaces what they should be, then reaps and forwards. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CAP_KILL_BIT = 5, MOVE_MOUNT_FROM_NOTHING = 0x4 };

/*
 * Everything that the job makes from here on counts for it, and the shim, which writes its log and
 * its end, does not: a job that has used up what it may have must not silence it. The namespace
 * hides the host's path of the cgroup in /proc/self/cgroup; a kernel that has none shows it.
 *
 * "0" to a file "tasks" moves the thread that writes it, which here is the whole process. Whoever
 * moves a process, by cgroup.procs, waits until none forks or executes anywhere on the host, which
 * is a grace period of some milliseconds; whoever moves itself need not (Linux 5.5).
 */
static void enter_cgroups(const struct config *config, int status) {
    if (config->born_in) {
        close(FD_CGROUPS);
    }
    for (unsigned i = config->born_in; i < config->cgroups; i++) {
        int entrance = FD_CGROUPS + (int)i;
        if (write(entrance, "0", 1) != 1) {
            status_fail(status, "cannot enter its cgroup");
        }
        close(entrance);
    }
    if (unshare(CLONE_NEWCGROUP) != 0 && errno != EINVAL) {
        status_fail(status, "cannot make a cgroup namespace");
    }
}

/*
 * The namespace begins as a copy of the seed, which holds one empty file system with a directory
 * "r". The job's tree is moved there and becomes the root; the old one goes with the last line.
 * See pivot_root(2), "pivot_root(".", ".")".
 */
static void enter_root(int status) {
    if (setns(FD_SEED, CLONE_NEWNS) != 0 || unshare(CLONE_NEWNS) != 0) {
        status_fail(status, "cannot make a mount namespace");
    }
    if (syscall(SYS_move_mount, FD_TREE, "", AT_FDCWD, "/r", MOVE_MOUNT_FROM_NOTHING) != 0) {
        status_fail(status, "cannot mount its root");
    }
    if (chdir("/r") != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 ||
        chdir("/") != 0) {
        status_fail(status, "cannot change the root");
    }
    close(FD_SEED);
    close(FD_TREE);
}

/* What can only be mounted from inside: each belongs to a namespace of the job. */
static void mount_own(const struct config *config, int status) {
    unsigned long strict = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (mount("proc", "/proc", "proc", strict | MS_RDONLY, "subset=pid,hidepid=invisible") != 0) {
        status_fail(status, "cannot mount /proc");
    }
    if (mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
              "newinstance,ptmxmode=0666,mode=0620,max=64") != 0) {
        status_fail(status, "cannot mount /dev/pts");
    }
    char size[64];
    snprintf(size, sizeof size, "size=%llu,nr_inodes=4096,mode=1777",
             (unsigned long long)config->shm_bytes);
    if (mount("shm", "/dev/shm", "tmpfs", strict, size) != 0) {
        status_fail(status, "cannot mount /dev/shm");
    }
}

/*
 * From here on init only reaps and signals. It cannot be traced, and what of it could be taken over
 * would be worth nothing.
 */
static void weaken(int status) {
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        capabilities_keep(1ULL << CAP_KILL_BIT, 1ULL << CAP_KILL_BIT) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        status_fail(status, "cannot drop the privileges of init");
    }
}

static void reap_until(pid_t command, int end) {
    for (;;) {
        int how;
        pid_t pid = waitpid(-1, &how, WNOHANG);
        if (pid == 0 || (pid < 0 && errno == ECHILD)) {
            return;
        }
        if (pid == command) {
            status_send(end, STATUS_ENDED, how, "");
            _exit(0); /* the kernel ends whatever else is left in the namespace */
        }
    }
}

static void forward(const struct signalfd_siginfo *received, pid_t command) {
    /* The command leads a session; a shell's children belong to the same group. */
    int number = (int)received->ssi_signo;
    if (number != SIGCHLD && kill(-command, number) != 0) {
        kill(command, number);
    }
}

/*
 * A daemon that the kernel is told to spare when memory is short hands that on, proc(5)
 * "oom_score_adj": the command of a job goes before the daemon, its database and all services.
 */
static void go_first_when_memory_is_short(int status) {
    static const char score[] = "500";
    int adjust = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (adjust < 0 || write(adjust, score, sizeof score - 1) != (ssize_t)(sizeof score - 1)) {
        status_fail(status, "cannot offer itself for when memory is short");
    }
    close(adjust);
}

static void die_with_supervisor(int status) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
        status_fail(status, "cannot bind itself to its supervisor");
    }
}

void init_run(const struct config *config, const struct pipes *pipes) {
    int status = pipes->setup;
    die_with_supervisor(status);
    prctl(PR_SET_NAME, "joblet-init", 0, 0, 0);
    enter_cgroups(config, status);
    go_first_when_memory_is_short(status);
    if (sethostname(config->hostname, strlen(config->hostname)) != 0) {
        status_fail(status, "cannot set the host name");
    }
    enter_root(status);
    mount_own(config, status);
    /* The state directory is the host's. */
    close(FD_STATE);

    sigset_t all;
    sigfillset(&all);
    int blocked = sigprocmask(SIG_SETMASK, &all, NULL);
    int signals = signalfd(-1, &all, SFD_CLOEXEC);
    if (blocked != 0 || signals < 0) {
        status_fail(status, "cannot watch for signals");
    }
    pid_t command = fork();
    if (command < 0) {
        status_fail(status, "cannot fork");
    }
    if (command == 0) {
        command_run(config, pipes);
    }
    /* What init kept open would keep the shim waiting for the end of it. */
    close(pipes->go);
    close(pipes->out);
    close(pipes->err);
    weaken(status);
    /* Dropping capabilities clears nothing, but a change of credentials would clear this. */
    die_with_supervisor(status);
    status_send(status, STATUS_READY, 0, "");
    close(status);
    for (;;) {
        struct signalfd_siginfo received;
        reap_until(command, pipes->end);
        if (read(signals, &received, sizeof received) == (ssize_t)sizeof received) {
            forward(&received, command);
        }
    }
}
