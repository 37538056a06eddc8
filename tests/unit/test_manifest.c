/*
 * test_manifest.c - trusted documents from files (document/manifest.c), and the set of them
 * (document/trusted.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "document/manifest.h"
#include "document/sha256.h"
#include "document/trusted.h"
#include "tests/unit/unit.h"

static struct arena *arena;
static struct trusted *set;
static struct errors errors;
static struct limits limits;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    limits = limits_default;
    set = trusted_new(arena, &limits);
    errors = (struct errors){ .arena = arena };
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Start again. */
static void
again(void)
{
    tear_down(NULL);
    set_up(NULL);
}

static bool
read_json(const char *json)
{
    return manifest_read_json(arena, STR("m.json"), str_from(json), set, &errors);
}

static const char *
text_of(const char *id)
{
    const struct trusted_document *document = trusted_find(set, str_from(id));

    return document ? str_copy_c(arena, document->text) : NULL;
}

/* FIPS 180-4's own example. */
static void
the_hash_is_sha256(void **state)
{
    static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    (void)state;
    assert_true(str_is(sha256_hex(arena, STR("abc")), abc));
    assert_true(sha256_is_hex(str_from(abc)));
    assert_false(sha256_is_hex(STR("ba78")));
    assert_true(str_is(trusted_hash_of_id(str_format(arena, "sha256:%s", abc)), abc));
    assert_true(str_is(trusted_hash_of_id(str_from(abc)), abc));
    assert_null(trusted_hash_of_id(str_format(arena, "sha256:%s0", abc)).ptr);
    assert_null(trusted_hash_of_id(str_format(arena, "md5:%s", abc)).ptr);
    assert_null(trusted_hash_of_id(STR("")).ptr);
    assert_null(trusted_hash_of_id(STR_NONE).ptr);
}

static void
a_map_has_its_ids_and_the_hashes(void **state)
{
    const char *hash = sha256_hex(arena, STR("{ a }")).ptr;

    (void)state;
    assert_true(read_json("{ \"one\": \"{ a }\", \"two\": \"{ b }\", \"three\": \"{ a }\" }"));
    assert_int_equal(trusted_count(set), 2);
    assert_string_equal(text_of("one"), "{ a }");
    assert_string_equal(text_of("three"), "{ a }");
    assert_string_equal(text_of("two"), "{ b }");
    assert_string_equal(text_of(hash), "{ a }");
    assert_string_equal(text_of(str_format(arena, "sha256:%s", hash).ptr), "{ a }");
    assert_null(text_of("four"));
    assert_null(text_of(""));
    assert_ptr_equal(trusted_find(set, STR("one")), trusted_find_text(set, STR("{ a }")));
    assert_null(trusted_find_text(set, STR("{ a } ")));
    assert_true(str_is(trusted_find(set, STR("three"))->id, "one"));
    assert_ptr_equal(trusted_first(set)->next, trusted_find(set, STR("two")));
}

static void
the_same_again_is_no_other(void **state)
{
    (void)state;
    assert_true(read_json("{ \"one\": \"{ a }\" }"));
    assert_true(read_json("{ \"one\": \"{ a }\", \"two\": \"{ a }\" }"));
    assert_int_equal(trusted_count(set), 1);
    assert_false(read_json("{ \"two\": \"{ b }\" }"));
}

/* An id that only looks like a hash is one that the build tool has made up; with `sha256:` before
 * it a client means the hash. */
static void
an_id_like_a_hash_is_an_id(void **state)
{
    const char *zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    (void)state;
    assert_true(read_json(str_format(arena, "{ \"%s\": \"{ a }\" }", zeros).ptr));
    assert_string_equal(text_of(zeros), "{ a }");
    assert_null(text_of(str_format(arena, "sha256:%s", zeros).ptr));
}

static void
an_operation_gives_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *id; /* NULL: its hash */
    } cases[] = {
        { "query A { a }", "A" },
        { "# B\nmutation B { b ...F } fragment F on M { c }", "B" },
        { "{ a }", NULL },
        { "query C { a } query D { a }", NULL },
        { "fragment F on M { c }", NULL },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str text = str_from(cases[i].text);
        assert_true(manifest_read_graphql(STR("a.graphql"), text, &limits, set, &errors));
        const struct trusted_document *document = trusted_find_text(set, text);
        assert_true(
            str_equal(document->id, cases[i].id ? str_from(cases[i].id) : sha256_hex(arena, text)));
        assert_ptr_equal(trusted_find(set, document->id), document);
    }
    assert_false(
        manifest_read_graphql(STR("b.graphql"), STR("query A { b }"), &limits, set, &errors));
    assert_true(str_is(errors.first->message, "b.graphql: another document has this id."));
    again();
    assert_false(manifest_read_graphql(STR("c.graphql"), STR("query\n{"), &limits, set, &errors));
    assert_true(str_starts_with(errors.first->message, STR("c.graphql:2:2: Syntax Error: ")));
}

