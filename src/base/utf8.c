/*
 * utf8.c - UTF-8 (RFC 3629).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/utf8.h"

#include <string.h>

/* The length of the well-formed character at `p`, of which `left` bytes may be
 * read, or 0.  The table of RFC 3629, section 4. */
static size_t
utf8_character_length(const unsigned char *p, size_t left)
{
    unsigned char low = 0x80, high = 0xBF; /* of the second byte */
    size_t len;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    len = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (left < len)
        return 0;
    if (p[0] == 0xE0)
        low = 0xA0; /* or overlong */
    else if (p[0] == 0xED)
        high = 0x9F; /* or a surrogate */
    else if (p[0] == 0xF0)
        low = 0x90; /* or overlong */
    else if (p[0] == 0xF4)
        high = 0x8F; /* or above U+10FFFF */
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

size_t
utf8_check(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t i = 0;

    while (i < s.len) {
        uint64_t word;
        if (s.len - i >= sizeof(word)) { /* eight ASCII bytes at once */
            memcpy(&word, p + i, sizeof(word));
            if ((word & 0x8080808080808080u) == 0) {
                i += sizeof(word);
                continue;
            }
        }
        size_t len = utf8_character_length(p + i, s.len - i);
        if (len == 0)
            return i;
        i += len;
    }
    return s.len;
}

uint32_t
utf8_next(struct str s, size_t *offset)
{
    const unsigned char *p = (const unsigned char *)s.ptr + *offset;
    size_t len = utf8_character_length(p, s.len - *offset);

    if (len == 0) {
        (*offset)++;
        return 0xFFFD;
    }
    *offset += len;
    if (len == 1)
        return p[0];
    uint32_t character = p[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++)
        character = character << 6 | (p[i] & 0x3F);
    return character;
}

size_t
utf8_encode(uint32_t character, char out[4])
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t len = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    out[0] = (char)(lead[len] | character);
    return len;
}

size_t
utf8_cut(struct str s, size_t most)
{
    if (most >= s.len)
        return s.len;
    while (most > 0 && ((unsigned char)s.ptr[most] & 0xC0) == 0x80)
        most--;
    return most;
}

uint32_t
utf8_surrogate(struct str s, size_t offset)
{
    const unsigned char *p = (const unsigned char *)s.ptr + offset;

    if (s.len - offset < 3 || p[0] != 0xED || p[1] < 0xA0 || p[1] > 0xBF || (p[2] & 0xC0) != 0x80)
        return 0;
    return 0xD000u | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
}

size_t
utf8_length(struct str s)
{
    size_t length = 0;

    for (size_t i = 0; i < s.len; i++)
        length += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return length;
}

bool
utf8_is_command(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}
