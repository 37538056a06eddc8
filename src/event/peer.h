/*
 * peer.h - the other end of a socket: has it gone, and whose is it?
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_PEER_H
#define EVENT_PEER_H

#include <stdbool.h>

/* Has the peer of this socket closed it, or its sending half?  False when the descriptor is -1,
 * which stands for a peer that is not watched. */
bool peer_has_gone(int descriptor);

/* Is what listens on this local socket, which is connected, the parent of the process?  False, too,
 * where that cannot be told: over a network, in another namespace of processes, without /proc. */
bool peer_is_parent(int descriptor, int process);

#endif
