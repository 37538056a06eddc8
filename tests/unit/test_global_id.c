/*
 * test_global_id.c - ids that tell an object from those of all other types.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "value/base64.h"
#include "codec/global_id.h"
#include "tests/unit/unit.h"

static struct arena *arena;
static const struct catalog *catalog;

static int
setup(void **state)
{
    static const struct source source = { .name = STR_INIT("test.catalog"), .text = STR_INIT("") };
    struct errors errors;

    (void)state;
    arena = arena_new("test");
    errors = (struct errors){ .arena = arena };
    catalog = catalog_parse(arena, &source, &errors);
    assert_non_null(catalog);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* A key of columns of these types. */
static const struct key *
make_key(const char *const *types)
{
    struct key *key = ARENA_NEW(arena, struct key);

    key->columns = ARENA_ARRAY(arena, const struct column *, GLOBAL_ID_COLUMNS);
    for (; types[key->count]; key->count++) {
        struct column *column = ARENA_NEW(arena, struct column);
        column->type = catalog_get_type(arena, catalog, str_from(types[key->count]));
        column->kind = column->type->kind;
        key->columns[key->count] = column;
    }
    return key;
}

static const char *const one_integer[] = { "integer", NULL };
static const char *const one_text[] = { "text", NULL };
static const char *const one_uuid[] = { "uuid", NULL };
static const char *const two[] = { "bigint", "text", NULL };

static struct global_id
make_id(enum global_id_form form, const char *name, const char *const *types)
{
    return (struct global_id){ form, STR("Item"), str_from(name), make_key(types) };
}

static struct str
encode(struct str text)
{
    struct buf *b = buf_new(arena);

    base64_write(b, text);
    return buf_copy(arena, b);
}

static void
expect_written(const struct global_id *id, const struct str *cells, const char *json)
{
    struct buf *b = buf_new(arena);

    global_id_write(b, id, id->key->columns, cells);
    assert_string_equal(buf_copy(arena, b).ptr, json);
}

/* The parts of the key that the id has, with a space between. */
static void
expect_read(const struct global_id *id, struct str text, const char *parts)
{
    struct str key[GLOBAL_ID_COLUMNS];
    struct buf *b = buf_new(arena);

    if (!global_id_read(arena, id, text, key))
        fail_msg("%.*s is no id", STR_PRINT(text));
    for (int i = 0; i < id->key->count; i++) {
        assert_int_equal(strlen(key[i].ptr), key[i].len);
        buf_put_c(b, i > 0 ? " " : "");
        buf_put(b, key[i]);
    }
    assert_string_equal(buf_copy(arena, b).ptr, parts);
}

static void
expect_none(const struct global_id *id, struct str text)
{
    struct str key[GLOBAL_ID_COLUMNS];

    if (global_id_read(arena, id, text, key))
        fail_msg("%.*s is an id", STR_PRINT(text));
}

static const struct str seven = { "\0\0\0\7", 4 };
static const struct str two_cells[] = { { "\377\377\377\377\377\377\377\376", 8 },
                                        STR_INIT("a\"b") };

static void
test_type_key(void **state)
{
    struct global_id item = make_id(GLOBAL_ID_TYPE_KEY, "Item", one_integer);
    struct global_id tag = make_id(GLOBAL_ID_TYPE_KEY, "Tag", one_text);

    (void)state;
    expect_written(&item, &seven, "\"SXRlbTo3\"");
    expect_read(&item, STR("SXRlbTo3"), "7");
    expect_read(&item, encode(STR("Item:-2147483648")), "-2147483648");
    expect_written(&tag, &STR("a:b"), "\"VGFnOmE6Yg==\"");
    expect_read(&tag, STR("VGFnOmE6Yg=="), "a:b");
    expect_read(&tag, encode(STR("Tag:")), "");
}

