/*
 * codec_output.c - how a statement asks for a column, so that its cell comes as the codec reads it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "codec/codec.h"

/* PostgreSQL's functions that make texts of these kinds. */
static const char *const outputs[COLUMN_OTHER + 1] = {
    [COLUMN_NUMERIC] = "numeric_out", [COLUMN_NAME] = "nameout",
    [COLUMN_BYTE] = "charout",        [COLUMN_UUID] = "uuid_out",
    [COLUMN_DATE] = "date_out",       [COLUMN_TIME] = "time_out",
    [COLUMN_TIMETZ] = "timetz_out",   [COLUMN_INTERVAL] = "interval_out",
    [COLUMN_INET] = "inet_out",       [COLUMN_CIDR] = "cidr_out",
    [COLUMN_MACADDR] = "macaddr_out", [COLUMN_MACADDR8] = "macaddr8_out",
    [COLUMN_OID] = "oidout",          [COLUMN_MONEY] = "cash_out",
    [COLUMN_BIT] = "bit_out",         [COLUMN_VARBIT] = "varbit_out",
    [COLUMN_INT4RANGE] = "range_out", [COLUMN_INT8RANGE] = "range_out",
    [COLUMN_NUMRANGE] = "range_out",  [COLUMN_DATERANGE] = "range_out",
    [COLUMN_TSRANGE] = "range_out",   [COLUMN_TSTZRANGE] = "range_out",
    [COLUMN_XML] = "xml_out",         [COLUMN_JSON] = "json_out",
    [COLUMN_JSONB] = "jsonb_out",     [COLUMN_ENUM] = "enum_out",
};

const char *
codec_output(const struct column_type *type)
{
    bool is_any = type->kind == COLUMN_ENUM ||
                  (type->kind >= COLUMN_INT4RANGE && type->kind <= COLUMN_TSTZRANGE);

    return is_any && type->is_domain ? NULL : outputs[type->kind];
}

const char *
codec_cast(const struct column_type *type)
{
    if (type->kind == COLUMN_ARRAY)
        return column_kind_is_binary(type->element->kind) ? "" : "::text[]";
    return column_kind_is_binary(type->kind) || codec_output(type) ? "" : "::text";
}

/* The OID of what output functions return. */
enum { CSTRING = 2275 };

enum codec_order
codec_order(const struct column_type *type)
{
    switch (type->kind) {
    case COLUMN_INT2:
    case COLUMN_INT4:
    case COLUMN_INT8:
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
        return CODEC_NUMBERS;
    case COLUMN_BOOLEAN:
    case COLUMN_UUID:
        return CODEC_BYTES;
    default:
        return CODEC_UNORDERED;
    }
}

unsigned
codec_oid(const struct column_type *type)
{
    if (type->kind != COLUMN_ARRAY)
        return codec_output(type) ? CSTRING : column_kind_oid(type->kind);
    if (type->element->is_domain && column_kind_is_binary(type->element->kind))
        return 0;
    return column_kind_array_oid(type->element->kind);
}
