/*
 * statement.h - a statement's text, which the planner makes and a connection
 * prepares.
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
    bool is_begin; /* BEGIN, with hash 0 */
    /* How many rows it finds depends so much on a parameter (a search) that
     * PostgreSQL had better plan it anew at each call. */
    bool needs_custom_plan;
    /* The types that its cells must be sent as: PostgreSQL's OIDs; 0: a type that
     * somebody has made.  Count 0: any. */
    const unsigned *cell_oids;
    int cell_count;
};

#endif
