/*
 * init_relation.c - the fields that show joined rows: foreign keys both ways, and tables between.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"
#include "init/words.h"

static bool
has_type(const struct init_table *t)
{
    return init_is_shown(t) && !t->is_between && t->key_count > 0;
}

/* May all columns of a foreign key be read? */
static bool
is_readable(const struct init_table *t, const struct column *const *columns, int count)
{
    for (int i = 0; i < count; i++)
        if (init_find_column(t, columns[i])->reason != INIT_SHOWN)
            return false;
    return true;
}

static bool
has_same_columns(const struct foreign_key *one, const struct foreign_key *other)
{
    for (int i = 0; i < one->count; i++)
        if (!column_is_among(one->from_columns[i], other->from_columns, other->count))
            return false;
    return one->count == other->count;
}

/* A foreign key that joins rows of two tables that are shown, and that is not there twice.  Rows of
 * one that is NOT VALID may refer to nothing. */
static bool
is_usable(const struct init_model *m, const struct init_table *from, const struct foreign_key *key)
{
    const struct init_table *to = init_find(m, key->to);

    if (!to || !has_type(to) || !is_readable(from, key->from_columns, key->count) ||
        !is_readable(to, key->to_columns, key->count))
        return false;
    for (const struct foreign_key *k = from->table->foreign_keys; k < key; k++)
        if (k->to == key->to && has_same_columns(k, key))
            return false;
    return true;
}

/* --- tables between --- */

/* What a table between may have besides its foreign keys: a key of its own, and when a row came. */
static bool
is_by_the_way(const struct init_table *t, const struct column *column)
{
    bool is_time = column->kind == COLUMN_TIMESTAMP || column->kind == COLUMN_TIMESTAMPTZ;
    bool is_key = t->table->primary_key.count == 1 && t->table->primary_key.columns[0] == column &&
                  column->filling != COLUMN_GIVEN;

    return is_time || is_key || init_find_column(t, column)->reason != INIT_SHOWN;
}

static bool
is_referred_to(const struct init_model *m, const struct init_table *t)
{
    for (int i = 0; i < m->table_count; i++)
        for (int j = 0; j < m->tables[i].table->foreign_key_count; j++)
            if (m->tables[i].table->foreign_keys[j].to == t->table)
                return true;
    return false;
}

/* Has it two foreign keys, and nothing else that somebody would ask for? */
static bool
is_between(const struct init_model *m, const struct init_table *t)
{
    const struct table *table = t->table;
    if (table->kind != TABLE_PLAIN || table->foreign_key_count != 2 || is_referred_to(m, t))
        return false;
    const struct foreign_key *keys = table->foreign_keys;
    if (!is_usable(m, t, &keys[0]) || !is_usable(m, t, &keys[1]) || keys[0].is_not_valid ||
        keys[1].is_not_valid)
        return false;
    int joined = 0;
    for (int i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        bool is_first = column_is_among(column, keys[0].from_columns, keys[0].count);
        bool is_second = column_is_among(column, keys[1].from_columns, keys[1].count);
        joined += is_first || is_second;
        if ((is_first && is_second) || (!is_first && !is_second && !is_by_the_way(t, column)))
            return false;
    }
    return joined == keys[0].count + keys[1].count;
}

/* Neither end of a table between is one itself: so all are found first, and then taken. */
void
init_find_between(struct init_model *m)
{
    bool *found = ARENA_ARRAY(m->arena, bool, (size_t)m->table_count + 1);

    for (int i = 0; i < m->table_count; i++)
        found[i] = init_is_shown(&m->tables[i]) && is_between(m, &m->tables[i]);
    for (int i = 0; i < m->table_count; i++)
        m->tables[i].is_between = found[i];
}

/* --- names --- */

/* Words at the end, or in front, of a column's name that say that it refers to something. */
static const char reference_words[] = "code fk guid id key no nr num ref uuid";
static const char reference_heads[] = "id fk";

/* `author` of `author_id`; the whole of `posted_by`. */
static struct str
role_of(struct arena *a, const struct column *column)
{
    struct str words = words_split(a, column->name), last = words_last(words);
    size_t head = str_find(words, ' ');

    if (last.len < words.len && str_has_word(str_from(reference_words), last))
        return (struct str){ words.ptr, words.len - last.len - 1 };
    if (head < words.len &&
        str_has_word(str_from(reference_heads), (struct str){ words.ptr, head }))
        return (struct str){ words.ptr + head + 1, words.len - head - 1 };
    return words;
}

/* `customer` of `customerid`, where a foreign key says that it is one: unless the whole is what
 * rows of the other table are called, as `grid`. */
