/*
 * client.c - which requests count as those of one client, when work is shared out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/client.h"

#include <arpa/inet.h>
#include <string.h>

/* The network of an IPv6 address: its first 64 bits.  An IPv4 address that is written as IPv6 is
 * that IPv4 address (RFC 4291, 2.5.5.2), whose first 64 bits would be zero. */
static uint64_t
read_network(const struct in6_addr *address)
{
    int first = IN6_IS_ADDR_V4MAPPED(address) ? 8 : 0;
    uint64_t network = 0;

    for (int i = first; i < first + 8; i++)
        network = network << 8 | address->s6_addr[i];
    return network;
}

uint64_t
client_key(struct str address)
{
    /* An IPv4 address gets the prefix that makes it an IPv6 one. */
    static const char prefix[] = "::ffff:";
    char text[sizeof(prefix) + INET6_ADDRSTRLEN];
    struct in6_addr binary;

    if (address.len == 0)
        return 0;
    size_t start = str_find(address, ':') < address.len ? 0 : sizeof(prefix) - 1;
    if (start + address.len < sizeof(text)) {
        memcpy(text, prefix, start);
        memcpy(text + start, address.ptr, address.len);
        text[start + address.len] = '\0';
        if (inet_pton(AF_INET6, text, &binary) == 1)
            return read_network(&binary);
    }
    return str_hash(address);
}
