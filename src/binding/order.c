/*
 * order.c - what lists are ordered by.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/order.h"

#include "base/buf.h"
#include "catalog/catalog.h"
#include "binding/filter.h"
#include "binding/join.h"

/* --- directions --- */

/* Cut the first word, which ends before `separator`. */
static struct str
cut_word(struct str *rest, char separator)
{
    while (rest->len > 0 && rest->ptr[0] == separator)
        *rest = (struct str){ rest->ptr + 1, rest->len - 1 };
    struct str word = { rest->ptr, str_find(*rest, separator) };
    *rest = (struct str){ rest->ptr + word.len, rest->len - word.len };
    return word;
}

bool
order_read_direction(struct str text, char separator, struct order_direction *direction)
{
    struct str word = cut_word(&text, separator);

    direction->is_descending = str_equal_nocase(word, STR("DESC"));
    direction->is_nulls_first = direction->is_descending;
    if (direction->is_descending || str_equal_nocase(word, STR("ASC")))
        word = cut_word(&text, separator);
    if (str_equal_nocase(word, STR("NULLS"))) {
        word = cut_word(&text, separator);
        direction->is_nulls_first = str_equal_nocase(word, STR("FIRST"));
        if (!direction->is_nulls_first && !str_equal_nocase(word, STR("LAST")))
            return false;
        word = cut_word(&text, separator);
    }
    return word.len == 0 && text.len == 0;
}

struct order_direction
order_turn(struct order_direction direction)
{
    return (struct order_direction){ !direction.is_descending, !direction.is_nulls_first };
}

/* --- terms --- */

struct order_term
order_term_of(const struct column *column, struct order_direction direction)
{
    return (struct order_term){ .column = column, .direction = direction };
}

const struct column_type *
order_term_type(const struct order_term *term)
{
    switch (term->source) {
    case ORDER_COLUMN:
        break;
    case ORDER_COUNT:
        return column_kind_type(COLUMN_INT8);
    case ORDER_FUNCTION:
        return term->function->returns;
    case ORDER_RANK: /* ts_rank() */
        return column_kind_type(COLUMN_FLOAT4);
    }
    return term->column->type;
}

/* A row that is joined may be absent, or be hidden by a policy. */
bool
order_term_may_be_null(const struct order_term *term)
{
    switch (term->source) {
    case ORDER_COLUMN:
        return term->way_count > 0 || !term->column->is_not_null;
    case ORDER_COUNT:
    case ORDER_RANK: /* of rows in which the words were found */
        return false;
    case ORDER_FUNCTION:
        break;
    }
    return true;
}

static bool
is_same_step(const struct order_step *a, const struct order_step *b)
{
    return join_equal(a->join, b->join) && a->rows == b->rows;
}

bool
order_term_is_own_column(const struct order_term *term)
{
    return term->source == ORDER_COLUMN && term->way_count == 0 && !term->is_between;
}

/* `posted_by = users.id` */
static void
write_step(struct buf *b, const struct join *join)
{
    for (int i = 0; i < join->count; i++)
        buf_printf(b, "%s%.*s = %.*s.%.*s", i > 0 ? ", " : "", STR_PRINT(join->from[i]->name),
                   STR_PRINT(join->table->name), STR_PRINT(join->to[i]->name));
    if (join->through) {
        buf_put_c(b, ", ");
        write_step(b, join->through);
    }
}

void
order_term_write(struct buf *b, const struct order_term *term)
{
    for (int i = 0; i < term->way_count; i++) {
        write_step(b, term->way[i].join);
        buf_put_c(b, ": ");
    }
    switch (term->source) {
    case ORDER_COLUMN:
        buf_put(b, term->column->name);
        break;
    case ORDER_COUNT:
        buf_put_c(b, "count of ");
        write_step(b, term->counted.join);
        break;
    case ORDER_FUNCTION:
        buf_put(b, term->function->name);
        buf_put_c(b, "()");
        break;
    case ORDER_RANK:
        buf_put_c(b, "rank by ");
        for (int i = 0; i < term->words->column_count; i++)
            buf_printf(b, "%s%.*s", i > 0 ? ", " : "", STR_PRINT(term->words->columns[i]->name));
        if (term->words->config.ptr)
            buf_printf(b, " in %.*s", STR_PRINT(term->words->config));
        break;
    }
}

bool
order_term_is_same(const struct order_term *a, const struct order_term *b)
{
    if (!a->words != !b->words || (a->words && !filter_has_same_words(a->words, b->words)))
        return false;
    if (a->source != b->source || a->way_count != b->way_count || a->column != b->column ||
        a->is_between != b->is_between || a->function != b->function ||
        !is_same_step(&a->counted, &b->counted))
        return false;
    for (int i = 0; i < a->way_count; i++)
        if (!is_same_step(&a->way[i], &b->way[i]))
            return false;
    return true;
}

bool
order_is_same(const struct order *a, const struct order *b)
{
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++)
        if (!order_term_is_same(&a->terms[i], &b->terms[i]) ||
            a->terms[i].direction.is_descending != b->terms[i].direction.is_descending ||
            a->terms[i].direction.is_nulls_first != b->terms[i].direction.is_nulls_first)
            return false;
    return true;
}
