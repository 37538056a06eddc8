/*
 * plan_page.c - connections: the page that a field shows, and its parts.
 *
 * A page has up to three relations, each with a statement of its own in one wave: its rows, the
 * probe (is a row on the other side of the cursor?) and the count.  Each is sent only if a part
 * that is selected needs it.
 *
 * A page asks for one row more than it shows, which says whether there is a next one.  With `last`
 * the list is read from its end: the SQL turns the order, and the writer turns the rows back.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/limits.h"
#include "schema/schema.h"
#include "planner/argument.h"
#include "planner/planner.h"

/* --- arguments --- */

const struct error *
plan_page_argument(struct planner *p, const struct plan_field *field, enum argument_role role,
                   enum guard_kind guard, struct argument *argument)
{
    const struct field *definition = field->definition;

    *argument = (struct argument){ 0 };
    for (int i = 0; i < field_call_count(definition); i++)
        if (definition->arguments[i].binding->role == role) {
            *argument = argument_find(field->ast, &definition->arguments[i]);
            return plan_argument_get(p, argument, guard);
        }
    return NULL;
}

static const struct error *
refuse_both(struct planner *p)
{
    struct error *error = errors_add(&p->errors, ERROR_BAD_USER_INPUT,
                                     "Arguments \"first\" and \"last\" must not both be given.");

    error->argument = STR("last");
    return error;
}

/* Rows are skipped at the beginning of the list: no page begins there that is behind a cursor, or
 * read from the end. */
static const struct error *
check_skip(struct planner *p, const struct plan_page *page, const struct plan_field *field)
{
    struct argument skip;
    const struct error *refusal = NULL;

    if (!page->after && !page->before && !page->is_backward)
        return NULL;
    refusal = plan_page_argument(p, field, ARGUMENT_SKIP, GUARD_VALUE, &skip);
    if (refusal || !skip.value || skip.number == 0)
        return refusal;
    struct error *error =
        errors_add(&p->errors, ERROR_BAD_USER_INPUT,
                   "Argument \"%.*s\" must not be given together with a cursor or \"last\".",
                   STR_PRINT(skip.definition->name));
    error->argument = skip.definition->name;
    return error;
}

/* How many rows, and from which end. */
static const struct error *
plan_limit(struct planner *p, struct plan_page *page, const struct plan_field *field)
{
    struct argument first, last;
    const struct error *refusal = plan_page_argument(p, field, ARGUMENT_FIRST, GUARD_VALUE, &first);

    if (!refusal)
        refusal = plan_page_argument(p, field, ARGUMENT_LAST, GUARD_VALUE, &last);
    if (refusal)
        return refusal;
    if (first.value && last.value)
        return refuse_both(p);
    page->is_backward = last.value != NULL;
    page->limit = last.value ? (int)last.number : first.value ? (int)first.number : p->limits->page;
    page->has_written_limit = first.is_given || last.is_given;
    return NULL;
}

/* --- the page --- */

/* One more relation with what the field's arguments say; it is not sent unless it is added. */
static struct plan_relation *
make_relation(struct planner *p, const struct planned_page *planned, enum plan_purpose purpose)
{
    const struct plan_field *field = planned->field;
    struct plan_relation *relation =
        plan_relation_new(p, planned->at, field->definition, field->name);

    relation->purpose = purpose;
    relation->page = planned->page;
    if (relation->source == PLAN_UNION && purpose != PLAN_COUNT) /* it is ordered by it */
        relation->type_cell = plan_type_cell(p, relation, relation->type);
    return relation;
}

/* Which end is the list read from? */
static void
read_from(struct plan_relation *relation, bool is_end)
{
    relation->slice->is_reversed = is_end;
    for (struct plan_relation *branch = relation->children; branch; branch = branch->next)
        branch->slice->is_reversed = is_end;
}

static const struct error *
plan_rows(struct planner *p, struct planned_page *planned)
{
    struct plan_page *page = planned->page;
    struct plan_relation *rows = make_relation(p, planned, PLAN_ROWS);
    const struct error *refusal = plan_limit(p, page, planned->field);

    planned->rows = rows;
    if (refusal)
        return refusal;
    rows->slice->has_limit = true;
    rows->slice->limit = page->limit + 1;
    read_from(rows, page->is_backward);
    refusal = plan_arguments(p, rows, planned->field->ast, planned->field->definition);
    if (refusal)
        return refusal;
    page->place = plan_cursor_place(planned);
    refusal = plan_cursor_find(p, planned, ARGUMENT_AFTER, &page->after);
    if (!refusal)
        refusal = plan_cursor_find(p, planned, ARGUMENT_BEFORE, &page->before);
    if (!refusal)
        refusal = check_skip(p, page, planned->field);
    if (!refusal && page->after)
        plan_cursor_bound(p, rows, page->after, true, false);
    if (!refusal && page->before)
        plan_cursor_bound(p, rows, page->before, false, false);
    return refusal;
}

/* --- its parts --- */

/* Each of a batch has the keys of the first. */
static void
send(struct planner *p, struct planned_page *planned, struct plan_relation *relation)
{
    plan_relation_add(p, relation);
    if (!planned->first)
        planned->first = relation->statement;
    else if (relation->kind == PLAN_BATCH)
        relation->statement->same_keys = planned->first;
}

static void
need_rows(struct planner *p, struct planned_page *planned)
{
    if (planned->page->rows)
        return;
    planned->page->rows = planned->rows;
    send(p, planned, planned->rows);
}

