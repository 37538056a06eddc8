/*
 * bind_aggregate.c - types with @aggregate: what is made of many rows, instead of showing them.
 *
 * Such a type has a table, whose rows are counted (`count`) and whose columns are summed up by
 * objects that are named like functions: `sum: LinkSum!`.  The type of such an object, which has
 * no table of its own, is a summary; its fields are columns of the rows.  What is left are the
 * keys of groups: columns, or the units of time that they fall into, and rows that are joined
 * to one (bind_group.c has the arguments that name them).
 *
 *     type LinkGroup @table(name: "links") @aggregate {
 *       day: Date @column(name: "created_at", unit: DAY)
 *       postedBy: User
 *       count: BigInt!
 *       sum: LinkSum!
 *     }
 *     type LinkSum { voteCount: BigInt }
 *
 * Which functions a column has, and of which types their results are, is the catalog's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "language/source.h"
#include "binder/bind_internal.h"

/* --- types --- */

const struct summary *
bind_aggregate_find_summary(const struct binder *b, const struct type *type)
{
    const struct summary *summary = b->summaries;

    while (summary && summary->type != type)
        summary = summary->next;
    return summary;
}

/* The function that the name of a field of an aggregate means; AGGREGATE_FUNCTIONS: none. */
static enum aggregate_function
find_function(const struct field *field)
{
    return aggregate_function_find(field->name);
}

static void
add_summary(struct binder *b, const struct type *owner, const struct field *field)
{
    const struct type *type = type_named(field->type);
    enum aggregate_function function = find_function(field);
    struct summary *summary = b->summaries;

    if (function == AGGREGATE_FUNCTIONS || type->kind != TYPE_OBJECT || binder_has_table(b, type) ||
        binder_is_root(b, type))
        return;
    while (summary && summary->type != type)
        summary = summary->next;
    if (!summary) {
        summary = ARENA_NEW(b->arena, struct summary);
        *summary = (struct summary){ .type = type, .owner = owner, .next = b->summaries };
        b->summaries = summary;
    }
    summary->functions |= 1U << function;
}

void
bind_aggregate_type(struct binder *b, struct type *type)
{
    const struct ast_directive *directive = binder_type_directive(b, type, "aggregate");

    if (!directive)
        return;
    if (binder_is_root(b, type) || !binder_type_directive(b, type, "table")) {
        binder_misfit(b, directive->node.start, type->name,
                      "an aggregate is made of the rows of a table; give the type @table(name:).");
        return;
    }
    binder_type_binding(b, type)->is_aggregate = true;
    for (int i = 0; i < type->field_count; i++)
        add_summary(b, type, &type->fields[i]);
}

bool
bind_aggregate_check_site(const struct bind_site *site)
{
    const struct type *shown = binding_row_type(site->named), *found = NULL;
    bool is_called =
        binder_site_directive(site, "function") || binder_site_directive(site, "resolver");

    if (binding_of_type(shown)->is_aggregate &&
        (is_called || shown != site->named || site->parent == site->binder->schema->mutation))
        found = shown;
    for (int i = 0; i < shown->possible_count; i++)
        if (binding_of_type(shown->possible[i])->is_aggregate)
            found = shown->possible[i];
    if (found)
        binder_site_misfit(site, NULL,
                           "%.*s is made of many rows of a table: it cannot be a row of a function "
                           "or of a page, or one of several types; show it by a field of its own.",
                           STR_PRINT(found->name));
    return !found;
}

bool
bind_aggregate_is(const struct bind_site *site)
{
    return site->summary || binding_of_type(site->parent)->is_aggregate;
}

bool
bind_aggregate_is_key(const struct binder *b, const struct field *field)
{
    bool is_column = ast_find_directive(field->ast->directives, "column") != NULL;

    if (bind_aggregate_find_summary(b, type_named(field->type)))
        return false;
    return is_column || !str_is(field->name, "count");
}

static bool
has_keys(const struct binder *b, const struct type *type)
{
    for (int i = 0; i < type->field_count; i++)
        if (bind_aggregate_is_key(b, &type->fields[i]))
            return true;
    return false;
}

