/*
 * request_internal.h - what the files of a request share: all that is known of one.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_REQUEST_INTERNAL_H
#define SERVER_REQUEST_INTERNAL_H

#include "base/error.h"
#include "base/loop.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "database/db_pool.h"
#include "execution/resolver_thread.h"
#include "execution/resolver.h"
#include "auth/auth.h"
#include "http/http.h"
#include "http/params.h"
#include "http/response.h"
#include "server/request.h"

/*  constant, name in the log and in Server-Timing */
#define REQUEST_PHASES(X)                                                                          \
    X(READ, read)                                                                                  \
    X(AUTH, auth)                                                                                  \
    X(PARSE, parse)                                                                                \
    X(VALIDATE, validate)                                                                          \
    X(PLAN, plan)                                                                                  \
    X(QUEUE, queue) /* waiting for a connection: part of the next, measured by itself */           \
    X(EXECUTE, execute)                                                                            \
    X(WRITE, write)

enum request_phase {
#define PHASE_CONSTANT(constant, name) PHASE_##constant,
    REQUEST_PHASES(PHASE_CONSTANT)
#undef PHASE_CONSTANT
        PHASES
};

/* Seconds after which a client may ask again, when nothing knows better. */
enum { RETRY_AFTER = 1 };

struct request {
    struct worker *worker;
    struct arena *arena;
    struct request *next; /* idle */
    const struct config *config;
    struct http_source *source;
    struct errors errors; /* what the client is told */
    struct response response;
    enum request_phase phase; /* that is at work, or waits */
    bool is_waiting;
    bool is_late; /* its time is over */
    bool is_gone; /* the client did not stay for an answer */

    /* What each phase finds. */
    struct http_request http;              /* read */
    struct params params;                  /* read */
    struct document *document;             /* parse, validate */
    const struct ast_operation *operation; /* plan */
    struct variables variables;            /* plan */
    struct auth_request auth;              /* auth */
    struct resolvers resolvers;            /* auth */
    struct viewer viewer;                  /* auth */
    const struct plan *plan;               /* plan */
    struct run *run;                       /* execute */
    struct str data;                       /* write: the value of `data`, or STR_NONE */
    struct str text;                       /* the answer to what is no operation, or STR_NONE */

    /* Execute. */
    struct db_loan loan;
    struct resolver_job job;
    bool is_resolving; /* the job is the thread's */
    bool is_queued;    /* for a connection */
    bool has_asked;    /* something has been asked of PostgreSQL or of a C function */
    bool is_refused;   /* PostgreSQL is away, and nothing had been asked before */
    int attempts;      /* that have begun */

    struct loop_timer timer; /* of the deadline, while it waits */
    int64_t deadline;        /* of clock_now() */
    int64_t started, marked; /* nanoseconds: since when what is measured goes on */
    int64_t times[PHASES];   /* nanoseconds */
};

/* request_execute.c: Run the plan.  False: an error was added.  True: it is done, or with
 * is_waiting to be called again. */
bool request_execute(struct request *r) MUST_CHECK;
/* Give back what it has borrowed. */
void request_give_back(struct request *r);
/* Add the error that the service is not available; false. */
bool request_refuse(struct request *r, int retry_after);

/* request_log.c: The time since the last call is of that phase. */
void request_charge(struct request *r, enum request_phase phase);
/* `parse;dur=0.012, ...`: milliseconds. */
struct str request_timing(struct request *r);
/* Write its line in the log; `bytes` are of the body, or -1. */
void request_log(struct request *r, ssize_t bytes);

#endif
