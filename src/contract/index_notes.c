/*
 * index_notes.c - what no index serves: the orders of lists, the columns that arguments are
 * compared with, and those that joins follow.
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/index_notes.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "binding/binding.h"
#include "contract/contract.h"
#include "contract/index_filter.h"
#include "contract/index_note.h"
#include "contract/index_search.h"

/* A field that shows rows of a table, in one of its branches. */
struct shown {
    const struct index_notes *notes;
    const struct type *type;
    const struct field *field;
    const struct bound_rows *rows;
    int branch; /* -1: the field has none */
    bool is_list;
};

/* What an argument does there. */
static const struct argument_binding *
argument_of(const struct shown *s, const struct input_value *argument)
{
    const struct argument_binding *binding = argument->binding;

    return binding && s->branch >= 0 && binding->branches ? binding->branches[s->branch] : binding;
}

static struct index_site
field_site(const struct shown *s)
{
    return (struct index_site){ .name = s->field->ast->name,
                                .subject = str_format(s->notes->arena, "%.*s.%.*s",
                                                      STR_PRINT(s->type->name),
                                                      STR_PRINT(s->field->name)) };
}

static struct index_site
argument_site(const struct shown *s, const struct input_value *argument)
{
    return (struct index_site){ .name = argument->ast->name,
                                .subject = str_format(
                                    s->notes->arena, "%.*s.%.*s(%.*s:)", STR_PRINT(s->type->name),
                                    STR_PRINT(s->field->name), STR_PRINT(argument->name)) };
}

/* The columns that have one value in all rows of a list: those of the join. */
static const struct column *const *
equal_columns(const struct shown *s, int *count)
{
    const struct join *join = s->rows->join;

    *count = join ? join->count : 0;
    return join ? join->to : NULL;
}

/* --- orders --- */

/* The terms of an order, and behind them the key, in the direction of the last. */
struct order_columns {
    struct index_order *terms;
    int count;
};

/* A column that is there already orders nothing. */
static void
put_term(struct order_columns *order, const struct column *column, struct order_direction direction)
{
    for (int i = 0; i < order->count; i++)
        if (order->terms[i].column == column)
            return;
    order->terms[order->count++] =
        (struct index_order){ column, STR_NONE, direction.is_descending, direction.is_nulls_first };
}

static void
put_call(const struct shown *s, struct order_columns *order, const struct order_term *term)
{
    order->terms[order->count++] =
        (struct index_order){ NULL,
                              index_note_call(s->notes->arena, s->rows->table, term->function),
                              term->direction.is_descending, term->direction.is_nulls_first };
}

/* Where nulls are, as the SQL has it: it says nothing of a column that has none. */
static struct order_direction
usual_nulls(const struct order_term *term)
{
    struct order_direction direction = term->direction;

    if (!order_term_may_be_null(term))
        direction.is_nulls_first = direction.is_descending;
    return direction;
}

static bool
is_own_column(const struct order_term *term)
{
    return term->source == ORDER_COLUMN && term->way_count == 0;
}

/* May an index have it: what a function makes of the row, which changes with the row alone? */
static bool
is_own_call(const struct order_term *term)
{
    return term->source == ORDER_FUNCTION && term->way_count == 0 && term->function->is_immutable;
}

static struct order_columns
with_key(const struct shown *s, const struct order_term *terms, int count)
{
    const struct key *key = s->rows->key;
    size_t most = (size_t)count + (size_t)(key ? key->count : 0);
    struct order_columns order = { ARENA_ARRAY(s->notes->arena, struct index_order, most + 1), 0 };

    for (int i = 0; i < count; i++)
        if (is_own_column(&terms[i]))
            put_term(&order, terms[i].column, usual_nulls(&terms[i]));
        else if (is_own_call(&terms[i]))
            put_call(s, &order, &terms[i]);
    bool is_descending = count > 0 && terms[count - 1].direction.is_descending;
    for (int i = 0; key && i < key->count; i++)
        put_term(&order, key->columns[i], (struct order_direction){ is_descending, is_descending });
    return order;
}

/* `created_at DESC, id DESC` */
static struct str
order_text(const struct shown *s, const struct order_columns *order)
{
    struct buf *b = buf_new(s->notes->arena);

    for (int i = 0; i < order->count; i++) {
        const struct index_order *term = &order->terms[i];
        bool is_usual = term->is_nulls_first == term->is_descending;
        buf_printf(b, "%s%.*s%s%s", i > 0 ? ", " : "",
                   STR_PRINT(term->column ? term->column->name : term->expression),
                   term->is_descending ? " DESC" : "",
                   is_usual               ? ""
                   : term->is_nulls_first ? " NULLS FIRST"
                                          : " NULLS LAST");
    }
    return buf_copy(s->notes->arena, b);
}

/* A page behind a cursor begins with the rows of the table, if the position is compared in each. */
static void
judge_position(const struct shown *s, const struct index_site *site,
               const struct order_columns *order)
{
    for (int i = 0; s->rows->connection && i < order->count; i++)
        if (order->terms[i].column &&
            index_note_leaky(s->notes, site, s->rows->table, order->terms[i].column))
            return;
}