/* --- rows --- */

bool
bind_aggregate_rows(struct bind_site *site)
{
    static const struct key none;
    struct bound_rows *rows = &site->binding->as.rows;
    bool is_grouped = has_keys(site->binder, site->named);

    rows->is_aggregate = true;
    rows->key = &none;
    if (site->is_list && !is_grouped)
        binder_site_misfit(site, NULL,
                           "a list of %.*s would be a list of groups, but the type has no key that "
                           "tells groups apart; add one, or make the field a single object.",
                           STR_PRINT(site->named->name));
    if (!site->is_list && is_grouped)
        binder_site_misfit(site, NULL,
                           "%.*s has keys, so there may be many groups; make the field a list with "
                           "an argument \"by\", or show a type without keys.",
                           STR_PRINT(site->named->name));
    const struct ast_directive *order = binder_site_directive(site, "order");
    if (order)
        binder_site_misfit(site, order,
                           "groups are sorted by their keys; remove @order, and let clients choose "
                           "another order with an argument \"orderBy\".");
    return site->is_list == is_grouped && !order;
}

bool
bind_aggregate_part(const struct bind_site *site)
{
    const struct type *node = binding_row_type(site->parent);
    const struct table *table = binding_of_type(node)->table;

    site->binding->as.part.part = CONNECTION_AGGREGATE;
    if (site->is_list || has_keys(site->binder, site->named)) {
        binder_site_misfit(site, NULL,
                           "on a connection an aggregate is made of all rows, and has no groups; "
                           "make the field one object of a type without keys.");
        return false;
    }
    if (!table || binding_of_type(site->named)->table != table) {
        binder_site_misfit(site, NULL,
                           "the rows of %.*s are of %.*s; show an aggregate of the same table.",
                           STR_PRINT(site->parent->name), STR_PRINT(node->name));
        return false;
    }
    return true;
}

/* --- fields --- */

/* Without rows there is no value; `what` is the field's. */
static bool
check_nullable(const struct bind_site *site, struct str what, const char *when)
{
    if (site->is_non_null)
        binder_site_misfit(site, NULL, "%.*s is null %s; remove the \"!\".", STR_PRINT(what), when);
    return !site->is_non_null;
}

/* `sum: LinkSum!` */
static bool
bind_summary(struct bind_site *site, const struct summary *summary)
{
    const struct table *table = binding_of_type(site->parent)->table;

    site->binding->kind = BINDING_SUMMARY;
    site->binding->as.summary = find_function(site->field);
    if (site->is_list) {
        binder_site_misfit(site, NULL,
                           "%.*s is one object; make the field a single object, not a list.",
                           STR_PRINT(site->field->name));
        return false;
    }
    if (table && binding_of_type(summary->owner)->table != table) {
        binder_site_misfit(site, NULL,
                           "%.*s shows columns of %.*s, since it belongs to %.*s too; give each "
                           "table a type of its own.",
                           STR_PRINT(site->named->name),
                           STR_PRINT(binding_of_type(summary->owner)->table->name),
                           STR_PRINT(summary->owner->name));
        return false;
    }
    return table != NULL;
}

static bool
bind_count(struct bind_site *site)
{
    struct bound_aggregate *bound = &site->binding->as.aggregate;

    site->binding->kind = BINDING_AGGREGATE;
    bound->codec = bind_codec_field(site, STR("a number of rows"), column_kind_type(COLUMN_INT8));
    return bound->codec != NULL;
}

/* The column that the field means.  NULL after a misfit. */
static const struct column *
find_column(struct bind_site *site, const struct table *table)
{
    struct str name;
    const struct column *column = binder_find_column(
        site->binder, table, site->field->ast->directives, site->field->name, &name);

    if (!column)
        binder_site_misfit(site, binder_site_directive(site, "column"),
                           "%s %.*s has no column \"%.*s\"; add the column, or name another with "
                           "@column(name:).%.*s",
                           binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(name),
                           STR_PRINT(binder_suggest_column(site->binder, table, name)));
    return column;
}

/* What each function of the summary makes of the column.  NULL after a misfit; else the type that
 * all of them return. */