static void
need_cursors(struct planner *p, struct planned_page *planned)
{
    need_rows(p, planned);
    if (planned->page->cell_count == 0)
        plan_cursor_cells(p, planned);
}

/* What the field's arguments say has been judged, for the rows. */
static struct plan_relation *
add_relation(struct planner *p, struct planned_page *planned, enum plan_purpose purpose)
{
    struct plan_relation *relation = make_relation(p, planned, purpose);
    const struct error *refusal =
        plan_arguments(p, relation, planned->field->ast, planned->field->definition);

    assert(!refusal);
    (void)refusal;
    send(p, planned, relation);
    return relation;
}

/* Is a row at the cursor, or on its other side?  The nearest one is found first.  Where rows are
 * skipped: is there a row at all? */
static void
need_probe(struct planner *p, struct planned_page *planned)
{
    struct plan_page *page = planned->page;
    const struct plan_cursor *cursor = page->is_backward ? page->before : page->after;

    if (page->probe || (!cursor && !page->skip))
        return;
    struct plan_relation *probe = add_relation(p, planned, PLAN_PROBE);
    probe->slice->limit = 1;
    read_from(probe, !page->is_backward);
    if (cursor)
        plan_cursor_bound(p, probe, cursor, page->is_backward, true);
    page->probe = probe;
}

static void
need_count(struct planner *p, struct planned_page *planned, const struct bound_part *bound)
{
    struct plan_page *page = planned->page;

    if (!page->count) {
        planned->count = add_relation(p, planned, PLAN_COUNT);
        planned->count->slice->has_limit = bound->has_most;
        planned->count->slice->limit = bound->count_most + 1;
        page->count = planned->count;
    }
    page->count_cell = plan_count_cell(p, planned->count);
    page->count_most = bound->has_most ? bound->count_most : -1;
}

/* What is made of all rows comes with their number, which then is not counted to a limit. */
static void
need_aggregate(struct planner *p, struct planned_page *planned)
{
    if (!planned->page->count)
        planned->page->count = planned->count = add_relation(p, planned, PLAN_COUNT);
    planned->count->purpose = PLAN_AGGREGATE;
    planned->count->slice->has_limit = false;
}

/* The half of the page's neighbours that was asked for is known from its rows. */
static void
need_neighbours(struct planner *p, struct planned_page *planned, bool is_next)
{
    if (is_next == planned->page->is_backward)
        need_probe(p, planned);
    else
        need_rows(p, planned);
}

static void
need_part(struct planner *p, struct planned_page *planned, const struct bound_part *bound)
{
    switch (bound->part) {
    case CONNECTION_EDGES:
    case CONNECTION_NODES:
        need_rows(p, planned);
        break;
    case CONNECTION_TOTAL_COUNT:
        need_count(p, planned, bound);
        break;
    case CONNECTION_AGGREGATE:
        need_aggregate(p, planned);
        break;
    case EDGE_CURSOR:
    case PAGE_START_CURSOR:
    case PAGE_END_CURSOR:
        need_cursors(p, planned);
        break;
    case PAGE_HAS_NEXT:
    case PAGE_HAS_PREVIOUS:
        need_neighbours(p, planned, bound->part == PAGE_HAS_NEXT);
        break;
    case CONNECTION_PAGE_INFO:
    case EDGE_NODE:
    case EDGE_COLUMN:
        break;
    }
}

void
plan_part(struct planner *p, struct plan_field *field, const struct collected *collected,
          struct position at)
{
    const struct bound_part *bound = binding_part(field->definition->binding);

    assert(at.page);
    need_part(p, at.page, bound);
    field->kind = PLAN_PART;
    field->part = bound->part;
    field->page = at.page->page;
    switch (bound->part) {
    case CONNECTION_EDGES:
    case CONNECTION_PAGE_INFO:
        field->fields = plan_below(p, field, collected, at);
        break;
    case CONNECTION_AGGREGATE:
        field->relation = at.relation = at.page->count;
        plan_below_row(p, field, collected, at);
        break;
    case CONNECTION_TOTAL_COUNT:
        field->relation = at.page->count;
        field->codec = bound->codec;
        break;
    case CONNECTION_NODES:
    case EDGE_NODE:
        field->relation = at.relation;
        plan_below_row(p, field, collected, at);
        break;
    case EDGE_COLUMN:
        field->kind = PLAN_LEAF;
        field->cell = plan_between_cell(p, at.page->rows, bound->column);
        field->codec = bound->codec;
        break;
    default:
        field->codec = bound->codec;
        break;
    }
}

/* --- all of it --- */

void
plan_connection(struct planner *p, struct plan_field *field, const struct collected *collected,
                struct position at)
{
    struct plan_page *page = ARENA_NEW(p->arena, struct plan_page);
    struct planned_page *planned = ARENA_NEW(p->scratch, struct planned_page);

    *planned = (struct planned_page){ .page = page, .field = field, .at = at };
    const struct error *refusal = plan_rows(p, planned);
    if (refusal) {
        plan_refuse(p, field, refusal);
        return;
    }
    if (planned->rows->slice->has_offset && !page->after && !page->before)
        page->skip = &planned->rows->statement->parameters[planned->rows->slice->offset];
    field->kind = PLAN_CONNECTION;
    field->page = page;
    at.page = planned;
    at.relation = planned->rows;
    at.conditions = NULL;
    plan_below_page(p, field, collected, at);
    if (!page->rows && !page->probe && !page->count)
        need_rows(p, planned); /* which judge the arguments */
}
