/*
 * judge_network.c - texts of addresses, and of keys that look like them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <string.h>

#include "codec/judge.h"

/* Are all bits of the address after the first `bits` zero? */
static bool
is_network(const unsigned char *address, int size, int bits)
{
    for (int i = bits; i < size * 8; i++)
        if (address[i / 8] & 0x80 >> i % 8)
            return false;
    return true;
}

bool
judge_inet(struct str text, bool is_cidr)
{
    size_t slash = str_find(text, '/');
    unsigned char address[sizeof(struct in6_addr)];
    char host[INET6_ADDRSTRLEN];
    int64_t bits;

    if (slash >= sizeof(host))
        return false;
    memcpy(host, text.ptr, slash);
    host[slash] = '\0';
    bool is_four = inet_pton(AF_INET, host, address) == 1;
    if (!is_four && inet_pton(AF_INET6, host, address) != 1)
        return false;
    int size = is_four ? 4 : 16;
    if (slash == text.len)
        return true;
    struct str mask = { text.ptr + slash + 1, text.len - slash - 1 };
    return judge_integer(mask, 0, size * 8) && str_read_int64(mask, &bits) &&
           (!is_cidr || is_network(address, size, (int)bits));
}

bool
judge_macaddr(struct str text, int count)
{
    if (text.len != (size_t)count * 3 - 1)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (i % 3 == 2 ? text.ptr[i] != ':' : str_hex_digit(text.ptr[i]) < 0)
            return false;
    return true;
}

bool
judge_uuid(struct str text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (text.len != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (form[i] == 'x' ? str_hex_digit(text.ptr[i]) < 0 : text.ptr[i] != '-')
            return false;
    return true;
}
