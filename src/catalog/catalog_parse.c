/*
 * catalog_parse.c - from the text form of a catalog (catalog.h) to the catalog.
 *
 * Two passes over the lines, since a foreign key may name a table that comes
 * later: the first makes enums, tables and columns, the second what refers to
 * them.  One constant table says which word begins which line, in which pass
 * it is read, and by what.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "language/source.h"
#include "catalog/catalog_parse_internal.h"

void *
catalog_parse_grow(struct arena *a, void *array, int count, size_t size)
{
    if (count > 0 && (count & (count - 1)) != 0)
        return array;
    void *bigger = arena_array(a, count == 0 ? 1 : (size_t)count * 2, size);
    if (count > 0)
        memcpy(bigger, array, (size_t)count * size);
    return bigger;
}

const struct column *
catalog_parse_column_name(struct catalog_reader *r, const struct table *t)
{
    scan_peek(&r->scan);
    size_t start = r->scan.at;
    struct str name = scan_name(&r->scan);
    const struct column *column = r->scan.failed ? NULL : table_find_column(t, name);

    if (!column)
        scan_fail(&r->scan, start, "Table %.*s has no column \"%.*s\".", STR_PRINT(t->name),
                  STR_PRINT(name));
    return column;
}

/* Columns up to the line's end, or up to one of the words `references` and `not`, unquoted. */
const struct column **
catalog_parse_columns(struct catalog_reader *r, const struct table *t, int *count)
{
    const struct column **columns = NULL;

    *count = 0;
    while (!scan_at_end(&r->scan) && !str_is(scan_peek_word(&r->scan), "references") &&
           !str_is(scan_peek_word(&r->scan), "not")) {
        const struct column *column = catalog_parse_column_name(r, t);
        GROW(r, columns, *count);
        columns[(*count)++] = column;
    }
    if (*count == 0)
        scan_fail(&r->scan, r->scan.at, "Expected a column's name.");
    return columns;
}

static void
read_hash(struct catalog_reader *r)
{
    r->catalog->hash = str_copy(r->scan.arena, scan_run(&r->scan));
    if (r->catalog->hash.len == 0)
        scan_fail(&r->scan, r->scan.at, "Expected a hash.");
}

static void
read_enum(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    struct enum_type e = { .name = str_copy(r->scan.arena, scan_run(&r->scan)) };

    if (e.name.len == 0)
        scan_fail(&r->scan, r->scan.at, "Expected a type.");
    while (!scan_at_end(&r->scan)) {
        struct str label = scan_name(&r->scan);
        GROW(r, e.labels, e.label_count);
        e.labels[e.label_count++] = label;
    }
    GROW(r, c->enums, c->enum_count);
    c->enums[c->enum_count++] = e;
}

static void
read_domain(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    struct domain domain = { .name = str_copy(r->scan.arena, scan_run(&r->scan)) };

    if (domain.name.len == 0)
        scan_fail(&r->scan, r->scan.at, "Expected a type.");
    domain.base_name = scan_type(&r->scan);
    GROW(r, c->domains, c->domain_count);
    c->domains[c->domain_count++] = domain;
}

static void
read_schema(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    struct schema_rights schema = { .name = scan_name(&r->scan) };

    schema.is_first = scan_accept(&r->scan, "first");
    if (scan_accept(&r->scan, "denied"))
        do
            schema.denied |= catalog_parse_role(r);
        while (!scan_at_end(&r->scan));
    GROW(r, c->schemas, c->schema_count);
    c->schemas[c->schema_count++] = schema;
}

struct str
catalog_parse_name(struct catalog_reader *r, struct str *schema, struct str *local_name)
{
    *schema = STR_NONE;
    *local_name = scan_name(&r->scan);
    if (r->scan.failed || r->scan.at == r->scan.text.len || r->scan.text.ptr[r->scan.at] != '.')
        return *local_name;
    r->scan.at++;
    *schema = *local_name;
    *local_name = scan_name(&r->scan);
    return str_format(r->scan.arena, "%.*s.%.*s", STR_PRINT(*schema), STR_PRINT(*local_name));
}

