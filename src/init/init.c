/*
 * init.c - the model of a contract for a database that is there already: what is in it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "init/init.h"

#include "base/arena.h"
#include "base/map.h"
#include "catalog/catalog.h"
#include "catalog/catalog_load.h"
#include "sensitive/sensitive.h"
#include "init/init_internal.h"

const char *
init_reason_text(enum init_reason reason)
{
    static const char *const texts[] = {
#define INIT_TEXT(constant, text) [INIT_##constant] = text,
        INIT_REASONS(INIT_TEXT)
#undef INIT_TEXT
    };

    return texts[reason];
}

static void
leave_out(struct init_column *c, const char *phrase)
{
    c->reason = INIT_SECRET;
    c->why = str_from(phrase);
}

/* --- patterns --- */

/* Does `text` match the pattern, in which `*` stands for any characters and `?` for one? */
static bool
is_like(struct str pattern, struct str text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, mark = 0;

    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.len && (pattern.ptr[p] == '?' || pattern.ptr[p] == text.ptr[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) { /* let the last `*` stand for one more */
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

bool
init_matches(const struct init_model *m, struct str pattern, const struct table *table,
             const struct column *column)
{
    struct arena *a = m->arena;
    struct str local = table->local_name;
    struct str schema = table->schema.ptr ? table->schema : m->first_schema;
    struct str whole = str_format(a, "%.*s.%.*s", STR_PRINT(schema), STR_PRINT(local));

    if (!column)
        return is_like(pattern, local) || is_like(pattern, whole);
    return is_like(pattern,
                   str_format(a, "%.*s.%.*s", STR_PRINT(local), STR_PRINT(column->name))) ||
           is_like(pattern, str_format(a, "%.*s.%.*s", STR_PRINT(whole), STR_PRINT(column->name)));
}

static bool
has_wildcard(struct str pattern)
{
    return str_find(pattern, '*') < pattern.len || str_find(pattern, '?') < pattern.len;
}

/* Does any of the patterns name it?  `is_exact`: one without a wildcard. */
static bool
is_named(const struct init_model *m, const struct str *patterns, int count,
         const struct table *table, const struct column *column, bool is_exact)
{
    for (int i = 0; i < count; i++)
        if ((!is_exact || !has_wildcard(patterns[i])) &&
            init_matches(m, patterns[i], table, column))
            return true;
    return false;
}

/* --- the model --- */

static bool
matches_column(const struct init_model *m, struct str pattern)
{
    for (int i = 0; i < m->table_count; i++)
        for (int j = 0; j < m->tables[i].table->column_count; j++)
            if (init_matches(m, pattern, m->tables[i].table, m->tables[i].columns[j].column))
                return true;
    return false;
}

static bool
matches_table(const struct init_model *m, struct str pattern)
{
    for (int i = 0; i < m->table_count; i++)
        if (init_matches(m, pattern, m->tables[i].table, NULL))
            return true;
    return false;
}

/* Is there a pattern among those of --include that is about tables, not only about columns?  Else
 * all tables are taken. */
static bool
is_choosing(const struct init_model *m)
{
    for (int i = 0; i < m->options.include_count; i++)
        if (matches_table(m, m->options.includes[i]) || !matches_column(m, m->options.includes[i]))
            return true;
    return false;
}

static void
judge_columns(struct init_model *m, struct init_table *t)
{
    const struct init_options *o = &m->options;

    for (int i = 0; i < t->table->column_count; i++) {
        struct init_column *c = &t->columns[i];
        c->is_asked = is_named(m, o->includes, o->include_count, t->table, c->column, true);
        t->has_asked |= c->is_asked;
        if (is_named(m, o->excludes, o->exclude_count, t->table, c->column, false))
            c->reason = INIT_EXCLUDED;
        else if (c->reason == INIT_SHOWN && !c->is_asked && sensitive_column(t->table, c->column))
            leave_out(c, sensitive_column(t->table, c->column));
    }
}

static void
judge_table(struct init_model *m, struct init_table *t, bool is_choosing)
{
    const struct init_options *o = &m->options;
    struct str schema = t->table->schema.ptr ? t->table->schema : m->first_schema;
    bool is_of_schema = !o->schema.ptr || str_equal(o->schema, schema);

    t->is_asked = is_named(m, o->includes, o->include_count, t->table, NULL, true);
    bool is_included = !is_choosing || t->has_asked ||
                       is_named(m, o->includes, o->include_count, t->table, NULL, false);
    if (!is_of_schema || !is_included ||
        is_named(m, o->excludes, o->exclude_count, t->table, NULL, false))
        t->reason = INIT_EXCLUDED;
    else if (t->reason == INIT_SHOWN && !t->is_asked && !t->has_asked &&
             sensitive_table(t->table)) {
        t->reason = INIT_SECRET;
        t->why = str_from(sensitive_table(t->table));
    }
}

/* The values of what is still there. */
static void
sample(struct init_model *m, struct db *db, struct init_table *t)
{
    const char *const *found = sensitive_sample(m->arena, db, m->catalog, t->table);

    for (int i = 0; i < t->table->column_count; i++)
        if (t->columns[i].reason == INIT_SHOWN && !t->columns[i].is_asked && found[i])
            leave_out(&t->columns[i], found[i]);
}

/* --- what the database has --- */

static void
add_tables(struct init_model *m, struct catalog *catalog)
{
    m->tables = ARENA_ARRAY(m->arena, struct init_table, (size_t)catalog->table_count + 1);
    m->table_count = catalog->table_count;
    for (int i = 0; i < catalog->table_count; i++) {
        struct init_table *t = &m->tables[i];
        t->table = &catalog->tables[i];
        t->columns = ARENA_ARRAY(m->arena, struct init_column, (size_t)t->table->column_count + 1);
        for (int j = 0; j < t->table->column_count; j++)
            t->columns[j].column = &t->table->columns[j];
        map_put(m->tables_by_name, t->table->name, t);
    }
    m->enums = ARENA_ARRAY(m->arena, struct init_enum, (size_t)catalog->enum_count + 1);
    m->enum_count = catalog->enum_count;
    for (int i = 0; i < catalog->enum_count; i++)
        m->enums[i].type = &catalog->enums[i];
}

struct init_model *
init_new(struct arena *a, struct db *db, const struct init_options *options, struct str *message)
{
    struct init_model *m = ARENA_NEW(a, struct init_model);
    /* Its own catalog, of which nobody else knows: init_read() may correct it. */
    struct catalog *catalog = (struct catalog *)catalog_load(a, db, NULL, 0, message);

    if (!catalog)
        return NULL;
    *m = (struct init_model){ .arena = a, .catalog = catalog, .options = *options };
    m->tables_by_name = map_new(a);
    m->kept = map_new(a);
    m->type_names = map_new(a);
    m->items = map_new(a);
    add_tables(m, catalog);
    if (!init_read(m, db, message))
        return NULL;
    bool chooses = is_choosing(m);
    for (int i = 0; i < m->table_count; i++) {
        judge_columns(m, &m->tables[i]);
        judge_table(m, &m->tables[i], chooses);
    }
    if (options->kept)
        init_keep(m, options->kept);
    for (int i = 0; i < m->table_count; i++)
        if (init_is_shown(&m->tables[i]))
            sample(m, db, &m->tables[i]);
    init_find_keys(m, db);
    return m;
}

struct init_table *
init_find(const struct init_model *m, const struct table *table)
{
    return map_get(m->tables_by_name, table->name);
}

struct init_column *
init_find_column(const struct init_table *t, const struct column *column)
{
    return &t->columns[column->number];
}

bool
init_is_shown(const struct init_table *t)
{
    return t->reason == INIT_SHOWN;
}
