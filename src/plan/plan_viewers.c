/*
 * plan_viewers.c - is a plan's answer the same for all viewers of a role, and for how long may it
 * be kept?
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/plan_viewers.h"

#include "base/arena.h"
#include "base/buf.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "binding/binding.h"
#include "binding/viewers.h"
#include "plan/plan.h"

static void
add_cause(struct plan *plan, const struct table *table, const struct function *function,
          uint32_t roles)
{
    struct plan_cause *cause;

    roles &= ~plan->personal;
    if (!roles)
        return;
    cause = ARENA_NEW(plan->arena, struct plan_cause);
    *cause = (struct plan_cause){ table, function, roles, plan->causes };
    plan->causes = cause;
    plan->personal |= roles;
}

void
plan_viewers_add_table(struct plan *plan, const struct schema *schema, const struct table *table)
{
    if (table && table->kind != TABLE_RESULT)
        add_cause(plan, table, NULL, viewers_personal(schema, table));
}

void
plan_viewers_add_function(struct plan *plan, const struct function *function, bool is_promised)
{
    if (!viewers_share_function(function, is_promised))
        add_cause(plan, NULL, function, UINT32_MAX);
}

/* --- for how long --- */

/* Does it show rows that its parent does not have? */
static bool
shows_rows(const struct binding *binding)
{
    return binding->kind == BINDING_NODE || binding_rows(binding) != NULL;
}

/* What the field says, and where it does not, its type. */
static struct cache_hint
find_hint(const struct field *field)
{
    const struct type *type = type_named(field->type);
    struct cache_hint hint = field->binding->hint;
    const struct cache_hint *of_type = &binding_of_type(type)->hint;

    hint.is_private |= of_type->is_private && !hint.has_age;
    if (!hint.has_age && !hint.inherits) {
        hint.inherits = of_type->inherits;
        hint.has_age = of_type->has_age;
        hint.max_age = of_type->max_age;
        hint.stale = of_type->stale;
    }
    return hint;
}

/* The least counts. */
static void
add_hint(struct plan *plan, const struct cache_hint *hint)
{
    struct cache_hint *least = &plan->hint;

    least->is_private |= hint->is_private;
    if (!hint->has_age)
        return;
    if (!least->has_age || hint->max_age < least->max_age)
        least->max_age = hint->max_age;
    if (!least->has_age || hint->stale < least->stale)
        least->stale = hint->stale;
    least->has_age = true;
}

void
plan_viewers_add_introspection(struct plan *plan)
{
    add_hint(plan, &(struct cache_hint){ .has_age = true });
}

void
plan_viewers_add_field(struct plan *plan, const struct field *field, bool is_root)
{
    const struct binding *binding = field->binding;
    struct cache_hint hint = find_hint(field);

    hint.has_age |= !hint.inherits && (is_root || shows_rows(binding));
    add_hint(plan, &hint);
    if (binding->kind == BINDING_FUNCTION)
        plan_viewers_add_function(plan, binding_function(binding)->function, binding->is_shared);
    else if (binding->kind == BINDING_RESOLVER)
        add_cause(plan, NULL, NULL, UINT32_MAX);
}

/* --- who --- */

bool
plan_is_shared(const struct plan *plan, const struct catalog *catalog, uint32_t role)
{
    uint32_t viewers = catalog_viewer_bit(catalog, role);

    return viewers && !(plan->personal & viewers) && plan->operation->type == OPERATION_QUERY;
}

static void
print_cause(struct buf *b, const struct plan *plan, uint32_t viewers)
{
    const struct plan_cause *cause = plan->causes;

    while (cause && !(cause->roles & viewers))
        cause = cause->next;
    if (!cause || (!cause->table && !cause->function)) {
        buf_put_c(b, "mutation");
        return;
    }
    if (cause->function) {
        buf_printf(b, "function %.*s", STR_PRINT(cause->function->name));
        return;
    }
    const struct personal_policy *policy = catalog_personal_policy(cause->table, viewers);
    if (policy)
        buf_printf(b, "policy %.*s on %.*s", STR_PRINT(policy->name),
                   STR_PRINT(cause->table->name));
    else
        buf_printf(b, "%s %.*s", cause->table->kind == TABLE_VIEW ? "view" : "table",
                   STR_PRINT(cause->table->name));
}

static void
print_role(struct buf *b, const struct plan *plan, const struct catalog *catalog, struct str name,
           uint32_t role)
{
    bool is_shared = plan_is_shared(plan, catalog, role);

    buf_put_c(b, is_shared ? "Viewers: all" : "Viewers: each");
    if (name.ptr)
        buf_printf(b, " of %.*s", STR_PRINT(name));
    if (!is_shared) {
        buf_put_c(b, " (");
        print_cause(b, plan, catalog_viewer_bit(catalog, role));
        buf_byte(b, ')');
    }
    buf_byte(b, '\n');
}

void
plan_print_viewers(struct buf *b, const struct plan *plan, const struct catalog *catalog)
{
    if (catalog->role_count == 0)
        print_role(b, plan, catalog, STR_NONE, 0);
    for (int i = 0; i < catalog->role_count; i++)
        print_role(b, plan, catalog, catalog->roles[i], UINT32_C(1) << i);
}
