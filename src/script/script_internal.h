/*
 * script_internal.h - what the files of this folder share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SCRIPT_SCRIPT_INTERNAL_H
#define SCRIPT_SCRIPT_INTERNAL_H

#include "base/str.h"

struct buf;

/* Write a text of the database or the contract within a comment, which a line break would end. */
void script_comment(struct buf *b, struct str text);

#endif
