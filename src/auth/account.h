/*
 * account.h - the C functions of the contract: signing up, signing in, and the claims
 * of a token.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_ACCOUNT_H
#define AUTH_ACCOUNT_H

#include "execution/resolver.h"

/* create_user, token_auth, verify_token; ended by one without name.  Their context is a
 * `struct auth_request` (auth.h). */
extern const struct resolver account_resolvers[];

#endif
