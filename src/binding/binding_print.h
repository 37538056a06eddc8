/*
 * binding_print.h - a contract's bindings as text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_BINDING_PRINT_H
#define BINDING_BINDING_PRINT_H

struct buf;
struct schema;

/* Write each field with its resolver, a line each: `Link.postedBy  join users on
 * users.id = links.posted_by`; before them, what tells the types of a table apart:
 * `Item  table items, by kind: task Task, note Note`. */
void binding_print(struct buf *b, const struct schema *schema);

#endif