/* What is not in the table is in no index of it. */
static void
note_far_term(const struct shown *s, const struct index_site *site, const struct order_term *term)
{
    struct arena *a = s->notes->arena;
    struct str what;

    if (term->source == ORDER_COUNT)
        what = str_format(a, "counts rows of %.*s for each row",
                          STR_PRINT(term->counted.join->table->name));
    else if (term->source == ORDER_FUNCTION)
        what = str_format(a, "calls %.*s() for each row", STR_PRINT(term->function->name));
    else
        what = str_format(a, "reads %.*s for each row",
                          STR_PRINT(term->way[term->way_count - 1].join->table->name));
    index_note_add(s->notes, site, STR_NONE,
                   "the order %.*s, and no index has it; order by a stored column.",
                   STR_PRINT(what));
}

static void
judge_columns_order(const struct shown *s, const struct index_site *site,
                    const struct order_term *terms, int count)
{
    const struct table *table = s->rows->table;
    struct order_columns order = with_key(s, terms, count);
    int equal_count;
    const struct column *const *equal = equal_columns(s, &equal_count);

    int served = index_count_order(table, equal, equal_count, order.terms, order.count);
    if (served == order.count) {
        judge_position(s, site, &order);
        return;
    }
    /* Else the join has the note, and its index will have the order. */
    if (!index_serves_equality(table, equal, equal_count))
        return;
    struct str mend = index_note_order(s->notes->arena, s->notes->contract, table, equal,
                                       equal_count, order.terms, order.count);
    index_note_add(s->notes, site, mend,
                   "no index of %.*s has the order %.*s%s%.*s, so that each page sorts %s;",
                   STR_PRINT(table->name), STR_PRINT(order_text(s, &order)),
                   equal_count > 0 ? " behind " : "",
                   STR_PRINT(equal_count > 0 ? equal[0]->name : STR("")),
                   served > 0        ? "rows that are equal in the first of these"
                   : equal_count > 0 ? "all rows of its parent"
                                     : "the whole table");
}

static void
judge_order(const struct shown *s, const struct index_site *site, const struct order_term *terms,
            int count)
{
    for (int i = 0; i < count; i++) {
        if (terms[i].source == ORDER_RANK) /* the condition that finds the words has the note */
            return;
        if (!is_own_column(&terms[i]) && !is_own_call(&terms[i])) {
            note_far_term(s, site, &terms[i]);
            return;
        }
    }
    judge_columns_order(s, site, terms, count);
}

/* What an input of an order, or a value of its enum, asks for. */
static void
judge_choice(const struct shown *s, const struct type *type, struct str name,
             const struct ast_node *directives, const struct order *order)
{
    const struct index_site site = {
        .name = name,
        .subject = str_format(s->notes->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(name))
    };

    if (!index_note_is_silenced(s->notes, directives))
        judge_order(s, &site, order->terms, order->count);
}

static void
judge_choices(const struct shown *s, const struct order_choices *choices)
{
    const struct type *type = choices->type;

    for (int i = 0; choices->values && i < type->value_count; i++)
        judge_choice(s, type, type->values[i].ast->name, type->values[i].ast->directives,
                     &choices->values[i]);
    for (int i = 0; choices->choices && i < type->input_count; i++) {
        const struct order_choice *choice = &choices->choices[i];
        struct order_term term = choice->term;
        if (choice->within) {
            term.way = &choice->step;
            term.way_count = 1;
        }
        judge_choice(s, type, type->inputs[i].ast->name, type->inputs[i].ast->directives,
                     &(struct order){ &term, 1 });
    }
}

/* A list that another table is between reads that one's rows, and sorts those of a parent. */
static void
judge_orders(const struct shown *s)
{
    struct index_site site = field_site(s);

    if (!s->is_list || s->rows->is_aggregate || (s->rows->join && s->rows->join->through))
        return;
    if (!index_note_is_silenced(s->notes, s->field->ast->directives))
        judge_order(s, &site, s->rows->order.terms, s->rows->order.count);
    for (int i = 0; i < s->field->argument_count; i++) {
        const struct input_value *argument = &s->field->arguments[i];
        const struct argument_binding *binding = argument_of(s, argument);
        if (binding && binding->role == ARGUMENT_ORDER_BY &&
            !index_note_is_silenced(s->notes, argument->ast->directives))
            judge_choices(s, binding->order);
    }
}

/* --- joins --- */

/* The rows that a join leads to are found by its columns there. */
static void
judge_join(const struct shown *s, const struct join *join)
{
    struct index_site site = field_site(s);
    struct order_columns order = s->rows && s->is_list && !s->rows->is_aggregate &&
                                         !join->through && join->table == s->rows->table
                                     ? with_key(s, s->rows->order.terms, s->rows->order.count)
                                     : (struct order_columns){ 0 };

    if (!index_is_possible(join->table))
        return;
    if (!index_serves_equality(join->table, join->to, join->count))
        index_note_unfound(s->notes, &site, join->table, join->to[0],
                           index_note_order(s->notes->arena, s->notes->contract, join->table,
                                            join->to, join->count, order.terms, order.count));
    else
        index_note_leaky(s->notes, &site, join->table, join->to[0]);
}

