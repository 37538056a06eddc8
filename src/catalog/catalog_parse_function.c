/*
 * catalog_parse_function.c - the lines of functions and of aggregates in a catalog's text form.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "catalog/catalog_parse_internal.h"

/* The table whose row type that is, or NULL: `sales."Odd Orders"` is `sales.Odd Orders`. */
static const struct table *
find_row_type(struct catalog_reader *r, struct str type_name)
{
    char *name = arena_alloc(r->scan.arena, type_name.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < type_name.len; i++) {
        if (type_name.ptr[i] == '"' && (i + 1 == type_name.len || type_name.ptr[i + 1] != '"'))
            continue;
        i += type_name.ptr[i] == '"';
        name[len++] = type_name.ptr[i];
    }
    return catalog_find_table(r->catalog, (struct str){ name, len });
}

static void
read_parameter(struct catalog_reader *r, struct function *f)
{
    struct parameter p = { .is_variadic = scan_accept(&r->scan, "variadic") };

    p.name = scan_name(&r->scan);
    if (p.name.len == 0)
        p.name = STR_NONE;
    p.type = catalog_parse_type(r, scan_type(&r->scan));
    p.type_name = p.type->base_name;
    p.kind = p.type->kind;
    p.table = find_row_type(r, p.type_name);
    p.has_default = scan_accept(&r->scan, "default");
    GROW(r, f->parameters, f->parameter_count);
    f->parameters[f->parameter_count++] = p;
}

/* The columns of `table(...)` or `row(...)`, as a table with the function's names. */
static const struct table *
read_result_columns(struct catalog_reader *r, const struct function *f)
{
    struct table *of_line = r->table, *row = ARENA_NEW(r->scan.arena, struct table);

    row->kind = TABLE_RESULT;
    row->name = f->name;
    row->schema = f->schema;
    row->local_name = f->local_name;
    r->table = row;
    scan_expect_byte(&r->scan, '(');
    do
        catalog_parse_column(r);
    while (scan_accept_byte(&r->scan, ','));
    scan_expect_byte(&r->scan, ')');
    r->table = of_line;
    catalog_parse_column_types(r, row);
    return row;
}

/* Does this word come next, and a parenthesis at once? */
static bool
accept_call(struct catalog_reader *r, const char *word)
{
    size_t len = strlen(word);

    if (!str_is(scan_peek_word(&r->scan), word) || r->scan.at + len >= r->scan.text.len ||
        r->scan.text.ptr[r->scan.at + len] != '(')
        return false;
    return scan_accept(&r->scan, word);
}

static void
read_result(struct catalog_reader *r, struct function *f)
{
    bool is_table = accept_call(r, "table");

    if (is_table || accept_call(r, "row")) {
        f->returns_set = is_table;
        f->returns_row = read_result_columns(r, f);
        f->returns = f->returns_row->column_count == 1 ? f->returns_row->columns[0].type
                                                       : catalog_parse_type(r, STR("record"));
    } else {
        f->returns_set = scan_accept(&r->scan, "setof");
        f->returns = catalog_parse_type(r, scan_type(&r->scan));
    }
    f->returns_type = f->returns->base_name;
    f->returns_kind = f->returns->kind;
    if (!f->returns_row)
        f->returns_table = find_row_type(r, f->returns_type);
}

void
catalog_parse_function(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    struct function f = { .definer = STR_NONE };

    f.name = catalog_parse_name(r, &f.schema, &f.local_name);
    scan_expect_byte(&r->scan, '(');
    if (!scan_accept_byte(&r->scan, ')')) {
        do
            read_parameter(r, &f);
        while (scan_accept_byte(&r->scan, ','));
        scan_expect_byte(&r->scan, ')');
    }
    scan_expect(&r->scan, "returns");
    read_result(r, &f);
    f.is_volatile = scan_accept(&r->scan, "volatile");
    f.is_immutable = !f.is_volatile && scan_accept(&r->scan, "immutable");
    if (!f.is_volatile && !f.is_immutable)
        scan_expect(&r->scan, "stable");
    if (scan_accept(&r->scan, "not")) {
        scan_expect(&r->scan, "inlined");
        f.is_not_inlined = true;
    }
    if (scan_accept(&r->scan, "definer"))
        f.definer = scan_name(&r->scan);
    if (scan_accept(&r->scan, "denied")) {
        do
            f.denied |= catalog_parse_role(r);
        while (!scan_at_end(&r->scan));
    }
    GROW(r, c->functions, c->function_count);
    c->functions[c->function_count++] = f;
}

void
catalog_parse_aggregate(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    struct aggregate aggregate = { 0 };

    scan_peek(&r->scan);
    size_t start = r->scan.at;
    aggregate.function = aggregate_function_find(scan_name(&r->scan));
    if (aggregate.function == AGGREGATE_FUNCTIONS)
        scan_fail(&r->scan, start, "Expected an aggregate: min, max, sum or avg.");
    scan_expect_byte(&r->scan, '(');
    aggregate.type = catalog_parse_type(r, scan_type(&r->scan));
    scan_expect_byte(&r->scan, ')');
    scan_expect(&r->scan, "returns");
    aggregate.returns = catalog_parse_type(r, scan_type(&r->scan));
    GROW(r, c->aggregates, c->aggregate_count);
    c->aggregates[c->aggregate_count++] = aggregate;
}
