/*
 * test_operation.c - which operation of a document is meant (planner/operation.c).
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/arena.h"
#include "base/error.h"
#include "language/ast.h"
#include "language/parser.h"
#include "language/source.h"
#include "planner/operation.h"
#include "tests/unit/unit.h"

static const struct {
    const char *document, *name;
    const char *found; /* its name, "" for none */
    const char *error; /* or NULL */
} cases[] = {
    { "{ a }", NULL, "", NULL },
    { "query A { a }", NULL, "A", NULL },
    { "query A { a }", "A", "A", NULL },
    { "query A { a } mutation B { b } fragment C on Q { c }", "B", "B", NULL },
    { "query A { a } { b }", "A", "A", NULL },
    { "query A { a } query AB { b }", "A", "A", NULL },
    { "query A { a } query B { b }", NULL, NULL,
      "Must provide operation name if query contains multiple operations." },
    { "query A { a } query B { b }", "C", NULL, "Unknown operation named \"C\"." },
    { "query A { a } fragment C on Q { c }", "C", NULL, "Unknown operation named \"C\"." },
    { "{ a }", "A", NULL, "Unknown operation named \"A\"." },
    { "{ a }", "", NULL, "Unknown operation named \"\"." },
    { "fragment C on Q { c }", NULL, NULL, "Must provide an operation." },
    { "type T { a: A }", "T", NULL, "Unknown operation named \"T\"." },
};

static void
test_operations(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct arena *a = arena_new("test");
        struct errors errors = { .arena = a };
        struct source source = { .text = str_from(cases[i].document) };
        const struct ast_document *document = parser_parse(a, &source, NULL, &errors);
        assert_non_null(document);
        const struct ast_operation *operation =
            operation_get(document, str_from(cases[i].name), false, &errors);

        if (cases[i].error) {
            assert_null(operation);
            assert_int_equal(errors.count, 1);
            assert_int_equal(errors.first->code, ERROR_OPERATION_RESOLUTION_FAILURE);
            assert_true(str_is(errors.first->message, cases[i].error));
        } else {
            assert_non_null(operation);
            assert_int_equal(errors.count, 0);
            assert_true(operation->name.ptr ? str_is(operation->name, cases[i].found)
                                            : cases[i].found[0] == '\0');
        }
        arena_free(a);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_operations) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
