/*
 * bind_function.c - a field that an SQL function computes.
 *
 * On a root type the function gets the field's arguments, by name, and what it
 * returns is shown as a scalar, as rows of a type with @table or @row, or, of a
 * mutation, as a payload.  On a type with @table it gets the parent's row, and
 * gives one scalar.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "language/source.h"
#include "binder/bind_internal.h"

/* --- which function, and which parameters --- */

/* The argument's number among those that the contract gives the field, hidden ones too. */
static int
argument_number(const struct field *field, const struct input_value *argument)
{
    int number = 0;

    for (const struct ast_node *node = field->ast->arguments; node != &argument->ast->node;
         node = node->next)
        number++;
    return number;
}

const struct parameter *
bind_function_parameter(struct binder *b, const struct function *function,
                        const struct field *field, const struct input_value *argument)
{
    struct str name = binder_column_name(b, argument->ast->directives, argument->name);
    bool is_of_input =
        argument < field->arguments || argument >= field->arguments + field_call_count(field);
    int number = is_of_input ? function->parameter_count : argument_number(field, argument);

    for (int i = 0; i < function->parameter_count; i++)
        if (str_equal(function->parameters[i].name, name))
            return &function->parameters[i];
    for (int i = 0; i < function->parameter_count; i++)
        if (str_equal(function->parameters[i].name, argument->name))
            return &function->parameters[i];
    bool is_unnamed = number < function->parameter_count && !function->parameters[number].name.ptr;
    return is_unnamed ? &function->parameters[number] : NULL;
}

/* An argument that says which rows are shown, when it is not a parameter. */
static bool
is_of_rows(const struct input_value *argument)
{
    static const char *const names[] = { "first", "skip", "orderBy", "last", "after", "before" };

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_is(argument->name, names[i]))
            return true;
    return bind_filter_is(argument);
}

/* Can the function be called with the arguments of a root field? */
static bool
takes_arguments(struct binder *b, const struct function *function, const struct type *parent,
                const struct field *field)
{
    int given = 0, needed = 0;

    for (int i = 0; i < bind_input_count(b, parent, field); i++) {
        const struct input_value *argument = bind_input_at(b, parent, field, i);
        if (!argument)
            continue;
        const struct parameter *parameter = bind_function_parameter(b, function, field, argument);
        if (!parameter && is_of_rows(argument))
            continue;
        if (!parameter ||
            !bind_codec(b, argument->type, argument->ast->directives, NULL, parameter->type))
            return false;
        given += !parameter->has_default;
    }
    for (int i = 0; i < function->parameter_count; i++)
        needed += !function->parameters[i].has_default;
    return given >= needed;
}

const struct function *
bind_function_find(struct binder *b, const struct type *parent, const struct field *field,
                   int *count)
{
    struct str name =
        binder_directive_text(b, ast_find_directive(field->ast->directives, "function"), "name");
    bool is_root = parent == b->schema->query || parent == b->schema->mutation;
    const struct function *found = NULL, *only = catalog_find_function(b->catalog, name);

    *count = only ? 1 : 0;
    for (const struct function *f = NULL;
         !only && (f = catalog_next_function(b->catalog, name, f)) != NULL;) {
        bool is_meant = is_root ? takes_arguments(b, f, parent, field)
                                : f->parameter_count == 1 && f->parameters[0].table &&
                                      f->parameters[0].table == binding_of_type(parent)->table;
        *count += is_meant;
        found = is_meant ? f : found;
    }
    return only ? only : *count == 1 ? found : NULL;
}

static const struct function *
find_function(const struct bind_site *site, const struct ast_directive *directive)
{
    struct binder *b = site->binder;
    struct str name = binder_directive_text(b, directive, "name");
    int count;
    const struct function *function = bind_function_find(b, site->parent, site->field, &count);

    if (function)
        return function;
    if (!catalog_next_function(b->catalog, name, NULL))
        binder_site_misfit(site, directive,
                           "there is no function \"%.*s\"; create it, or name another with "
                           "@function(name:).%.*s",
                           STR_PRINT(name), STR_PRINT(binder_suggest_function(b, name)));
    else
        binder_site_misfit(site, directive,
                           "function \"%.*s\" is overloaded, and %s of its forms takes what the "
                           "field has; change the arguments, or rename one of the functions.",
                           STR_PRINT(name), count > 1 ? "more than one" : "none");
    return NULL;
}

