/*
 * mock_leaf.h - made-up values of scalars, by their names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_SCALAR_MOCK_LEAF_H
#define MOCK_SCALAR_MOCK_LEAF_H

#include "mock_scalar/mock_make.h"

/* Write the value as JSON. */
void mock_leaf_write(struct buf *b, const struct mock_leaf *leaf);

#endif
