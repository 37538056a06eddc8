/*
 * base64.c - bytes as text (RFC 4648, section 4), with padding.
 *
 * SPDX-License-Identifier: MIT
 */
#include "value/base64.h"

#include "base/arena.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_write(struct buf *b, struct str bytes)
{
    char *out = buf_reserve(b, (bytes.len + 2) / 3 * 4), *p = out;

    if (!out)
        return;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t bits = (uint32_t)(unsigned char)bytes.ptr[i] << 16;
        bits |= left > 1 ? (uint32_t)(unsigned char)bytes.ptr[i + 1] << 8 : 0;
        bits |= left > 2 ? (unsigned char)bytes.ptr[i + 2] : 0;
        *p++ = digits[bits >> 18];
        *p++ = digits[bits >> 12 & 63];
        *p++ = left > 1 ? digits[bits >> 6 & 63] : '=';
        *p++ = left > 2 ? digits[bits & 63] : '=';
    }
    buf_advance(b, (size_t)(p - out));
}

static int
read_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (str_is_digit(c))
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

struct str
base64_read(struct arena *a, struct str text)
{
    size_t padding = str_ends_with(text, STR("==")) ? 2 : str_ends_with(text, STR("=")) ? 1 : 0;
    size_t len = 0;
    uint32_t bits = 0;

    if (text.len % 4 != 0)
        return STR_NONE;
    char *bytes = arena_alloc(a, text.len / 4 * 3 + 1);
    for (size_t i = 0; i < text.len - padding; i++) {
        int digit = read_digit(text.ptr[i]);
        if (digit < 0)
            return STR_NONE;
        bits = bits << 6 | (uint32_t)digit;
        if (i % 4 == 0)
            continue;
        /* The second digit completes a byte, and so do the third and the fourth. */
        bytes[len++] = (char)(bits >> (i % 4 == 1 ? 4 : i % 4 == 2 ? 2 : 0));
    }
    if ((padding == 2 && bits & 15) || (padding == 1 && bits & 3))
        return STR_NONE; /* bits that are no part of the bytes */
    return (struct str){ bytes, len };
}
