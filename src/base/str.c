/*
 * str.c - a slice of bytes: a pointer and a length.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/str.h"

#include <string.h>
#include <sys/random.h>

int
str_compare(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool
str_starts_with(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_equal((struct str){ s.ptr, prefix.len }, prefix);
}

bool
str_ends_with(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           str_equal((struct str){ s.ptr + s.len - suffix.len, suffix.len }, suffix);
}

static unsigned char
ascii_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

bool
str_equal_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower((unsigned char)a.ptr[i]) != ascii_lower((unsigned char)b.ptr[i]))
            return false;
    return true;
}

size_t
str_find(struct str s, char c)
{
    const char *found = s.len ? memchr(s.ptr, c, s.len) : NULL;

    return found ? (size_t)(found - s.ptr) : s.len;
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str
str_trim(struct str s)
{
    while (s.len > 0 && is_space(s.ptr[0]))
        s = (struct str){ s.ptr + 1, s.len - 1 };
    while (s.len > 0 && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool
str_next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    *word = (struct str){ rest->ptr, str_find(*rest, ' ') };
    *rest = (struct str){ rest->ptr + word->len, rest->len - word->len };
    return word->len > 0;
}

bool
str_has_word(struct str list, struct str word)
{
    for (struct str next; str_next_word(&list, &next);)
        if (str_equal(next, word))
            return true;
    return false;
}

/* Drawn once, so that nobody can choose keys that collide. */
static uint64_t
hash_seed(void)
{
    static uint64_t seed;

    if (seed == 0) {
        if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
            seed = (uint64_t)(uintptr_t)&seed;
        seed |= 1;
    }
    return seed;
}

/* Both halves of the product of two words, as one. */
static inline uint64_t
fold_product(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __uint128_t product = (__uint128_t)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else /* machines of 32 bits: of the halves of each word */
    uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
    uint64_t low = a_low * b_low, one = a_high * b_low, other = a_low * b_high;
    uint64_t middle = (low >> 32) + (uint32_t)one + (uint32_t)other;
    uint64_t high = a_high * b_high + (one >> 32) + (other >> 32) + (middle >> 32);

    return (middle << 32 | (uint32_t)low) ^ high;
#endif
}

uint64_t
str_hash(struct str s)
{
    const uint64_t prime = 0x9e3779b97f4a7c15u;
    uint64_t hash = hash_seed() ^ (s.len * prime);
    size_t i = 0;

    for (; i + 8 <= s.len; i += 8) {
        uint64_t word;
        memcpy(&word, s.ptr + i, sizeof(word));
        hash = fold_product(hash ^ word, prime) ^ hash_seed();
    }
    uint64_t rest = 0;
    if (i < s.len)
        memcpy(&rest, s.ptr + i, s.len - i);
    hash = fold_product(hash ^ rest, prime);
    return hash ^ (hash >> 32);
}

bool
str_read_int64(struct str s, int64_t *out)
{
    bool is_negative = s.len > 0 && s.ptr[0] == '-';
    int64_t n = 0;

    if (s.len == (size_t)is_negative)
        return false;
    for (size_t i = is_negative; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        int digit = s.ptr[i] - '0';
        if (__builtin_mul_overflow(n, 10, &n) ||
            __builtin_add_overflow(n, is_negative ? -digit : digit, &n))
            return false;
    }
    *out = n;
    return true;
}
