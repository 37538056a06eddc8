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

struct auth_role;

/* What tokenAuth sends. */
extern const struct resolver_statement sign_in_statements[];
/* Those of the check of a password. */
extern const char sign_in_find_sql[], sign_in_delay_sql[], sign_in_failed_sql[],
    sign_in_succeeded_sql[];

/* An account, as account_find() has it. */
struct account {
    struct str user_id;
    struct str username;
    struct str hash; /* STR_NONE: there is no such account, or it has no password */
    bool is_disabled;
    const struct auth_role *role; /* NULL: the configuration does not have it */
};

/* Find the account of that name, and verify that this is its password, which counts as a login.
 * False after an error.  A token of that account that the request shows, be it expired, is what its
 * owner has and a guesser has not. */
bool sign_in_check_password(struct resolver_call *call, struct str username, struct str password,
                            struct account *account) MUST_CHECK;

bool sign_in_token_auth(struct resolver_call *call);
bool sign_in_verify_token(struct resolver_call *call);

#endif
