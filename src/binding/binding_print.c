/*
 * binding_print.c - a contract's bindings as text: for each field where it comes
 * from, and for each of its arguments what it does; for an interface or a union
 * with a table what tells its types apart.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/binding_print.h"

#include "base/buf.h"
#include "schema/schema.h"
#include "codec/global_id.h"
#include "binding/binding.h"
#include "binding/write.h"

/* `posted_by, created_at` */
static void
print_columns(struct buf *b, const struct argument_binding *binding)
{
    for (int i = 0; i < binding->column_count; i++) {
        buf_put_c(b, i > 0 ? ", " : " ");
        buf_put(b, binding->columns[i]->name);
    }
}

/* What is searched in each branch: `links: url, description; users: username`.  All else
 * has one name in all of them. */
static void
print_search(struct buf *b, const struct binding *field, const struct argument_binding *binding)
{
    const struct bound_rows *rows = binding_rows(field);

    for (int i = 0; i < rows->branch_count; i++) {
        buf_put_c(b, i > 0 ? " or " : " ");
        buf_put(b, binding_rows(rows->branches[i])->table->name);
        print_columns(b, binding->branches[i]);
    }
}

/* `url`, what an enum's value asks for; or of a row that is joined `users.username`. */
static void
print_term(struct buf *b, const struct order_term *term)
{
    switch (term->source) {
    case ORDER_COLUMN:
        buf_put(b, term->column->name);
        break;
    case ORDER_COUNT:
        buf_put_c(b, "count of ");
        buf_put(b, term->counted.join->table->name);
        break;
    case ORDER_FUNCTION:
        buf_put(b, term->function->name);
        buf_put_c(b, "()");
        break;
    case ORDER_RANK:
        order_term_write(b, term);
        break;
    }
}

static void
print_choices(struct buf *b, const struct order_choices *choices)
{
    const struct type *type = choices->type;

    for (int i = 0; choices->choices && i < type->input_count; i++) {
        const struct order_choice *choice = &choices->choices[i];
        buf_put_c(b, i > 0 ? ", " : " ");
        if (choice->within)
            buf_put(b, choice->step.join->table->name);
        else
            print_term(b, &choice->term);
    }
    for (int i = 0; choices->values && i < type->value_count; i++) {
        buf_put_c(b, i > 0 ? ", " : " ");
        buf_put(b, type->values[i].name);
    }
}

/* The ids that values are, or that the items of a list are; or NULL. */
static const struct global_id *
find_ids(const struct codec *codec)
{
    return codec->item && codec->is_list ? codec->item->global_id : codec->global_id;
}

/* The columns that the fields of an input object set, and what is written within: `url, rows of
 * votes { kind }`. */
static void
print_values(struct buf *b, const struct argument_binding *binding)
{
    const char *separator = " ";

    for (int i = 0; i < binding->input->input_count; i++) {
        const struct argument_binding *setter = binding->inputs[i];
        if (!setter)
            continue;
        buf_put_c(b, separator);
        separator = ", ";
        if (!setter->join) {
            buf_put(b, setter->columns[0]->name);
            continue;
        }
        buf_put_c(b, setter->is_after ? "rows of " : "a row of ");
        buf_put(b, setter->join->table->name);
        buf_put_c(b, " {");
        print_values(b, setter);
        buf_put_c(b, " }");
    }
}

