/*
 * load_issuers.h - who else issues tokens, from the configuration and the files that it names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LOAD_LOAD_ISSUERS_H
#define LOAD_LOAD_ISSUERS_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct auth;
struct catalog;
struct config;
struct errors;

/* Set auth's issuers; its roles, its ring and its own name are there.  False after logging why. */
bool load_issuers(struct arena *a, const struct config *config, struct auth *auth) MUST_CHECK;

/* Has the database what the issuers need?  If not, an error is added. */
bool load_issuers_fit(const struct config *config, const struct catalog *catalog,
                      struct errors *errors) MUST_CHECK;

/* Do some of them need the function account_of_subject()? */
bool load_issuers_ask(const struct config *config);

#endif
