/*
 * stored_hash.c - what the text of a stored password hash says: its kind, its parameters, and
 * whether they cost no more than a login may.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hash/stored_hash.h"

enum {
    PARTS = 6,                 /* at most, between dollars */
    SHA256_KEY = 44,           /* characters of base64: 32 bytes */
    SHA1_KEY = 28,             /* 20 bytes */
    SCRYPT_KEY = 88,           /* 64 bytes */
    BCRYPT_LENGTH = 60,        /* $2b$12$, 22 characters of salt and 31 of the hash */
    BCRYPT_HEAD = 7,           /* $2b$12$ */
    ARGON2_LEAST_MEMORY = 8,   /* KiB for each lane (RFC 9106, 3.1) */
    SCRYPT_MOST_OF_ONE = 65536 /* N is less than this where R is 1 (RFC 7914, 2) */
};

/* --- pieces --- */

/* Take what stands before the next `end`, and both out of `*rest`.  STR_NONE: there is none. */
static struct str
take_until(struct str *rest, char end)
{
    size_t at = str_find(*rest, end);

    if (at == rest->len)
        return STR_NONE;
    struct str part = { rest->ptr, at };
    *rest = (struct str){ rest->ptr + at + 1, rest->len - at - 1 };
    return part;
}

/* Split all of a text at its dollars.  The number of parts; 0 when there are too many. */
static int
split(struct str text, struct str parts[PARTS])
{
    int count = 0;

    for (struct str part; (part = take_until(&text, '$')).ptr;) {
        if (count == PARTS - 1)
            return 0;
        parts[count++] = part;
    }
    parts[count++] = text;
    return count;
}

/* Read a number from 1 to `most`, in decimal without zeros before it. */
static bool
read_number(struct str text, int64_t most, uint32_t *number)
{
    int64_t value;

    if (text.len == 0 || text.ptr[0] == '0' || !str_read_int64(text, &value) || value < 1 ||
        value > most)
        return false;
    *number = (uint32_t)value;
    return true;
}

/* Is it of that length, in base64? */
static bool
is_base64(struct str text, size_t length)
{
    if (text.len != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text.ptr[i], letter = c | 0x20;
        bool is_good = str_is_digit(c) || (letter >= 'a' && letter <= 'z') || c == '+' ||
                       c == '/' || (c == '=' && i + 2 >= length);
        if (!is_good)
            return false;
    }
    return true;
}

/* --- kinds --- */

/* $argon2id$v=19$m=102400,t=2,p=8$SALT$HASH; libsodium judges what comes after that. */
static bool
read_argon2(struct str text, struct stored_hash *hash)
{
    struct str rest = text, part;
    uint32_t memory, passes, lanes;

    hash->setting = text;
    if (take_until(&rest, '$').len != 0)
        return false;
    part = take_until(&rest, '$');
    if ((!str_is(part, "argon2id") && !str_is(part, "argon2i")) ||
        !str_is(take_until(&rest, '$'), "v=19"))
        return false;
    struct str costs = take_until(&rest, '$');
    struct str m = costs.ptr ? take_until(&costs, ',') : STR_NONE;
    struct str t = m.ptr ? take_until(&costs, ',') : STR_NONE;
    if (!t.ptr || !str_starts_with(m, STR("m=")) || !str_starts_with(t, STR("t=")) ||
        !str_starts_with(costs, STR("p=")))
        return false;
    return read_number((struct str){ m.ptr + 2, m.len - 2 }, STORED_MOST_MEMORY, &memory) &&
           read_number((struct str){ t.ptr + 2, t.len - 2 }, STORED_MOST_ARGON2 / memory,
                       &passes) &&
           read_number((struct str){ costs.ptr + 2, costs.len - 2 }, memory / ARGON2_LEAST_MEMORY,
                       &lanes);
}

/* ITERATIONS$SALT$HASH */
static bool
read_pbkdf2(struct str text, struct stored_hash *hash)
{
    struct str parts[PARTS];

    if (split(text, parts) != 3)
        return false;
    hash->salt = parts[1];
    hash->key = parts[2];
    return parts[1].len > 0 && read_number(parts[0], STORED_MOST_ITERATIONS, &hash->cost) &&
           is_base64(parts[2], hash->kind == STORED_PBKDF2_SHA256 ? SHA256_KEY : SHA1_KEY);
}

/* N$SALT$R$P$HASH; N is a power of two (RFC 7914, 2). */
static bool
read_scrypt(struct str text, struct stored_hash *hash)
{
    struct str parts[PARTS];

    if (split(text, parts) != 5)
        return false;
    hash->salt = parts[1];
    hash->key = parts[4];
    return parts[1].len > 0 && read_number(parts[0], STORED_MOST_SCRYPT, &hash->cost) &&
           hash->cost > 1 && (hash->cost & (hash->cost - 1)) == 0 &&
           read_number(parts[2], STORED_MOST_SCRYPT / hash->cost, &hash->block) &&
           (hash->block > 1 || hash->cost < SCRYPT_MOST_OF_ONE) &&
           read_number(parts[3], STORED_MOST_SCRYPT / hash->cost / hash->block, &hash->parallel) &&
           is_base64(parts[4], SCRYPT_KEY);
}

/* $2b$12$, and 53 characters, which crypt() judges. */
static bool
read_bcrypt(struct str text, struct stored_hash *hash)
{
    hash->setting = text;
    if (text.len != BCRYPT_LENGTH || !str_starts_with(text, STR("$2")) || text.ptr[3] != '$' ||
        text.ptr[BCRYPT_HEAD - 1] != '$')
        return false;
    char revision = text.ptr[2];
    if ((revision != 'a' && revision != 'b' && revision != 'y') || !str_is_digit(text.ptr[4]) ||
        !str_is_digit(text.ptr[5]))
        return false;
    int cost = (text.ptr[4] - '0') * 10 + text.ptr[5] - '0';
    return cost <= STORED_MOST_BCRYPT;
}

static const struct {
    struct str prefix;
    enum stored_kind kind;
    bool (*read)(struct str rest, struct stored_hash *hash); /* what follows the prefix */
} kinds[] = {
    { STR_INIT("pbkdf2_sha256$"), STORED_PBKDF2_SHA256, read_pbkdf2 },
    { STR_INIT("pbkdf2_sha1$"), STORED_PBKDF2_SHA1, read_pbkdf2 },
    { STR_INIT("scrypt$"), STORED_SCRYPT, read_scrypt },
    { STR_INIT("bcrypt$"), STORED_BCRYPT, read_bcrypt },
    { STR_INIT("bcrypt_sha256$"), STORED_BCRYPT_SHA256, read_bcrypt },
    { STR_INIT("argon2"), STORED_ARGON2,
      read_argon2 }, /* without the dollar, which begins the rest */
    { STR_INIT(""), STORED_ARGON2, read_argon2 },
};

bool
stored_hash_read(struct str text, struct stored_hash *hash)
{
    if (text.len > STORED_MOST_BYTES || str_find(text, '\0') < text.len)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        size_t length = kinds[i].prefix.len;
        if (!str_starts_with(text, kinds[i].prefix))
            continue;
        *hash = (struct stored_hash){ .kind = kinds[i].kind };
        return kinds[i].read((struct str){ text.ptr + length, text.len - length }, hash);
    }
    return false;
}
