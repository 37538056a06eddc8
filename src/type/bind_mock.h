/*
 * bind_mock.h - a contract without a database: every field of it is made up.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TYPE_BIND_MOCK_H
#define TYPE_BIND_MOCK_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct errors;
struct schema;

enum mock_values {
    MOCK_COMPARABLE, /* the same for every field of a type, so that two servers can be compared */
    MOCK_LIFELIKE    /* as they might come from a database, by field, type and id */
};

/* Bind every field of the object types to MOCK.  False after adding an error. */
bool bind_mock(struct arena *a, struct schema *schema, enum mock_values values,
               struct errors *errors) MUST_CHECK;

#endif
