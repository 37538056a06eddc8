/*
 * index_notes.h - what no index serves.
 *
 * A list whose order no index has is sorted anew for each page, and rows that no index finds are
 * looked for in the whole table.  What can be told from the contract and from the catalog's
 * indexes (catalog/index.h) is told, with the statement that mends it, unless
 * @unindexed(reason:) says that it is known.  How many rows there are is not asked.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONTRACT_INDEX_NOTES_H
#define CONTRACT_INDEX_NOTES_H

struct contract;
struct errors;

/* Add a note, with its place, for each order of a list, each comparison and each join that no
 * index serves.  The contract is bound. */
void index_notes_add(const struct contract *contract, struct errors *errors);
/* The same where @unindexed says that it is known, too. */
void index_notes_add_all(const struct contract *contract, struct errors *errors);

#endif
