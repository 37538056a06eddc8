/*
 * request_idempotent.c - what a request says of being sent again: the header Idempotency-Key, and
 * what its document and variables are, as a hash.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "language/ast.h"
#include "plan/plan.h"
#include "binding/idempotent.h"
#include "document/cache.h"
#include "document/sha256.h"

static bool
is_idempotent(const struct plan_field *field)
{
    const struct binding *binding = field->definition->binding;

    return field->kind == PLAN_TYPENAME || (binding && binding->is_idempotent);
}

bool
request_may_repeat(struct request *r)
{
    if (!r->http.idempotency_key.ptr || r->operation->type != OPERATION_MUTATION)
        return true;
    for (const struct plan_field *field = r->plan->fields; field; field = field->next)
        if (!is_idempotent(field)) {
            errors_add(&r->errors, ERROR_BAD_REQUEST,
                       "The field %.*s takes no " IDEMPOTENCY_KEY_HEADER
                       ": it would be done again each time.",
                       STR_PRINT(field->definition->name));
            return false;
        }
    return true;
}

/* May a field have a key: of the header, or of an argument? */
static bool
may_have_key(const struct plan_field *field, struct str header)
{
    const struct binding *binding = field->definition->binding;

    if (!binding || !binding->is_idempotent)
        return false;
    for (int i = 0; i < binding_given_count(field->definition); i++) {
        const struct given given = binding_given(field->definition, i);
        if (given.binding && given.binding->role == ARGUMENT_KEY)
            return true;
    }
    return header.ptr != NULL;
}

struct str
request_hash(struct request *r)
{
    const struct plan_field *field = r->plan->fields;

    while (field && !may_have_key(field, r->http.idempotency_key))
        field = field->next;
    if (!field)
        return STR_NONE;
    struct buf *b = buf_new(r->arena);
    buf_byte(b, '[');
    json_write_string(b, r->document->source.text);
    buf_byte(b, ',');
    json_write_string(b, r->params.operation_name.ptr ? r->params.operation_name : STR(""));
    buf_byte(b, ',');
    if (r->params.variables)
        value_write_json(b, r->params.variables);
    buf_byte(b, ']');
    return sha256_hex(r->arena, buf_str(b));
}