static void
read_table_kind(struct catalog_reader *r, struct table *t)
{
    for (enum table_kind kind = TABLE_PARTITIONED; kind < TABLE_RESULT; kind++)
        if (scan_accept(&r->scan,
                        kind == TABLE_MATERIALIZED_VIEW ? "materialized" : table_kind_name(kind))) {
            if (kind == TABLE_MATERIALIZED_VIEW)
                scan_expect(&r->scan, "view");
            t->kind = kind;
            return;
        }
}

static void
read_table(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    struct table table = { .kind = TABLE_PLAIN };

    table.name = catalog_parse_name(r, &table.schema, &table.local_name);
    for (int i = 0; i < c->table_count; i++)
        if (str_equal(c->tables[i].name, table.name))
            scan_fail(&r->scan, r->scan.at, "Table %.*s occurs twice.", STR_PRINT(table.name));
    read_table_kind(r, &table);
    GROW(r, c->tables, c->table_count);
    r->table = &c->tables[c->table_count++];
    *r->table = table;
}

/* In the second pass: what follows is of that table. */
static void
enter_table(struct catalog_reader *r)
{
    struct str schema, local_name;

    r->table = map_get(r->catalog->tables_by_name, catalog_parse_name(r, &schema, &local_name));
    read_table_kind(r, r->table);
}

/* What stands after a column's type. */
static void
read_column_words(struct catalog_reader *r, struct column *column)
{
    if (scan_accept(&r->scan, "not")) {
        scan_expect(&r->scan, "null");
        column->is_not_null = true;
    }
    if (scan_accept(&r->scan, "elements")) {
        scan_expect(&r->scan, "not");
        scan_expect(&r->scan, "null");
        column->has_elements_not_null = true;
    }
    if (scan_accept(&r->scan, "collation"))
        column->collation = scan_name(&r->scan);
    column->is_nondeterministic = scan_accept(&r->scan, "nondeterministic");
    if (scan_accept(&r->scan, "default"))
        column->filling = COLUMN_DEFAULT;
    else if (scan_accept(&r->scan, "identity"))
        column->filling = COLUMN_IDENTITY;
    else if (scan_accept(&r->scan, "generated"))
        column->filling = COLUMN_GENERATED;
}

void
catalog_parse_column(struct catalog_reader *r)
{
    struct table *t = r->table;
    struct column column = { .name = scan_name(&r->scan), .number = t->column_count };

    column.type_name = scan_type(&r->scan);
    read_column_words(r, &column);
    for (int i = 0; i < t->column_count; i++)
        if (str_equal(t->columns[i].name, column.name))
            scan_fail(&r->scan, r->scan.at, "Column %.*s occurs twice.", STR_PRINT(column.name));
    GROW(r, t->columns, t->column_count);
    t->columns[t->column_count++] = column;
}

static void
read_primary_key(struct catalog_reader *r)
{
    scan_expect(&r->scan, "key");
    r->table->primary_key.columns =
        catalog_parse_columns(r, r->table, &r->table->primary_key.count);
}

static void
read_unique_key(struct catalog_reader *r)
{
    struct table *t = r->table;
    struct key key;

    key.columns = catalog_parse_columns(r, t, &key.count);
    GROW(r, t->unique_keys, t->unique_count);
    t->unique_keys[t->unique_count++] = key;
}

static void
read_foreign_key(struct catalog_reader *r)
{
    struct table *t = r->table;
    struct foreign_key key = { .from = t };
    int to_count = 0;

    scan_expect(&r->scan, "key");
    key.from_columns = catalog_parse_columns(r, t, &key.count);
    scan_expect(&r->scan, "references");
    scan_peek(&r->scan);
    size_t start = r->scan.at;
    struct str schema, local_name, name = catalog_parse_name(r, &schema, &local_name);
    if (r->scan.failed)
        return;
    key.to = catalog_find_table(r->catalog, name);
    if (!key.to) {
        scan_fail(&r->scan, start, "There is no table \"%.*s\".", STR_PRINT(name));
        return;
    }
    key.to_columns = catalog_parse_columns(r, key.to, &to_count);
    if (to_count != key.count)
        scan_fail(&r->scan, start,
                  "A foreign key must have the same number of columns on both sides.");
    if (scan_accept(&r->scan, "not")) {
        scan_expect(&r->scan, "valid");
        key.is_not_valid = true;
        key.name = scan_at_end(&r->scan) ? STR_NONE : scan_name(&r->scan);
    }
    GROW(r, t->foreign_keys, t->foreign_key_count);
    t->foreign_keys[t->foreign_key_count++] = key;
}

