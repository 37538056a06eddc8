/*
 * batch_diff.c - cases of `linnet diff --batch`.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "diff/change.h"
#include "diff/diff.h"
#include "diff/diff_print.h"
#include "diff/diff_read.h"
#include "cgi-bin/batch/batch.h"

/* Read one of the two; false after answering what is wrong with it. */
static bool
read_side(struct batch_case *c, const char *name, struct diff_side *side)
{
    struct errors errors = { .arena = c->arena, .maximum = BATCH_ERRORS_MAXIMUM };

    if (diff_read(c->arena, str_from(name), batch_text(c, name), STR_NONE, side, &errors))
        return true;
    batch_errors(c, "schemaErrors", &errors);
    return false;
}

void
batch_answer_diff(struct batch_case *c)
{
    struct changes changes = { .arena = c->arena };
    struct diff_side before, after;

    if (!read_side(c, "old", &before) || !read_side(c, "new", &after))
        return;
    diff_schemas(&changes, &before, &after);
    buf_byte(c->out, ',');
    diff_write_json(c->out, &changes);
}
