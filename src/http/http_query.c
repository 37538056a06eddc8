/*
 * http_query.c - query strings: names and values (URL Standard, 5.1).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/utf8.h"
#include "http/http.h"

/* Decode application/x-www-form-urlencoded; STR_NONE when it is not well-formed. */
static struct str
decode(struct arena *a, struct str text)
{
    char *out = ARENA_ARRAY(a, char, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i] == '+' ? ' ' : text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? str_hex_digit(text.ptr[i + 1]) : -1;
            int low = high >= 0 ? str_hex_digit(text.ptr[i + 2]) : -1;
            if (low < 0)
                return STR_NONE;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (c == '\0')
            return STR_NONE;
        out[len++] = c;
    }
    struct str decoded = { out, len };
    return utf8_check(decoded) == len ? decoded : STR_NONE;
}

bool
http_next_parameter(struct arena *a, struct str *query_string, struct str *name, struct str *value,
                    bool *is_bad)
{
    struct str rest = *query_string;
    while (rest.len > 0 && rest.ptr[0] == '&')
        rest = (struct str){ rest.ptr + 1, rest.len - 1 };
    if (rest.len == 0)
        return false;

    size_t end = str_find(rest, '&');
    struct str pair = { rest.ptr, end };
    size_t equals = str_find(pair, '=');
    size_t skip = equals < pair.len ? equals + 1 : pair.len;
    *name = decode(a, (struct str){ pair.ptr, equals });
    *value = decode(a, (struct str){ pair.ptr + skip, pair.len - skip });
    *is_bad = !name->ptr || !value->ptr;
    if (*is_bad)
        *name = *value = STR_NONE;
    *query_string = (struct str){ rest.ptr + end, rest.len - end };
    return true;
}
