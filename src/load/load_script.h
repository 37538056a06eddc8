/*
 * load_script.h - what scripts for the database are made from.
 *
 * That is the contract, bound to what is there, and the roles of the configuration.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LOAD_LOAD_SCRIPT_H
#define LOAD_LOAD_SCRIPT_H

#include <stdbool.h>

#include "script/script.h"

struct arena;
struct config;
struct db;

/* Connect as the login role, load the contract and bind it.  `role` is the first of the roles that
 * are given rights, `anon` or one of the setting `roles`; NULL: none of `anon` and new users.  In
 * single-role mode there is that of the login alone.  0, or the exit status after saying on
 * standard error what is wrong; then `*db` is NULL. */
int load_script(struct arena *a, const struct config *config, const char *role, struct db **db,
                struct script_scope *scope) MUST_CHECK;

#endif
