/* What processes share by a name: System V and POSIX IPC, sockets, the host's name. */
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <mqueue.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

static int system_v(void) {
    key_t key = (key_t)known_number("KEY");
    int shared = shmget(key, 0, 0);
    if (shared >= 0) {
        const char *memory = shmat(shared, NULL, SHM_RDONLY);
        return out("shared memory: %s", memory == (void *)-1 ? "cannot be attached" : memory);
    }
    if (msgget(key, 0) >= 0) {
        return out("the message queue is seen");
    }
    return refused("shmget");
}

static int message_queue(void) {
    return mq_open(known("QUEUE"), O_RDONLY | O_NONBLOCK) >= 0 ? out("the queue is seen")
                                                               : refused("mq_open");
}

static int says_secret(int fd, const struct sockaddr *address, socklen_t length) {
    char text[200] = "";
    return fd >= 0 && connect(fd, address, length) == 0 && recv(fd, text, sizeof text - 1, 0) > 0 &&
           strstr(text, known("SECRET")) != NULL;
}

static int abstract_socket(void) {
    struct sockaddr_un address = {AF_UNIX, ""};
    int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", known("ABSTRACT"));
    return says_secret(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address,
                       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length))
               ? out("talked to the host")
               : refused("connect");
}

static int loopback(void) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)known_number("PORT"));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return says_secret(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address)
               ? out("talked to the host")
               : refused("connect");
}

static int interfaces(void) {
    struct if_nameindex *all = if_nameindex();
    for (struct if_nameindex *at = all; at != NULL && at->if_index != 0; at++) {
        if (strcmp(at->if_name, "lo") != 0 && strncmp(at->if_name, "sit", 3) != 0 &&
            strncmp(at->if_name, "tunl", 4) != 0) {
            return out("interface %s", at->if_name);
        }
    }
    return all == NULL ? BROKEN : held("lo only");
}

static int raw_packets(void) {
    return socket(AF_INET, SOCK_RAW, 1) >= 0 || socket(AF_PACKET, SOCK_RAW, 0) >= 0
               ? out("a raw socket")
               : refused("socket");
}

static int name_of_host(void) {
    struct utsname names;
    uname(&names);
    return strcmp(names.nodename, known("NODENAME")) == 0 ? out("sees the host's name")
                                                          : held("is called %s", names.nodename);
}

const struct attack network_attacks[] = {
    {"system-v", system_v},
    {"message-queue", message_queue},
    {"abstract-socket", abstract_socket},
    {"loopback", loopback},
    {"interfaces", interfaces},
    {"raw-packets", raw_packets},
    {"name-of-host", name_of_host},
    {NULL, NULL},
};
