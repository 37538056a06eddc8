/*
 * usage.h - what a document uses of a schema, and which changes of that it would notice.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DIFF_USAGE_H
#define DIFF_USAGE_H

struct arena;
struct ast_document;
struct change;
struct changes;
struct schema;

/* The first breaking change of something that the document uses, or NULL.  The document must be
 * valid by the old schema.  Whatever a variable may hold is used.  What makes the document invalid
 * is not looked for, as validation by the new schema finds it. */
const struct change *
usage_find_breaking(struct arena *a, const struct schema *before,
                    const struct ast_document *document, const struct changes *changes);

#endif
