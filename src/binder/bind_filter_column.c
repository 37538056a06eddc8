/*
 * bind_filter_column.c - the columns that a filter compares, and by which operators.
 *
 * What PostgreSQL would refuse when a document comes is a misfit: an operator that the
 * column's type has not, a value that is not of its type, and types whose values only
 * PostgreSQL can judge, since one that it refuses would fail the whole statement.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "binding/filter.h"
#include "binder/bind_internal.h"

/* --- operators --- */

/* The operator of that name; of several, the one that the column has.  False: there is none. */
static bool
find_operator(struct str name, const struct column *column, enum filter_operator *op)
{
    bool is_found = false;

    for (int i = 0; i < FILTER_OPERATOR_COUNT; i++) {
        if (!str_is(name, filter_operators[i].name))
            continue;
        if (!is_found || (column && filter_has_operator(column, (enum filter_operator)i)))
            *op = (enum filter_operator)i;
        is_found = true;
    }
    return is_found;
}

/* Does the input's type fit an operator, and no filter of rows? */
static bool
is_operator(const struct filter_site *site, const struct input_value *input)
{
    enum filter_operator op;

    return type_named(input->type)->kind != TYPE_INPUT_OBJECT &&
           find_operator(bind_filter_name(site->binder, input), NULL, &op);
}

static bool
has_join_or_row(const struct filter_site *site)
{
    return ast_find_directive(site->input->ast->directives, "join") || bind_filter_is_of_rows(site);
}

bool
bind_filter_is_of_column(const struct filter_site *site)
{
    const struct type *type = type_named(site->input->type);
    bool has_objects = has_join_or_row(site);
    struct str name;
    int count = 0;

    for (int i = 0; i < type->input_count; i++) {
        count += is_operator(site, &type->inputs[i]);
        has_objects |= type_named(type->inputs[i].type)->kind == TYPE_INPUT_OBJECT;
    }
    if (count == type->input_count || count == 0 || has_objects)
        return count == type->input_count;
    return binder_find_column(site->binder, site->filter->table, site->input->ast->directives,
                              site->input->name, &name);
}

/* `eq, in, lt`: the operators that the column has. */
static struct str
list_operators(const struct filter_site *site, const struct column *column)
{
    struct buf *names = buf_new(site->binder->arena);

    for (int i = 0; i < FILTER_OPERATOR_COUNT; i++)
        if (filter_has_operator(column, (enum filter_operator)i)) {
            buf_put_c(names, names->len > 0 ? ", " : "");
            buf_put_c(names, filter_operators[i].name);
        }
    return buf_copy(site->binder->arena, names);
}

/* --- values --- */

static bool
takes_list(enum filter_operand operand)
{
    return operand == OPERAND_VALUES || operand == OPERAND_TEXTS || operand == OPERAND_ELEMENTS;
}

/* What the operator takes, where the contract has something else. */
static struct str
describe_operand(const struct filter_site *site, enum filter_operand operand,
                 const struct column *column)
{
    struct str type = operand == OPERAND_ELEMENT || operand == OPERAND_ELEMENTS
                          ? column->type->element->base_name
                          : column->type_name;

    switch (operand) {
    case OPERAND_TRUTH:
        return STR("a Boolean");
    case OPERAND_TEXT:
        return STR("a String");
    case OPERAND_TEXTS:
        return STR("[String!]");
    case OPERAND_VALUE:
    case OPERAND_ELEMENT:
        return str_format(site->binder->arena, "one value of %.*s", STR_PRINT(type));
    case OPERAND_VALUES:
    case OPERAND_ELEMENTS:
        break;
    }
    return str_format(site->binder->arena, "a list of values of %.*s", STR_PRINT(type));
}

/* The type whose @table says what timestamps of the table are. */
static const struct type *
find_row_type(const struct filter_site *site)
{
    const struct schema *schema = site->binder->schema;

    for (int i = 0; i < schema->type_count; i++)
        if (type_is_composite(schema->types[i]) &&
            binding_of_type(schema->types[i])->table == site->filter->table &&
            binder_type_directive(site->binder, schema->types[i], "table"))
            return schema->types[i];
    return NULL;
}

/* How values of the input's type are compared with the column, or with its elements; NULL: they
 * are not. */
static const struct codec *
find_codec(const struct filter_site *site, const struct type *type, enum filter_operand operand,
           const struct column_type *shown)
{
    const struct type *of = takes_list(operand) ? type_nullable(type_nullable(type)->of) : type;

    if (operand == OPERAND_ELEMENT || operand == OPERAND_ELEMENTS)
        shown = shown->element;
    return shown ? bind_codec(site->binder, of, site->input->ast->directives, find_row_type(site),
                              shown)
                 : NULL;
}

static bool
is_named(const struct type *type, const char *name)
{
    return str_is(type_named(type)->name, name);
}

