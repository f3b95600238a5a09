/* The job's command: everything is prepared, checked and dropped before the word to go. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { USUAL_FILES = 1024, MOST_FILES = 65536 };

static const char DEFAULT_PATH[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static void streams(const struct config *config, int status, int out, int err) {
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) {
        status_fail(status, "cannot set up its standard streams");
    }
    /* Or a command that opens /dev/stdout would be refused its own pipe. */
    if (fchown(1, config->uid, config->gid) != 0 || fchown(2, config->uid, config->gid) != 0) {
        status_fail(status, "cannot give it its standard streams");
    }
}

/* A host may have less to give than is wanted, and may not let us raise it (CAP_SYS_RESOURCE). */
static void limits(int status) {
    struct rlimit files;
    struct rlimit core = {0, 0};
    struct rlimit processes = {RLIM_INFINITY, RLIM_INFINITY};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) {
        status_fail(status, "cannot read its resource limits");
    }
    files.rlim_max = files.rlim_max < MOST_FILES ? files.rlim_max : MOST_FILES;
    files.rlim_cur = files.rlim_max < USUAL_FILES ? files.rlim_max : USUAL_FILES;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0 || setrlimit(RLIMIT_CORE, &core) != 0) {
        status_fail(status, "cannot set its resource limits");
    }
    /* It counts the processes of a user in all jobs together; those of one job its cgroup limits. */
    setrlimit(RLIMIT_NPROC, &processes);
}

static void signals_by_default(int status) {
    for (int signal_number = 1; signal_number < NSIG; signal_number++) {
        /* Invalid for some, which keep it anyway. */
        if (signal(signal_number, SIG_DFL) == SIG_ERR && errno != EINVAL) {
            status_fail(status, "cannot reset its signals");
        }
    }
    sigset_t none;
    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) != 0) {
        status_fail(status, "cannot unblock signals");
    }
}

static void privileges(const struct config *config, int status) {
    if (setgroups(0, NULL) != 0 || setresgid(config->gid, config->gid, config->gid) != 0) {
        status_fail(status, "cannot take its group");
    }
    /* Before the user changes: dropping from the bounding set needs a capability. */
    uint64_t needed_to_change = 1ULL << 7 /* CAP_SETUID */ | 1ULL << 8 /* CAP_SETPCAP */;
    if (capabilities_keep(config->capabilities, config->capabilities | needed_to_change) != 0) {
        status_fail(status, "cannot drop capabilities");
    }
    if (setresuid(config->uid, config->uid, config->uid) != 0) {
        status_fail(status, "cannot take its user");
    }
    if (config->uid == 0) {
        if (capabilities_keep(config->capabilities, config->capabilities) != 0) {
            status_fail(status, "cannot drop capabilities");
        }
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        status_fail(status, "cannot set no_new_privs");
    }
}

static void filter(const struct config *config, int status) {
    if (config->filter == NULL) {
        return;
    }
    struct sock_fprog program = {
        (unsigned short)(config->filter_bytes / sizeof(struct sock_filter)),
        (struct sock_filter *)(void *)config->filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
        status_fail(status, "cannot install the seccomp filter");
    }
}

/* Why the command could not be executed, asked as the user that will; 0 if it probably can. */
static int why_not(const char *path) {
    struct stat there;
    if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0) {
        return errno;
    }
    if (stat(path, &there) != 0) {
        return errno;
    }
    return S_ISREG(there.st_mode) ? 0 : EACCES;
}

static const char *variable(char **env, const char *name) {
    size_t length = strlen(name);
    const char *found = NULL;
    for (; *env != NULL; env++) {
        if (strncmp(*env, name, length) == 0 && (*env)[length] == '=') {
            found = *env + length + 1;
        }
    }
    return found;
}

/* The file that execvp(3) would take. */
static const char *find(const struct config *config, int status) {
    const char *name = config->args[0];
    int reason = ENOENT;
    if (strchr(name, '/') != NULL) {
        reason = why_not(name);
        if (reason == 0) {
            return name;
        }
    } else {
        static char path[4096];
        const char *search = variable(config->env, "PATH");
        for (const char *at = search == NULL ? DEFAULT_PATH : search; *name != '\0';) {
            size_t length = strcspn(at, ":");
            int n = snprintf(path, sizeof path, "%.*s/%s", (int)length, length == 0 ? "." : at, name);
            int refusal = n < (int)sizeof path ? why_not(path) : ENAMETOOLONG;
            if (refusal == 0) {
                return path;
            }
            reason = refusal == EACCES ? EACCES : reason;
            if (at[length] == '\0') {
                break;
            }
            at += length + 1;
        }
    }
    char text[200];
    snprintf(text, sizeof text, "cannot execute '%.150s'", name);
    errno = reason;
    status_fail(status, text);
}

void command_run(const struct config *config, const struct pipes *pipes) {
    int status = pipes->setup;
    if (setsid() < 0) {
        status_fail(status, "cannot start a session");
    }
    streams(config, status, pipes->out, pipes->err);
    limits(status);
    signals_by_default(status);
    umask(022);
    privileges(config, status);
    if (chdir(config->directory) != 0) {
        status_fail(status, "cannot enter its working directory");
    }
    const char *file = find(config, status);
    status_send(status, STATUS_READY, 0, "");
    char word = 0;
    ssize_t n = read(pipes->go, &word, 1);
    if (n < 0) {
        status_fail(status, "cannot wait for the word to go");
    }
    if (n == 0) {
        _exit(127); /* the daemon is gone and has not said that this job runs */
    }
    filter(config, status);
    execve(file, config->args, config->env);
    if (errno == ENOEXEC) {
        /* A script without a first line, as execvp(3) treats it. */
        size_t count = 0;
        while (config->args[count] != NULL) {
            count++;
        }
        char **args = calloc(count + 2, sizeof(char *));
        if (args != NULL) {
            args[0] = (char *)"/bin/sh";
            args[1] = (char *)file;
            for (size_t i = 1; i < count; i++) {
                args[i + 1] = config->args[i];
            }
            execve(args[0], args, config->env);
        }
    }
    char text[200];
    snprintf(text, sizeof text, "cannot execute '%.150s'", config->args[0]);
    status_fail(status, text);
}
