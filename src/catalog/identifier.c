/*
 * identifier.c - names of the database in statements that people are given to run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/identifier.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "catalog/catalog.h"

/* The words that are not mere names to PostgreSQL 14 to 18: pg_get_keywords() without those of
 * category U.  Sorted. */
static const char *const keywords[] = { "all",
                                        "analyse",
                                        "analyze",
                                        "and",
                                        "any",
                                        "array",
                                        "as",
                                        "asc",
                                        "asymmetric",
                                        "authorization",
                                        "between",
                                        "bigint",
                                        "binary",
                                        "bit",
                                        "boolean",
                                        "both",
                                        "case",
                                        "cast",
                                        "char",
                                        "character",
                                        "check",
                                        "coalesce",
                                        "collate",
                                        "collation",
                                        "column",
                                        "concurrently",
                                        "constraint",
                                        "create",
                                        "cross",
                                        "current_catalog",
                                        "current_date",
                                        "current_role",
                                        "current_schema",
                                        "current_time",
                                        "current_timestamp",
                                        "current_user",
                                        "dec",
                                        "decimal",
                                        "default",
                                        "deferrable",
                                        "desc",
                                        "distinct",
                                        "do",
                                        "else",
                                        "end",
                                        "except",
                                        "exists",
                                        "extract",
                                        "false",
                                        "fetch",
                                        "float",
                                        "for",
                                        "foreign",
                                        "freeze",
                                        "from",
                                        "full",
                                        "grant",
                                        "greatest",
                                        "group",
                                        "grouping",
                                        "having",
                                        "ilike",
                                        "in",
                                        "initially",
                                        "inner",
                                        "inout",
                                        "int",
                                        "integer",
                                        "intersect",
                                        "interval",
                                        "into",
                                        "is",
                                        "isnull",
                                        "join",
                                        "json",
                                        "json_array",
                                        "json_arrayagg",
                                        "json_exists",
                                        "json_object",
                                        "json_objectagg",
                                        "json_query",
                                        "json_scalar",
                                        "json_serialize",
                                        "json_table",
                                        "json_value",
                                        "lateral",
                                        "leading",
                                        "least",
                                        "left",
                                        "like",
                                        "limit",
                                        "localtime",
                                        "localtimestamp",
                                        "merge_action",
                                        "national",
                                        "natural",
                                        "nchar",
                                        "none",
                                        "normalize",
                                        "not",
                                        "notnull",
                                        "null",
                                        "nullif",
                                        "numeric",
                                        "offset",
                                        "on",
                                        "only",
                                        "or",
                                        "order",
                                        "out",
                                        "outer",
                                        "overlaps",
                                        "overlay",
                                        "placing",
                                        "position",
                                        "precision",
                                        "primary",
                                        "real",
                                        "references",
                                        "returning",
                                        "right",
                                        "row",
                                        "select",
                                        "session_user",
                                        "setof",
                                        "similar",
                                        "smallint",
                                        "some",
                                        "substring",
                                        "symmetric",
                                        "system_user",
                                        "table",
                                        "tablesample",
                                        "then",
                                        "time",
                                        "timestamp",
                                        "to",
                                        "trailing",
                                        "treat",
                                        "trim",
                                        "true",
                                        "union",
                                        "unique",
                                        "user",
                                        "using",
                                        "values",
                                        "varchar",
                                        "variadic",
                                        "verbose",
                                        "when",
                                        "where",
                                        "window",
                                        "with",
                                        "xmlattributes",
                                        "xmlconcat",
                                        "xmlelement",
                                        "xmlexists",
                                        "xmlforest",
                                        "xmlnamespaces",
                                        "xmlparse",
                                        "xmlpi",
                                        "xmlroot",
                                        "xmlserialize",
                                        "xmltable" };

static int
compare_keyword(const void *name, const void *keyword)
{
    struct str text = str_from(*(const char *const *)keyword);

    return str_compare(*(const struct str *)name, text);
}

/* Is it the name as it stands, without quotes? */
static bool
is_plain(struct str name)
{
    if (name.len == 0 || (name.ptr[0] >= '0' && name.ptr[0] <= '9'))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return !bsearch(&name, keywords, ARRAY_LENGTH(keywords), sizeof(*keywords), compare_keyword);
}

void
identifier_quote(struct buf *b, struct str name)
{
    buf_byte(b, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, name.ptr[i]);
    }
    buf_byte(b, '"');
}

void
identifier_write(struct buf *b, struct str name)
{
    if (is_plain(name))
        buf_put(b, name);
    else
        identifier_quote(b, name);
}

static void
write_qualified(struct buf *b, const struct catalog *c, struct str schema, struct str name)
{
    const struct schema_rights *first = schema.ptr ? NULL : catalog_find_schema(c, STR_NONE);
    bool is_public = first && str_is(first->name, "public");

    if (schema.ptr || (first && !is_public)) {
        identifier_write(b, schema.ptr ? schema : first->name);
        buf_byte(b, '.');
    }
    identifier_write(b, name);
}

void
identifier_write_table(struct buf *b, const struct catalog *c, const struct table *table)
{
    write_qualified(b, c, table->schema, table->local_name);
}

void
identifier_write_sequence(struct buf *b, const struct catalog *c, const struct sequence_use *use)
{
    write_qualified(b, c, use->schema, use->local_name);
}

void
identifier_write_function(struct buf *b, const struct catalog *c, const struct function *f)
{
    write_qualified(b, c, f->schema, f->local_name);
    buf_byte(b, '(');
    for (int i = 0; i < f->parameter_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        buf_put(b, f->parameters[i].type->name);
    }
    buf_byte(b, ')');
}
