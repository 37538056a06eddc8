/*
 * viewers.h - does a function return the same for all viewers of a role?
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_VIEWERS_H
#define BINDING_VIEWERS_H

#include <stdbool.h>

struct function;

/* An IMMUTABLE function does (PostgreSQL, 38.7), if it is called with what the request gives alone:
 * the default of a parameter may ask who the viewer is.  Of another one it is so if the contract
 * promises it (`is_promised`). */
bool viewers_share_function(const struct function *function, bool is_promised);

#endif
