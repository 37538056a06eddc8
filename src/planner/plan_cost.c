/*
 * plan_cost.c - what a filter may cost: an estimate of how many rows PostgreSQL looks at.
 *
 * It is rough, and leaves nothing out that grows: a table is read whole unless an equality that an
 * index or a key serves stands alone at the top, or joined rows that are few lead to it.  Joined
 * rows are looked up for each row that is left, or their table is read once, whichever is less:
 * PostgreSQL hashes.  A list below other rows does its part for each of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/limits.h"
#include "schema/schema.h"
#include "binding/filter.h"
#include "planner/planner.h"

/* An equality that an index serves leaves so much of a table. */
enum { SELECTED = 100 };

/* Rows that are left of a table, and those that are looked at to find them. */
struct estimate {
    double left, read;
};

static double
least(double a, double b)
{
    return a < b ? a : b;
}

static double
row_count(const struct table *table)
{
    return table && table->row_count > 0 ? (double)table->row_count : 1;
}

/* How many rows `to` are joined to one row of `from`, on the average. */
static double
fan_out(const struct table *from, const struct table *to)
{
    double rows = row_count(to) / row_count(from);

    return rows > 1 ? rows : 1;
}

/* --- one condition --- */

/* Does an index of the table begin with the column? */
static bool
has_index(const struct table *table, const struct column *column)
{
    for (int i = 0; i < table->index_count; i++)
        if (table->indexes[i].count > 0 && table->indexes[i].terms[0].column == column)
            return true;
    return false;
}

/* What an equality leaves of so many rows; false: it helps not to find them. */
static bool
selects(const struct table *table, const struct plan_filter *f, double rows, double *left)
{
    bool is_equality = f->op == FILTER_EQ || f->op == FILTER_IN;

    if (f->kind != PLAN_COMPARE || !is_equality)
        return false;
    if (f->op == FILTER_EQ && table_is_unique(table, f->columns, 1))
        *left = 1;
    else if (has_index(table, f->columns[0]))
        *left = rows / SELECTED;
    else
        return false;
    return true;
}

static struct estimate
estimate(const struct table *table, const struct plan_filter *filters, double rows);

/* --- joined rows --- */

/* What it costs to ask each of `rows` for joined ones, within AND, OR and NOT, too. */
static double
look_up(const struct table *table, const struct plan_filter *filters, double rows)
{
    double cost = 0;

    for (const struct plan_filter *f = filters; f; f = f->next) {
        if (f->kind == PLAN_EXISTS) {
            const struct table *joined = f->rows->of.table;
            double each = rows * fan_out(table, joined);
            double whole = estimate(joined, f->items, row_count(joined)).read;
            cost += least(each + look_up(joined, f->items, each), whole);
        } else {
            cost += look_up(table, f->items, rows);
        }
    }
    return cost;
}

/* The rows are found by few joined ones, if there are few. */
static struct estimate
find_by_joined(const struct table *table, const struct plan_filter *f, struct estimate known)
{
    const struct table *joined = f->rows->of.table;
    struct estimate of = estimate(joined, f->items, row_count(joined));
    double left = of.left * fan_out(joined, table);

    if (f->is_negated || of.read + left >= known.read)
        return known;
    return (struct estimate){ least(left, known.left), of.read + left };
}

/* --- all conditions --- */

static struct estimate
estimate(const struct table *table, const struct plan_filter *filters, double rows)
{
    struct estimate known = { rows, rows };
    double left;

    for (const struct plan_filter *f = filters; f; f = f->next)
        if (selects(table, f, rows, &left) && left < known.read)
            known = (struct estimate){ left, left };
    for (const struct plan_filter *f = filters; f; f = f->next)
        if (f->kind == PLAN_EXISTS)
            known = find_by_joined(table, f, known);
    known.read += look_up(table, filters, known.left);
    return known;
}

/* How many rows the relation may be read for. */
static double
count_parents(const struct planner *p, const struct plan_relation *relation)
{
    double count = 1;

    for (const struct plan_relation *r = relation->parent; r; r = r->parent) {
        bool is_list = r->slice && r->slice->is_list && r->kind != PLAN_BRANCH;
        if (is_list)
            count *= r->slice->has_limit ? r->slice->limit : p->limits->page;
    }
    return count;
}

int64_t
plan_filter_cost(const struct planner *p, const struct plan_relation *relation)
{
    const struct table *table = plan_table(relation);
    const struct plan_relation *parent = relation->kind == PLAN_BATCH ? relation->parent : NULL;
    double rows = row_count(table);
    double cost;

    if (!table || table->row_count == 0)
        return 0;
    if (parent && plan_table(parent))
        rows = fan_out(plan_table(parent), table);
    cost = count_parents(p, relation) * estimate(table, relation->slice->filters, rows).read;
    return cost < (double)INT32_MAX ? (int64_t)cost : INT32_MAX;
}
