/*
 * init_type.c - the type of a field that shows a column.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"

/* What shows a kind of column; what is not here is a String. */
static const struct {
    enum column_kind kind;
    const char *type;
} types[] = {
    { COLUMN_BOOLEAN, "Boolean" },
    { COLUMN_INT2, "Int" },
    { COLUMN_INT4, "Int" },
    { COLUMN_INT8, "BigInt" },
    { COLUMN_FLOAT4, "Float" },
    { COLUMN_FLOAT8, "Float" },
    { COLUMN_NUMERIC, "Decimal" },
    { COLUMN_UUID, "UUID" },
    { COLUMN_DATE, "Date" },
    { COLUMN_TIME, "Time" },
    { COLUMN_TIMETZ, "Time" },
    { COLUMN_TIMESTAMP, "LocalDateTime" },
    { COLUMN_TIMESTAMPTZ, "DateTime" },
    { COLUMN_INTERVAL, "Duration" },
    { COLUMN_BYTEA, "Bytes" },
    { COLUMN_JSON, "JSON" },
    { COLUMN_JSONB, "JSON" },
};

bool
init_may_be_id(const struct column *column)
{
    switch (column->kind) {
    case COLUMN_INT2:
    case COLUMN_INT4:
    case COLUMN_INT8:
    case COLUMN_NUMERIC:
    case COLUMN_TEXT:
    case COLUMN_VARCHAR:
    case COLUMN_CHAR:
    case COLUMN_CITEXT:
    case COLUMN_UUID:
        return true;
    default:
        return false;
    }
}

/* The enum of the contract for a type of the database; NULL: it is none. */
static const struct init_enum *
find_enum(const struct init_model *m, const struct column_type *type)
{
    for (int i = 0; i < m->enum_count && type->labels; i++)
        if (m->enums[i].type == type->labels)
            return &m->enums[i];
    return NULL;
}

static struct str
type_of(const struct init_model *m, const struct column_type *type)
{
    const struct init_enum *e = find_enum(m, type);

    if (type->kind == COLUMN_ENUM && e)
        return e->name;
    if (type->kind == COLUMN_TIMESTAMP && m->is_utc)
        return STR("DateTime");
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
        if (types[i].kind == type->kind)
            return str_from(types[i].type);
    return STR("String");
}

struct str
init_column_type(const struct init_model *m, const struct column *column)
{
    const struct column_type *element = column->type->element;

    if (column->kind != COLUMN_ARRAY)
        return type_of(m, column->type);
    if (!element || element->kind == COLUMN_ARRAY)
        return STR("String");
    return str_format(m->arena, "[%.*s%s]", STR_PRINT(type_of(m, element)),
                      column->has_elements_not_null ? "!" : "");
}
