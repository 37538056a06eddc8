/*
 * words.h - names of the database as English words, and names of GraphQL made of them.
 *
 * `order_details`, `OrderDetails` and `ORDER DETAILS` are the words `order details`: a type
 * `OrderDetail` and a field `orderDetails`.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef INIT_WORDS_H
#define INIT_WORDS_H

#include "base/str.h"

struct arena;

/* The words of a name, in lower case, with spaces between.  Letters beyond ASCII are written with
 * ASCII's (`größe`: `groesse`), or as numbers.  Never empty. */
struct str words_split(struct arena *a, struct str name);

/* The same with the last word in the singular, or in the plural.  A word that has no other form
 * (`news`) stays as it is; a word that is plural already is not made so again. */
struct str words_singular(struct arena *a, struct str words);
struct str words_plural(struct arena *a, struct str words);

/* `orderDetail`, `OrderDetail`, `ORDER_DETAIL`: names as GraphQL has them; before a digit stands
 * `_`. */
struct str words_camel(struct arena *a, struct str words);
struct str words_pascal(struct arena *a, struct str words);
struct str words_capitals(struct arena *a, struct str words);

/* The last word; a slice of `words`. */
struct str words_last(struct str words);

#endif
