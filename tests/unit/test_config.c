/*
 * test_config.c - settings from defaults, file, environment and options.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"
#include "config/config_option.h"
#include "config/config_print.h"
#include "config/config_read.h"
#include "tests/unit/unit.h"

static char *none[] = { NULL }; /* no variables */

struct fixture {
    struct arena *arena;
    char folder[32];
    char file[64];
    struct config config;
    struct buf *messages;
};

static int
set_up(void **state)
{
    struct arena *a = arena_new("test");
    struct fixture *f = ARENA_NEW(a, struct fixture);
    f->arena = a;
    f->messages = buf_new(a);
    strcpy(f->folder, "/tmp/linnet-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->file, sizeof(f->file), "%s/a.conf", f->folder);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;
    unlink(f->file);
    rmdir(f->folder);
    arena_free(f->arena);
    return 0;
}

static void
write_file(const struct fixture *f, const char *text)
{
    FILE *out = fopen(f->file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

/* Read the fixture's file and one option. */
static enum config_result
read_with(struct fixture *f, char *const *environment, const char *name, const char *value)
{
    const struct config_flag flags[] = { { STR("config"), f->file }, { str_from(name), value } };
    buf_truncate(f->messages, 0);
    return config_read(f->arena, flags, name ? 2 : 1, environment, &f->config, f->messages);
}

/* A text, and whether a setting may have it. */
struct text_case {
    const char *text;
    bool is_good;
};

static void
read_texts(struct fixture *f, const char *name, const struct text_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (read_with(f, none, name, cases[i].text) !=
            (cases[i].is_good ? CONFIG_OK : CONFIG_BAD_USAGE))
            fail_msg("%s = %s", name, cases[i].text);
}

static void
test_defaults(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(config_read(f->arena, NULL, 0, none, &f->config, f->messages), CONFIG_OK);
    assert_string_equal(f->config.contract, "schema.graphql");
    assert_string_equal(f->config.role, "linnet_anon");
    assert_int_equal(f->config.mode, MODE_PRODUCTION);
    assert_int_equal(f->config.workers, 0);
    assert_memory_equal(&f->config.limits, &limits_default, sizeof(limits_default));
    assert_int_equal(f->messages->len, 0);
}

static void
test_precedence(void **state)
{
    struct fixture *f = *state;
    char *environment[] = { "PATH=/bin", "LINNET_WORKERS=3", "LINNET_LIMIT_DEPTH=7", NULL };
    write_file(f, "# ours\nworkers = 2\nmode = development\nlimit_body = 2048\n");
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_OK);
    assert_int_equal(f->config.workers, 2);
    assert_int_equal(f->config.mode, MODE_DEVELOPMENT);
    assert_int_equal(f->config.limits.body, 2048);
    assert_string_equal(f->config.config, f->file);

    assert_int_equal(read_with(f, environment, NULL, NULL), CONFIG_OK);
    assert_int_equal(f->config.workers, 3);
    assert_int_equal(f->config.limits.depth, 7);

    assert_int_equal(read_with(f, environment, "workers", "4"), CONFIG_OK);
    assert_int_equal(f->config.workers, 4);
    assert_int_equal(read_with(f, environment, "limit-depth", "8"), CONFIG_OK);
    assert_int_equal(f->config.limits.depth, 8);
}

static void
test_paths(void **state)
{
    struct fixture *f = *state;
    char beside[64];
    snprintf(beside, sizeof(beside), "%s/schema.graphql", f->folder);
    write_file(f, "listen = /run/x.sock\n");
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_OK);
    assert_string_equal(f->config.contract, beside);
    assert_string_equal(f->config.listen, "/run/x.sock");
    assert_string_equal(f->config.migrations, "");

    assert_int_equal(read_with(f, none, "contract", "here.graphql"), CONFIG_OK);
    assert_string_equal(f->config.contract, "here.graphql");

    snprintf(beside, sizeof(beside), "%s/sql/a.graphql", f->folder);
    write_file(f, "contract = sql/a.graphql\n");
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_OK);
    assert_string_equal(f->config.contract, beside);
}