static void
read_constraint(struct catalog_reader *r)
{
    struct table *t = r->table;
    struct constraint constraint = { .name = scan_name(&r->scan) };

    if (!scan_at_end(&r->scan))
        constraint.columns = catalog_parse_columns(r, t, &constraint.count);
    GROW(r, t->constraints, t->constraint_count);
    t->constraints[t->constraint_count++] = constraint;
}

static void
read_policy(struct catalog_reader *r)
{
    scan_expect(&r->scan, "hides");
    scan_expect(&r->scan, "rows");
    r->table->may_hide_rows = true;
}

static void
read_rows(struct catalog_reader *r)
{
    size_t at = r->scan.at;

    if (!str_read_int64(scan_run(&r->scan), &r->table->row_count))
        scan_fail(&r->scan, at, "Expected a number of rows.");
}

static void
read_roles(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;

    while (!scan_at_end(&r->scan)) {
        if (c->role_count == CATALOG_ROLES) {
            scan_fail(&r->scan, r->scan.at, "There are more than %d roles.", CATALOG_ROLES);
            return;
        }
        struct str name = scan_name(&r->scan);
        if (catalog_role_bit(c, name) != 0)
            scan_fail(&r->scan, r->scan.at, "A role is named once.");
        GROW(r, c->roles, c->role_count);
        c->roles[c->role_count++] = name;
    }
}

uint32_t
catalog_parse_role(struct catalog_reader *r)
{
    scan_peek(&r->scan);
    size_t start = r->scan.at;
    struct str name = scan_name(&r->scan);
    uint32_t bit = catalog_role_bit(r->catalog, name);

    if (bit == 0)
        scan_fail(&r->scan, start, "There is no role \"%.*s\".", STR_PRINT(name));
    return bit;
}

const struct column_type *
catalog_parse_type(struct catalog_reader *r, struct str name)
{
    return catalog_get_type(r->scan.arena, r->catalog, name);
}

void
catalog_parse_column_types(struct catalog_reader *r, struct table *t)
{
    t->columns_by_name = map_new(r->scan.arena);
    for (int i = 0; i < t->column_count; i++) {
        struct column *column = &t->columns[i];
        column->type = catalog_parse_type(r, column->type_name);
        column->type_name = column->type->base_name;
        column->kind = column->type->kind;
        map_put(t->columns_by_name, column->name, column);
    }
}

/* The lines, by their first word, and what reads the rest in either pass. */
static const struct line {
    const char *word;
    void (*read_first)(struct catalog_reader *r);
    void (*read_second)(struct catalog_reader *r);
    bool is_of_table;
} lines[] = {
    { "catalog", read_hash, NULL, false },
    { "roles", read_roles, NULL, false },
    { "enum", read_enum, NULL, false },
    { "table", read_table, enter_table, false },
    { "column", catalog_parse_column, NULL, true },
    { "primary", NULL, read_primary_key, true },
    { "unique", NULL, read_unique_key, true },
    { "foreign", NULL, read_foreign_key, true },
    { "constraint", NULL, read_constraint, true },
    { "policy", NULL, read_policy, true },
    { "personal", NULL, catalog_parse_personal, true },
    { "rows", NULL, read_rows, true },
    { "search", NULL, catalog_parse_search, true },
    { "index", NULL, catalog_parse_index, true },
    { "denied", NULL, catalog_parse_denied, true },
    { "parts", NULL, catalog_parse_parts, true },
    { "delete", NULL, catalog_parse_delete, true },
    { "insert", NULL, catalog_parse_insert, true },
    { "update", NULL, catalog_parse_update, true },
    { "sequence", NULL, catalog_parse_sequence, true },
    { "domain", read_domain, NULL, false },
    { "type", catalog_parse_type_line, NULL, false },
    { "aggregate", NULL, catalog_parse_aggregate, false },
    { "schema", read_schema, NULL, false },
    { "function", NULL, catalog_parse_function, false },
};

