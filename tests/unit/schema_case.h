/*
 * schema_case.h - what the tests of schemas share: a schema from a text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UNIT_SCHEMA_CASE_H
#define UNIT_SCHEMA_CASE_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "sdl/build.h"
#include "tests/unit/unit.h"

static struct arena *arena;
static struct errors errors;

static int
setup(void **state)
{
    (void)state;
    arena = arena_new("test");
    errors = (struct errors){ .arena = arena };
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct schema *
build(const char *sdl, enum build_options options)
{
    struct source *source = ARENA_NEW(arena, struct source);
    const struct ast_document *document;

    source->name = STR("test");
    source->text = str_from(sdl);
    document = parser_parse(arena, source, NULL, &errors);
    assert_non_null(document);
    return build_schema(arena, document, options, &errors);
}

/* Build what must be valid. */
static inline struct schema *
build_valid(const char *sdl)
{
    struct schema *schema = build(sdl, BUILD_PLAIN);

    if (errors.first)
        fail_msg("%.*s", STR_PRINT(errors.first->message));
    return schema;
}

/* The errors as text: `message line:column line:column`, a line each. */
static inline struct str
errors_text(void)
{
    struct buf b = { 0 };
    struct str text;

    for (const struct error *e = errors.first; e; e = e->next) {
        buf_put(&b, e->message);
        for (const struct place *p = e->places; p; p = p->next)
            buf_printf(&b, " %u:%u", p->line, p->column);
        if (e->next)
            buf_byte(&b, '\n');
    }
    text = buf_copy(arena, &b);
    buf_free(&b);
    return text;
}

#endif
