/*
 * sql_keyset.c - the rows behind a cursor, or in front of it, as an index finds them.
 *
 * Terms that are NOT NULL and have one direction are a row comparison, which is a bound in one
 * B-tree:
 *
 *     (l1."created_at", l1."id") < ($1::timestamp with time zone, $2::integer)
 *
 * In any other order the rows have parts, each of which is a range of the index: those that differ
 * from the cursor in the first term, those that are equal in it and differ in the second, ...  Each
 * part is ordered and cut for itself.  Of ORDER BY seen_at DESC NULLS LAST, id, behind a row that
 * has been seen:
 *
 *     SELECT * FROM ((SELECT ... WHERE l1."seen_at" < $1 ORDER BY ... LIMIT 11) UNION ALL
 *                    (SELECT ... WHERE l1."seen_at" IS NULL ORDER BY ... LIMIT 11) UNION ALL
 *                    (SELECT ... WHERE l1."seen_at" = $1 AND l1."id" > $2 ORDER BY ... LIMIT 11))
 *          AS l1 ORDER BY l1."seen_at" DESC NULLS LAST, l1."id" LIMIT 11
 *
 * (As one condition with OR, PostgreSQL would read all rows from the beginning of the list.  It is
 * one where a term is of another row, since all rows are read and sorted then.)  Between two
 * cursors, the parts by the one are parted by the other.
 *
 * Which terms of a cursor are null is known when the plan is made: they have no parameter.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_keyset.h"

#include "codec/cursor.h"
#include "plan_sql/sql_fence.h"
#include "plan_sql/sql_part.h"

/* --- one term --- */

/* The direction of a term in which the rows that are wanted stand behind the cursor. */
static struct order_direction
direction(const struct plan_relation *r, const struct plan_bound *bound, int term)
{
    const struct order_direction given = r->slice->order[term].direction;

    return bound->is_behind ? given : order_turn(given);
}

static bool
may_be_null(const struct plan_relation *r, int term)
{
    return order_term_may_be_null(&r->slice->order[term]);
}

static void
put_null(struct buf *b, const struct plan_relation *r, int term, bool is_null)
{
    sql_term(b, r, term);
    sql_null_test(b, order_term_type(&r->slice->order[term]), is_null);
}

static void
put_compare(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound, int term,
            const char *operator)
{
    sql_compared_term(b, r, term);
    buf_put_c(b, operator);
    sql_parameter(b, r->statement, bound->parameters[term]);
}

static void
put_equal(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound, int term)
{
    if (bound->parameters[term] < 0)
        put_null(b, r, term, true);
    else
        put_compare(b, r, bound, term, " = ");
}

/* --- several terms --- */

/* Are the terms from this one on, of so many, NOT NULL and of one direction? */
static bool
is_uniform(const struct plan_relation *r, int from, int count)
{
    const struct order_term *order = r->slice->order;

    for (int i = from; i < count; i++)
        if (may_be_null(r, i) ||
            order[i].direction.is_descending != order[from].direction.is_descending)
            return false;
    return from < count;
}

/* `(l1."created_at", l1."id") < ($1, $2)`, or of one term `l1."id" < $2`. */
static void
row_comparison(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound,
               int from)
{
    int count = bound->count;
    bool is_row = count - from > 1;

    buf_put_c(b, is_row ? "(" : "");
    for (int i = from; i < count; i++) {
        buf_put_c(b, i > from ? ", " : "");
        sql_compared_term(b, r, i);
    }
    buf_put_c(b, is_row ? ")" : "");
    buf_put_c(b, direction(r, bound, from).is_descending ? " <" : " >");
    buf_put_c(b, bound->is_inclusive ? "= " : " ");
    buf_put_c(b, is_row ? "(" : "");
    for (int i = from; i < count; i++) {
        buf_put_c(b, i > from ? ", " : "");
        sql_parameter(b, r->statement, bound->parameters[i]);
    }
    buf_put_c(b, is_row ? ")" : "");
}

/* --- one condition --- */

/* By the term alone: is the row behind the cursor? */
static void
by_term(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound, int term)
{
    struct order_direction way = direction(r, bound, term);

    if (bound->parameters[term] < 0) {
        if (way.is_nulls_first)
            put_null(b, r, term, false);
        else
            buf_put_c(b, "false");
        return;
    }
    put_compare(b, r, bound, term, way.is_descending ? " < " : " > ");
    if (may_be_null(r, term) && !way.is_nulls_first) {
        buf_put_c(b, " OR ");
        put_null(b, r, term, true);
    }
}

