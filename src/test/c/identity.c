/* What a program is that may have gained something by its execution. */
#include "attack.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

uint64_t effective_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0) {
        return ~0UL;
    }
    return data[0].effective | (uint64_t)data[1].effective << 32;
}

uint64_t granted(void) {
    /* CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID */
    return getuid() == 0 ? 0xfb : 0;
}

int identity(void) {
    if (geteuid() != getuid() || getegid() != getgid() || (effective_capabilities() & ~granted()) != 0) {
        return out("uid %d, gid %d, capabilities %#lx", geteuid(), getegid(), effective_capabilities());
    }
    return held("still uid %d without more", getuid());
}

int exec_identity(const char *program) {
    char *args[] = {(char *)program, (char *)"identity", NULL};
    execv(program, args);
    return errno == EPERM ? refused(program)
                          : out("%s cannot be executed, nothing was tested: %s", program, strerror(errno));
}
