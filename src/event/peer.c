/*
 * peer.c - the other end of a socket: has it gone, and whose is it?
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/peer.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

bool
peer_has_gone(int descriptor)
{
    struct pollfd wanted = { .fd = descriptor, .events = POLLRDHUP };

    return descriptor >= 0 && poll(&wanted, 1, 0) > 0;
}

/* 0: it is not known. */
static int
find_parent(int process)
{
    char path[32], text[128];
    int parent = 0;

    snprintf(path, sizeof(path), "/proc/%d/stat", process);
    FILE *in = fopen(path, "re");
    if (!in)
        return 0;
    size_t len = fread(text, 1, sizeof(text) - 1, in);
    fclose(in);
    text[len] = '\0';
    const char *name_end = strrchr(text, ')'); /* proc(5): the name may have any character */
    if (!name_end || sscanf(name_end, ") %*c %d", &parent) != 1)
        return 0;
    return parent;
}

bool
peer_is_parent(int descriptor, int process)
{
    struct ucred listener = { .pid = 0 };
    socklen_t size = sizeof(listener);

    /* unix(7): of the process that called listen(). */
    return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &listener, &size) == 0 &&
           listener.pid > 0 && find_parent(process) == listener.pid;
}
