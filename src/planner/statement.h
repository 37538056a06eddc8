/*
 * statement.h - a statement's text, as the planner makes it and the database
 * door prepares it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_STATEMENT_H
#define PLANNER_STATEMENT_H

#include <stdint.h>

#include "base/str.h"

struct statement {
    struct str sql; /* ends in NUL */
    uint64_t hash;  /* str_hash(sql) */
    int parameter_count;
};

#endif
