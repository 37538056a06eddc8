/*
 * mock.h - values that are made up, where no database is (type/bind_mock.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_MOCK_H
#define EXECUTION_MOCK_H

#include <stdbool.h>

#include "execution/write.h"

struct mock_object;

/* Write the value of a PLAN_MOCK field; `object` is what it is a field of, NULL at the
 * root.  False when a null propagates (write.h). */
bool mock_write(struct writer *w, const struct plan_field *field, const struct mock_object *object,
                const struct path *path);

#endif