/* Lines that go on are of one text; a line of 196 bytes is the longest that inih takes. */
static void
test_long_lines(void **state)
{
    struct fixture *f = *state;
    char text[512];
    write_file(f,
               "database = host=/run dbname=a\n    user=b\n    sslmode=verify-full\nworkers=1\n");
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_OK);
    assert_string_equal(f->config.database, "host=/run dbname=a user=b sslmode=verify-full");
    assert_int_equal(f->config.workers, 1);

    snprintf(text, sizeof(text), "database = %0300d\nworkers = x\n", 0);
    write_file(f, text);
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_BAD);
    struct str messages = buf_copy(f->arena, f->messages);
    assert_non_null(strstr(messages.ptr, "a.conf:1: The line is longer than"));
    assert_non_null(strstr(messages.ptr, "a.conf:2: workers must be a number"));
}

static void
test_faults_of_the_file(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { "mode = production\nlisen = a\n", "a.conf:2: Unknown option \"lisen\".\n" },
        { "workers = many\n",
          "a.conf:1: workers must be a number from 0 to 1024, not \"many\".\n" },
        { "workers = 1025\n",
          "a.conf:1: workers must be a number from 0 to 1024, not \"1025\".\n" },
        { "limit_page = 0\n",
          "a.conf:1: limit_page must be a number from 1 to 10000, not \"0\".\n" },
        { "\nmode = fast\n",
          "a.conf:2: mode must be one of development, production, not \"fast\".\n" },
        { "workers = 1\nworkers = 2\n", "a.conf:2: workers is set a second time.\n" },
        { "workers = 1\n  2\n", "a.conf:2: workers is set a second time.\n" },
        { "[limits]\nbody = 1\n", "a.conf:2: A section is [issuer NAME], not [limits].\n" },
        { "config = b\n", "a.conf:1: A configuration file cannot name another.\n" },
        { "workers\n", "a.conf:1: A line is `name = value`, or a comment after `#`.\n" },
        { "workers\nmode = fast\n",
          "a.conf:2: mode must be one of development, production, not \"fast\".\n" },
        { "contract =\n", "a.conf:1: contract must have 1 to 4095 bytes, not 0.\n" },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        write_file(f, cases[i].text);
        assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_BAD);
        struct str messages = buf_copy(f->arena, f->messages);
        if (!strstr(messages.ptr, cases[i].message))
            fail_msg("%s: %s", cases[i].text, messages.ptr);
    }
    unlink(f->file);
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_BAD);
    assert_non_null(strstr(buf_copy(f->arena, f->messages).ptr, "a.conf: No such file"));
}

static void
test_other_faults(void **state)
{
    struct fixture *f = *state;
    char *environment[] = { "LINNET_WORKERS=-1", NULL };
    char path[256] = "/tmp/";
    write_file(f, "");
    assert_int_equal(read_with(f, environment, NULL, NULL), CONFIG_BAD);
    assert_string_equal(buf_copy(f->arena, f->messages).ptr,
                        "LINNET_WORKERS: workers must be a number from 0 to 1024, not \"-1\".\n");
    assert_int_equal(read_with(f, none, "workers", "1e3"), CONFIG_BAD_USAGE);
    assert_int_equal(read_with(f, none, "nothing", "1"), CONFIG_BAD_USAGE);

    memset(path + 5, 'x', 103); /* 108: one more than a socket's address takes */
    assert_int_equal(read_with(f, none, "listen", path), CONFIG_BAD_USAGE);
    path[107] = '\0';
    assert_int_equal(read_with(f, none, "listen", path), CONFIG_OK);
}

