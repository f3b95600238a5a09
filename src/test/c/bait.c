/*
 * A process of the host that attackers look for: attack bait SECRET KEY ABSTRACT QUEUE, with its
 * working directory and a descriptor where the secret lies. Says "ready PID PORT ADDRESS", then
 * "signalled" for every SIGWINCH, until its standard input ends.
 */
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char secret[100];

static void signalled(int number) {
    (void)number;
    if (write(1, "signalled\n", 10) != 10) {
        _exit(BROKEN);
    }
}

static int listen_abstract(const char *name) {
    struct sockaddr_un address = {AF_UNIX, ""};
    int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", name);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    return bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, 8) == 0 ? fd : -1;
}

static int listen_loopback(int *port) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 8) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

static void answer(int listening) {
    int fd = accept(listening, NULL, NULL);
    if (fd >= 0) {
        send(fd, secret, strlen(secret), MSG_NOSIGNAL);
        close(fd);
    }
}

int bait(int count, char **args) {
    if (count != 4) {
        return BROKEN;
    }
    snprintf(secret, sizeof secret, "%s", args[0]);
    key_t key = (key_t)strtol(args[1], NULL, 0);
    int shared = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0644);
    int messages = msgget(key, IPC_CREAT | IPC_EXCL | 0644);
    int port = 0;
    struct pollfd on[] = {
        {0, POLLIN, 0}, {listen_abstract(args[2]), POLLIN, 0}, {listen_loopback(&port), POLLIN, 0}};
    umask(0);
    mqd_t queue = mq_open(args[3], O_RDWR | O_CREAT | O_EXCL, 0644, NULL);
    char *memory = shmat(shared, NULL, 0);
    if (shared >= 0 && memory != (void *)-1 && messages >= 0 && on[1].fd >= 0 && on[2].fd >= 0 && queue >= 0) {
        strcpy(memory, secret);
        signal(SIGWINCH, signalled);
        dprintf(1, "ready %d %d %p\n", getpid(), port, (void *)secret);
        while ((poll(on, 3, -1) >= 0 || errno == EINTR) && on[0].revents == 0) {
            if (on[1].revents != 0) {
                answer(on[1].fd);
            }
            if (on[2].revents != 0) {
                answer(on[2].fd);
            }
        }
    }
    shmctl(shared, IPC_RMID, NULL);
    msgctl(messages, IPC_RMID, NULL);
    mq_unlink(args[3]);
    return 0;
}
