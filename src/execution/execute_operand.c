/*
 * execute_operand.c - what the conditions of a filter compare with: values as texts of
 * parameters.
 *
 * What no row can equal is null, which no row equals: a filter's value never fails a statement.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "value/value.h"
#include "codec/codec.h"
#include "codec/judge.h"
#include "binding/filter.h"
#include "execution/run.h"

/* --- texts --- */

/* What stands around the text in a pattern of LIKE, in which %, _ and \ mean themselves unless the
 * text is a pattern itself. */
static const struct {
    bool is_pattern, is_raw;
    const char *before, *after;
} patterns[FILTER_OPERATOR_COUNT] = {
    [FILTER_STARTS_WITH] = { true, false, "", "%" },
    [FILTER_ENDS_WITH] = { true, false, "%", "" },
    [FILTER_CONTAINS] = { true, false, "%", "%" },
    [FILTER_LIKE] = { true, true, "", "" },
    [FILTER_I_EQ] = { true, false, "", "" },
    [FILTER_I_STARTS_WITH] = { true, false, "", "%" },
    [FILTER_I_ENDS_WITH] = { true, false, "%", "" },
    [FILTER_I_CONTAINS] = { true, false, "%", "%" },
    [FILTER_I_LIKE] = { true, true, "", "" },
};

static bool
has_nul(struct str text)
{
    return str_find(text, '\0') < text.len;
}

static const char *
text_operand(struct arena *a, enum filter_operator op, struct str text)
{
    struct buf *b = buf_new(a);

    if (has_nul(text))
        return NULL;
    if (!patterns[op].is_pattern || patterns[op].is_raw)
        return text.ptr;
    buf_put_c(b, patterns[op].before);
    for (size_t i = 0; i < text.len; i++) {
        if (memchr("%_\\", text.ptr[i], 3))
            buf_byte(b, '\\');
        buf_byte(b, text.ptr[i]);
    }
    buf_put_c(b, patterns[op].after);
    return buf_copy(a, b).ptr;
}

/* --- values --- */

/* The last whole number that is within the bound. */
static const char *
bound_operand(struct arena *a, enum filter_operator op, enum column_kind kind, struct str text)
{
    struct judge_bounds bounds = { .is_upper = op == FILTER_LT || op == FILTER_LTE,
                                   .is_strict = op == FILTER_LT || op == FILTER_GT };

    switch (kind) {
    case COLUMN_INT2:
        bounds.least = INT16_MIN;
        bounds.most = INT16_MAX;
        break;
    case COLUMN_INT4:
        bounds.least = INT32_MIN;
        bounds.most = INT32_MAX;
        break;
    case COLUMN_OID:
        bounds.most = UINT32_MAX;
        break;
    default:
        bounds.least = INT64_MIN;
        bounds.most = INT64_MAX;
        break;
    }
    return has_nul(text) ? NULL : judge_bound(a, text, &bounds).ptr;
}

static const char *
value_operand(struct arena *a, const struct plan_parameter *parameter, const struct value *value)
{
    const struct codec *codec = parameter->codec;
    /* The text "1.5" is no whole number, although the number 1.5 is between two. */
    bool is_number = value->kind == VALUE_INT || value->kind == VALUE_FLOAT ||
                     (value->kind == VALUE_STRING && judge_digits(value->text));
    struct str text;

    if (parameter->is_whole_bound)
        return is_number ? bound_operand(a, parameter->op, codec->type->kind, value->text) : NULL;
    return codec_parameter(a, codec, value, true, &text) == CODEC_OK ? text.ptr : NULL;
}

/* --- lists --- */

/* The item as an element of an array; false: no value of the column can be it. */
static bool
write_item(struct arena *a, struct buf *b, const struct codec *codec, const struct value *item)
{
    struct str text = item->text;

    if (codec ? codec_parameter(a, codec, item, true, &text) != CODEC_OK : has_nul(text))
        return false;
    buf_put_c(b, b->len > 1 ? "," : "");
    codec_quote_element(b, text);
    return true;
}

/* Of a list, the items that a value can be; NULL where all of them are needed and one is not. */
static const char *
list_operand(struct arena *a, const struct plan_parameter *parameter, const struct value *first,
             bool is_one)
{
    bool needs_all =
        is_one || parameter->op == FILTER_HAS_ALL || parameter->op == FILTER_HAS_ALL_KEYS;
    struct buf *b = buf_new(a);

    buf_byte(b, '{');
    for (const struct value *item = first; item; item = is_one ? NULL : item->next)
        if (!write_item(a, b, parameter->codec, item) && needs_all)
            return NULL;
    buf_byte(b, '}');
    return buf_copy(a, b).ptr;
}

/* --- the operand --- */

/* What stands at the path, which the guard of the plan has seen to. */
static const struct value *
find_value(const struct value *value, const struct path *path)
{
    if (!path)
        return value;
    const struct value *parent = find_value(value, path->parent);
    if (path->name.ptr)
        return parent ? value_find(parent, path->name) : NULL;
    const struct value *item = parent ? parent->items : NULL;
    for (int i = 0; item && i < path->index; i++)
        item = item->next;
    return item;
}

const char *
execute_operand(struct arena *a, const struct plan_parameter *parameter,
                const struct value *argument)
{
    const struct value *value =
        parameter->is_constant ? parameter->value : find_value(argument, parameter->path);

    if (!value || value->kind == VALUE_NULL)
        return NULL;
    switch (filter_operators[parameter->op].operand) {
    case OPERAND_TEXT:
        return text_operand(a, parameter->op, value->text);
    case OPERAND_VALUE:
        return value_operand(a, parameter, value);
    case OPERAND_ELEMENT:
        return list_operand(a, parameter, value, true);
    case OPERAND_VALUES:
    case OPERAND_TEXTS:
    case OPERAND_ELEMENTS:
    case OPERAND_TRUTH:
        break;
    }
    return list_operand(a, parameter, value->items, false);
}
