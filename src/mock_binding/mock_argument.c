/*
 * mock_argument.c - directions of orders.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock_binding/mock_argument.h"

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
