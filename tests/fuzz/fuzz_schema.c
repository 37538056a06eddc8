/*
 * fuzz_schema.c - SDL that makes a schema is printed, and the print makes a
 * schema with the same print; what makes none has an error that says why.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/source.h"
#include "schema/schema_print.h"
#include "sdl/build.h"

/* Build and print; STR_NONE when the text makes no schema. */
static struct str
build_and_print(struct arena *a, struct str text, enum build_options options)
{
    struct errors errors = { .arena = a, .maximum = limits_default.errors };
    struct source *source = ARENA_NEW(a, struct source);
    struct buf *print = buf_new(a);

    source->text = text;
    const struct ast_document *document = parser_parse(a, source, NULL, &errors);
    const struct schema *schema = document ? build_schema(a, document, options, &errors) : NULL;
    if ((schema != NULL) != (errors.count == 0))
        fuzz_fail("there is a schema, or an error", text, STR_NONE);
    if (!schema)
        return STR_NONE;
    schema_print(print, schema);
    return buf_str(print);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str text = fuzz_text(a, data, size);
    struct str first = build_and_print(a, text, BUILD_BINDINGS);

    if (first.ptr) {
        struct str second = build_and_print(a, first, BUILD_PLAIN);
        if (!second.ptr || !str_equal(first, second))
            fuzz_fail("a printed schema prints itself", first, second);
    }
    arena_free(a);
    return 0;
}
