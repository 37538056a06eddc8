/*
 * subject.c - whose subject a token of another issuer names: the application knows.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/subject.h"

#include <assert.h>

#include "base/arena.h"
#include "database/db.h"
#include "database/db_call.h"
#include "database/rows.h"
#include "database/statement.h"
#include "auth/auth.h"
#include "auth/issuer.h"

const char subject_sql[] = "SELECT account_of_subject($1::text, $2::text)::text";

void
subject_ask(struct arena *a, const struct auth_request *request, struct db_call *call)
{
    static const struct statement statement = { .sql = { subject_sql, sizeof(subject_sql) - 1 },
                                                .parameter_count = 2 };
    const char **values = ARENA_ARRAY(a, const char *, 2);

    assert(request->needs_user);
    values[0] = str_copy_c(a, request->foreign.issuer->issuer);
    values[1] = str_copy_c(a, request->foreign.subject);
    *call = (struct db_call){ .statement = &statement, .values = values };
}

struct str
subject_take(struct arena *a, const struct db_call *call)
{
    if (rows_count(call->rows) != 1)
        return STR_NONE;
    struct str key = rows_get(call->rows, 0, 0);
    return key.ptr ? str_copy(a, key) : STR_NONE;
}
