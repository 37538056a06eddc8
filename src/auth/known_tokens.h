/*
 * known_tokens.h - tokens that this process has verified, so that the next request of the same
 * client need not pay for it again.
 *
 * A token is remembered by a keyed digest of its text, until its end or that of its key; its text
 * is not kept.  Only good tokens are remembered, so that nobody else can fill the table.  It has a
 * constant size: a token takes the place of one that is over, or was used longest ago, among the
 * few places that its digest allows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_KNOWN_TOKENS_H
#define AUTH_KNOWN_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct known_tokens;
struct token_claims;

/* A table for at least `count` tokens that lives as long as the arena; NULL for 0, and when there
 * are no random bytes. */
struct known_tokens *known_tokens_new(struct arena *a, int count);

/* Is the token remembered, and good at `now`, a time of the wall clock, and `moment`, one of
 * clock_now()?  Then `*token` is what it says, copied to the arena. */
bool known_tokens_find(struct known_tokens *known, struct arena *a, struct str text, int64_t now,
                       int64_t moment, struct token_claims *token) MUST_CHECK;

/* Remember a token that was GOOD at `now`; not when what it says is very long. */
void known_tokens_add(struct known_tokens *known, struct str text, int64_t now, int64_t moment,
                      const struct token_claims *token);

/* Forget all. */
void known_tokens_forget(struct known_tokens *known);

#endif