static void
print_given(struct buf *b, const struct binding *field, const struct given *given)
{
    static const char *const roles[] = {
        [ARGUMENT_FIRST] = "limit",         [ARGUMENT_SKIP] = "offset",
        [ARGUMENT_ORDER_BY] = "order by",   [ARGUMENT_EQUALS] = "equals",
        [ARGUMENT_SEARCH] = "search",       [ARGUMENT_FILTER] = "filter",
        [ARGUMENT_PARAMETER] = "parameter", [ARGUMENT_LAST] = "limit from the end",
        [ARGUMENT_AFTER] = "cursor",        [ARGUMENT_BEFORE] = "cursor",
        [ARGUMENT_BY] = "group by",         [ARGUMENT_GROUP_ORDER] = "order groups",
        [ARGUMENT_NODE] = "global id",      [ARGUMENT_VALUES] = "sets",
        [ARGUMENT_VERSION] = "version",     [ARGUMENT_KEY] = "idempotency key",
        [ARGUMENT_AT_MOST] = "most rows",
    };
    const struct argument_binding *binding = given->binding;

    if (given->within) {
        buf_put(b, given->within->name);
        buf_byte(b, '.');
    }
    buf_put(b, given->value->name);
    buf_put_c(b, ": ");
    if (!binding) {
        buf_put_c(b, "shown again");
        return;
    }
    buf_put_c(b, roles[binding->role]);
    if (binding->branches && binding->role == ARGUMENT_SEARCH)
        print_search(b, field, binding);
    else if (binding->order)
        print_choices(b, binding->order);
    else if (binding->role == ARGUMENT_VALUES)
        print_values(b, binding);
    else
        print_columns(b, binding);
    if (binding->parameter) {
        buf_byte(b, ' ');
        buf_put(b, binding->parameter->name.ptr ? binding->parameter->name : STR("by position"));
    }
    if (binding->codec && find_ids(binding->codec)) {
        buf_put_c(b, " by global id of ");
        buf_put(b, find_ids(binding->codec)->type);
    }
}

static void
print_arguments(struct buf *b, const struct field *field)
{
    int count = 0;

    for (int i = 0; i < binding_given_count(field); i++) {
        const struct given given = binding_given(field, i);
        if (given.is_hidden)
            continue;
        buf_put_c(b, count++ > 0 ? "; " : " (");
        print_given(b, field->binding, &given);
    }
    buf_put_c(b, count > 0 ? ")" : "");
}

static void
print_qualified(struct buf *b, const struct table *table, const struct column *column)
{
    buf_put(b, table->name);
    buf_byte(b, '.');
    buf_put(b, column->name);
}

/* `links.posted_by`, or `lines.(order_id, number)` */
static void
print_key(struct buf *b, const struct table *table, const struct column *const *columns, int count)
{
    buf_put(b, table->name);
    buf_put_c(b, count > 1 ? ".(" : ".");
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        buf_put(b, columns[i]->name);
    }
    buf_put_c(b, count > 1 ? ")" : "");
}

/* `join users on users.id = `, and what follows is of the parent. */
static void
print_join_to(struct buf *b, const struct join *join)
{
    buf_put_c(b, "join ");
    buf_put(b, join->table->name);
    buf_put_c(b, " on ");
    print_key(b, join->table, join->to, join->count);
    buf_put_c(b, " = ");
}

static void
print_join(struct buf *b, const struct table *parent, const struct join *join)
{
    if (join->through) {
        print_join(b, parent, join->through);
        buf_put_c(b, ", ");
    }
    print_join_to(b, join);
    print_key(b, join->through ? join->through->table : parent, join->from, join->count);
}

static void
print_output(struct buf *b, const struct bound_output *bound)
{
    if (bound->rows.join)
        print_join_to(b, bound->rows.join);
    buf_printf(b, "output %s of %s", bound->resolver->outputs[bound->number].name,
               bound->resolver->name);
}

static void
print_column(struct buf *b, const struct type *parent, const struct bound_column *bound)
{
    buf_put_c(b, "column ");
    print_qualified(b, bound->join ? bound->join->table : binding_of_type(parent)->table,
                    bound->column);
    if (bound->join) {
        buf_put_c(b, ", ");
        print_join(b, binding_of_type(parent)->table, bound->join);
    }
}

static void
print_function(struct buf *b, const struct function *function)
{
    buf_put_c(b, "function ");
    buf_put(b, function->name);
    buf_byte(b, '(');
    for (int i = 0; i < function->parameter_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        buf_put(b, function->parameters[i].type_name);
    }
    buf_byte(b, ')');
}

static void
print_order(struct buf *b, const struct order *order)
{
    for (int i = 0; i < order->count; i++) {
        buf_put_c(b, i > 0 ? ", " : " order by ");
        const struct order_term *term = &order->terms[i];
        print_term(b, term);
        buf_put_c(b, term->direction.is_descending ? " desc" : "");
        if (term->direction.is_nulls_first != term->direction.is_descending)
            buf_put_c(b, term->direction.is_nulls_first ? " nulls first" : " nulls last");
    }
}

