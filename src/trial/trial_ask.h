/*
 * trial_ask.h - would PostgreSQL answer a document?
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_ASK_H
#define TRIAL_TRIAL_ASK_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct contract;
struct db;

enum trial_verdict {
    TRIAL_GOOD,
    TRIAL_REFUSED, /* it would be an error, for everybody or for the role */
    TRIAL_UNJUDGED /* planning met an error that may come of trying alone */
};

struct trial_answer {
    enum trial_verdict verdict;
    char sqlstate[6];
    struct str message; /* PostgreSQL's, its first line; STR_NONE: GOOD */
};

/* Begin to ask as the role (STR_NONE: that of the connection), in a transaction that only
 * reads and waits for no lock.  False when that cannot be: `answer` then says why. */
bool trial_begin(struct db *db, struct arena *a, struct str role, struct trial_answer *answer)
    MUST_CHECK;
void trial_end(struct db *db, struct arena *a);

/* Prepare and explain the statements of the document until one is refused.  What memory that
 * takes but for the message is scratch. */
struct trial_answer trial_ask(struct db *db, struct arena *a, const struct contract *contract,
                              struct str document, struct arena *scratch);

#endif
