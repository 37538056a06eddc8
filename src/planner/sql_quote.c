/*
 * sql_quote.c - the one place where names become SQL (PostgreSQL, 4.1.1).
 *
 * SPDX-License-Identifier: MIT
 */
#include "planner/sql_quote.h"

#include "base/buf.h"

void
sql_quote_identifier(struct buf *b, struct str name)
{
    buf_byte(b, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, name.ptr[i]);
    }
    buf_byte(b, '"');
}
