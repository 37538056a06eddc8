/*
 * http_network.c - which requests are of the same client, as far as its address tells.
 *
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <string.h>

#include "http/http.h"

/* Bytes of an IPv6 address that are of the network: a client has all addresses of one. */
enum { NETWORK_SIZE = 8 };

uint64_t
http_network(struct str address)
{
    char text[INET6_ADDRSTRLEN] = "", bytes[sizeof(struct in6_addr)];

    if (address.len == 0)
        return 0;
    if (address.len < sizeof(text))
        memcpy(text, address.ptr, address.len);
    return inet_pton(AF_INET6, text, bytes) == 1 ? str_hash((struct str){ bytes, NETWORK_SIZE })
                                                 : str_hash(address);
}
