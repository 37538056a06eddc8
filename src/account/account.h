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

/* create_user, token_auth, verify_token; ended by one without name.  Their context is a
 * `struct auth_request` (auth.h). */
extern const struct resolver account_resolvers[];

/* The type of a user's key: of the setting, or what account_succeeded() takes; NULL: not known. */
const struct column_type *account_key_type(const struct auth *auth, const struct catalog *catalog);

#endif
