/* The supervisor. See shim.h for what it is. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The one argument. */
static const char OWN_NETWORK[] = "own-network";
static const char HOST_NETWORK[] = "host-network";

enum { BUFFER = 64 * 1024, READER_PAUSE_MS = 5 };

/* Init, once it is weak, and the command. */
enum { ALL_READY = 2 };

/* What the supervisor watches. A descriptor of -1 has ended; poll(2) passes it over. */
struct job {
    struct config config;
    struct log *log;
    int record;
    pid_t init;
    int control;
    int report;
    int go;
    int setup;
    int end;
    int out;
    int err;
    int signals;
    int released; /* the word to go was passed on */
    int reaped;   /* init's number may be another process's by now */
    int ready;    /* how many of init and its command are */
    int ended;    /* how is known */
    int how;      /* wait status */
    char failure[300];
};

static void close_inherited(void) {
    if (syscall(SYS_close_range, FD_GIVEN, ~0U, 0) != 0) {
        fail("cannot close what was inherited");
    }
    for (int fd = 0; fd < FD_GIVEN; fd++) {
        if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
            fail("cannot keep what it was given from the job");
        }
    }
}

/*
 * The job's, made while the daemon still writes down that there is to be one: a network takes the
 * kernel longest. That the shim itself is in them does no harm, it has nothing to do there.
 */
static void make_namespaces(int own_network) {
    if (unshare(CLONE_NEWIPC | CLONE_NEWUTS | (own_network ? CLONE_NEWNET : 0)) != 0) {
        fail("cannot make namespaces");
    }
    if (own_network && loopback_up() != 0) {
        fail("cannot bring up the loopback interface");
    }
}

static void close_cgroups(const struct config *config) {
    if (config->cgroups > 0) {
        syscall(SYS_close_range, FD_CGROUPS, FD_CGROUPS + config->cgroups - 1, 0);
    }
}

static void pair(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) {
        fail("cannot make a pipe");
    }
}

/*
 * fork(2) into a pid namespace, and into the cgroup of version 2: a process that is born there waits
 * for no grace period of the kernel's, as one that moves there does (clone3(2), CLONE_INTO_CGROUP).
 * The mount namespace comes later, from the seed.
 */
static pid_t fork_init(const struct config *config) {
    struct clone_args how;
    memset(&how, 0, sizeof how);
    how.flags = CLONE_NEWPID;
    how.exit_signal = SIGCHLD;
    if (config->born_in) {
        how.flags |= CLONE_INTO_CGROUP;
        how.cgroup = FD_CGROUPS;
    }
    return (pid_t)syscall(SYS_clone3, &how, sizeof how);
}

static void start(struct job *job) {
    int go[2];
    int setup[2];
    int end[2];
    int out[2];
    int err[2];
    pair(go);
    pair(setup);
    pair(end);
    pair(out);
    pair(err);
    /*
     * The job can open its own pipes for reading and take away what poll(2) has announced; waiting
     * for it, the shim would hear nobody who wants to stop the job.
     */
    if (fcntl(out[0], F_SETFL, O_NONBLOCK) != 0 || fcntl(err[0], F_SETFL, O_NONBLOCK) != 0) {
        fail("cannot make a pipe that does not block");
    }
    job->init = fork_init(&job->config);
    if (job->init < 0) {
        fail("cannot make a pid namespace, or enter its cgroup");
    }
    if (job->init == 0) {
        close(FD_CONTROL);
        close(FD_REPORT);
        close(go[1]);
        close(setup[0]);
        close(end[0]);
        close(out[0]);
        close(err[0]);
        struct pipes pipes = {go[0], setup[1], end[1], out[1], err[1]};
        init_run(&job->config, &pipes);
    }
    close(go[0]);
    close(setup[1]);
    close(end[1]);
    close(out[1]);
    close(err[1]);
    /* Held on, these would keep the job's file system from going away. */
    close(FD_TREE);
    close(FD_SEED);
    close_cgroups(&job->config);
    job->go = go[1];
    job->setup = setup[0];
    job->end = end[0];
    job->out = out[0];
    job->err = err[0];
}

/* Of a daemon that hears nothing any more the next one reads the records on disk. */
static void fall_silent(struct job *job) {
    if (job->report >= 0) {
        close(job->report);
        job->report = -1;
    }
}

static void say(struct job *job, const char *line) {
    if (job->report >= 0 && report(job->report, "%s", line) != 0) {
        fall_silent(job);
    }
}

/* 1; 0 at the end of the pipe, which is closed then; -1 when it cannot be read, which closes it too. */
static int receive(int *fd, struct status *status) {
    ssize_t n;
    do {
        n = read(*fd, status, sizeof *status);
    } while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof *status) {
        close(*fd);
        *fd = -1;
        return n == 0 ? 0 : -1;
    }
    status->text[sizeof status->text - 1] = '\0';
    return 1;
}

