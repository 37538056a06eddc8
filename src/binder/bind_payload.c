/*
 * bind_payload.c - types without @table: what a mutation answers with.
 *
 * Such a type is what its first user says.  Shown by a mutation's SQL function
 * it stands for the row that was returned, and its fields are bound as those of
 * a type with the row's table; shown by a resolver it has one field for each
 * output.  Others may show it too, as long as they give the same.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binder/bind_internal.h"

const struct payload *
bind_payload_find(const struct binder *b, const struct type *type)
{
    for (const struct payload *payload = b->payloads; payload; payload = payload->next)
        if (payload->type == type)
            return payload;
    return NULL;
}

/* The table of the row that a field's function returns; NULL: there is no such
 * function, or it returns none. */
static const struct table *
returned_table(struct binder *b, const struct field *field)
{
    int count;
    const struct function *function = bind_function_find(b, b->schema->mutation, field, &count);

    if (!function)
        return NULL;
    return function->returns_table ? function->returns_table : function->returns_row;
}

/* One more field shows the type: the first makes it a payload, and the first
 * function that returns a row gives it its table. */
static void
add_user(struct binder *b, struct type *type, const struct field *field)
{
    const struct ast_directive *resolver = ast_find_directive(field->ast->directives, "resolver");
    const struct payload *known = bind_payload_find(b, type);

    if (!known) {
        struct payload *payload = ARENA_NEW(b->arena, struct payload);
        *payload = (struct payload){ .type = type,
                                     .field = field,
                                     .is_of_resolver = resolver != NULL,
                                     .resolver = binder_find_resolver(b, resolver),
                                     .next = b->payloads };
        b->payloads = payload;
        known = payload;
    }
    if (!known->is_of_resolver && !resolver && !binding_of_type(type)->table)
        binder_set_table(b, type, returned_table(b, field), NULL);
}

bool
bind_payload(struct binder *b, struct type *type)
{
    const struct type *mutation = b->schema->mutation;

    for (int i = 0; mutation && i < mutation->field_count; i++) {
        const struct field *field = &mutation->fields[i];
        bool is_bound = ast_find_directive(field->ast->directives, "function") ||
                        ast_find_directive(field->ast->directives, "resolver");
        if (is_bound && type_named(field->type) == type)
            add_user(b, type, field);
    }
    return bind_payload_find(b, type) != NULL;
}

void
bind_payload_misfit(const struct bind_site *site, const struct payload *payload)
{
    binder_site_misfit(site, NULL,
                       "%.*s is already the payload of %.*s.%.*s, which returns something else; "
                       "give this field a type of its own.",
                       STR_PRINT(site->named->name),
                       STR_PRINT(site->binder->schema->mutation->name),
                       STR_PRINT(payload->field->name));
}

bool
bind_payload_is_written(const struct bind_site *site)
{
    const struct type *mutation = site->binder->schema->mutation;

    for (int i = 0; mutation && i < mutation->field_count; i++)
        if (type_is_possible(type_named(mutation->fields[i].type), site->parent) &&
            ast_find_directive(mutation->fields[i].ast->directives, "function"))
            return true;
    return false;
}
