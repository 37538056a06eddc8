/*
 * dump.h - the records of a dump, as `manage.py dumpdata` writes it: one JSON array of objects, or
 * objects one after the other (`--format jsonl`).
 *
 * A dump may be larger than memory: one record is read at a time, of at most DUMP_RECORD_MOST
 * bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef IMPORT_DUMP_H
#define IMPORT_DUMP_H

#include "import/source.h"

enum { DUMP_RECORD_MOST = 16 * 1024 * 1024 };

/* The dump that comes from a descriptor, which stays the caller's; `name` is for messages.  In the
 * arena.  U+0000 and bytes of halves of surrogate pairs, which PostgreSQL does not store, become
 * U+FFFD. */
struct import_source *dump_open(struct arena *a, int descriptor, const char *name);

#endif
