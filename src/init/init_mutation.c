/*
 * init_mutation.c - what --writes makes of a table: which mutations there are, and what they set.
 *
 * An input has what somebody who adds a row has to say, or may.  It has no secrets, nothing that
 * the database fills by itself, and nothing that says what a person may do: a form that sends one
 * field more than it shows must not make anybody an administrator.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/map.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"
#include "init/words.h"

/* --- columns --- */

/* Words of a column's name that say what somebody may do; and those that do where rows are
 * accounts. */
static const char power_words[] = "acl admin admins administrator moderator permission permissions "
                                  "privilege privileges staff superadmin superuser";
static const char account_words[] = "approved banned blocked confirmed group groups locked role "
                                    "roles suspended verified";

/* Words of columns by which accounts are known. */
static const char name_words[] = "email login mail username";

/* What a record of when a row came or changed is called. */
static const char *const record_names[] = {
    "created at",  "created on", "created",       "create date",   "created date", "inserted at",
    "updated at",  "updated on", "updated",       "update date",   "updated date", "modified at",
    "modified on", "modified",   "modified date", "last modified", "last update",  "last updated"
};

static bool
has_word_of(struct str words, const char *list)
{
    struct str rest = words, word;

    while (str_next_word(&rest, &word))
        if (str_has_word(str_from(list), word))
            return true;
    return false;
}

static struct str
words_of(const struct init_model *m, const struct init_column *c)
{
    return words_split(m->arena, c->column->name);
}

/* Are its rows people who sign in? */
static bool
is_of_accounts(const struct init_model *m, const struct init_table *t)
{
    for (int i = 0; i < t->table->column_count; i++)
        if (t->columns[i].reason == INIT_SECRET ||
            has_word_of(words_of(m, &t->columns[i]), name_words))
            return true;
    return false;
}

static bool
is_record(const struct init_model *m, const struct init_column *c)
{
    enum column_kind kind = c->column->kind;

    if (kind != COLUMN_TIMESTAMP && kind != COLUMN_TIMESTAMPTZ && kind != COLUMN_DATE)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(record_names); i++)
        if (str_is(words_of(m, c), record_names[i]))
            return true;
    return false;
}

/* Does the database see to it alone: is it generated, the number of a new row, or the time when
 * it came? */
static bool
is_filled(const struct init_model *m, const struct init_table *t, const struct init_column *c)
{
    bool is_key = column_is_among(c->column, t->key, t->key_count);

    switch (c->column->filling) {
    case COLUMN_IDENTITY:
    case COLUMN_GENERATED:
        return true;
    case COLUMN_DEFAULT:
        return (is_key && !c->is_joined) || is_record(m, c);
    case COLUMN_GIVEN:
        break;
    }
    return false;
}

/* The table whose rows have the column's values as ids, which are global; or NULL. */
static const struct init_table *
referred(const struct init_model *m, const struct init_table *t, const struct column *column)
{
    for (int i = 0; i < t->table->foreign_key_count; i++) {
        const struct foreign_key *key = &t->table->foreign_keys[i];
        const struct init_table *to = init_find(m, key->to);
        if (key->count == 1 && key->from_columns[0] == column && to && init_is_shown(to) &&
            to->key_count == 1 && to->key[0] == key->to_columns[0] && init_is_node(m, to))
            return to;
    }
    return NULL;
}

static void
choose_setter(struct init_model *m, const struct init_table *t, struct init_column *c,
              struct map *taken)
{
    const struct column *column = c->column;
    bool is_id =
        c->is_joined || (column_is_among(column, t->key, t->key_count) && init_has_id(m, t));

    c->setter = init_take(m, taken, c->plain.ptr ? c->plain : init_argument_name(m, column));
    c->setter_type = is_id && init_may_be_id(column) ? STR("ID") : init_column_type(m, column);
    c->is_needed = column->is_not_null && column->filling == COLUMN_GIVEN;
    if (c->is_joined && str_is(c->setter_type, "ID"))
        c->refers_to = referred(m, t, column);
}

