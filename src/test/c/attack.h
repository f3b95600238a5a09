/*
 * A hostile command. Every attack is one function that tries to get out of a job, or to get hold of
 * something that no job is given, and says whether it did:
 *
 *   attack list                    names, one a line
 *   attack NAME...                 "NAME held why" or "NAME OUT how" for each; exit status 1 if any
 *                                  is out
 *   attack all                     every one of them
 *   attack box KIND DIR NAME...    the same in a deliberately weak box, where it is known to bite
 *   attack prepare DIR             what somebody on the host puts on a volume
 *   attack handle FILE             its file handle, for those who may ask
 *   attack bait ...                a process of the host to be attacked
 *
 * Nothing is written where success would harm the host: such files are opened only, and calls that
 * change a machine are made with arguments that cannot succeed. What an attacker could know anyway,
 * such as paths and pids of the host, comes in the environment.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <stdint.h>
#include <sys/types.h>

enum verdict { HELD = 0, OUT = 1, BROKEN = 2 };

struct attack {
    const char *name;
    int (*run)(void);
};

/* Each ends with an attack without a name. */
extern const struct attack path_attacks[];
extern const struct attack mount_attacks[];
extern const struct attack namespace_attacks[];
extern const struct attack process_attacks[];
extern const struct attack device_attacks[];
extern const struct attack privilege_attacks[];
extern const struct attack kernel_attacks[];
extern const struct attack network_attacks[];
extern const struct attack resource_attacks[];

/* verdict.c: end the sentence that the name of the attack began */
int held(const char *format, ...) __attribute__((format(printf, 1, 2)));
int out(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Held with the errno of the last call. */
int refused(const char *what);

/* knowledge.c: what the attacker knows */
const char *known(const char *name);
long known_number(const char *name);
/* A path of 4096 bytes, one of a few that are used in turn. */
const char *path(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Whether the file holds the secret of the host. */
int has_secret(int at, const char *file);
int fd_has_secret(int fd);
/* Whether a file of the host can be reached from this directory, with any number of "..". */
int reaches_host(int at);
int file_contains(const char *file, const char *text);
/* Calls with every pid in /proc; stops at the first that is not zero. */
int each_process(int (*call)(const char *pid));

/* box.c, bait.c, prepare.c, identity.c, stay.c: other commands */
int run_attack(const struct attack *attack, int (*before)(void));
const struct attack *find_attack(const char *name);
int box(int count, char **args);
int bait(int count, char **args);
int prepare(const char *directory);
int print_handle(const char *file);
int identity(void);
int exec_identity(const char *program);
int steal_output(void);
int stay(const char *count);
int swap(const char *count);
int kill_all(void);

/* Capabilities that a job of this user is documented to have. */
uint64_t granted(void);
uint64_t effective_capabilities(void);

#endif
