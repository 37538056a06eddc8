/*
 * scalar_parameter.h - values as texts of a statement's parameters.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_SCALAR_PARAMETER_H
#define CATALOG_SCALAR_PARAMETER_H

#include "base/str.h"
#include "catalog/catalog.h"

struct arena;
struct value;

enum parameter_result {
    PARAMETER_OK,
    PARAMETER_NEVER /* no column of that kind can hold it: as a key, no row has it */
};
/* A value as the text of a parameter for a column of that kind, ended by NUL:
 * `"42"` for an integer column, ISO 8601 for timestamps.  The value is not null and
 * no list.  NEVER for what PostgreSQL would refuse: digits out of range,
 * text with U+0000. */
enum parameter_result scalar_parameter(struct arena *a, const struct value *value,
                                       enum column_kind kind, struct str *out) MUST_CHECK;

#endif