/* `count`, or `max, min of vote_count` */
static void
print_aggregate(struct buf *b, const struct bound_aggregate *bound)
{
    bool is_first = true;

    if (!bound->column) {
        buf_put_c(b, "count");
        return;
    }
    for (enum aggregate_function i = 0; i < AGGREGATE_FUNCTIONS; i++) {
        if (!bound->functions[i])
            continue;
        buf_put_c(b, is_first ? "" : ", ");
        buf_put_c(b, aggregate_function_name(i));
        is_first = false;
    }
    buf_put_c(b, " of ");
    buf_put(b, bound->column->name);
}

/* `key links.created_at by day` */
static void
print_group_key(struct buf *b, const struct type *parent, const struct bound_group_key *bound)
{
    buf_put_c(b, "key ");
    print_qualified(b, binding_of_type(parent)->table, bound->column);
    if (bound->unit != UNIT_NONE)
        buf_printf(b, " by %s", group_unit_name(bound->unit));
}

static void
print_part(struct buf *b, const struct bound_part *bound)
{
    static const char *const parts[] = {
        [CONNECTION_EDGES] = "rows of the page",
        [CONNECTION_NODES] = "rows of the page",
        [CONNECTION_PAGE_INFO] = "what is around the page",
        [CONNECTION_TOTAL_COUNT] = "number of all rows",
        [CONNECTION_AGGREGATE] = "aggregate of all rows",
        [EDGE_NODE] = "the row",
        [EDGE_CURSOR] = "cursor of the row",
        [EDGE_COLUMN] = "column ",
        [PAGE_HAS_NEXT] = "is a row behind the page",
        [PAGE_HAS_PREVIOUS] = "is a row in front of the page",
        [PAGE_START_CURSOR] = "cursor of the first row",
        [PAGE_END_CURSOR] = "cursor of the last row",
    };

    buf_put_c(b, parts[bound->part]);
    if (bound->part == EDGE_COLUMN)
        buf_printf(b, "%.*s.%.*s", STR_PRINT(bound->between->name), STR_PRINT(bound->column->name));
    if (bound->has_most)
        buf_printf(b, ", counted to %d", bound->count_most);
}

static const char *const written_parts[] = {
    [WRITTEN_ROWS] = "what was written",
    [WRITTEN_COUNT] = "number of rows that were written",
    [WRITTEN_INSERTED] = "whether it was not there",
};

/* ` on name, which changes used, note` */
static void
print_upsert(struct buf *b, const struct bound_write *write)
{
    for (int i = 0; i < write->on.count; i++)
        buf_printf(b, "%s%.*s", i == 0 ? " on " : ", ", STR_PRINT(write->on.columns[i]->name));
    if (write->on.count > 0 && write->changed_count == 0)
        buf_put_c(b, ", which changes nothing");
    for (int i = 0; i < write->changed_count; i++)
        buf_printf(b, "%s%.*s", i == 0 ? ", which changes " : ", ",
                   STR_PRINT(write->changed[i]->name));
}

