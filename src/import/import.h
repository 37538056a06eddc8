/*
 * import.h - records of another application are handed to the functions of this one, which take
 * them: `linnet import NAME`.
 *
 * The application has the functions, in SQL:
 *
 *     import_NAME_models() returns (model, source, function): which models there are, the tables
 *         that hold them in a database of the other application, and who takes them, in the order
 *         in which they are taken.  It may refuse, by an error.
 *     FUNCTION() returns (outcome, count, key, reason): take the records of the model, which are
 *         in the table pg_temp.import_records (number bigint, record jsonb).  Each row says what
 *         became of one record, with its key and a reason, or without them of how many.
 *
 * All of it is one transaction, so that an import that fails has changed nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"

struct arena;
struct db;
struct import;
struct import_source;

struct import_model {
    struct str name;     /* `auth.user` */
    struct str table;    /* quoted */
    struct str function; /* quoted */
    int64_t count;       /* records that were read */
};

/* Begin to import, and ask for the models, on a connection of the owner's.  `name` is made of
 * letters, digits and underscores.  What there is to say goes to `out`, and progress and errors to
 * `complaints`.  NULL after saying what is wrong. */
struct import *import_begin(struct arena *a, struct db *db, const char *name, FILE *out,
                            FILE *complaints) MUST_CHECK;
const struct import_model *import_models(const struct import *import, int *count);

/* Read all records of these models.  False after saying what is wrong. */
bool import_read(struct import *import, struct import_source *source) MUST_CHECK;

/* Let them be taken, and print what became of them.  Then keep it, or take it back.  False after
 * saying what is wrong, and that nothing has changed or that this is not known. */
bool import_finish(struct import *import, bool is_kept) MUST_CHECK;

#endif
