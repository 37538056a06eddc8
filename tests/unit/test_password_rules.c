/*
 * test_password_rules.c - which passwords an account may have.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "auth/password_rules.h"
#include "tests/unit/unit.h"

extern const char common_passwords[];

static struct arena *a;

static int
set_up(void **state)
{
    (void)state;
    a = arena_new("test");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

/* The message of the refusal, or NULL. */
static const char *
refusal(const struct password_rules *rules, struct str password, struct str username,
        struct str email)
{
    struct errors errors = { .arena = a };
    const struct password_owner owner = { username, email };
    bool is_good = password_rules_check(a, rules, STR("newPassword"), password, &owner, &errors);

    assert_int_equal(errors.count, is_good ? 0 : 1);
    if (is_good)
        return NULL;
    assert_int_equal(errors.first->code, ERROR_BAD_USER_INPUT);
    assert_true(str_is(errors.first->argument, "newPassword"));
    return errors.first->message.ptr;
}

static void
assert_refusal(struct str password, const char *username, const char *email, const char *expected)
{
    const struct password_rules all = { 0 };
    const char *message = refusal(&all, password, str_from(username), str_from(email));

    if (!expected && message)
        fail_msg("%s: %s", password.ptr, message);
    if (expected && !message)
        fail_msg("%s is accepted", password.ptr);
    if (expected)
        assert_non_null(strstr(message, expected));
}