static void
print_resolver(struct buf *b, const struct type *parent, const struct binding *binding)
{
    switch (binding->kind) {
    case BINDING_COLUMN:
        print_column(b, parent, binding_column(binding));
        break;
    case BINDING_GLOBAL_ID:
        buf_put_c(b, "global id of ");
        buf_put(b, binding_global_id(binding)->id->type);
        buf_put_c(b, ": ");
        print_key(b, binding_of_type(parent)->table, binding_global_id(binding)->columns,
                  binding_global_id(binding)->count);
        break;
    case BINDING_TABLE:
        buf_put_c(b, "table ");
        buf_put(b, binding_rows(binding)->table->name);
        break;
    case BINDING_JOIN:
        print_join(b, binding_of_type(parent)->table, binding_rows(binding)->join);
        break;
    case BINDING_FUNCTION:
        print_function(b, binding_function(binding)->function);
        break;
    case BINDING_WRITE:
        buf_printf(b, "%s %s%.*s", write_action_name(binding_write(binding)->action),
                   binding_write(binding)->is_many ? "rows of " : "",
                   STR_PRINT(binding_rows(binding)->table->name));
        print_upsert(b, binding_write(binding));
        break;
    case BINDING_WRITTEN:
        buf_put_c(b, written_parts[binding_written(binding)->part]);
        break;
    case BINDING_RESOLVER:
        buf_put_c(b, "resolver ");
        buf_put_c(b, binding_resolver(binding)->name);
        break;
    case BINDING_OUTPUT:
        print_output(b, binding_output(binding));
        break;
    case BINDING_NODE: /* print_possible() */
        break;
    case BINDING_ECHO:
        buf_put_c(b, "clientMutationId of the input");
        break;
    case BINDING_PART:
        print_part(b, binding_part(binding));
        break;
    case BINDING_AGGREGATE:
        print_aggregate(b, binding_aggregate(binding));
        break;
    case BINDING_SUMMARY:
        buf_put_c(b, aggregate_function_name(binding_summary(binding)));
        buf_put_c(b, " of columns");
        break;
    case BINDING_GROUP_KEY:
        print_group_key(b, parent, binding_group_key(binding));
        break;
    case BINDING_MOCK:
        buf_put_c(b, "made up");
        break;
    }
}

/* Rows of several tables: `table links of Link, table users of User`. */
static void
print_branches(struct buf *b, const struct type *parent, const struct field *field,
               const struct bound_rows *rows)
{
    const struct type *type = binding_row_type(field->type);

    for (int i = 0; i < rows->branch_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        print_resolver(b, parent, rows->branches[i]);
        buf_put_c(b, " of ");
        buf_put(b, type->possible[i]->name);
    }
}

/* Objects of several types by their ids: `table links of Link, table users of User`. */
static void
print_possible(struct buf *b, const struct field *field)
{
    const struct type *type = binding_row_type(field->type);

    for (int i = 0; i < type->possible_count; i++) {
        buf_put_c(b, i > 0 ? ", table " : "table ");
        buf_put(b, binding_node(field->binding)->joins[i].table->name);
        buf_put_c(b, " of ");
        buf_put(b, type->possible[i]->name);
    }
}

/* What tells the types of a table's rows apart: `Item  table items, by kind: task Task`. */
static void
print_labels(struct buf *b, const struct type *type)
{
    buf_put(b, type->name);
    buf_put_c(b, "  table ");
    buf_put(b, binding_of_type(type)->table->name);
    buf_put_c(b, ", by ");
    buf_put(b, binding_of_type(type)->discriminator->name);
    for (int i = 0; i < type->possible_count; i++) {
        buf_put_c(b, i > 0 ? ", " : ": ");
        buf_put(b, binding_of_type(type->possible[i])->label);
        buf_byte(b, ' ');
        buf_put(b, type->possible[i]->name);
    }
    buf_byte(b, '\n');
}

static void
print_field(struct buf *b, const struct type *parent, const struct field *field)
{
    const struct binding *binding = field->binding;
    const struct bound_rows *rows = binding_rows(binding);

    buf_put(b, parent->name);
    buf_byte(b, '.');
    buf_put(b, field->name);
    buf_put_c(b, "  ");
    if (rows && rows->is_aggregate)
        buf_put_c(b, binding->is_list ? "groups of " : "aggregate of ");
    if (rows && rows->branches)
        print_branches(b, parent, field, rows);
    else if (binding->kind == BINDING_NODE)
        print_possible(b, field);
    else
        print_resolver(b, parent, binding);
    if (rows)
        print_order(b, &rows->order);
    print_arguments(b, field);
    buf_put_c(b, binding->is_exactly_one ? ", exactly one" : "");
    buf_put_c(b, binding->signed_in.ptr ? ", signed in" : "");
    buf_put_c(b, binding->is_idempotent ? ", idempotent" : "");
    buf_byte(b, '\n');
}

void
binding_print(struct buf *b, const struct schema *schema)
{
    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        if (type_is_abstract(type) && binding_of_type(type)->discriminator)
            print_labels(b, type);
        for (int j = 0; type->kind == TYPE_OBJECT && j < type->field_count; j++)
            if (type->fields[j].binding)
                print_field(b, type, &type->fields[j]);
    }
}