/* The argument for the parameter, or the field of the input object. */
static const struct input_value *
argument_of(const struct field *field, const struct parameter *parameter)
{
    for (int i = 0; i < binding_given_count(field); i++) {
        const struct given given = binding_given(field, i);
        if (given.binding && given.binding->parameter == parameter)
            return given.value;
    }
    return NULL;
}

/* An argument by position needs those before it. */
static bool
check_positions(const struct bind_site *site)
{
    const struct function *function = binding_function(site->binding)->function;
    const struct input_value *after = NULL; /* an argument by position that follows */

    for (int i = function->parameter_count; i-- > 0;) {
        const struct input_value *argument = argument_of(site->field, &function->parameters[i]);
        bool is_always =
            argument && (argument->type->kind == TYPE_NON_NULL || argument->default_value);
        if (after && !is_always) {
            bind_argument_misfit(site, after,
                                 "parameter %d of %.*s has no name, so that all parameters before "
                                 "it must be given too; make their arguments non-null.",
                                 (int)(after->binding->parameter - function->parameters) + 1,
                                 STR_PRINT(function->name));
            return false;
        }
        if (argument && !function->parameters[i].name.ptr)
            after = argument;
    }
    return true;
}

bool
bind_function_check_parameters(const struct bind_site *site)
{
    const struct function *function = binding_function(site->binding)->function;
    bool fits = true;

    for (int i = 0; i < function->parameter_count; i++) {
        const struct parameter *parameter = &function->parameters[i];
        if (parameter->has_default || argument_of(site->field, parameter))
            continue;
        binder_site_misfit(site, binder_site_directive(site, "function"),
                           "no argument supplies parameter %d (%.*s) of function %.*s, which has "
                           "no default; add the argument.",
                           i + 1, STR_PRINT(parameter->name.ptr ? parameter->name : STR("unnamed")),
                           STR_PRINT(function->name));
        fits = false;
    }
    return fits && check_positions(site);
}

/* --- the field --- */

/* A query runs in a read-only transaction, and its statements in no order. */
static bool
check_volatility(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;

    if (!function->is_volatile || site->parent == site->binder->schema->mutation)
        return true;
    binder_site_misfit(site, directive,
                       "function %.*s is VOLATILE, but a query only reads; declare it STABLE.",
                       STR_PRINT(function->name));
    return false;
}

static bool
check_row_parameter(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;
    const struct table *table = binding_of_type(site->parent)->table;

    if (function->parameter_count == 1 && function->parameters[0].table == table)
        return true;
    if (bind_row_is(table)) {
        binder_site_misfit(site, directive,
                           "the rows that function %.*s returns have no computed fields; let it "
                           "return one more column.",
                           STR_PRINT(table->name));
        return false;
    }
    binder_site_misfit(site, directive,
                       "function %.*s does not take a row of %.*s as its only parameter; declare "
                       "it as %.*s(%.*s).",
                       STR_PRINT(function->name), STR_PRINT(table->name), STR_PRINT(function->name),
                       STR_PRINT(table->name));
    return false;
}

/* What the function returns, for a message: a type, or its columns. */
static struct str
name_result(struct binder *b, const struct function *function)
{
    const struct table *row = function->returns_row;
    struct buf *text = buf_new(b->arena);

    if (!row)
        return function->returns_type;
    buf_put_c(text, "rows of columns (");
    for (int i = 0; i < row->column_count; i++)
        buf_printf(text, "%s%.*s %.*s", i > 0 ? ", " : "", STR_PRINT(row->columns[i].name),
                   STR_PRINT(row->columns[i].type->name));
    buf_byte(text, ')');
    return buf_copy(b->arena, text);
}

