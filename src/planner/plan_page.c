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
#include "base/buf.h"
#include "base/limits.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/cursor.h"
#include "planner/argument.h"
#include "planner/planner.h"

/* --- arguments --- */

/* The field's argument of that role, found and judged, with a guard for what shapes the SQL.  Its
 * value is NULL, too, where the field has none. */
static const struct error *
find_argument(struct planner *p, const struct plan_field *field, enum argument_role role,
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
    refusal = find_argument(p, field, ARGUMENT_SKIP, GUARD_VALUE, &skip);
    if (refusal || !skip.value || skip.number == 0)
        return refusal;
    struct error *error = errors_add(&p->errors, ERROR_BAD_USER_INPUT,
                                     "Argument \"%.*s\" must not be given beside a cursor or "
                                     "\"last\".",
                                     STR_PRINT(skip.definition->name));
    error->argument = skip.definition->name;
    return error;
}

/* How many rows, and from which end. */
static const struct error *
plan_limit(struct planner *p, struct plan_page *page, const struct plan_field *field)
{
    struct argument first, last;
    const struct error *refusal = find_argument(p, field, ARGUMENT_FIRST, GUARD_VALUE, &first);

    if (!refusal)
        refusal = find_argument(p, field, ARGUMENT_LAST, GUARD_VALUE, &last);
    if (refusal)
        return refusal;
    if (first.value && last.value)
        return refuse_both(p);
    page->is_backward = last.value != NULL;
    page->limit = last.value ? (int)last.number : first.value ? (int)first.number : p->limits->page;
    page->has_written_limit = first.is_given || last.is_given;
    return NULL;
}

/* --- cursors --- */

/* `created_at timestamp with time zone DESC` */
static void
say_term(struct buf *b, const struct order_term *term)
{
    struct order_direction direction = term->direction;
    bool is_usual = direction.is_nulls_first == direction.is_descending;

    buf_put_c(b, term->is_between ? "\nbetween " : "\n");
    order_term_write(b, term);
    buf_printf(b, " %.*s%s%s", STR_PRINT(order_term_type(term)->name),
               direction.is_descending ? " DESC" : "",
               is_usual || !order_term_may_be_null(term) ? "" : " TURNED NULLS");
}

static void
say_join(struct buf *b, const struct join *join)
{
    for (int i = 0; i < join->count; i++)
        buf_printf(b, " %.*s", STR_PRINT(join->to[i]->name));
    if (join->through)
        say_join(b, join->through);
}

/* What cursors of the list in this order have in common: the field, whose rows, in which order.
 * It is the same for all types that have the field by an interface, and share its rows. */
static uint32_t
find_place(const struct planned_page *planned)
{
    const struct plan_relation *rows = planned->rows;
    struct buf b = { 0 };

    buf_printf(&b, "%.*s\n%.*s", STR_PRINT(planned->field->definition->name),
               STR_PRINT(plan_table(rows)->name));
    if (rows->join)
        say_join(&b, rows->join);
    for (int i = 0; i < rows->slice->order_count; i++)
        say_term(&b, &rows->slice->order[i]);
    uint32_t place = cursor_place(buf_str(&b));
    buf_free(&b);
    return place;
}

/* Which terms of the argument's cursor are null, of those that can be: that shapes the SQL. */
static uint64_t
find_nulls(struct planner *p, const struct plan_slice *slice, const struct argument *argument)
{
    uint64_t nullable = 0;

    for (int i = 0; i < slice->order_count; i++)
        if (order_term_may_be_null(&slice->order[i]))
            nullable |= (uint64_t)1 << i;
    if (!nullable || argument->value->kind != VALUE_STRING)
        return 0;
    if (argument->is_constant || argument->written->kind != AST_VARIABLE)
        return cursor_nulls(argument->value->text, slice->order_count) & nullable;
    return guard_add_cursor(&p->plan->guards, p->arena, ast_as(value, argument->written)->text,
                            slice->order_count, nullable, p->variables);
}

/* The cursor that the argument gives; NULL: none. */
static const struct error *
plan_cursor(struct planner *p, struct planned_page *planned, enum argument_role role,
            const struct plan_cursor **cursor)
{
    struct argument argument;
    const struct error *refusal = find_argument(p, planned->field, role, GUARD_NOT_NULL, &argument);

    *cursor = NULL;
    if (refusal || !argument.value)
        return refusal;
    struct plan_cursor *made = ARENA_NEW(p->arena, struct plan_cursor);
    *made = (struct plan_cursor){
        .field = argument.field,
        .argument = argument.definition,
        .is_constant = argument.is_constant,
        .value = argument.is_constant ? argument.value : NULL,
        .place = planned->page->place,
        .count = planned->rows->slice->order_count,
        .nulls = find_nulls(p, planned->rows->slice, &argument),
    };
    *cursor = made;
    return NULL;
}

