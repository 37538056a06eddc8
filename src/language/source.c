/*
 * source.c - places in a text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "language/source.h"

#include <assert.h>
#include <stdarg.h>

#include "base/utf8.h"

enum { FIRST_SUPPLEMENTARY = 0x10000 }; /* from here on a character is two UTF-16 code units */

struct place
source_place(const struct source *s, uint32_t offset)
{
    assert(offset <= s->text.len);
    struct str before = { s->text.ptr, offset };
    struct place place = { .line = 1, .column = 1 };

    for (size_t at = 0; at < before.len;) {
        unsigned char first = (unsigned char)before.ptr[at];
        if (first >= ' ' && first < 0x80) { /* nearly all that a document has */
            at++;
            place.column++;
            continue;
        }
        uint32_t character = utf8_next(before, &at);
        bool is_half = character == '\r' && at < s->text.len && s->text.ptr[at] == '\n';

        if (character == '\n' || (character == '\r' && !is_half)) {
            place.line++;
            place.column = 1;
        } else {
            place.column += character < FIRST_SUPPLEMENTARY ? 1 : 2;
        }
    }
    return place;
}

uint32_t
source_offset(const struct source *s, struct str slice)
{
    assert(slice.ptr >= s->text.ptr && slice.ptr + slice.len <= s->text.ptr + s->text.len);
    return (uint32_t)(slice.ptr - s->text.ptr);
}

struct error *
source_error(struct errors *e, const struct source *s, uint32_t offset, enum error_code code,
             const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct error *error = errors_vadd(e, code, format, args);
    va_end(args);
    source_add_place(e, error, s, offset);
    return error;
}

void
source_add_place(struct errors *e, struct error *error, const struct source *s, uint32_t offset)
{
    error_add_place(e->arena, error, source_place(s, offset));
}
