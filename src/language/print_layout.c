/*
 * print_layout.c - text whose line breaks are decided when it is complete.
 *
 * SPDX-License-Identifier: MIT
 */
#include "language/print_layout.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum { COLUMNS = 80, INDENT = 2 };

/* UTF-16 code units: one for each first byte of a character, and another one
 * where that begins a sequence of four. */
static size_t
measure(struct str text)
{
    size_t width = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        width += ((byte & 0xC0) != 0x80) + (byte >= 0xF0);
    }
    return width;
}

static size_t
count_line_ends(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

static struct piece *
add_piece(struct layout *l, struct str text)
{
    struct piece *piece = ARENA_NEW(l->arena, struct piece);

    piece->text = text;
    if (l->last)
        l->last->next = piece;
    else
        l->first = piece;
    l->last = piece;
    l->width += measure(text);
    return piece;
}

void
layout_put(struct layout *l, struct str text)
{
    add_piece(l, text);
    l->lines += count_line_ends(text);
}

void
layout_put_c(struct layout *l, const char *text)
{
    layout_put(l, str_from(text));
}

/* ---- Groups -------------------------------------------------------------- */

static void
add_break(struct layout *l, struct layout_group *group, const char *flat)
{
    struct piece *piece = add_piece(l, str_from(flat));

    if (group->last_break)
        group->last_break->next_break = piece;
    else
        group->first_break = piece;
    group->last_break = piece;
}

void
layout_open(struct layout *l, struct layout_group *group, const struct layout_style *style,
            size_t width_start)
{
    *group = (struct layout_group){
        .style = style,
        .width_start = width_start,
        .lines_start = l->lines,
    };
    add_piece(l, (struct str){ &style->open, 1 });
    add_break(l, group, style->pad);
}

void
layout_item(struct layout *l, struct layout_group *group)
{
    if (group->count++)
        add_break(l, group, group->style->separator);
}

static bool
must_break(const struct layout *l, const struct layout_group *group)
{
    switch (group->style->when) {
    case BREAK_WIDE:
        return l->width - group->width_start > COLUMNS;
    case BREAK_LINES:
        return l->lines > group->lines_start;
    case BREAK_ALWAYS:
        return true;
    default:
        return false;
    }
}

/* Make line ends of the group's breaks.  The width stays what it was on one
 * line: that was too much for all groups around this one, too. */
static void
break_group(struct layout *l, struct layout_group *group)
{
    for (struct piece *piece = group->first_break; piece; piece = piece->next_break) {
        piece->text = STR("\n");
        l->lines++;
    }
    if (group->style->is_indented) {
        group->first_break->indent = 1;
        group->last_break->indent = -1;
    }
}

void
layout_close(struct layout *l, struct layout_group *group)
{
    add_break(l, group, group->style->pad);
    add_piece(l, (struct str){ &group->style->close, 1 });
    if (must_break(l, group))
        break_group(l, group);
}

/* ---- Output -------------------------------------------------------------- */

static void
write_piece(struct buf *b, struct str text, size_t indent)
{
    size_t line_end;

    while ((line_end = str_find(text, '\n')) < text.len) {
        buf_put(b, (struct str){ text.ptr, line_end + 1 });
        buf_repeat(b, ' ', indent);
        text = (struct str){ text.ptr + line_end + 1, text.len - line_end - 1 };
    }
    buf_put(b, text);
}

void
layout_write(const struct layout *l, struct buf *b)
{
    int level = 0;

    for (const struct piece *piece = l->first; piece; piece = piece->next) {
        level += piece->indent;
        write_piece(b, piece->text, (size_t)level * INDENT);
    }
}
