/*
 * bind_order.c - the order of lists: what @order says, and what `orderBy` may
 * ask for.
 *
 * The key of the type breaks ties, so a type that is shown as a list must have one: its
 * table's primary key, or what @table(key:) says.  If it says that there is none, @order
 * alone orders the rows.  Rows that only a function returns need none: they have its order.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "language/source.h"
#include "binder/bind_internal.h"

/* Cut the first of what `separator` separates from `*rest`, trimmed. */
static struct str
cut(struct str *rest, char separator)
{
    size_t end = str_find(*rest, separator);
    struct str first = str_trim((struct str){ rest->ptr, end });
    size_t used = end < rest->len ? end + 1 : end;

    *rest = (struct str){ rest->ptr + used, rest->len - used };
    return first;
}

/* `created_at DESC` */
static bool
bind_term(const struct bind_site *site, const struct ast_directive *directive, struct str text,
          struct order_term *term)
{
    const struct table *table = binder_site_rows(site)->table;
    const struct join *join = binder_site_rows(site)->join;
    struct str direction = text;
    struct str name = cut(&direction, ' ');

    direction = str_trim(direction);
    term->column = table_find_column(table, name);
    if (!term->column && join && join->through) {
        term->column = table_find_column(join->through->table, name);
        term->is_between = term->column != NULL;
    }
    term->is_descending = str_equal_nocase(direction, STR("DESC"));
    if (!term->column) {
        binder_site_misfit(site, directive,
                           "%s %.*s has no column \"%.*s\" to order by; name columns that it "
                           "has, separated by commas.%.*s",
                           binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(name),
                           STR_PRINT(binder_suggest_column(site->binder, table, name)));
        return false;
    }
    if (!term->column->type->has_order) {
        binder_site_misfit(site, directive,
                           "column %.*s.%.*s is %.*s, which PostgreSQL cannot sort; order by "
                           "another column.",
                           STR_PRINT(table->name), STR_PRINT(name),
                           STR_PRINT(term->column->type_name));
        return false;
    }
    if (direction.len > 0 && !term->is_descending && !str_equal_nocase(direction, STR("ASC"))) {
        binder_site_misfit(site, directive,
                           "\"%.*s\" is not a direction; write ASC or DESC after the column.",
                           STR_PRINT(direction));
        return false;
    }
    return true;
}

static bool
bind_terms(struct bind_site *site, const struct ast_directive *directive)
{
    struct str rest = binder_directive_text(site->binder, directive, "by");
    struct order_term *terms = ARENA_ARRAY(site->binder->arena, struct order_term, rest.len + 1);
    struct order *order = &binder_site_rows(site)->order;
    bool fits = true;

    order->terms = terms;
    do
        fits = bind_term(site, directive, cut(&rest, ','), &terms[order->count++]) && fits;
    while (rest.len > 0);
    return fits;
}

bool
bind_order_default(struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "order");
    const struct table *table = binder_site_rows(site)->table;
    bool fits = true;

    if (binding_of_type(site->named)->is_keyless && !directive) {
        binder_site_misfit(site, NULL,
                           "%.*s has no key (@table(key: [])), so nothing orders its rows; "
                           "give the list an @order(by:).",
                           STR_PRINT(site->named->name));
        fits = false;
    } else if (!bind_row_is(table) && binding_of_type(site->named)->key.count == 0 &&
               !binding_of_type(site->named)->is_keyless) {
        binder_site_misfit(
            site, NULL,
            "table %.*s has no primary key, which a list needs for its order; add one, or "
            "name columns that identify a row with @table(key:).",
            STR_PRINT(table->name));
        fits = false;
    }
    return (!directive || bind_terms(site, directive)) && fits;
}

/* Is it an enum of just ASC and DESC? */
static bool
is_direction(const struct type *type)
{
    return type->kind == TYPE_ENUM && type->value_count == 2 &&
           schema_find_enum_value(type, STR("ASC")) && schema_find_enum_value(type, STR("DESC"));
}

/* The column that a field of an order's input object sorts by; NULL after a misfit. */
static const struct column *
bind_input(struct binder *b, const struct type *type, const struct input_value *input,
           const struct table *table)
{
    struct str subject =
        str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(input->name));
    struct str name;
    const struct column *column =
        binder_find_column(b, table, input->ast->directives, input->name, &name);
    uint32_t offset = source_offset(b->schema->document->source, input->ast->name);

    if (!column)
        binder_misfit(b, offset, subject,
                      "%s %.*s has no column \"%.*s\" to order by; add the column, or name "
                      "another with @column(name:).%.*s",
                      binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(name),
                      STR_PRINT(binder_suggest_column(b, table, name)));
    else if (!column->type->has_order)
        binder_misfit(b, offset, subject,
                      "column %.*s.%.*s is %.*s, which PostgreSQL cannot sort; order by another "
                      "column.",
                      STR_PRINT(table->name), STR_PRINT(column->name),
                      STR_PRINT(column->type_name));
    if (!is_direction(type_nullable(input->type)))
        binder_misfit(b, offset, subject,
                      "a field of an order must be an enum with the values ASC and DESC, not %.*s.",
                      STR_PRINT(type_text(b->arena, input->type)));
    return is_direction(type_nullable(input->type)) ? column : NULL;
}

static const struct column **
bind_inputs(struct binder *b, const struct type *type, const struct table *table)
{
    const struct column **columns =
        ARENA_ARRAY(b->arena, const struct column *, (size_t)type->input_count);
    bool fits = true;

    for (int i = 0; i < type->input_count; i++) {
        columns[i] = bind_input(b, type, &type->inputs[i], table);
        fits = fits && columns[i];
    }
    return fits ? columns : NULL;
}

/* The columns for an input object, bound when it is first used with the table. */
static const struct column **
find_columns(struct binder *b, const struct type *type, const struct table *table)
{
    for (const struct bound_order *order = b->orders; order; order = order->next)
        if (order->type == type && order->table == table)
            return order->columns;
    struct bound_order *order = ARENA_NEW(b->arena, struct bound_order);
    *order = (struct bound_order){ type, table, bind_inputs(b, type, table), b->orders };
    b->orders = order;
    return order->columns;
}

const struct argument_binding *
bind_order_argument(const struct bind_site *site, const struct input_value *argument)
{
    struct binder *b = site->binder;
    const struct type *type = type_named(argument->type);

    if (type->kind != TYPE_INPUT_OBJECT || !type->is_one_of) {
        binder_misfit(b, source_offset(b->schema->document->source, argument->ast->name),
                      str_format(b->arena, "%.*s.%.*s(%.*s:)", STR_PRINT(site->parent->name),
                                 STR_PRINT(site->field->name), STR_PRINT(argument->name)),
                      "an order must be an input object with @oneOf, or a list of them, not %.*s.",
                      STR_PRINT(type_text(b->arena, argument->type)));
        return NULL;
    }
    const struct column **columns = find_columns(b, type, binder_site_rows(site)->table);
    if (!columns)
        return NULL;
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
    *binding = (struct argument_binding){ .role = ARGUMENT_ORDER_BY,
                                          .columns = columns,
                                          .column_count = type->input_count };
    return binding;
}
