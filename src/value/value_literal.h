/*
 * value_literal.h - is a literal one of an input type (specification, 5.6.1 to 5.6.4)?
 *
 * Asked of a document's literals by validation, and of the defaults of a
 * schema when it is built.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALUE_VALUE_LITERAL_H
#define VALUE_VALUE_LITERAL_H

#include "base/str.h"

struct arena;
struct ast_node;
struct map;
struct path;
struct type;

/* Told of a misfit: a sentence, the node it is about, and where in the literal that is; `path`
 * lives as long as the call and is NULL at the top.  False: of further ones it need not be told. */
typedef bool value_literal_fn(void *context, struct str message, const struct ast_node *node,
                              const struct path *path);

/* Judge a literal, and tell `report` of every misfit.  Variables within it fit
 * anything here: their types are judged by a rule of their own (5.8.5).  Names
 * given twice in an object are likewise for another rule (5.6.3).  With `has_suggestions`
 * sentences on names that are not known end in "Did you mean ...?". */
void value_literal_check(struct arena *a, const struct ast_node *node, const struct type *type,
                         bool has_suggestions, value_literal_fn *report, void *context);

/* Is there a variable in the literal, or is it one? */
bool value_literal_has_variable(const struct ast_node *node);

/* The literal as it is printed, for a message: cut where it is long. */
struct str value_literal_text(struct arena *a, const struct ast_node *node);

/* The fields of an object literal, to be found by name. */
struct value_literal_fields {
    const struct ast_node *first;
    struct map *by_name; /* their values, where there are many; or NULL */
};
struct value_literal_fields value_literal_fields(struct arena *a, const struct ast_node *object);
/* The value of the field of that name, of two the later; or NULL. */
const struct ast_node *
value_literal_field(const struct value_literal_fields *fields, struct str name);

#endif
