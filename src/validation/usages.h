/*
 * usages.h - where the definitions of a document use variables.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALIDATION_USAGES_H
#define VALIDATION_USAGES_H

struct walk;

/* Fill the usages of each definition of `w->references`, in the document's order. */
void usages_collect(struct walk *w);

#endif
