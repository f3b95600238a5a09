/*
 * The job's output on disk, bounded: segments log.0, log.1, ... of which only the last few are kept.
 * A line in them is "TIME STREAM TAG BYTES", with tag F for a whole line and P for the beginning of
 * one, which is the text format of the Kubernetes CRI: people read it, and it loses no byte.
 *
 * Who must not miss anything holds a shared flock(2) on the segment that it reads. The oldest is
 * not removed while it is locked; the job then waits for its reader, as at any pipe. The kernel
 * drops the lock of a reader that dies, and the job goes on. Only what a job leaves in its pipes
 * when it ends is written though a reader keeps the oldest.
 */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct log {
    int directory;
    int fd;
    unsigned long number; /* of the segment that is written */
    unsigned long oldest;
    uint64_t size;
    uint64_t segment_bytes;
    unsigned segments;
    uint64_t lost;
};

static void name_of(unsigned long number, char name[32]) {
    snprintf(name, 32, "log.%lu", number);
}

/* -1 where the disk is full: what a job that runs prints then is lost and counted, and the job goes on. */
static int segment(struct log *log) {
    char name[32];
    name_of(log->number, name);
    return openat(log->directory, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
}

struct log *log_open(int directory, uint64_t segment_bytes, unsigned segments) {
    struct log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        return NULL;
    }
    log->directory = directory;
    log->segment_bytes = segment_bytes;
    log->segments = segments < 2 ? 2 : segments;
    log->fd = segment(log);
    if (log->fd < 0) {
        free(log);
        return NULL;
    }
    return log;
}

static int remove_oldest(struct log *log) {
    char name[32];
    name_of(log->oldest, name);
    int fd = openat(log->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0) {
        int read_by_somebody = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        if (!read_by_somebody) {
            unlinkat(log->directory, name, 0);
        }
        close(fd);
        if (read_by_somebody) {
            return 0;
        }
    }
    log->oldest++;
    return 1;
}

int log_room(struct log *log) {
    if (log->fd >= 0 && log->size < log->segment_bytes) {
        return 1;
    }
    while (log->number + 1 - log->oldest >= log->segments) {
        if (!remove_oldest(log)) {
            return 0;
        }
    }
    if (log->fd >= 0) {
        close(log->fd);
        log->number++;
    }
    log->size = 0;
    log->fd = segment(log);
    return 1;
}

static void line(struct log *log, const char *stream, char tag, const char *bytes, size_t length) {
    struct timespec now;
    struct tm utc;
    char head[64];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t n = strftime(head, sizeof head, "%Y-%m-%dT%H:%M:%S", &utc);
    n += (size_t)snprintf(head + n, sizeof head - n, ".%09ldZ %s %c ", now.tv_nsec, stream, tag);
    struct iovec parts[] = {
        {head, n}, {(void *)bytes, length}, {(void *)"\n", 1}};
    ssize_t wanted = (ssize_t)(n + length + 1);
    ssize_t written = writev(log->fd, parts, 3);
    if (written > 0 && written < wanted) {
        /* A torn line would run into the next one. */
        if (ftruncate(log->fd, (off_t)log->size) == 0) {
            written = 0;
        }
    }
    if (written > 0) {
        log->size += (uint64_t)written;
    } else {
        log->lost += length + (tag == 'F');
    }
}

void log_lose(struct log *log, size_t length) {
    log->lost += length;
}

uint64_t log_lost(const struct log *log) {
    return log->lost;
}

void log_write(struct log *log, const char *stream, const char *bytes, size_t length) {
    if (log->fd < 0) {
        log->lost += length;
        return;
    }
    while (length > 0) {
        /*
         * What was read at once can be many short lines, each with a head of its own. Where a reader
         * keeps the oldest segment, that much goes beyond the bound.
         */
        log_room(log);
        if (log->fd < 0) {
            log->lost += length;
            return;
        }
        const char *end = memchr(bytes, '\n', length);
        size_t n = end == NULL ? length : (size_t)(end - bytes);
        line(log, stream, end == NULL ? 'P' : 'F', bytes, n);
        n += end != NULL;
        bytes += n;
        length -= n;
    }
}
