/*
 * scalar_time.h - points in time: RFC 3339 for clients, microseconds since
 * 2000-01-01 for PostgreSQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALUE_SCALAR_TIME_H
#define VALUE_SCALAR_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { SCALAR_TIME_MAX = 32 }; /* bytes that a written time has at most */

/* Read `2026-11-22T13:07:00.5+01:00`: RFC 3339 with a capital T and Z, without
 * leap seconds and without the offset -00:00 (the DateTime scalar of
 * scalars.graphql.org); what is finer than a microsecond is dropped.  False for
 * anything else. */
bool scalar_time_read(struct str text, int64_t *microseconds) MUST_CHECK;

/* Read `2026-11-22`. */
bool scalar_time_read_date(struct str text) MUST_CHECK;

/* Write the time in UTC with `digits` digits of a second's fraction, 3 or 6,
 * and return how many bytes that took; the rest of the fraction is dropped.  0 for a time
 * without four digits for its year, infinity included. */
int scalar_time_write(int64_t microseconds, int digits, char out[SCALAR_TIME_MAX]);

#endif
