/*
 * peer.h - has the other end of a socket gone?
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_PEER_H
#define EVENT_PEER_H

#include <stdbool.h>

/* Has the peer of this socket closed it, or its sending half?  False when the descriptor is -1,
 * which stands for a peer that is not watched. */
bool peer_has_gone(int descriptor);

#endif
