#include "attack.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *known(const char *name) {
    const char *value = getenv(name);
    if (value == NULL) {
        dprintf(1, "BROKEN %s is not known\n", name);
        _exit(BROKEN);
    }
    return value;
}

long known_number(const char *name) {
    return strtol(known(name), NULL, 0);
}

const char *path(const char *format, ...) {
    static char paths[8][4096];
    static unsigned turn;
    char *at = paths[turn++ % 8];
    va_list values;
    va_start(values, format);
    vsnprintf(at, sizeof paths[0], format, values);
    va_end(values);
    return at;
}

int fd_has_secret(int fd) {
    char text[200];
    const char *secret = known("SECRET");
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    if (n <= 0) {
        return 0;
    }
    text[n] = '\0';
    return strstr(text, secret) != NULL;
}

int has_secret(int at, const char *file) {
    int fd = openat(at, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    int found = fd_has_secret(fd);
    close(fd);
    return found;
}

int reaches_host(int at) {
    static const char *const names[] = {"CANARY", "OTHER"};
    for (int i = 0; i < 2; i++) {
        const char *file = known(names[i]) + 1;
        char climb[4096] = "";
        for (int up = 0; up < 40; up++) {
            if (has_secret(at, path("%s%s", climb, file))) {
                return 1;
            }
            strcat(climb, "../");
        }
    }
    return 0;
}

int file_contains(const char *file, const char *text) {
    static char content[1 << 20];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    size_t length = 0;
    ssize_t n;
    while (length < sizeof content && (n = read(fd, content + length, sizeof content - length)) > 0) {
        length += (size_t)n;
    }
    close(fd);
    return memmem(content, length, text, strlen(text)) != NULL;
}

int each_process(int (*call)(const char *pid)) {
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    int result = 0;
    while (proc != NULL && result == 0 && (entry = readdir(proc)) != NULL) {
        if (isdigit((unsigned char)entry->d_name[0])) {
            result = call(entry->d_name);
        }
    }
    if (proc != NULL) {
        closedir(proc);
    }
    return result;
}
