/*
 * bind_join_columns.c - joins that no foreign key says: @join(column:, to:), and
 * @through(column:, to:).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binder/bind_internal.h"

bool
bind_join_wants_many(const struct bind_site *site)
{
    return (site->is_list && type_is_composite(site->named)) ||
           binding_of_type(site->named)->is_aggregate;
}

/* The columns that the directive names; NULL after a misfit. */
static const struct column **
find_named(const struct bind_site *site, const struct ast_directive *directive,
           const struct table *table, const struct str *names, int count)
{
    struct str missing;
    const struct column **columns =
        binder_find_columns(site->binder, table, names, count, &missing);

    if (!columns)
        binder_site_misfit(site, directive,
                           "%s %.*s has no column \"%.*s\" to join by; name columns that it "
                           "has.%.*s",
                           binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(missing),
                           STR_PRINT(binder_suggest_column(site->binder, table, missing)));
    return columns;
}

/* Numbers of all widths are compared with each other, and so are texts; others only with
 * their like. */
static int
comparison_class(enum column_kind kind)
{
    switch (kind) {
    case COLUMN_INT4:
    case COLUMN_INT8:
    case COLUMN_NUMERIC:
        return COLUMN_INT2;
    case COLUMN_VARCHAR:
        return COLUMN_TEXT;
    default:
        return (int)kind;
    }
}

static bool
check_comparable(const struct bind_site *site, const struct ast_directive *directive,
                 const struct column *from, const struct column *to)
{
    bool is_named =
        from->kind == COLUMN_ENUM || from->kind == COLUMN_OTHER || from->kind == COLUMN_ARRAY;
    bool is_alike = comparison_class(from->kind) == comparison_class(to->kind) &&
                    (!is_named || str_equal(from->type_name, to->type_name));

    if (is_alike && from->type->has_equality)
        return true;
    binder_site_misfit(site, directive,
                       "column %.*s is %.*s and column %.*s is %.*s, which cannot be compared; "
                       "join by columns of one type.",
                       STR_PRINT(from->name), STR_PRINT(from->type_name), STR_PRINT(to->name),
                       STR_PRINT(to->type_name));
    return false;
}

/* @join(column:, to:): columns of the parent's table, and as many of the target. */
const struct join *
bind_join_by_columns(const struct bind_site *site, const struct ast_directive *directive,
                     const struct table *target)
{
    struct binder *b = site->binder;
    const struct table *parent = binding_of_type(site->parent)->table;
    int count, to_count;
    const struct str *names = binder_directive_texts(b, directive, "column", &count);
    const struct str *to_names = binder_directive_texts(b, directive, "to", &to_count);

    if (count != to_count || count == 0) {
        binder_site_misfit(site, directive,
                           "%d columns of %.*s are to equal %d of %.*s; name the same number of "
                           "columns on both sides.",
                           count, STR_PRINT(parent->name), to_count, STR_PRINT(target->name));
        return NULL;
    }
    const struct column **from = find_named(site, directive, parent, names, count);
    const struct column **to = find_named(site, directive, target, to_names, count);
    if (!from || !to)
        return NULL;
    for (int i = 0; i < count; i++)
        if (!check_comparable(site, directive, from[i], to[i]))
            return NULL;
    if (!bind_join_wants_many(site) && !binder_is_unique(site->named, target, to, count)) {
        binder_site_misfit(site, directive,
                           "several rows of %.*s may have the same %.*s, and the field shows one; "
                           "make it a list, or name a unique key, which @table(key:) may declare.",
                           STR_PRINT(target->name), STR_PRINT(binder_name_columns(b, to, count)));
        return NULL;
    }
    struct join *join = ARENA_NEW(b->arena, struct join);
    *join = (struct join){ target, from, to, count, NULL };
    return join;
}

const struct foreign_key *
bind_join_key_by_columns(const struct bind_site *site, const struct ast_directive *directive,
                         const struct table *between, const struct type *type,
                         const struct str *names, int count)
{
    const struct table *table = binding_of_type(type)->table;
    const struct key *key = &binding_of_type(type)->key;

    if (count != key->count) {
        binder_site_misfit(site, directive,
                           "%d columns of %.*s are to equal the key of %.*s, which has %d; name as "
                           "many columns as the key has, or add a foreign key.",
                           count, STR_PRINT(between->name), STR_PRINT(table->name), key->count);
        return NULL;
    }
    const struct column **columns = find_named(site, directive, between, names, count);
    for (int i = 0; columns && i < count; i++)
        if (!check_comparable(site, directive, columns[i], key->columns[i]))
            return NULL;
    if (!columns)
        return NULL;
    struct foreign_key *found = ARENA_NEW(site->binder->arena, struct foreign_key);
    *found = (struct foreign_key){ .from = between,
                                   .to = table,
                                   .from_columns = columns,
                                   .to_columns = key->columns,
                                   .count = count,
                                   .name = STR_NONE };
    return found;
}
