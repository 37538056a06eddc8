/*
 * run.h - what the files of the execution share: the state of a run.
 *
 *     query:    SENDING <-> RECEIVING, wave by wave, then [ENDING], then ENDED
 *
 *     mutation: NEXT_ROOT --> [RESOLVING] --> SENDING <-> RECEIVING --> [ENDING] --.
 *                 |  ^                                                             |
 *                 |  '-------------------------------------------------------------'
 *                 '--> ENDED, after the last root field or when the connection is lost
 *
 * Its transaction:
 *
 *     NONE --the first wave--> OPEN --the last wave--> COMMITTING
 *                                |                         |
 *                                '------a call fails-------'--> FAILED, or LOST
 *
 * A mutation whose write of many rows was refused passes SEEKING after RECEIVING, to learn which of
 * them it was (execute_seek.c).
 *
 * ENDING is passed only when the last wave that was sent did not end the transaction: then
 * OPEN is committed, and FAILED rolled back.  PostgreSQL comes to a mutation's COMMIT only when the
 * transaction's number and all of its rows have been sent.  When the connection is lost before
 * COMMIT is answered, another one is asked what has become of it (execute_outcome.c):
 *
 *     ENDING --lost--> ASKING --a connection--> ASKED --.--> as if COMMIT had been answered
 *                        ^                              |
 *                        '----------- PAUSING <---------'
 *
 * A transaction that has not been committed may begin again, with all statements prepared anew or
 * isolated, or on another connection (execute_again.c).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_RUN_H
#define EXECUTION_RUN_H

#include "base/error.h"
#include "database/db.h"
#include "plan/plan.h"
#include "execution/execute_options.h"
#include "transaction/outcome.h"
#include "transaction/viewer.h"

struct map;
struct mock_index;

enum run_statement_state {
    RUN_PLANNED,
    RUN_READY, /* its parameters are found */
    RUN_SENT,
    RUN_DONE,  /* its rows have come */
    RUN_EMPTY, /* it has no rows, which was known without sending it */
    RUN_FAILED /* `error` says why */
};

/* One of the objects that a write is given. */
struct run_object {
    const struct value *value;
    int outer; /* nested: the number of the object that it is within */
    int item;  /* its number in the list that it stands in; -1: in none */
    int shape; /* its number in the plan */
};

/* All of them: those of one field in all of the outer objects, in their order. */
struct run_objects {
    struct run_object *list;
    int count;
};

struct run_statement {
    enum run_statement_state state;
    struct db_call call;
    const struct db_call *before, *after; /* set plan_cache_mode around it; or NULL */
    const struct db_call *savepoint;      /* before these: SAVEPOINT, or the way back; or NULL */
    const struct error *error;            /* FAILED: without path */
    int64_t sent_at;                      /* of clock_nanoseconds(), if the run is timed */
    int64_t slow; /* nanoseconds that its flush took, if that was slow; or 0 */
    /* BATCH: the parent's rows are grouped by key, and ours by the key's number. */
    int key_count;
    const struct batch_keys *keys; /* of `call`'s rows, where it finds them itself; or NULL */
    int *key_of_row;               /* by the parent's row: the key's number, from 0; -1 for null */
    int *first_row;                /* by the key's number, one more than there are: our first row */
    const struct run_objects *objects; /* of a write: what it is given; NULL: not found yet */
    int refused; /* of a write: which of these was refused, from 1; 0: that is not known */
};

/* A root field. */
struct run_root {
    const struct plan_field *field;
    const struct error *error;          /* why the whole field fails, without path; or NULL */
    const struct value *const *outputs; /* of a C function, by number; or NULL */
    const struct value *argument;       /* of an INPUT, or a NODE; NULL: not found yet */
    bool is_done; /* the C function has done what must not be done again (resolver.h) */
    /* execute_idempotent.c: the key of a write that may be sent again; and its answer, once that is
     * kept: its value, and members of `errors`, as JSON.  STR_NONE: none. */
    struct str key, answer, answer_errors;
};

/* What execute_step() does next. */
enum run_phase {
    RUN_NEXT_ROOT, /* mutations: begin the next root field */
    RUN_RESOLVING, /* mutations: a C function is to be called for the root field */
    RUN_SENDING,   /* send the next wave */
    RUN_RECEIVING, /* a wave has been sent */
    RUN_SEEKING,   /* mutations: which row was refused has been asked */
    RUN_ENDING,    /* what ends the transaction has been sent, alone */
    RUN_ASKING,    /* mutations: ask what has become of COMMIT */
    RUN_ASKED,     /* that has been sent */
    RUN_PAUSING,   /* wait, and then ask, or begin again */
    RUN_ENDED
};

