/*
 * codec_words.c - the forms of values in words, for messages.
 *
 * SPDX-License-Identifier: MIT
 */
#include "codec/codec.h"

static const char *const words[COLUMN_OTHER + 1] = {
    [COLUMN_BOOLEAN] = "true or false",
    [COLUMN_INT2] = "an integer from -32768 to 32767",
    [COLUMN_INT4] = "an integer from -2147483648 to 2147483647",
    [COLUMN_INT8] = "an integer of 64 bits",
    [COLUMN_OID] = "an integer from 0 to 4294967295",
    [COLUMN_FLOAT4] = "a number",
    [COLUMN_FLOAT8] = "a number",
    [COLUMN_NUMERIC] = "a number",
    [COLUMN_MONEY] = "an amount such as 12.50",
    [COLUMN_NAME] = "a text of at most 63 bytes",
    [COLUMN_BYTE] = "a text of one byte",
    [COLUMN_UUID] = "a UUID",
    [COLUMN_DATE] = "a date such as 2024-02-29",
    [COLUMN_TIME] = "a time such as 12:30:00",
    [COLUMN_TIMETZ] = "a time with an offset such as 12:30:00+01",
    [COLUMN_TIMESTAMP] = "a date and time such as 2024-02-29T12:30:00",
    [COLUMN_TIMESTAMPTZ] = "a date and time such as 2024-02-29T12:30:00Z",
    [COLUMN_INTERVAL] = "a duration such as P1DT2H",
    [COLUMN_INET] = "an IP address",
    [COLUMN_CIDR] = "an IP network such as 10.0.0.0/8",
    [COLUMN_MACADDR] = "a MAC address",
    [COLUMN_MACADDR8] = "a MAC address of 8 bytes",
    [COLUMN_BIT] = "a text of 0 and 1",
    [COLUMN_VARBIT] = "a text of 0 and 1",
    [COLUMN_INT4RANGE] = "a range such as [1,10)",
    [COLUMN_INT8RANGE] = "a range such as [1,10)",
    [COLUMN_NUMRANGE] = "a range such as [1.5,10)",
    [COLUMN_DATERANGE] = "a range such as [2024-02-01,2024-03-01)",
    [COLUMN_TSRANGE] = "a range of dates and times",
    [COLUMN_TSTZRANGE] = "a range of dates and times",
    [COLUMN_JSON] = "JSON with numbers of moderate size",
    [COLUMN_JSONB] = "JSON with numbers of moderate size",
    [COLUMN_ENUM] = "one of the known labels",
    [COLUMN_ARRAY] = "a list of values of one type",
    [COLUMN_XML] = "well-formed XML",
    [COLUMN_OTHER] = "a text that its type can hold",
};

const char *
codec_words(const struct codec *codec)
{
    enum column_kind kind = codec->type->kind;

    if (codec->global_id || (codec->item && codec->item->global_id))
        return "the global id of an object of the right type";
    if (kind == COLUMN_BYTEA)
        return codec->form == CODEC_STRING ? "\\x and hexadecimal digits" : "base64";
    if (kind == COLUMN_OTHER && !codec->is_unjudged)
        return "the number of a version, as it was shown";
    if (kind == COLUMN_ARRAY && codec->is_unjudged)
        return "a list of texts that its type can hold";
    return words[kind] ? words[kind] : "a text without U+0000";
}
