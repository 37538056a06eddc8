/*
 * script_indexes.c - indexes.sql: what would serve the orders, conditions and joins that no index
 * serves.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "contract/index_notes.h"
#include "script/script.h"
#include "script/script_internal.h"

/* What a note's mend begins with, and what the statement needs so that it locks nobody out. */
static const struct str create = STR_INIT("CREATE INDEX ON "),
                        where_installed = STR_INIT("where pg_trgm is installed: ");

static struct str
without_start(struct str text, size_t len)
{
    return (struct str){ text.ptr + len, text.len - len };
}

/* What the note is about: `Film.actors`, up to the sentence. */
static struct str
subject_of(const struct error *note)
{
    struct str text = note->message;

    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == ':' && text.ptr[i + 1] == ' ')
            return (struct str){ text.ptr, i };
    return text;
}

/* All subjects with the same mend, once. */
static void
write_subjects(struct buf *b, const struct error *first)
{
    const char *separator = "\n-- ";

    for (const struct error *e = first; e; e = e->next)
        if (e->mend.ptr && str_equal(e->mend, first->mend)) {
            buf_put_c(b, separator);
            script_comment(b, subject_of(e));
            separator = ", ";
        }
    buf_put_c(b, "\n");
}

static bool
is_first(const struct errors *notes, const struct error *note)
{
    for (const struct error *e = notes->first; e != note; e = e->next)
        if (e->mend.ptr && str_equal(e->mend, note->mend))
            return false;
    return true;
}

static bool
has_line_break(struct str text)
{
    return str_find(text, '\n') < text.len || str_find(text, '\r') < text.len;
}

static void
write_statement(struct buf *b, struct str mend)
{
    bool is_asked = str_starts_with(mend, where_installed);

    if (is_asked)
        mend = without_start(mend, where_installed.len);
    if (!str_starts_with(mend, create) || (is_asked && has_line_break(mend))) {
        buf_put_c(b, "-- ");
        script_comment(b, mend);
    } else {
        buf_put_c(b, is_asked ? "-- Where pg_trgm is installed:\n--? " : "");
        buf_put_c(b, "CREATE INDEX CONCURRENTLY ON ");
        buf_put(b, without_start(mend, create.len));
    }
    buf_put_c(b, "\n");
}

void
script_indexes_print(struct arena *a, struct buf *b, const struct script_scope *scope)
{
    struct errors notes = { .arena = a };

    index_notes_add_all(scope->contract, &notes);
    buf_put_c(b, "-- indexes.sql - indexes that would serve ");
    script_comment(b, scope->file);
    buf_put_c(b, " where none does.\n--\n"
                 "-- Each takes room and makes writing slower: create those whose fields are used "
                 "on large tables.\n"
                 "-- Run it as the owner of the tables, and not in a transaction (psql without "
                 "-1).  Then take\n"
                 "-- @unindexed off the fields, and `linnet check` holds them to it.\n");
    for (const struct error *e = notes.first; e; e = e->next)
        if (e->mend.ptr && is_first(&notes, e)) {
            write_subjects(b, e);
            write_statement(b, e->mend);
        }
    if (!notes.first)
        buf_put_c(b, "\n-- None is missing.\n");
}
