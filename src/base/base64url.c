/*
 * base64url.c - bytes as letters of a URL, without padding (RFC 4648, 5).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/base64url.h"

#include <sodium/utils.h>

#include "base/arena.h"

struct str
base64url_write(struct arena *a, struct str bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = ARENA_ARRAY(a, char, size);

    sodium_bin2base64(out, size, (const unsigned char *)bytes.ptr, bytes.len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){ out, size - 1 };
}

struct str
base64url_read(struct arena *a, struct str text)
{
    unsigned char *out = ARENA_ARRAY(a, unsigned char, text.len);
    size_t len;

    if (sodium_base642bin(out, text.len, text.ptr, text.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return STR_NONE;
    return (struct str){ (const char *)out, len };
}
