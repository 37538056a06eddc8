/*
 * usages.c - where the definitions of a document use variables.
 *
 * A usage has the type that is expected at its place, so the walk that runs the
 * rules finds the usages too, with one rule that collects them.  A document
 * without a `$` has none, and is not walked for them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "validation/usages.h"

#include <string.h>

#include "base/arena.h"
#include "language/source.h"
#include "validation/references.h"
#include "validation/rule.h"
#include "validation/walk.h"

static void
add_usage(struct walk *w, void *state, const struct ast_node *node)
{
    struct definition *d = w->scope->definition;
    int *capacity = state;

    assert(d); /* variables stand within operations and fragments alone */
    if (d->usage_count == 0)
        *capacity = 0;
    if (d->usage_count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 4;
        struct usage *usages = ARENA_ARRAY(w->arena, struct usage, (size_t)*capacity);

        if (d->usage_count)
            memcpy(usages, d->usages, (size_t)d->usage_count * sizeof(*usages));
        d->usages = usages;
    }
    d->usages[d->usage_count++] = (struct usage){ .variable = ast_as(value, node),
                                                  .type = w->scope->input_type,
                                                  .object_type = w->scope->object_type,
                                                  .has_default = w->scope->has_default };
}

static const struct rule collector = {
    .name = "collector",
    .section = "",
    .enter = { [AST_VARIABLE] = add_usage },
    .state_size = sizeof(int),
};

void
usages_collect(struct walk *w)
{
    static const struct rule *const rules[] = { &collector };
    struct str text = w->document->source->text;

    if (str_find(text, '$') < text.len)
        walk_document(w, rules, 1);
}
