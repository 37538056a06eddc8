/*
 * fuzz_parser.c - a text parses into a tree whose nodes lie within each other and one after
 * the other, or has one error with a place in it; and what limits let through is parsed as if
 * there were none.
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

/* More than an input can have, but for the depth, which the stack must bear. */
static const struct limits lifted = {
    .document = 1 << 20, .tokens = 1 << 20, .directives = 1 << 20, .nesting = 1000
};

enum { TIME_MAXIMUM = 20 }; /* milliseconds */

static void
check_places(struct str text, const struct ast_node *node)
{
    if (node->start > node->end || node->end > text.len)
        fuzz_fail("a node lies within the text", text, STR_NONE);
    for (const uint16_t *offset = ast_children(node->kind); *offset; offset++) {
        uint32_t before = node->start;
        for (const struct ast_node *child = ast_child(node, *offset); child; child = child->next) {
            if (child->start < before || child->end > node->end)
                fuzz_fail("nodes lie within their parent, one after the other", text,
                          str_from(ast_kind_name(child->kind)));
            before = child->end;
            check_places(text, child);
        }
    }
}

/* The tree as text, or the error. */
static struct str
parse(struct arena *a, struct str text, const struct limits *limits, bool *is_limit)
{
    struct errors errors = { .arena = a };
    struct source *source = ARENA_NEW(a, struct source);
    struct buf *out = buf_new(a);

    source->text = text;
    const struct ast_document *document = parser_parse(a, source, limits, &errors);
    if (errors.count != (document ? 0 : 1))
        fuzz_fail("a parse adds one error, or none and a tree", text, STR_NONE);
    *is_limit = !document && errors.first->limit;
    if (!document && (errors.first->message.len == 0 || !errors.first->places))
        fuzz_fail("an error has a message and a place", text, errors.first->message);
    if (!document)
        return errors.first->message;
    check_places(text, &document->node);
    print_ast(out, &document->node);
    return buf_str(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str text = fuzz_text(a, data, size);
    bool is_limit, is_lifted_limit;
    int64_t start = fuzz_cpu_time();
    struct str bounded = parse(a, text, &limits_default, &is_limit);

    fuzz_check_time(start, TIME_MAXIMUM, text);
    struct str unbounded = parse(a, text, &lifted, &is_lifted_limit);
    if (!is_limit && !str_equal(bounded, unbounded))
        fuzz_fail("limits change nothing of what they let through", bounded, unbounded);
    arena_free(a);
    return 0;
}
