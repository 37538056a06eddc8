/*
 * sql_part.c - the parts that statements of every form are made of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_part.h"

#include <assert.h>

#include "schema/schema.h"
#include "catalog/identifier.h"
#include "plan_sql/sql_quote.h"

/* --- names and values --- */

void
sql_null_test(struct buf *b, const struct column_type *type, bool is_null)
{
    if (type->kind == COLUMN_OTHER)
        buf_put_c(b, is_null ? " IS NOT DISTINCT FROM NULL" : " IS DISTINCT FROM NULL");
    else
        buf_put_c(b, is_null ? " IS NULL" : " IS NOT NULL");
}

void
sql_made_up_name(struct buf *b, const struct plan_statement *s, const char *name)
{
    buf_byte(b, '"');
    buf_put(b, s->made_up);
    buf_put_c(b, name);
    buf_byte(b, '"');
}

void
sql_cell_name(struct buf *b, const struct plan_statement *s, int number)
{
    buf_byte(b, '"');
    buf_put(b, s->made_up);
    buf_int64(b, number);
    buf_byte(b, '"');
}

void
sql_term_name(struct buf *b, const struct plan_statement *s, int number)
{
    buf_byte(b, '"');
    buf_put(b, s->made_up);
    buf_byte(b, 'o');
    buf_int64(b, number);
    buf_byte(b, '"');
}

void
sql_named_cell(struct buf *b, const struct plan_statement *s, struct str alias, int number)
{
    buf_put(b, alias);
    buf_byte(b, '.');
    sql_cell_name(b, s, number);
}

void
sql_function_of_row(struct buf *b, const struct plan_cell *cell)
{
    assert(cell->kind == PLAN_CELL_FUNCTION);
    sql_quote_call(b, cell->of.function, cell->relation->alias);
}

void
sql_parameter(struct buf *b, const struct plan_statement *s, int number)
{
    assert(number >= 0 && number < s->parameter_count);
    buf_byte(b, '$');
    buf_int64(b, number + 1 + (s->is_ahead ? s->parent->parameter_count - plan_key_count(s) : 0));
    buf_put(b, STR("::"));
    buf_put(b, s->parameters[number].type_name);
}

void
sql_keys(struct buf *b, const struct plan_statement *s, int number)
{
    assert(s->parameters[number].form == PLAN_KEYS);
    sql_parameter(b, s, number);
    buf_put(b, STR("[]"));
}

void
sql_key_name(struct buf *b, const struct plan_statement *s, int number)
{
    if (s->is_ahead) {
        sql_cell_name(b, s, 0);
        return;
    }
    buf_put(b, STR("key"));
    if (plan_key_count(s) > 1)
        buf_int64(b, number + 1);
}

void
sql_match_key(struct buf *b, const struct plan_relation *r)
{
    const struct join *join = join_to_parent(r->join);
    struct str alias = r->join->through ? r->between : r->alias;

    for (int i = 0; i < join->count; i++) {
        buf_put_c(b, i > 0 ? " AND " : "");
        sql_quote_operand(b, alias, join->to[i]);
        buf_put(b, STR(" = k."));
        sql_key_name(b, r->statement, i);
    }
}

void
sql_match_only_key(struct buf *b, const struct plan_relation *r)
{
    for (int i = 0; i < r->join->count; i++) {
        buf_put_c(b, i > 0 ? " AND " : "");
        sql_quote_operand(b, r->alias, r->join->to[i]);
        buf_put(b, STR(" = ("));
        sql_keys(b, r->statement, i);
        buf_put(b, STR(")[1]"));
    }
}

void
sql_match(struct buf *b, const struct join *join, struct str to, struct str from)
{
    for (int i = 0; i < join->count; i++) {
        buf_put_c(b, i > 0 ? " AND " : "");
        sql_quote_operand(b, to, join->to[i]);
        buf_put(b, STR(" = "));
        sql_quote_operand(b, from, join->from[i]);
    }
}