enum run_transaction_state {
    TRANSACTION_NONE,       /* nothing has been sent */
    TRANSACTION_OPEN,       /* BEGIN has been sent, if it needs one */
    TRANSACTION_COMMITTING, /* and COMMIT, with the last wave or alone */
    TRANSACTION_FAILED,     /* a call has failed, or it has read too many rows: no wave follows */
    TRANSACTION_LOST        /* likewise, and the connection is of no use any more */
};

/* Why a transaction that was not committed may begin again. */
enum run_again {
    AGAIN_NEVER,
    AGAIN_STALE,    /* its statements may succeed when they are prepared anew */
    AGAIN_SPOILT,   /* queries: all but one statement may succeed when they are isolated */
    AGAIN_LOST,     /* its connection was lost: on another one */
    AGAIN_CONFLICT, /* with another transaction, which may be over after a moment */
    AGAIN_MOVED,    /* queries: others that shared its connection took long: on another one */
    AGAINS
};

/* Of a root field with a key (execute_idempotent.c). */
enum run_claim {
    CLAIM_NONE,
    CLAIM_CLAIMING, /* the claim has been sent */
    CLAIM_HELD,     /* the key is new: the write is to be done */
    CLAIM_ANSWERED, /* it was done before: nothing is to be sent */
    CLAIM_KEEPING,  /* the answer has been sent, to be kept */
    CLAIM_KEPT
};

/* A query is one transaction; a mutation is one for each root field. */
struct run_transaction {
    enum run_transaction_state state;
    int wave;                    /* the last one sent, from 1 */
    int sent_count;              /* its statements that have been sent */
    bool is_alone;               /* a query sends one statement, and nothing else */
    const struct error *failure; /* FAILED, LOST: the first; what did not complete fails with it */
    enum run_again again;        /* FAILED, LOST */
    int begun_again[AGAINS];     /* how often it has, by reason */
    int64_t row_count;           /* that the request had read before */
    /* execute_isolate.c: the isolated statement that was sent last, until it is known to have
     * succeeded; and whether there is a savepoint to return to. */
    const struct db_call *risk;
    bool has_savepoint;
    struct db_call begin, isolation, identity, commit; /* without a statement: not sent */
    int xid_column;                   /* of the rows of `identity`; -1: not asked for */
    struct outcome_question question; /* COMMITTING */
    enum run_claim claimed;
    struct db_call claim;                /* CLAIMING, KEEPING */
    int pause;                           /* milliseconds, of the last one */
    const struct plan_statement *sought; /* SEEKING: a row of this write, in */
    struct db_call *seeking;             /* a call for each of its objects */
};

/* The value of a field's argument. */
struct run_argument {
    const struct ast_field *field; /* NULL: of none */
    const struct input_value *definition;
    const struct value *value;
};

struct run {
    struct execute_options options;
    struct arena *arena;
    struct db *db;          /* NULL: it has none at the moment */
    struct db_flush *flush; /* what it sends on `db`, which is shared, or was; else NULL.  Of a
                               mutation its Sync is COMMIT. */
    bool is_joint; /* all waves of a query go out in one flush, which is PostgreSQL's transaction */
    bool is_mutation;
    struct run_statement *statements; /* by plan_statement.number */
    struct run_root *roots;           /* in the plan's order */
    enum run_phase phase;
    struct run_transaction transaction;
    struct viewer viewer;  /* who asks in the transaction */
    struct run_root *root; /* mutations: whose transaction it is; NULL for queries */
    int next_root;         /* mutations */
    int64_t row_count;     /* rows read by the request, against limits->nodes */
    int64_t nodes;         /* that it asks for below objects found by ids, likewise */
    int64_t spent;         /* nanoseconds that PostgreSQL has worked for the request */
    int64_t commit_time;   /* for COMMIT, of these */
    int64_t first_spent;   /* for the first wave, where another has been sent after it; else 0 */
    int64_t flushed_at;    /* of clock_nanoseconds(): when the last flush was sent */
    bool is_working;       /* PostgreSQL does, since then */
    bool is_stopped;       /* nobody waits for the answer */
    bool is_slow;          /* a flush was */
    bool is_cut_short;     /* what was sent may have been cancelled: nothing more counts */
    /* A statement does not fit the database, also when it was prepared anew: why, and the error
     * of what fails with it, without path.  Or NULL. */
    const struct db_call *stale_call;
    struct error *stale_error;