static void
test_origins(void **state)
{
    static const struct text_case cases[] = {
        { "", true },
        { "  https://a.example   http://b.example:8080 ", true },
        { "capacitor://localhost", true },
        { "a.example", false },
        { "null", false },
        { "*", false },
        { "https://*.example", false },
        { "https://", false },
        { "://a", false },
        { "https://a.example/", false },
        { "https://A.example", false },
        { "https://a.example, https://b.example", false },
    };
    struct fixture *f = *state;
    write_file(f, "");
    read_texts(f, "origins", cases, ARRAY_LENGTH(cases));
}

/* Which names of headers pages of other sites may be told to send. */
static void
test_allowed_headers(void **state)
{
    static const struct text_case cases[] = {
        { "", true },
        { "X-Tenant  x_shop", true },
        { "X-Tenant, X-Shop", false },
        { "X:Tenant", false },
        { "X-T\xc3\xa9nant", false },
        { "\"X\"", false },
        { "*", false },
        { "X-Tenant *", false },
        /* Beside it cookies sign somebody in. */
        { "Linnet-Cookies", false },
        { "linnet-cookies", false },
        { "Linnet-Cookies-2", true },
    };
    struct fixture *f = *state;
    write_file(f, "");
    read_texts(f, "allowed_headers", cases, ARRAY_LENGTH(cases));
    write_file(f, "allowed_headers = X-Tenant\n    X-Shop\n");
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_OK);
    assert_string_equal(f->config.allowed_headers, "X-Tenant X-Shop");
}

/* Which texts go into an attribute of a cookie. */
static void
test_cookie_path(void **state)
{
    static const struct text_case cases[] = {
        { "", true },         { "/", true },
        { "/graphql", true }, { "/~ada/a_b-1.cgi/", true },
        { "graphql", false }, { "/a;b", false },
        { "/a b", false },    { "/a\"b", false },
        { "/a?b", false },    { "/\xc3\xa9", false },
    };
    struct fixture *f = *state;
    write_file(f, "");
    read_texts(f, "cookie_path", cases, ARRAY_LENGTH(cases));
    assert_int_equal(read_with(f, none, "cookie-secure", "on"), CONFIG_OK);
    assert_int_equal(f->config.cookie_secure, COOKIE_SECURE_ON);
    assert_int_equal(read_with(f, none, "cookie-secure", "off"), CONFIG_BAD_USAGE);
}

static void
test_roles(void **state)
{
    static const struct {
        const char *text;
        const char *message; /* NULL: it is good */
    } cases[] = {
        { "user", NULL },
        { "  member editor:app_editor   Admin-2:x ", NULL },
        { "user user_2", NULL },
        { "", "at least one role is needed" },
        { "   ", "at least one role is needed" },
        { "user, staff", "a role is letters, digits" },
        { "user:", "a role is letters, digits" },
        { ":app_user", "a role is letters, digits" },
        { "user anon", "anon is the role of requests that are not signed in" },
        { "user staff user", "a role is named twice" },
        { "user staff user:x", "a role is named twice" },
    };
    struct fixture *f = *state;
    write_file(f, "");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        enum config_result result = read_with(f, none, "roles", cases[i].text);
        struct str messages = buf_copy(f->arena, f->messages);
        if (cases[i].message ? !strstr(messages.ptr, cases[i].message) : result != CONFIG_OK)
            fail_msg("roles = %s: %s", cases[i].text, messages.ptr);
    }
}

static void
test_password_rules(void **state)
{
    static const struct {
        const char *text;
        bool is_good, has_common, has_numeric;
    } cases[] = {
        { "", true, false, false },
        { "similar common numeric", true, true, true },
        { "  common   ", true, true, false },
        { "numeric similar", true, false, true },
        { "common,numeric", false, false, false },
        { "commo", false, false, false },
        { "similar commons", false, false, false },
    };
    struct fixture *f = *state;
    write_file(f, "");
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_OK);
    assert_true(config_has_word(f->config.password_rules, STR("similar")));
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        enum config_result result = read_with(f, none, "password_rules", cases[i].text);
        assert_int_equal(result, cases[i].is_good ? CONFIG_OK : CONFIG_BAD_USAGE);
        if (!cases[i].is_good)
            continue;
        assert_int_equal(config_has_word(f->config.password_rules, STR("common")),
                         cases[i].has_common);
        assert_int_equal(config_has_word(f->config.password_rules, STR("numeric")),
                         cases[i].has_numeric);
    }
    assert_int_equal(read_with(f, none, "password_length", "7"), CONFIG_BAD_USAGE);
}

