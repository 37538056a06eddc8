/*
 * sensitive_value.c - which values are secrets, whatever their column is called.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sensitive/sensitive.h"

#include <stdbool.h>

/* How a value begins, and how long one is at least: `sk-` alone begins words, too. */
struct sensitive_start {
    struct str start;
    size_t least;
    const char *what;
};

#define START(text, least, what)                                                                   \
    {                                                                                              \
        STR_INIT(text), (least), "values like " what                                               \
    }

static const struct sensitive_start starts[] = {
    START("$2a$", 20, "a bcrypt hash"),
    START("$2b$", 20, "a bcrypt hash"),
    START("$2x$", 20, "a bcrypt hash"),
    START("$2y$", 20, "a bcrypt hash"),
    START("bcrypt$", 20, "a bcrypt hash"),
    START("bcrypt_sha256$", 20, "a bcrypt hash"),
    START("$argon2", 12, "an Argon2 hash"),
    START("argon2$", 12, "an Argon2 hash"),
    START("$pbkdf2", 12, "a PBKDF2 hash"),
    START("pbkdf2_", 12, "a PBKDF2 hash"),
    START("pbkdf2:", 12, "a PBKDF2 hash"),
    START("$scrypt$", 12, "an scrypt hash"),
    START("scrypt:", 12, "an scrypt hash"),
    START("scrypt$", 12, "an scrypt hash"),
    START("SCRAM-SHA-256$", 20, "a hash of a password"),
    START("$1$", 12, "a hash of a password"),
    START("$5$", 12, "a hash of a password"),
    START("$6$", 12, "a hash of a password"),
    START("$7$", 12, "a hash of a password"),
    START("$y$", 12, "a hash of a password"),
    START("$apr1$", 12, "a hash of a password"),
    START("$P$", 12, "a hash of a password"),
    START("$H$", 12, "a hash of a password"),
    START("$S$", 12, "a hash of a password"),
    START("sha1$", 20, "a hash of a password"),
    START("md5$", 20, "a hash of a password"),
    START("{SHA}", 12, "a hash of a password"),
    START("{SSHA", 12, "a hash of a password"),
    START("{CRYPT}", 12, "a hash of a password"),
    START("eyJ", 20, "a signed token"),
    START("-----BEGIN", 10, "a key or a certificate"),
    START("otpauth://", 12, "a second factor"),
    START("sk_live_", 12, "a key of a service"),
    START("sk_test_", 12, "a key of a service"),
    START("rk_live_", 12, "a key of a service"),
    START("whsec_", 12, "a key of a service"),
    START("sk-", 24, "a key of a service"),
    START("ghp_", 20, "a key of a service"),
    START("gho_", 20, "a key of a service"),
    START("ghu_", 20, "a key of a service"),
    START("ghs_", 20, "a key of a service"),
    START("ghr_", 20, "a key of a service"),
    START("github_pat_", 20, "a key of a service"),
    START("glpat-", 20, "a key of a service"),
    START("xoxa-", 16, "a key of a service"),
    START("xoxb-", 16, "a key of a service"),
    START("xoxp-", 16, "a key of a service"),
    START("xoxs-", 16, "a key of a service"),
    START("xapp-", 16, "a key of a service"),
    START("AKIA", 20, "a key of a service"),
    START("ASIA", 20, "a key of a service"),
    START("AIza", 35, "a key of a service"),
    START("SG.", 40, "a key of a service"),
    START("npm_", 36, "a key of a service"),
    START("dop_v1_", 20, "a key of a service"),
    START("shpat_", 20, "a key of a service"),
    START("shpss_", 20, "a key of a service"),
};

enum { LEAST_HEXADECIMAL = 32 }; /* digits: 128 bits, as of MD5 */

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Such a value has no spaces in its first line; `sk- is a word of Croatian` has. */
static bool
is_one_word(struct str value, size_t len)
{
    for (size_t i = 0; i < len && i < value.len; i++)
        if (is_space(value.ptr[i]))
            return false;
    return true;
}

static bool
is_hexadecimal(struct str value)
{
    bool has_digit = false;

    if (str_starts_with(value, STR("\\x"))) { /* a bytea */
        value.ptr += 2;
        value.len -= 2;
    }
    if (value.len < LEAST_HEXADECIMAL)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        if (str_hex_digit((unsigned char)value.ptr[i]) < 0)
            return false;
        has_digit |= !str_is_digit((unsigned char)value.ptr[i]);
    }
    return has_digit; /* or it is a long number */
}

const char *
sensitive_value(struct str value)
{
    value = str_trim(value);
    for (size_t i = 0; i < ARRAY_LENGTH(starts); i++) {
        bool is_text = str_starts_with(starts[i].start, STR("-----"));
        if (value.len >= starts[i].least && str_starts_with(value, starts[i].start) &&
            (is_text || is_one_word(value, starts[i].least)))
            return starts[i].what;
    }
    return is_hexadecimal(value) ? "values of many hexadecimal digits" : NULL;
}

/* What stands in front of a text within JSON, an array or XML, and behind it; and what is a part
 * of some hashes (`{SSHA}`), and so stands in front of one or at its end. */
static const struct str separators = STR_INIT("\"\\,<>()[] \t\r\n"), braces = STR_INIT("{}[])");

static bool
is_one_of(struct str set, char c)
{
    return str_find(set, c) < set.len;
}

static struct str
next_text(struct str value, size_t begin)
{
    size_t end = begin;

    while (end < value.len && !is_one_of(separators, value.ptr[end]))
        end++;
    while (end > begin && is_one_of(braces, value.ptr[end - 1]))
        end--;
    return (struct str){ value.ptr + begin, end - begin };
}

const char *
sensitive_within(struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        bool is_begin = i == 0 || is_one_of(separators, value.ptr[i - 1]) ||
                        is_one_of(braces, value.ptr[i - 1]);
        const char *what = is_begin ? sensitive_value(next_text(value, i)) : NULL;
        if (what)
            return what;
    }
    return NULL;
}
