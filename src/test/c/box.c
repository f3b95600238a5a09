/*
 * Deliberately weak boxes, to see the attacks bite. All have a private mount namespace, so that what
 * is mounted is gone with them, and the full power of root, or with KIND "nobody" none:
 *
 *   bare      nothing else
 *   chroot    chroot(2) without chdir(2), the host's /proc, a directory kept open, volumes without
 *             nosuid and nodev
 *   nobody    the same for uid 65534
 */
#include "attack.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

enum { KEPT = 9 };

static const char *kind;
static const char *directory;

static int bind_to(const char *from, const char *name) {
    return mount(from, path("%s/%s", directory, name), NULL, MS_BIND | MS_REC, NULL);
}

static int enter_chroot(void) {
    const char *read_only = path("%s/readonly", directory);
    if (mount(directory, directory, NULL, MS_BIND, NULL) != 0 || bind_to("/proc", "proc") != 0 ||
        bind_to(path("%s/data", directory), "data") != 0 || bind_to(read_only, "readonly") != 0 ||
        mount(NULL, read_only, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) != 0 || chdir("/") != 0) {
        return -1;
    }
    int root = open("/", O_RDONLY | O_DIRECTORY);
    return root < 0 || dup2(root, KEPT) < 0 || close(root) != 0 || chroot(directory) != 0;
}

static int enter(void) {
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        return -1;
    }
    if (strcmp(kind, "bare") != 0 && enter_chroot() != 0) {
        return -1;
    }
    if (strcmp(kind, "nobody") == 0) {
        return setgroups(0, NULL) != 0 || setresgid(65534, 65534, 65534) != 0 ||
               setresuid(65534, 65534, 65534) != 0;
    }
    return 0;
}

int box(int count, char **args) {
    int worst = HELD;
    kind = args[0];
    directory = args[1];
    for (int i = 2; i < count; i++) {
        const struct attack *attack = find_attack(args[i]);
        int verdict = attack == NULL ? BROKEN : run_attack(attack, enter);
        worst = verdict > worst ? verdict : worst;
    }
    return worst;
}
