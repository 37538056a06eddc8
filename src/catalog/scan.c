/*
 * scan.c - the words, names and types that the lines of a catalog's text hold.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/scan.h"

#include <limits.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/error.h"
#include "language/source.h"

static bool
is_word_byte(char c)
{
    static const bool words[UCHAR_MAX + 1] = {
        ['a' ... 'z'] = true, ['0' ... '9'] = true, ['_'] = true
    };

    return words[(unsigned char)c];
}

void
scan_fail(struct scan *s, size_t at, const char *format, ...)
{
    if (s->failed)
        return;
    s->failed = true;
    va_list args;
    va_start(args, format);
    struct str message = str_vformat(s->arena, format, args);
    va_end(args);
    source_error(s->errors, s->source, (uint32_t)at, ERROR_VALIDATION_FAILED, "%.*s",
                 STR_PRINT(message));
}

char
scan_peek(struct scan *s)
{
    while (s->at < s->text.len && (s->text.ptr[s->at] == ' ' || s->text.ptr[s->at] == '\t'))
        s->at++;
    return s->at < s->text.len ? s->text.ptr[s->at] : '\n';
}

bool
scan_at_end(struct scan *s)
{
    return s->failed || scan_peek(s) == '\n';
}

/* Move past the quoted text that begins here. */
static void
skip_quoted(struct scan *s)
{
    size_t start = s->at++;

    for (; s->at < s->text.len; s->at++) {
        if (s->text.ptr[s->at] != '"')
            continue;
        if (s->at + 1 == s->text.len || s->text.ptr[s->at + 1] != '"') {
            s->at++;
            return;
        }
        s->at++;
    }
    scan_fail(s, start, "The quote is not closed.");
}

struct str
scan_run(struct scan *s)
{
    scan_peek(s);
    size_t start = s->at, open = 0;
    int depth = 0;

    while (s->at < s->text.len && !s->failed) {
        char c = s->text.ptr[s->at];
        if (c == ' ' || c == '\t' || c == '\n' || (depth == 0 && (c == ',' || c == ')')))
            break;
        if (c == '(' && depth++ == 0)
            open = s->at;
        depth -= c == ')';
        if (c == '"')
            skip_quoted(s);
        else
            s->at++;
    }
    /* Or the spaces that end it would say where the list around it is closed. */
    if (depth > 0)
        scan_fail(s, open, "The parenthesis is not closed.");
    return (struct str){ s->text.ptr + start, s->at - start };
}

struct str
scan_peek_word(struct scan *s)
{
    scan_peek(s);
    const char *start = s->text.ptr + s->at, *end = start, *last = s->text.ptr + s->text.len;

    while (end < last && is_word_byte(*end))
        end++;
    return (struct str){ start, (size_t)(end - start) };
}

bool
scan_accept(struct scan *s, const char *word)
{
    if (s->failed || scan_peek(s) != *word)
        return false;
    struct str next = scan_peek_word(s);
    if (!str_is(next, word))
        return false;
    s->at += next.len;
    return true;
}

void
scan_expect(struct scan *s, const char *word)
{
    if (!scan_accept(s, word))
        scan_fail(s, s->at, "Expected \"%s\".", word);
}

bool
scan_accept_byte(struct scan *s, char c)
{
    if (s->failed || scan_peek(s) != c || c == '\n')
        return false;
    s->at++;
    return true;
}

void
scan_expect_byte(struct scan *s, char c)
{
    if (!scan_accept_byte(s, c))
        scan_fail(s, s->at, "Expected \"%c\".", c);
}

struct str
scan_unquote(struct arena *a, struct str quoted)
{
    char *out = arena_alloc(a, quoted.len);
    size_t len = 0;

    for (size_t i = 1; i + 1 < quoted.len; i++) {
        out[len++] = quoted.ptr[i];
        if (quoted.ptr[i] == '"')
            i++;
    }
    return (struct str){ out, len };
}

struct str
scan_name(struct scan *s)
{
    size_t start = s->at;

    if (!s->failed && scan_peek(s) == '"') {
        start = s->at;
        skip_quoted(s);
        return scan_unquote(s->arena, (struct str){ s->text.ptr + start, s->at - start });
    }
    struct str word = scan_peek_word(s);
    if (word.len == 0)
        scan_fail(s, s->at, "Expected a name.");
    s->at += word.len;
    return str_copy(s->arena, word);
}

struct str
scan_type(struct scan *s)
{
    static const char *const ends[] = { "not",      "default",   "stable",    "volatile",
                                        "elements", "identity",  "generated", "nondeterministic",
                                        "lacks",    "immutable", "collation" };
    struct str type = scan_run(s);

    if (type.len == 0)
        scan_fail(s, s->at, "Expected a type.");
    while (!scan_at_end(s) && scan_peek(s) != ',' && scan_peek(s) != ')') {
        struct str word = scan_peek_word(s);
        for (size_t i = 0; i < ARRAY_LENGTH(ends); i++)
            if (str_is(word, ends[i]))
                return str_copy(s->arena, type);
        scan_run(s);
        type.len = (size_t)(s->text.ptr + s->at - type.ptr);
    }
    return str_copy(s->arena, type);
}

void
scan_skip(struct scan *s)
{
    while (!s->failed && s->at < s->text.len && s->text.ptr[s->at] != '\n') {
        const char *at = s->text.ptr + s->at, *end = s->text.ptr + s->text.len;
        while (at < end && *at != '\n' && *at != '"')
            at++;
        s->at = (size_t)(at - s->text.ptr);
        if (at < end && *at == '"')
            skip_quoted(s);
    }
}

void
scan_skip_comment(struct scan *s)
{
    while (s->at < s->text.len && s->text.ptr[s->at] != '\n')
        s->at++;
}