static void
test_next_role(void **state)
{
    struct fixture *f = *state;
    struct config_role role;
    write_file(f, "roles = member\n    editor:app_editor\n");
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_OK);
    struct str rest = str_from(f->config.roles);
    assert_true(config_next_role(&rest, &role));
    assert_true(str_is(role.name, "member"));
    assert_null(role.database_role.ptr);
    assert_true(config_next_role(&rest, &role));
    assert_true(str_is(role.name, "editor"));
    assert_true(str_is(role.database_role, "app_editor"));
    assert_false(config_next_role(&rest, &role));
}

/* Who may ask for the schema: anybody, users, the staff. */
static const char *
introspecting(const struct fixture *f)
{
    static char who[4];

    who[0] = config_refuse_introspection(&f->config, false, false) ? '-' : 'a';
    who[1] = config_refuse_introspection(&f->config, true, false) ? '-' : 'u';
    who[2] = config_refuse_introspection(&f->config, true, true) ? '-' : 's';
    return who;
}

static void
test_introspection(void **state)
{
    static const struct {
        const char *word, *who;
    } cases[] = { { "off", "---" }, { "on", "aus" }, { "user", "-us" }, { "staff", "--s" } };
    struct fixture *f = *state;
    write_file(f, "");
    assert_int_equal(read_with(f, none, NULL, NULL), CONFIG_OK);
    assert_string_equal(introspecting(f), "---");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        assert_int_equal(read_with(f, none, "introspection", cases[i].word), CONFIG_OK);
        assert_string_equal(introspecting(f), cases[i].who);
    }
    assert_int_equal(read_with(f, none, "introspection", "yes"), CONFIG_BAD_USAGE);
    write_file(f, "mode = development\n");
    assert_int_equal(read_with(f, none, "introspection", "off"), CONFIG_OK);
    assert_string_equal(introspecting(f), "aus");
}

static void
test_names(void **state)
{
    (void)state;
    assert_true(config_option_exists(STR("socket_group")));
    assert_true(config_option_exists(STR("socket-group")));
    assert_true(config_option_exists(STR("limit-root-fields")));
    assert_false(config_option_exists(STR("limit_")));
    assert_false(config_option_exists(STR("root_fields")));
    assert_false(config_option_exists(STR("Workers")));
    assert_false(config_option_exists(STR("worker")));
}

/* Every member is in the manual's table. */
static void
test_print(void **state)
{
    struct fixture *f = *state;
    config_print(f->messages);
    struct str text = buf_copy(f->arena, f->messages);
#define CHECK_OPTION(member, type, initial, least, most, sentence)                                 \
    assert_non_null(strstr(text.ptr, "| `" #member "` |"));
    CONFIG_OPTIONS(CHECK_OPTION)
#undef CHECK_OPTION
#define CHECK_LIMIT(member, value, least, most, unit, reason)                                      \
    assert_non_null(strstr(text.ptr, "| `limit_" #member "` | `" #value "` |"));
    LIMITS(CHECK_LIMIT)
#undef CHECK_LIMIT
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_defaults),
        TEST(test_precedence),
        TEST(test_paths),
        TEST(test_long_lines),
        TEST(test_faults_of_the_file),
        TEST(test_other_faults),
        TEST(test_origins),
        TEST(test_allowed_headers),
        TEST(test_cookie_path),
        TEST(test_roles),
        TEST(test_password_rules),
        TEST(test_next_role),
        TEST(test_introspection),
        TEST(test_names),
        TEST(test_print),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
