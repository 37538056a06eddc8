/*
 * contract_notes.h - what a role still learns of what is hidden from it (@auth).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONTRACT_CONTRACT_NOTES_H
#define CONTRACT_CONTRACT_NOTES_H

struct contract;
struct errors;

/* Add a note, with its place, for each extension that hides more than it adds; for each type that a
 * view shows although no field leads to it any more; and for each argument and field of an order by
 * a column that no field of the view shows, though one of the whole contract does.  The contract
 * is bound. */
void contract_notes_add(const struct contract *contract, struct errors *errors);

#endif
