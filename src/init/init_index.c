/*
 * init_index.c - what the indexes of a table serve: orders to choose from, and comparisons.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "init/init_internal.h"
#include "init/words.h"

/* --- orders --- */

enum { MOST_TERMS = 4 }; /* of one order; limit_order_terms is 5, and the key comes behind */

/* The terms of an index, without those that break ties anyway. */
static int
count_terms(const struct init_table *t, const struct index *index)
{
    int count = index->count;

    while (count > 0 && index->terms[count - 1].column &&
           column_is_among(index->terms[count - 1].column, t->key, t->key_count))
        count--;
    return count;
}

/* Can a name of the contract say the order: are all terms columns that have a field? */
static bool
is_order(const struct init_table *t, const struct index *index, int count)
{
    if (!str_is(index->method, "btree") || index->predicate.ptr || count == 0 || count > MOST_TERMS)
        return false;
    for (int i = 0; i < count; i++) {
        const struct index_term *term = &index->terms[i];
        if (!term->column || term->is_collated || !term->column->type->has_order ||
            !init_is_plain_name(term->column->name) ||
            !init_find_column(t, term->column)->field.ptr)
            return false;
    }
    return true;
}

static void
write_term(struct buf *b, const struct index_term *term, bool is_turned)
{
    bool is_descending = term->is_descending != is_turned;
    bool is_nulls_first = term->is_nulls_first != is_turned;

    buf_put(b, term->column->name);
    buf_put_c(b, is_descending ? " DESC" : "");
    if (is_nulls_first != is_descending)
        buf_put_c(b, is_nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/* Is the value's name enough: `TITLE_ASC` of a column `title`? */
static bool
is_said(const struct index_term *term, int count, struct str capitals)
{
    return count == 1 && term->is_nulls_first == term->is_descending &&
           str_equal_nocase(term->column->name, capitals);
}

static void
add_order(struct init_model *m, struct init_table *t, const struct index_term *terms, int count,
          bool is_turned)
{
    struct buf *name = buf_new(m->arena), *by = buf_new(m->arena);
    bool is_descending = terms[0].is_descending != is_turned;

    for (int i = 0; i < count; i++) {
        struct str field = init_find_column(t, terms[i].column)->plain;
        buf_put_c(name, i > 0 ? "_" : "");
        buf_put(name, words_capitals(m->arena, words_split(m->arena, field)));
        buf_put_c(by, i > 0 ? ", " : "");
        write_term(by, &terms[i], is_turned);
    }
    bool is_short = is_said(terms, count, buf_copy(m->arena, name));
    buf_put_c(name, is_descending ? "_DESC" : "_ASC");
    struct str value = buf_copy(m->arena, name);
    for (int i = 0; i < t->order_count; i++)
        if (str_equal(t->orders[i].value, value))
            return;
    t->orders[t->order_count++] =
        (struct init_order){ value, is_short ? STR_NONE : buf_copy(m->arena, by) };
}

static void
add_both(struct init_model *m, struct init_table *t, const struct index_term *terms, int count)
{
    bool is_turned = terms[0].is_descending;

    add_order(m, t, terms, count, is_turned);
    add_order(m, t, terms, count, !is_turned);
}

void
init_find_orders(struct init_model *m, struct init_table *t)
{
    const struct table *table = t->table;

    t->orders = ARENA_ARRAY(m->arena, struct init_order, 2 * (size_t)table->index_count + 3);
    if (t->key_count == 1 && init_find_column(t, t->key[0])->field.ptr &&
        init_is_plain_name(t->key[0]->name))
        add_both(m, t, &(struct index_term){ .column = t->key[0] }, 1);
    for (int i = 0; i < table->index_count; i++) {
        int count = count_terms(t, &table->indexes[i]);
        if (t->key_count > 0 && is_order(t, &table->indexes[i], count))
            add_both(m, t, table->indexes[i].terms, count);
    }
    if (t->order_count <= 2 && t->key_count == 1 && !index_is_possible(table))
        t->order_count = 0; /* of a view nothing is known */
}

/* --- comparisons --- */

/* What an index may serve, by PostgreSQL's operator. */
static const struct {
    enum init_operators set;
    const char *op;
} served[] = {
    { INIT_EQUAL, "=" },     { INIT_RANGE, "<" }, { INIT_NULL, "IS NULL" }, { INIT_TEXT, "~~*" },
    { INIT_ELEMENTS, "@>" }, { INIT_KEYS, "?" },  { INIT_WORDS, "@@" },
};

/* What makes sense of a column, as its type has it in the contract. */
static unsigned
sensible(const struct column *column, struct str type)
{
    bool is_text = column->kind == COLUMN_TEXT || column->kind == COLUMN_VARCHAR ||
                   column->kind == COLUMN_CHAR || column->kind == COLUMN_CITEXT;
    bool is_sorted = !str_is(type, "ID") && !str_is(type, "UUID") && !str_is(type, "Boolean") &&
                     column->kind != COLUMN_ENUM;

    if (column->kind == COLUMN_ARRAY)
        return INIT_ELEMENTS;
    if (column->kind == COLUMN_JSONB)
        return INIT_ELEMENTS | INIT_KEYS;
    if (init_is_document(column))
        return INIT_WORDS;
    unsigned set = column->type->has_equality ? INIT_EQUAL | INIT_NULL : 0;
    set |= is_sorted && column->type->has_order ? INIT_RANGE : 0;
    return set | (is_text && !column->is_nondeterministic ? INIT_PREFIX | INIT_TEXT : 0);
}

static unsigned
served_operators(const struct init_table *t, const struct column *column, struct str type)
{
    unsigned set = 0, wanted = sensible(column, type);

    for (size_t i = 0; i < ARRAY_LENGTH(served); i++)
        if (index_serves(t->table, column, served[i].op))
            set |= served[i].set;
    if (index_serves_prefix(t->table, column))
        set |= INIT_PREFIX;
    if (column->search != SEARCH_UNINDEXED)
        set |= INIT_TEXT;
    if (set & INIT_TEXT) /* which has texts that begin so, too */
        set &= ~(unsigned)INIT_PREFIX;
    if (column_is_among(column, t->key, t->key_count))
        set &= ~(unsigned)INIT_NULL;
    return set & wanted;
}

/* What stands between the scalar's name and `Filter`. */
static struct str
set_name(struct arena *a, unsigned set, bool is_sorted)
{
    unsigned values = set & (INIT_EQUAL | INIT_RANGE | INIT_NULL);
    unsigned usual = INIT_EQUAL | INIT_NULL | (is_sorted ? INIT_RANGE : 0);
    const char *first = values == usual                       ? ""
                        : values == (INIT_EQUAL | INIT_RANGE) ? "Value"
                        : values == (INIT_EQUAL | INIT_NULL)  ? "Equality"
                        : values == INIT_EQUAL                ? "Equal"
                                                              : "";

    return str_format(a, "%s%s%s%s%s", first, set & INIT_PREFIX ? "Prefix" : "",
                      set & INIT_TEXT ? "Text" : "", set & INIT_KEYS ? "Keys" : "",
                      set & INIT_WORDS ? "Words" : "");
}

/* The input type with these operators of a scalar, which is made when it is first asked for. */
static struct str
comparison_type(struct init_model *m, struct str scalar, unsigned set, bool is_list)
{
    for (int i = 0; i < m->comparison_count; i++) {
        const struct init_comparison *c = &m->comparisons[i];
        if (str_equal(c->scalar, scalar) && c->set == set && c->is_list == is_list)
            return c->name;
    }
    bool is_sorted = !str_is(scalar, "ID") && !str_is(scalar, "UUID") &&
                     !str_is(scalar, "Boolean") && (set & INIT_RANGE);
    struct str middle = is_list ? STR("List") : set_name(m->arena, set, is_sorted);
    if (str_is(scalar, "ID") && set == INIT_EQUAL)
        middle = STR("");
    struct str name = str_format(m->arena, "%.*s%.*sFilter", STR_PRINT(scalar), STR_PRINT(middle));
    bool is_reserved = middle.len == 0 || is_list; /* with the scalar's own name */
    for (int i = 0; i < m->comparison_count; i++)
        is_reserved &= !str_equal(m->comparisons[i].name, name);
    if (!is_reserved)
        name = init_take(m, m->type_names, name);
    m->comparisons[m->comparison_count++] = (struct init_comparison){ name, scalar, set, is_list };
    return name;
}

/* These have a meaning of their own in a filter. */
static const char words_of_filters[] = "and or not some every none";

static void
add_comparison(struct init_model *m, struct init_table *t, const struct init_column *c)
{
    struct str type = c->type;
    bool is_list = type.ptr[0] == '[';
    unsigned set = served_operators(t, c->column, type);

    if (set == 0 || str_has_word(str_from(words_of_filters), c->plain))
        return;
    if (is_list) { /* `[String!]` */
        size_t end = type.len - 1 - (type.ptr[type.len - 2] == '!');
        type = (struct str){ type.ptr + 1, end - 1 };
    }
    t->filters[t->filter_count++] =
        (struct init_filter){ c->plain, comparison_type(m, type, set, is_list), c->column };
}

void
init_find_filters(struct init_model *m, struct init_table *t)
{
    t->filters = ARENA_ARRAY(m->arena, struct init_filter, (size_t)t->table->column_count + 1);
    for (int i = 0; i < t->table->column_count; i++)
        if (t->columns[i].field.ptr && t->key_count > 0)
            add_comparison(m, t, &t->columns[i]);
}

/* Do indexes find rows at both ends? */
static bool
is_served(const struct foreign_key *key)
{
    return index_serves_equality(key->from, key->from_columns, key->count) &&
           index_serves_equality(key->to, key->to_columns, key->count);
}

bool
init_is_filtered_by(const struct init_table *t, const struct init_relation *r)
{
    return !r->is_guess && !r->foreign_key->is_not_valid && r->to->filter_count > 0 &&
           t->filter_count > 0 && is_served(r->foreign_key) &&
           (!r->onward || is_served(r->onward)) &&
           !str_has_word(str_from(words_of_filters), r->plain);
}
