/*
 * init_guess.c - columns that refer to rows of another table by their names alone.
 *
 * `user_id` beside a table `users` with a key of that type is a reference, whether or not
 * PostgreSQL was told so.  The contract says it in a comment: nothing sees to it that it is true.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"
#include "init/words.h"

/* `user` of `user_id`; STR_NONE: the name says no reference. */
static struct str
reference_of(const struct init_model *m, const struct column *column)
{
    struct str words = words_split(m->arena, column->name);

    return str_ends_with(words, STR(" id")) ? (struct str){ words.ptr, words.len - 3 } : STR_NONE;
}

/* Is there a column that says of which table the rows are, as `commentable_type`? */
static bool
is_polymorphic(const struct init_model *m, const struct table *table, struct str reference)
{
    struct str wanted = str_format(m->arena, "%.*s type", STR_PRINT(reference));

    for (int i = 0; i < table->column_count; i++)
        if (str_equal(words_split(m->arena, table->columns[i].name), wanted))
            return true;
    return false;
}

static bool
is_integer(enum column_kind kind)
{
    return kind == COLUMN_INT2 || kind == COLUMN_INT4 || kind == COLUMN_INT8;
}

/* May values of the column be keys of the table? */
static bool
may_refer(const struct init_table *t, const struct column *column, const struct init_table *to)
{
    if (!init_is_shown(to) || to->is_between || to->is_guessed || to->key_count != 1 ||
        !str_equal(t->table->schema, to->table->schema))
        return false;
    return column->kind == to->key[0]->kind ||
           (is_integer(column->kind) && is_integer(to->key[0]->kind));
}

static struct init_table *
find_called(const struct init_model *m, const struct init_table *t, const struct column *column,
            struct str words)
{
    for (int i = 0; i < m->table_count; i++) {
        struct init_table *to = &m->tables[i];
        struct str name = words_split(m->arena, to->table->local_name);
        if (may_refer(t, column, to) && str_equal(words_singular(m->arena, name), words))
            return to;
    }
    return NULL;
}

static struct init_table *
find_referred(const struct init_model *m, struct init_table *t, const struct column *column)
{
    struct str reference = reference_of(m, column);

    if (!reference.ptr || is_polymorphic(m, t->table, reference) ||
        (t->key_count == 1 && t->key[0] == column))
        return NULL;
    if (str_is(reference, "parent") && may_refer(t, column, t))
        return t;
    struct init_table *found = find_called(m, t, column, reference);
    return found ? found : find_called(m, t, column, words_last(reference));
}

/* Has the column a foreign key, whatever became of that? */
static bool
has_key(const struct table *table, const struct column *column)
{
    for (int i = 0; i < table->foreign_key_count; i++)
        if (column_is_among(column, table->foreign_keys[i].from_columns,
                            table->foreign_keys[i].count))
            return true;
    return false;
}

void
init_find_guesses(struct init_model *m, struct init_table *t)
{
    t->guesses = ARENA_ARRAY(m->arena, struct foreign_key, (size_t)t->table->column_count + 1);
    for (int i = 0; i < t->table->column_count; i++) {
        const struct column *column = &t->table->columns[i];
        if (t->columns[i].reason != INIT_SHOWN || has_key(t->table, column))
            continue;
        struct init_table *to = find_referred(m, t, column);
        if (!to)
            continue;
        struct foreign_key *guess = &t->guesses[t->guess_count++];
        *guess = (struct foreign_key){ .from = t->table, .to = to->table, .count = 1 };
        guess->from_columns = ARENA_NEW(m->arena, const struct column *);
        guess->from_columns[0] = column;
        guess->to_columns = to->key;
    }
}