static void
choose_setters(struct init_model *m, struct init_table *t)
{
    struct map *taken = map_new(m->arena);
    bool has_accounts = is_of_accounts(m, t);

    for (int i = 0; i < t->table->column_count; i++) {
        struct init_column *c = &t->columns[i];
        struct str words = words_of(m, c);
        if (c->reason != INIT_SHOWN || is_filled(m, t, c) || init_is_document(c->column))
            continue;
        bool is_power =
            has_word_of(words, power_words) || (has_accounts && has_word_of(words, account_words));
        if (is_power && !c->is_asked)
            c->unset = "no input, since it may say what somebody is allowed to do";
        else
            choose_setter(m, t, c, taken);
    }
}

bool
init_may_change(const struct init_table *t, const struct init_column *c)
{
    return c->setter.ptr && !column_is_among(c->column, t->key, t->key_count);
}

/* --- mutations --- */

static bool
has_setter(const struct init_table *t)
{
    for (int i = 0; i < t->table->column_count; i++)
        if (t->columns[i].setter.ptr)
            return true;
    return false;
}

static bool
has_change(const struct init_table *t)
{
    for (int i = 0; i < t->table->column_count; i++)
        if (init_may_change(t, &t->columns[i]))
            return true;
    return false;
}

/* A column that a new row must have, and that no input sets; or NULL. */
static const struct column *
find_missing(const struct init_model *m, const struct init_table *t)
{
    for (int i = 0; i < t->table->column_count; i++) {
        const struct init_column *c = &t->columns[i];
        if (c->column->is_not_null && c->column->filling == COLUMN_GIVEN && !c->setter.ptr &&
            !is_filled(m, t, c))
            return c->column;
    }
    return NULL;
}

/* The first unique key that is not the rows' own, and of which every new row has all values;
 * or NULL. */
static const struct key *
find_natural_key(const struct init_table *t)
{
    for (int i = 0; i < t->table->unique_count; i++) {
        const struct key *key = &t->table->unique_keys[i];
        bool is_own = key->count == t->key_count && key_is_within(key, t->key, t->key_count);
        bool is_given = !is_own;
        for (int j = 0; is_given && j < key->count; j++)
            is_given = init_find_column(t, key->columns[j])->setter.ptr &&
                       init_find_column(t, key->columns[j])->is_needed;
        if (is_given)
            return key;
    }
    return NULL;
}

static void
add(struct init_model *m, struct init_table *t, enum write_action action, const char *verb,
    const char *why)
{
    struct str name = str_format(m->arena, "%s%.*s", verb, STR_PRINT(t->type));

    t->mutations[action].field = init_kept_mutation(m, t->table, action, name);
    t->mutations[action].why = why;
}

static const char *
why_not_insert(const struct init_model *m, const struct init_table *t)
{
    const struct column *missing = find_missing(m, t);

    if (!t->may_insert)
        return "no policy lets a row be added";
    if (missing)
        return str_format(m->arena, "a new row needs %.*s, which has no input",
                          STR_PRINT(missing->name))
            .ptr;
    return NULL;
}

void
init_find_mutations(struct init_model *m, struct init_table *t)
{
    bool is_stored = t->table->kind == TABLE_PLAIN || t->table->kind == TABLE_PARTITIONED;

    if (!m->options.has_writes || !is_stored || t->key_count == 0)
        return;
    choose_setters(m, t);
    const char *why = why_not_insert(m, t);
    const struct key *natural = find_natural_key(t);
    if (has_setter(t) || why)
        add(m, t, WRITE_INSERT, "create", why);
    if (natural && !why && t->may_update && has_change(t)) {
        add(m, t, WRITE_UPSERT, "save", NULL);
        t->mutations[WRITE_UPSERT].on = natural;
    }
    if (has_change(t))
        add(m, t, WRITE_UPDATE, "update", t->may_update ? NULL : "no policy lets a row be changed");
    add(m, t, WRITE_DELETE, "delete", t->may_delete ? NULL : "no policy lets a row be deleted");
}

bool
init_has_mutation(const struct init_table *t, enum write_action action)
{
    return t->mutations[action].field.ptr && !t->mutations[action].why;
}

bool
init_is_written(const struct init_table *t)
{
    for (enum write_action i = 0; i < WRITE_ACTION_COUNT; i++)
        if (init_has_mutation(t, i))
            return true;
    return false;
}
