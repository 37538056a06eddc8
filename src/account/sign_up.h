/*
 * sign_up.h - createUser: an account is made.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_SIGN_UP_H
#define ACCOUNT_SIGN_UP_H

#include <stdbool.h>

struct resolver_call;

/* The outputs of createUser. */
enum { SIGN_UP_USER };

bool sign_up_create_user(struct resolver_call *call);

#endif
