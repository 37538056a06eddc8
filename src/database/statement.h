/*
 * statement.h - a statement's text, as the planner makes it and the database
 * door prepares it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_STATEMENT_H
#define DATABASE_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct statement {
    struct str sql; /* ends in NUL */
    uint64_t hash;  /* str_hash(sql) */
    int parameter_count;
    /* How many rows it finds depends so much on a parameter (a search) that
     * PostgreSQL does well to plan it anew each time. */
    bool needs_custom_plan;
};

#endif
