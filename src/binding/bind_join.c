/*
 * bind_join.c - the foreign key that a field follows.
 *
 * From the parent's row, a foreign key of its own table leads to one row, and
 * one of the other table to many, or to one at most if its column is unique
 * there.  Only keys of one column are followed.  Candidates are collected in
 * one list, so that a misfit can name them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "binding/bind_internal.h"

struct join_candidate {
    struct join join;
    const struct table *owner;   /* of the foreign key */
    const struct column *column; /* that refers to the other table */
    bool is_many;
};

struct join_candidates {
    const struct join_candidate *list;
    int count;
};

static struct join_candidate
forward(const struct foreign_key *key)
{
    return (struct join_candidate){ { key->to, key->from_columns[0], key->to_columns[0] },
                                    key->from,
                                    key->from_columns[0],
                                    false };
}

static struct join_candidate
backward(const struct foreign_key *key)
{
    return (struct join_candidate){ { key->from, key->to_columns[0], key->from_columns[0] },
                                    key->from,
                                    key->from_columns[0],
                                    !table_is_unique(key->from, key->from_columns[0]) };
}

static struct join_candidates
find_candidates(struct arena *a, const struct table *parent, const struct table *target)
{
    size_t most = (size_t)parent->foreign_key_count + (size_t)target->foreign_key_count;
    struct join_candidate *list = ARENA_ARRAY(a, struct join_candidate, most + 1);
    int count = 0;

    for (int i = 0; i < parent->foreign_key_count; i++)
        if (parent->foreign_keys[i].to == target && parent->foreign_keys[i].count == 1)
            list[count++] = forward(&parent->foreign_keys[i]);
    for (int i = 0; i < target->foreign_key_count; i++)
        if (target->foreign_keys[i].to == parent && target->foreign_keys[i].count == 1)
            list[count++] = backward(&target->foreign_keys[i]);
    return (struct join_candidates){ list, count };
}

/* A list follows a key that leads here; a single row may go either way, if
 * there is but one. */
static bool
has_cardinality(const struct bind_site *site, const struct join_candidate *candidate)
{
    bool is_forward = candidate->column == candidate->join.from;

    return site->is_list ? !is_forward : !candidate->is_many;
}

/* Those of `all` that fit the field: by cardinality, and by `column` unless it
 * is STR_NONE. */
static struct join_candidates
keep_fitting(const struct bind_site *site, struct join_candidates all, struct str column)
{
    struct join_candidate *list =
        ARENA_ARRAY(site->binder->arena, struct join_candidate, (size_t)all.count + 1);
    int count = 0;

    for (int i = 0; i < all.count; i++)
        if (has_cardinality(site, &all.list[i]) &&
            (!column.ptr || str_equal(all.list[i].column->name, column)))
            list[count++] = all.list[i];
    return (struct join_candidates){ list, count };
}

/* `links.posted_by, links.edited_by` */
static struct str
list_columns(struct arena *a, struct join_candidates candidates)
{
    struct buf *names = buf_new(a);

    for (int i = 0; i < candidates.count; i++) {
        buf_put_c(names, i > 0 ? ", " : "");
        buf_put(names, candidates.list[i].owner->name);
        buf_byte(names, '.');
        buf_put(names, candidates.list[i].column->name);
    }
    return buf_copy(a, names);
}

/* @join on a column that is not a foreign key: a table is joined to itself by
 * equal values.  NULL when that is not what the field says. */
static const struct join *
find_self_join(const struct bind_site *site, const struct table *target, struct str name)
{
    const struct column *column = table_find_column(target, name);

    if (target != binding_of_type(site->parent)->table || !column)
        return NULL;
    if (!site->is_list && !table_is_unique(target, column))
        return NULL;
    struct join *join = ARENA_NEW(site->binder->arena, struct join);
    *join = (struct join){ target, column, column };
    return join;
}

static void
report_none(const struct bind_site *site, const struct table *target, struct join_candidates all,
            struct str column)
{
    struct str names = list_columns(site->binder->arena, all);
    const struct ast_directive *directive = binder_site_directive(site, "join");
    const struct table *parent = binding_of_type(site->parent)->table;

