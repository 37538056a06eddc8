/*
 * change_password.h - changePassword: another password, by the account's owner.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_CHANGE_PASSWORD_H
#define ACCOUNT_CHANGE_PASSWORD_H

#include <stdbool.h>

#include "binding/binding.h"

struct resolver_call;

/* What changePassword sends. */
extern const struct resolver_statement change_password_statements[];

/* The outputs of changePassword. */
enum { CHANGE_PASSWORD_CHANGED };

bool change_password(struct resolver_call *call);

#endif
