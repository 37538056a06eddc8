/*
 * scan.h - the words, names and types that the lines of a catalog's text hold.
 *
 * Each function first skips spaces.  A line's end is never skipped, except
 * within quotes.  The scanner fails stickily: after the first error nothing is
 * accepted and nothing more is reported, and scan_at_end() is true.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_SCAN_H
#define CATALOG_SCAN_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct errors;
struct source;

struct scan {
    struct arena *arena;
    const struct source *source;
    struct str text;       /* the source's */
    size_t at;             /* the offset of what comes next */
    struct errors *errors; /* where the first error goes */
    bool failed;
};

/* Report an error at the offset `at`. */
void scan_fail(struct scan *s, size_t at, const char *format, ...) PRINTF(3, 4);

/* The next byte; a line end at the end of the text. */
char scan_peek(struct scan *s);
/* Is this the end of the line? */
bool scan_at_end(struct scan *s);

/* The bytes up to a space, a line's end, or a comma or closing parenthesis
 * that is not within parentheses; what is quoted counts as one byte.  A
 * parenthesis that is opened must be closed before a space or the line's end. */
struct str scan_run(struct scan *s);

/* The next word of lower-case letters, digits and `_`; empty when there is none. */
struct str scan_peek_word(struct scan *s);
/* Move past this word, or this byte, if it comes next. */
bool scan_accept(struct scan *s, const char *word);
bool scan_accept_byte(struct scan *s, char c);
/* The same, and an error if it does not. */
void scan_expect(struct scan *s, const char *word);
void scan_expect_byte(struct scan *s, char c);

/* The text within quotes, each doubled one made single. */
struct str scan_unquote(struct arena *a, struct str quoted);
/* A word, or what stands in double quotes. */
struct str scan_name(struct scan *s);
/* A type as format_type() writes it: one word or several, up to a comma, a
 * parenthesis or one of the words that may follow a type in a catalog. */
struct str scan_type(struct scan *s);

/* Move to the line's end. */
void scan_skip(struct scan *s);
/* The same, where quotes mean nothing. */
void scan_skip_comment(struct scan *s);

#endif
