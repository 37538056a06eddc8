/*
 * trial_resolver.h - would PostgreSQL run what the C functions of a contract send?
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_RESOLVER_H
#define TRIAL_TRIAL_RESOLVER_H

#include <stdbool.h>

#include "base/str.h"

struct errors;
struct resolver_statement;
struct trial_asker;

/* Add a misfit for each field of the asker's contract whose C function sends a statement that
 * PostgreSQL refuses to the role (as in trial_begin()), or has a null that the contract excludes;
 * and one for each of the server's own `statements` (trial.h) that it refuses.
 * Sets `*has_misfit` if there is one.  False when the connection is of no use: `*message` says
 * why. */
bool trial_resolver(struct trial_asker *asker, struct str role,
                    const struct resolver_statement *statements, struct errors *findings,
                    bool *has_misfit, struct str *message) MUST_CHECK;

/* Add a misfit if the asker's contract has a field with @idempotent, and PostgreSQL refuses to the
 * role, which signed-in users have, what that sends.  As above. */
bool trial_idempotent(struct trial_asker *asker, struct str role, struct errors *findings,
                      bool *has_misfit, struct str *message) MUST_CHECK;

#endif
