#include "shim.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The seed: a mount namespace that holds one empty file system with a directory to mount on. The
 * daemon opens it and lets this process go; copying it costs one mount where a copy of the host's
 * would cost all of them.
 */
void seed(const char *place) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("joblet-seed", place, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4096,nr_inodes=4,mode=0555") != 0 ||
        chdir(place) != 0 || mkdir("r", 0555) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 ||
        umount2(".", MNT_DETACH) != 0 ||
        mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) {
        fail("cannot make the seed namespace");
    }
    report(FD_REPORT, "ready %d", getpid());
    char word;
    while (read(FD_CONTROL, &word, 1) > 0) {
    }
}
