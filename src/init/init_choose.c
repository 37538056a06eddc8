/*
 * init_choose.c - the keys of tables, and the order in which everything else is chosen.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "database/db.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "init/init_internal.h"
#include "init/words.h"

bool
init_is_plain_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && !str_is_digit(c))
            return false;
    }
    return name.len > 0;
}

bool
init_is_document(const struct column *column)
{
    return str_is(column->type_name, "tsvector");
}

/* --- keys --- */

/* Is every column there for requests, and can rows be read by it? */
static bool
is_good_key(const struct init_table *t, const struct key *key, bool is_primary)
{
    for (int i = 0; i < key->count; i++)
        if (init_find_column(t, key->columns[i])->reason != INIT_SHOWN ||
            (!is_primary &&
             (!key->columns[i]->is_not_null || column_kind_is_opaque(key->columns[i]->kind))))
            return false;
    return key->count > 0;
}

static void
set_key(struct init_table *t, const struct key *key)
{
    t->key = key->columns;
    t->key_count = key->count;
}

/* The primary key, or the first unique key whose columns have values in each row. */
static void
choose_key(struct init_table *t)
{
    if (is_good_key(t, &t->table->primary_key, true)) {
        set_key(t, &t->table->primary_key);
        return;
    }
    for (int i = 0; i < t->table->unique_count; i++)
        if (is_good_key(t, &t->table->unique_keys[i], false)) {
            set_key(t, &t->table->unique_keys[i]);
            return;
        }
}

/* The column of a view that looks like a key: `id`, or the first if its name ends so. */
static const struct column *
guess_key(const struct init_model *m, const struct init_table *t)
{
    for (int i = 0; i < t->table->column_count; i++) {
        const struct column *column = &t->table->columns[i];
        struct str words = words_split(m->arena, column->name);
        bool is_like = str_is(words, "id") || (i == 0 && str_ends_with(words, STR("id")));
        if (is_like && t->columns[i].reason == INIT_SHOWN && init_may_be_id(column))
            return column;
    }
    return NULL;
}

/* Has each value of the column one row?  A view that takes long to say so has no key. */
static bool
is_unique(const struct init_model *m, struct db *db, const struct init_table *t,
          const struct column *column)
{
    struct buf *sql = buf_new(m->arena);
    struct str message;

    buf_put_c(sql, "SELECT FROM ");
    identifier_write_table(sql, m->catalog, t->table);
    buf_put_c(sql, " GROUP BY ");
    identifier_write(sql, column->name);
    buf_put_c(sql, " HAVING count(*) > 1 OR count(");
    identifier_write(sql, column->name);
    buf_put_c(sql, ") = 0 LIMIT 1");
    struct rows *rows = db_query(db, m->arena, buf_copy(m->arena, sql).ptr, 0, NULL, &message);
    return rows && rows_count(rows) == 0;
}

static bool
is_view(const struct init_table *t)
{
    return t->table->kind != TABLE_PLAIN && t->table->kind != TABLE_PARTITIONED;
}

void
init_find_keys(struct init_model *m, struct db *db)
{
    for (int i = 0; i < m->table_count; i++) {
        struct init_table *t = &m->tables[i];
        choose_key(t);
        if (t->key_count > 0 || !is_view(t) || !init_is_shown(t))
            continue;
        const struct column *guess = guess_key(m, t);
        if (!guess || !is_unique(m, db, t, guess))
            continue;
        t->key = ARENA_ARRAY(m->arena, const struct column *, 1);
        t->key[0] = guess;
        t->key_count = 1;
        t->is_guessed = true;
    }
}

/* --- rows that nothing tells apart --- */

/* What sorts them: the first columns that can. */
static struct str
order_of_keyless(const struct init_model *m, const struct init_table *t)
{
    enum { MOST = 4 };
    struct buf *b = buf_new(m->arena);
    int count = 0;

    for (int i = 0; i < t->table->column_count && count < MOST; i++) {
        const struct column *column = &t->table->columns[i];
        if (t->columns[i].reason != INIT_SHOWN || !column->type->has_order ||
            !init_is_plain_name(column->name))
            continue;
        buf_put_c(b, count++ > 0 ? ", " : "");
        buf_put(b, column->name);
    }
    return count > 0 ? buf_copy(m->arena, b) : STR_NONE;
}

/* --- all --- */

static bool
has_columns(const struct init_table *t)
{
    for (int i = 0; i < t->table->column_count; i++)
        if (t->columns[i].reason == INIT_SHOWN)
            return true;
    return false;
}

static void
leave_out_tables(struct init_model *m)
{
    for (int i = 0; i < m->table_count; i++) {
        struct init_table *t = &m->tables[i];
        if (!init_is_shown(t))
            continue;
        if (!has_columns(t))
            t->reason = INIT_EMPTY;
        else if (t->key_count == 0)
            t->order = order_of_keyless(m, t);
        if (init_is_shown(t) && t->key_count == 0 && !t->order.ptr)
            t->reason = INIT_KEYLESS;
    }
}

void
init_choose(struct init_model *m)
{
    size_t columns = 0;

    for (int i = 0; i < m->table_count; i++)
        columns += (size_t)m->tables[i].table->column_count;
    m->comparisons = ARENA_ARRAY(m->arena, struct init_comparison, columns + 1);
    leave_out_tables(m);
    init_find_between(m);
    init_name_tables(m);
    init_name_enums(m);
    for (int i = 0; i < m->table_count; i++)
        if (init_is_shown(&m->tables[i]) && !m->tables[i].is_between)
            init_find_guesses(m, &m->tables[i]);
    for (int i = 0; i < m->table_count; i++) {
        struct init_table *t = &m->tables[i];
        struct map *taken = map_new(m->arena);
        if (!init_is_shown(t) || t->is_between)
            continue;
        init_mark_joined(m, t);
        init_name_columns(m, t, taken);
        init_relate(m, t, taken);
        init_find_orders(m, t);
        init_find_filters(m, t);
        init_find_mutations(m, t);
    }
}