    struct run_argument last_argument; /* execute_parameters.c: the one that was asked for last */
    struct mock_index *mock_indexes;   /* mock_index.c */
    struct map *mock_arguments;        /* mock.c: by the address of a plan_field */
    struct map *mock_filtered;         /* mock_filter.c: whether an object passes a filter */
};

/* execute_finish.c: The root field's state, by its field in the plan. */
struct run_root *execute_find_root(struct run *run, const struct plan_field *field);

/* execute_finish.c: The fields of a mutation that had not begun when the connection was lost fail,
 * too; these have not been done. */
void execute_fail_unbegun(struct run *run);

/* execute_bounds.c: Send what is queued; take what has come, until IDLE or CLOSED; then, as all of
 * it has its outcome, add the time that took. */
void execute_flush(struct run *run);
enum db_state execute_receive(struct run *run) MUST_CHECK;
void execute_take_flush(struct run *run);
/* Use a connection no more; the next is to be asked for. */
void execute_let_go(struct run *run);
/* Has PostgreSQL worked for as long as it may?  And the error that says so. */
bool execute_is_spent(const struct run *run);
const struct error *execute_too_late(struct run *run);
/* Count a statement that is ready to be sent; false: it is one too many, and has failed. */
bool execute_count_statement(struct run *run, const struct plan_statement *statement) MUST_CHECK;
/* Why the run may send no further wave; NULL: it may. */
const struct error *execute_refuse_wave(struct run *run);
/* Of a run that nobody waits for. */
extern const struct error execute_unheard;

/* execute_refusal.c: Why the call failed, for the client; `statement` is what it calls, or NULL
 * for a command of the transaction's. */
const struct error *execute_refusal(const struct run *run, const struct plan_statement *statement,
                                    const struct db_call *call);
/* Has it failed for a value that a column is compared with, and whose type cannot hold it?  Then
 * no row has it. */
bool execute_finds_none(const struct plan_statement *statement, const struct db_call *call);

/* execute_refusal.c: What the client knows the parameter's value as; STR_NONE: it is hidden. */
struct str execute_parameter_name(const struct run *run, const struct plan_statement *statement,
                                  const struct plan_parameter *parameter);
/* execute_refusal.c: What the client knows that as which the call, of a write, was refused for: a
 * field of the object, or that; STR_NONE: it is not known. */
struct str execute_refused_name(const struct run *run, const struct plan_statement *statement,
                                const struct db_call *call);

/* execute_operand.c: The parameter's text, of the filter whose value is `argument`; NULL where
 * no row can meet it. */
const char *execute_operand(struct arena *a, const struct plan_parameter *parameter,
                            const struct value *argument);
/* execute_page.c: */
/* What is wrong with a cursor that the request gives for the page, or with the number of rows to
 * skip; NULL: nothing. */
const struct error *execute_judge_page(struct run *run, const struct plan_page *page);
/* Does the page skip rows? */
bool execute_skips(struct run *run, const struct plan_page *page);
/* The cursor as the request has given it; it has been read. */
struct str execute_given_cursor(struct run *run, const struct plan_cursor *cursor);
/* Find the parameters of all terms of the cursor that this parameter is one of.  False: its state
 * says why the statement cannot be sent. */
bool execute_find_cursor(struct run *run, const struct plan_statement *statement, int number,
                         const char **values) MUST_CHECK;
/* Is the row of the statement one that is shown, and not the one more that a page asks for?  The
 * rows are asked about in their order; `group` is 0 at first. */
bool execute_is_shown(const struct run *run, const struct plan_statement *statement, int row,
                      int *group);
/* How many of the statement's rows are: what has come, and is indexed. */
int execute_count_shown(const struct run *run, const struct plan_statement *statement);

/* execute_parameters.c: The argument's value under the request's variables; NULL: absent.  Return
 * what is wrong with it, or NULL. */
const struct error *execute_value(struct run *run, const struct ast_field *field,
                                  const struct input_value *definition, const struct value **out);
/* The error of an argument of a function whose value its type cannot hold; STR_NONE: the client
 * does not see it. */
struct error *execute_impossible(const struct run *run, struct str name, const struct codec *codec);
/* A key of a row, which is of that kind, as a text for a column of the type; STR_NONE when no
 * column of the type can hold it. */
struct str execute_key_text(struct arena *a, struct str key, enum column_kind kind,
                            const struct column_type *type);
/* Find the values of the statement's parameters.  True:
 * it can be sent.  False: its state says why not (EMPTY or FAILED). */
