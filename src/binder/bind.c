/*
 * bind.c - hold a contract against a catalog, type by type.
 *
 * First every type gets its table, by @table, by @row or as the payload of a mutation's
 * function, since a field's resolver depends on the tables of both its ends; then
 * the interfaces and unions, whose tables are those of their possible types; then
 * every field is bound.  A field whose resolver cannot be found because a
 * table was not is passed over: that has been reported.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder/bind.h"

#include "base/arena.h"
#include "base/error.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "value/value.h"
#include "binder/bind_internal.h"
#include "binder_base/bind_cache.h"
#include "binder_base/trust.h"
#include "binder_write/bind_constraint.h"
#include "binder_write/bind_version.h"

static void
bind_table(struct binder *b, struct type *type)
{
    const struct ast_directive *directive = binder_type_directive(b, type, "table");
    const struct ast_directive *row = binder_type_directive(b, type, "row");
    bool is_root = binder_is_root(b, type);
    const struct schema *schema = b->schema;

    if (binding_of_type(type)->shape != SHAPE_NONE)
        return;
    if (is_root && (directive || row))
        binder_misfit(b, (directive ? directive : row)->node.start, type->name,
                      "a root type shows no rows of its own; remove @%s.",
                      directive ? "table" : "row");
    else if (directive && row)
        binder_misfit(b, row->node.start, type->name,
                      "a type shows the rows of a table or of a function, not of both; remove "
                      "@table or @row.");
    else if (directive)
        binder_set_table(b, type, binder_named_table(b, type, directive), directive);
    else if (row)
        bind_row(b, type, row);
    else if (!is_root && !bind_aggregate_find_summary(b, type) && !bind_payload(b, type) &&
             !bind_row_by_field(b, type))
        binder_misfit(b, binder_type_offset(b, type), type->name,
                      schema->whole
                          ? "no field is left that says whose rows the type shows; hide the type "
                            "with @auth, too."
                          : "nothing says whose rows the type shows; give it @table(name:), or "
                            "@row(of:) for the rows of a function, or return it from a mutation "
                            "with @function(name:).");
    if (directive)
        bind_codec_check_zone(b, directive, type->name);
}

static void
bind_fields(struct binder *b, struct type *type)
{
    if (type == b->schema->subscription) {
        binder_misfit(b, binder_type_offset(b, type), type->name,
                      "subscriptions are not served; remove the type.");
        return;
    }
    const struct payload *payload = bind_payload_find(b, type);
    if (!binder_is_root(b, type) && !binding_of_type(type)->table &&
        !(payload && payload->resolver) && !bind_aggregate_find_summary(b, type))
        return;
    for (int i = 0; i < type->field_count; i++)
        bind_field(b, type, &type->fields[i]);
}

static bool
is_bound(const struct type *type)
{
    return type->kind == TYPE_OBJECT && !type->is_builtin;
}

bool
bind_schema(struct arena *a, struct schema *schema, const struct catalog *catalog,
            const struct resolver_signature *const *resolvers, struct errors *errors)
{
    struct binder b = {
        .arena = a, .schema = schema, .catalog = catalog, .resolvers = resolvers, .errors = errors
    };

    bind_connection_types(&b);
    for (int i = 0; i < schema->type_count; i++)
        if (is_bound(schema->types[i]))
            bind_aggregate_type(&b, schema->types[i]);
    for (int i = 0; i < schema->type_count; i++)
        if (is_bound(schema->types[i]))
            bind_table(&b, schema->types[i]);
    for (int i = 0; i < schema->type_count; i++)
        if (type_is_abstract(schema->types[i]))
            bind_abstract(&b, schema->types[i]);
    for (int i = 0; schema->whole && i < schema->type_count; i++)
        if (is_bound(schema->types[i]))
            bind_keep_label(&b, schema->types[i]);
    bind_global_id_types(&b);
    for (int i = 0; i < schema->type_count; i++)
        if (is_bound(schema->types[i])) {
            bind_variant(&b, schema->types[i]);
            bind_fields(&b, schema->types[i]);
        }
    for (int i = 0; i < schema->type_count; i++)
        if (binding_of_type(schema->types[i])->shape != SHAPE_NONE)
            bind_connection_fields(&b, schema->types[i]);
    bind_constraint_check_uses(&b);
    bind_version_check_functions(&b);
    bind_cache_hints(&b);
    trust_check(&b);
    return !b.has_misfit;
}
