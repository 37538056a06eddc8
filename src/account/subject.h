/*
 * subject.h - whose subject a token of another issuer names: the application knows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_SUBJECT_H
#define ACCOUNT_SUBJECT_H

#include "base/str.h"

struct arena;
struct auth_request;
struct db_call;

/* What it sends. */
extern const char subject_sql[];

/* Make the call that asks for the user, for a request that `needs_user`. */
void subject_ask(struct arena *a, const struct auth_request *request, struct db_call *call);

/* The key of the user that the rows have, in the arena; STR_NONE when there is none. */
struct str subject_take(struct arena *a, const struct db_call *call);

#endif
