/*
 * call.c - what the C functions of accounts share.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/call.h"

#include <assert.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "database/db.h"
#include "value/value.h"
#include "auth/auth.h"
#include "auth/client.h"
#include "auth/token.h"

enum { BUSY_RETRY = 2 }; /* seconds after which there should be room in the queue again */

/* --- arguments and outputs --- */

struct str
call_get_text(const struct resolver_call *call, struct str name)
{
    const struct value *value = value_find(call->arguments, name);

    return value && value->kind == VALUE_STRING ? value->text : STR_NONE;
}

const struct value *
call_make_text(struct arena *a, struct str text)
{
    struct value *value = ARENA_NEW(a, struct value);

    *value = (struct value){ .kind = VALUE_STRING, .text = text };
    return value;
}

const struct value *
call_make_integer(struct arena *a, int64_t number)
{
    struct value *value = ARENA_NEW(a, struct value);

    *value = (struct value){ .kind = VALUE_INT, .text = str_format(a, "%lld", (long long)number) };
    return value;
}

const struct value *
call_make_boolean(struct arena *a, bool boolean)
{
    struct value *value = ARENA_NEW(a, struct value);

    *value = (struct value){ .kind = VALUE_BOOLEAN, .boolean = boolean };
    return value;
}

const struct value *
call_make_payload(struct arena *a, const struct token_claims *token)
{
    struct value *payload = ARENA_NEW(a, struct value), **end = &payload->items;

    payload->kind = VALUE_OBJECT;
    end = value_append(a, payload, end, call_make_text(a, token->username), STR("username"));
    end = value_append(a, payload, end, call_make_integer(a, token->expires), STR("exp"));
    value_append(a, payload, end, call_make_integer(a, token->login), STR("origIat"));
    return payload;
}

const struct auth_request *
call_get_request(const struct resolver_call *call)
{
    assert(call->context);
    return call->context;
}

struct password_visitor
call_make_visitor(const struct resolver_call *call)
{
    const struct auth_request *request = call_get_request(call);

    return (struct password_visitor){ .gate = request->auth->gate,
                                      .client = client_key(request->address),
                                      .descriptor = call->descriptor,
                                      .deadline = call->deadline };
}

/* --- refusals --- */

bool
call_refuse_argument(struct resolver_call *call, struct str argument, const char *message)
{
    errors_add(call->errors, ERROR_BAD_USER_INPUT, "%s", message)->argument = argument;
    return false;
}

bool
call_refuse_credentials(struct resolver_call *call)
{
    errors_add(call->errors, ERROR_UNAUTHENTICATED, "Please enter valid credentials");
    return false;
}

bool
call_refuse_busy(struct resolver_call *call)
{
    errors_add(call->errors, ERROR_SERVICE_UNAVAILABLE,
               "Too many passwords are being checked; try again.")
        ->retry_after = BUSY_RETRY;
    return false;
}

bool
call_refuse_gone(struct resolver_call *call)
{
    errors_add(call->errors, ERROR_SERVICE_UNAVAILABLE, "The client has disconnected.")
        ->retry_after = BUSY_RETRY;
    return false;
}

bool
call_refuse_internal(struct resolver_call *call, const char *reason)
{
    log_error("%s", reason);
    errors_add(call->errors, ERROR_INTERNAL, "Internal server error.");
    return false;
}

/* --- the database --- */

const char *
call_get_address(const struct resolver_call *call)
{
    struct str address = call_get_request(call)->address;

    return address.ptr ? str_copy_c(call->arena, address) : NULL;
}

bool
call_ask_delay(struct resolver_call *call, const char *sql, bool may_write,
               const char *const values[4])
{
    struct rows *rows =
        may_write ? resolver_write(call, sql, 4, values) : resolver_query(call, sql, 4, values);
    int64_t seconds;

    if (!rows)
        return false;
    if (rows_count(rows) != 1 || !str_read_int64(rows_get(rows, 0, 0), &seconds))
        return call_refuse_internal(call, "a function that returns seconds to wait returned none");
    if (seconds == 0)
        return true;
    errors_add(call->errors, ERROR_RATE_LIMITED, "Too many attempts; try again later.")
        ->retry_after = (int)seconds;
    return false;
}

void
call_tell(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    struct errors ignored = { .arena = call->arena };
    struct resolver_call aside = *call;

    aside.errors = &ignored;
    struct rows *rows = resolver_write(&aside, sql, count, values);
    (void)rows;
}
