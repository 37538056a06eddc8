/*
 * client.h - which requests count as those of one client, when work is shared out.
 *
 * A client is an IPv4 address, or a /64 network of IPv6, since whoever has one IPv6 address
 * usually has 2^64 of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_CLIENT_H
#define AUTH_CLIENT_H

#include <stdint.h>

#include "base/str.h"

/* A number for the client at this address, REMOTE_ADDR's value or STR_NONE: equal for one client,
 * different for two.  A text that is not an address stands for itself.  0: not known. */
uint64_t client_key(struct str address);

#endif