static const struct column_type *
find_functions(struct bind_site *site, const struct table *table, const struct column *column)
{
    struct bound_aggregate *bound = &site->binding->as.aggregate;
    const struct column_type *returns = NULL;

    for (enum aggregate_function i = 0; i < AGGREGATE_FUNCTIONS; i++) {
        if (!(site->summary->functions & 1U << i))
            continue;
        bound->functions[i] = catalog_find_aggregate(site->binder->catalog, i, column->type);
        if (!bound->functions[i]) {
            binder_site_misfit(
                site, NULL, "PostgreSQL has no %s of %.*s.%.*s, which is %.*s; remove the field.",
                aggregate_function_name(i), STR_PRINT(table->name), STR_PRINT(column->name),
                STR_PRINT(column->type_name));
            return NULL;
        }
        if (returns && !str_equal(returns->name, bound->functions[i]->returns->name)) {
            binder_site_misfit(site, NULL,
                               "the %s of %.*s.%.*s is %.*s, but the other function that %.*s is "
                               "for has %.*s; give each function a type of its own.",
                               aggregate_function_name(i), STR_PRINT(table->name),
                               STR_PRINT(column->name),
                               STR_PRINT(bound->functions[i]->returns->name),
                               STR_PRINT(site->parent->name), STR_PRINT(returns->name));
            return NULL;
        }
        returns = bound->functions[i]->returns;
    }
    return returns;
}

/* `sum(links.vote_count)`, by the first function of the summary. */
static struct str
name_value(const struct bind_site *site, const struct table *table, const struct column *column)
{
    int function = __builtin_ctz(site->summary->functions);

    return str_format(site->binder->arena, "%s(%.*s.%.*s)",
                      aggregate_function_name((enum aggregate_function)function),
                      STR_PRINT(table->name), STR_PRINT(column->name));
}

/* A sum outgrows the 32 bits of an Int, whatever its column holds. */
static bool
check_digits(const struct bind_site *site, struct str what, const struct column_type *returns)
{
    bool is_sum = (site->summary->functions & 1U << AGGREGATE_SUM) != 0;

    if (!is_sum || returns->kind != COLUMN_INT8 || !str_is(site->named->name, "Int"))
        return true;
    binder_site_misfit(site, NULL,
                       "%.*s is bigint, but Int has only 32 bits; show it as String, or as a "
                       "scalar of your own such as BigInt, with @quoted.",
                       STR_PRINT(what));
    return false;
}

/* A field of a summary. */
static bool
bind_value(struct bind_site *site)
{
    struct bound_aggregate *bound = &site->binding->as.aggregate;
    const struct table *table = binding_of_type(site->summary->owner)->table;

    site->binding->kind = BINDING_AGGREGATE;
    site->binding->is_list = false; /* of rows */
    if (!table || !bind_aggregate_check_unit(site))
        return false;
    if (!type_is_leaf(site->named)) {
        binder_site_misfit(
            site, NULL,
            "%.*s shows values that are made of columns, but %.*s is an object; make it a scalar.",
            STR_PRINT(site->parent->name), STR_PRINT(site->named->name));
        return false;
    }
    bound->column = find_column(site, table);
    const struct column_type *returns =
        bound->column ? find_functions(site, table, bound->column) : NULL;
    if (!returns)
        return false;
    struct str what = name_value(site, table, bound->column);
    bound->codec = bind_codec_field(site, what, returns);
    return bound->codec && check_digits(site, what, returns) &&
           bind_codec_check_items(site, what, bound->column->has_elements_not_null) &&
           check_nullable(site, what, "where there are no rows");
}

/* --- keys of groups --- */

/* What @column(unit:) says; NULL: nothing. */
static const struct ast_node *
find_unit_node(const struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "column");
    const struct ast_node *node = directive ? directive->arguments : NULL;

    while (node && !str_is(ast_as(argument, node)->name, "unit"))
        node = node->next;
    return node ? ast_as(argument, node)->value : NULL;
}