static void
test_other_forms(void **state)
{
    struct global_id key = make_id(GLOBAL_ID_KEY, "", one_uuid);
    struct global_id prefix = make_id(GLOBAL_ID_PREFIX, "item", one_integer);
    struct str uuid = STR("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    (void)state;
    expect_written(&key, &uuid, "\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\"");
    expect_read(&key, uuid, uuid.ptr);
    expect_none(&key, STR("6ba7b810"));
    expect_written(&prefix, &seven, "\"item_7\"");
    expect_read(&prefix, STR("item_7"), "7");
    expect_none(&prefix, STR("item7"));
    expect_none(&prefix, STR("item_"));
    expect_none(&prefix, STR("item_07"));
    expect_none(&prefix, STR("items_7"));
    expect_none(&prefix, STR("Item_7"));
}

static void
test_composite(void **state)
{
    struct global_id item = make_id(GLOBAL_ID_TYPE_KEY, "Item", two);
    struct global_id prefix = make_id(GLOBAL_ID_PREFIX, "item", two);

    (void)state;
    expect_written(&prefix, two_cells, "\"item_[-2,\\\"a\\\\\\\"b\\\"]\"");
    expect_read(&prefix, STR("item_[-2,\"a\\\"b\"]"), "-2 a\"b");
    expect_read(&item, encode(STR("Item:[7,\"a\"]")), "7 a");
    expect_read(&item, encode(STR("Item:[9223372036854775807,\"\"]")), "9223372036854775807 ");
}

/* One object has one id. */
static void
test_no_id(void **state)
{
    static const char *const wrong[] = {
        "",          "SXRlbTo3=",    "SXRlbTo3==", " SXRlbTo3",    "SXRlbTo3\n", "SXRlbTo",
        "SXRlbTo4O", "SXRlbTowNw==", "7",          "Item:7",       "SXRlbTo-",   "====",
        "SXRlbTo==", "SXRlbTo3SXRl", "SXRlbQ==",   "SXRlbTo3AAAA",
    };
    static const struct str texts[] = {
        STR_INIT("item:7"),   STR_INIT("Items:7"),         STR_INIT("Item"),
        STR_INIT("Item:"),    STR_INIT("Item:+7"),         STR_INIT("Item: 7"),
        STR_INIT("Item:7\0"), STR_INIT("Item:07"),         STR_INIT("Item:-0"),
        STR_INIT("Item:7.0"), STR_INIT("Item:2147483648"), STR_INIT("Item:[7]"),
        STR_INIT("Item:1e3"), STR_INIT("Item:NULL"),       STR_INIT("Item:\"7\""),
    };
    struct global_id item = make_id(GLOBAL_ID_TYPE_KEY, "Item", one_integer);

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
        expect_none(&item, str_from(wrong[i]));
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        expect_none(&item, encode(texts[i]));
    struct global_id tag = make_id(GLOBAL_ID_TYPE_KEY, "Tag", one_text);
    expect_none(&tag, encode(STR("Tag:a\0b")));
    expect_none(&tag, encode(STR("Tag:\377")));
    expect_none(&tag, encode(STR("Tag:\355\240\200")));
}

static void
test_no_composite(void **state)
{
    static const struct str texts[] = {
        STR_INIT("Item:7"),
        STR_INIT("Item:[]"),
        STR_INIT("Item:[7]"),
        STR_INIT("Item:[7,\"a\",\"b\"]"),
        STR_INIT("Item:[7, \"a\"]"),
        STR_INIT("Item:[\"7\",\"a\"]"),
        STR_INIT("Item:[7,8]"),
        STR_INIT("Item:[7,null]"),
        STR_INIT("Item:[7,[\"a\"]]"),
        STR_INIT("Item:[7.0,\"a\"]"),
        STR_INIT("Item:[7,\"\\u0061\"]"),
        STR_INIT("Item:[7,\"\\u0000\"]"),
        STR_INIT("Item:[7,\"a\"]]"),
        STR_INIT("Item:{\"0\":7,\"1\":\"a\"}"),
        STR_INIT("Item:[9223372036854775808,\"a\"]"),
        STR_INIT("Item:[[[[[[[[[["),
    };
    struct global_id item = make_id(GLOBAL_ID_TYPE_KEY, "Item", two);

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        expect_none(&item, encode(texts[i]));
}

/* What is read as an id is written as it was. */
static void
expect_same_again(const struct global_id *id, struct str text)
{
    struct str key[GLOBAL_ID_COLUMNS];
    struct buf *b = buf_new(arena);

    if (!global_id_read(arena, id, text, key))
        return;
    buf_printf(b, "Item:%.*s", STR_PRINT(key[0]));
    assert_string_equal(encode(buf_str(b)).ptr, text.ptr);
}

static void
test_changed(void **state)
{
    struct global_id item = make_id(GLOBAL_ID_TYPE_KEY, "Item", one_text);
    struct str id = encode(STR("Item:some key"));

    (void)state;
    srandom(7);
    for (int round = 0; round < 20000; round++) {
        struct str changed = str_copy(arena, id);
        ((char *)changed.ptr)[random() % (long)id.len] = (char)(random() % 127 + 1);
        expect_same_again(&item, changed);
        changed.len = (size_t)(random() % (long)(id.len + 1));
        expect_same_again(&item, str_copy(arena, changed));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_type_key, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(test_composite, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_id, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_composite, setup, teardown),
        cmocka_unit_test_setup_teardown(test_changed, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
