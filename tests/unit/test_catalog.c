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
    "domain code character(3)\n"
    "domain \"Small Codes\" smallint[]\n"
    "type point lacks equality\n"
    "type xid lacks order\n"
    "aggregate max(mood) returns mood\naggregate sum(integer) returns bigint\n"
    "type mood not leakproof\n"
    "type numeric not leakproof\n"
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
    "foreign key user_id references sales.\"Odd Orders\" id not valid \"Odd key\"\n"
    "foreign key id references sales.orders \"not\" not valid\n"
    "constraint votes_user_id_link_id_key user_id link_id\n"
    "constraint \"Odd\"\n"
    "table links\n"
    "column id integer not null\n"
    "column title character varying(150)\n"
    "column price numeric(10,2) not null\n"
    "column created_at timestamp(3) with time zone not null\n"
    "column \"Two\nLines\" text[]\n"
    "column tags text[] not null elements not null default\n"
    "column moods mood[] elements not null\n"
    "column code code identity\n"
    "column codes code[]\n"
    "column small \"Small Codes\" generated\n"
    "column place point\n"
    "column places point[]\n"
    "column hidden xid\n"
    "column nocase text not null nondeterministic default\n"
    "primary key id\n"
    "policy hides rows\n"
    "search lower nocase\n"
    "search plain \"Two\nLines\" tags\n"
    "index btree id\n"
    "index btree created_at desc, \"Two\nLines\" nulls first, id desc nulls last where place\n"
    "index gin nocase by \"~~ ~~*\" collated, (\"lower((\"\"Two\nLines\"\")::text)\") by "
    "\"~~ ~~*\" bytewise where \"(place IS NOT NULL)\"\n"
    "table \"references\"\n"
    "column \"references\" bigint\n"
    "column \"a \"\"b\"\"\" integer\n"
    "table sales.\"Odd Orders\" partitioned\n"
    "column id integer\n"
    "table sales.orders view\n"
    "column \"not\" integer\n"
    "table top materialized view\n"
    "table far foreign\n"
    "function now_or_never() returns timestamp with time zone volatile\n"
    "function viewer_has_voted(links links) returns boolean stable\n"
    "function odd(\"\" \"references\", \"Name\" double precision default, m mood) "
    "returns setof links stable\n"
    "function twice(a integer) returns integer stable\n"
    "function twice(a text) returns integer stable\n"
    "function sales.top(o sales.\"Odd Orders\", variadic \"variadic\" code[]) "
    "returns table(link integer, code code) immutable definer \"An Owner\"\n"
    "function one() returns row(link \"Small Codes\") stable\n";

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

    assert_true(
        table_is_unique(votes, &(const struct column *){ table_find_column(votes, STR("id")) }, 1));
    assert_true(table_is_unique(
        votes, &(const struct column *){ table_find_column(votes, STR("link_id")) }, 1));
    assert_false(table_is_unique(
        votes, &(const struct column *){ table_find_column(votes, STR("user_id")) }, 1));
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
test_types(void **state)
{
    (void)state;
    const struct table *links = catalog_find_table(parse_good(everything), STR("links"));
    /* clang-format off */
    static const struct {
        const char *column, *name, *base_name;
        enum column_kind kind, element;
        const char *compared_as, *passed_as;
        bool has_equality, has_order;
    } cases[] = {
        { "title", "character varying(150)", "character varying(150)", COLUMN_VARCHAR, 0,
          "character varying", "character varying", true, true },
        { "price", "numeric(10,2)", "numeric(10,2)", COLUMN_NUMERIC, 0, "numeric", "numeric", true,
          true },
        { "created_at", "timestamp(3) with time zone", "timestamp(3) with time zone",
          COLUMN_TIMESTAMPTZ, 0, "timestamp with time zone", "timestamp with time zone", true,
          true },
        { "tags", "text[]", "text[]", COLUMN_ARRAY, COLUMN_TEXT, "text[]", "text[]", true, true },
        { "moods", "mood[]", "mood[]", COLUMN_ARRAY, COLUMN_ENUM, "mood[]", "mood[]", true, true },
        { "code", "code", "character(3)", COLUMN_CHAR, 0, "bpchar", "code", true, true },
        { "codes", "code[]", "code[]", COLUMN_ARRAY, COLUMN_CHAR, "code[]", "code[]", true, true },
        { "small", "\"Small Codes\"", "smallint[]", COLUMN_ARRAY, COLUMN_INT2, "smallint[]",
          "\"Small Codes\"", true, true },
        { "place", "point", "point", COLUMN_OTHER, 0, "point", "point", false, false },
        { "places", "point[]", "point[]", COLUMN_ARRAY, COLUMN_OTHER, "point[]", "point[]", false,
          false },
        { "hidden", "xid", "xid", COLUMN_OTHER, 0, "xid", "xid", true, false },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct column *column = table_find_column(links, str_from(cases[i].column));
        const struct column_type *type = column->type;
        assert_text(type->name, cases[i].name);
        assert_text(type->base_name, cases[i].base_name);
        assert_text(column->type_name, cases[i].base_name);
        assert_int_equal(column->kind, cases[i].kind);
        assert_int_equal(type->element ? type->element->kind : 0, cases[i].element);
        assert_text(type->compared_as, cases[i].compared_as);
        assert_text(type->passed_as, cases[i].passed_as);
        assert_int_equal(type->has_equality, cases[i].has_equality);
        assert_int_equal(type->has_order, cases[i].has_order);
    }
    assert_int_equal(table_find_column(links, STR("moods"))->type->labels->label_count, 3);
    assert_true(table_find_column(links, STR("price"))->type->is_leaky);
    assert_false(table_find_column(links, STR("created_at"))->type->is_leaky);
    assert_false(table_find_column(links, STR("moods"))->type->is_leaky);
    assert_true(table_find_column(links, STR("code"))->type->is_domain);
    assert_false(table_find_column(links, STR("codes"))->type->is_domain);
}

