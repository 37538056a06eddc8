/*
 * fuzz_readable.h - what PostgreSQL would read.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_FUZZ_READABLE_H
#define FUZZ_FUZZ_READABLE_H

#include <stdbool.h>

#include "base/str.h"
#include "catalog/catalog.h"

/* Would PostgreSQL read the text as a value of the kind, as far as can be said here? */
bool fuzz_is_readable(enum column_kind kind, struct str text);

#endif
