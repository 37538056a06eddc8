/*
 * test_web.c - the configurations of web servers, well-formed and not.
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/arena.h"
#include "base/buf.h"
#include "tests/unit/unit.h"
#include "web_config/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* `name(word,word){...} ...`, to compare. */
static void
print_block(struct buf *b, const struct web_directive *block)
{
    for (const struct web_directive *at = block->first; at; at = at->next) {
        buf_printf(b, "%s%.*s", at == block->first ? "" : " ", STR_PRINT(at->name));
        for (int i = 0; i < at->word_count; i++)
            buf_printf(b, "%s%.*s", i ? "," : "(", STR_PRINT(at->words[i]));
        buf_put_c(b, at->word_count ? ")" : "");
        if (at->first) {
            buf_byte(b, '{');
            print_block(b, at);
            buf_byte(b, '}');
        }
    }
}

typedef const struct web_directive *
web_reader(struct arena *a, const char *path, struct str *message);

static void
check(web_reader *read, const char *text, const char *wanted)
{
    struct arena *a = arena_new("test");
    char path[] = "/tmp/linnet-test-web.XXXXXX";
    struct buf *b = buf_new(a);
    struct str message = STR_NONE;
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    const struct web_directive *root = read(a, path, &message);
    if (root)
        print_block(b, root);
    else
        buf_put_c(b, strchr(message.ptr, ':') + 1); /* behind the file's name */
    assert_string_equal(buf_copy(a, b).ptr, wanted);
    unlink(path);
    arena_free(a);
}

static void
test_nginx(void **state)
{
    (void)state;
    check(web_read_nginx, "", "");
    check(web_read_nginx, "a b 'c d' \"e\\\"f\"; # g;\nh { i; j { } }", "a(b,c d,e\"f) h{i j}");
    check(web_read_nginx, "map $a $b { \"~^${x};{\" ${y}z; }", "map($a,$b){~^${x};{(${y}z)}");
    check(web_read_nginx, "content_by_lua_block { if a then { b } end } c;",
          "content_by_lua_block c");
    check(web_read_nginx, "include /nowhere/*.conf; a;", "a");
    check(web_read_nginx, "a {", "1: a block that does not end");
    check(web_read_nginx, "a;\n}", "2: a brace that ends no block");
    check(web_read_nginx, "a { b }", "1: a brace within a directive");
    check(web_read_nginx, "a", "1: a directive that does not end");
    check(web_read_nginx, "a \"b;", "1: a quote that does not end");
    check(web_read_nginx, ";", "1: a directive without a name");
}

static void
test_dump(void **state)
{
    (void)state;
    check(web_read_nginx,
          "nginx: the configuration file /e/nginx.conf syntax is ok\n"
          "# configuration file /e/nginx.conf:\nhttp { include conf.d/*.conf; }\n"
          "# configuration file /e/conf.d/a.conf:\na;\n# configuration file /e/other.conf:\nb;\n",
          "http{a}");
    check(web_read_nginx, "# configuration file /e/nginx.conf:\ninclude nginx.conf;",
          "1: too many files include each other");
}

static void
test_apache(void **state)
{
    (void)state;
    check(web_read_apache, "# a\nDefine X y\nA \"b c\" ${X}/${Z} \\\n  d\n",
          "Define(X,y) A(b c,y/${Z},d)");
    check(web_read_apache, "<VirtualHost *:80>\n<IfModule x>\nA b\n</IfModule>\n</VirtualHost>\n",
          "VirtualHost(*:80){A(b)}");
    check(web_read_apache, "Include /nowhere/*\r\nA\r\n", "A");
    check(web_read_apache, "<A>\n", "1: a section that does not end");
    check(web_read_apache, "<A>\n</B>\n", "2: the end of a section that was not begun");
    check(web_read_apache, "</A>\n", "1: the end of a section that was not begun");
    check(web_read_apache, "<>\n", "1: a section without a name");
}

static void
test_units(void **state)
{
    (void)state;
    assert_int_equal(web_size(STR("256k")), 262144);
    assert_int_equal(web_size(STR("1M")), 1048576);
    assert_int_equal(web_size(STR("0")), 0);
    assert_int_equal(web_size(STR("1x")), -1);
    assert_int_equal(web_size(STR("")), -1);
    assert_int_equal(web_size(STR_NONE), -1);
    assert_int_equal(web_size(STR("99999999999999999999")), -1);
    assert_int_equal(web_time(STR("30")), 30000);
    assert_int_equal(web_time(STR("1m 30s")), 90000);
    assert_int_equal(web_time(STR("1m30s")), 90000);
    assert_int_equal(web_time(STR("500ms")), 500);
    assert_int_equal(web_time(STR("1y")), -1);
    assert_int_equal(web_time(STR("s")), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nginx),
        cmocka_unit_test(test_dump),
        cmocka_unit_test(test_apache),
        cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