/* Domains that lead nowhere end, and are of no kind. */
static void
test_domains_in_circles(void **state)
{
    (void)state;
    const struct catalog *c = parse_good("domain a b\ndomain b a\ndomain c c[]\n"
                                         "table t\ncolumn a a\ncolumn c c\n");
    const struct table *t = catalog_find_table(c, STR("t"));

    assert_int_equal(t->columns[0].kind, COLUMN_OTHER);
    assert_int_equal(t->columns[1].kind, COLUMN_ARRAY);
    assert_int_equal(t->columns[1].type->element->kind, COLUMN_ARRAY);
}

static void
test_table_names_and_kinds(void **state)
{
    (void)state;
    const struct catalog *c = parse_good(everything);
    const struct table *odd = catalog_find_table(c, STR("sales.Odd Orders"));

    assert_text(odd->schema, "sales");
    assert_text(odd->local_name, "Odd Orders");
    assert_int_equal(odd->kind, TABLE_PARTITIONED);
    assert_int_equal(catalog_find_table(c, STR("sales.orders"))->kind, TABLE_VIEW);
    assert_int_equal(catalog_find_table(c, STR("top"))->kind, TABLE_MATERIALIZED_VIEW);
    assert_int_equal(catalog_find_table(c, STR("far"))->kind, TABLE_FOREIGN);
    assert_null(catalog_find_table(c, STR("orders")));
    const struct table *votes = catalog_find_table(c, STR("votes"));
    assert_null(votes->schema.ptr);
    assert_text(votes->local_name, "votes");
    assert_int_equal(votes->kind, TABLE_PLAIN);
    assert_false(votes->foreign_keys[0].is_not_valid);
    assert_true(votes->foreign_keys[2].is_not_valid);
    assert_ptr_equal(votes->foreign_keys[2].to, odd);
    assert_int_equal(table_find_constraint(votes, STR("votes_user_id_link_id_key"))->count, 2);
    assert_int_equal(table_find_constraint(votes, STR("Odd"))->count, 0);
    assert_null(table_find_constraint(votes, STR("odd")));
}

static void
test_column_words(void **state)
{
    (void)state;
    const struct table *links = catalog_find_table(parse_good(everything), STR("links"));

    assert_true(table_find_column(links, STR("tags"))->is_not_null);
    assert_true(table_find_column(links, STR("tags"))->has_elements_not_null);
    assert_int_equal(table_find_column(links, STR("tags"))->filling, COLUMN_DEFAULT);
    assert_false(table_find_column(links, STR("moods"))->is_not_null);
    assert_int_equal(table_find_column(links, STR("code"))->filling, COLUMN_IDENTITY);
    assert_int_equal(table_find_column(links, STR("small"))->filling, COLUMN_GENERATED);
    assert_int_equal(table_find_column(links, STR("id"))->filling, COLUMN_GIVEN);
    assert_true(table_find_column(links, STR("nocase"))->is_nondeterministic);
}

