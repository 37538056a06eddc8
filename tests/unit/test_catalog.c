/*
 * test_catalog.c - the catalog's text form and what is found in a catalog.
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "tests/unit/unit.h"

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct catalog *
parse(const char *text, struct errors *errors)
{
    struct source *source = ARENA_NEW(arena, struct source);

    *source = (struct source){ .name = STR("test.catalog"), .text = str_from(text) };
    *errors = (struct errors){ .arena = arena };
    return catalog_parse(arena, source, errors);
}

static const struct catalog *
parse_good(const char *text)
{
    struct errors errors;
    const struct catalog *catalog = parse(text, &errors);

    if (!catalog)
        fail_msg("%.*s", STR_PRINT(errors.first->message));
    return catalog;
}

static void
assert_text(struct str text, const char *expected)
{
    assert_string_equal(str_copy_c(arena, text), expected);
}

static const char everything[] =
    "catalog 0123456789abcdef\n"
    "enum mood sad \"so so\" \"\"\n"
    "enum other.\"Odd Mood\" good\n"
    "table votes\n"
    "column id integer not null\n"
    "column user_id bigint not null\n"
    "column link_id integer not null\n"
    "column mood mood\n"
    "primary key id\n"
    "unique user_id link_id\n"
    "unique link_id\n"
    "foreign key link_id references links id\n"
    "foreign key user_id link_id references \"references\" \"references\" \"a \"\"b\"\"\"\n"
    "table links\n"
    "column id integer not null\n"
    "column title character varying(150)\n"
    "column price numeric(10,2) not null\n"
    "column created_at timestamp(3) with time zone not null\n"
    "column \"Two\nLines\" text[]\n"
    "primary key id\n"
    "policy hides rows\n"
    "table \"references\"\n"
    "column \"references\" bigint\n"
    "column \"a \"\"b\"\"\" integer\n"
    "function now_or_never() returns timestamp with time zone volatile\n"
    "function viewer_has_voted(links links) returns boolean stable\n"
    "function odd(\"\" \"references\", \"Name\" double precision default, m mood) "
    "returns setof links stable\n"
    "function twice(a integer) returns integer stable\n"
    "function twice(a text) returns integer stable\n";

static void
test_round_trip(void **state)
{
    (void)state;
    struct buf *text = buf_new(arena);

    catalog_print(text, parse_good(everything));
    assert_text(buf_str(text), everything);
}

static void
test_empty_lines_and_comments_say_nothing(void **state)
{
    (void)state;
    struct buf *text = buf_new(arena);

    catalog_print(text, parse_good("# it's \"open\n\n  table   t \n \tcolumn a  integer\n\n#\n"));
    assert_text(buf_str(text), "table t\ncolumn a integer\n");
}

static void
test_lookup(void **state)
{
    (void)state;
    const struct catalog *c = parse_good(everything);
    const struct table *votes = catalog_find_table(c, STR("votes"));
    const struct table *links = catalog_find_table(c, STR("links"));

    assert_text(c->hash, "0123456789abcdef");
    assert_null(catalog_find_table(c, STR("nothing")));
    assert_non_null(catalog_find_table(c, STR("references")));
    assert_int_equal(table_find_column(links, STR("price"))->number, 2);
    assert_null(table_find_column(links, STR("mood")));
    assert_true(table_find_column(links, STR("id"))->is_not_null);
    assert_false(table_find_column(links, STR("title"))->is_not_null);
    assert_true(links->may_hide_rows);
    assert_false(votes->may_hide_rows);
    assert_ptr_equal(votes->foreign_keys[0].to, links);
    assert_ptr_equal(votes->foreign_keys[0].from_columns[0], &votes->columns[2]);
    assert_ptr_equal(votes->foreign_keys[0].to_columns[0], &links->columns[0]);
    assert_int_equal(votes->foreign_keys[1].count, 2);
}

static void
test_unique(void **state)
{
    (void)state;
    const struct table *votes = catalog_find_table(parse_good(everything), STR("votes"));

    assert_true(table_is_unique(votes, table_find_column(votes, STR("id"))));
    assert_true(table_is_unique(votes, table_find_column(votes, STR("link_id"))));
    assert_false(table_is_unique(votes, table_find_column(votes, STR("user_id"))));
}

static void
test_functions(void **state)
{
    (void)state;
    const struct catalog *c = parse_good(everything);
    const struct function *odd = catalog_find_function(c, STR("odd"));

    assert_null(catalog_find_function(c, STR("nothing")));
    assert_null(catalog_find_function(c, STR("twice")));
    assert_true(catalog_find_function(c, STR("now_or_never"))->is_volatile);
    assert_int_equal(catalog_find_function(c, STR("now_or_never"))->returns_kind,
                     COLUMN_TIMESTAMPTZ);
    assert_false(odd->is_volatile);
    assert_true(odd->returns_set);
    assert_ptr_equal(odd->returns_table, catalog_find_table(c, STR("links")));
    assert_int_equal(odd->parameter_count, 3);
    assert_null(odd->parameters[0].name.ptr);
    assert_ptr_equal(odd->parameters[0].table, catalog_find_table(c, STR("references")));
    assert_text(odd->parameters[1].name, "Name");
    assert_true(odd->parameters[1].has_default);
    assert_int_equal(odd->parameters[1].kind, COLUMN_FLOAT8);
    assert_false(odd->parameters[2].has_default);
    assert_int_equal(odd->parameters[2].kind, COLUMN_ENUM);
}

static void
test_enums(void **state)
{
    (void)state;
    const struct catalog *c = parse_good(everything);
    const struct table *votes = catalog_find_table(c, STR("votes"));

    assert_int_equal(table_find_column(votes, STR("mood"))->kind, COLUMN_ENUM);
    assert_text(catalog_find_enum(c, STR("mood"))->labels[1], "so so");
    assert_int_equal(catalog_find_enum(c, STR("other.\"Odd Mood\""))->label_count, 1);
    assert_null(catalog_find_enum(c, STR("integer")));
}

static void
test_kinds(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *type_name;
        enum column_kind kind;
    } cases[] = {
        { "boolean", COLUMN_BOOLEAN },
        { "integer", COLUMN_INT4 },
        { "integer[]", COLUMN_OTHER },
        { "character varying(150)", COLUMN_VARCHAR },
        { "character varying", COLUMN_VARCHAR },
        { "character(3)", COLUMN_CHAR },
        { "character(3)[]", COLUMN_OTHER },
        { "bpchar", COLUMN_CHAR },
        { "\"char\"", COLUMN_OTHER },
        { "numeric(10,2)", COLUMN_NUMERIC },
        { "timestamp(3) with time zone", COLUMN_TIMESTAMPTZ },
        { "timestamp(3) without time zone", COLUMN_TIMESTAMP },
        { "timestamp()", COLUMN_OTHER },
        { "enum", COLUMN_OTHER },
        { "mood", COLUMN_OTHER },
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        if (column_kind_find(str_from(cases[i].type_name)) != cases[i].kind)
            fail_msg("%s is %s", cases[i].type_name,
                     column_kind_name(column_kind_find(str_from(cases[i].type_name))));
    assert_true(column_kind_is_binary(COLUMN_INT4));
    assert_false(column_kind_is_binary(COLUMN_NUMERIC));
}

static void
test_errors_have_their_line(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *message;
    } cases[] = {
        { "nonsense", 1, 1,
          "Expected a definition: catalog, enum, table, column, primary key, unique, foreign key, "
          "policy or function." },
        { "catalog \n", 1, 9, "Expected a hash." },
        { "\ncolumn id integer", 2, 1, "A \"table\" line must come before." },
        { "unique id", 1, 1, "A \"table\" line must come before." },
        { "table t\ntable t", 2, 8, "There are two tables t." },
        { "table t x", 1, 9, "Expected the end of the line." },
        { "table \"t", 1, 7, "The quote is not closed." },
        { "table", 1, 6, "Expected a name." },
        { "table t\ncolumn a", 2, 9, "Expected a type." },
        { "table t\ncolumn a text\ncolumn a text", 3, 14, "There are two columns a." },
        { "table t\ncolumn a text not", 2, 18, "Expected \"null\"." },
        { "table t\ncolumn a text\nprimary a", 3, 9, "Expected \"key\"." },
        { "table t\ncolumn a text\nprimary key", 3, 12, "Expected a column's name." },
        { "table t\ncolumn a text\nunique a b", 3, 10, "Table t has no column \"b\"." },
        { "table t\ncolumn a text\nforeign key a references u a", 3, 26,
          "There is no table \"u\"." },
        { "table t\ncolumn a text\nforeign key a references t a a", 3, 26,
          "A foreign key has as many columns on either side." },
        { "table t\npolicy hides", 2, 13, "Expected \"rows\"." },
        { "function f", 1, 11, "Expected \"(\"." },
        { "function f(a text", 1, 18, "Expected \")\"." },
        { "function f() returns text", 1, 26, "Expected \"stable\"." },
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct errors errors;
        assert_null(parse(cases[i].text, &errors));
        assert_int_equal(errors.count, 1);
        assert_text(errors.first->message, cases[i].message);
        assert_int_equal(errors.first->code, ERROR_VALIDATION_FAILED);
        assert_int_equal(errors.first->places->line, cases[i].line);
        assert_int_equal(errors.first->places->column, cases[i].column);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty_lines_and_comments_say_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_lookup, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unique, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_functions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_enums, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_errors_have_their_line, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
