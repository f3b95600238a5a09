#include "shim.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is lost of an end would be believed to be another one. */
enum { TRIES = 3 };

/* Shorter than PIPE_BUF, so that it arrives whole (pipe(7)). Returns 0, or -1 and errno. */
static int send_whole(int fd, const void *bytes, size_t length) {
    for (int i = 0; i < TRIES; i++) {
        if (write(fd, bytes, length) == (ssize_t)length) {
            return 0;
        }
        if (errno == EPIPE) {
            break;
        }
    }
    return -1;
}

int report(int fd, const char *format, ...) {
    char line[REPORT + 1];
    va_list values;
    va_start(values, format);
    vsnprintf(line, REPORT, format, values);
    va_end(values);
    size_t length = strlen(line);
    line[length] = '\n';
    return send_whole(fd, line, length + 1);
}

void fail(const char *what) {
    report(FD_REPORT, "error %d %s: %s", errno, what, strerror(errno));
    exit(1);
}

void status_send(int fd, int kind, int value, const char *text) {
    struct status status;
    memset(&status, 0, sizeof status);
    status.kind = kind;
    status.value = value;
    snprintf(status.text, sizeof status.text, "%s", text);
    if (send_whole(fd, &status, sizeof status) != 0) {
        _exit(127);
    }
}

void status_fail(int fd, const char *what) {
    status_send(fd, STATUS_FAILED, errno, what);
    _exit(127);
}
