/*
 * issuer.h - tokens that somebody else has issued: whose are taken, and what they say.
 *
 * A token is verified by a key that its issuer is known to have, with an algorithm that both the
 * issuer's settings and the key allow.  Of its header only `alg`, `kid` and `typ` are read, and a
 * header with any other member that could ask for something is refused (RFC 8725, 3).
 *
 * A path such as `realm_access.roles` leads to a claim within claims; where a claim has dots in its
 * own name, that name counts.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_ISSUER_H
#define AUTH_ISSUER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "auth/token.h"
#include "jose/token_key.h"

struct arena;
struct auth;
struct jwks;

enum {
    ISSUER_SUBJECT_LENGTH = 255 /* most bytes of a subject (OpenID Connect Core, 2) */
};

struct issuer_pair {
    struct str name, value;
};

struct issuer_list {
    const struct str *words;
    int count;
};

struct issuer_pairs {
    const struct issuer_pair *pairs;
    int count;
};

struct issuer {
    struct str name;              /* of its section, for messages */
    struct str issuer;            /* iss */
    struct str audience;          /* path of the claim that says for whom a token is */
    struct issuer_list audiences; /* of which it must have one */
    struct issuer_list types;     /* typ */
    struct str subject;           /* path of the user's name there */
    struct str role;              /* path of the user's roles there; empty: there are none */
    struct issuer_pairs roles;    /* theirs -> ours, the first that fits counts */
    struct issuer_pairs settings; /* linnet.claim.NAME -> path; TOKEN_SETTINGS at most */
    struct issuer_pairs required; /* path -> value */
    int lifetime;                 /* most seconds from iat to exp */
    bool trusts_subjects;         /* a subject is a user's key */
    bool algorithms[TOKEN_KEY_ALGORITHMS];
    struct jwks *jwks;              /* NULL: none */
    const struct token_key *secret; /* of HS256; NULL: none */
};

/* Is the text a valid token of one of auth's issuers?  `*token` is set when it is GOOD or EXPIRED:
 * its user_id is STR_NONE unless subjects are trusted. */
enum token_state issuer_read(struct arena *a, const struct auth *auth, struct str text, int64_t now,
                             struct token_claims *token) MUST_CHECK;

/* Look whether files of keys have changed (jwks.h).  Return whether there are other keys now. */
bool issuer_refresh(const struct auth *auth, int64_t moment);

#endif
