/*
 * diff_directive.c - what has changed in the definitions of directives.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/str.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "diff/diff_internal.h"

/* `@name` */
static struct spot
directive_spot(struct diff *d, const struct directive_definition *before,
               const struct directive_definition *after)
{
    return (struct spot){
        str_format(d->arena, "@%.*s", STR_PRINT(before ? before->name : after->name)),
        before ? before->ast->name : STR_NONE,
        after ? after->ast->name : STR_NONE,
    };
}

static void
diff_arguments(struct diff *d, struct str owner, const struct directive_definition *before,
               const struct directive_definition *after)
{
    static const struct argument_changes changes = {
        .removed = CHANGE_DIRECTIVE_ARG_REMOVED,
        .required_added = CHANGE_REQUIRED_DIRECTIVE_ARG_ADDED,
        .optional_added = CHANGE_OPTIONAL_DIRECTIVE_ARG_ADDED,
    };

    for (int i = 0; i < after->argument_count; i++) {
        const struct input_value *argument = &after->arguments[i];
        if (!schema_find_directive_argument(before, argument->name))
            diff_argument(d, owner, &changes, NULL, argument);
    }
    for (int i = 0; i < before->argument_count; i++) {
        const struct input_value *argument = &before->arguments[i];
        diff_argument(d, owner, &changes, argument,
                      schema_find_directive_argument(after, argument->name));
    }
}

static void
diff_locations(struct diff *d, const struct spot *spot, const struct directive_definition *before,
               const struct directive_definition *after)
{
    for (int i = 0; i < LOCATION_COUNT; i++) {
        bool was = before->locations & 1U << i, is = after->locations & 1U << i;
        const char *name = directive_location_name((enum directive_location)i);
        if (was && !is)
            diff_add(d, CHANGE_DIRECTIVE_LOCATION_REMOVED, spot,
                     "It may no longer be applied to %s.", name);
        if (is && !was)
            diff_add(d, CHANGE_DIRECTIVE_LOCATION_ADDED, spot, "It may be applied to %s now.",
                     name);
    }
}

static void
diff_directive(struct diff *d, const struct directive_definition *before,
               const struct directive_definition *after)
{
    struct spot spot = directive_spot(d, before, after);

    diff_arguments(d, spot.coordinate, before, after);
    if (before->is_repeatable && !after->is_repeatable)
        diff_add(d, CHANGE_DIRECTIVE_REPEATABLE_REMOVED, &spot,
                 "It may no longer be applied several times to the same thing.");
    if (after->is_repeatable && !before->is_repeatable)
        diff_add(d, CHANGE_DIRECTIVE_REPEATABLE_ADDED, &spot,
                 "It may be applied several times to the same thing now.");
    diff_description(d, &spot, before->description, after->description);
    diff_locations(d, &spot, before, after);
}

/* The directive of that name as clients see it, or NULL. */
static const struct directive_definition *
find_public(const struct schema *schema, struct str name)
{
    const struct directive_definition *directive = schema_find_directive(schema, name);

    return directive && !directive->is_binding ? directive : NULL;
}

void
diff_directives(struct diff *d)
{
    const struct schema *before = d->before.schema, *after = d->after.schema;

    for (int i = 0; i < before->directive_count; i++) {
        const struct directive_definition *directive = &before->directives[i];
        const struct directive_definition *now = find_public(after, directive->name);
        struct spot spot = directive_spot(d, directive, NULL);
        if (directive->is_binding || directive->is_builtin || (now && now->is_builtin))
            continue;
        if (now)
            diff_directive(d, directive, now);
        else
            diff_add(d, CHANGE_DIRECTIVE_REMOVED, &spot, "The directive was removed.");
    }
    for (int i = 0; i < after->directive_count; i++) {
        const struct directive_definition *directive = &after->directives[i];
        struct spot spot = directive_spot(d, NULL, directive);
        if (!directive->is_binding && !directive->is_builtin &&
            !find_public(before, directive->name))
            diff_add(d, CHANGE_DIRECTIVE_ADDED, &spot, "The directive was added.");
    }
}
