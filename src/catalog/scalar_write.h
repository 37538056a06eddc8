/*
 * scalar_write.h - the database's cells as JSON (specification, 3.5, result coercion).
 *
 * One table whose rows are pairs of a scalar and a column's kind.  A scalar of the
 * contract that has no row is a custom scalar: it shows any column as the column's
 * own JSON form.
 *
 * Cells come in PostgreSQL's binary format for the column kinds that the table
 * COLUMN_KINDS (catalog.h) marks so, and as text for all others.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_SCALAR_WRITE_H
#define CATALOG_SCALAR_WRITE_H

#include <stdbool.h>

#include "base/str.h"
#include "catalog/catalog.h"

struct buf;

/* Write one cell, which is not null, as JSON.  False when its value has no
 * place in the scalar (3.5, result coercion), for instance 2^31 in an Int. */
typedef bool scalar_write_fn(struct buf *b, struct str cell);

/* How a column of this kind is shown as the scalar or enum type `name`; NULL
 * when it cannot be (a misfit of the contract).  Enums are shown from text and
 * enum columns: `is_enum`. */
scalar_write_fn *scalar_writer(struct str name, bool is_enum, enum column_kind kind);

#endif
