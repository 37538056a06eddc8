/*
 * diff.h - what clients notice when one schema takes the place of another.
 *
 * Compared is what is reached by name: types, fields, arguments, values, directives.
 * Where both schemas are contracts, their binding directives are compared too: where a field comes
 * from, in which order rows come, who may see it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include <stdbool.h>

struct changes;
struct schema;

struct diff_side {
    const struct schema *schema; /* which must live as long as the changes */
    bool has_text;               /* changes have their places in its document */
};

/* Does the document of the schema apply binding directives? */
bool diff_has_bindings(const struct schema *schema);

/* Add what has changed to `changes`: types in the order of the old schema, then new ones, then
 * directives. */
void diff_schemas(struct changes *changes, const struct diff_side *before,
                  const struct diff_side *after);

#endif
