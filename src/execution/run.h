/*
 * run.h - what the files of the execution share: the state of a run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_RUN_H
#define EXECUTION_RUN_H

#include "base/error.h"
#include "execution/db.h"
#include "execution/execute.h"
#include "planner/plan.h"

enum run_statement_state {
    RUN_PLANNED,
    RUN_SENT,
    RUN_DONE,  /* has rows */
    RUN_EMPTY, /* has no rows, and did not need to be sent to know it */
    RUN_FAILED /* `error` says why */
};

struct run_statement {
    enum run_statement_state state;
    struct db_call call;
    const struct error *error; /* FAILED: without path */
    /* BATCH: the parent's rows are grouped by key, and ours by the key's number. */
    int key_count;
    int *key_of_row; /* by the parent's row: the key's number, from 0; -1 for null */
    int *first_row;  /* by the key's number, one more than there are: our first row */
};

enum run_phase {
    RUN_SENDING,   /* the next wave is to be sent */
    RUN_RECEIVING, /* a wave is under way */
    RUN_ENDING,    /* the end of the transaction is under way */
    RUN_ENDED
};

struct run {
    struct execute_options options;
    struct arena *arena;
    struct run_statement *statements; /* by plan_statement.number */
    enum run_phase phase;
    int wave; /* the last one sent */
    bool in_transaction;
    bool has_failed;      /* a statement has failed: no wave follows */
    bool is_disconnected; /* because the database went away */
    bool is_committed;    /* COMMIT has been sent with the last wave */
};

/* execute_parameters.c: Find the values of the statement's parameters.  True:
 * it can be sent.  False: its state says why not (EMPTY or FAILED). */
bool execute_find_parameters(struct run *run, const struct plan_statement *statement) MUST_CHECK;
/* Index the rows that have come for a batch by the number of their key. */
void execute_index_batch(struct run *run, const struct plan_statement *statement);

/* The error of a root field whose statement failed; what PostgreSQL said is logged. */
const struct error *execute_statement_error(struct run *run, const struct db_call *call);

#endif