bool
bind_aggregate_check_unit(const struct bind_site *site)
{
    if (!find_unit_node(site))
        return true;
    binder_site_misfit(site, binder_site_directive(site, "column"),
                       "`unit:` is for keys of groups, of types with @aggregate; remove it.");
    return false;
}

static enum group_unit
find_unit(const struct bind_site *site)
{
    const struct ast_node *node = find_unit_node(site);

    return node ? group_unit_find(ast_as(value, node)->text) : UNIT_NONE;
}

/* The type of a column that is cut to the unit: a date from days on, unless the scalar shows points
 * in time.  NULL after a misfit. */
static const struct column_type *
find_unit_type(const struct bind_site *site, const struct column *column, enum group_unit unit)
{
    bool is_time = str_is(site->named->name, "DateTime") ||
                   str_is(site->named->name, "DateTimeMicros") ||
                   str_is(site->named->name, "LocalDateTime");

    if (unit == UNIT_NONE)
        return column->type;
    if (column->kind == COLUMN_DATE && group_unit_is_of_days(unit))
        return column_kind_type(COLUMN_DATE);
    if (column->kind == COLUMN_TIMESTAMP || column->kind == COLUMN_TIMESTAMPTZ)
        return column_kind_type(group_unit_is_of_days(unit) && !is_time ? COLUMN_DATE
                                                                        : column->kind);
    binder_site_misfit(site, binder_site_directive(site, "column"),
                       "column %.*s is %.*s, which has no %s; remove `unit:`.",
                       STR_PRINT(column->name), STR_PRINT(column->type_name),
                       group_unit_name(unit));
    return NULL;
}

static bool
bind_key_column(struct bind_site *site)
{
    struct bound_group_key *bound = &site->binding->as.group_key;
    const struct table *table = binding_of_type(site->parent)->table;

    site->binding->kind = BINDING_GROUP_KEY;
    site->binding->is_list = false; /* of rows */
    bound->column = table ? find_column(site, table) : NULL;
    if (!bound->column)
        return false;
    struct str what = str_format(site->binder->arena, "column %.*s.%.*s", STR_PRINT(table->name),
                                 STR_PRINT(bound->column->name));
    if (!bound->column->type->has_order) {
        binder_site_misfit(
            site, NULL,
            "%.*s is %.*s, which PostgreSQL cannot sort; use another column as the key of groups.",
            STR_PRINT(what), STR_PRINT(bound->column->type_name));
        return false;
    }
    bound->unit = find_unit(site);
    bound->type = find_unit_type(site, bound->column, bound->unit);
    bound->codec = bound->type ? bind_codec_field(site, what, bound->type) : NULL;
    return bound->codec &&
           bind_codec_check_items(site, what, bound->column->has_elements_not_null) &&
           check_nullable(site, STR("a key"), "in groups whose \"by\" does not name it");
}

/* A row that is joined to one of the group's columns. */
static bool
bind_key_row(struct bind_site *site)
{
    if (binding_of_type(site->named)->is_aggregate || site->is_list) {
        binder_site_misfit(site, NULL,
                           "a key of groups is a column, or one row that is joined to it; make "
                           "the field one of these, or name an object min, max, sum or avg.");
        return false;
    }
    return bind_field_rows(site) &&
           check_nullable(site, STR("a key"), "in groups whose \"by\" does not name it");
}

bool
bind_aggregate_field(struct bind_site *site)
{
    const struct summary *summary = bind_aggregate_find_summary(site->binder, site->named);

    if (site->summary)
        return bind_value(site);
    if (summary && find_function(site->field) != AGGREGATE_FUNCTIONS)
        return bind_summary(site, summary);
    if (summary || (type_is_composite(site->named) && !binding_of_type(site->named)->table &&
                    !binder_has_table(site->binder, site->named))) {
        binder_site_misfit(site, NULL,
                           "the field is no aggregate; name it min, max, sum or avg, or give "
                           "%.*s @table(name:).",
                           STR_PRINT(site->named->name));
        return false;
    }
    if (!bind_aggregate_is_key(site->binder, site->field))
        return bind_count(site);
    return type_is_leaf(site->named) ? bind_key_column(site) : bind_key_row(site);
}
