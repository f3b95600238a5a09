/*
 * The configuration: four bytes of length in the machine's order, with the descriptors from
 * FD_GIVEN on, then that many bytes of records "key=value", each ended by NUL. It comes by a socket
 * and not by the command line because environment variables hold secrets and everybody can read a
 * command line, and because there is none yet when the shim is started.
 */
#include "shim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LARGEST = 4 * 1024 * 1024 };

static void refuse(const char *why) __attribute__((noreturn));

static void refuse(const char *why) {
    report(FD_REPORT, "error %d configuration: %s", EINVAL, why);
    exit(1);
}

static void read_all(int fd, void *into, size_t length) {
    char *at = into;
    while (length > 0) {
        ssize_t n = read(fd, at, length);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            refuse(n < 0 ? strerror(errno) : "it ends early");
        }
        at += n;
        length -= (size_t)n;
    }
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory == NULL) {
        refuse("out of memory");
    }
    return memory;
}

static uint64_t number(const char *text, int base) {
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, base);
    if (errno != 0 || *text == '\0' || *end != '\0') {
        refuse("a number is none");
    }
    return value;
}

static int nibble(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    refuse("the filter is not hexadecimal");
}

static void filter(struct config *config, const char *hex) {
    config->filter_bytes = strlen(hex) / 2;
    config->filter = allocate(config->filter_bytes + 1, 1);
    for (size_t i = 0; i < config->filter_bytes; i++) {
        config->filter[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
    }
}

static void record(struct config *config, char *key, char *value, size_t *args, size_t *env) {
    if (strcmp(key, "arg") == 0) {
        config->args[(*args)++] = value;
    } else if (strcmp(key, "env") == 0) {
        config->env[(*env)++] = value;
    } else if (strcmp(key, "hostname") == 0) {
        config->hostname = value;
    } else if (strcmp(key, "directory") == 0) {
        config->directory = value;
    } else if (strcmp(key, "uid") == 0) {
        config->uid = (uid_t)number(value, 10);
    } else if (strcmp(key, "gid") == 0) {
        config->gid = (gid_t)number(value, 10);
    } else if (strcmp(key, "capabilities") == 0) {
        config->capabilities = number(value, 16);
    } else if (strcmp(key, "shm_bytes") == 0) {
        config->shm_bytes = number(value, 10);
    } else if (strcmp(key, "log_segment_bytes") == 0) {
        config->log_segment_bytes = number(value, 10);
    } else if (strcmp(key, "log_segments") == 0) {
        config->log_segments = (unsigned)number(value, 10);
    } else if (strcmp(key, "cgroups") == 0) {
        config->cgroups = (unsigned)number(value, 10);
    } else if (strcmp(key, "born_in") == 0) {
        config->born_in = (unsigned)number(value, 10);
    } else if (strcmp(key, "filter") == 0) {
        filter(config, value);
    } else {
        refuse("an unknown key");
    }
}

/*
 * The length, and with it the descriptors, which the kernel numbers from the lowest that is free
 * (unix(7), SCM_RIGHTS). Nothing at all is a daemon that has no job for us, or is gone.
 */
static uint32_t first_message(int fd) {
    uint32_t length = 0;
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(MOST_GIVEN * sizeof(int))];
    } control;
    struct iovec data = {&length, sizeof length};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t n;
    do {
        n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    } while (n < 0 && errno == EINTR);
    if (n == 0) {
        exit(0);
    }
    if (n < 0) {
        refuse(strerror(errno));
    }
    struct cmsghdr *given = CMSG_FIRSTHDR(&message);
    if (n != sizeof length || (message.msg_flags & MSG_CTRUNC) != 0 || given == NULL ||
        given->cmsg_level != SOL_SOCKET || given->cmsg_type != SCM_RIGHTS) {
        refuse("it does not begin with a length and descriptors");
    }
    size_t count = (given->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
        int number;
        memcpy(&number, CMSG_DATA(given) + i * sizeof(int), sizeof number);
        if (number != FD_GIVEN + (int)i) {
            refuse("a descriptor has another number than it should");
        }
    }
    return length;
}

void config_read(int fd, struct config *config) {
    uint32_t length = first_message(fd);
    if (length == 0 || length > LARGEST) {
        refuse("its length is out of range");
    }
    char *text = allocate(length, 1);
    read_all(fd, text, length);
    if (text[length - 1] != '\0') {
        refuse("its last record has no end");
    }
    size_t records = 0;
    for (size_t i = 0; i < length; i++) {
        records += text[i] == '\0';
    }
    memset(config, 0, sizeof *config);
    config->args = allocate(records + 1, sizeof(char *));
    config->env = allocate(records + 1, sizeof(char *));
    size_t args = 0;
    size_t env = 0;
    char *next;
    for (char *at = text; at < text + length; at = next) {
        next = at + strlen(at) + 1;
        char *equals = strchr(at, '=');
        if (equals == NULL) {
            refuse("a record has no value");
        }
        *equals = '\0';
        record(config, at, equals + 1, &args, &env);
    }
    if (args == 0 || config->hostname == NULL || config->directory == NULL) {
        refuse("it is not complete");
    }
}
