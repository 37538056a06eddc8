/*
 * index_filter.h - conditions of filters that no index serves.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONTRACT_INDEX_FILTER_H
#define CONTRACT_INDEX_FILTER_H

struct field;
struct index_notes;

/* Add a note for each comparison and each join of the field's filters that no index serves: of
 * joined rows, only those of one parent are compared, and nothing is noted.  What keeps most rows
 * (`ne`, `nin`, `isEmpty`) needs no index. */
void index_filter_add(const struct index_notes *n, const struct field *field);

#endif
