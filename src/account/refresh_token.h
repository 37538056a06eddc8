/*
 * refresh_token.h - refresh tokens: 256 random bits, of which the database has the hash.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_REFRESH_TOKEN_H
#define ACCOUNT_REFRESH_TOKEN_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

enum {
    REFRESH_TOKEN_BYTES = 32, /* random ones */
    REFRESH_TOKEN_LENGTH = 43 /* their base64url, without padding */
};

struct refresh_token {
    struct str text;  /* for the client */
    const char *hash; /* for the database: the SHA-256 of the text, in hexadecimal digits */
};

/* Make a new one, in the arena.  False, after logging why, when there are no random bytes. */
bool refresh_token_make(struct arena *a, struct refresh_token *token) MUST_CHECK;

/* Hash what a client shows, in the arena; NULL when it cannot be a refresh token of ours. */
const char *refresh_token_hash(struct arena *a, struct str text) MUST_CHECK;

#endif
