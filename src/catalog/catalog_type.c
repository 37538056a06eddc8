/*
 * catalog_type.c - the types of columns, parameters and results: from their names to
 * their kinds, through domains, and to what a parameter for them is cast to.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/map.h"
#include "catalog/catalog.h"

static const struct {
    const char *name;
    bool is_binary;
    unsigned oid, array_oid;
} column_types[] = {
#define COLUMN_ROW(constant, name, is_binary, oid, array_oid) { name, is_binary, oid, array_oid },
    COLUMN_KINDS(COLUMN_ROW)
#undef COLUMN_ROW
};

/* Domains within domains are followed so far; PostgreSQL's own are followed already. */
enum { DEPTH_MAX = 8 };

/* Without its modifier: `timestamp with time zone` of `timestamp(3) with time zone`.  False
 * when it has none. */
static bool
split_modifier(struct str type_name, struct str *head, struct str *tail)
{
    size_t open = str_find(type_name, '('), close = str_find(type_name, ')');

    if (open == type_name.len || close < open || close == type_name.len)
        return false;
    *head = (struct str){ type_name.ptr, open };
    *tail = (struct str){ type_name.ptr + close + 1, type_name.len - close - 1 };
    return true;
}

/* Is `type_name` this type, with or without a modifier? */
static bool
is_type(struct str type_name, struct str type)
{
    struct str head, tail;

    if (!split_modifier(type_name, &head, &tail))
        return str_equal(type_name, type);
    return type.len == head.len + tail.len && str_starts_with(type, head) &&
           str_ends_with(type, tail);
}

/* Names that say the same in another way: a type without a length shows its inner name, an
 * interval may show its fields, and an extension's type may show its schema. */
static enum column_kind
find_alias(struct str type_name)
{
    if (str_is(type_name, "bpchar"))
        return COLUMN_CHAR;
    if (str_is(type_name, "\"bit\""))
        return COLUMN_BIT;
    if (str_starts_with(type_name, STR("interval ")) && !str_ends_with(type_name, STR("]")))
        return COLUMN_INTERVAL;
    if (str_ends_with(type_name, STR(".citext")))
        return COLUMN_CITEXT;
    return COLUMN_OTHER;
}

enum column_kind
column_kind_find(struct str type_name)
{
    for (int kind = 0; kind < COLUMN_ENUM; kind++)
        if (is_type(type_name, str_from(column_types[kind].name)))
            return (enum column_kind)kind;
    return str_ends_with(type_name, STR("[]")) ? COLUMN_ARRAY : find_alias(type_name);
}

const char *
column_kind_name(enum column_kind kind)
{
    assert(kind <= COLUMN_OTHER);
    return column_types[kind].name;
}

bool
column_kind_is_binary(enum column_kind kind)
{
    assert(kind <= COLUMN_OTHER);
    return column_types[kind].is_binary;
}

unsigned
column_kind_oid(enum column_kind kind)
{
    assert(kind <= COLUMN_OTHER);
    return column_types[kind].oid;
}

unsigned
column_kind_array_oid(enum column_kind element)
{
    assert(element <= COLUMN_OTHER);
    return column_types[element].array_oid;
}

#define OWN_TYPE(constant, text)                                                                   \
    {                                                                                              \
        .name = { text, sizeof(text) - 1 }, .base_name = { text, sizeof(text) - 1 },               \
        .kind = COLUMN_##constant, .compared_as = { text, sizeof(text) - 1 },                      \
        .passed_as = { text, sizeof(text) - 1 }, .has_equality = true, .has_order = true           \
    }