/* The rows behind the cursor, or in front of it; with a parameter for each of its terms. */
static void
add_bound(struct planner *p, struct plan_relation *relation, const struct plan_cursor *cursor,
          bool is_behind, bool is_inclusive)
{
    struct plan_slice *slice = relation->slice;
    int *parameters = ARENA_ARRAY(p->arena, int, (size_t)cursor->count);
    struct plan_bound *bound = ARENA_NEW(p->arena, struct plan_bound);

    assert(cursor->count == slice->order_count);
    for (int i = 0; i < cursor->count; i++) {
        const struct column_type *type = order_term_type(&slice->order[i]);
        const struct plan_parameter parameter = { .form = PLAN_CURSOR,
                                                  .field = cursor->field,
                                                  .argument = cursor->argument,
                                                  .cursor = cursor,
                                                  .term = i,
                                                  .term_type = type,
                                                  .type_name = type->compared_as };
        bool is_null = cursor->nulls >> i & 1;
        parameters[i] = is_null ? -1 : plan_parameter_add(p, relation->statement, &parameter);
    }
    *bound = (struct plan_bound){ cursor, parameters, is_behind, is_inclusive, NULL };
    const struct plan_bound **end = &slice->bounds;
    while (*end)
        end = (const struct plan_bound **)&(*end)->next;
    *end = bound;
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
    return relation;
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
    rows->slice->is_reversed = page->is_backward;
    refusal = plan_arguments(p, rows, planned->field->ast, planned->field->definition);
    if (refusal)
        return refusal;
    assert(rows->slice->order_count <= CURSOR_TERMS);
    page->place = find_place(planned);
    refusal = plan_cursor(p, planned, ARGUMENT_AFTER, &page->after);
    if (!refusal)
        refusal = plan_cursor(p, planned, ARGUMENT_BEFORE, &page->before);
    if (!refusal)
        refusal = check_skip(p, page, planned->field);
    if (!refusal && page->after)
        add_bound(p, rows, page->after, true, false);
    if (!refusal && page->before)
        add_bound(p, rows, page->before, false, false);
    return refusal;
}

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
}

/* --- its parts --- */

static void
need_rows(struct planner *p, struct planned_page *planned)
{
    if (planned->page->rows)
        return;
    planned->page->rows = planned->rows;
    plan_relation_add(p, planned->rows);
}

/* The cells that a row's cursor is made of. */
static void
need_cursors(struct planner *p, struct planned_page *planned)
{
    const struct plan_slice *slice = planned->rows->slice;
    int *cells = ARENA_ARRAY(p->arena, int, (size_t)slice->order_count);

    need_rows(p, planned);
    if (planned->page->cell_count > 0)
        return;
    for (int i = 0; i < slice->order_count; i++)
        cells[i] = plan_term_cell(p, planned->rows, i);
    planned->page->cells = cells;
    planned->page->cell_count = slice->order_count;
}

/* What the field's arguments say has been judged, for the rows. */
static struct plan_relation *
add_relation(struct planner *p, const struct planned_page *planned, enum plan_purpose purpose)
{
    struct plan_relation *relation = make_relation(p, planned, purpose);
    const struct error *refusal =
        plan_arguments(p, relation, planned->field->ast, planned->field->definition);

    assert(!refusal);
    (void)refusal;
    plan_relation_add(p, relation);
    return relation;
}

/* Is a row at the cursor, or on its other side?  The nearest one is found first.  Where rows are
 * skipped: is there a row at all? */
static void
need_probe(struct planner *p, struct planned_page *planned)
{
    struct plan_page *page = planned->page;
    const struct plan_cursor *cursor = page->is_backward ? page->before : page->after;

    if (page->probe || (!cursor && !planned->rows->slice->has_offset))
        return;
    struct plan_relation *probe = add_relation(p, planned, PLAN_PROBE);
    probe->slice->limit = 1;
    probe->slice->is_reversed = !page->is_backward;
    if (cursor)
        add_bound(p, probe, cursor, page->is_backward, true);
    page->probe = probe;
}

static void
need_count(struct planner *p, struct planned_page *planned, const struct bound_part *bound)
{
    struct plan_page *page = planned->page;

    if (page->count)
        return;
    struct plan_relation *count = add_relation(p, planned, PLAN_COUNT);
    count->slice->has_limit = bound->has_most;
    count->slice->limit = bound->count_most + 1;
    page->count_cell = plan_count_cell(p, count);
    page->count = count;
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
