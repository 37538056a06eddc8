/*
 * load_issuers.h - who else issues tokens, from the configuration and the files that it names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PROCESS_LOAD_ISSUERS_H
#define PROCESS_LOAD_ISSUERS_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct auth;
struct config;

/* Set auth's issuers; its roles, its ring and its own name are there.  False after logging why. */
bool load_issuers(struct arena *a, const struct config *config, struct auth *auth) MUST_CHECK;

#endif