static void
test_function_results(void **state)
{
    (void)state;
    const struct catalog *c = parse_good(everything);
    const struct function *top = catalog_find_function(c, STR("sales.top"));
    const struct function *one = catalog_find_function(c, STR("one"));
    const struct function *twice = catalog_next_function(c, STR("twice"), NULL);

    assert_text(top->local_name, "top");
    assert_text(top->definer, "An Owner");
    assert_true(top->is_immutable);
    assert_true(top->returns_set);
    assert_null(top->returns_table);
    assert_text(top->returns_type, "record");
    assert_int_equal(top->returns_row->column_count, 2);
    assert_int_equal(table_find_column(top->returns_row, STR("code"))->kind, COLUMN_CHAR);
    assert_ptr_equal(top->parameters[0].table, catalog_find_table(c, STR("sales.Odd Orders")));
    assert_true(top->parameters[1].is_variadic);
    assert_text(top->parameters[1].name, "variadic");
    assert_text(top->parameters[1].type->passed_as, "code[]");
    assert_false(one->returns_set);
    assert_int_equal(one->returns_kind, COLUMN_ARRAY);
    assert_null(one->definer.ptr);
    twice = catalog_next_function(c, STR("twice"), twice);
    assert_int_equal(twice->parameters[0].kind, COLUMN_TEXT);
    assert_null(catalog_next_function(c, STR("twice"), twice));
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
        { "integer[]", COLUMN_ARRAY },
        { "character varying(150)", COLUMN_VARCHAR },
        { "character varying", COLUMN_VARCHAR },
        { "character(3)", COLUMN_CHAR },
        { "character(3)[]", COLUMN_ARRAY },
        { "bpchar", COLUMN_CHAR },
        { "\"char\"", COLUMN_BYTE },
        { "bit(3)", COLUMN_BIT },
        { "\"bit\"", COLUMN_BIT },
        { "bit varying(3)", COLUMN_VARBIT },
        { "interval", COLUMN_INTERVAL },
        { "interval(3)", COLUMN_INTERVAL },
        { "interval day to second(3)", COLUMN_INTERVAL },
        { "interval year[]", COLUMN_ARRAY },
        { "time(3) with time zone", COLUMN_TIMETZ },
        { "extensions.citext", COLUMN_CITEXT },
        { "\"my.citext\"", COLUMN_OTHER },
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
    assert_int_equal(column_kind_oid(COLUMN_INT4), 23);
    assert_int_equal(column_kind_oid(COLUMN_NUMERIC), 25);
    assert_int_equal(column_kind_array_oid(COLUMN_INT4), 1007);
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
          "Expected a definition: catalog, enum, domain, type, aggregate, schema, table, column, "
          "primary key, unique, foreign key, constraint, policy, rows, search, index or function."},
        { "table t\ncolumn a text\nindex btree b", 3, 13, "Table t has no column \"b\"." },
        { "table t\ncolumn a text\nindex btree", 3, 12, "Expected a name." },
        { "table t\ncolumn a text\nindex btree a by", 3, 17, "Expected a name." },
        { "table t\ncolumn a text\nindex btree (\"f(a)\"", 3, 20, "Expected \")\"." },
        { "table t\ncolumn a text\nindex btree a desc nulls", 3, 25, "Expected \"last\"." },
        { "table t\ncolumn a text\nindex btree a desc nulls last first", 3, 31,
          "Expected the end of the line." },
        { "table t\ncolumn a text\nindex btree a where", 3, 20, "Expected a name." },
        { "type numeric not proof", 1, 18, "Expected \"leakproof\"." },
        { "catalog \n", 1, 9, "Expected a hash." },
        { "aggregate median(text)", 1, 11, "Expected an aggregate: min, max, sum or avg." },
        { "\ncolumn id integer", 2, 1, "A \"table\" line must come before." },
        { "unique id", 1, 1, "A \"table\" line must come before." },
        { "table t\ntable t", 2, 8, "Table t occurs twice." },
        { "table t x", 1, 9, "Expected the end of the line." },
        { "table \"t", 1, 7, "The quote is not closed." },
        { "table", 1, 6, "Expected a name." },
        { "table t\ncolumn a", 2, 9, "Expected a type." },
        { "table t\ncolumn a text\ncolumn a text", 3, 14, "Column a occurs twice." },
        { "table t\ncolumn a text not", 2, 18, "Expected \"null\"." },
        { "table t\ncolumn a text\nprimary a", 3, 9, "Expected \"key\"." },
        { "table t\ncolumn a text\nprimary key", 3, 12, "Expected a column's name." },
        { "table t\ncolumn a text\nunique a b", 3, 10, "Table t has no column \"b\"." },
        { "table t\ncolumn a text\nforeign key a references u a", 3, 26,
          "There is no table \"u\"." },
        { "table t\ncolumn a text\nforeign key a references t a a", 3, 26,
          "A foreign key must have the same number of columns on both sides." },
        { "table t\npolicy hides", 2, 13, "Expected \"rows\"." },
        { "table t\ncolumn a text\nsearch a", 3, 8, "Expected \"plain\"." },
        { "table t\ncolumn a text\nsearch lower", 3, 13, "Expected a column's name." },
        { "function f", 1, 11, "Expected \"(\"." },
        { "function f(a text", 1, 18, "Expected \")\"." },
        { "function f(a numeric(10 ) returns text stable", 1, 21,
          "The parenthesis is not closed." },
        { "function f(a numeric(10 ,b text) returns text stable", 1, 21,
          "The parenthesis is not closed." },
        { "function f() returns text", 1, 26, "Expected \"stable\"." },
        { "function f() returns table(", 1, 28, "Expected a name." },
        { "domain d", 1, 9, "Expected a type." },
        { "type point", 1, 11, "Expected \"lacks\"." },
        { "type point lacks sense", 1, 18, "Expected \"equality\"." },
        { "table t materialized", 1, 21, "Expected \"view\"." },
        { "table a.", 1, 9, "Expected a name." },
        { "table t\ncolumn a text\nforeign key a references t a not", 3, 33,
          "Expected \"valid\"." },
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
        cmocka_unit_test_setup_teardown(test_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_domains_in_circles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_table_names_and_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_column_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_function_results, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_errors_have_their_line, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
