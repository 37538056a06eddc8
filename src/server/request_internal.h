/*
 * request_internal.h - what the files of a request share: its states, and all that is known
 * of it.
 *
 * A request goes through its phases (the table in request.c):
 *
 *     an operation      read -> auth -> ask_subject -> parse -> validate -> plan -> execute
 *                       -> write
 *     /ready            read -> ask_ready
 *     /live, keys, preflight  read
 *
 * Each phase answers NEXT; or WAIT: the request is left until service.resume(), which calls the
 * same phase again; or END: the response is due, with an error or without.
 *
 * Executing has stages, and a loan of a connection (pool/db_pool.h) that goes with them:
 *
 *     START ----> QUEUE ----> ASK <---- QUEUE_AGAIN
 *       |                      |              ^
 *       |                      v              |
 *       +-------------------> CALL -----------+
 *
 * A queue is passed over when a connection is free.  CALL is the turn of a C function, which a
 * field of a mutation may be.  The run may be done in ASK and in CALL.
 *
 *     stage               the loan                      waits for
 *     QUEUE, QUEUE_AGAIN  queued                        a connection; measured as `queue`
 *     QUEUE_AGAIN         none                          a moment, then PostgreSQL is asked anew
 *     ASK                 granted, until done or CALL   PostgreSQL
 *     CALL                none                          the thread, if the call takes its time
 *
 * When statements do not fit the database, the catalog is asked, too, in ASK, before the phase is
 * over (request_stale.c).
 *
 * When PostgreSQL is away, a request in START or QUEUE is answered with 503, and what a later
 * stage needs is an error of its fields.  A transaction that lost its connection
 * begins again, once (execution/run.h).
 *
 * A request whose time is over is aborted: its connection is closed, it is resumed, and asks
 * nothing more.  So is one whose client has gone, but what it has asked may still be answered for a
 * moment, is then cancelled, and the connection is kept.  In CALL both wait on: the thread sees for
 * itself that nobody wants an answer.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_REQUEST_INTERNAL_H
#define SERVER_REQUEST_INTERNAL_H

#include "base/error.h"
#include "event/loop.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "database/db_call.h"
#include "pool/db_pool.h"
#include "execution/resolver_thread.h"
#include "execution/resolver.h"
#include "auth/auth.h"
#include "http/http.h"
#include "http/params.h"
#include "http/response.h"
#include "metrics/metrics.h"
#include "server/request.h"

/* What a phase answers. */
enum step {
    STEP_NEXT, /* go on with the next phase */
    STEP_WAIT, /* leave the request until service.resume() is called for it */
    STEP_END   /* the response is due: an error was added, or all is there */
};

/* What is measured; the names are those in the log and in Server-Timing. */
enum request_time {
#define TIME_CONSTANT(constant, name) TIME_##constant,
    METRICS_PHASES(TIME_CONSTANT)
#undef TIME_CONSTANT
        TIMES
};

enum request_stage {
    STAGE_START,      /* nothing has been asked of PostgreSQL or of a C function */
    STAGE_QUEUE,      /* likewise; it waits for a connection */
    STAGE_ASK,        /* it has a connection, and waits for PostgreSQL */
    STAGE_CALL,       /* a C function is called; it waits if that is the thread's */
    STAGE_QUEUE_AGAIN /* something was asked before; it waits for a connection */
};

/* Why nothing more is asked for a request. */
enum request_abort {
    ABORT_NONE,
    ABORT_LATE, /* its time is over */
    ABORT_GONE  /* its client did not stay for an answer: none is written */
};

/* Seconds after which a client may ask again, when nothing knows better. */
enum { RETRY_AFTER = 1 };

struct request {
    struct service *service;
    struct arena *arena;
    struct request *next; /* idle */
    const struct config *config;
    struct http_source *source;
    struct errors errors; /* what the client is told */
    struct response response;
    int phase; /* index in the phases of request.c: the one that is at work, or waits */
    enum request_abort abort;

    /* What each phase finds. */
    struct http_request http;               /* read */
    struct params params;                   /* read */
    uint64_t document_hash;                 /* parse: of its text; 0 before */
    const struct trusted_document *trusted; /* parse: which one it is; NULL: it is none */
    bool is_foreign;                        /* parse: it is none, which is to be logged */
    bool is_exempt;                         /* parse: whoever asks may ask for any document */
    const struct contract *contract;        /* auth: the service's, as the viewer's role sees it */
    struct document *document;              /* parse, validate */
    const struct ast_operation *operation;  /* plan */
    struct variables variables;             /* plan */
    struct auth_request auth;               /* auth */
    struct auth_cookies cookies;            /* auth; of cookie mode */
    struct resolvers resolvers;             /* auth */
    struct viewer viewer;                   /* auth */
    const struct plan *plan;                /* plan */
    struct run *run;                        /* execute */
    struct str data;                        /* write: the value of `data`, or STR_NONE */
    size_t held;                            /* plan: the bytes that service.held counts of it */
    struct str text; /* the answer to what is not an operation, or STR_NONE */

