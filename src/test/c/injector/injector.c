/*
 * Takes the place of joblet-shim, and executes it traced: one system call of the supervisor, of its
 * job's init or of the command before it is executed is met by SIGKILL or fails, or all are written
 * down. The process that was started becomes the supervisor, so that nobody sees a difference.
 *
 * strace(1) would count the calls of each process of the tree by the same rule, and could not mean
 * one of them.
 *
 * ORDERS, a file of one line: "kill PROCESS CALL", "fail PROCESS CALL ERRNO" or "list"; PROCESS is 0
 * for the supervisor, 1 for init, 2 for the command, and CALL counts from 1, which is the first after
 * it is executed or forked. What was met goes to DONE, a line "PROCESS CALL NUMBER" for each.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 3, ENTRY = SIGTRAP | 0x80 };

struct order {
    char what[8];
    int process;
    int call;
    int error;
};

struct traced {
    pid_t pid;
    int executed; /* counted from here on; only the supervisor begins with another program */
    int calls;
    int within; /* between entry and exit of a call */
    int failing;
};

static struct traced traced[MOST];
static int known;

static struct order read_order(void) {
    struct order order = {"", 0, 0, 0};
    FILE *in = fopen(ORDERS, "re");
    if (in != NULL) {
        if (fscanf(in, "%7s %d %d %d", order.what, &order.process, &order.call, &order.error) < 1) {
            order.what[0] = '\0';
        }
        fclose(in);
    }
    return order;
}

static void write_down(int process, int call, long number) {
    FILE *out = fopen(DONE, "ae");
    if (out != NULL) {
        fprintf(out, "%d %d %ld\n", process, call, number);
        fclose(out);
    }
}

static struct traced *find(pid_t pid) {
    for (int i = 0; i < known; i++) {
        if (traced[i].pid == pid) {
            return &traced[i];
        }
    }
    if (known == MOST) {
        return NULL; /* the command's own children */
    }
    struct traced *new = &traced[known++];
    memset(new, 0, sizeof *new);
    new->pid = pid;
    new->executed = known > 1;
    return new;
}

static long get(pid_t pid, size_t offset) {
    return ptrace(PTRACE_PEEKUSER, pid, (void *)offset, NULL);
}

static void put(pid_t pid, size_t offset, long value) {
    ptrace(PTRACE_POKEUSER, pid, (void *)offset, (void *)value);
}

/* Whatever is traced goes on by itself when its tracer is gone, ptrace(2). */
static void leave(void) __attribute__((noreturn));

static void leave(void) {
    _exit(0);
}

/* Of a system call, at its entry and its exit by turns. */
static void meet(struct traced *process, const struct order *order) {
    size_t number_of_call = offsetof(struct user_regs_struct, orig_rax);
    size_t result = offsetof(struct user_regs_struct, rax);
    process->within = !process->within;
    if (!process->within) {
        if (process->failing) {
            put(process->pid, result, -order->error);
            leave();
        }
        return;
    }
    if (!process->executed) {
        return;
    }
    int index = (int)(process - traced);
    long number = get(process->pid, number_of_call);
    process->calls++;
    if (strcmp(order->what, "list") == 0) {
        write_down(index, process->calls, number);
        return;
    }
    if (index != order->process || process->calls != order->call) {
        return;
    }
    write_down(index, process->calls, number);
    if (strcmp(order->what, "kill") == 0) {
        kill(process->pid, SIGKILL);
        leave();
    }
    process->failing = 1;
    put(process->pid, number_of_call, -1);
}

static void trace(const struct order *order) {
    int how;
    pid_t pid;
    while ((pid = waitpid(-1, &how, __WALL)) > 0) {
        if (!WIFSTOPPED(how)) {
            continue;
        }
        int event = how >> 16;
        struct traced *process = find(pid);
        if (process == NULL) {
            ptrace(PTRACE_DETACH, pid, NULL, NULL);
            continue;
        }
        int deliver = 0;
        if (WSTOPSIG(how) == ENTRY) {
            meet(process, order);
        } else if (event == PTRACE_EVENT_EXEC) {
            if (process == &traced[MOST - 1]) {
                ptrace(PTRACE_DETACH, pid, NULL, NULL); /* from here on it is the user's program */
                continue;
            }
            process->executed = 1;
        } else if (event == 0) {
            deliver = WSTOPSIG(how);
        }
        ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)deliver);
    }
    leave();
}

/* Neither the supervisor's child nor a holder of its descriptors. */
static void become_tracer(pid_t supervisor, const struct order *order, int ready) {
    prctl(PR_SET_NAME, "injector", 0, 0, 0);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) {
        dup2(null, fd);
    }
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                   PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;
    int how;
    if (ptrace(PTRACE_SEIZE, supervisor, NULL, (void *)options) != 0 ||
        ptrace(PTRACE_INTERRUPT, supervisor, NULL, NULL) != 0 || waitpid(supervisor, &how, __WALL) != supervisor) {
        write_down(-1, -1, errno);
        leave();
    }
    find(supervisor);
    ptrace(PTRACE_SYSCALL, supervisor, NULL, NULL);
    if (write(ready, "r", 1) != 1) {
        leave();
    }
    close(ready);
    trace(order);
}

int main(int count, char **args) {
    (void)count;
    struct order order = read_order();
    int ready[2];
    if (order.what[0] != '\0' && pipe2(ready, O_CLOEXEC) == 0) {
        pid_t supervisor = getpid();
        pid_t between = fork();
        if (between == 0) {
            if (fork() == 0) {
                close(ready[0]);
                become_tracer(supervisor, &order, ready[1]);
            }
            _exit(0);
        }
        waitpid(between, NULL, 0);
        close(ready[1]);
        char word;
        while (read(ready[0], &word, 1) < 0 && errno == EINTR) {
        }
    }
    execv(PROGRAM, args);
    return 127;
}