/* Is the input's type what the operator takes, but for the column's type? */
static bool
has_shape(const struct type *type, enum filter_operand operand)
{
    const struct type *nullable = type_nullable(type);
    bool is_list = nullable->kind == TYPE_LIST;

    if (is_list && type_nullable(nullable->of)->kind == TYPE_LIST)
        return false;
    switch (operand) {
    case OPERAND_TRUTH:
        return !is_list && is_named(type, "Boolean");
    case OPERAND_TEXT:
        return !is_list && is_named(type, "String");
    case OPERAND_TEXTS:
        return is_list && is_named(type, "String");
    case OPERAND_VALUE: /* a list, where the column is an array */
        return true;
    case OPERAND_ELEMENT:
        return !is_list;
    case OPERAND_VALUES:
    case OPERAND_ELEMENTS:
        break;
    }
    return is_list;
}

/* False after a misfit. */
static bool
bind_value(const struct filter_site *site, struct str within, const struct type *type,
           struct bound_comparison *comparison)
{
    enum filter_operand operand = filter_operators[comparison->op].operand;
    const struct column *column = comparison->columns[0];
    struct str expected = describe_operand(site, operand, column);
    bool needs_codec = operand == OPERAND_VALUE || operand == OPERAND_VALUES ||
                       operand == OPERAND_ELEMENT || operand == OPERAND_ELEMENTS;
    bool has_items = takes_list(operand) || column->kind != COLUMN_ARRAY;

    if (has_shape(type, operand) && needs_codec)
        comparison->codec = find_codec(site, type, operand, column->type);
    if (!has_shape(type, operand) || (needs_codec && !comparison->codec))
        bind_filter_misfit(site, within, "it takes %.*s, not %.*s.", STR_PRINT(expected),
                           STR_PRINT(type_text(site->binder->arena, type)));
    else if (has_items && bind_filter_has_null_items(type))
        bind_filter_misfit(
            site, within,
            "items of the list may be null, but null equals nothing; make it [%.*s!].",
            STR_PRINT(type_named(type)->name));
    else if (comparison->codec && comparison->codec->is_unjudged)
        bind_filter_misfit(site, within,
                           "column %.*s.%.*s is %.*s, whose values only PostgreSQL can check; "
                           "compare with another column.",
                           STR_PRINT(site->filter->table->name), STR_PRINT(column->name),
                           STR_PRINT(column->type_name));
    else if (comparison->codec && comparison->codec->is_truncated && column->kind == COLUMN_ARRAY)
        bind_filter_misfit(site, within,
                           "times in the array %.*s.%.*s have microseconds, which DateTime does "
                           "not show; compare them as DateTimeMicros.",
                           STR_PRINT(site->filter->table->name), STR_PRINT(column->name));
    else
        return true;
    return false;
}

/* --- one comparison --- */

static void
report_operator(const struct filter_site *site, struct str within, const struct column *column,
                enum filter_operator op)
{
    struct str names = list_operators(site, column);
    bool is_text = filter_operators[op].domain == DOMAIN_TEXT && column->is_nondeterministic;

    bind_filter_misfit(
        site, within, "column %.*s.%.*s is %.*s%s, which has no operator \"%s\"; it has %.*s.",
        STR_PRINT(site->filter->table->name), STR_PRINT(column->name), STR_PRINT(column->type_name),
        is_text ? " in a collation that is not deterministic" : "", filter_operators[op].name,
        STR_PRINT(names));
}

/* Values that are global ids stand for keys, which can be equal and no more. */
static void
bind_ids(const struct filter_site *site, struct str within, struct bound_comparison *comparison)
{
    const struct ast_directive *directive =
        ast_find_directive(site->input->ast->directives, "globalId");
    const char *message = "@globalId is for keys, but this compares no key; remove the directive.";

    if (!directive || filter_operators[comparison->op].operand == OPERAND_TRUTH)
        return;
    if (filter_operators[comparison->op].domain == DOMAIN_EQUALITY)
        comparison->codec =
            bind_global_id_compared(site->binder, directive, comparison->codec, &message);
    if (message)
        bind_filter_misfit(site, within, "%s", message);
}

/* What the input compares the columns with by the operator. */
static void
bind_comparison(const struct filter_site *site, struct str within, const struct type *type,
                struct bound_comparison *comparison)
{
    bool is_document = filter_operators[comparison->op].domain == DOMAIN_DOCUMENT;

    for (int i = 0; i < comparison->column_count; i++) {
        const struct column *column = comparison->columns[i];
        bool is_words =
            is_document && comparison->config.ptr && filter_has_operator(column, FILTER_CONTAINS);
        if (filter_has_operator(column, comparison->op) || is_words)
            continue;
        report_operator(site, within, column, comparison->op);
        return;
    }
    if (bind_value(site, within, type, comparison))
        bind_ids(site, within, comparison);
}

/* --- @search --- */

/* The columns that are searched; NULL after a misfit. */
static const struct column **
find_searched(const struct filter_site *site, const struct ast_directive *search, int *count)
{
    const struct table *table = site->filter->table;
    struct str missing;
    const struct str *names = binder_directive_texts(site->binder, search, "columns", count);
    const struct column **columns =
        binder_find_columns(site->binder, table, names, *count, &missing);

    if (!columns)
        bind_filter_misfit(site, STR_NONE,
                           "%s %.*s has no column \"%.*s\" to search; name others with "
                           "@search(columns:).%.*s",
                           binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(missing),
                           STR_PRINT(binder_suggest_column(site->binder, table, missing)));
    else if (*count == 0)
        bind_filter_misfit(site, STR_NONE,
                           "@search(columns:) names no column; name those to search.");
    return *count > 0 ? columns : NULL;
}

