/*
 * error.h - what goes wrong and is told to a client (specification, 7.1.2;
 * the codes are the public contract).
 *
 * An error is reported once, where it is found; callers pass on NULL or false
 * and say nothing.  `assert` is for our own mistakes, log.h for the operator.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;

/*  constant, name that clients see */
#define ERROR_CODES(X)                                                                             \
    X(BAD_REQUEST, "BAD_REQUEST")                                                                  \
    X(PARSE_FAILED, "GRAPHQL_PARSE_FAILED")                                                        \
    X(VALIDATION_FAILED, "GRAPHQL_VALIDATION_FAILED")                                              \
    X(OPERATION_RESOLUTION_FAILURE, "OPERATION_RESOLUTION_FAILURE")                                \
    X(BAD_USER_INPUT, "BAD_USER_INPUT")                                                            \
    X(LIMIT_EXCEEDED, "LIMIT_EXCEEDED")                                                            \
    X(UNAUTHENTICATED, "UNAUTHENTICATED")                                                          \
    X(TOKEN_EXPIRED, "TOKEN_EXPIRED")                                                              \
    X(TOKEN_INVALID, "TOKEN_INVALID")                                                              \
    X(FORBIDDEN, "FORBIDDEN")                                                                      \
    X(NOT_FOUND, "NOT_FOUND")                                                                      \
    X(CONFLICT, "CONFLICT")                                                                        \
    X(RATE_LIMITED, "RATE_LIMITED")                                                                \
    X(TIMEOUT, "TIMEOUT")                                                                          \
    X(OUTCOME_UNKNOWN, "OUTCOME_UNKNOWN")                                                          \
    X(SCHEMA_RELOADING, "SCHEMA_RELOADING")                                                        \
    X(SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE")                                                  \
    X(DOCUMENT_NOT_FOUND, "DOCUMENT_NOT_FOUND")                                                    \
    X(PERSISTED_QUERY_NOT_FOUND, "PERSISTED_QUERY_NOT_FOUND")                                      \
    X(PERSISTED_QUERY_NOT_SUPPORTED, "PERSISTED_QUERY_NOT_SUPPORTED")                              \
    X(INTERNAL, "INTERNAL_SERVER_ERROR")

enum error_code {
#define ERROR_CONSTANT(constant, name) ERROR_##constant,
    ERROR_CODES(ERROR_CONSTANT)
#undef ERROR_CONSTANT
};

/* A place in a source: both count from 1; a column is a UTF-16 code unit, as
 * editors and the reference implementation count. */
struct place {
    uint32_t line, column;
    struct place *next;
};

/* A response path, from the innermost field up.  Lives on the stack or in the
 * request's arena; error_set_path() copies it. */
struct path {
    const struct path *parent; /* or NULL */
    struct str name;           /* response name, or STR_NONE: then */
    int index;                 /* an index of a list */
};

struct error {
    enum error_code code;
    bool is_note; /* of a contract: it holds, but not well; no error (binder.h) */
    struct str message;
    struct place *places, *last_place; /* or NULL */
    const struct path *path;           /* or NULL */
    uint32_t offset; /* of what it is about, until it has a place; 0: of its field */
    /* Further members of `extensions`; STR_NONE, NULL and 0 are left out. */
    struct str argument;
    const char *limit;
    int64_t maximum;
    struct str field, constraint;
    int retry_after; /* seconds */
    struct str mend; /* of a note: what to do about it, as its message ends; or STR_NONE */
    /* Instead of all of this: what was written of one error or several, for a response before. */
    struct str written;
    struct error *next;
};

/* A list of errors in the order in which they were found. */
struct errors {
    struct arena *arena; /* where errors and their texts live */
    struct error *first, *last;
    int count;
    int maximum;        /* 0: no bound */
    bool has_more;      /* as many are there, and more were found, which errors_write() says */
    int byte_maximum;   /* of what errors_write() writes; 0: no bound */
    bool is_for_client; /* it may have written what messages repeat: they are cut */
};

/* The characters of a word (letters, digits, `_`, all beyond ASCII) and the bytes of a message
 * that a client is shown, with an ellipsis for the rest; and the bytes of a text in a message that
 * are looked at: one name may be nearly all of a document, and in each error. */
enum { ERROR_WORD_LENGTH = 64, ERROR_MESSAGE_SIZE = 2000, ERROR_TEXT_SIZE = 4096 };

/* The name that clients see. */
const char *error_code_name(enum error_code code);

/* Is the list full?  Further errors are dropped, and a stage may stop. */
bool errors_full(const struct errors *e);
/* The same, before an error that would be added: it is noted that there are more. */
bool errors_leave_out(struct errors *e);

/* Add an error and return it, so that the caller may add a place or a path.
 * Never NULL: beyond the maximum it is made, and not added. */
struct error *
errors_add(struct errors *e, enum error_code code, const char *format, ...) PRINTF(3, 4);
struct error *
errors_vadd(struct errors *e, enum error_code code, const char *format, va_list args) PRINTF(3, 0);

/* Add ERROR_LIMIT_EXCEEDED: `limit` is the name of the limit, `maximum` its value. */
struct error *errors_add_limit(struct errors *e, const char *limit, int64_t maximum,
                               const char *format, ...) PRINTF(4, 5);
/* Make of an error that has its message and place a LIMIT_EXCEEDED. */
void error_set_limit(struct error *error, const char *limit, int64_t maximum);

/* Add the refusal of an argument whose number is not from 0 to `most`. */
struct error *errors_add_range(struct errors *e, struct str argument, int most, struct str value);

/* Add what another error says, without its places and its path. */
struct error *errors_add_copy(struct errors *e, const struct error *what);

/* Take all errors out. */
void errors_clear(struct errors *e);

void error_add_place(struct arena *a, struct error *error, struct place place);
/* Copy the path, outermost first in the response. */
void error_set_path(struct arena *a, struct error *error, const struct path *path);

/* Write the list as the value of `errors`: an array of `message`, `locations`,
 * `path` and `extensions`.  `request_id` may be STR_NONE.  What would pass the maximum of bytes is
 * left out, which a last error says. */
void errors_write(struct buf *b, const struct errors *e, struct str request_id);
/* Write the list with `message` and `locations` alone: for tools. */
void errors_write_bare(struct buf *b, const struct errors *e);
/* Write one error of a list, with all that it has. */
void error_write(struct buf *b, const struct error *error, struct str request_id);

#endif