static void kill_init(const struct job *job, int number) {
    if (!job->reaped) {
        kill(job->init, number);
    }
}

/* It never runs, for the first reason that there is. */
static void refuse(struct job *job, int number, const char *why) {
    char line[REPORT];
    if (job->failure[0] == '\0') {
        snprintf(job->failure, sizeof job->failure, "%d %s", number, why);
        snprintf(line, sizeof line, "error %s", job->failure);
        say(job, line);
    }
    kill_init(job, SIGKILL);
}

static void refuse_for_errno(struct job *job, int number, const char *what) {
    char why[RECORD / 2];
    snprintf(why, sizeof why, "%s: %s", what, strerror(number));
    refuse(job, number, why);
}

/* The end of this pipe after the word to go is the execution of the command. */
static void take_setup(struct job *job) {
    struct status status;
    char line[REPORT];
    int received = receive(&job->setup, &status);
    if (received < 0) {
        /* It may be executed by now, so nobody can say that it is not. */
        fall_silent(job);
        kill_init(job, SIGKILL);
    } else if (received == 0) {
        if (job->released && job->failure[0] == '\0') {
            say(job, "running");
        }
    } else if (status.kind != STATUS_READY) {
        refuse_for_errno(job, status.value, status.text);
    } else if (++job->ready == ALL_READY) {
        snprintf(line, sizeof line, "ready %d", job->init);
        say(job, line);
    }
}

static void take_end(struct job *job) {
    struct status status;
    if (receive(&job->end, &status) > 0) {
        job->ended = 1;
        job->how = status.value;
    }
}

/* One byte is the word to go. The end without it means that nobody knows of this job. */
static void take_control(struct job *job) {
    char word;
    ssize_t n = read(job->control, &word, 1);
    if (n < 0 && errno == EINTR) {
        return;
    }
    if (n == 1 && !job->released) {
        if (write(job->go, &word, 1) != 1) {
            refuse_for_errno(job, errno, "cannot pass on the word to go");
            return;
        }
        job->released = 1;
        close(job->go);
        job->go = -1;
        return;
    }
    close(job->control);
    job->control = -1;
    if (!job->released) {
        refuse(job, ECHILD, "the daemon ended before the job was started");
    }
}

/*
 * The daemon sends one real-time signal and says in its value which one is meant, so that every
 * signal can be forwarded, KILL included, and none of them ends the supervisor.
 */
static void take_signal(struct job *job) {
    struct signalfd_siginfo received;
    if (read(job->signals, &received, sizeof received) != (ssize_t)sizeof received) {
        return;
    }
    if (received.ssi_signo == (uint32_t)SIGRTMIN && received.ssi_uid == 0) {
        int wanted = received.ssi_int;
        if (wanted > 0 && wanted < NSIG) {
            kill_init(job, wanted);
        }
    }
}

/* How many bytes it took, 0 when none can be read now; -1 when the stream has ended. */
static ssize_t pump(struct job *job, int fd, const char *stream, size_t most) {
    static char buffer[BUFFER];
    ssize_t n = read(fd, buffer, most < sizeof buffer ? most : sizeof buffer);
    if (n > 0) {
        log_write(job->log, stream, buffer, (size_t)n);
        return n;
    }
    return n < 0 ? 0 : -1;
}

static void pump_or_close(struct job *job, int *fd, const char *stream) {
    if (pump(job, *fd, stream, BUFFER) < 0) {
        close(*fd);
        *fd = -1;
    }
}

/*
 * All of the job is dead, so what is in the pipes now is all there is. Somebody outside who was
 * handed one may write on, for ever, and is not listened to.
 *
 * Nor is a reader waited for who keeps the oldest segment: one that has stopped reading would keep
 * the job from its end. What a pipe holds goes beyond the bound of the log then, so that the reader
 * still gets every byte, however late it reads.
 */
static void drain(struct job *job, int fd, const char *stream) {
    int left = 0;
    if (fd < 0) {
        return;
    }
    while (ioctl(fd, FIONREAD, &left) != 0) {
        if (errno != EINTR) {
            log_lose(job->log, 1); /* something, if it was anything */
            return;
        }
    }
    while (left > 0) {
        ssize_t n = pump(job, fd, stream, (size_t)left);
        if (n == 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            log_lose(job->log, (size_t)left);
            return;
        }
        left -= (int)n;
    }
}

/*
 * Whether init has ended. It says how its command did, and ends; killed, it has taken the command
 * with it. Of an init that ended in any other way nobody knows what became of the command.
 */
