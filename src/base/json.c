/*
 * json.c - writing JSON (RFC 8259).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* What a byte of a string is: 0 stands for itself, 1 must be looked at closer,
 * and all others are the letter of a short escape. */
static const char escapes[256] = {
    1,           1,
    1,           1,
    1,           1,
    1,           1,
    'b',         't',
    'n',         1,
    'f',         'r',
    1,           1,
    1,           1,
    1,           1,
    1,           1,
    1,           1,
    1,           1,
    1,           1,
    1,           1,
    1,           1,
    ['"'] = '"', ['\\'] = '\\',
    [0x7F] = 1,  [0x80 ... 0xFF] = 1,
};

/* Line ends to JavaScript, and so to some that read JSON line by line. */
static bool
is_separator(uint32_t character)
{
    return character == 0x2028 || character == 0x2029;
}

/* Can the character at `*i`, which is beyond ASCII, stand for itself?  Then move past it. */
static bool
json_skip_character(struct str s, size_t *i)
{
    size_t next = *i;
    uint32_t character = utf8_next(s, &next);

    if ((character == 0xFFFD && next == *i + 1) || is_separator(character))
        return false;
    *i = next;
    return true;
}

/* Write what stands for the character at `*i`, and move past it. */
static void
json_escape(struct buf *b, struct str s, size_t *i, bool any_text)
{
    uint32_t half = any_text ? utf8_surrogate(s, *i) : 0;
    uint32_t character = utf8_next(s, i);
    char escape = character < 0x80 ? escapes[character] : 1;

    if (half) {
        buf_printf(b, "\\u%04x", half);
        *i += 2;
    } else if (escape != 1)
        buf_put(b, (struct str){ (char[]){ '\\', escape }, 2 });
    else if (character < 0x80 || is_separator(character))
        buf_printf(b, "\\u%04x", character);
    else
        buf_put(b, STR("\xEF\xBF\xBD")); /* U+FFFD */
}

/* Do all eight bytes stand for themselves?  False also for some that do. */
static bool
is_plain_word(const char *bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80;
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
    /* The highest bits of bytes below 0x20, of zero, of zero, of 0x7F and more; and of bytes above
     * such a one, perhaps. */
    uint64_t found = (word - ones * 0x20) | (quotes - ones) | (slashes - ones) | (word + ones);
    return ((found | word) & highs) == 0;
}

/* How many bytes at the beginning stand for themselves? */
static size_t
count_plain(struct str s)
{
    size_t i = 0;

    while (i + sizeof(uint64_t) <= s.len && is_plain_word(s.ptr + i))
        i += sizeof(uint64_t);
    while (i < s.len && escapes[(unsigned char)s.ptr[i]] == 0)
        i++;
    return i;
}

static void
write_plain(struct buf *b, struct str s)
{
    char *to = buf_reserve(b, s.len + 2);

    if (!to)
        return;
    to[0] = '"';
    memcpy(to + 1, s.ptr, s.len);
    to[s.len + 1] = '"';
    buf_advance(b, s.len + 2);
}

static void
write_string(struct buf *b, struct str s, bool any_text)
{
    size_t start = 0, i = s.len > 0 ? count_plain(s) : 0;

    if (s.len > 0 && i == s.len) {
        write_plain(b, s);
        return;
    }
    buf_byte(b, '"');
    while (i < s.len) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (escapes[c] == 0) {
            i++;
        } else if (c < 0x80 || !json_skip_character(s, &i)) {
            buf_put(b, (struct str){ s.ptr + start, i - start });
            json_escape(b, s, &i, any_text);
            start = i;
        }
    }
    if (i > start)
        buf_put(b, (struct str){ s.ptr + start, i - start });
    buf_byte(b, '"');
}

void
json_write_string(struct buf *b, struct str s)
{
    write_string(b, s, false);
}

void
json_write_any_text(struct buf *b, struct str s)
{
    write_string(b, s, true);
}

void
json_write_name(struct buf *b, struct str name)
{
    json_write_string(b, name);
    buf_byte(b, ':');
}

void
json_write_double(struct buf *b, double d)
{
    char text[32];

    if (!isfinite(d)) {
        buf_put(b, STR("null"));
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, d);
        if (strtod(text, NULL) == d)
            break;
    }
    buf_put_c(b, text);
}

void
json_write_bool(struct buf *b, bool value)
{
    buf_put(b, value ? STR("true") : STR("false"));
}
