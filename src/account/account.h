/*
 * account.h - the C functions of the contract: signing up, signing in, and the claims
 * of a token.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

#include "execution/resolver.h"

struct auth;
struct catalog;
struct column_type;

/* create_user, token_auth, verify_token and so on; ended by one without name.  Their context is
 * a `struct auth_request` (auth.h). */
extern const struct resolver account_resolvers[];

/* What is sent before each mutation of a signed-in viewer. */
extern const struct resolver_statement account_before_mutation;

/* The type of a user's key: of the setting, or what account_succeeded() takes; NULL: not known. */
const struct column_type *account_key_type(const struct auth *auth, const struct catalog *catalog);

/* Has the database sessions, with refresh tokens: the functions of account/session.c? */
bool account_has_sessions(const struct catalog *catalog);
/* Does it say which signed-in viewers may write (execute_options.h)? */
bool account_checks_sessions(const struct catalog *catalog);

#endif
