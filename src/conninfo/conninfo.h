/*
 * conninfo.h - libpq's connection strings: another role in one, and what a role's password is
 * kept as.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONNINFO_CONNINFO_H
#define CONNINFO_CONNINFO_H

#include "base/str.h"

struct arena;

/* The connection string, a URI or `name=value ...`, as the latter; with another user and password
 * if these are not NULL, and with transactions that only read by default.  What stands in the
 * environment is left there.  STR_NONE: it is none, and `*message` says why, without quoting a
 * password. */
struct str conninfo_reading(struct arena *a, const char *conninfo, const char *user,
                            const char *password, struct str *message) MUST_CHECK;

/* The value of that option, such as `sslmode`: of the string, or what libpq takes where that has
 * none, an environment's variable or its own default.  STR_NONE: there is none. */
struct str conninfo_get(struct arena *a, const char *conninfo, const char *name) MUST_CHECK;

/* What `CREATE ROLE ... PASSWORD` takes instead of the password, which then is in no log:
 * SCRAM-SHA-256 with a salt drawn anew.  STR_NONE: it cannot be made. */
struct str conninfo_verifier(struct arena *a, const char *user, const char *password) MUST_CHECK;

#endif
