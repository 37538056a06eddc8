/*
 * index.c - what the indexes of a table can do for a statement.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/index.h"

#include <string.h>

#include "base/buf.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"

bool
index_is_possible(const struct table *table)
{
    return table->kind == TABLE_PLAIN || table->kind == TABLE_PARTITIONED ||
           table->kind == TABLE_MATERIALIZED_VIEW;
}

/* --- one index --- */

static bool
is_btree(const struct index *index)
{
    return str_is(index->method, "btree");
}

/* May a search begin at any of its terms?  Else it begins at the first. */
static bool
is_searched_anywhere(const struct index *index)
{
    return str_is(index->method, "gin") || str_is(index->method, "brin") ||
           str_is(index->method, "bloom");
}

static bool
has_operator(const struct index_term *term, const char *op)
{
    struct str rest = term->operators;
    size_t len = strlen(op);

    while (rest.len > 0) {
        size_t end = str_find(rest, ' ');
        if (end == len && memcmp(rest.ptr, op, len) == 0)
            return true;
        end += end < rest.len;
        rest = (struct str){ rest.ptr + end, rest.len - end };
    }
    return false;
}

/* Does the index know all rows in which the column is not null?  A condition on a value implies
 * that the column has one. */
static bool
knows_values_of(const struct index *index, const struct column *column)
{
    struct buf b = { 0 };

    if (!index->predicate.ptr)
        return true;
    buf_byte(&b, '(');
    identifier_write(&b, column->name);
    buf_put_c(&b, " IS NOT NULL)");
    bool is_known = str_equal(buf_str(&b), index->predicate);
    buf_free(&b);
    return is_known;
}

/* A condition that a column is null, or is not. */
static bool
knows_nulls(const struct index *index)
{
    return !index->predicate.ptr &&
           (is_btree(index) || str_is(index->method, "gist") || str_is(index->method, "brin") ||
            str_is(index->method, "spgist"));
}

static bool
term_serves(const struct index *index, const struct index_term *term, const char *op)
{
    if (strcmp(op, "IS NULL") == 0)
        return knows_nulls(index);
    return !term->is_collated && has_operator(term, op) && knows_values_of(index, term->column);
}

/* --- what is asked of a table --- */

bool
index_serves(const struct table *table, const struct column *column, const char *op)
{
    for (int i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        int count = is_searched_anywhere(index) ? index->count : 1;
        for (int j = 0; j < count; j++)
            if (index->terms[j].column == column && term_serves(index, &index->terms[j], op))
                return true;
    }
    return false;
}

bool
index_serves_expression(const struct table *table, struct str expression, const char *op)
{
    for (int i = 0; i < table->index_count; i++) {
        const struct index *index = &table->indexes[i];
        int count = is_searched_anywhere(index) ? index->count : 1;
        for (int j = 0; j < count; j++)
            if (!index->terms[j].column && !index->predicate.ptr &&
                str_equal(index->terms[j].expression, expression) &&
                has_operator(&index->terms[j], op))
                return true;
    }
    return false;
}

bool
index_serves_prefix(const struct table *table, const struct column *column)
{
    bool is_text = column->kind == COLUMN_TEXT || column->kind == COLUMN_VARCHAR ||
                   column->kind == COLUMN_CHAR || column->kind == COLUMN_NAME;

    for (int i = 0; is_text && i < table->index_count; i++) {
        const struct index_term *term = &table->indexes[i].terms[0];
        bool is_range =
            has_operator(term, "~>=~") || (term->is_bytewise && has_operator(term, ">="));
        if (term->column == column && is_range && knows_values_of(&table->indexes[i], column))
            return true;
    }
    return index_serves(table, column, "~~");
}

bool
index_serves_equality(const struct table *table, const struct column *const *columns, int count)
{
    for (int i = 0; i < count; i++)
        if (index_serves(table, columns[i], "="))
            return true;
    return count == 0;
}

/* --- orders --- */

bool
index_is_decided(const struct table *table, const struct column *const *columns, int count)
{
    for (int i = 0; i < count; i++)
        if (!columns[i]->is_not_null)
            return false;
    return table_is_unique(table, columns, count);
}

/* What an order is compared with: the terms of an index, one after the other. */
struct match {
    const struct table *table;
    const struct index *index;
    const struct column *const *equal;
    int equal_count;
    int at;                        /* the index's next term */
    bool is_turned;                /* it is read backwards */
    const struct column **columns; /* `equal`, and those of the order up to now */
    int column_count;
};

/* Move behind the columns that have one value. */
static bool
skip_equal(struct match *m)
{
    int found = 0;

    for (; m->at < m->index->count; m->at++) {
        const struct index_term *term = &m->index->terms[m->at];
        if (!term->column || term->is_collated || !has_operator(term, "=") ||
            !column_is_among(term->column, m->equal, m->equal_count))
            break;
        found++;
    }
    return found >= m->equal_count;
}

static bool
match_term(struct match *m, const struct index_order *order, bool is_first)
{
    if (m->at == m->index->count)
        return false;
    const struct index_term *term = &m->index->terms[m->at++];
    bool is_turned = term->is_descending != order->is_descending;
    bool is_same = order->column ? term->column == order->column
                                 : !term->column && str_equal(term->expression, order->expression);

    if (is_first)
        m->is_turned = is_turned;
    if (order->column)
        m->columns[m->column_count++] = order->column;
    return is_same && !term->is_collated && has_operator(term, "<") && is_turned == m->is_turned &&
           (term->is_nulls_first != order->is_nulls_first) == is_turned;
}

static int
match_order(struct match *m, const struct index_order *terms, int count)
{
    bool is_first = true;

    if (!is_btree(m->index) || m->index->predicate.ptr || !skip_equal(m))
        return 0;
    for (int i = 0; i < count; i++) {
        if (index_is_decided(m->table, m->columns, m->column_count))
            return count;
        if (terms[i].column && column_is_among(terms[i].column, m->columns, m->column_count))
            continue;
        if (!match_term(m, &terms[i], is_first))
            return i;
        is_first = false;
    }
    return count;
}

int
index_count_order(const struct table *table, const struct column *const *equal, int equal_count,
                  const struct index_order *terms, int term_count)
{
    const struct column *columns[INDEX_ORDER_MAX];
    struct match m = { .table = table, .equal = equal, .columns = columns };
    int most = 0;

    if (equal_count + term_count > INDEX_ORDER_MAX)
        return 0;
    if (equal_count > 0)
        memcpy(columns, equal, (size_t)equal_count * sizeof(*equal));
    for (int i = 0; i < table->index_count; i++) {
        m.index = &table->indexes[i];
        m.at = 0;
        m.equal_count = m.column_count = equal_count;
        int count = match_order(&m, terms, term_count);
        most = count > most ? count : most;
    }
    return most;
}