void
sql_direction(struct buf *b, const struct order_term *term, bool is_turned)
{
    struct order_direction direction = is_turned ? order_turn(term->direction) : term->direction;

    buf_put_c(b, direction.is_descending ? " DESC" : "");
    if (order_term_may_be_null(term) && direction.is_nulls_first != direction.is_descending)
        buf_put_c(b, direction.is_nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/* --- SELECT --- */

const struct column_type *
sql_cell_type(const struct plan_cell *cell)
{
    switch (cell->kind) {
    case PLAN_CELL_COLUMN:
    case PLAN_CELL_BETWEEN:
    case PLAN_CELL_FOUND:
        return cell->of.column->type;
    case PLAN_CELL_FUNCTION:
        return cell->of.function->returns;
    case PLAN_CELL_COUNT:
        return column_kind_type(COLUMN_INT8);
    case PLAN_CELL_INSERTED:
    case PLAN_CELL_WRITTEN:
        return column_kind_type(COLUMN_BOOLEAN);
    case PLAN_CELL_AGGREGATE:
        return cell->of.aggregate.function->returns;
    case PLAN_CELL_UNIT:
        return cell->of.unit->type;
    case PLAN_CELL_TERM:
        return order_term_type(&plan_ordered(cell->relation)->slice->order[cell->of.term]);
    case PLAN_CELL_TYPE:
    case PLAN_CELL_KEY:
        break;
    }
    return NULL;
}

unsigned
sql_cell_oid(const struct plan_cell *cell)
{
    const struct column_type *type = sql_cell_type(cell);

    if (type)
        return codec_oid(type);
    return column_kind_oid(cell->kind == PLAN_CELL_TYPE ? COLUMN_TEXT : COLUMN_INT8);
}

int
sql_find_cell(const struct plan_relation *relation, const struct column *column)
{
    const struct plan_statement *s = relation->statement;

    for (int i = 0; i < s->cell_count; i++)
        if (s->cells[i].kind == PLAN_CELL_COLUMN && s->cells[i].relation == relation &&
            s->cells[i].of.column == column)
            return i;
    assert(false);
    return 0;
}

/* --- cells of aggregates --- */

/* `date_trunc('month', l1."created_at", 'UTC')`.  A date is cut without a time zone. */
static void
write_unit(struct buf *b, struct str alias, const struct bound_group_key *key)
{
    bool is_utc = key->column->kind == COLUMN_TIMESTAMPTZ;
    bool is_date = key->type->kind == COLUMN_DATE;

    buf_put(b, STR("date_trunc('"));
    buf_put_c(b, group_unit_name(key->unit));
    buf_put(b, STR("', "));
    sql_quote_column(b, alias, key->column);
    if (key->column->kind == COLUMN_DATE)
        buf_put(b, STR("::timestamp"));
    else if (is_utc && is_date)
        buf_put(b, STR(" AT TIME ZONE 'UTC'"));
    else if (is_utc)
        buf_put(b, STR(", 'UTC'"));
    buf_byte(b, ')');
    buf_put(b, is_date ? STR("::date") : STR(""));
}

bool
sql_made_is(const struct plan_cell *cell)
{
    return cell->kind == PLAN_CELL_COUNT || cell->kind == PLAN_CELL_AGGREGATE ||
           cell->kind == PLAN_CELL_UNIT;
}

void
sql_made_cell(struct buf *b, const struct plan_cell *cell)
{
    struct str alias = cell->relation->alias;

    switch (cell->kind) {
    case PLAN_CELL_COUNT:
        buf_put(b, STR("count(*)"));
        break;
    case PLAN_CELL_AGGREGATE:
        buf_put_c(b, aggregate_function_name(cell->of.aggregate.function->function));
        buf_byte(b, '(');
        sql_quote_operand(b, alias, cell->of.aggregate.column);
        buf_byte(b, ')');
        break;
    case PLAN_CELL_UNIT:
        write_unit(b, alias, cell->of.unit);
        break;
    default:
        assert(cell->kind == PLAN_CELL_COLUMN);
        sql_quote_column(b, alias, cell->of.column);
        break;
    }
}

/* --- all cells --- */

static bool
is_scalar_function(const struct plan_relation *relation)
{
    return relation->source == PLAN_FUNCTION && !relation->of.call.table;
}

/* A function: as it is, or as its relation or a subselect names it. */
static void
function_cell(struct buf *b, const struct plan_statement *s, int number, bool is_fenced)
{
    const struct plan_cell *cell = &s->cells[number];

    if (is_scalar_function(cell->relation)) {
        buf_put(b, cell->relation->alias);
        buf_put(b, STR(".value"));
    } else if (is_fenced && cell->relation == s->relation) {
        sql_named_cell(b, s, cell->relation->alias, number);
    } else {
        sql_function_of_row(b, cell);
    }
}

void
sql_cell(struct buf *b, const struct plan_statement *s, int number, bool is_fenced)
{
    const struct plan_cell *cell = &s->cells[number];
    const struct column_type *type = sql_cell_type(cell);
    const char *output = type ? codec_output(type) : NULL;

    if (output) {
        buf_put_c(b, output);
        buf_byte(b, '(');
    }
    if (cell->kind == PLAN_CELL_TERM) {
        (is_fenced ? sql_fenced_term : sql_term)(b, cell->relation, cell->of.term);
    } else if (cell->relation->kind == PLAN_BRANCH || cell->kind == PLAN_CELL_TYPE ||
               cell->kind == PLAN_CELL_KEY || cell->kind == PLAN_CELL_BETWEEN) {
        assert(is_fenced);
        sql_named_cell(b, s, s->relation->alias, number);
    } else if (cell->kind == PLAN_CELL_COLUMN) {
        sql_quote_column(b, cell->relation->alias, cell->of.column);
    } else if (sql_made_is(cell) && is_fenced) {
        sql_named_cell(b, s, s->relation->alias, number);
    } else if (sql_made_is(cell)) {
        sql_made_cell(b, cell);
    } else {
        function_cell(b, s, number, is_fenced);
    }
    if (type)
        buf_put_c(b, output ? ")" : codec_cast(type));
}

void
sql_cells(struct buf *b, const struct plan_statement *s, bool is_fenced)
{
    if (s->cell_count == 0) /* nothing but __typename is asked for */
        buf_put(b, STR("1"));
    for (int i = 0; i < s->cell_count; i++) {
        if (i > 0)
            buf_put(b, STR(", "));
        sql_cell(b, s, i, is_fenced);
    }
}

void
sql_select(struct buf *b, const struct plan_statement *s, bool is_fenced)
{
    buf_put(b, STR("SELECT "));
    sql_cells(b, s, is_fenced);
    buf_put(b, STR(" FROM "));
}

/* --- FROM --- */

/* How many arguments go by position: those up to the last that is for an unnamed parameter. */
static int
count_positional(const struct plan_call *call)
{
    int count = 0;

    for (int i = 0; i < call->function->parameter_count; i++)
        if (call->arguments[i].is_given && !call->function->parameters[i].name.ptr)
            count = i + 1;
    return count;
}

/* name => $1, ... : an argument that is absent is left to the function's default. */
static void
function_call(struct buf *b, const struct plan_relation *r)
{
    const struct plan_call *call = &r->of.call;
    const char *separator = "";
    int positional = count_positional(call);

    sql_quote_qualified(b, call->function->schema, call->function->local_name);
    buf_byte(b, '(');
    for (int i = 0; i < call->function->parameter_count; i++) {
        const struct parameter *parameter = &call->function->parameters[i];
        assert(call->arguments[i].is_given || i >= positional);
        if (!call->arguments[i].is_given)
            continue;
        buf_put_c(b, separator);
        buf_put_c(b, parameter->is_variadic ? "VARIADIC " : "");
        if (i >= positional) {
            identifier_quote(b, parameter->name);
            buf_put(b, STR(" => "));
        }
        sql_parameter(b, r->statement, call->arguments[i].parameter);
        separator = ", ";
    }
    buf_byte(b, ')');
}

void
sql_from(struct buf *b, const struct plan_relation *r)
{
    assert(r->source != PLAN_UNION);
    if (r->source == PLAN_FUNCTION)
        function_call(b, r);
    else
        sql_quote_qualified(b, plan_table(r)->schema, plan_table(r)->local_name);
    buf_put(b, STR(" AS "));
    buf_put(b, r->alias);
    if (is_scalar_function(r))
        buf_put(b, STR("(value)"));
}

/* The rows of a branch are seen through the cells of the union. */
static void
match_branch(struct buf *b, const struct plan_relation *branch, const struct plan_relation *r)
{
    for (int i = 0; i < r->join->count; i++) {
        buf_put_c(b, i > 0 ? " AND " : "");
        sql_quote_column(b, r->alias, r->join->to[i]);
        buf_put(b, STR(" = "));
        sql_named_cell(b, branch->statement, branch->statement->relation->alias,
                       sql_find_cell(branch, r->join->from[i]));
    }
}

static void
join(struct buf *b, const struct plan_relation *relation, const struct plan_relation *r)
{
    buf_put(b, STR(" LEFT JOIN "));
    sql_from(b, r);
    buf_put(b, STR(" ON "));
    if (relation->kind == PLAN_BRANCH)
        match_branch(b, relation, r);
    else
        sql_match(b, r->join, r->alias, relation->alias);
    sql_where_type(b, r, " AND ");
}

void
sql_joins(struct buf *b, const struct plan_relation *relation)
{
    for (const struct plan_relation *r = relation->children; r; r = r->next) {
        if (r->kind == PLAN_JOIN)
            join(b, relation, r);
        if (r->kind == PLAN_JOIN || r->kind == PLAN_BRANCH)
            sql_joins(b, r);
    }
}
