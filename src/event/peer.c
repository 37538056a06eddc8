/*
 * peer.c - has the other end of a socket gone?
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/peer.h"

#include <poll.h>

bool
peer_has_gone(int descriptor)
{
    struct pollfd wanted = { .fd = descriptor, .events = POLLRDHUP };

    return descriptor >= 0 && poll(&wanted, 1, 0) > 0;
}
