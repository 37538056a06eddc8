/*
 * plan_rights.c - which roles may not use a field.
 *
 * The catalog knows which columns a role may not read, and which functions it may not call.
 * PostgreSQL would refuse the whole statement; so the field is an error of its own, before
 * any SQL.  A plan without such a field serves all roles.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog.h"
#include "binding/rights.h"
#include "contract/contract.h"
#include "planner/argument.h"
#include "planner/planner.h"

/* Whoever reads the rows that a function returns needs no right to their columns. */
static bool
is_read(const struct plan_relation *relation)
{
    return relation && !plan_function(relation);
}

static void
add_denied(void *context, const struct table *table, const struct column *column,
           const struct function *function)
{
    uint32_t *denied = context;

    (void)table;
    *denied |= column ? column->denied : function->denied;
}

uint32_t
plan_denied(const struct field *definition, const struct collected *collected,
            const struct plan_relation *parent)
{
    const struct binding *binding = definition->binding;
    uint32_t denied = 0;

    rights_visit_field(binding, is_read(parent) ? plan_table(parent) : NULL, add_denied, &denied);
    for (int i = 0; i < definition->argument_count; i++) {
        const struct argument_binding *bound = definition->arguments[i].binding;
        struct argument argument = argument_find(collected->first.field, &definition->arguments[i]);
        if (argument.written && bound)
            rights_visit_argument(binding, bound, add_denied, &denied);
    }
    return denied;
}

/* What a field is refused with. */
static const struct error *
make_denial(struct planner *p)
{
    const struct catalog *catalog = p->contract->catalog;
    bool is_anonymous = p->role == catalog_role_bit(catalog, catalog->roles[0]);

    return is_anonymous ? errors_add(&p->errors, ERROR_UNAUTHENTICATED, "Not logged in!")
                        : errors_add(&p->errors, ERROR_FORBIDDEN, "You may not use this field.");
}

const struct error *
plan_refuse_denied(struct planner *p, uint32_t denied)
{
    if (!(denied & p->role)) {
        p->plan->denied |= denied;
        return NULL;
    }
    p->plan->refused_role = p->role;
    return make_denial(p);
}