static void
read_line(struct catalog_reader *r, bool is_second)
{
    struct str word = scan_peek_word(&r->scan);

    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
        if (!str_is(word, lines[i].word))
            continue;
        void (*read)(struct catalog_reader *) =
            is_second ? lines[i].read_second : lines[i].read_first;
        if (!read) {
            scan_skip(&r->scan);
            return;
        }
        if (lines[i].is_of_table && !r->table) {
            scan_fail(&r->scan, r->scan.at, "A \"table\" line must come before.");
            return;
        }
        r->scan.at += word.len;
        read(r);
        if (!scan_at_end(&r->scan))
            scan_fail(&r->scan, r->scan.at, "Expected the end of the line.");
        return;
    }
    scan_fail(&r->scan, r->scan.at,
              "Expected a definition: catalog, enum, domain, type, aggregate, schema, table, "
              "column, primary key, unique, foreign key, constraint, policy, rows, search, index "
              "or function.");
}

static void
read_lines(struct catalog_reader *r, bool is_second)
{
    r->scan.at = 0;
    r->table = NULL;
    while (r->scan.at < r->scan.text.len && !r->scan.failed) {
        char c = scan_peek(&r->scan);
        if (c == '#')
            scan_skip_comment(&r->scan);
        else if (c != '\n')
            read_line(r, is_second);
        r->scan.at++;
    }
}

/* Between the passes: tables and columns no longer move. */
static void
index_tables(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;

    for (int i = 0; i < c->enum_count; i++)
        map_add(c->enums_by_name, c->enums[i].name, &c->enums[i]);
    for (int i = 0; i < c->table_count; i++) {
        map_put(c->tables_by_name, c->tables[i].name, &c->tables[i]);
        catalog_parse_column_types(r, &c->tables[i]);
    }
}

/* How many of these does the name of the table, or of a column, begin with at most? */
static size_t
count_leading(const struct table *t, char c)
{
    size_t most = 0;

    for (int i = -1; i < t->column_count; i++) {
        struct str name = i < 0 ? t->local_name : t->columns[i].name;
        size_t count = 0;
        while (count < name.len && name.ptr[count] == c)
            count++;
        most = count > most ? count : most;
    }
    return most;
}

static void
find_made_up(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    size_t len = 1;

    for (int i = 0; i < c->table_count; i++)
        while (len <= count_leading(&c->tables[i], '#'))
            len++;
    for (int i = 0; i < c->function_count; i++)
        while (c->functions[i].returns_row &&
               len <= count_leading(c->functions[i].returns_row, '#'))
            len++;
    char *text = arena_alloc(r->scan.arena, len);
    memset(text, '#', len);
    c->made_up = (struct str){ text, len };
}

/* Find them by their names, in their order: the last is put in front of the others first. */
static void
index_functions(struct catalog *c)
{
    for (int i = c->function_count - 1; i >= 0; i--) {
        struct function *f = &c->functions[i];
        f->next = map_put(c->functions_by_name, f->name, f);
    }
}

const struct catalog *
catalog_parse(struct arena *a, const struct source *source, struct errors *errors)
{
    struct catalog_reader r = {
        .scan = { .arena = a, .source = source, .text = source->text, .errors = errors }
    };

    r.catalog = ARENA_NEW(a, struct catalog);
    r.catalog->tables_by_name = map_new(a);
    r.catalog->functions_by_name = map_new(a);
    r.catalog->enums_by_name = map_new(a);
    r.catalog->types_by_name = map_new(a);
    read_lines(&r, false);
    if (r.scan.failed)
        return NULL;
    index_tables(&r);
    read_lines(&r, true);
    index_functions(r.catalog);
    find_made_up(&r);
    catalog_parse_rights_end(&r);
    return r.scan.failed ? NULL : r.catalog;
}
