/*
 * catalog.c - looking things up in a catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "catalog/catalog.h"

#include "base/map.h"

static const char *const table_kinds[] = {
#define TABLE_ROW(constant, name) name,
    TABLE_KINDS(TABLE_ROW)
#undef TABLE_ROW
};

const char *
table_kind_name(enum table_kind kind)
{
    return table_kinds[kind];
}

const struct schema_rights *
catalog_find_schema(const struct catalog *c, struct str schema)
{
    for (int i = 0; i < c->schema_count; i++)
        if (schema.ptr ? str_equal(c->schemas[i].name, schema) && !c->schemas[i].is_first
                       : c->schemas[i].is_first)
            return &c->schemas[i];
    return NULL;
}

const struct table *
catalog_find_table(const struct catalog *c, struct str name)
{
    return map_get(c->tables_by_name, name);
}

uint32_t
catalog_role_bit(const struct catalog *c, struct str role)
{
    for (int i = 0; i < c->role_count; i++)
        if (str_equal(c->roles[i], role))
            return UINT32_C(1) << i;
    return 0;
}

uint32_t
catalog_viewer_bit(const struct catalog *c, uint32_t role)
{
    return c->role_count > 0 ? role : 1;
}

/* A catalog may say that rows are hidden and not from whom: as those do that others have kept, and
 * where nobody sees any row. */
uint32_t
catalog_personal(const struct table *t)
{
    bool is_unknown = t->kind == TABLE_VIEW || t->kind == TABLE_FOREIGN ||
                      (t->may_hide_rows && t->policy_count == 0);

    return is_unknown ? UINT32_MAX : t->personal;
}

const struct personal_policy *
catalog_personal_policy(const struct table *t, uint32_t role)
{
    for (int i = 0; i < t->policy_count; i++)
        if (t->policies[i].roles & role)
            return &t->policies[i];
    return NULL;
}

bool
table_has_row_version(const struct table *t)
{
    return t->kind == TABLE_PLAIN || t->kind == TABLE_PARTITIONED;
}

const struct function *
catalog_next_function(const struct catalog *c, struct str name, const struct function *last)
{
    assert(!last || str_equal(last->name, name));
    return last ? last->next : map_get(c->functions_by_name, name);
}

const struct function *
catalog_find_function(const struct catalog *c, struct str name)
{
    const struct function *first = catalog_next_function(c, name, NULL);

    return first && !catalog_next_function(c, name, first) ? first : NULL;
}

const char *
aggregate_function_name(enum aggregate_function function)
{
    static const char *const names[] = {
#define AGGREGATE_NAME(constant, name) name,
        AGGREGATES(AGGREGATE_NAME)
#undef AGGREGATE_NAME
    };

    assert(function < AGGREGATE_FUNCTIONS);
    return names[function];
}

enum aggregate_function
aggregate_function_find(struct str name)
{
    enum aggregate_function function = 0;

    while (function < AGGREGATE_FUNCTIONS && !str_is(name, aggregate_function_name(function)))
        function++;
    return function;
}

const struct aggregate *
catalog_find_aggregate(const struct catalog *c, enum aggregate_function function,
                       const struct column_type *type)
{
    for (int i = 0; i < c->aggregate_count; i++)
        if (c->aggregates[i].function == function &&
            str_equal(c->aggregates[i].type->compared_as, type->compared_as))
            return &c->aggregates[i];
    return NULL;
}

const struct enum_type *
catalog_find_enum(const struct catalog *c, struct str type_name)
{
    return map_get(c->enums_by_name, type_name);
}

const struct column *
table_find_column(const struct table *t, struct str name)
{
    return map_get(t->columns_by_name, name);
}

const struct constraint *
table_find_constraint(const struct table *t, struct str name)
{
    for (int i = 0; i < t->constraint_count; i++)
        if (str_equal(t->constraints[i].name, name))
            return &t->constraints[i];
    return NULL;
}

bool
column_is_among(const struct column *column, const struct column *const *columns, int count)
{
    for (int i = 0; i < count; i++)
        if (columns[i] == column)
            return true;
    return false;
}

bool
key_is_within(const struct key *key, const struct column *const *columns, int count)
{
    for (int i = 0; i < key->count; i++)
        if (!column_is_among(key->columns[i], columns, count))
            return false;
    return key->count > 0;
}

bool
table_is_unique(const struct table *t, const struct column *const *columns, int count)
{
    if (key_is_within(&t->primary_key, columns, count))
        return true;
    for (int i = 0; i < t->unique_count; i++)
        if (key_is_within(&t->unique_keys[i], columns, count))
            return true;
    return false;
}
