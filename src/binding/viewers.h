/*
 * viewers.h - does a function return, does a table have, the same for all viewers of a role?
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_VIEWERS_H
#define BINDING_VIEWERS_H

#include <stdbool.h>
#include <stdint.h>

struct function;
struct schema;
struct table;

/* An IMMUTABLE function does (PostgreSQL, 38.7), if it is called with what the request gives alone:
 * the default of a parameter may ask who the viewer is.  Of another one it is so if the contract
 * promises it (`is_promised`). */
bool viewers_share_function(const struct function *function, bool is_promised);

/* The roles of which it is not so for the table: catalog_personal(), and none of a view or a
 * foreign table for which some type of the schema promises it. */
uint32_t viewers_personal(const struct schema *schema, const struct table *table);

#endif