static void
judge_joins(const struct shown *s, const struct join *join)
{
    if (index_note_is_silenced(s->notes, s->field->ast->directives))
        return;
    for (; join; join = join->through)
        judge_join(s, join);
}

/* --- arguments that are compared with a column --- */

/* PostgreSQL's operator: what is shown to the millisecond is compared with a range. */
static const char *
operator_of(const struct argument_binding *binding)
{
    return binding->codec && binding->codec->is_truncated ? ">=" : "=";
}

/* Is it compared, and sent with each request? */
static bool
is_required(const struct input_value *argument, const struct argument_binding *binding)
{
    return binding && binding->role == ARGUMENT_EQUALS && argument->type->kind == TYPE_NON_NULL;
}

/* Is there a required argument whose column finds the rows? */
static bool
is_found_by_another(const struct shown *s)
{
    for (int i = 0; i < s->field->argument_count; i++) {
        const struct argument_binding *binding = argument_of(s, &s->field->arguments[i]);
        if (is_required(&s->field->arguments[i], binding) &&
            index_serves(s->rows->table, binding->columns[0], operator_of(binding)))
            return true;
    }
    return false;
}

static void
judge_argument(const struct shown *s, const struct input_value *argument,
               const struct argument_binding *binding)
{
    const struct table *table = s->rows->table;
    const struct column *column = binding->columns[0];
    struct index_site site = argument_site(s, argument);

    if (index_serves(table, column, operator_of(binding)))
        index_note_leaky(s->notes, &site, table, column);
    else
        index_note_unfound(s->notes, &site, table, column,
                           index_note_equality(s->notes->arena, s->notes->contract, table, column));
}

/* Of a join, only the rows of one parent are compared. */
static void
judge_arguments(const struct shown *s)
{
    if (s->rows->join || is_found_by_another(s))
        return;
    for (int i = 0; i < s->field->argument_count; i++) {
        const struct input_value *argument = &s->field->arguments[i];
        const struct argument_binding *binding = argument_of(s, argument);
        if (binding && binding->role == ARGUMENT_EQUALS &&
            !index_note_is_silenced(s->notes, argument->ast->directives))
            judge_argument(s, argument, binding);
    }
}

/* --- functions --- */

/* Rows of a function are found, sorted and cut by an index, if the function is part of the
 * statement; else all of them are made for each page. */
static void
judge_function(const struct shown *s)
{
    const struct function *function = binding_function(s->field->binding)->function;
    const struct bound_rows *rows = binding_rows(s->field->binding);
    struct index_site site = field_site(s);

    if (!function->is_not_inlined || !rows || !rows->connection ||
        index_note_is_silenced(s->notes, s->field->ast->directives))
        return;
    index_note_add(s->notes, &site, STR_NONE,
                   "PostgreSQL does not inline function %.*s, so that each page makes all of its "
                   "rows; write it in SQL, as one SELECT, neither STRICT nor SECURITY DEFINER and "
                   "without SET.",
                   STR_PRINT(function->name));
}

/* --- fields --- */

static void
judge_rows(const struct shown *s)
{
    judge_joins(s, s->rows->join);
    if (!index_is_possible(s->rows->table))
        return;
    judge_orders(s);
    judge_arguments(s);
}

static void
judge_field(const struct index_notes *n, const struct type *type, const struct field *field)
{
    const struct binding *binding = field->binding;
    struct shown s = { n, type, field, NULL, -1, binding->is_list };

    if (binding->kind == BINDING_COLUMN)
        judge_joins(&s, binding_column(binding)->join);
    if (binding->kind == BINDING_FUNCTION)
        judge_function(&s);
    if (binding->kind == BINDING_WRITE)
        index_filter_add(n, field);
    if (binding->kind != BINDING_TABLE && binding->kind != BINDING_JOIN)
        return;
    s.rows = binding_rows(binding);
    int count = s.rows->branch_count;
    const struct binding *const *branches = s.rows->branches;
    for (s.branch = 0; s.branch < count; s.branch++) {
        s.rows = binding_rows(branches[s.branch]);
        judge_rows(&s);
    }
    s.branch = -1;
    if (count == 0)
        judge_rows(&s);
    index_search_add(n, type, field);
    index_filter_add(n, field);
}

static void
add_notes(const struct contract *contract, bool is_loud, struct errors *errors)
{
    const struct schema *schema = contract->schema;
    struct index_notes n = { errors->arena,          contract, errors, map_new(errors->arena),
                             map_new(errors->arena), is_loud };

    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        for (int j = 0; type->kind == TYPE_OBJECT && j < type->field_count; j++)
            if (type->fields[j].binding)
                judge_field(&n, type, &type->fields[j]);
    }
}

void
index_notes_add(const struct contract *contract, struct errors *errors)
{
    add_notes(contract, false, errors);
}

void
index_notes_add_all(const struct contract *contract, struct errors *errors)
{
    add_notes(contract, true, errors);
}
