/*
 * fuzz_parser.c - a document that parses is printed, and the print parses into
 * the same print; what does not parse has exactly one error.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/print.h"
#include "language/source.h"

/* Parse and print again; STR_NONE when the text does not parse. */
static struct str
parse_and_print(struct arena *a, struct str text, const struct limits *limits)
{
    struct errors errors = { .arena = a };
    struct source *source = ARENA_NEW(a, struct source);
    struct buf *print = buf_new(a), *tree = buf_new(a);

    source->text = text;
    const struct ast_document *document = parser_parse(a, source, limits, &errors);
    if (errors.count != (document ? 0 : 1))
        fuzz_fail("a parse adds one error, or none and a tree", text, STR_NONE);
    if (!document)
        return STR_NONE;
    print_ast(tree, &document->node);
    print_node(print, &document->node);
    return buf_str(print);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str text = fuzz_text(a, data, size);
    struct str first = parse_and_print(a, text, &limits_default);

    if (first.ptr) {
        struct str second = parse_and_print(a, first, NULL);
        if (!second.ptr || !str_equal(first, second))
            fuzz_fail("a print parses into itself", first, second);
    }
    arena_free(a);
    return 0;
}
