/*
 * plan_cursor.c - cursors of a page: what they are made of, and what they ask for.
 *
 * A cursor has the terms of the list's order, and the key of the row.  Of rows of several tables it
 * has the terms that all of them have, and then, for each table, the key, which is null unless the
 * row is of that table.  So the keys tell of which type the row is, which is known when the plan
 * is made: rows of another type that are equal in the terms are on the one side of the cursor or on
 * the other, by the types' names, and no condition asks for the type.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/cursor.h"
#include "planner/argument.h"
#include "planner/planner.h"

/* --- the terms of a cursor --- */

static struct plan_relation *
first_branch(const struct plan_relation *rows)
{
    return rows->source == PLAN_UNION ? rows->children : NULL;
}

static struct plan_relation *
next_branch(const struct plan_relation *branch)
{
    return branch->next && branch->next->kind == PLAN_BRANCH ? branch->next : NULL;
}

static int
count_terms(const struct plan_relation *rows)
{
    int count = rows->slice->order_count;

    for (const struct plan_relation *b = first_branch(rows); b; b = next_branch(b))
        count += b->key->count;
    return count;
}

/* The number of the first term that is of the branch's key. */
static int
first_key(const struct plan_relation *rows, const struct plan_relation *branch)
{
    int count = rows->slice->order_count;

    for (const struct plan_relation *b = first_branch(rows); b != branch; b = next_branch(b))
        count += b->key->count;
    return count;
}

static bool
may_be_null(const struct plan_relation *rows, int term)
{
    if (term >= rows->slice->order_count) /* a key of a branch */
        return true;
    for (const struct plan_relation *b = first_branch(rows); b; b = next_branch(b))
        if (order_term_may_be_null(&b->slice->order[term]))
            return true;
    return rows->source != PLAN_UNION && order_term_may_be_null(&rows->slice->order[term]);
}

/* --- the place --- */

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

/* The table, how it is joined, and the order. */
static void
say_rows(struct buf *b, const struct plan_relation *rows)
{
    buf_printf(b, "\n%.*s", STR_PRINT(plan_table(rows)->name));
    if (rows->join)
        say_join(b, rows->join);
    for (int i = 0; i < rows->slice->order_count; i++)
        say_term(b, &rows->slice->order[i]);
}

uint32_t
plan_cursor_place(const struct planned_page *planned)
{
    const struct plan_relation *rows = planned->rows;
    struct buf b = { 0 };

    buf_put(&b, planned->field->definition->name);
    if (rows->source != PLAN_UNION)
        say_rows(&b, rows);
    for (const struct plan_relation *branch = first_branch(rows); branch;
         branch = next_branch(branch)) {
        buf_printf(&b, "\nof %.*s", STR_PRINT(branch->name));
        say_rows(&b, branch);
    }
    uint32_t place = cursor_place(buf_str(&b));
    buf_free(&b);
    return place;
}

void
plan_cursor_cells(struct planner *p, struct planned_page *planned)
{
    struct plan_relation *rows = planned->rows;
    const struct plan_slice *slice = rows->slice;
    int count = count_terms(rows);
    int *cells = ARENA_ARRAY(p->arena, int, (size_t)count);

    for (int i = 0; i < slice->order_count; i++)
        cells[i] = plan_term_cell(p, rows, i);
    for (struct plan_relation *b = first_branch(rows); b; b = next_branch(b))
        for (int i = 0; i < b->key->count; i++)
            cells[first_key(rows, b) + i] = plan_column_cell(p, b, b->key->columns[i]);
    planned->page->cells = cells;
    planned->page->cell_count = count;
}

/* --- a cursor that is given --- */

/* Which terms of the argument's cursor are null, of those that can be: that shapes the SQL. */
static uint64_t
find_nulls(struct planner *p, const struct plan_relation *rows, const struct argument *argument)
{
    int count = count_terms(rows);
    uint64_t nullable = 0;

    for (int i = 0; i < count; i++)
        if (may_be_null(rows, i))
            nullable |= (uint64_t)1 << i;
    if (!nullable || argument->value->kind != VALUE_STRING)
        return 0;
    if (argument->is_constant || argument->written->kind != AST_VARIABLE)
        return cursor_nulls(argument->value->text, count) & nullable;
    return guard_add_cursor(&p->plan->guards, p->arena, ast_as(value, argument->written)->text,
                            count, nullable, p->variables);
}

/* The terms that are the branch's key. */
static uint64_t
key_terms(const struct plan_relation *rows, const struct plan_relation *branch)
{
    return (((uint64_t)1 << branch->key->count) - 1) << first_key(rows, branch);
}

