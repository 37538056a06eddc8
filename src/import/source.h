/*
 * source.h - where the records of an import come from: a dump (dump.h), or tables of another
 * database (tables.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef IMPORT_SOURCE_H
#define IMPORT_SOURCE_H

#include "base/str.h"

struct arena;

/* JSON as Django's serializers write it: `{"model": "auth.user", "pk": 1, "fields": {...}}`.  A row
 * of a table has its columns as `fields`, and no `pk`. */
struct import_record {
    struct str model;
    struct str json; /* which PostgreSQL takes for jsonb */
};

enum source_state {
    SOURCE_RECORD,
    SOURCE_END,
    SOURCE_FAULT /* the message says what and where */
};

struct import_source {
    /* Take the next record, in the arena. */
    enum source_state (*next)(struct import_source *source, struct arena *a,
                              struct import_record *record, struct str *message);
};

#endif