bool execute_find_parameters(struct run *run, const struct plan_statement *statement) MUST_CHECK;
/* The same of a batch that finds its keys itself (plan_statement.ahead), after its parent's. */
bool execute_find_ahead(struct run *run, const struct plan_statement *statement) MUST_CHECK;
/* Its rows have come, and its parent's: find to which of these it belongs. */
void execute_take_keys(struct run *run, const struct plan_statement *statement);
/* execute_ids.c: The value of the only argument of a root field, an INPUT or a NODE.  NULL:
 * `*error` says why. */
const struct value *
execute_only_argument(struct run *run, struct run_root *root, const struct error **error);
/* execute_ids.c: The keys that the root field's ids have, of objects of one type; `out` are the
 * values of all columns of them.  False as above. */
bool execute_find_ids(struct run *run, const struct plan_statement *statement, const char **out)
    MUST_CHECK;
/* execute_object.c: The objects that the statement, a write, is given.  NULL: `*error` says why
 * not. */
const struct run_objects *execute_objects(struct run *run, const struct plan_statement *statement,
                                          const struct error **error);
/* execute_object.c: What the client knows the object of that number as, `input[3].votes[0]`, and a
 * field of it; -1: which it is, is not known.  STR_NONE: the field is hidden. */
struct str
execute_object_name(const struct run *run, const struct plan_statement *statement, int number);
struct str execute_given_name(const struct run *run, const struct plan_statement *statement,
                              int number, const struct input_value *field);
/* execute_setting.c: What a write sets a column to: the parameter's text.  False as above. */
bool execute_find_setting(struct run *run, const struct plan_statement *statement,
                          const struct plan_parameter *parameter, const char **out) MUST_CHECK;
/* execute_setting.c: The same for one of its objects, as if there were no other. */
const struct error *
execute_find_one_setting(struct run *run, const struct plan_statement *statement,
                         const struct plan_parameter *parameter, int object, const char **out);
/* execute_setting.c: What is wrong with the objects that the root field's writes are given, before
 * any of them is sent, if one is within another; NULL: nothing. */
const struct error *execute_judge_given(struct run *run, const struct run_root *root);
/* execute_write.c: The statement's rows have come: why what it wrote is not what was asked for;
 * NULL: it is, or the statement is no write. */
const struct error *execute_judge_written(struct run *run, const struct plan_statement *statement);
/* execute_write.c: Is the statement no DOUBT, or has the write that it is about found no row, or
 * not written all that it has found? */
bool execute_is_in_doubt(const struct run *run, const struct plan_statement *statement);
/* execute_write.c: Has a statement, which may be a DOUBT about rows that a filter has found, to do
 * with this row of its parent? */
bool execute_is_doubted(const struct run *run, const struct plan_statement *statement, int row);
/* execute_write.c: The statement is not sent, as no row can be what it looks for: of a write, that
 * is an error. */
void execute_miss_written(struct run *run, const struct plan_statement *statement);
/* execute_write.c: What the client knows the value as that a write gives the column, of the object
 * that was refused, if that is known; STR_NONE: none. */
struct str execute_written_name(const struct run *run, const struct plan_statement *statement,
                                struct str column);
/* execute_write.c: The same for a field of its objects. */
struct str execute_refused_field(const struct run *run, const struct plan_statement *statement,
                                 const struct input_value *field);
/* execute_write.c: The upsert met a row that is not for the viewer. */
const struct error *
execute_refuse_upsert(const struct run *run, const struct plan_statement *statement);
/* execute_write.c: The object of that number, of an upsert, is the same row as another; -1: which
 * it is, is not known. */
const struct error *
execute_refuse_twice(const struct run *run, const struct plan_statement *statement, int number);
/* execute_write.c: A write, which the field is, was refused with this error: whoever is not signed
 * in is asked to be. */
const struct error *execute_refuse_written(const struct run *run, struct error *error);

/* execute_idempotent.c: Find the root field's key, if it may have one.  Return what is wrong with
 * it, or NULL. */
const struct error *execute_find_key(struct run *run, struct run_root *root);
/* Begin the transaction by claiming the key, and wait for that; false: there is none, or it has
 * been claimed. */
bool execute_claim(struct run *run) MUST_CHECK;
/* Take what has come of the claim, or of keeping the answer, if that was in the flush. */
void execute_take_claim(struct run *run);
/* After the last wave: write the answer, have it kept, and wait for that; false: nothing is to be
 * kept, or the answer is too large, and the transaction has failed. */
bool execute_keep_answer(struct run *run) MUST_CHECK;

/* execute_transaction.c: Queue what begins the transaction of the next flush:
 * BEGIN where one is needed, and who asks. */
void execute_begin(struct run *run);
/* Queue COMMIT; run->transaction.commit tells how it went. */
void execute_commit(struct run *run);

