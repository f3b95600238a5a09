#include "shim.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Shorter than PIPE_BUF, so that it arrives whole (pipe(7)). */
void status_send(int fd, int kind, int value, const char *text) {
    struct status status;
    memset(&status, 0, sizeof status);
    status.kind = kind;
    status.value = value;
    snprintf(status.text, sizeof status.text, "%s", text);
    if (write(fd, &status, sizeof status) != (ssize_t)sizeof status) {
        _exit(127);
    }
}

void status_fail(int fd, const char *what) {
    status_send(fd, STATUS_FAILED, errno, what);
    _exit(127);
}
