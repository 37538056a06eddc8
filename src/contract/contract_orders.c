/*
 * contract_orders.c - orders that are longer than any request's may be.
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/contract_orders.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "binding/binding.h"
#include "contract/contract.h"

struct orders {
    const struct source *source;
    struct map *judged; /* enums, by name */
    int maximum;
    struct errors *errors;
    bool has_misfit;
};

/* A term that comes again counts once. */
static int
count_terms(const struct order *order)
{
    int count = 0;

    for (int i = 0; i < order->count; i++) {
        bool is_again = false;
        for (int j = 0; j < i; j++)
            is_again |= order_term_is_same(&order->terms[i], &order->terms[j]);
        count += !is_again;
    }
    return count;
}

static void
judge_values(struct orders *o, const struct order_choices *order)
{
    const struct type *type = order->type;

    if (!order->values || map_add(o->judged, type->name, (void *)type))
        return;
    for (int i = 0; i < type->value_count; i++) {
        struct str name = type->values[i].ast->name;
        int count = count_terms(&order->values[i]);
        if (count <= o->maximum)
            continue;
        o->has_misfit = true;
        source_error(o->errors, o->source, source_offset(o->source, name), ERROR_VALIDATION_FAILED,
                     "%.*s.%.*s: the order has %d terms, more than limit_order_terms (%d), so that "
                     "each request for it would be refused; shorten it, or raise the limit.",
                     STR_PRINT(type->name), STR_PRINT(name), count, o->maximum);
    }
}

static void
judge_argument(struct orders *o, const struct argument_binding *binding, int branch_count)
{
    for (int i = 0; binding->branches && i < branch_count; i++)
        judge_argument(o, binding->branches[i], 0);
    if (!binding->branches && binding->role == ARGUMENT_ORDER_BY)
        judge_values(o, binding->order);
}

static void
judge_field(struct orders *o, const struct field *field)
{
    const struct bound_rows *rows = field->binding ? binding_rows(field->binding) : NULL;

    for (int i = 0; rows && i < field->argument_count; i++)
        if (field->arguments[i].binding)
            judge_argument(o, field->arguments[i].binding, rows->branch_count);
}

bool
contract_orders_fit(const struct contract *contract, int maximum, struct errors *errors)
{
    const struct schema *schema = contract->schema;
    struct arena *scratch = arena_new("orders");
    struct orders o = { .source = schema->document->source,
                        .judged = map_new(scratch),
                        .maximum = maximum,
                        .errors = errors };

    for (int i = 0; i < schema->type_count; i++)
        for (int j = 0; j < schema->types[i]->field_count; j++)
            judge_field(&o, &schema->types[i]->fields[j]);
    arena_free(scratch);
    return !o.has_misfit;
}
