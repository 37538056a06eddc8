/*
 * walk_report.c - what rules call: to report errors, and to compare names.
 *
 * SPDX-License-Identifier: MIT
 */
#include "validation/walk.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/suggest.h"
#include "language/places.h"
#include "language/source.h"
#include "schema/schema.h"

/* Or one error could hold a place for each word of a document. */
enum { PLACES_MAXIMUM = 40, UNLIMITED_PLACES_MAXIMUM = 1000 };

/* Give the error that was just added its place. */
static struct error *
place_error(struct walk *w, struct error *error, uint32_t offset)
{
    error_add_place(w->errors->arena, error, places_find(w->places, offset));
    return error;
}

struct error *
walk_error(struct walk *w, uint32_t offset, const char *format, ...)
{
    va_list args;

    if (errors_full(w->errors))
        w->is_stopped = w->has_too_many = true;
    va_start(args, format);
    struct error *error = errors_vadd(w->errors, ERROR_VALIDATION_FAILED, format, args);
    va_end(args);
    return place_error(w, error, offset);
}

void
walk_error_place(struct walk *w, struct error *error, uint32_t offset)
{
    int count = 0, maximum = w->limits ? PLACES_MAXIMUM : UNLIMITED_PLACES_MAXIMUM;

    for (const struct place *place = error->places; place; place = place->next)
        count++;
    if (count < maximum)
        error_add_place(w->errors->arena, error, places_find(w->places, offset));
}

void
walk_exceeded(struct walk *w, uint32_t offset, const char *limit, int64_t maximum,
              const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct error *error = errors_vadd(w->errors, ERROR_LIMIT_EXCEEDED, format, args);
    va_end(args);
    error_set_limit(error, limit, maximum);
    place_error(w, error, offset);
    w->is_stopped = true;
}

uint32_t
walk_offset(const struct walk *w, struct str name)
{
    return source_offset(w->document->source, name);
}

const struct directive_definition *
walk_find_directive(const struct walk *w, struct str name)
{
    const struct directive_definition *directive = schema_find_directive(w->schema, name);

    return directive && !directive->is_binding ? directive : NULL;
}

struct str
walk_suggest(struct walk *w, const char *what, struct str input, struct str *names, int count)
{
    if (!w->has_suggestions)
        return STR("");
    return suggest_text(w->arena, what, names, suggest_close(w->arena, input, names, count));
}

struct str
walk_name(const struct ast_node *node)
{
    if (node->kind == AST_VARIABLE_DEFINITION)
        node = ast_as(variable_definition, node)->variable;
    return ast_text(node);
}

const struct ast_node *
walk_first_of_name(const struct ast_node *list, const struct ast_node *node)
{
    struct str name = walk_name(node);

    while (list != node && !str_equal(walk_name(list), name))
        list = list->next;
    return list;
}

bool
walk_has_duplicates(struct walk *w, const struct ast_node *list)
{
    const struct ast_node *node = list;

    for (int i = 0; node && i < WALK_COMPARED_MAXIMUM; i++, node = node->next)
        if (walk_first_of_name(list, node) != node)
            return true;
    if (!node)
        return false;

    struct map *names = map_new(w->arena);
    for (node = list; node; node = node->next)
        if (map_add(names, walk_name(node), (void *)node))
            return true;
    return false;
}