static int init_has_ended(struct job *job) {
    int how = 0;
    pid_t gone;
    do {
        gone = waitpid(job->init, &how, WNOHANG);
    } while (gone < 0 && errno == EINTR);
    if (gone == 0) {
        return 0;
    }
    if (gone < 0) {
        kill_init(job, SIGKILL);
        return 1;
    }
    job->reaped = 1;
    while (job->setup >= 0) {
        take_setup(job);
    }
    while (job->end >= 0) {
        take_end(job);
    }
    if (!job->ended && WIFSIGNALED(how)) {
        job->ended = 1;
        job->how = how;
    }
    return 1;
}

static void watch(struct job *job) {
    for (;;) {
        int room = log_room(job->log);
        struct pollfd on[] = {
            {room ? job->out : -1, POLLIN, 0},
            {room ? job->err : -1, POLLIN, 0},
            {job->setup, POLLIN, 0},
            {job->end, POLLIN, 0},
            {job->control, POLLIN, 0},
            {job->signals, POLLIN, 0},
        };
        if (poll(on, 6, room ? -1 : READER_PAUSE_MS) < 0 && errno != EINTR) {
            kill_init(job, SIGKILL); /* of which the loop goes on to hear */
        }
        if (on[0].revents != 0) {
            pump_or_close(job, &job->out, "stdout");
        }
        if (on[1].revents != 0 && log_room(job->log)) {
            pump_or_close(job, &job->err, "stderr");
        }
        if (on[2].revents != 0) {
            take_setup(job);
        }
        if (on[3].revents != 0) {
            take_end(job);
        }
        if (on[4].revents != 0) {
            take_control(job);
        }
        if (on[5].revents != 0) {
            take_signal(job);
        }
        if (init_has_ended(job)) {
            if (!job->released) {
                refuse(job, ECHILD, "its processes ended before it was started");
            }
            return;
        }
    }
}

/*
 * There is no record of a job whose end nobody saw: it is told as such then, and a wrong one would
 * be believed.
 */
static void write_end(const struct job *job) {
    char end[RECORD];
    if (job->failure[0] != '\0') {
        snprintf(end, sizeof end, "failed %s", job->failure);
    } else if (!job->ended) {
        return;
    } else if (WIFEXITED(job->how)) {
        snprintf(end, sizeof end, "exit %d", WEXITSTATUS(job->how));
    } else {
        snprintf(end, sizeof end, "signal %d", WTERMSIG(job->how));
    }
    record_end(job->record, end, log_lost(job->log));
}

/* Nothing has been said of the job yet; when this process is gone nothing of it may be left. */
static void give_up(const struct job *job, const char *what) {
    int why = errno;
    kill(job->init, SIGKILL);
    waitpid(job->init, NULL, 0);
    errno = why;
    fail(what);
}

static void supervise(int own_network) {
    struct job job;
    memset(&job, 0, sizeof job);
    close_inherited();
    make_namespaces(own_network);
    config_read(FD_CONTROL, &job.config);
    job.control = FD_CONTROL;
    job.report = FD_REPORT;
    sigset_t all;
    sigfillset(&all);
    if (sigprocmask(SIG_SETMASK, &all, NULL) != 0) {
        fail("cannot block signals");
    }
    job.signals = signalfd(-1, &all, SFD_CLOEXEC);
    if (job.signals < 0) {
        fail("cannot watch for signals");
    }
    start(&job);
    /* Only now: on ext4 a new file can take half a millisecond, in which the job's init is at work. */
    job.log = log_open(FD_STATE, job.config.log_segment_bytes, job.config.log_segments);
    if (job.log == NULL) {
        give_up(&job, "cannot open the log");
    }
    job.record = record_open();
    if (job.record < 0) {
        give_up(&job, "cannot make the record of its end");
    }
    watch(&job);
    drain(&job, job.out, "stdout");
    drain(&job, job.err, "stderr");
    write_end(&job);
}

int main(int count, char **args) {
    umask(077);
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || setsid() < 0) {
        fail("cannot leave the daemon's session");
    }
    if (count == 3 && strcmp(args[1], "seed") == 0) {
        seed(args[2]);
        return 0;
    }
    if (count != 2 || (strcmp(args[1], OWN_NETWORK) != 0 && strcmp(args[1], HOST_NETWORK) != 0)) {
        fprintf(stderr, "joblet-shim is started by the daemon\n");
        return 2;
    }
    prctl(PR_SET_NAME, "joblet-shim", 0, 0, 0);
    if (chdir("/") != 0) {
        fail("cannot leave the working directory");
    }
    supervise(strcmp(args[1], OWN_NETWORK) == 0);
    return 0;
}
