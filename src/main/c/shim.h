/*
 * joblet-shim: one per running job. It outlives the daemon, which is why it is not Java: it holds
 * the job's output, learns how it ended and writes both down where the daemon finds them again.
 *
 *   shim    supervisor in the host's pid namespace: log segments, signals, exit record
 *    └ init    pid 1 of the job: builds the namespaces, reaps, forwards signals
 *       └ command    drops every privilege, waits for the word, executes
 *
 * Nothing of the job runs before the daemon has committed that it does: the command waits for one
 * byte on the control socket, and its end without it means that the daemon died first.
 */
#ifndef JOBLET_SHIM_H
#define JOBLET_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The descriptors of a shim. It is started before its job is decided on, with those below
 * FD_GIVEN; the others come along with the configuration.
 */
enum {
    FD_CONTROL = 0, /* a socket: configuration and descriptors, then the word to go */
    FD_REPORT = 1,  /* one line for each thing the daemon waits for */
    FD_GIVEN = 3,   /* the first that comes later; what was inherited from here on is closed */
    FD_TREE = 3,    /* the job's file system, a detached mount */
    FD_SEED = 4,    /* an almost empty mount namespace to copy, so that no host mount is copied */
    FD_STATE = 5,   /* the job's state directory: log segments, exit record */
    /*
     * As many as the configuration says: the directory of a cgroup of version 2, where there is
     * one, then files "tasks" of version 1.
     */
    FD_CGROUPS = 6,
};

/* The bytes of a line to the daemon, and of the record of an end. */
enum { MOST_GIVEN = 32, REPORT = 400, RECORD = 512 };

struct config {
    char **args;
    char **env;
    const char *hostname;
    const char *directory;
    uid_t uid;
    gid_t gid;
    uint64_t capabilities; /* bounding set and, for uid 0, permitted */
    uint64_t shm_bytes;
    uint64_t log_segment_bytes;
    unsigned log_segments;
    unsigned cgroups;
    unsigned born_in; /* 1: the first of them is a cgroup's directory of version 2 */
    unsigned char *filter; /* struct sock_filter[], or NULL for none */
    size_t filter_bytes;
};

/*
 * What goes up to the shim by two pipes: "setup", which the execution of the command closes, and
 * "end", which init keeps.
 */
enum status_kind { STATUS_READY = 'r', STATUS_FAILED = 'f', STATUS_ENDED = 'e' };

/* The ends that the job's processes work with. */
struct pipes {
    int go;
    int setup;
    int end;
    int out;
    int err;
};

struct status {
    int kind;
    int value; /* FAILED: errno; ENDED: the wait status */
    char text[240];
};

/* config.c */
/* Waits for it; ends the process when the daemon has no job for it after all. */
void config_read(int fd, struct config *config);

/* network.c: -1 and errno when it cannot */
int loopback_up(void);

/* init.c: never returns */
void init_run(const struct config *config, const struct pipes *pipes) __attribute__((noreturn));

/* command.c: never returns */
void command_run(const struct config *config, const struct pipes *pipes) __attribute__((noreturn));

/* privileges.c */
int capabilities_keep(uint64_t bounding, uint64_t effective);

/* log.c */
struct log;
struct log *log_open(int directory, uint64_t segment_bytes, unsigned segments);
/* Zero while the oldest segment is being read and must stay: keep the bytes and come again. */
int log_room(struct log *log);
void log_write(struct log *log, const char *stream, const char *bytes, size_t length);
/* Bytes that could not be had from it either. */
void log_lose(struct log *log, size_t length);
/* Bytes of the job's that found no space, or were lost before. */
uint64_t log_lost(const struct log *log);

/* record.c */
/* Its descriptor, or -1 and errno. */
int record_open(void);
/* An end is "exit STATUS", "signal NUMBER" or "failed ERRNO WHY"; lost are bytes of its output. */
void record_end(int record, const char *end, uint64_t lost);

/* seed.c */
void seed(const char *place);

/* status.c */
/* With errno, to the daemon; ends the process. */
void fail(const char *what) __attribute__((noreturn));
/* A line to the daemon; 0, or -1 when it is not there to hear it. */
int report(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
void status_send(int fd, int kind, int value, const char *text);
void status_fail(int fd, const char *what) __attribute__((noreturn));

#endif
