/*
 * sqlstate.c - which of PostgreSQL's errors a client may know of, and as what.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/sqlstate.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "database/db_call.h"
#include "database/statement.h"

#define AWAY     "The database is not available."
#define CONFLICT "Conflict with a concurrent request; try again."
#define SLOW     "The request took too long."
#define FULL     "The database has no space left."

#define STILL_USED "Something else still refers to this."

struct sqlstate {
    const char *state; /* five characters, or the first of them */
    enum error_code code;
    const char *message; /* for the client; NULL: PostgreSQL's own */
};

/* The first row that fits counts. */
static const struct sqlstate states[] = {
    { "LN400", ERROR_BAD_USER_INPUT, NULL },
    { "LN401", ERROR_UNAUTHENTICATED, NULL },
    { "LN403", ERROR_FORBIDDEN, NULL },
    { "LN404", ERROR_NOT_FOUND, NULL },
    { "LN409", ERROR_CONFLICT, NULL },
    { "LN429", ERROR_RATE_LIMITED, NULL },
    { "LN498", ERROR_TOKEN_INVALID, NULL },
    { "57014", ERROR_TIMEOUT, SLOW }, /* statement_timeout */
    { "55P03", ERROR_TIMEOUT, SLOW }, /* lock_timeout */
    { "40001", ERROR_SERVICE_UNAVAILABLE, CONFLICT },
    { "40P01", ERROR_SERVICE_UNAVAILABLE, CONFLICT },
    { "57P", ERROR_SERVICE_UNAVAILABLE, AWAY }, /* the server stops or starts */
    { "53100", ERROR_SERVICE_UNAVAILABLE, FULL },
    { "53", ERROR_SERVICE_UNAVAILABLE, AWAY }, /* it is out of connections, or memory */
    { "08", ERROR_SERVICE_UNAVAILABLE, AWAY }, /* the connection is lost */
    { "", ERROR_INTERNAL, "Internal server error." },
};

/* Of an application's function alone. */
static const struct sqlstate refusals[] = {
    { "23505", ERROR_CONFLICT, "There is already one with this value." },
    { "23P01", ERROR_CONFLICT, "This conflicts with what is there already." },
    { "23503", ERROR_NOT_FOUND, "What this refers to does not exist." },
    { "23001", ERROR_CONFLICT, STILL_USED },
    { "23502", ERROR_BAD_USER_INPUT, "A value is missing." },
    { "23514", ERROR_BAD_USER_INPUT, "A value is not allowed here." },
    { "44000", ERROR_BAD_USER_INPUT, "A value is not allowed here." }, /* WITH CHECK OPTION */
    { "42501", ERROR_FORBIDDEN, "This is not allowed." },              /* a policy, or a right */
    { "22001", ERROR_BAD_USER_INPUT, "A text is too long." },
    { "22003", ERROR_BAD_USER_INPUT, "A number is too large." },
    { "54000", ERROR_BAD_USER_INPUT, "A value is too large." }, /* for an index, or a row */
    { "22", ERROR_BAD_USER_INPUT, "A value cannot be used." },
    { "23", ERROR_BAD_USER_INPUT, "A value is not allowed here." },
    { "", ERROR_INTERNAL, NULL },
};

static const struct sqlstate *
sqlstate_find(const struct sqlstate *row, const char *state)
{
    while (strncmp(state, row->state, strlen(row->state)) != 0)
        row++;
    return row;
}

static struct error *
sqlstate_make(struct arena *a, const struct sqlstate *row, struct str message)
{
    struct errors errors = { .arena = a };
    struct error *error = errors_add(&errors, row->code, "%.*s", STR_PRINT(message));

    if (row->code == ERROR_SERVICE_UNAVAILABLE)
        error->retry_after = 1;
    return error;
}