    /* Execute. */
    enum request_stage stage;
    struct db_loan loan;
    bool is_joint;     /* the run is to send all in one flush */
    bool has_borrowed; /* a connection, once */
    struct resolver_job job;
    struct db_call question; /* whose subject it is; of the catalog, when statements do not fit */

    struct loop_timer timer; /* of the deadline, while it waits */
    struct loop_timer pause; /* of a run that is PAUSING */
    bool is_pausing;
    int64_t deadline;        /* of clock_now() */
    int64_t started, marked; /* nanoseconds: since when what is measured goes on */
    int64_t times[TIMES];    /* nanoseconds */
};

/* request_answer.c: Answer what is not an operation; NEXT: /ready has to ask PostgreSQL first. */
enum step request_answer(struct request *r) MUST_CHECK;
/* A refusal that is for a person: make its page. */
void request_show_refusal(struct request *r);

/* request_document.c: Find the document, known or parsed anew. */
enum step request_parse(struct request *r) MUST_CHECK;
/* Find out whether it is valid for the viewer, and keep it. */
enum step request_validate(struct request *r) MUST_CHECK;
/* Where roles see different schemas, a document that is not valid for `anon` may be for the user
 * whose token was refused: then that alone is said, so that the client gets a new one. */
void request_say_token(struct request *r);
/* Tell the master the hash of the document at hand; 0: there is none. */
void request_tell_at_hand(const struct request *r, uint64_t hash);

/* request_idempotent.c: Do all writes that are asked for take the header Idempotency-Key, if it
 * came?  If not, an error was added. */
bool request_may_repeat(struct request *r) MUST_CHECK;
/* The hash of document and variables, by which a request is known that is sent again with a key;
 * STR_NONE: none of its fields has one. */
struct str request_hash(struct request *r);

/* request_execute.c: Run the plan. */
enum step request_execute(struct request *r) MUST_CHECK;
/* request_subject.c: Find out whose subject the token names, if it is another issuer's. */
enum step request_ask_subject(struct request *r) MUST_CHECK;
/* Ask PostgreSQL whether it answers, for /ready. */
enum step request_ask_ready(struct request *r) MUST_CHECK;
/* Give back the connection that it has on loan, or leave the queue for one. */
void request_give_back(struct request *r);
/* After request.abort was set: if the call of its C function has not begun, refuse it, and resume
 * the request. */
void request_cancel_call(struct request *r);
/* It has a connection, and its client has gone: have what was asked cancelled soon. */
void request_leave(struct request *r);
/* Until when to wait for PostgreSQL, of clock_now(). */
int64_t request_until(const struct request *r);
/* That moment has come, or the one of request_leave(): have what was asked cancelled. */
void request_cut_short(struct request *r);
/* Add the error that the service is not available; END. */
enum step request_refuse(struct request *r, int retry_after) MUST_CHECK;

/* request_stale.c: The run has statements that do not fit the database: find out whether it has
 * changed since the contract was bound, which settles the run's errors: NEXT; or WAIT. */
enum step request_settle_stale(struct request *r) MUST_CHECK;
/* request_execute.c: Have a connection: GRANTED, now or before, QUEUED or REFUSED. */
enum db_loan_state request_borrow(struct request *r) MUST_CHECK;
/* Wait for what PostgreSQL says on the connection. */
enum step request_await(struct request *r) MUST_CHECK;

/* request_cookies.c: In cookie mode: hand the cookies that came to what identifies the viewer. */
void request_take_cookies(struct request *r);
/* Add the headers of the cookies that the C functions have set, unless the request has failed. */
void request_set_cookies(struct request *r);

/* request_explain.c: The response's `extensions`, which explain the request, if it asks for that,
 * and warn of what does not fit, in development; or STR_NONE. */
struct str request_write_extensions(struct request *r);

/* request_public.c: Let caches keep the answer, if it is the same for all who are not signed in and
 * the contract says for how long; and answer 304 to a client that has it. */
void request_publish(struct request *r);

/* request_memory.c: Count what the request holds from now on, with its plan; false: it is large,
 * and the others leave no room for it. */
bool request_hold(struct request *r) MUST_CHECK;
/* Count it no more. */
void request_let_go(struct request *r);
/* Release the memory of a request that has ended, but for its first block. */
void request_forget(struct request *r);

/* request_slow.c: Log the statements that took long, and have one of them explained. */
void request_log_slow(struct request *r);

/* request_log.c: Count the time since the last call to `time`. */
void request_charge(struct request *r, enum request_time time);
/* `parse;dur=0.012, ...`: milliseconds. */
struct str request_timing(struct request *r);
/* The same as a JSON object. */
void request_write_times(struct request *r, struct buf *b);
/* Write its line in the log, and before it one about its document if that is to be logged; `bytes`
 * are of the body, or -1. */
void request_log(struct request *r, ssize_t bytes);
/* The first digits of the document's SHA-256; STR_NONE where they are not told. */
struct str request_digest(struct request *r);

/* request_metrics.c: Count it, which has ended. */
void request_count(const struct request *r);
/* Count what became of its document. */
void request_count_document(const struct request *r, enum metrics_counter result);
/* Answer /metrics; false: nobody counts here. */
bool request_write_metrics(struct request *r) MUST_CHECK;

#endif
