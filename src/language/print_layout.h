/*
 * print_layout.h - text whose line breaks are decided when it is complete.
 *
 * The printer puts pieces of text into a layout, some of them in groups:
 * bracketed lists that stand either on one line or on a line per item.  When a
 * group is closed its width is known, and its style decides.  So a document is
 * laid out in one pass, in time proportional to its length.
 *
 * Widths are counted in UTF-16 code units, as the reference implementation does.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_PRINT_LAYOUT_H
#define LANGUAGE_PRINT_LAYOUT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;

/* When a group is broken into lines. */
enum layout_break {
    BREAK_NEVER,
    BREAK_WIDE,  /* what begins at the group's `width_start` exceeds 80 columns */
    BREAK_LINES, /* an item has several lines */
    BREAK_ALWAYS,
};

struct layout_style {
    enum layout_break when;
    bool is_indented; /* when broken: the items, by two spaces */
    char open, close;
    const char *pad;       /* on one line: inside of the brackets */
    const char *separator; /* on one line: between two items */
};

/* A place that is a line break if the group is broken, else `text`. */
struct piece {
    struct piece *next;
    struct piece *next_break; /* of the same group */
    struct str text;
    int indent; /* levels to add from here on */
};

struct layout {
    struct arena *arena;
    struct piece *first, *last;
    size_t width; /* of all that has been put, as if it were one line */
    size_t lines; /* line ends in it */
};

struct layout_group {
    const struct layout_style *style;
    struct piece *first_break, *last_break;
    size_t width_start;
    size_t lines_start;
    size_t count; /* items */
};

/* Put text, which must live as long as the layout; it may have several lines. */
void layout_put(struct layout *l, struct str text);
void layout_put_c(struct layout *l, const char *text);

/* Open a group whose width counts from `width_start`, an earlier `l->width`. */
void layout_open(struct layout *l, struct layout_group *group, const struct layout_style *style,
                 size_t width_start);
/* Begin the next item. */
void layout_item(struct layout *l, struct layout_group *group);
/* Close the group, and decide. */
void layout_close(struct layout *l, struct layout_group *group);

/* Write what has been put. */
void layout_write(const struct layout *l, struct buf *b);

#endif
