/*
 * sections.c - the text format of tests/corpus.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/corpus/sections.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

struct str
sections_read_file(struct arena *a, const char *name)
{
    struct buf *b = buf_new(a);
    FILE *file = fopen(name, "r");

    if (!file) {
        perror(name);
        exit(2);
    }
    for (size_t got = 1; got > 0;) {
        char *to = buf_reserve(b, 65536);
        got = fread(to, 1, 65536, file);
        buf_advance(b, got);
    }
    fclose(file);
    return buf_str(b);
}

void
sections_write_file(const char *name, struct str text)
{
    FILE *file = fopen(name, "w");

    if (!file || fwrite(text.ptr, 1, text.len, file) != text.len || fclose(file) != 0) {
        perror(name);
        exit(2);
    }
}

static struct str
next_line(struct str *rest)
{
    size_t len = str_find(*rest, '\n');
    struct str line = { rest->ptr, len };
    size_t skip = len < rest->len ? len + 1 : len;

    *rest = (struct str){ rest->ptr + skip, rest->len - skip };
    return line;
}

static struct str
after(struct str line, size_t prefix)
{
    return str_trim((struct str){ line.ptr + prefix, line.len - prefix });
}

static bool
is_title(struct str line)
{
    return str_starts_with(line, STR("=== "));
}

struct str
sections_read_preamble(struct str *rest)
{
    const char *start = rest->ptr;

    while (rest->len > 0 && !is_title(*rest))
        next_line(rest);
    return (struct str){ start, (size_t)(rest->ptr - start) };
}

void
sections_read(struct sections *s, struct str *rest)
{
    struct section *section = NULL;

    s->title = after(next_line(rest), 4);
    while (rest->len > 0 && !is_title(*rest)) {
        struct str line = next_line(rest);
        if (str_starts_with(line, STR("--- "))) {
            if (s->count == SECTIONS_MAXIMUM) {
                fprintf(stderr, "%.*s: too many sections\n", STR_PRINT(s->title));
                exit(2);
            }
            section = &s->list[s->count++];
            section->name = after(line, 4);
            section->text = (struct str){ rest->ptr, 0 };
        } else if (section) {
            section->text.len = (size_t)(rest->ptr - section->text.ptr);
        }
    }
}

struct section *
sections_find(struct sections *s, const char *name)
{
    for (int i = 0; i < s->count; i++)
        if (str_is(s->list[i].name, name))
            return &s->list[i];
    return NULL;
}

void
sections_write(struct buf *out, const struct sections *s)
{
    bool is_apart = out->len == 0 || str_ends_with(buf_str(out), STR("\n\n"));

    buf_printf(out, "%s=== %.*s\n", is_apart ? "" : "\n", STR_PRINT(s->title));
    for (int i = 0; i < s->count; i++) {
        struct str text = s->list[i].text;
        while (text.len > 0 && text.ptr[text.len - 1] == '\n')
            text.len--;
        buf_printf(out, "--- %.*s\n", STR_PRINT(s->list[i].name));
        buf_put(out, text);
        if (text.len > 0)
            buf_byte(out, '\n');
    }
}