const struct column_type *
column_kind_type(enum column_kind kind)
{
    static const struct column_type types[] = {
        OWN_TYPE(BOOLEAN, "boolean"),
        OWN_TYPE(INT8, "bigint"),
        OWN_TYPE(FLOAT4, "real"),
        OWN_TYPE(DATE, "date"),
        OWN_TYPE(TIMESTAMP, "timestamp without time zone"),
        OWN_TYPE(TIMESTAMPTZ, "timestamp with time zone"),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
        if (types[i].kind == kind)
            return &types[i];
    assert(false);
    return NULL;
}

/* What a parameter is cast to.  The bare names `character` and `bit` have a length, which
 * is 1: a cast to them would cut the value. */
static struct str
bare_name(struct arena *a, struct str type_name, enum column_kind kind)
{
    struct str head, tail;

    if (kind == COLUMN_CHAR)
        return STR("bpchar");
    if (kind == COLUMN_BIT)
        return STR("\"bit\"");
    if (kind < COLUMN_ENUM && kind != COLUMN_CITEXT)
        return str_from(column_types[kind].name);
    if (kind != COLUMN_ENUM && split_modifier(type_name, &head, &tail))
        return str_format(a, "%.*s%.*s", STR_PRINT(head), STR_PRINT(tail));
    return type_name;
}

static const struct domain *
find_domain(const struct catalog *c, struct str name)
{
    for (int i = 0; i < c->domain_count; i++)
        if (str_equal(c->domains[i].name, name))
            return &c->domains[i];
    return NULL;
}

static void
judge_bare_type(const struct catalog *c, struct column_type *type)
{
    type->has_equality = type->kind != COLUMN_JSON && type->kind != COLUMN_XML;
    type->has_order = type->has_equality;
    for (int i = 0; i < c->bare_type_count; i++)
        if (str_equal(c->bare_types[i].name, type->name)) {
            type->has_equality = c->bare_types[i].has_equality;
            type->has_order = false;
        }
}

static bool
is_leaky(const struct catalog *c, const struct column_type *type)
{
    for (int i = 0; i < c->leaky_type_count; i++)
        if (str_equal(c->leaky_types[i], type->compared_as))
            return true;
    return false;
}

static void resolve(struct arena *a, const struct catalog *c, struct column_type *type, int depth);

static void
resolve_array(struct arena *a, const struct catalog *c, struct column_type *type, int depth)
{
    struct column_type *element = ARENA_NEW(a, struct column_type);

    element->name = (struct str){ type->name.ptr, type->name.len - 2 };
    resolve(a, c, element, depth + 1);
    type->element = element;
    type->labels = element->labels;
    type->has_equality = element->has_equality;
    type->has_order = element->has_order;
    /* An array of a domain has no operator with an array of what the domain is made of. */
    type->passed_as = str_format(a, "%.*s[]", STR_PRINT(element->passed_as));
    type->compared_as = type->passed_as;
}

/* Find out all of a type whose name is set. */
static void
resolve(struct arena *a, const struct catalog *c, struct column_type *type, int depth)
{
    const struct domain *domain = depth < DEPTH_MAX ? find_domain(c, type->name) : NULL;

    if (domain) {
        struct str name = type->name;
        type->name = domain->base_name;
        resolve(a, c, type, depth + 1);
        type->name = type->passed_as = name;
        type->is_domain = true;
        return;
    }
    type->base_name = type->name;
    type->labels = catalog_find_enum(c, type->name);
    type->kind = type->labels ? COLUMN_ENUM : column_kind_find(type->name);
    if (type->kind == COLUMN_ARRAY && depth < DEPTH_MAX) {
        resolve_array(a, c, type, depth);
    } else {
        if (type->kind == COLUMN_ARRAY)
            type->kind = COLUMN_OTHER;
        judge_bare_type(c, type);
        type->compared_as = type->passed_as = bare_name(a, type->name, type->kind);
    }
    type->is_leaky = is_leaky(c, type);
}

const struct column_type *
catalog_get_type(struct arena *a, const struct catalog *c, struct str type_name)
{
    struct column_type *type = map_get(c->types_by_name, type_name);

    if (type)
        return type;
    type = ARENA_NEW(a, struct column_type);
    type->name = type_name;
    resolve(a, c, type, 0);
    map_put(c->types_by_name, type_name, type);
    return type;
}

bool
column_kind_is_opaque(enum column_kind kind)
{
    switch (kind) {
    case COLUMN_BOOLEAN:
    case COLUMN_FLOAT4:
    case COLUMN_FLOAT8:
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
    case COLUMN_BYTEA:
    case COLUMN_ARRAY:
        return true;
    default:
        return false;
    }
}
