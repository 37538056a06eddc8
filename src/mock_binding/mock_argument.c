/*
 * mock_argument.c - words of orders and aggregates.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock_binding/mock_argument.h"

#include "schema/schema.h"

static bool
has_word(struct str text, struct str word)
{
    for (size_t i = 0; i + word.len <= text.len; i++)
        if (str_equal_nocase((struct str){ text.ptr + i, word.len }, word))
            return true;
    return false;
}

void
mock_argument_direction(struct mock_order *order, struct str text)
{
    bool is_last = has_word(text, STR("NULLS LAST")) || has_word(text, STR("NULLS_LAST"));
    bool is_first = has_word(text, STR("NULLS FIRST")) || has_word(text, STR("NULLS_FIRST"));

    order->is_descending = has_word(text, STR("DESC"));
    order->are_nulls_first = is_first || (order->is_descending && !is_last);
}

static const char *const functions[] = {
    [MOCK_SUM] = "sum", [MOCK_AVG] = "avg", [MOCK_MIN] = "min", [MOCK_MAX] = "max"
};

bool
mock_argument_function(const struct field *field, enum mock_function *function)
{
    if (type_named(field->type)->kind != TYPE_OBJECT)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(functions); i++)
        if (str_is(field->name, functions[i])) {
            *function = (enum mock_function)i;
            return true;
        }
    return false;
}
