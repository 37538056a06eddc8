/*
 * pair_case.h - a key of each kind that tokens are signed with.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_PAIR_CASE_H
#define TESTS_PAIR_CASE_H

#include "token_case.h"

#include "jose/pair.h"

static const struct {
    enum pair_kind kind;
    enum token_key_algorithm algorithm;
    const char *name;
    size_t signature; /* bytes */
} kinds[] = {
    { PAIR_RSA, TOKEN_KEY_RS256, "RS256", 256 },
    { PAIR_P256, TOKEN_KEY_ES256, "ES256", 64 },
    { PAIR_ED25519, TOKEN_KEY_EDDSA, "EdDSA", 64 },
};
enum { KINDS = ARRAY_LENGTH(kinds) };

static struct arena *arena;
static struct token_key made[KINDS]; /* one of each kind */

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("keys");
    for (int i = 0; i < KINDS; i++)
        made[i] = token_key_of_pair(arena, pair_make(arena, kinds[i].kind));
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

#endif
