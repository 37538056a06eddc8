/*
 * init_judge.c - the contract is bound and judged as `linnet check` does it, and written again with
 * what was found: what does not fit is left out, and what no index serves is @unindexed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "contract/contract.h"
#include "contract/index_notes.h"
#include "init/init_internal.h"

/* Each time something is left out, something else may not fit any more. */
enum { MOST_TIMES = 20 };

struct init_item *
init_item(struct init_model *m, struct str type, struct str member)
{
    struct str coordinate =
        member.ptr ? str_format(m->arena, "%.*s.%.*s", STR_PRINT(type), STR_PRINT(member)) : type;
    struct init_item *item = map_get(m->items, coordinate);

    if (!item) {
        item = ARENA_NEW(m->arena, struct init_item);
        item->coordinate = coordinate;
        map_put(m->items, coordinate, item);
        item->next = m->last_item;
        m->last_item = item;
    }
    return item;
}

/* The item that stands on the line. */
static struct init_item *
item_at(const struct init_model *m, int line)
{
    for (struct init_item *item = m->last_item; item; item = item->next)
        if (item->first_line <= line && line <= item->last_line)
            return item;
    return NULL;
}

/* `no index of films has the order title, film_id` of a message with its subject in front and the
 * remedy behind. */
static struct str
reason_of(struct str message)
{
    struct str rest = message;

    for (size_t i = 0; i + 2 <= message.len && rest.ptr == message.ptr; i++)
        if (message.ptr[i] == ':' && message.ptr[i + 1] == ' ')
            rest = (struct str){ message.ptr + i + 2, message.len - i - 2 };
    size_t semicolon = str_find(rest, ';');
    for (size_t i = 0; i < semicolon; i++)
        if (str_starts_with((struct str){ rest.ptr + i, rest.len - i }, STR(", so that ")))
            return (struct str){ rest.ptr, i };
    return (struct str){ rest.ptr, semicolon };
}

/* A table whose type does not fit is left out; nothing leads to it any more. */
static void
leave_out_type(struct init_model *m, struct str type, struct str why)
{
    for (int i = 0; i < m->table_count; i++) {
        struct init_table *t = &m->tables[i];
        if (init_is_shown(t) && !t->is_between && str_equal(t->type, type)) {
            t->reason = INIT_MISFIT;
            t->why = why;
        }
    }
}

/* Take down what was found; false: it stands nowhere. */
static bool
take_down(struct init_model *m, const struct error *e, bool is_lack)
{
    struct init_item *item = e->places ? item_at(m, (int)e->places->line) : NULL;

    if (!item)
        return false;
    if (is_lack && !item->lack.ptr)
        item->lack = reason_of(e->message);
    else if (str_find(item->coordinate, '.') == item->coordinate.len)
        leave_out_type(m, item->coordinate, reason_of(e->message));
    else
        item->misfit = reason_of(e->message);
    return true;
}

/* Copy what nobody has taken down: it would be a fault of ours. */
static void
report(struct errors *errors, const struct error *e)
{
    struct error *copy = errors_add_copy(errors, e);

    copy->places = e->places;
}

enum outcome { IS_GOOD, IS_CHANGED, IS_BAD };

static enum outcome
take_down_all(struct init_model *m, const struct errors *found, bool is_lack, struct errors *errors)
{
    for (const struct error *e = found->first; e; e = e->next)
        if (!take_down(m, e, is_lack)) {
            report(errors, e);
            return IS_BAD;
        }
    return found->first ? IS_CHANGED : IS_GOOD;
}

/* Judge the text, and take down what does not fit, or what the check has a note of; or else what no
 * index serves. */
static enum outcome
judge(struct init_model *m, struct str text, struct errors *errors)
{
    struct arena *a = arena_new("init");
    struct errors found = { .arena = m->arena }, lacks = { .arena = m->arena };
    static const struct resolver_signature *const no_resolvers[] = { NULL };
    struct contract *contract = contract_build(a, STR("schema.graphql"), text, &found);

    if (contract && contract_bind(a, contract, m->catalog, no_resolvers, &found) && !found.first)
        index_notes_add(contract, &lacks);
    enum outcome outcome = take_down_all(m, &found, false, errors);
    if (outcome == IS_GOOD)
        outcome = take_down_all(m, &lacks, true, errors);
    arena_free(a);
    return outcome;
}

bool
init_write(struct init_model *m, struct buf *b, struct errors *errors)
{
    size_t start = b->len;
    enum outcome outcome = IS_CHANGED;

    for (int i = 0; i < MOST_TIMES && outcome == IS_CHANGED; i++) {
        buf_truncate(b, start);
        init_write_text(m, b);
        outcome = judge(m, buf_copy(m->arena, b), errors);
    }
    if (outcome == IS_CHANGED)
        errors_add(errors, ERROR_INTERNAL, "the contract does not settle.");
    return outcome == IS_GOOD;
}
