/*
 * test_identifier.c - names in statements for people, and the rights that these give.
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "tests/unit/unit.h"

static const char text[] = "roles app_anon \"App User\"\n"
                           "schema public first denied \"App User\"\n"
                           "schema \"Sales\" denied app_anon \"App User\"\n"
                           "table \"Sales\".\"order \"\"x\"\"\"\n"
                           "column id integer\n"
                           "column note text\n"
                           "denied app_anon id note\n"
                           "denied \"App User\" note\n"
                           "sequence id \"Sales\".\"Number\" denied \"App User\"\n"
                           "function left(n integer, row \"Sales\".\"order \"\"x\"\"\", "
                           "variadic names character varying[]) "
                           "returns integer volatile denied app_anon\n";

static const struct catalog *
parse(struct arena *a)
{
    struct source *source = ARENA_NEW(a, struct source);
    struct errors errors = { .arena = a };

    *source = (struct source){ .name = STR("test.catalog"), .text = str_from(text) };
    const struct catalog *catalog = catalog_parse(a, source, &errors);
    if (!catalog)
        fail_msg("%.*s", STR_PRINT(errors.first->message));
    return catalog;
}

static void
assert_text(struct arena *a, struct str actual, const char *expected)
{
    assert_string_equal(str_copy(a, actual).ptr, expected);
}

/* What roles may not use: a schema, some columns, a sequence, a function. */
static void
test_denied(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    const struct catalog *c = parse(a);
    struct buf *printed = buf_new(a);

    catalog_print(printed, c);
    assert_text(a, buf_copy(a, printed), text);
    assert_text(a, catalog_find_schema(c, STR_NONE)->name, "public");
    assert_int_equal(catalog_find_schema(c, STR_NONE)->denied, 2);
    assert_int_equal(catalog_find_schema(c, STR("Sales"))->denied, 3);
    assert_null(catalog_find_schema(c, STR("public")));
    assert_int_equal(c->tables[0].columns[1].denied, 3);
    assert_ptr_equal(c->tables[0].sequences[0].column, &c->tables[0].columns[0]);
    assert_int_equal(c->tables[0].sequences[0].denied, 2);
    assert_int_equal(c->functions[0].denied, 1);
    arena_free(a);
}

static void
test_names(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        { "plain_2", "plain_2" },
        { "2nd", "\"2nd\"" },
        { "Mixed", "\"Mixed\"" },
        { "two words", "\"two words\"" },
        { "a\"b", "\"a\"\"b\"" },
        { "a-b", "\"a-b\"" },
        { "all", "\"all\"" },
        { "order", "\"order\"" },
        { "xmltable", "\"xmltable\"" },
        { "alls", "alls" },
        { "", "\"\"" },
        { "\xc3\xa9", "\"\xc3\xa9\"" },
    };
    struct arena *a = arena_new("test");
    const struct catalog *c = parse(a);

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        struct buf *b = buf_new(a);
        identifier_write(b, str_from(names[i][0]));
        assert_text(a, buf_copy(a, b), names[i][1]);
    }
    struct buf *table = buf_new(a), *function = buf_new(a), *sequence = buf_new(a);
    identifier_write_table(table, c, &c->tables[0]);
    assert_text(a, buf_copy(a, table), "\"Sales\".\"order \"\"x\"\"\"");
    identifier_write_sequence(sequence, c, &c->tables[0].sequences[0]);
    assert_text(a, buf_copy(a, sequence), "\"Sales\".\"Number\"");
    identifier_write_function(function, c, &c->functions[0]);
    assert_text(a, buf_copy(a, function),
                "\"left\"(integer, \"Sales\".\"order \"\"x\"\"\", character varying[])");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_denied),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
