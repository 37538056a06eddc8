/*
 * outcome.c - has a transaction been committed whose connection was lost?
 *
 * SPDX-License-Identifier: MIT
 */
#include "transaction/outcome.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "database/db.h"
#include "database/rows.h"
#include "database/sqlstate.h"
#include "database/statement.h"

/* Hashes of 0: asked once, and so not prepared. */
static const struct statement ask_status = { .sql =
                                                 STR_INIT("SELECT pg_xact_status($1::text::xid8)"),
                                             .parameter_count = 1 };
static const struct statement ask_incarnation = { .sql = STR_INIT(DB_INCARNATION_QUERY) };

void
outcome_ask(struct db *db, struct arena *a, struct outcome_question *question)
{
    question->is_same =
        question->incarnation.len > 0 && str_equal(question->incarnation, db_incarnation(db));
    question->values[0] = str_copy_c(a, question->xid);
    question->status = (struct db_call){ .statement = &ask_status, .values = question->values };
    question->after = (struct db_call){ .statement = &ask_incarnation };
    db_call(db, a, &question->status);
    db_call(db, a, &question->after);
    db_send(db);
}

static struct str
cell_of(const struct db_call *call)
{
    return rows_count(call->rows) == 1 ? rows_get(call->rows, 0, 0) : STR_NONE;
}

enum outcome
outcome_read(const struct outcome_question *question)
{
    const struct db_call *status = &question->status, *after = &question->after;

    if (sqlstate_is_lost(status) || sqlstate_is_lost(after))
        return OUTCOME_LOST;
    if (status->outcome != DB_ROWS || after->outcome != DB_ROWS || !question->is_same ||
        !str_equal(question->incarnation, cell_of(after)))
        return OUTCOME_UNKNOWN;
    if (str_is(cell_of(status), "committed"))
        return OUTCOME_COMMITTED;
    if (str_is(cell_of(status), "aborted"))
        return OUTCOME_ABORTED;
    return str_is(cell_of(status), "in progress") ? OUTCOME_IN_PROGRESS : OUTCOME_UNKNOWN;
}

const struct error *
outcome_error(void)
{
    static const struct error unknown = {
        .code = ERROR_OUTCOME_UNKNOWN,
        .message = STR_INIT("The connection to the database was lost; this may have been done."),
    };

    return &unknown;
}