/* An error of the application's: what it says goes to the client as it is. */
static struct error *
sqlstate_make_own(struct arena *a, const struct sqlstate *row, const struct db_call *call)
{
    struct error *error = sqlstate_make(a, row, call->primary);
    int64_t seconds;

    if (row->code == ERROR_BAD_USER_INPUT)
        error->argument = call->column;
    if (row->code == ERROR_CONFLICT) {
        error->field = call->column;
        error->constraint = call->constraint;
    }
    if (row->code == ERROR_RATE_LIMITED && str_read_int64(call->detail, &seconds))
        error->retry_after = (int)seconds;
    return error;
}

/* A call that got no answer has a state that says so. */
static const char *
sqlstate_of(const struct db_call *call)
{
    switch (call->outcome) {
    case DB_LOST:
        return "08006";
    case DB_EXPIRED:
        return "57014";
    default:
        return call->sqlstate;
    }
}

struct error *
sqlstate_error(struct arena *a, const struct db_call *call)
{
    const struct sqlstate *row = sqlstate_find(states, sqlstate_of(call));

    if (!row->message)
        return sqlstate_make_own(a, row, call);
    if (call->outcome == DB_FAILED)
        log_error("statement failed: %s %.*s", call->sqlstate, STR_PRINT(call->message));
    return sqlstate_make(a, row, str_from(row->message));
}

/* Before the first quotation mark of any language that PostgreSQL speaks.  In what follows, nobody
 * can tell the value's own marks from PostgreSQL's. */
static struct str
before_quotation(struct str text)
{
    static const char *const marks[] = {
        "\"",     "'",      "`",      "\u00ab", "\u00bb", "\u300c",
        "\u201c", "\u201d", "\u201e", "\u2018", "\u2019", "\u201a"
    };
    const char *first = NULL;

    for (size_t i = 0; text.ptr && i < ARRAY_LENGTH(marks); i++) {
        const char *at = strstr(text.ptr, marks[i]);
        if (at && (!first || at < first))
            first = at;
    }
    return first ? (struct str){ text.ptr, (size_t)(first - text.ptr) } : text;
}

struct str
sqlstate_words(struct arena *a, const char *state, struct str primary, const char *context)
{
    struct str words = primary;

    if (strncmp(state, "22", 2) == 0) {
        struct str before = before_quotation(primary);
        if (before.len < primary.len)
            words = str_format(a, "%.*s...", STR_PRINT(before));
    }
    for (const char *line = context; line && *line; line += strcspn(line, "\n"), line += *line != 0)
        if (strncmp(line, "PL/pgSQL", strlen("PL/pgSQL")) == 0)
            words = str_format(a, "%.*s; %.*s", STR_PRINT(words), (int)strcspn(line, "\n"), line);
    return words;
}

/* Is it what a foreign key refers to that was to go?  Such a message names the constraint and
 * then the table that refers; the other one names the table first. */
static bool
is_still_used(const struct db_call *call)
{
    const char *constraint =
        call->constraint.ptr ? strstr(call->primary.ptr, call->constraint.ptr) : NULL;

    return constraint && call->table.ptr &&
           strstr(constraint + call->constraint.len, call->table.ptr) != NULL;
}

struct error *
sqlstate_refusal(struct arena *a, const struct db_call *call)
{
    const struct sqlstate *row = sqlstate_find(refusals, sqlstate_of(call));

    if (!row->message)
        return NULL;
    log_info("refused: %s %.*s", call->sqlstate, STR_PRINT(call->message));
    if (strcmp(row->state, "23503") == 0 && is_still_used(call))
        row = sqlstate_find(refusals, "23001");
    return sqlstate_make(a, row, str_from(row->message));
}

bool
sqlstate_is_own(const struct db_call *call)
{
    enum error_code code = sqlstate_find(states, sqlstate_of(call))->code;

    return call->outcome == DB_FAILED && code != ERROR_TIMEOUT && code != ERROR_SERVICE_UNAVAILABLE;
}