static void
from_term(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound, int term)
{
    if (is_uniform(r, term, bound->count)) {
        row_comparison(b, r, bound, term);
        return;
    }
    if (term == bound->count) {
        buf_put_c(b, bound->is_inclusive ? "true" : "false");
        return;
    }
    buf_byte(b, '(');
    by_term(b, r, bound, term);
    buf_put_c(b, " OR ");
    put_equal(b, r, bound, term);
    buf_put_c(b, " AND ");
    from_term(b, r, bound, term + 1);
    buf_byte(b, ')');
}

/* The rows behind the cursor; with a bound of the first term, which an index takes, unless rows are
 * wanted in which that is null. */
static void
put_condition(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound,
              bool wants_null)
{
    if (bound->count > 0 && !is_uniform(r, 0, bound->count) && bound->parameters[0] >= 0) {
        struct order_direction way = direction(r, bound, 0);
        if (!wants_null || !may_be_null(r, 0) || way.is_nulls_first) {
            put_compare(b, r, bound, 0, way.is_descending ? " <= " : " >= ");
            buf_put_c(b, " AND ");
        }
    }
    from_term(b, r, bound, 0);
}

/* --- parts --- */

enum {
    PARTS_MAX = 2 * CURSOR_TERMS + 1,
    BETWEEN_MAX = 25 /* parts between two cursors: PostgreSQL plans each of them */
};

enum part_kind {
    PART_BEYOND,   /* beyond the cursor's value */
    PART_NULL,     /* null, which is behind any value */
    PART_NOT_NULL, /* not null, which is behind null */
    PART_ROW,      /* this and all later terms, as a row comparison */
    PART_REST,     /* this and all later terms, as one condition */
    PART_EQUAL     /* equal in all terms */
};

/* Rows that equal the cursor before the term, and in it are so. */
struct part {
    enum part_kind kind;
    int term;
};

/* May an index have the term?  None has what is of another row, or depends on words. */
static bool
may_have_index(const struct order_term *term)
{
    return term->way_count == 0 && term->source != ORDER_COUNT && term->source != ORDER_RANK;
}

/* Find the parts; `parts` has room for two of each term, and one more. */
static int
find_parts(const struct plan_relation *r, const struct plan_bound *bound, struct part *parts)
{
    int count = 0, terms = bound->count;

    for (int i = 0; i < terms; i++) {
        struct order_direction way = direction(r, bound, i);
        bool is_value = bound->parameters[i] >= 0;
        if (is_uniform(r, i, terms)) {
            parts[count++] = (struct part){ PART_ROW, i };
            return count;
        }
        if (!may_have_index(&r->slice->order[i])) {
            parts[count++] = (struct part){ PART_REST, i };
            return count;
        }
        if (is_value)
            parts[count++] = (struct part){ PART_BEYOND, i };
        if (is_value && may_be_null(r, i) && !way.is_nulls_first)
            parts[count++] = (struct part){ PART_NULL, i };
        if (!is_value && way.is_nulls_first)
            parts[count++] = (struct part){ PART_NOT_NULL, i };
    }
    if (bound->is_inclusive)
        parts[count++] = (struct part){ PART_EQUAL, terms };
    return count;
}

static void
put_part(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound,
         const struct part *part)
{
    for (int i = 0; i < part->term; i++) {
        buf_put_c(b, i > 0 ? " AND " : "");
        put_equal(b, r, bound, i);
    }
    buf_put_c(b, part->term > 0 && part->kind != PART_EQUAL ? " AND " : "");
    switch (part->kind) {
    case PART_BEYOND:
        put_compare(b, r, bound, part->term,
                    direction(r, bound, part->term).is_descending ? " < " : " > ");
        break;
    case PART_NULL:
        put_null(b, r, part->term, true);
        break;
    case PART_NOT_NULL:
        put_null(b, r, part->term, false);
        break;
    case PART_ROW:
        row_comparison(b, r, bound, part->term);
        break;
    case PART_REST:
        from_term(b, r, bound, part->term);
        break;
    case PART_EQUAL:
        break;
    }
}

/* May the first term be null in rows of the part? */
static bool
has_null(const struct plan_bound *bound, const struct part *part)
{
    if (part->term > 0)
        return bound->parameters[0] < 0;
    return part->kind == PART_NULL || part->kind == PART_REST || part->kind == PART_EQUAL;
}