/* --- @function --- */

/* What a function makes of the row, as a column; nobody reads it who may not call the function, or
 * not read one of the columns that it is given.  False after a misfit. */
static bool
find_computed(const struct filter_site *site, const struct ast_directive *called,
              struct bound_comparison *comparison)
{
    struct binder *b = site->binder;
    const struct table *table = site->filter->table;
    struct str why, name = binder_directive_text(b, called, "name");
    const struct function *function = bind_function_of_row(b, table, name, &why);

    if (!function) {
        bind_filter_misfit(site, STR_NONE, "%.*s", STR_PRINT(why));
        return false;
    }
    struct column *column = ARENA_NEW(b->arena, struct column);
    *column = (struct column){ .name = function->name,
                               .type = function->returns,
                               .type_name = function->returns_type,
                               .kind = function->returns_kind,
                               .denied = function->denied,
                               .number = -1 };
    for (int i = 0; i < table->column_count; i++)
        column->denied |= table->columns[i].denied;
    comparison->columns = ARENA_NEW(b->arena, const struct column *);
    comparison->columns[0] = column;
    comparison->column_count = 1;
    comparison->function = function;
    return true;
}

/* --- the field --- */

/* The columns that the field is about; false after a misfit. */
static bool
find_columns(const struct filter_site *site, struct bound_comparison *comparison)
{
    struct binder *b = site->binder;
    const struct ast_node *directives = site->input->ast->directives;
    const struct ast_directive *search = ast_find_directive(directives, "search");
    const struct ast_directive *called = ast_find_directive(directives, "function");
    const struct table *table = site->filter->table;
    struct str name;

    if (called)
        return find_computed(site, called, comparison);
    if (search) {
        comparison->config = binder_directive_text(b, search, "config");
        comparison->columns = find_searched(site, search, &comparison->column_count);
        return comparison->columns != NULL;
    }
    const struct column *column =
        binder_find_column(b, table, directives, site->input->name, &name);
    comparison->columns = ARENA_NEW(b->arena, const struct column *);
    comparison->columns[0] = column;
    comparison->column_count = 1;
    if (!column)
        bind_filter_misfit(site, STR_NONE,
                           "%s %.*s has no column \"%.*s\" to compare with; add the column, or "
                           "name another with @column(name:).%.*s",
                           binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(name),
                           STR_PRINT(binder_suggest_column(b, table, name)));
    return column != NULL;
}

static void
bind_operators(const struct filter_site *site, const struct bound_comparison *columns)
{
    const struct type *type = type_named(site->input->type);
    struct bound_comparison *list =
        ARENA_ARRAY(site->binder->arena, struct bound_comparison, (size_t)type->input_count);

    for (int i = 0; i < type->input_count; i++) {
        const struct input_value *input = &type->inputs[i];
        struct str name = bind_filter_name(site->binder, input);
        bool is_search = ast_find_directive(site->input->ast->directives, "search") != NULL;
        list[i] = *columns;
        if (!is_operator(site, input))
            bind_filter_misfit(
                site, input->name, "there is no operator \"%.*s\"; the column has %.*s.",
                STR_PRINT(name), STR_PRINT(list_operators(site, columns->columns[0])));
        else if (find_operator(name, is_search ? NULL : columns->columns[0], &list[i].op))
            bind_comparison(site, input->name, input->type, &list[i]);
    }
    site->field->comparisons = list;
}

void
bind_filter_column(const struct filter_site *site)
{
    struct binder *b = site->binder;
    const struct ast_node *directives = site->input->ast->directives;
    struct bound_comparison *one = ARENA_NEW(b->arena, struct bound_comparison);

    bind_codec_check_zone(b, ast_find_directive(directives, "column"),
                          str_format(b->arena, "%.*s.%.*s", STR_PRINT(site->filter->type->name),
                                     STR_PRINT(site->input->name)));
    if (!find_columns(site, one))
        return;
    if (type_named(site->input->type)->kind == TYPE_INPUT_OBJECT) {
        bind_operators(site, one);
        return;
    }
    if (ast_find_directive(directives, "search"))
        one->op = one->config.ptr ? FILTER_MATCHES : FILTER_I_CONTAINS;
    struct str name = bind_filter_name(b, site->input);
    if (ast_find_directive(directives, "operator") &&
        !find_operator(name, one->columns[0], &one->op))
        bind_filter_misfit(site, STR_NONE, "there is no operator \"%.*s\"; the column has %.*s.",
                           STR_PRINT(name), STR_PRINT(list_operators(site, one->columns[0])));
    else
        bind_comparison(site, STR_NONE, site->input->type, one);
    site->field->comparisons = one;
}