static void
test_length(void **state)
{
    char many[513], clefs[129 * 4];
    static const char clef[] = "\xF0\x9D\x84\x9E"; /* four bytes, one character */

    (void)state;
    memset(many, 'x', sizeof(many));
    for (int i = 0; i < 129; i++)
        memcpy(clefs + 4 * i, clef, 4);
    const struct {
        struct str password;
        const char *fault; /* in the message; NULL: none */
    } cases[] = {
        { STR("a1b2c3d"), "at least 8 characters" },
        { STR("a1b2c3d4e"), NULL },
        { STR(""), "at least 8 characters" },
        { { many, 128 }, NULL },
        { { many, 129 }, "at most 128 characters" },
        { { many, 512 }, "at most 128 characters" },
        { { many, 513 }, "at most 512 bytes" },
        { { clefs, 7 * 4 }, "at least 8 characters" },
        { { clefs, 8 * 4 }, NULL },
        { { clefs, 128 * 4 }, NULL },
        { { clefs, 129 * 4 }, "at most 512 bytes" },
        { STR("        "), NULL },
        { STR("a1b2c3d\0"), "U+0000" },
        { STR("\0a1b2c3d4"), "U+0000" },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_refusal(cases[i].password, "ada", "ada@b.example", cases[i].fault);

    const struct password_rules longer = { .least = 12 };
    assert_non_null(refusal(&longer, STR("correct hor"), STR("ada"), STR("a@b.example")));
    assert_null(refusal(&longer, STR("correct hors"), STR("ada"), STR("a@b.example")));
}

static void
test_similar(void **state)
{
    static const struct {
        const char *password, *username, *email, *fault;
    } cases[] = {
        { "adalovelace", "adalovelace", "a@b.example", "like the username" },
        { "AdaLovelace", "adalovelace", "a@b.example", "like the username" },
        { "adalovelace", "ADALOVELACE", "a@b.example", "like the username" },
        { "lovelace", "adalovelace", "a@b.example", "like the username" },
        { "adalovelace1815", "adalovelace", "a@b.example", "like the username" },
        { "1lovelace2", "ada.lovelace", "a@b.example", "like the username" },
        { "lucas12345", "lucas", "a@b.example", "like the username" },
        { "lucas123456", "lucas", "a@b.example", NULL },
        { "xlucas12lucas", "lucas", "a@b.example", "like the username" },
        { "a password of lucas", "lucas", "a@b.example", NULL },
        { "zoe-ZO\xC3\x8B-12", "zo\xC3\xAB", "a@b.example", NULL },
        { "ZO\xC3\x8Bzo\xC3\xAB"
          "12",
          "zo\xC3\xAB", "a@b.example", "like the username" },
        { "zoe\xCC\x88zo\xC3\xAB"
          "12",
          "ZO\xC3\x8B", "a@b.example", "like the username" },
        { "somebody99", "ada", "somebody@b.example", "like the e-mail address" },
        { "example.com", "ada", "somebody@example.com", "like the e-mail address" },
        { "somebody@example.com!", "ada", "Somebody@Example.com", "like the e-mail address" },
        { "ab cd ab cd", "ab", "cd@b.example", NULL }, /* no words of three letters */
        { "correct horse", "", "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_refusal(str_from(cases[i].password), cases[i].username, cases[i].email,
                       cases[i].fault);
    const struct password_owner nobody = { STR_NONE, STR_NONE };
    struct errors errors = { .arena = a };
    assert_true(password_rules_check(a, &(struct password_rules){ 0 }, STR("password"),
                                     STR("correct horse"), &nobody, &errors));
}

static void
test_common_and_numeric(void **state)
{
    (void)state;
    assert_refusal(STR("password"), "ada", "a@b.example", "too common");
    assert_refusal(STR(" Password1 "), "ada", "a@b.example", "too common");
    assert_refusal(STR("QWERTYUIOP"), "ada", "a@b.example", "too common");
    assert_refusal(STR("12345678"), "ada", "a@b.example", "too common");
    assert_refusal(STR("90417263"), "ada", "a@b.example", "digits alone");
    assert_refusal(STR("\xEF\xBC\x99\xEF\xBC\x90\xEF\xBC\x94\xEF\xBC\x91"
                       "7263"),
                   "ada", "a@b.example", "digits alone"); /* full-width */
    assert_refusal(STR("9041726x"), "ada", "a@b.example", NULL);
    assert_refusal(STR("abc@12345"), "ada", "a@b.example", NULL);
}

/* Each rule can be switched off alone. */
static void
test_switches(void **state)
{
    const struct password_rules similar = { .may_be_similar = true },
                                common = { .may_be_common = true },
                                numeric = { .may_be_numeric = true },
                                none = { .may_be_similar = true,
                                         .may_be_common = true,
                                         .may_be_numeric = true };
    struct str name = STR("adalovelace"), email = STR("a@b.example");

    (void)state;
    assert_null(refusal(&similar, name, name, email));
    assert_non_null(refusal(&similar, STR("password"), name, email));
    assert_null(refusal(&common, STR("password"), name, email));
    assert_non_null(refusal(&common, STR("12345678"), name, email));
    assert_null(refusal(&numeric, STR("90417263"), name, email));
    assert_non_null(refusal(&numeric, STR("12345678"), name, email));
    assert_null(refusal(&none, STR("12345678"), name, email));
    assert_non_null(refusal(&none, STR("1234567"), name, email));
}

/* Every line is found, and what stands between two lines is not. */
static void
test_list(void **state)
{
    struct str list = str_from(common_passwords);
    size_t at = 0;
    int count = 0;

    (void)state;
    while (at < list.len) {
        struct str line = { list.ptr + at,
                            str_find((struct str){ list.ptr + at, list.len - at }, '\n') };
        assert_true(password_rules_list_has(list, line));
        assert_false(password_rules_list_has(list, str_format(a, "%.*s\x01", STR_PRINT(line))));
        assert_true(line.len >= PASSWORD_LEAST);
        at += line.len + 1;
        count++;
    }
    assert_true(count > 10000);
    assert_false(password_rules_list_has(list, STR("")));
    assert_false(password_rules_list_has(list, STR("!")));
    assert_false(password_rules_list_has(list, STR("~~~~~~~~~~")));
    assert_false(password_rules_list_has(STR(""), STR("x")));
    assert_true(password_rules_list_has(STR("x\n"), STR("x")));
}

static bool
read_list(const char *text, struct str *list, struct str *message)
{
    char path[] = "/tmp/linnet-list.XXXXXX";
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    bool is_read = password_rules_read_list(a, path, list, message);
    unlink(path);
    return is_read;
}

static void
test_own_list(void **state)
{
    struct password_rules rules = { 0 };
    struct str message;

    (void)state;
    assert_true(read_list("our company\nour town", &rules.list, &message));
    assert_non_null(refusal(&rules, STR("Our Company"), STR("ada"), STR("a@b.example")));
    assert_non_null(refusal(&rules, STR("our town"), STR("ada"), STR("a@b.example")));
    assert_non_null(refusal(&rules, STR("password"), STR("ada"), STR("a@b.example")));
    assert_null(refusal(&rules, STR("our towns"), STR("ada"), STR("a@b.example")));
    assert_true(read_list("", &rules.list, &message));
    assert_false(read_list("a\nc\nb\n", &rules.list, &message));
    assert_non_null(strstr(message.ptr, ":3: "));
    assert_false(password_rules_read_list(a, "/nowhere", &rules.list, &message));
    assert_non_null(strstr(message.ptr, "/nowhere"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_length),   cmocka_unit_test(test_similar),
        cmocka_unit_test(test_switches), cmocka_unit_test(test_common_and_numeric),
        cmocka_unit_test(test_list),     cmocka_unit_test(test_own_list),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
