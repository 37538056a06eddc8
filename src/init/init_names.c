/*
 * init_names.c - names of types, fields and values that read as if a person had chosen them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/map.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"
#include "init/words.h"

/* What types of the contract that are made without a table are called; and their like. */
static const char *const reserved[] = { "Query",
                                        "Mutation",
                                        "Subscription",
                                        "PageInfo",
                                        "Node",
                                        "Int",
                                        "Float",
                                        "String",
                                        "Boolean",
                                        "ID",
#define INIT_SCALAR(name, is_quoted, sentence) name,
                                        INIT_SCALARS(INIT_SCALAR)
#undef INIT_SCALAR
};

/* What is named after the type of a table. */
static const char *const family[] = { "",     "Connection", "Edge",  "Filter", "ListFilter",
                                      "Sort", "Input",      "Patch", "Payload" };

static bool taken_mark; /* whose address is the value in maps of names */

struct str
init_take(struct init_model *m, struct map *taken, struct str name)
{
    struct str free = name;

    for (int i = 2; map_get(taken, free); i++)
        free = str_format(m->arena, "%.*s%d", STR_PRINT(name), i);
    map_put(taken, free, &taken_mark);
    return free;
}

static struct str
member_of_family(struct init_model *m, struct str name, size_t i)
{
    return str_format(m->arena, "%.*s%s", STR_PRINT(name), family[i]);
}

/* Take the name and all that is named after it; false: one of them is taken. */
static bool
take_family(struct init_model *m, struct str name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(family); i++)
        if (map_get(m->type_names, member_of_family(m, name, i)))
            return false;
    for (size_t i = 0; i < ARRAY_LENGTH(family); i++)
        map_put(m->type_names, member_of_family(m, name, i), &taken_mark);
    return true;
}

/* Take the name, or the name with `suffix`, or that with a number. */
static struct str
take_type(struct init_model *m, struct str name, const char *suffix)
{
    if (take_family(m, name))
        return name;
    for (int i = 1;; i++) {
        struct str other = i == 1 ? str_format(m->arena, "%.*s%s", STR_PRINT(name), suffix)
                                  : str_format(m->arena, "%.*s%d", STR_PRINT(name), i);
        if (take_family(m, other))
            return other;
    }
}

/* The name for the type, if that is free.  What is named after it has another stem, if one of these
 * names is taken: `Charge` stays that beside `ChargeFilter`. */
static bool
take_name(struct init_model *m, struct init_table *t, struct str name)
{
    if (map_get(m->type_names, name))
        return false;
    t->type = t->stem = name;
    if (take_family(m, name))
        return true;
    map_put(m->type_names, name, &taken_mark);
    t->stem = take_type(m, name, "Row");
    return true;
}

static void
reserve(struct init_model *m)
{
    for (size_t i = 0; i < ARRAY_LENGTH(reserved); i++)
        take_family(m, str_from(reserved[i]));
}

/* --- tables --- */

static struct str
singular_of(struct init_model *m, const struct init_table *t)
{
    return words_singular(m->arena, words_split(m->arena, t->table->local_name));
}

/* Has another table that is shown the same name in another schema? */
static bool
has_namesake(struct init_model *m, const struct init_table *t, struct str words)
{
    for (int i = 0; i < m->table_count; i++)
        if (&m->tables[i] != t && init_is_shown(&m->tables[i]) && !m->tables[i].is_between &&
            str_equal(singular_of(m, &m->tables[i]), words))
            return true;
    return false;
}

/* The fields of Query; where one word means one and many, the list is `newsList`. */
static void
name_fields(struct init_model *m, struct init_table *t, struct map *fields, struct str words)
{
    struct arena *a = m->arena;
    struct str one = words_camel(a, words), many = words_camel(a, words_plural(a, words));

    if (str_equal(one, many))
        many = str_format(a, "%.*sList", STR_PRINT(one));
    struct init_place place = { .owner = STR("Query"), .type = t->type, .stem = t->stem };
    t->one = init_take(m, fields, t->key_count > 0 ? init_kept_field(m, &place, one) : one);
    place.is_list = true;
    t->many = init_take(m, fields, init_kept_field(m, &place, many));
}

