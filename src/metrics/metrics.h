/*
 * metrics.h - what a worker counts, for those who watch it.
 *
 * Each process of a server counts in a slot of memory that all of them share (metrics_board.h).
 * A word has one writer, the thread that it belongs to, and nobody waits for anybody.  What is
 * counted before metrics_join(), or in a program that has no board, goes nowhere.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef METRICS_METRICS_H
#define METRICS_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

/* The phases of a request, whose times are added up.  constant, name */
#define METRICS_PHASES(X)                                                                          \
    X(READ, read)                                                                                  \
    X(AUTH, auth)                                                                                  \
    X(PARSE, parse)                                                                                \
    X(VALIDATE, validate)                                                                          \
    X(PLAN, plan)                                                                                  \
    X(QUEUE, queue) /* for a connection; not part of `execute` */                                  \
    X(EXECUTE, execute)                                                                            \
    X(WRITE, write)

/* clang-format off */

/* The classes of SQLSTATE that are told apart (PostgreSQL, appendix A); all others are `other`. */
#define METRICS_CLASSES(X)                                                                         \
    X(08) X(0A) X(21) X(22) X(23) X(25) X(26) X(28) X(2D) X(38) X(39) X(3D) X(3F) X(40) X(42)      \
    X(44) X(53) X(54) X(55) X(57) X(58) X(F0) X(P0) X(XX)

/* clang-format on */

/* What is only added to.  constant, label's value; the families are in metrics_print.c. */
#define METRICS_COUNTERS(X)                                                                        \
    X(DOCUMENT_HIT, hit)                                                                           \
    X(DOCUMENT_MISS, miss)                                                                         \
    X(DOCUMENT_REFUSED, refused)                                                                   \
    X(CONNECT_OK, ok)                                                                              \
    X(CONNECT_FAILED, failed)                                                                      \
    X(STATEMENT_OK, ok)                                                                            \
    X(STATEMENT_FAILED, failed)                                                                    \
    X(STATEMENT_SKIPPED, skipped)                                                                  \
    X(STATEMENT_LOST, lost)                                                                        \
    X(ROWS, rows)                                                                                  \
    X(PASSWORD_HASHED, hashed)                                                                     \
    X(PASSWORD_RIGHT, right)                                                                       \
    X(PASSWORD_WRONG, wrong)                                                                       \
    X(PASSWORD_BUSY, busy)                                                                         \
    X(LOGIN_OK, ok)                                                                                \
    X(LOGIN_REFUSED, refused)                                                                      \
    X(LOGIN_LIMITED, limited)                                                                      \
    X(LOGIN_FAILED, failed)

enum metrics_counter {
#define METRICS_CONSTANT(constant, name) METRICS_##constant,
    METRICS_COUNTERS(METRICS_CONSTANT)
#undef METRICS_CONSTANT
#define METRICS_CONSTANT(constant, name) METRICS_PHASE_##constant,
        METRICS_PHASES(METRICS_CONSTANT) /* nanoseconds */
#undef METRICS_CONSTANT
#define METRICS_CONSTANT(name) METRICS_CLASS_##name,
    METRICS_CLASSES(METRICS_CONSTANT)
#undef METRICS_CONSTANT
        METRICS_CLASS_OTHER,
    METRICS_COUNTER_COUNT
};

/* What is as it is now.  constant, label's value */
#define METRICS_GAUGES(X)                                                                          \
    X(DB_IDLE, idle)                                                                               \
    X(DB_CONNECTING, connecting)                                                                   \
    X(DB_SHARED, shared)                                                                           \
    X(DB_LENT, lent)                                                                               \
    X(DB_SETTLING, settling)                                                                       \
    X(DB_MAX, max)                                                                                 \
    X(DB_WAITING, waiting)                                                                         \
    X(FCGI, fcgi)                                                                                  \
    X(FCGI_MAX, fcgi_max)                                                                          \
    X(CACHE_BYTES, cache_bytes)                                                                    \
    X(PROCESS_MEMORY, memory) /* bytes */                                                          \
    X(PROCESS_DESCRIPTORS, descriptors)