/* The cursor that makes the parts: the one that the list is read from, or else the only one. */
static const struct plan_bound *
first_bound(const struct plan_relation *r)
{
    for (const struct plan_bound *bound = r->slice->bounds; bound; bound = bound->next)
        if (bound->is_behind != r->slice->is_reversed)
            return bound;
    return r->slice->bounds;
}

/* --- the rows --- */

/* The rows of one part, or of all; and of one part by the other cursor, or by a condition. */
static void
put_rows(struct buf *b, const struct plan_relation *r, sql_rows_fn *rows, const struct part *part,
         const struct part *other)
{
    const struct plan_bound *first = first_bound(r);
    const char *before = rows(b, r);

    for (const struct plan_bound *bound = r->slice->bounds; bound; bound = bound->next) {
        const struct part *its = bound == first ? part : other;
        buf_put_c(b, before);
        before = " AND ";
        if (its)
            put_part(b, r, bound, its);
        else
            put_condition(b, r, bound, !part || has_null(first, part));
    }
    sql_order(b, r, " ORDER BY ");
    sql_limit(b, r->kind == PLAN_BRANCH ? r->parent : r);
}

void
sql_keyset_conditions(struct buf *b, const struct plan_relation *r, const char *before)
{
    for (const struct plan_bound *bound = r->slice->bounds; bound; bound = bound->next) {
        buf_put_c(b, before);
        put_condition(b, r, bound, true);
        before = " AND ";
    }
}

bool
sql_keyset_has_parts(const struct plan_relation *r)
{
    for (const struct plan_bound *bound = r->slice->bounds; bound; bound = bound->next)
        if (bound->count == 0) /* of a union: the rows have no term in common */
            return false;
    return r->slice->bounds && !is_uniform(r, 0, r->slice->order_count) &&
           may_have_index(&r->slice->order[0]);
}

static const struct plan_bound *
other_bound(const struct plan_relation *r)
{
    const struct plan_bound *first = first_bound(r), *bound = r->slice->bounds;

    return bound == first ? bound->next : bound;
}

/* Between two cursors, each part by the one is parted by the other, so that no row is read beyond
 * it; unless that were too many. */
void
sql_keyset_parts(struct buf *b, const struct plan_relation *r, sql_rows_fn *rows)
{
    struct part parts[PARTS_MAX], others[PARTS_MAX];
    const struct plan_bound *other = other_bound(r);
    int count = find_parts(r, first_bound(r), parts);
    int other_count = other ? find_parts(r, other, others) : 0;

    if (count == 0 || other_count == 0 || count * other_count > BETWEEN_MAX)
        other_count = 0;
    for (int i = 0; i < count || i == 0; i++)
        for (int j = 0; j < other_count || j == 0; j++) {
            buf_put_c(b, i + j > 0 ? " UNION ALL (" : "(");
            /* Of no part, a condition says that nothing is behind the cursor. */
            put_rows(b, r, rows, count > 0 ? &parts[i] : NULL, other_count > 0 ? &others[j] : NULL);
            buf_byte(b, ')');
        }
}

void
sql_keyset(struct buf *b, const struct plan_statement *s, sql_rows_fn *rows)
{
    const struct plan_relation *r = s->relation;

    if (!sql_keyset_has_parts(r)) {
        put_rows(b, r, rows, NULL, NULL);
        return;
    }
    buf_put(b, STR("SELECT * FROM ("));
    sql_keyset_parts(b, r, rows);
    sql_end_subselect(b, r->alias);
    sql_fenced_order(b, r, " ORDER BY ");
    sql_limit(b, r);
}

void
sql_keyset_probe(struct buf *b, const struct plan_statement *s, sql_rows_fn *rows)
{
    if (!sql_keyset_has_parts(s->relation)) {
        put_rows(b, s->relation, rows, NULL, NULL);
        return;
    }
    buf_put(b, STR("SELECT 1 FROM ("));
    sql_keyset_parts(b, s->relation, rows);
    sql_end_subselect(b, s->relation->alias);
    sql_limit(b, s->relation);
}

void
sql_keyset_by_key(struct buf *b, const struct plan_statement *s, sql_rows_fn *rows)
{
    const struct plan_relation *r = s->relation;

    sql_begin_keys(b, s, r->alias);
    buf_byte(b, '(');
    sql_keyset(b, s, rows);
    sql_end_subselect(b, r->alias);
    sql_end_keys(b, r->alias);
    sql_joins(b, r);
    if (s->sort_cells)
        return;
    sql_order_by_key(b, s, r->alias);
    sql_fenced_order(b, r, ", ");
}