static struct str
unglued(struct arena *a, struct str role, const struct init_table *to)
{
    enum { SHORTEST = 3 };
    struct str one = words_singular(a, words_split(a, to->table->local_name));

    if (str_find(role, ' ') < role.len || !str_ends_with(role, STR("id")) ||
        role.len < SHORTEST + 2 || str_equal(role, one))
        return role;
    return (struct str){ role.ptr, role.len - 2 };
}

/* The column of a foreign key that no other one between the two tables has; else the last. */
static const struct column *
telling_column(const struct foreign_key *key)
{
    const struct table *from = key->from;

    for (int i = key->count - 1; i >= 0; i--) {
        bool is_shared = false;
        for (int j = 0; j < from->foreign_key_count; j++)
            is_shared |= &from->foreign_keys[j] != key &&
                         column_is_among(key->from_columns[i], from->foreign_keys[j].from_columns,
                                         from->foreign_keys[j].count);
        if (!is_shared)
            return key->from_columns[i];
    }
    return key->from_columns[key->count - 1];
}

/* How many foreign keys lead from one table to the other? */
static int
count_keys(const struct init_model *m, const struct init_table *from, const struct table *to)
{
    int count = 0;

    for (int i = 0; i < from->table->foreign_key_count; i++)
        count += from->table->foreign_keys[i].to == to &&
                 is_usable(m, from, &from->table->foreign_keys[i]);
    return count;
}

/* The columns of a foreign key, if a directive names them, with spaces between. */
static struct str
key_words(struct init_model *m, const struct foreign_key *key, bool is_named)
{
    struct buf *b = buf_new(m->arena);

    for (int i = 0; i < key->count && is_named; i++)
        buf_printf(b, "%s%.*s", i > 0 ? " " : "", STR_PRINT(key->from_columns[i]->name));
    return buf_copy(m->arena, b);
}

/* Name the relation, and add it: as the words say, or if that is taken with the type behind it. */
static void
add(struct init_model *m, struct init_table *t, struct map *taken, struct str words,
    struct init_relation relation)
{
    struct str name = words_camel(m->arena, words);

    if (map_get(taken, name))
        name = str_format(m->arena, "%.*s%.*s", STR_PRINT(name), STR_PRINT(relation.to->type));
    const struct init_place place = {
        .owner = t->table->name,
        .type = relation.to->type,
        .stem = relation.to->stem,
        .is_list = !relation.is_single,
        .columns = key_words(m, relation.foreign_key, relation.is_named),
        .between = relation.between ? relation.between->table->name : STR_NONE,
    };
    struct str kept = init_kept_field(m, &place, name);
    relation.field = init_take(m, taken, kept);
    relation.plain = str_equal(kept, name) ? relation.field : name;
    t->relations[t->relation_count++] = relation;
}

/* A key that is a column's own, such as that of a one-to-one extension, is named by its table. */
static struct str
forward_words(struct init_model *m, const struct foreign_key *key, const struct init_table *to)
{
    const struct column *column = telling_column(key);
    struct str role = role_of(m->arena, column);

    if (key->count > 1 || str_has_word(str_from(reference_words), role))
        return words_split(m->arena, to->type);
    return unglued(m->arena, role, to);
}

/* What rows of the same table are called that refer to this one by a column of this role. */
static const struct {
    const char *role, *many;
} selves[] = {
    { "parent", "children" },     { "manager", "reports" },    { "supervisor", "reports" },
    { "boss", "reports" },        { "reports to", "reports" }, { "reply to", "replies" },
    { "in reply to", "replies" },
};

static struct str
backward_words(struct init_model *m, const struct init_table *t, const struct init_table *from,
               const struct foreign_key *key, bool is_single)
{
    struct arena *a = m->arena;
    struct str one = words_split(a, from->type);
    struct str words = is_single ? one : words_plural(a, one);
    struct str role = unglued(a, role_of(a, telling_column(key)), t);

    if (from == t) {
        for (size_t i = 0; i < ARRAY_LENGTH(selves); i++)
            if (str_is(role, selves[i].role) && !is_single)
                return str_from(selves[i].many);
        return str_format(a, "%.*s %.*s", STR_PRINT(role), STR_PRINT(words));
    }
    if (count_keys(m, from, t->table) < 2 || str_equal(role, words_split(a, t->type)))
        return words;
    return str_format(a, "%.*s %.*s", STR_PRINT(role), STR_PRINT(words));
}

/* --- relations --- */

/* An object may follow a key of either table, where that is unique: then, and where there are
 * several, a directive says which. */
static bool
is_ambiguous(const struct init_model *m, const struct init_table *from, const struct init_table *to)
{
    return from == to || count_keys(m, from, to->table) + count_keys(m, to, from->table) > 1;
}

