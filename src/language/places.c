/*
 * places.c - lines and columns of one document, many times.
 *
 * SPDX-License-Identifier: MIT
 */
#include "language/places.h"

#include <assert.h>

#include "base/arena.h"
#include "language/source.h"

enum { STEP = 256 }; /* bytes from one mark to the next, or a few more */

struct mark {
    uint32_t offset;
    struct place place;
};

struct places {
    const struct source *source;
    struct mark *marks; /* mark i at the first boundary from i * STEP on; NULL: none yet */
    uint32_t count;
};

struct places *
places_new(struct arena *a, const struct source *source)
{
    struct places *p = ARENA_NEW(a, struct places);

    p->source = source;
    p->marks = ARENA_ARRAY(a, struct mark, source->text.len / STEP + 1);
    return p;
}

/* The place of a byte at or after the mark. */
static struct place
place_from(const struct places *p, const struct mark *mark, uint32_t offset)
{
    struct str text = p->source->text;
    const struct source rest = { .text = { text.ptr + mark->offset, text.len - mark->offset } };
    struct place place = source_place(&rest, offset - mark->offset);

    if (place.line == 1)
        place.column += mark->place.column - 1;
    place.line += mark->place.line - 1;
    return place;
}

/* May a text be read from here: not within a character, nor within CR LF? */
static bool
is_boundary(struct str text, size_t offset)
{
    return offset == text.len || (((unsigned char)text.ptr[offset] & 0xC0) != 0x80 &&
                                  !(text.ptr[offset] == '\n' && text.ptr[offset - 1] == '\r'));
}

static void
add_mark(struct places *p)
{
    struct mark *mark = &p->marks[p->count];

    if (p->count == 0) {
        *mark = (struct mark){ 0, { 1, 1, NULL } };
    } else {
        mark->offset = p->count * STEP;
        while (!is_boundary(p->source->text, mark->offset))
            mark->offset++;
        mark->place = place_from(p, mark - 1, mark->offset);
    }
    p->count++;
}

struct place
places_find(struct places *p, uint32_t offset)
{
    uint32_t i = offset / STEP;

    assert(offset <= p->source->text.len);
    while (p->count <= i)
        add_mark(p);
    if (p->marks[i].offset > offset)
        i--;
    return place_from(p, &p->marks[i], offset);
}