enum metrics_gauge {
#define METRICS_CONSTANT(constant, name) METRICS_##constant,
    METRICS_GAUGES(METRICS_CONSTANT)
#undef METRICS_CONSTANT
        METRICS_GAUGE_COUNT
};

/* Of which kind a request's operation is. */
enum metrics_operation {
    METRICS_QUERY,
    METRICS_MUTATION,
    METRICS_SUBSCRIPTION,
    METRICS_NONE, /* it was refused before that was known */
    METRICS_OPERATION_COUNT
};

/* What became of a request: the code of its first error, or one of these. */
enum metrics_outcome {
    METRICS_ERRORS = ERROR_INTERNAL + 1, /* how many codes there are */
    METRICS_OK = METRICS_ERRORS,
    METRICS_GONE, /* its client has disconnected: there was no answer */
    METRICS_OUTCOME_COUNT
};

/* The threads of a worker that count: the loop's, and that of slow C functions. */
enum { METRICS_THREADS = 2 };

/* Documents that are counted by their ids, at most, as long as the server runs. */
enum { METRICS_DOCUMENTS = 200 };

/* The bounds of the buckets of times, nanoseconds; one more bucket has what is longer. */
enum { METRICS_BOUNDS = 14 };
extern const int64_t metrics_bounds[METRICS_BOUNDS];

struct metrics_histogram {
    _Atomic uint64_t buckets[METRICS_BOUNDS + 1]; /* what lies between two bounds */
    _Atomic uint64_t sum;                         /* nanoseconds */
};

struct metrics_document {
    _Atomic uint64_t requests;
    _Atomic uint64_t sum; /* nanoseconds */
};

struct metrics_slot {
    /* By the master.  A slot that is taken has a process, or soon; 0: not yet. */
    _Atomic int32_t is_taken, pid;
    _Atomic uint64_t cpu; /* nanoseconds of all processes that had the slot */
    _Atomic uint64_t gauges[METRICS_GAUGE_COUNT];
    _Atomic uint64_t counters[METRICS_THREADS][METRICS_COUNTER_COUNT];
    struct metrics_histogram requests[METRICS_OPERATION_COUNT][METRICS_OUTCOME_COUNT];
    struct metrics_histogram waits; /* for a connection to PostgreSQL */
    struct metrics_document documents[METRICS_DOCUMENTS];
};

/* This process's slot, and this thread's counters in it; or NULL.  For what follows. */
extern struct metrics_slot *metrics_own;
extern _Thread_local _Atomic uint64_t *metrics_counters;

static inline void
metrics_add_to(_Atomic uint64_t *word, uint64_t number)
{
    uint64_t before = atomic_load_explicit(word, memory_order_relaxed);
    atomic_store_explicit(word, before + number, memory_order_relaxed);
}

/* Count. */
static inline void
metrics_add(enum metrics_counter counter, uint64_t number)
{
    if (metrics_counters)
        metrics_add_to(&metrics_counters[counter], number);
}

/* It is so many now.  By the loop's thread alone. */
static inline void
metrics_set(enum metrics_gauge gauge, uint64_t number)
{
    if (metrics_own)
        atomic_store_explicit(&metrics_own->gauges[gauge], number, memory_order_relaxed);
}

/* PostgreSQL has refused a statement with this SQLSTATE; "": it gave none. */
void metrics_add_error(const char *sqlstate);

/* A request has ended, which took so many nanoseconds; by the loop's thread alone.  `outcome` is an
 * error_code or one of metrics_outcome. */
void metrics_add_request(enum metrics_operation operation, int outcome, int64_t time);
/* It has waited for a connection, or had one at once: 0. */
void metrics_add_wait(int64_t time);
/* It was for the trusted document of this place (metrics_board.h); -1: it is not counted. */
void metrics_add_document(int place, int64_t time);

/* This thread, another than the loop's, counts from now on.  Of those only one may. */
void metrics_join_thread(void);

#endif
