/*
 * bind_within.c - objects within those of a write's input, which are written with them.
 *
 * An object whose row the outer one refers to is written before it, and its key goes into the
 * columns of the outer row's foreign key.  Objects whose rows refer to the outer one are written
 * after it, and its key goes into theirs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_write/bind_within.h"

#include "base/arena.h"
#include "binding/join.h"
#include "binder_write/bind_setter.h"

/* Each level is a wave of statements or two, in a transaction that holds locks all the while. */
enum { MOST_LEVELS = 3 };

bool
bind_within_check(const struct bind_site *site, const struct type *values,
                  const struct input_value *input, int level)
{
    const struct type *type = type_nullable(input->type);
    struct arena *a = site->binder->arena;
    struct str name = type_named(type)->name, message;

    if (site->binding->as.write.action != WRITE_INSERT)
        message = STR("only @insert writes rows within others; remove the field, or give it the "
                      "type of a column.");
    else if (level == MOST_LEVELS)
        message = str_format(a,
                             "rows are written within others to %d levels, and this would be one "
                             "more; use another input object here, without the field.",
                             MOST_LEVELS);
    else if (type->kind == TYPE_LIST && (type->of->kind != TYPE_NON_NULL ||
                                         type_nullable(type->of)->kind != TYPE_INPUT_OBJECT))
        message = str_format(a, "what is written is never null; make it [%.*s!].", STR_PRINT(name));
    else
        return true;
    bind_setter_misfit(site, values, input, message);
    return false;
}

bool
bind_within_check_join(const struct bind_site *site, const struct type *values,
                       const struct input_value *input, const struct join *join)
{
    if (!join->through)
        return true;
    bind_setter_misfit(
        site, values, input,
        str_format(
            site->binder->arena,
            "the rows are joined by the table %.*s; make the field a list of rows of that table.",
            STR_PRINT(join->through->table->name)));
    return false;
}

/* Does a foreign key of the one table lead to these columns of the other? */
static bool
has_key(const struct table *from, const struct column *const *from_columns, const struct table *to,
        const struct column *const *to_columns, int count)
{
    const struct join wanted = { to, from_columns, to_columns, count, NULL };

    for (int i = 0; i < from->foreign_key_count; i++) {
        const struct foreign_key *key = &from->foreign_keys[i];
        const struct join followed = { key->to, key->from_columns, key->to_columns, key->count,
                                       NULL };
        if (join_equal(&followed, &wanted))
            return true;
    }
    return false;
}

const struct argument_binding *
bind_within_join(struct binder *b, const struct table *table, const struct input_value *input,
                 const struct join *join, const struct argument_binding *objects)
{
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);

    *binding = *objects;
    binding->join = join;
    binding->is_after = type_nullable(input->type)->kind == TYPE_LIST ||
                        (has_key(join->table, join->to, table, join->from, join->count) &&
                         !has_key(table, join->from, join->table, join->to, join->count));
    if (binding->is_after)
        return binding;
    binding->columns = ARENA_ARRAY(b->arena, const struct column *, (size_t)join->count);
    binding->column_count = join->count;
    for (int i = 0; i < join->count; i++)
        binding->columns[i] = join->from[i];
    return binding;
}