static void
add_forward(struct init_model *m, struct init_table *t, struct map *taken)
{
    for (int i = 0; i < t->table->foreign_key_count; i++) {
        const struct foreign_key *key = &t->table->foreign_keys[i];
        struct init_table *to = init_find(m, key->to);
        if (!is_usable(m, t, key))
            continue;
        bool is_given = !to->table->may_hide_rows && !key->is_not_valid;
        for (int j = 0; j < key->count; j++)
            is_given &= key->from_columns[j]->is_not_null;
        add(m, t, taken, forward_words(m, key, to),
            (struct init_relation){
                .kind = INIT_TO_ONE,
                .to = to,
                .foreign_key = key,
                .is_named = is_ambiguous(m, t, to),
                .is_single = true,
                .has_value = is_given,
            });
    }
}

static void
add_backward(struct init_model *m, struct init_table *t, struct init_table *from, struct map *taken)
{
    for (int i = 0; i < from->table->foreign_key_count; i++) {
        const struct foreign_key *key = &from->table->foreign_keys[i];
        if (key->to != t->table || !is_usable(m, from, key))
            continue;
        bool is_single = table_is_unique(from->table, key->from_columns, key->count);
        if (is_single && from == t) /* an object of the same type leads the other way */
            continue;
        struct str words = backward_words(m, t, from, key, is_single);
        add(m, t, taken, words,
            (struct init_relation){
                .kind = INIT_TO_MANY,
                .to = from,
                .foreign_key = key,
                .is_named = is_ambiguous(m, t, from),
                .is_single = is_single,
            });
    }
}

/* Rows of one table that a table between joins to each other are named by the column that leads to
 * them; others by their type. */
static void
add_through(struct init_model *m, struct init_table *t, struct init_table *between,
            struct map *taken)
{
    for (int i = 0; i < 2; i++) {
        const struct foreign_key *here = &between->table->foreign_keys[i];
        const struct foreign_key *there = &between->table->foreign_keys[1 - i];
        if (here->to != t->table)
            continue;
        struct init_table *to = init_find(m, there->to);
        bool is_self = to == t;
        struct str one =
            is_self ? role_of(m->arena, telling_column(there)) : words_split(m->arena, to->type);
        add(m, t, taken, words_plural(m->arena, one),
            (struct init_relation){
                .kind = INIT_THROUGH,
                .to = to,
                .between = between,
                .foreign_key = here,
                .onward = there,
                .is_named = is_self,
            });
    }
}

/* Both ways of a reference that has no foreign key: of this table's columns, and of others'. */
static void
add_guesses(struct init_model *m, struct init_table *t, struct map *taken)
{
    for (int i = 0; i < t->guess_count; i++) {
        struct init_table *to = init_find(m, t->guesses[i].to);
        add(m, t, taken, role_of(m->arena, t->guesses[i].from_columns[0]),
            (struct init_relation){ .kind = INIT_TO_ONE,
                                    .to = to,
                                    .foreign_key = &t->guesses[i],
                                    .is_single = true,
                                    .is_guess = true });
    }
    for (int i = 0; i < m->table_count && t->key_count > 0; i++) {
        struct init_table *from = &m->tables[i];
        for (int j = 0; has_type(from) && j < from->guess_count; j++)
            if (from->guesses[j].to == t->table)
                add(m, t, taken, backward_words(m, t, from, &from->guesses[j], false),
                    (struct init_relation){ .kind = INIT_TO_MANY,
                                            .to = from,
                                            .foreign_key = &from->guesses[j],
                                            .is_guess = true });
    }
}

/* As many as there may be: those of its own keys, of all others' that lead here, and two for each
 * table between. */
static size_t
most_relations(const struct init_model *m, const struct init_table *t)
{
    size_t most = (size_t)t->table->foreign_key_count + (size_t)t->guess_count;

    for (int i = 0; i < m->table_count; i++)
        for (int j = 0; j < m->tables[i].table->foreign_key_count; j++)
            most += m->tables[i].table->foreign_keys[j].to == t->table;
    for (int i = 0; i < m->table_count; i++)
        most += (size_t)m->tables[i].guess_count;
    return most;
}

void
init_mark_joined(struct init_model *m, struct init_table *t)
{
    for (int i = 0; i < t->table->foreign_key_count; i++) {
        const struct foreign_key *key = &t->table->foreign_keys[i];
        for (int j = 0; j < key->count && is_usable(m, t, key); j++)
            init_find_column(t, key->from_columns[j])->is_joined = true;
    }
}

void
init_relate(struct init_model *m, struct init_table *t, struct map *taken)
{
    t->relations = ARENA_ARRAY(m->arena, struct init_relation, most_relations(m, t) + 1);
    add_forward(m, t, taken);
    for (int i = 0; i < m->table_count; i++)
        if (t->key_count > 0 && has_type(&m->tables[i]))
            add_backward(m, t, &m->tables[i], taken);
    for (int i = 0; i < m->table_count; i++)
        if (t->key_count > 0 && m->tables[i].is_between)
            add_through(m, t, &m->tables[i], taken);
    add_guesses(m, t, taken);
}
