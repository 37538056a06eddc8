/*
 * diff_read.c - a schema to be compared, from whatever text it is in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "diff/diff_read.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "schema/schema.h"
#include "sdl/build.h"
#include "diff/diff.h"
#include "diff/introspection.h"

/* Build a contract, or else SDL whose own directives may have names of binding ones. */
static const struct schema *
build_any(struct arena *a, const struct ast_document *document, struct errors *errors)
{
    struct errors unheard = { .arena = a, .maximum = 1 };
    struct errors of_contract = { .arena = a, .maximum = errors->maximum };
    const struct schema *schema = build_schema(a, document, BUILD_BINDINGS, &of_contract);

    if (!schema)
        schema = build_schema(a, document, BUILD_PLAIN, &unheard);
    if (!schema)
        *errors = of_contract;
    return schema;
}

static const struct schema *
read_sdl(struct arena *a, const struct source *source, struct str role, struct errors *errors)
{
    const struct ast_document *document = parser_parse(a, source, NULL, errors);
    const struct schema *schema = document ? build_any(a, document, errors) : NULL;

    if (!schema || !role.ptr || !diff_has_bindings(schema))
        return schema;
    return build_schema_for_role(a, schema, role, errors);
}

/* The errors of SDL that nobody has written have no places that mean something. */
static const struct schema *
read_json(struct arena *a, struct source *source, struct errors *errors)
{
    struct buf *sdl = buf_new(a);

    if (!introspection_write_sdl(a, sdl, source->text, errors))
        return NULL;
    source->text = buf_str(sdl);
    const struct ast_document *document = parser_parse(a, source, NULL, errors);
    const struct schema *schema = document ? build_schema(a, document, BUILD_PLAIN, errors) : NULL;
    for (struct error *e = errors->first; e; e = e->next)
        e->places = e->last_place = NULL;
    return schema;
}

/* Is it an object of JSON?  A query, which SDL may have beside it, can begin with a brace too. */
static bool
is_json(struct str text)
{
    struct str rest = str_trim(text);

    if (!str_starts_with(rest, STR("{")))
        return false;
    rest = str_trim((struct str){ rest.ptr + 1, rest.len - 1 });
    return str_starts_with(rest, STR("\"")) || str_starts_with(rest, STR("}"));
}

bool
diff_read(struct arena *a, struct str name, struct str text, struct str role,
          struct diff_side *side, struct errors *errors)
{
    struct source *source = ARENA_NEW(a, struct source);

    *source = (struct source){ name, text };
    side->has_text = !is_json(text);
    side->schema =
        side->has_text ? read_sdl(a, source, role, errors) : read_json(a, source, errors);
    return side->schema != NULL;
}