/* A scalar shows a row only where it has one column, or, computed from a row, by its text. */
static bool
check_scalar(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;
    const struct table *row = function->returns_row;
    struct str result = name_result(site->binder, function);

    if (site->is_root && function->returns_table)
        binder_site_misfit(site, directive,
                           "function %.*s returns rows of %.*s; show them by an object type with "
                           "@table(name: \"%.*s\").",
                           STR_PRINT(function->name), STR_PRINT(result),
                           STR_PRINT(function->returns_table->name));
    else if (site->is_root && row && row->column_count > 1)
        binder_site_misfit(site, directive,
                           "function %.*s returns %.*s; show them by an object type with "
                           "@row(of: \"%.*s\").",
                           STR_PRINT(function->name), STR_PRINT(result), STR_PRINT(function->name));
    else if (site->is_root && !row && str_is(function->returns_type, "record"))
        binder_site_misfit(site, directive,
                           "function %.*s returns a record whose columns PostgreSQL does not know; "
                           "declare it with RETURNS TABLE(...), or with OUT parameters.",
                           STR_PRINT(function->name));
    else if (!site->is_root && row && row->column_count == 1)
        binder_site_misfit(site, directive,
                           "a function of a row must return a scalar, and %.*s returns rows "
                           "of one column; let it return %.*s.",
                           STR_PRINT(function->name), STR_PRINT(row->columns[0].type->name));
    else
        return true;
    return false;
}

static bool
bind_scalar_result(struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;
    struct str what =
        str_format(site->binder->arena, "the result of %.*s", STR_PRINT(function->name));

    if (!check_scalar(site, directive))
        return false;
    site->binding->is_list = function->returns_set;
    if (function->returns_set && !(site->is_list && site->is_root)) {
        binder_site_misfit(site, directive,
                           site->is_root
                               ? "function %.*s returns several values; make the field a list."
                               : "function %.*s returns several values, and a field of a row shows "
                                 "one; let it return an array.",
                           STR_PRINT(function->name));
        return false;
    }
    const struct codec *codec = bind_codec_field(site, what, function->returns);
    site->binding->as.function.codec = codec;
    if (codec && codec->is_list && function->returns_set) {
        binder_site_misfit(site, directive,
                           "function %.*s returns several arrays, which no list can show; let it "
                           "return one value in each row.",
                           STR_PRINT(function->name));
        return false;
    }
    return codec && bind_codec_check_items(site, what, false);
}

static bool
check_row_count(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;

    if (site->is_list && !function->returns_set) {
        binder_site_misfit(site, directive,
                           function->returns_row
                               ? "function %.*s gives one row; make the field a single object, or "
                                 "declare it with RETURNS TABLE(...) or SETOF."
                               : "function %.*s gives one row; make the field a single object, or "
                                 "let the function return SETOF %.*s.",
                           STR_PRINT(function->name), STR_PRINT(function->returns_type));
        return false;
    }
    if (!site->is_list && site->is_non_null) {
        binder_site_misfit(site, NULL, "there may be no such row; remove the \"!\" after %.*s.",
                           STR_PRINT(site->named->name));
        return false;
    }
    return true;
}

/* A function that finds no row may still return one, of nulls: the key tells. */
static bool
check_key(const struct bind_site *site)
{
    const struct table *table = binder_site_rows(site)->table;

    if (binding_of_type(site->named)->key.count > 0 || bind_row_is(table))
        return true;
    binder_site_misfit(site, NULL,
                       "table %.*s needs a primary key, to tell a row from no row; add one, "
                       "or name columns that are never null in a row with @table(key:).",
                       STR_PRINT(table->name));
    return false;
}

/* The payload of a mutation: any table's row will do, but the same for all that
 * show the type. */
static bool
check_returned_row(const struct bind_site *site, const struct payload *payload,
                   const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;

    if (site->parent != site->binder->schema->mutation || payload->is_of_resolver) {
        bind_payload_misfit(site, payload);
        return false;
    }
    if (!function->returns_table && !function->returns_row) {
        binder_site_misfit(
            site, directive,
            "function %.*s returns %.*s; it must return a row of the table that %.*s shows.",
            STR_PRINT(function->name), STR_PRINT(name_result(site->binder, function)),
            STR_PRINT(site->named->name));
        return false;
    }
    if (site->is_list) {
        binder_site_misfit(site, NULL, "a mutation gives one %.*s; make the field a single object.",
                           STR_PRINT(site->named->name));
        return false;
    }
    return true;
}