/* execute_seek.c: May a row of the statement be sought, if it is refused?  Then queue what keeps
 * the transaction of use after that, and return it; NULL: it may not. */
const struct db_call *execute_mark(struct run *run, const struct plan_statement *statement);
/* The wave has been taken: send what finds the row that was refused.  False: there is none to be
 * sought. */
bool execute_seek(struct run *run) MUST_CHECK;
/* SEEKING: all has been answered. */
void execute_take_sought(struct run *run);

/* execute_isolate.c: Queue a command without parameters, and return its call. */
struct db_call *execute_send_command(struct run *run, const struct statement *statement);
/* execute_isolate.c: Is the statement one whose failure fails no other? */
bool execute_is_isolated(const struct run *run, const struct plan_statement *statement);
/* Must the transaction be of use after the isolated statement has failed?  `left` more are to be
 * sent in its wave. */
bool
execute_needs_savepoint(const struct run *run, const struct plan_statement *statement, int left);
/* Queue what must stand before the statement, and return it, or NULL: after an isolated statement
 * that has failed or may fail, the way back to the savepoint; else SAVEPOINT, if
 * `needs_savepoint`. */
const struct db_call *execute_savepoint(struct run *run, bool needs_savepoint);
/* The isolated statement has been queued: other calls are not skipped when it fails. */
void execute_isolate(struct run *run, const struct plan_statement *statement);
/* The statement has failed, and its root field with it. */
void execute_fail_statement(struct run *run, const struct plan_statement *statement,
                            const struct error *error);
/* The statement's call has not succeeded: take that as its own, if it is isolated and the
 * transaction is of use still.  Then it has failed, or found no rows. */
bool execute_fail_alone(struct run *run, const struct plan_statement *statement) MUST_CHECK;
/* The statement's call has failed and others have not yet completed: would they if all were
 * isolated? */
bool execute_is_spoilt(struct run *run, const struct plan_statement *statement);

/* Queue the setting of PostgreSQL's plan_cache_mode for the rest of the transaction. */
const struct db_call *execute_plan_mode(struct run *run, const char *mode);

/* execute_again.c: The error of what is begun again: nobody will be told. */
extern const struct error execute_untold;
/* The error of what fails with the call, which is_stale. */
const struct error *execute_stale_error(struct run *run, const struct db_call *call);
/* execute_again.c: The transaction has ended, and was not committed: if it may begin again, forget
 * what has come of it, and do so.  False: it may not. */
bool execute_begin_again(struct run *run) MUST_CHECK;

/* execute_outcome.c: One statement is ready to be sent, the last of its transaction: return it if
 * COMMIT may go along with it, NULL if not.  It has to be prompt, then. */
const struct plan_statement *execute_find_along(const struct run *run);
/* That has been queued, or is NULL: does COMMIT go along? */
bool execute_goes_along(const struct run *run, const struct plan_statement *along);
/* A mutation's connection is shared: is it still one that the statement can be sent on? */
bool execute_may_stay(const struct run *run);
/* Has a mutation's COMMIT been sent along, and has all come that is before it? */
bool execute_precedes_commit(const struct run *run);
/* The wave has been taken: if a mutation's COMMIT has been sent along with it, wait for that. */
bool execute_await_commit(struct run *run);
/* execute_outcome.c: COMMIT has been answered, or will not be.  True: the transaction is over, and
 * its state says how; false: that is to be asked for. */
bool execute_take_commit(struct run *run) MUST_CHECK;
/* ASKING: `run->db` is ready to be asked. */
void execute_ask_outcome(struct run *run);
/* ASKED: take the answer.  True: the transaction is over; false: ask again, after a pause. */
bool execute_take_outcome(struct run *run) MUST_CHECK;
/* ASKING, ASKED: ask again, after a pause; false: there is no time for that. */
bool execute_pause_asking(struct run *run) MUST_CHECK;
/* Nobody is asked any more: the transaction is over, and its outcome is not known. */
void execute_fail_outcome(struct run *run);

/* execute.c: A call of the transaction has failed; `statement` as in execute_refusal(). */
void execute_fail_transaction(struct run *run, const struct plan_statement *statement,
                              const struct db_call *call);

/* execute_refusal.c: The error of a root field before anything was sent, or NULL. */
const struct error *execute_refuse_root(struct run *run, const struct plan_field *field);

/* execute_resolve.c: The field's arguments as an object; those that are absent are left
 * out.  NULL when one cannot be coerced: then an error was added. */
const struct value *
execute_arguments(struct run *run, const struct plan_field *field, struct errors *errors);

#endif
