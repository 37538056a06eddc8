/*
 * cursor.c - positions in ordered lists, as clients hold them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "codec/cursor.h"

#include <assert.h>
#include <string.h>

#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/crypto_shorthash_siphash24.h>
#include <sodium/utils.h>

#include "base/base64url.h"
#include "base/buf.h"

enum {
    THIS_VERSION = 1,
    SEAL = 1, /* offsets */
    PLACE = SEAL + crypto_shorthash_siphash24_BYTES,
    NULLS = PLACE + 4,
    NUMBER_MAX = 10 /* bytes that a number has at most */
};

static_assert(sizeof(struct cursor_key) == crypto_shorthash_siphash24_KEYBYTES,
              "it is a key of SipHash");

static const struct cursor_key constant_key;
static const struct cursor_keys constant_keys = { &constant_key, 1 };

struct cursor_key
cursor_key_derive(struct str secret)
{
    static const char purpose[] = "cursors of pages";
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    struct cursor_key key;

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.ptr, secret.len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)purpose, sizeof(purpose));
    crypto_auth_hmacsha256_final(&state, hash);
    memcpy(key.bytes, hash, sizeof(key.bytes));
    return key;
}

uint32_t
cursor_place(struct str text)
{
    unsigned char hash[crypto_shorthash_siphash24_BYTES];

    crypto_shorthash_siphash24(hash, (const unsigned char *)text.ptr, text.len, constant_key.bytes);
    return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

/* The seal of a cursor's bytes. */
static void
make_seal(unsigned char *seal, const char *bytes, size_t len, const struct cursor_key *key)
{
    crypto_shorthash_siphash24(seal, (const unsigned char *)bytes + PLACE, len - PLACE, key->bytes);
}

/* --- writing --- */

static size_t
put_number(char *at, uint64_t number)
{
    size_t len = 0;

    for (; number >= 0x80; number >>= 7)
        at[len++] = (char)(number | 0x80);
    at[len++] = (char)number;
    return len;
}

static size_t
put_cells(char *at, const struct str *cells, int count)
{
    uint64_t nulls = 0;

    for (int i = 0; i < count; i++)
        nulls |= (uint64_t)!cells[i].ptr << i;
    size_t len = put_number(at, nulls);
    for (int i = 0; i < count; i++) {
        if (!cells[i].ptr)
            continue;
        len += put_number(at + len, cells[i].len);
        memcpy(at + len, cells[i].ptr, cells[i].len);
        len += cells[i].len;
    }
    return len;
}

/* The most bytes that such a cursor has. */
static size_t
most_bytes(const struct str *cells, int count)
{
    size_t len = NULLS + NUMBER_MAX;

    for (int i = 0; i < count; i++)
        len += NUMBER_MAX + cells[i].len;
    return len;
}

size_t
cursor_length(const struct str *cells, int count)
{
    return sodium_base64_ENCODED_LEN(most_bytes(cells, count),
                                     sodium_base64_VARIANT_URLSAFE_NO_PADDING) -
           1; /* the NUL */
}

void
cursor_encode(struct buf *b, const struct cursor_keys *keys, uint32_t place,
              const struct str *cells, int count)
{
    size_t most = most_bytes(cells, count);
    size_t letters = sodium_base64_encoded_len(most, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = buf_reserve(b, letters + most), *bytes = out + letters;

    assert((!keys || keys->count > 0) && count <= CURSOR_TERMS);
    if (!out)
        return;
    bytes[0] = THIS_VERSION;
    for (int i = 0; i < 4; i++)
        bytes[PLACE + i] = (char)(place >> (24 - 8 * i));
    size_t len = NULLS + put_cells(bytes + NULLS, cells, count);
    make_seal((unsigned char *)bytes + SEAL, bytes, len, &(keys ? keys : &constant_keys)->list[0]);
    sodium_bin2base64(out, letters, (const unsigned char *)bytes, len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    buf_advance(b, strlen(out));
}

/* --- reading --- */

static bool
take_number(struct str *rest, uint64_t *number)
{
    *number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (rest->len == 0)
            return false;
        unsigned char byte = (unsigned char)*rest->ptr++;
        rest->len--;
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* Are the bits those of so many terms? */
static bool
are_terms(uint64_t nulls, int count)
{
    return count == CURSOR_TERMS || nulls >> count == 0;
}

static bool
take_cells(struct str rest, struct str *cells, int count)
{
    uint64_t nulls, len;

    if (!take_number(&rest, &nulls) || !are_terms(nulls, count))
        return false;
    for (int i = 0; i < count; i++) {
        cells[i] = STR_NONE;
        if (nulls >> i & 1)
            continue;
        if (!take_number(&rest, &len) || len > rest.len)
            return false;
        cells[i] = (struct str){ rest.ptr, (size_t)len };
        rest.ptr += len;
        rest.len -= (size_t)len;
    }
    return rest.len == 0;
}

static bool
is_sealed(const struct cursor_keys *keys, struct str bytes)
{
    unsigned char seal[crypto_shorthash_siphash24_BYTES];

    keys = keys ? keys : &constant_keys;
    for (int i = 0; i < keys->count; i++) {
        make_seal(seal, bytes.ptr, bytes.len, &keys->list[i]);
        if (sodium_memcmp(seal, bytes.ptr + SEAL, sizeof(seal)) == 0)
            return true;
    }
    return false;
}

enum cursor_result
cursor_decode(struct arena *a, const struct cursor_keys *keys, uint32_t place, struct str text,
              struct str *cells, int count)
{
    struct str bytes = base64url_read(a, text);
    uint32_t of = 0;

    assert(count <= CURSOR_TERMS);
    if (!bytes.ptr || bytes.len <= NULLS || bytes.ptr[0] != THIS_VERSION || !is_sealed(keys, bytes))
        return CURSOR_BAD;
    for (int i = 0; i < 4; i++)
        of = of << 8 | (unsigned char)bytes.ptr[PLACE + i];
    if (of != place)
        return CURSOR_OTHER;
    return take_cells((struct str){ bytes.ptr + NULLS, bytes.len - NULLS }, cells, count)
               ? CURSOR_OK
               : CURSOR_BAD;
}

uint64_t
cursor_nulls(struct str text, int count)
{
    enum { LETTERS = 32 }; /* these hold all that stands before the cells */
    unsigned char bytes[LETTERS];
    size_t len;
    uint64_t nulls;

    if (sodium_base642bin(bytes, sizeof(bytes), text.ptr, text.len < LETTERS ? text.len : LETTERS,
                          NULL, &len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len <= NULLS)
        return 0;
    struct str rest = { (const char *)bytes + NULLS, len - NULLS };
    return take_number(&rest, &nulls) && are_terms(nulls, count) ? nulls : 0;
}
