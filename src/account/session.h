/*
 * session.h - sessions: what a login opens, refreshToken prolongs and revokeToken ends.
 *
 * They are the database's (sql/012_sessions.sql): functions account_open_session(),
 * account_refresh(), account_refresh_session() and account_revoke().  Where there are none, a
 * login gives an access token alone.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_SESSION_H
#define ACCOUNT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "binding/binding.h"
#include "auth/token.h"

struct resolver_call;

/* The outputs that tokenAuth and refreshToken share, */
enum {
    SESSION_TOKEN,
    SESSION_PAYLOAD,
    SESSION_REFRESH_EXPIRES_IN,
    SESSION_REFRESH_TOKEN,
    SESSION_OUTPUTS
};
/* and that of revokeToken. */
enum { SESSION_REVOKED };

/* What refreshToken, revokeToken and deleteRefreshTokenCookie send, */
extern const struct resolver_statement session_refresh_statements[];
extern const struct resolver_statement session_revoke_statements[];
extern const struct resolver_statement session_forget_statements[];
/* and the functions of a database that has sessions, ended by NULL. */
extern const char *const session_functions[];
/* Opens a session. */
extern const char session_open_sql[];

/* What a client gets who has signed in, or has shown a token. */
struct session_grant {
    struct token_claims token; /* `issued` is now, by the same clock as `login` at a login */
    struct str refresh_token;  /* STR_NONE: it gets none */
    int64_t ends;              /* when it cannot be refreshed any more, in seconds since 1970 */
};

/* Open a session for the grant's user and login; the grant gets its key, refresh token and end, and
 * the role that the user has now.  Without sessions it gets its end alone.  `verified_hash` is what
 * the password was compared with: refused if the account has another one by now.  False after an
 * error. */
bool session_open(struct resolver_call *call, struct str verified_hash, struct session_grant *grant)
    MUST_CHECK;

/* Issue the access token, and set the outputs.  False after an error. */
bool session_answer(struct resolver_call *call, struct session_grant *grant) MUST_CHECK;

/* End the session of a refresh token; `*revoked` is when, in seconds since 1970, or 0: there is no
 * such token.  False after an error. */
bool session_revoke(struct resolver_call *call, struct str text, int64_t *revoked) MUST_CHECK;

bool session_refresh_token(struct resolver_call *call);
bool session_revoke_token(struct resolver_call *call);

#endif
