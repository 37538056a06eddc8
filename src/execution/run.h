/*
 * run.h - what the files of the execution share: the state of a run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_RUN_H
#define EXECUTION_RUN_H

#include "base/error.h"
#include "database/db.h"
#include "planner/plan.h"
#include "execution/execute_options.h"
#include "execution/viewer.h"

struct map;
struct mock_index;

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
    const struct db_call *before, *after; /* that set how it is planned; or NULL */
    const struct error *error;            /* FAILED: without path */
    /* BATCH: the parent's rows are grouped by key, and ours by the key's number. */
    int key_count;
    int *key_of_row; /* by the parent's row: the key's number, from 0; -1 for null */
    int *first_row;  /* by the key's number, one more than there are: our first row */
};

/* A root field. */
struct run_root {
    const struct plan_field *field;
    const struct error *error;          /* why the whole field fails, without path; or NULL */
    const struct value *const *outputs; /* of a C function, by number; or NULL */
};

enum run_phase {
    RUN_ROOT,      /* mutations: the next root field is to be begun */
    RUN_RESOLVING, /* mutations: its C function is to be called */
    RUN_SENDING,   /* the next wave is to be sent */
    RUN_RECEIVING, /* a wave is under way */
    RUN_ENDING,    /* the end of the transaction is under way */
    RUN_ENDED
};

struct run {
    struct execute_options options;
    struct arena *arena;
    struct db *db; /* NULL: it has none at the moment */
    bool is_mutation;
    struct run_statement *statements; /* by plan_statement.number */
    struct run_root *roots;           /* in the plan's order */
    enum run_phase phase;

    /* The transaction: the whole run of a query, one root field of a mutation. */
    struct run_root *root; /* mutations: whose transaction it is */
    int next_root;         /* mutations */
    struct viewer viewer;  /* as whom */
    int wave;              /* the last one sent */
    bool has_begun;
    bool has_failed;             /* a call has failed: no wave follows */
    const struct error *failure; /* of the first that did: what those behind it fail with */
    bool is_closed;              /* the connection is of no use any more */
    struct db_call begin, identity, commit;
    bool is_committing; /* COMMIT has been sent with the last wave */

    struct mock_index *mock_indexes; /* mock_index.c */
    struct map *mock_arguments;      /* mock.c: by the address of a plan_field */
    int64_t row_count;               /* rows fetched by the request, against limits->nodes */
};

/* execute_parameters.c: Find the values of the statement's parameters.  True:
 * it can be sent.  False: its state says why not (EMPTY or FAILED). */
bool execute_find_parameters(struct run *run, const struct plan_statement *statement) MUST_CHECK;
/* Index the rows that have come for a batch by the number of their key. */
void execute_index_batch(struct run *run, const struct plan_statement *statement);

/* execute_transaction.c: Queue what begins the transaction of the next flush:
 * BEGIN where one is needed, and who asks. */
void execute_begin(struct run *run);
/* Queue COMMIT; run->commit tells how it went. */
void execute_commit(struct run *run);

/* Queue the setting of PostgreSQL's plan_cache_mode for the rest of the transaction. */
const struct db_call *execute_plan_mode(struct run *run, const char *mode);

/* execute_resolve.c: The field's arguments as an object; those that are absent are left
 * out.  NULL when one cannot be coerced: then an error was added. */
const struct value *
execute_arguments(struct run *run, const struct plan_field *field, struct errors *errors);

#endif
