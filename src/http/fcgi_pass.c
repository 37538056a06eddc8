/*
 * fcgi_pass.c - hand a connection over to another process, and take one over (unix(7)).
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/fcgi_pass.h"

#include <assert.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* Room for one descriptor, as the kernel wants it. */
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

bool
fcgi_pass(int socket, int descriptor)
{
    char byte = 0; /* there must be one */
    struct iovec slice = { &byte, 1 };
    union control control = { .bytes = { 0 } };
    struct msghdr message = { .msg_iov = &slice,
                              .msg_iovlen = 1,
                              .msg_control = control.bytes,
                              .msg_controllen = sizeof(control.bytes) };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    assert(descriptor >= 0);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

int
fcgi_receive(int socket)
{
    char byte;
    struct iovec slice = { &byte, 1 };
    union control control = { .bytes = { 0 } };
    struct msghdr message = { .msg_iov = &slice,
                              .msg_iovlen = 1,
                              .msg_control = control.bytes,
                              .msg_controllen = sizeof(control.bytes) };
    int descriptor = -1;

    if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) <= 0)
        return -1;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_type == SCM_RIGHTS)
        memcpy(&descriptor, CMSG_DATA(header), sizeof(int));
    return descriptor;
}
