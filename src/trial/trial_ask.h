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
struct map;
struct statement;

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

/* Who asks, and what has been answered already. */
struct trial_asker {
    struct db *db;
    const struct contract *contract;
    struct arena *arena;   /* for messages */
    struct arena *scratch; /* for what one question takes */
    struct arena *memory;  /* for what stays known */
    struct map *good;      /* texts of statements that the role is answered */
};

/* Begin to ask as the role (STR_NONE: that of the connection), in a transaction that only
 * reads and waits for no lock.  False when that cannot be: `answer` then says why. */
bool
trial_begin(struct trial_asker *asker, struct str role, struct trial_answer *answer) MUST_CHECK;
void trial_end(struct trial_asker *asker);

/* What is asked at once. */
struct trial_question {
    struct str document;          /* its statements are prepared and explained */
    const struct str *validators; /* further statements, which are run */
    int validator_count;
};

/* Ask until a statement is refused: all in one round trip and, when that fails, one by one.
 * Those that are known to be good are left out. */
struct trial_answer trial_ask(struct trial_asker *asker, const struct trial_question *question);

/* The same for one statement that is not a document's. */
struct trial_answer
trial_ask_statement(struct trial_asker *asker, const struct statement *statement);

#endif