static bool
check_returned_table(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;
    const struct table *table = binding_of_type(site->named)->table;

    if (function->returns_table == table || bind_row_fits(table, function))
        return true;
    binder_site_misfit(site, directive,
                       bind_row_is(table)
                           ? "function %.*s returns %.*s; it must return the columns that %.*s "
                             "returns, whose rows %.*s shows."
                           : "function %.*s returns %.*s; it must return rows of %.*s, the table "
                             "of %.*s.",
                       STR_PRINT(function->name), STR_PRINT(name_result(site->binder, function)),
                       STR_PRINT(table->name), STR_PRINT(site->named->name));
    return false;
}

static bool
bind_row_result(struct bind_site *site, const struct ast_directive *directive)
{
    const struct payload *payload = bind_payload_find(site->binder, site->named);

    if (payload && !check_returned_row(site, payload, directive))
        return false;
    if (!binding_of_type(site->named)->table) {
        if (!binder_has_table(site->binder, site->named))
            binder_site_misfit(site, NULL, "%.*s has no table; give it @table(name:).",
                               STR_PRINT(site->named->name));
        return false;
    }
    if (!site->is_root) {
        binder_site_misfit(site, directive,
                           "a function of a row must return a scalar, not %.*s; %s.",
                           STR_PRINT(site->named->name),
                           bind_row_is(binding_of_type(site->named)->table)
                               ? "show its columns by functions of their own"
                               : "join the table by a foreign key instead");
        return false;
    }
    if (!check_returned_table(site, directive))
        return false;
    site->binding->as.function.rows.table = binding_of_type(site->named)->table;
    site->binding->as.function.rows.key = &binding_of_type(site->named)->key;
    bool is_counted = check_row_count(site, directive);
    bool has_key = site->is_list ? bind_order_default(site) : check_key(site);
    return is_counted && has_key;
}

bool
bind_function(struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "function");

    site->binding->kind = BINDING_FUNCTION;
    if (site->payload) {
        binder_site_misfit(site, directive,
                           "a payload has no computed fields; show this field on a row of %.*s "
                           "that is joined to it.",
                           STR_PRINT(binding_of_type(site->parent)->table->name));
        return false;
    }
    const struct function *function = find_function(site, directive);
    if (!function)
        return false;
    site->binding->as.function.function = function;
    bool is_stable = check_volatility(site, directive);
    bool has_row = site->is_root || check_row_parameter(site, directive);
    bool has_result = type_is_leaf(site->named) ? bind_scalar_result(site, directive)
                                                : bind_row_result(site, directive);
    return is_stable && has_row && has_result;
}

/* --- where no field shows it: in filters and orders --- */

static const struct function *
find_of_row(const struct binder *b, const struct table *table, struct str name)
{
    const struct function *function = NULL;

    while ((function = catalog_next_function(b->catalog, name, function)) != NULL)
        if (function->parameter_count == 1 && function->parameters[0].table == table)
            return function;
    return NULL;
}

const struct function *
bind_function_of_row(const struct binder *b, const struct table *table, struct str name,
                     struct str *why)
{
    const struct function *function = find_of_row(b, table, name);
    bool is_there = catalog_next_function(b->catalog, name, NULL) != NULL;

    if (!function)
        *why = str_format(
            b->arena,
            "there is no function \"%.*s\" whose only parameter is a row of %.*s; create it, or "
            "name another with @function(name:).%.*s",
            STR_PRINT(name), STR_PRINT(table->name),
            STR_PRINT(is_there ? STR("") : binder_suggest_function(b, name)));
    else if (function->is_volatile)
        *why = str_format(b->arena,
                          "function %.*s is VOLATILE, but a query only reads; declare it STABLE.",
                          STR_PRINT(function->name));
    else if (function->returns_set || function->returns_table || function->returns_row)
        *why = str_format(b->arena, "function %.*s returns rows; let it return one value.",
                          STR_PRINT(function->name));
    else
        return function;
    return NULL;
}
