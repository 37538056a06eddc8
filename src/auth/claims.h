/*
 * claims.h - the claims of a token, as JSON: the only door to json-c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_CLAIMS_H
#define AUTH_CLAIMS_H

#include <stdint.h>

#include "base/str.h"

struct arena;
struct claims;

/* An object without members, which lives as long as the arena. */
struct claims *claims_new(struct arena *a);

/* Add a member after those that there are.  `name` is not one of them. */
void claims_add_text(struct claims *claims, const char *name, struct str value);
void claims_add_integer(struct claims *claims, const char *name, int64_t value);

/* The object on one line, in the arena.  STR_NONE when memory was exhausted, now or before. */
struct str claims_write(struct claims *claims) MUST_CHECK;

#endif
