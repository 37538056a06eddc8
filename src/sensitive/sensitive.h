/*
 * sensitive.h - what an API should not show unless somebody says so: columns and tables that look
 * like secrets, by their names or by their values.
 *
 * Names are compared in whole words: `password_digest`, `passwordDigest` and `PASSWORD` have the
 * word, `passwordless` and `secretary` have none.  What is only about a secret, such as
 * `token_count` or `password_changed_at`, is none.  Values are looked at in a sample of the rows,
 * and are neither kept nor shown.
 *
 * Each function says what it has found as the end of a sentence, without a value: "a password, by
 * its name", "values like a bcrypt hash"; NULL: nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SENSITIVE_SENSITIVE_H
#define SENSITIVE_SENSITIVE_H

#include "base/str.h"

struct arena;
struct catalog;
struct column;
struct db;
struct table;

/* --- sensitive_name.c --- */

/* The name alone, of a column that holds a text. */
const char *sensitive_name(struct str name);
/* By its name and its type: no date, and no truth value, is a secret; a number is one only where
 * the secret is a number, such as `pin`.  A column that refers to a sensitive one is sensitive,
 * and one that refers to a number is not. */
const char *sensitive_column(const struct table *table, const struct column *column);
/* A table of sessions, tokens or keys, or one that a framework keeps for itself, such as
 * `schema_migrations`. */
const char *sensitive_table(const struct table *table);

/* --- sensitive_value.c --- */

/* Is the value a secret by its form: a hash of a password, a signed token, a private key, a key
 * of a known service, or 32 and more hexadecimal digits? */
const char *sensitive_value(struct str value);
/* The same of JSON, of an array or of XML: is one of the texts within it? */
const char *sensitive_within(struct str value);

/* --- sensitive_sample.c --- */

/* Look at some values of each column that can hold texts, in one statement that changes nothing
 * and is given up after SENSITIVE_SAMPLE_TIME milliseconds.  One answer for each column, in order.
 * A table that may not be read, or that is too slow, has none.  The connection must be idle, and
 * in no transaction. */
const char *const *sensitive_sample(struct arena *a, struct db *db, const struct catalog *catalog,
                                    const struct table *table);

enum {
    SENSITIVE_SAMPLE_TIME = 2000,  /* of one table */
    SENSITIVE_SAMPLE_ROWS = 1000,  /* read from the beginning, and as many from all of it */
    SENSITIVE_SAMPLE_VALUES = 50,  /* of a column, without nulls */
    SENSITIVE_SAMPLE_LENGTH = 2000 /* characters of a value */
};

#endif
