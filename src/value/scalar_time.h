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

enum { SCALAR_TIME_MAX = 40 }; /* bytes that a written time has at most */

/* Read `2026-11-22T13:07:00.5+01:00`: RFC 3339 with a capital T and Z, without
 * leap seconds and without the offset -00:00 (the DateTime scalar of
 * scalars.graphql.org); what is finer than a microsecond is dropped.  False for
 * anything else. */
bool scalar_time_read(struct str text, int64_t *microseconds) MUST_CHECK;

/* Read `2026-11-22T13:07:00.5`: the same without an offset (the scalar LocalDateTime). */
bool scalar_time_read_local(struct str text, int64_t *microseconds) MUST_CHECK;

/* Read a timestamp as PostgreSQL writes it: `2026-11-22 13:07:00.5+00`, `0044-03-15 12:00:00 BC`,
 * `infinity`; T instead of the space, Z, and a date alone are taken too.  An offset may stand
 * only in one that `has_zone`. */
bool scalar_time_read_database(struct str text, bool has_zone, int64_t *microseconds) MUST_CHECK;

/* Read a date as PostgreSQL writes it, `2026-11-22`, `0044-03-15 BC`, `infinity`: the days since
 * 2000-01-01; INT64_MAX and INT64_MIN are the infinities. */
bool scalar_time_read_date(struct str text, int64_t *days) MUST_CHECK;

/* Is it a time of day: `13:07:00.5`, and if it `has_zone` its offset: `13:07:00.5+02`? */
bool scalar_time_read_clock(struct str text, bool has_zone) MUST_CHECK;

/* Write the time in UTC with `digits` digits of a second's fraction, 3 or 6,
 * and return how many bytes that took; the rest of the fraction is dropped.  0 for a time
 * without four digits for its year, infinity included. */
int scalar_time_write(int64_t microseconds, int digits, char out[SCALAR_TIME_MAX]);

/* The same without the Z, and with the digits that the fraction has. */
int scalar_time_write_local(int64_t microseconds, char out[SCALAR_TIME_MAX]);

/* Write any timestamp as PostgreSQL does, in UTC. */
int scalar_time_write_database(int64_t microseconds, bool has_zone, char out[SCALAR_TIME_MAX]);

#endif
