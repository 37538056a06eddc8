/*
 * tables.h - the rows of some tables of another database, as records.
 *
 * All of them are of one moment, so that the application there may go on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef IMPORT_TABLES_H
#define IMPORT_TABLES_H

#include <stdbool.h>

#include "import/source.h"

struct db;
struct import_model; /* import.h */

/* The rows of the tables of the models, in their order, in the arena; the connection stays the
 * caller's, who closes it. */
struct import_source *
tables_open(struct arena *a, struct db *db, const struct import_model *models, int count);

#endif
