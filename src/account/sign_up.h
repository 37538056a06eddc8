/*
 * sign_up.h - createUser: an account is made.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_SIGN_UP_H
#define ACCOUNT_SIGN_UP_H

#include <stdbool.h>

#include "base/str.h"
#include "binding/binding.h"

struct resolver_call;

/* What createUser sends. */
extern const struct resolver_statement sign_up_statements[];

/* The outputs of createUser. */
enum { SIGN_UP_USER };

/* Has an e-mail address the form that an account may have? */
bool sign_up_is_email(struct str email);

bool sign_up_create_user(struct resolver_call *call);

#endif