static void
hostile_manifests_are_refused_with_one_error(void **state)
{
    static const char *const cases[] = {
        "",
        " ",
        "null",
        "true",
        "7",
        "\"{ a }\"",
        "[]",
        "{",
        "{\"a\":\"{ a }\"",
        "{\"a\":\"{ a }\"}}",
        "{\"a\":\"{ a }\",}",
        "{\"a\":null}",
        "{\"a\":1}",
        "{\"a\":[\"{ a }\"]}",
        "{\"a\":{\"b\":\"{ a }\"}}",
        "{\"a\":\"{ a }\",\"a\":\"{ b }\"}",
        "{\"a\":\"\"}",
        "{\"\":\"{ a }\"}",
        "{\"a b\":\"{ a }\"}",
        "{\"a\\n\":\"{ a }\"}",
        "{\"\xC3\xA9\":\"{ a }\"}",
        "{\"\xFF\":\"{ a }\"}",
        "{\"a\":\"\xC0\x80\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"sha256:a\":\"{ a }\"}",
        "{\"sha256:\":\"{ a }\"}",
        "{\"format\":\"apollo-persisted-query-manifest\"}",
        "{\"format\":\"apollo-persisted-query-manifest\",\"version\":\"1\",\"operations\":[]}",
        "{\"format\":\"apollo-persisted-query-manifest\",\"version\":1,\"operations\":{}}",
        "{\"format\":\"apollo-persisted-query-manifest\",\"version\":1,\"operations\":[1]}",
        "{\"format\":\"apollo-persisted-query-manifest\",\"version\":1,\"operations\":[[]]}",
        "{\"format\":\"apollo-persisted-query-manifest\",\"version\":1,"
        "\"operations\":[{\"id\":1,\"body\":\"{ a }\"}]}",
        "{\"format\":\"apollo-persisted-query-manifest\",\"version\":1,"
        "\"operations\":[{\"id\":\"a\",\"body\":null}]}",
        "{\"format\":\"apollo-persisted-query-manifest\",\"version\":1,\"operations\":["
        "{\"id\":\"a\",\"body\":\"{ a }\"},{\"id\":\"a\",\"body\":\"{ b }\"}]}",
        "{\"operations\":[]}",
        "{\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}",
        "\xEF\xBB\xBF{\"a\":\"{ a }\"}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        if (read_json(cases[i]) || errors.count != 1 ||
            !str_starts_with(errors.first->message, STR("m.json:")))
            fail_msg("%s", cases[i]);
        again();
    }
    static const char nul[] = "{\"a\":\"{ a\0 }\"}";
    assert_false(manifest_read_json(arena, STR("m.json"), (struct str){ nul, sizeof(nul) - 1 }, set,
                                    &errors));
}

static void
empty_manifests_are_good(void **state)
{
    (void)state;
    assert_true(read_json("{}"));
    assert_true(read_json(
        "{\"operations\":[],\"version\":1,\"format\":\"apollo-persisted-query-manifest\"}"));
    assert_int_equal(trusted_count(set), 0);
    assert_null(trusted_first(set));
    assert_null(text_of("a"));
}

static void
there_is_a_bound_on_their_number_and_length(void **state)
{
    (void)state;
    limits.documents = 2;
    assert_true(read_json("{ \"one\": \"{ a }\", \"two\": \"{ b }\", \"three\": \"{ a }\" }"));
    assert_false(read_json("{ \"four\": \"{ d }\" }"));
    again();
    limits.document = 6;
    assert_true(read_json("{ \"one\": \"{ aa }\" }"));
    assert_false(read_json("{ \"two\": \"{ aaa }\" }"));
}

/* Wherever a file breaks off, and whatever one of its bytes is: it is refused, or has other
 * texts. */
static void
broken_files_are_refused_or_other_files(void **state)
{
    static const char *const files[] = {
        "{\"one\":\"query A { a }\",\"two\":\"{ b(x: \\\"\\u00e9\\\") }\"}",
        "{\"format\":\"apollo-persisted-query-manifest\",\"version\":1,\"operations\":"
        "[{\"id\":\"x\",\"name\":\"A\",\"type\":\"query\",\"body\":\"query A { a }\"}]}",
    };

    (void)state;
    for (size_t f = 0; f < ARRAY_LENGTH(files); f++) {
        size_t length = strlen(files[f]);
        for (size_t n = 0; n < length; n++) {
            /* A copy of its own size, so that the sanitizer sees what is read after it. */
            struct arena *a = arena_new("file");
            char *part = ARENA_ARRAY(a, char, n + 1);
            memcpy(part, files[f], n);
            assert_false(
                manifest_read_json(a, STR("m.json"), (struct str){ part, n }, set, &errors));
            arena_free(a);
            again();
        }
        for (size_t n = 0; n < length; n++) {
            for (int byte = 0; byte < 256; byte++) {
                char *changed = ARENA_ARRAY(arena, char, length + 1);
                memcpy(changed, files[f], length);
                changed[n] = (char)byte;
                bool is_read = manifest_read_json(arena, STR("m.json"),
                                                  (struct str){ changed, length }, set, &errors);
                assert_int_equal(errors.count, !is_read);
                again();
            }
        }
    }
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_hash_is_sha256),
        TEST(a_map_has_its_ids_and_the_hashes),
        TEST(the_same_again_is_no_other),
        TEST(an_id_like_a_hash_is_an_id),
        TEST(an_operation_gives_its_name),
        TEST(hostile_manifests_are_refused_with_one_error),
        TEST(empty_manifests_are_good),
        TEST(there_is_a_bound_on_their_number_and_length),
        TEST(broken_files_are_refused_or_other_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