void
init_name_tables(struct init_model *m)
{
    struct map *fields = map_new(m->arena);

    reserve(m);
    for (int i = 0; i < m->table_count; i++)
        if (m->tables[i].kept_type.ptr)
            take_name(m, &m->tables[i], m->tables[i].kept_type);
    map_put(fields, STR("node"), &taken_mark);
    map_put(fields, STR("nodes"), &taken_mark);
    for (int i = 0; i < m->table_count; i++) {
        struct init_table *t = &m->tables[i];
        if (!init_is_shown(t) || t->is_between)
            continue;
        struct str words = singular_of(m, t);
        if (t->table->schema.ptr && has_namesake(m, t, words))
            words =
                str_format(m->arena, "%.*s %.*s",
                           STR_PRINT(words_split(m->arena, t->table->schema)), STR_PRINT(words));
        if (!t->type.ptr && !take_name(m, t, words_pascal(m->arena, words)))
            t->type = t->stem = take_type(m, words_pascal(m->arena, words), "Row");
        name_fields(m, t, fields, words);
    }
}

/* --- enums --- */

/* `state` of `sales."state"`, as format_type() writes it. */
static struct str
local_type_name(struct str name)
{
    bool is_quoted = name.len > 1 && name.ptr[name.len - 1] == '"';
    size_t end = is_quoted ? name.len - 1 : name.len, begin = end;

    while (begin > 0 && name.ptr[begin - 1] != (is_quoted ? '"' : '.'))
        begin--;
    return (struct str){ name.ptr + begin, end - begin };
}

void
init_name_enums(struct init_model *m)
{
    for (int i = 0; i < m->enum_count; i++) {
        struct init_enum *e = &m->enums[i];
        struct map *taken = map_new(m->arena);
        struct str words = words_split(m->arena, local_type_name(e->type->name));
        e->name = e->kept.ptr ? e->kept : take_type(m, words_pascal(m->arena, words), "Value");
        e->values = ARENA_ARRAY(m->arena, struct str, (size_t)e->type->label_count + 1);
        for (int j = 0; j < e->type->label_count; j++) {
            struct str label = e->type->labels[j];
            struct str value = label.len == 0
                                   ? STR("EMPTY")
                                   : words_capitals(m->arena, words_split(m->arena, label));
            e->values[j] = init_take(m, taken, value);
        }
    }
}

/* --- columns --- */

/* Is there another column whose field would be `id`? */
static bool
has_other_id(const struct init_model *m, const struct init_table *t, const struct column *key)
{
    for (int i = 0; i < t->table->column_count; i++)
        if (&t->table->columns[i] != key && t->columns[i].reason == INIT_SHOWN &&
            str_is(words_camel(m->arena, words_split(m->arena, t->table->columns[i].name)), "id"))
            return true;
    return false;
}

bool
init_has_id(const struct init_model *m, const struct init_table *t)
{
    return t->key_count == 1 && init_may_be_id(t->key[0]) && !has_other_id(m, t, t->key[0]);
}

struct str
init_argument_name(const struct init_model *m, const struct column *column)
{
    return words_camel(m->arena, words_split(m->arena, column->name));
}

bool
init_is_node(const struct init_model *m, const struct init_table *t)
{
    bool is_found = m->options.style == INIT_RELAY && t->key_count > 0;

    for (int i = 0; is_found && i < t->key_count; i++)
        is_found = !column_kind_is_opaque(t->key[i]->kind);
    return is_found;
}

/* A type that implements Node has another `id`. */
static struct str
key_name(const struct init_model *m, const struct init_column *c, bool is_node)
{
    struct str name = words_camel(m->arena, words_split(m->arena, c->column->name));

    if (!is_node)
        return STR("id");
    return str_is(name, "id") ? STR("rowId") : name;
}

void
init_name_columns(struct init_model *m, struct init_table *t, struct map *taken)
{
    bool has_id = init_has_id(m, t);

    if (has_id || init_is_node(m, t))
        map_put(taken, STR("id"), &taken_mark);
    for (int i = 0; i < t->table->column_count; i++) {
        struct init_column *c = &t->columns[i];
        bool is_key = has_id && c->column == t->key[0];
        if (c->reason != INIT_SHOWN || (c->is_joined && !is_key))
            continue;
        bool is_id = is_key && !init_is_node(m, t);
        struct str name = is_key ? key_name(m, c, init_is_node(m, t))
                                 : words_camel(m->arena, words_split(m->arena, c->column->name));
        struct str kept = init_kept_column(m, t->table, c->column, name);
        c->field = is_id && str_is(kept, "id") ? kept : init_take(m, taken, kept);
        c->plain = str_equal(kept, name) ? c->field : name;
        c->type = is_key ? STR("ID") : init_column_type(m, c->column);
        c->has_value = c->column->is_not_null &&
                       (t->table->kind == TABLE_PLAIN || t->table->kind == TABLE_PARTITIONED);
    }
}
