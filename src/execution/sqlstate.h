/*
 * sqlstate.h - which of PostgreSQL's errors a client may know of, and as what
 * (PostgreSQL, Appendix A).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_SQLSTATE_H
#define EXECUTION_SQLSTATE_H

#include "base/error.h"

struct sqlstate {
    const char *state; /* five characters, or a class of two */
    enum error_code code;
    const char *message; /* for the client: says nothing of SQL, tables or files */
};

/* The row for that state, or the one for all others.  Never NULL. */
const struct sqlstate *sqlstate_get(const char *state);

#endif
