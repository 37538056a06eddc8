/*
 * call.h - what the C functions of accounts share: arguments, outputs, refusals, and questions
 * to the database.
 *
 * Each call_refuse_*() adds one error and returns false, so that a function can return it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_CALL_H
#define ACCOUNT_CALL_H

#include <stdint.h>

#include "auth/password_gate.h"
#include "execution/resolver.h"

struct auth_request;
struct token_claims;

/* The text of an argument; STR_NONE when it is absent or null. */
struct str call_get_text(const struct resolver_call *call, struct str name);

const struct value *call_make_text(struct arena *a, struct str text);
const struct value *call_make_integer(struct arena *a, int64_t number);
const struct value *call_make_boolean(struct arena *a, bool boolean);
/* The claims that clients see, by the names that django-graphql-jwt has. */
const struct value *call_make_payload(struct arena *a, const struct token_claims *token);

const struct auth_request *call_get_request(const struct resolver_call *call);

/* Who waits at the gate for this call. */
struct password_visitor call_make_visitor(const struct resolver_call *call);

bool call_refuse_argument(struct resolver_call *call, struct str argument, const char *message);
bool call_refuse_credentials(struct resolver_call *call);
/* Too many passwords are being checked. */
bool call_refuse_busy(struct resolver_call *call);
/* The client has gone: nobody will read this. */
bool call_refuse_gone(struct resolver_call *call);
/* `reason` is for the operator. */
bool call_refuse_internal(struct resolver_call *call, const char *reason);

/* The client's address, for the database; or NULL. */
const char *call_get_address(const struct resolver_call *call);

/* Run a statement that returns seconds to wait; `may_write`: it changes something.  False after
 * an error: also when the client has to wait. */
bool call_ask_delay(struct resolver_call *call, const char *sql, bool may_write,
                    const char *const values[4]);

/* Run a statement that changes something, and whose failure changes nothing for the client. */
void call_tell(struct resolver_call *call, const char *sql, int count, const char *const *values);

#endif
