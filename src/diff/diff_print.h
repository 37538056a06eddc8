/*
 * diff_print.h - changes for people, and for programs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DIFF_DIFF_PRINT_H
#define DIFF_DIFF_PRINT_H

#include "base/str.h"

struct buf;
struct changes;

/* Write a line for each change, the breaking ones first: `FILE:LINE:COLUMN: SEVERITY: COORDINATE:
 * SENTENCE`.  The place is that in the new file, or of what is gone in the old one; then a line
 * that counts them. */
void diff_print(struct buf *b, const struct changes *changes, struct str before, struct str after);

/* Write the members of an object, without its braces: `"changes":[...],"counts":{...}`. */
void diff_write_json(struct buf *b, const struct changes *changes);

#endif
