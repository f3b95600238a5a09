/* Ways back to privileges that were dropped. */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint64_t ALL = 0x1ffffffffff;

static int capability_sets(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0) {
        return BROKEN;
    }
    uint64_t permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    uint64_t inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
    if ((permitted & ~granted()) != 0 || (inheritable & ~granted()) != 0) {
        return out("permitted %#lx, inheritable %#lx", permitted, inheritable);
    }
    for (int capability = 0; capability <= 63; capability++) {
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1 && (granted() >> capability & 1) == 0) {
            return out("capability %d is in the bounding set", capability);
        }
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1) {
            return out("capability %d is ambient", capability);
        }
    }
    return held("no more than %#lx", granted());
}

static int raise_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    memset(data, 0xff, sizeof data);
    data[1].effective = data[1].permitted = data[1].inheritable = (uint32_t)(ALL >> 32);
    if (syscall(SYS_capset, &header, data) == 0) {
        return out("capset gave everything");
    }
    for (int capability = 0; capability <= 40; capability++) {
        if ((granted() >> capability & 1) == 0 &&
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0) {
            return out("raised ambient capability %d", capability);
        }
    }
    if (prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP, 0, 0, 0) == 0) {
        return out("changed securebits");
    }
    return refused("capset, ambient, securebits");
}

static int become_root(void) {
    if (getuid() == 0) {
        return (effective_capabilities() & ~granted()) != 0 ? out("root with more than it should")
                                                            : held("root of little power");
    }
    gid_t none = 0;
    return setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0 || setgroups(1, &none) == 0 ||
                   geteuid() == 0
               ? out("is root")
               : refused("setresuid");
}

/* As the user who gains most by it. */
static int as_nobody(const char *program) {
    if (getuid() == 0 && (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0)) {
        return BROKEN;
    }
    return exec_identity(program);
}

static int set_user_id_file(void) {
    return as_nobody(path("%s/set-user-id", known("VOLUME")));
}

static int file_capabilities(void) {
    return as_nobody(path("%s/file-capabilities", known("VOLUME")));
}

/* A file that no mount option reaches. */
static int set_user_id_memory(void) {
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int memory = memfd_create("set-user-id", 0);
    struct stat program;
    if (from < 0 || memory < 0 || fstat(from, &program) != 0) {
        return BROKEN;
    }
    for (off_t at = 0; at < program.st_size;) {
        if (sendfile(memory, from, &at, (size_t)(program.st_size - at)) <= 0) {
            return BROKEN;
        }
    }
    if (fchmod(memory, 06755) != 0) {
        return refused("fchmod");
    }
    return as_nobody(path("/proc/self/fd/%d", memory));
}

/* Made by root of the job itself, on a file system of the job. */
static int set_user_id_own(void) {
    const char *copy = path("%s/own-set-user-id", known("SCRATCH"));
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int to = open(copy, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    struct stat program;
    if (from < 0 || to < 0 || fstat(from, &program) != 0) {
        return BROKEN;
    }
    for (off_t at = 0; at < program.st_size;) {
        if (sendfile(to, from, &at, (size_t)(program.st_size - at)) <= 0) {
            return BROKEN;
        }
    }
    fchmod(to, 06755);
    close(to);
    pid_t child = fork();
    int how;
    if (child == 0) {
        _exit(as_nobody(copy));
    }
    waitpid(child, &how, 0);
    unlink(copy);
    return WIFEXITED(how) ? WEXITSTATUS(how) : BROKEN;
}

static int no_new_privileges(void) {
    prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? held("for ever") : out("no_new_privs is off");
}

static int filter_off(void) {
    struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    struct sock_fprog program = {1, &allow};
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_DISABLED, 0, 0, 0);
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
    long result = syscall(SYS_kcmp, getpid(), getpid(), 1, 0, 0);
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) {
        return out("there is no filter");
    }
    return result < 0 && errno == EPERM ? held("a filter on top takes nothing away")
                                        : out("the filter lets through");
}

const struct attack privilege_attacks[] = {
    {"capability-sets", capability_sets},
    {"raise-capabilities", raise_capabilities},
    {"become-root", become_root},
    {"set-user-id-file", set_user_id_file},
    {"file-capabilities", file_capabilities},
    {"set-user-id-memory", set_user_id_memory},
    {"set-user-id-own", set_user_id_own},
    {"no-new-privileges", no_new_privileges},
    {"filter-off", filter_off},
    {NULL, NULL},
};
