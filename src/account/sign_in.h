/*
 * sign_in.h - tokenAuth and verifyToken: signing in, and what a token says.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_SIGN_IN_H
#define ACCOUNT_SIGN_IN_H

#include "account/session.h"
#include "execution/resolver.h"

/* The outputs of tokenAuth after those of session.h, */
enum { SIGN_IN_USER = SESSION_OUTPUTS, SIGN_IN_OUTPUTS };
_Static_assert((int)SIGN_IN_OUTPUTS <= (int)RESOLVER_OUTPUTS, "the most outputs of a resolver");
/* and of verifyToken. */
enum { SIGN_IN_VERIFIED };

bool sign_in_token_auth(struct resolver_call *call);
bool sign_in_verify_token(struct resolver_call *call);

#endif
