/*
 * plan_build.h - from an operation to a plan.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_PLAN_BUILD_H
#define PLANNER_PLAN_BUILD_H

#include <stdint.h>

struct arena;
struct ast_document;
struct ast_operation;
struct contract;
struct limits;
struct plan;
struct variables;

/* Plan the operation, which is valid, under these variables, which are
 * coerced, for the role of that bit in the contract's catalog (0: no field is refused to it).
 * `scratch` is memory for what the plan does not keep.  The plan owns its arena:
 * arena_free(plan->arena) releases it.  Never NULL. */
const struct plan *
plan_build(const struct contract *contract, const struct limits *limits,
           const struct ast_document *document, const struct ast_operation *operation,
           const struct variables *variables, uint32_t role, struct arena *scratch);

#endif
