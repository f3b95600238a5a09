/* How a job ended, in a file of its state directory. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Made when the job begins and as large as it will be: its end finds room though the disk is full then. */
int record_open(void) {
    char blank[RECORD];
    memset(blank, '\n', sizeof blank);
    int fd = openat(FD_STATE, "exit.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && pwrite(fd, blank, sizeof blank, 0) != (ssize_t)sizeof blank) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

/* Renamed into place: a reader sees all of it or nothing. */
void record_end(int record, const char *end, uint64_t lost) {
    char text[RECORD];
    memset(text, '\n', sizeof text);
    int n = snprintf(text, sizeof text, "%s", end);
    text[n++] = '\n'; /* an end is shorter than the record */
    if (lost > 0) {
        n += snprintf(text + n, sizeof text - (size_t)n, "lost %llu", (unsigned long long)lost);
        text[n] = '\n';
    }
    if (pwrite(record, text, sizeof text, 0) == (ssize_t)sizeof text && fsync(record) == 0) {
        renameat(FD_STATE, "exit.new", FD_STATE, "exit");
    }
}
