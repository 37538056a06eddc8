/*
 * str.h - a slice of bytes: a pointer and a length.
 *
 * Texts in this program are slices: names of a document point into its source,
 * cells of a row into the database's answer.  A slice owns nothing and need not
 * end in NUL.  A slice whose `ptr` is NULL stands for "none"; an empty one has
 * a `ptr`.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *ptr;
    size_t len;
};

/* The slice of a literal, at run time and in initialisers of constants. */
/* clang-format off */
#define STR(literal)      ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_INIT(literal) { "" literal, sizeof(literal) - 1 }
#define STR_NONE          ((struct str){ NULL, 0 })
/* clang-format on */

/* For printf: "%.*s", STR_PRINT(name). */
#define STR_PRINT(s) (int)(s).len, (s).ptr

/* The number of elements of an array; not for a pointer. */
#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
/* The struct of which `*pointer` is that member. */
#define CONTAINER_OF(pointer, type, member)                                                        \
    ((type *)((char *)(true ? (pointer) : &((type *)0)->member) - offsetof(type, member)))

#define MUST_CHECK   __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/* The slice of a C string; STR_NONE for NULL. */
static inline struct str
str_from(const char *text)
{
    return text ? (struct str){ text, strlen(text) } : STR_NONE;
}

static inline bool
str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Is `s` this C string? */
static inline bool
str_is(struct str s, const char *text)
{
    /* Most texts differ in the first byte: then the length of `text` is not needed. */
    if (s.len > 0 && text && *s.ptr != *text)
        return false;
    return str_equal(s, str_from(text));
}

/* Order by bytes, as memcmp; a prefix comes first. */
int str_compare(struct str a, struct str b);
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);
/* Compare ASCII letters without case. */
bool str_equal_nocase(struct str a, struct str b);
/* The offset of the first `c`, or `s.len`. */
size_t str_find(struct str s, char c);
/* `s` without spaces, tabs and line ends on either side. */
struct str str_trim(struct str s);
/* Take the next word off a list whose words are separated by spaces; false at its end, with an
 * empty word. */
bool str_next_word(struct str *rest, struct str *word);
/* Is it one of the list's words? */
bool str_has_word(struct str list, struct str word);
/* FNV-1a, 64 bits, mixed with a seed drawn once per process. */
uint64_t str_hash(struct str s);

/* --- ASCII; any other byte, and -1 for the end of a text, is neither --- */

static inline bool
str_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

/* The value of a hexadecimal digit, or -1. */
static inline int
str_hex_digit(int c)
{
    int letter = c | 0x20;

    if (str_is_digit(c))
        return c - '0';
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* --- str_make.c --- */

/* A copy in the arena, ended by a NUL that `len` does not count. */
struct str str_copy(struct arena *a, struct str s);
/* The same as a C string. */
const char *str_copy_c(struct arena *a, struct str s);
/* buf_printf() into the arena, ended by NUL. */
struct str str_format(struct arena *a, const char *format, ...) PRINTF(2, 3);
struct str str_vformat(struct arena *a, const char *format, va_list args) PRINTF(2, 0);
/* `createdAt` as `created_at`: PostgreSQL's convention for GraphQL's. */
struct str str_snake_case(struct arena *a, struct str s);

/* Read a decimal integer that fills all of `s`: digits after an optional
 * minus.  False, with `*out` unchanged, for anything else and for what is out
 * of range. */
bool str_read_int64(struct str s, int64_t *out) MUST_CHECK;

#endif
