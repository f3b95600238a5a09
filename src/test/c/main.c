#include "attack.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 20 };

static const struct attack *const tables[] = {
    path_attacks,   mount_attacks,     namespace_attacks, process_attacks,  device_attacks,
    kernel_attacks, privilege_attacks, network_attacks,   resource_attacks,
};

enum { TABLES = sizeof tables / sizeof tables[0] };

const struct attack *find_attack(const char *name) {
    for (int table = 0; table < TABLES; table++) {
        for (const struct attack *at = tables[table]; at->name != NULL; at++) {
            if (strcmp(at->name, name) == 0) {
                return at;
            }
        }
    }
    dprintf(1, "%s BROKEN there is no such attack\n", name);
    return NULL;
}

/* In a process of its own: what it changes of itself ends with it, and a filter may kill it. */
int run_attack(const struct attack *attack, int (*before)(void)) {
    int how;
    dprintf(1, "%s ", attack->name);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        _exit(before != NULL && before() != 0 ? BROKEN : attack->run());
    }
    if (child < 0 || waitpid(child, &how, 0) != child) {
        return BROKEN;
    }
    if (WIFSIGNALED(how) && WTERMSIG(how) == 31) {
        return held("killed by SIGSYS");
    }
    if (WIFSIGNALED(how)) {
        dprintf(1, "BROKEN by signal %d\n", WTERMSIG(how));
        return BROKEN;
    }
    return WEXITSTATUS(how);
}

static int everything(int list) {
    int worst = HELD;
    for (int table = 0; table < TABLES; table++) {
        for (const struct attack *at = tables[table]; at->name != NULL; at++) {
            int verdict = HELD;
            if (list) {
                puts(at->name);
            } else {
                verdict = run_attack(at, NULL);
            }
            worst = verdict > worst ? verdict : worst;
        }
    }
    return worst;
}

int main(int count, char **args) {
    const char *what = count > 1 ? args[1] : "";
    if (strcmp(what, "list") == 0) {
        return everything(1);
    }
    if (strcmp(what, "all") == 0) {
        return everything(0);
    }
    if (strcmp(what, "box") == 0 && count > 4) {
        return box(count - 2, args + 2);
    }
    if (strcmp(what, "bait") == 0) {
        return bait(count - 2, args + 2);
    }
    if (strcmp(what, "identity") == 0) {
        return identity();
    }
    if (strcmp(what, "steal-output") == 0) {
        return steal_output();
    }
    if (strcmp(what, "kill-all") == 0) {
        return kill_all();
    }
    if (count == 3 && strcmp(what, "prepare") == 0) {
        return prepare(args[2]);
    }
    if (count == 3 && strcmp(what, "handle") == 0) {
        return print_handle(args[2]);
    }
    if (count == 3 && strcmp(what, "stay") == 0) {
        return stay(args[2]);
    }
    if (count == 3 && strcmp(what, "swap") == 0) {
        return swap(args[2]);
    }
    int worst = HELD;
    for (int i = 1; i < count; i++) {
        const struct attack *attack = find_attack(args[i]);
        int verdict = attack == NULL ? BROKEN : run_attack(attack, NULL);
        worst = verdict > worst ? verdict : worst;
    }
    return worst;
}