    if (column.ptr && all.count > 0)
        binder_site_misfit(
            site, directive,
            "\"%.*s\" is not a foreign key that leads to %s of %.*s; between the two "
            "tables there is: %.*s.",
            STR_PRINT(column), site->is_list ? "rows" : "one row", STR_PRINT(target->name),
            STR_PRINT(names));
    else if (column.ptr)
        binder_site_misfit(site, directive,
                           "\"%.*s\" is not a foreign key between %.*s and %.*s; add one.",
                           STR_PRINT(column), STR_PRINT(parent->name), STR_PRINT(target->name));
    else if (all.count > 0)
        binder_site_misfit(site, NULL,
                           "the foreign key %.*s leads to %s of %.*s; make the field %s.",
                           STR_PRINT(names), site->is_list ? "one row" : "many rows",
                           STR_PRINT(target->name), site->is_list ? "a single object" : "a list");
    else
        binder_site_misfit(site, NULL,
                           "no foreign key of one column joins %.*s and %.*s; add one, or give the "
                           "field another resolver.",
                           STR_PRINT(parent->name), STR_PRINT(target->name));
}

const struct join *
bind_join_find(const struct bind_site *site, const struct table *target)
{
    struct arena *a = site->binder->arena;
    const struct ast_directive *directive = binder_site_directive(site, "join");
    struct str column = binder_directive_text(site->binder, directive, "column");
    struct join_candidates all = find_candidates(a, binding_of_type(site->parent)->table, target);
    struct join_candidates fitting = keep_fitting(site, all, column);

    if (fitting.count == 1)
        return &fitting.list[0].join;
    if (fitting.count > 1) {
        struct str names = list_columns(a, fitting);
        binder_site_misfit(site, directive,
                           "%d foreign keys are possible: %.*s; choose one with @join(column:).",
                           fitting.count, STR_PRINT(names));
        return NULL;
    }
    const struct join *join = column.ptr ? find_self_join(site, target, column) : NULL;
    if (!join)
        report_none(site, target, all, column);
    return join;
}

/* Does the database see to it that a row of the target matches? */
static bool
is_referenced(const struct table *parent, const struct join *join)
{
    if (join->table == parent && join->from == join->to)
        return true;
    for (int i = 0; i < parent->foreign_key_count; i++) {
        const struct foreign_key *key = &parent->foreign_keys[i];
        if (!key->is_not_valid && key->count == 1 && key->to == join->table &&
            key->from_columns[0] == join->from && key->to_columns[0] == join->to)
            return true;
    }
    return false;
}

bool
bind_join_check_non_null(const struct bind_site *site, const struct join *join)
{
    const struct table *parent = binding_of_type(site->parent)->table;

    if (site->payload)
        binder_site_misfit(site, NULL,
                           "the row that a mutation returned may have been deleted, and nothing is "
                           "joined to it then; "
                           "remove the \"!\" after %.*s.",
                           STR_PRINT(site->named->name));
    else if (!is_referenced(parent, join))
        binder_site_misfit(
            site, NULL,
            "a row of %.*s may have no row of %.*s that refers to it; remove the \"!\".",
            STR_PRINT(parent->name), STR_PRINT(join->table->name));
    else if (!join->from->is_not_null)
        binder_site_misfit(site, NULL,
                           "the join column %.*s.%.*s may be null; remove the "
                           "\"!\", or declare the column NOT NULL.",
                           STR_PRINT(parent->name), STR_PRINT(join->from->name));
    else if (site->named->kind == TYPE_OBJECT && binding_of_type(site->named)->discriminator)
        binder_site_misfit(site, NULL,
                           "the row of %.*s may have another type than %.*s; remove the \"!\".",
                           STR_PRINT(join->table->name), STR_PRINT(site->named->name));
    else if (join->table->may_hide_rows)
        binder_site_misfit(site, NULL,
                           "row-level security may hide the row of %.*s; remove the \"!\", or give "
                           "the table a SELECT policy that is constant true.",
                           STR_PRINT(join->table->name));
    else
        return true;
    return false;
}

/* Cells of these kinds come in binary, and are neither integers nor text. */
static bool
is_opaque(enum column_kind kind)
{
    switch (kind) {
    case COLUMN_BOOLEAN:
    case COLUMN_FLOAT4:
    case COLUMN_FLOAT8:
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
    case COLUMN_BYTEA:
    case COLUMN_ARRAY:
        return true;
    default:
        return false;
    }
}

bool
bind_join_check_key(const struct bind_site *site, const struct table *table,
                    const struct column *column)
{
    if (!is_opaque(column->kind))
        return true;
    binder_site_misfit(site, NULL,
                       "the join column %.*s.%.*s is %.*s, which cannot be a key; join by an "
                       "integer, text or uuid column.",
                       STR_PRINT(table->name), STR_PRINT(column->name),
                       STR_PRINT(column->type_name));
    return false;
}