bool
sqlstate_is_unreadable(const struct db_call *call)
{
    static const char *const unreadable[] = {
        "22P02", /* the form */
        "22003", /* a number out of range */
        "22007", /* the form of a date or time */
        "22008", /* a date or time out of range */
    };

    for (size_t i = 0; i < ARRAY_LENGTH(unreadable); i++)
        if (strcmp(call->sqlstate, unreadable[i]) == 0)
            return true;
    return false;
}

bool
sqlstate_is_out_of_range(const struct db_call *call)
{
    return call->outcome == DB_FAILED &&
           (strcmp(call->sqlstate, "22003") == 0 || strcmp(call->sqlstate, "22008") == 0);
}

/* `$2` at the end of the line, or before ` = '`, with nothing in quotes before it. */
static int
read_bad_parameter(const char *line)
{
    for (const char *at = line + strcspn(line, "$\"'\n"); *at == '$';
         at += 1 + strcspn(at + 1, "$\"'\n")) {
        size_t digits = strspn(at + 1, "0123456789");
        const char *end = at + 1 + digits;
        if (digits > 0 && (*end == '\0' || *end == '\n' || strncmp(end, " = '", 4) == 0))
            return atoi(at + 1);
    }
    return 0;
}

/* The last line is about the statement as a whole; those before it are about the functions that
 * it called.  The text of a value, if PostgreSQL adds it, may have several lines. */
int
sqlstate_bad_parameter(const char *state, const char *context)
{
    const char *last = strrchr(context, '\n');
    int number = read_bad_parameter(last ? last + 1 : context);

    if (!sqlstate_find(states, state)->message)
        return 0;
    return number > 0 ? number : read_bad_parameter(context);
}

bool
sqlstate_is_away(const struct db_call *call)
{
    const char *state = sqlstate_of(call);

    if (call->outcome == DB_FAILED && call->is_raised)
        return false;
    return strncmp(state, "57P", 3) == 0 || strncmp(state, "08", 2) == 0;
}

bool
sqlstate_is_read_only(const struct db_call *call)
{
    /* BEGIN READ WRITE itself is refused as a feature that is not supported. */
    const char *state = call->statement && call->statement->hash == 0 ? "0A000" : "25006";

    return call->outcome == DB_FAILED && strcmp(call->sqlstate, state) == 0;
}

bool
sqlstate_is_conflict(const struct db_call *call)
{
    return call->outcome == DB_FAILED &&
           (strcmp(call->sqlstate, "40001") == 0 || strcmp(call->sqlstate, "40P01") == 0);
}

bool
sqlstate_is_row_kept(const struct db_call *call)
{
    /* Languages translate the words around it. */
    return call->outcome == DB_FAILED && strcmp(call->sqlstate, "42501") == 0 &&
           strstr(call->primary.ptr, "USING") != NULL;
}

bool
sqlstate_is_row_twice(const struct db_call *call)
{
    return call->outcome == DB_FAILED && strcmp(call->sqlstate, "21000") == 0 &&
           strstr(call->primary.ptr, "ON CONFLICT") != NULL;
}

bool
sqlstate_is_lost(const struct db_call *call)
{
    return call->outcome == DB_LOST || (call->outcome == DB_FAILED && sqlstate_is_away(call));
}

bool
sqlstate_is_stale(const char *state)
{
    static const char *const stale[] = {
        "0A000", /* "cached plan must not change result type" */
        "26000", /* no prepared statement of that name */
        "3F000", /* no schema */
        "42703", /* no column */
        "42704", /* no type */
        "42725", /* a function that is not unique */
        "42804", /* a type that does not match */
        "42883", /* no function, no operator */
        "42P01", /* no table */
        "XX000", /* "cache lookup failed": what a plan refers to was dropped as it began */
    };

    for (size_t i = 0; i < ARRAY_LENGTH(stale); i++)
        if (strcmp(state, stale[i]) == 0)
            return true;
    return false;
}
