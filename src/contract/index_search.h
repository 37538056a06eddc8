/*
 * index_search.h - searches that no index helps.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONTRACT_INDEX_SEARCH_H
#define CONTRACT_INDEX_SEARCH_H

struct field;
struct index_notes;
struct type;

/* Add a note for each argument of the field that searches columns of a whole table of which one
 * has no index for that. */
void
index_search_add(const struct index_notes *n, const struct type *type, const struct field *field);

#endif
