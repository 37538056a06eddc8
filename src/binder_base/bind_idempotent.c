/*
 * bind_idempotent.c - @idempotent: the writes that may be sent again with a key.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_base/bind_idempotent.h"

#include "base/arena.h"
#include "language/source.h"
#include "binding/idempotent.h"
#include "binder_base/binder.h"

static bool
has_functions(const struct catalog *catalog)
{
    return catalog_find_function(catalog, STR(CLAIM_REQUEST)) &&
           catalog_find_function(catalog, STR(KEEP_ANSWER));
}

bool
bind_idempotent(struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "idempotent");

    site->binding->is_idempotent = directive != NULL;
    if (!directive)
        return true;
    if (site->parent != site->binder->schema->mutation)
        binder_site_misfit(site, directive,
                           "@idempotent is only for a field of Mutation; a query "
                           "may be sent again as it is; remove it.");
    else if (!has_functions(site->binder->catalog))
        binder_site_misfit(site, directive,
                           "the database has no functions " CLAIM_REQUEST " and " KEEP_ANSWER
                           ", which remember what was answered; apply sql/021_requests.sql, or "
                           "remove @idempotent.");
    else
        return true;
    return false;
}

bool
bind_idempotent_is_key(const struct bind_site *site, const struct input_value *argument)
{
    return site->binding->is_idempotent && str_is(argument->name, IDEMPOTENCY_KEY);
}

const struct argument_binding *
bind_idempotent_key(const struct bind_site *site, const struct input_value *argument)
{
    struct binder *b = site->binder;
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
    const struct type *type = argument->type;
    struct str name =
        binding_given_name(b->arena, (struct given){ .value = argument, .within = site->input });

    binding->role = ARGUMENT_KEY;
    if (type->kind != TYPE_NON_NULL && str_is(type->name, "ID") && !argument->default_value)
        return binding;
    binder_misfit(
        b, source_offset(b->schema->document->source, argument->ast->name),
        str_format(b->arena, "%.*s.%.*s(%.*s:)", STR_PRINT(site->parent->name),
                   STR_PRINT(site->field->name), STR_PRINT(name)),
        "a client need not send a key; make it an ID, without \"!\" and without a default.");
    return NULL;
}
