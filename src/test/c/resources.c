/* What can be written, and how much of it. */
#include "attack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const system_places[] = {"/", "/etc", "/usr", "/usr/bin", "/dev", "/proc", "/volumes"};

static int write_system(void) {
    if (open("/etc/passwd", O_WRONLY | O_APPEND | O_CLOEXEC) >= 0) {
        return out("opened /etc/passwd for writing");
    }
    for (int i = 0; i < 7; i++) {
        const char *file = path("%s/made-by-attack", system_places[i]);
        if (open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0) {
            unlink(file);
            return out("made %s", file);
        }
    }
    return refused("open");
}

/* Of the job's own root, which root of the job owns. */
static int change_system(void) {
    if (chmod("/etc/passwd", 0666) == 0 || chown("/etc", 65534, 65534) == 0 ||
        rename("/work", "/worked") == 0 || symlink("/", "/volumes/link") == 0 || rmdir("/volumes") == 0) {
        return out("the root can be changed");
    }
    return refused("chmod, chown, rename");
}

static int crash(void) {
    struct rlimit core = {RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_CORE, &core) == 0) {
        return out("may have a core dump of any size");
    }
    if (chdir(known("SCRATCH")) != 0) {
        return BROKEN;
    }
    pid_t child = fork();
    int how;
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        raise(SIGSEGV);
        _exit(0);
    }
    waitpid(child, &how, 0);
    DIR *here = opendir(".");
    struct dirent *entry;
    while (here != NULL && (entry = readdir(here)) != NULL) {
        if (strncmp(entry->d_name, "core", 4) == 0) {
            return out("left %s", entry->d_name);
        }
    }
    return WCOREDUMP(how) ? out("dumped core") : held("no core dump");
}

static int raise_limits(void) {
    struct rlimit files = {1 << 20, 1 << 20};
    return setrlimit(RLIMIT_NOFILE, &files) == 0 || setpriority(PRIO_PROCESS, 0, -20) == 0
               ? out("may have more than others")
               : refused("setrlimit");
}

/* Writes until it may not, but never more than this. */
static int fill(const char *directory, long limit) {
    static char block[1 << 16];
    const char *file = path("%s/fill", directory);
    int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    long written = 0;
    ssize_t n = 0;
    while (fd >= 0 && written <= limit && (n = write(fd, block, sizeof block)) > 0) {
        written += n;
    }
    int reason = errno;
    unlink(file);
    if (written > limit) {
        return out("%s takes more than %ld bytes", directory, limit);
    }
    return fd < 0 || n >= 0 ? BROKEN : held("%ld bytes: %s", written, strerror(reason));
}

static int fill_work(void) {
    return fill("/work", known_number("WORK_BYTES"));
}

static int fill_tmp(void) {
    return fill("/tmp", known_number("TMP_BYTES"));
}

static int fill_shm(void) {
    return fill("/dev/shm", known_number("SHM_BYTES"));
}

static int many_files(const char *directory) {
    enum { MOST = 10000 };
    int made = 0;
    while (made <= MOST) {
        int fd = open(path("%s/many-%d", directory, made), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            break;
        }
        close(fd);
        made++;
    }
    int reason = errno;
    for (int i = 0; i < made; i++) {
        unlink(path("%s/many-%d", directory, i));
    }
    return made > MOST ? out("%s takes %d files", directory, made)
                       : made == 0 ? BROKEN : held("%s %d files: %s", directory, made, strerror(reason));
}

static int many_files_in_work(void) {
    return many_files("/work");
}

static int many_files_in_shm(void) {
    return many_files("/dev/shm");
}

const struct attack resource_attacks[] = {
    {"write-system", write_system},
    {"change-system", change_system},
    {"crash", crash},
    {"raise-limits", raise_limits},
    {"fill-work", fill_work},
    {"fill-tmp", fill_tmp},
    {"fill-shm", fill_shm},
    {"many-files-in-work", many_files_in_work},
    {"many-files-in-shm", many_files_in_shm},
    {NULL, NULL},
};
