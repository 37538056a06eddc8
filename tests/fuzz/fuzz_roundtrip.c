/*
 * fuzz_roundtrip.c - a document that parses is printed, and the print parses into the same
 * tree and is printed the same.
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

struct round {
    struct str print; /* STR_NONE: the text does not parse */
    struct str tree;
};

/* The tree as text, without the places: ` [12, 34)` at the end of each line. */
static struct str
tree_text(struct arena *a, const struct ast_node *node)
{
    struct buf *placed = buf_new(a), *tree = buf_new(a);
    size_t line = 0;

    print_ast(placed, node);
    for (size_t i = 0; i < placed->len; i++) {
        if (placed->ptr[i] != '\n')
            continue;
        size_t end = i;
        while (placed->ptr[end] != '[')
            end--;
        buf_put(tree, (struct str){ placed->ptr + line, end - line });
        buf_byte(tree, '\n');
        line = i + 1;
    }
    return buf_str(tree);
}

static struct round
parse_and_print(struct arena *a, struct str text, const struct limits *limits)
{
    struct errors errors = { .arena = a };
    struct source *source = ARENA_NEW(a, struct source);
    struct buf *print = buf_new(a);

    source->text = text;
    const struct ast_document *document = parser_parse(a, source, limits, &errors);
    if (!document)
        return (struct round){ STR_NONE, STR_NONE };
    print_node(print, &document->node);
    return (struct round){ buf_str(print), tree_text(a, &document->node) };
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str text = fuzz_text(a, data, size);
    struct round first = parse_and_print(a, text, &limits_default);

    if (first.print.ptr) {
        /* Indentation may make the print longer than a document may be. */
        struct round second = parse_and_print(a, first.print, NULL);
        if (!second.print.ptr)
            fuzz_fail("a print parses", text, first.print);
        if (!str_equal(first.tree, second.tree))
            fuzz_fail("a print parses into the same tree", first.tree, second.tree);
        if (!str_equal(first.print, second.print))
            fuzz_fail("a print is printed the same", first.print, second.print);
    }
    arena_free(a);
    return 0;
}
