/*
 * db_count.h - count what becomes of calls (metrics/metrics.h).  For the files of a connection
 * alone.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_COUNT_H
#define DATABASE_DB_COUNT_H

struct db_call;

/* The call has its outcome, which is counted once. */
void db_count(const struct db_call *call);

#endif