/* The branch whose key the cursor has. */
static const struct plan_relation *
find_owner(const struct plan_relation *rows, uint64_t nulls)
{
    for (const struct plan_relation *b = first_branch(rows); b; b = next_branch(b))
        if (!(nulls & key_terms(rows, b)))
            return b;
    return NULL;
}

/* The same, but that one branch has a key.  No row's cursor is without: such a cursor is refused
 * when a term of it is asked for, and were all terms null, none would be. */
static uint64_t
nulls_with_owner(const struct plan_relation *rows, uint64_t nulls)
{
    const struct plan_relation *branch = first_branch(rows);

    return !branch || find_owner(rows, nulls) ? nulls : nulls & ~key_terms(rows, branch);
}

const struct error *
plan_cursor_find(struct planner *p, const struct planned_page *planned, enum argument_role role,
                 const struct plan_cursor **cursor)
{
    struct argument argument;
    const struct error *refusal =
        plan_page_argument(p, planned->field, role, GUARD_NOT_NULL, &argument);

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
        .count = count_terms(planned->rows),
        .nulls = nulls_with_owner(planned->rows, find_nulls(p, planned->rows, &argument)),
    };
    assert(made->count <= CURSOR_TERMS);
    *cursor = made;
    return NULL;
}

/* --- the rows on one side of it --- */

/* The number of the parameter with the cursor's term, added when it is first asked for; -1: the
 * term is null. */
static int
find_parameter(struct planner *p, struct plan_statement *statement,
               const struct plan_cursor *cursor, int term, const struct column_type *type)
{
    const struct plan_parameter parameter = { .form = PLAN_CURSOR,
                                              .field = cursor->field,
                                              .argument = cursor->argument,
                                              .cursor = cursor,
                                              .term = term,
                                              .term_type = type,
                                              .type_name = type->compared_as };

    if (cursor->nulls >> term & 1)
        return -1;
    for (int i = 0; i < statement->parameter_count; i++)
        if (statement->parameters[i].cursor == cursor && statement->parameters[i].term == term)
            return i;
    return plan_parameter_add(p, statement, &parameter);
}

/* Compare the first `count` terms of the rows' order with the cursor's; `keys` is the number of
 * the cursor's term that the first of the rows' key columns has, or 0 where terms have the same
 * numbers. */
static void
add_bound(struct planner *p, struct plan_relation *rows, const struct plan_bound *like, int count,
          int common, int keys)
{
    struct plan_bound *bound = ARENA_NEW(p->arena, struct plan_bound);
    int *parameters = ARENA_ARRAY(p->arena, int, (size_t)count);

    for (int i = 0; i < count; i++) {
        const struct order_term *term = &rows->slice->order[i];
        int number = i;
        for (int j = 0; i >= common && j < rows->key->count; j++)
            if (rows->key->columns[j] == term->column)
                number = keys + j;
        parameters[i] =
            find_parameter(p, rows->statement, like->cursor, number, order_term_type(term));
    }
    *bound = *like;
    bound->count = count;
    bound->parameters = parameters;
    const struct plan_bound **end = &rows->slice->bounds;
    while (*end)
        end = (const struct plan_bound **)&(*end)->next;
    *end = bound;
}

/* Do rows of the branch come later in the list than those of the other that are equal in all
 * terms? */
static bool
comes_later(const struct plan_relation *rows, const struct plan_relation *branch,
            const struct plan_relation *other)
{
    bool is_greater = str_compare(branch->name, other->name) > 0;

    return is_greater != rows->slice->is_descending;
}

void
plan_cursor_bound(struct planner *p, struct plan_relation *rows, const struct plan_cursor *cursor,
                  bool is_behind, bool is_inclusive)
{
    struct plan_bound like = { .cursor = cursor,
                               .is_behind = is_behind,
                               .is_inclusive = is_inclusive };
    const struct plan_relation *owner = find_owner(rows, cursor->nulls);
    int common = rows->slice->order_count;

    if (rows->source != PLAN_UNION) {
        add_bound(p, rows, &like, common, common, 0);
        return;
    }
    for (struct plan_relation *b = first_branch(rows); b; b = next_branch(b)) {
        like.is_inclusive =
            b == owner ? is_inclusive : owner && comes_later(rows, b, owner) == is_behind;
        add_bound(p, b, &like, b == owner ? b->slice->order_count : common, common,
                  first_key(rows, b));
    }
}
