/*
 * codec_parameter.c - values as texts of parameters.
 *
 * What a scalar shows, given back as its value, becomes a text that finds its row.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "value/scalar_time.h"
#include "value/value.h"
#include "codec/codec_internal.h"
#include "codec/global_id.h"
#include "codec/judge.h"

static bool
has_nul(const struct value *value)
{
    if (value->text.ptr && str_find(value->text, '\0') < value->text.len)
        return true;
    for (const struct value *item = value->items; item; item = item->next)
        if (has_nul(item))
            return true;
    return false;
}

/* Any value, as JSON. */
static struct str
json_text(struct arena *a, const struct value *value)
{
    struct buf b = { 0 };
    struct str text;

    if (has_nul(value))
        return STR_NONE;
    value_write_json(&b, value);
    text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

/* The database's label for a value of an enum. */
static struct str
label_of(const struct codec_labels *labels, struct str name)
{
    for (int i = 0; labels && i < labels->count; i++)
        if (str_equal(labels->list[i].name, name))
            return labels->list[i].label;
    return labels ? STR_NONE : name;
}

/* The value's text as it stands; STR_NONE for what has none, or has U+0000,
 * which PostgreSQL's texts cannot hold. */
static struct str
plain_text(const struct codec *codec, const struct value *value)
{
    switch (value->kind) {
    case VALUE_BOOLEAN:
        return value->boolean ? STR("true") : STR("false");
    case VALUE_ENUM:
        return label_of(codec->labels, value->text);
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STRING:
        return has_nul(value) ? STR_NONE : value->text;
    case VALUE_NULL:
    case VALUE_LIST:
    case VALUE_OBJECT:
        break;
    }
    return STR_NONE;
}

static bool
read_time(const struct codec *codec, struct str text, int64_t *microseconds)
{
    bool has_zone = codec->type->kind == COLUMN_TIMESTAMPTZ;

    switch (codec->form) {
    case CODEC_DATE_TIME:
    case CODEC_DATE_TIME_MICROS:
        return scalar_time_read(text, microseconds);
    case CODEC_LOCAL_DATE_TIME:
        return scalar_time_read_local(text, microseconds);
    default:
        return ((has_zone || codec->is_utc) && scalar_time_read(text, microseconds)) ||
               scalar_time_read_database(text, has_zone, microseconds);
    }
}

/* Milliseconds, rounded down: the least time that is shown so. */
static int64_t
truncate_time(int64_t microseconds)
{
    int64_t rest = microseconds % 1000;

    if (microseconds == INT64_MAX || microseconds == INT64_MIN)
        return microseconds;
    return microseconds - rest - (rest < 0 ? 1000 : 0);
}

/* In UTC, since a `timestamp without time zone` does not heed an offset. */
static struct str
time_text(struct arena *a, const struct codec *codec, struct str text, bool is_compared)
{
    char written[SCALAR_TIME_MAX];
    int64_t microseconds;

    if (!read_time(codec, text, &microseconds))
        return STR_NONE;
    if (codec->is_truncated && is_compared)
        microseconds = truncate_time(microseconds);
    int len =
        scalar_time_write_database(microseconds, codec->type->kind == COLUMN_TIMESTAMPTZ, written);
    return str_copy(a, (struct str){ written, (size_t)len });
}

static bool
is_integer(enum column_kind kind)
{
    return kind == COLUMN_INT2 || kind == COLUMN_INT4 || kind == COLUMN_INT8 || kind == COLUMN_OID;
}

static enum codec_result
array_parameter(struct arena *a, const struct codec *codec, const struct value *value,
                bool is_compared, struct str *out);

/* The text of a value of a type that has more than one form. */
static struct str
special_text(struct arena *a, const struct codec *codec, const struct value *value,
             bool is_compared)
{
    struct str text = plain_text(codec, value);

    switch (codec->type->kind) {
    case COLUMN_JSON:
    case COLUMN_JSONB:
        return codec->form == CODEC_STRING ? text : json_text(a, value);
    case COLUMN_BYTEA:
        return codec->form == CODEC_CUSTOM && text.ptr ? codec_read_base64(a, text) : text;
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
        return text.ptr ? time_text(a, codec, text, is_compared) : text;
    default:
        /* 1.0 is 1, but only as a number: each ID has one text. */
        if (is_integer(codec->type->kind) && value->kind == VALUE_FLOAT)
            return judge_whole_number(a, text);
        return text;
    }
}

/* A part of the key that a global id has. */
static enum codec_result
global_id_parameter(struct arena *a, const struct codec *codec, const struct value *value,
                    struct str *out)
{
    struct str key[GLOBAL_ID_COLUMNS];
    struct str text = plain_text(codec, value);

    if (!text.ptr || !global_id_read(a, codec->global_id, text, key) ||
        !judge_text(a, codec->type, key[codec->key_part]))
        return CODEC_NEVER;
    *out = key[codec->key_part];
    return CODEC_OK;
}

enum codec_result
codec_parameter(struct arena *a, const struct codec *codec, const struct value *value,
                bool is_compared, struct str *out)
{
    if (codec->global_id)
        return global_id_parameter(a, codec, value, out);
    if (codec->type->kind == COLUMN_ARRAY && (codec->is_list || value->kind == VALUE_LIST))
        return array_parameter(a, codec, value, is_compared, out);
    if (codec->type->kind == COLUMN_BOOLEAN && value->kind != VALUE_BOOLEAN &&
        codec->form != CODEC_STRING)
        return CODEC_NEVER;
    struct str text = special_text(a, codec, value, is_compared);
    if (!text.ptr || !judge_text(a, codec->type, text))
        return CODEC_NEVER;
    *out = text;
    return CODEC_OK;
}

/* --- lists --- */

static bool
write_array(struct arena *a, struct buf *b, const struct codec *codec, const struct value *list,
            bool is_compared)
{
    buf_byte(b, '{');
    for (const struct value *item = list->items; item; item = item->next) {
        struct str text = STR_NONE;
        if (item != list->items)
            buf_byte(b, ',');
        if (item->kind == VALUE_NULL) {
            buf_put(b, STR("NULL"));
        } else if (item->kind == VALUE_LIST) {
            if (!write_array(a, b, codec, item, is_compared))
                return false;
        } else {
            if (codec_parameter(a, codec->item, item, is_compared, &text) == CODEC_NEVER)
                return false;
            codec_quote_element(b, text);
        }
    }
    buf_byte(b, '}');
    return true;
}

/* A list, or one value in place of a list of one. */
static enum codec_result
array_parameter(struct arena *a, const struct codec *codec, const struct value *value,
                bool is_compared, struct str *out)
{
    struct value one = { .kind = VALUE_LIST, .count = 1 }, copy = *value;
    struct buf b = { 0 };

    copy.next = NULL;
    one.items = &copy;
    const struct value *list = value->kind == VALUE_LIST ? value : &one;
    bool is_good = write_array(a, &b, codec, list, is_compared);
    *out = is_good ? buf_copy(a, &b) : STR_NONE;
    buf_free(&b);
    /* Lists within lists have one length, or it is not an array. */
    return is_good && judge_array(a, codec->type, *out) ? CODEC_OK : CODEC_NEVER;
}
