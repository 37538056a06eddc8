/*
 * contract_roles.h - what each role sees of a contract: @auth(roles:).
 *
 * The contract's schema is built whole, and once more for each set of parts that some role
 * sees; roles that see the same share it.  Each is a contract of its own, bound like any other: so
 * a role's answers are those of a contract without what is hidden from it, and a document, a plan
 * or a kept answer of one is never that of another.  A contract without @auth has nothing of this.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONTRACT_CONTRACT_ROLES_H
#define CONTRACT_CONTRACT_ROLES_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct contract;
struct errors;

/* Build the views of the contract, which is not bound yet.  `roles` are those of requests that
 * are signed in; `anon`, of all others, is one more.  False after adding misfits: an unknown role,
 * or a part of the contract that is not a schema by itself. */
bool contract_roles_build(struct arena *a, struct contract *contract, const struct str *roles,
                          int count, struct errors *errors) MUST_CHECK;

#endif
