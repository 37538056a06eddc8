/*
 * mock_names.h - what names of fields and mutations usually mean, in any contract.
 *
 * These are habits of GraphQL schemas at large; no contract has to keep them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_MOCK_NAMES_H
#define MOCK_MOCK_NAMES_H

#include <stdbool.h>

#include "base/str.h"

/* Fields of the query that show who is signed in, such as `me`; ended by STR_NONE. */
extern const struct str mock_names_viewer[];

/* Does a field tell something of who is signed in, such as `viewerCanEdit`? */
bool mock_names_tells_of_viewer(struct str field);
/* Is a field of a mutation's answer empty when all went well, such as `errors`? */
bool mock_names_is_empty(struct str field);
/* The name of a type, or of a field that shows one, without a suffix such as Node. */
struct str mock_names_find_noun(struct str name);
/* Is the mutation about an object of the type, such as `updateItem` of Item or ItemNode? */
bool mock_names_is_about(struct str mutation, struct str type);
/* Does it create one, such as `createItem`, `addNewItem` or `relayCreateItem`? */
bool mock_names_creates(struct str mutation, struct str type);

#endif
