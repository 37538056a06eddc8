/*
 * test_stored_hash.c - stored hashes of passwords: which are taken, and which passwords are theirs.
 *
 * The hashes were made by Django 3.2 with Debian's bcrypt and argon2-cffi, those of scrypt by
 * Python's hashlib as Django 4 does.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "event/clock.h"
#include "hash/stored_hash.h"
#include "auth/password.h"
#include "auth/password_gate.h"
#include "tests/unit/stored_hash_case.h"
#include "tests/unit/unit.h"

enum { SOON = 60000 }; /* milliseconds: no bound in a test */

/* A visitor where the gate is always open. */
#define UNBOUND (&(struct password_visitor){ .descriptor = -1, .deadline = clock_now() + SOON })

#define RUNNER "\xF0\x9F\x8F\x83" /* U+1F3C3 */

static void
test_read(void **state)
{
    struct stored_hash hash;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(stored_hash_cases); i++) {
        struct str text = str_from(stored_hash_cases[i].text);
        if (stored_hash_read(text, &hash) != stored_hash_cases[i].is_good)
            fail_msg("%s", stored_hash_cases[i].text);
    }
    assert_false(stored_hash_read(STR("pbkdf2_sha256$1$sa\0t$" PBKDF2_KEY), &hash));
    assert_false(stored_hash_read(STR_NONE, &hash));
}

/* Every piece of a hash is a slice of its text: what is cut off is not read. */
static void
test_cut(void **state)
{
    struct arena *a = arena_new("test");
    struct stored_hash hash;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(stored_hash_cases); i++) {
        struct str text = str_from(stored_hash_cases[i].text);
        for (size_t len = 0; stored_hash_cases[i].is_good && len < text.len; len++) {
            char *piece = ARENA_ARRAY(a, char, len); /* a sanitizer sees reads beyond it */
            memcpy(piece, text.ptr, len);
            bool is_good = stored_hash_read((struct str){ piece, len }, &hash);
            /* The salt and the hash of Argon2 are libsodium's to judge. */
            assert_true(!is_good || hash.kind == STORED_ARGON2);
        }
        arena_reset(a);
    }
    arena_free(a);
}

/* Of `correct horse`, unless there is another password. */
static const struct {
    const char *hash;
    const char *password;
} django[] = {
    { "pbkdf2_sha256$1000$saltofpbkdf2$" PBKDF2_KEY, NULL },
    { "pbkdf2_sha1$1000$saltofsha1$" SHA1_KEY, NULL },
    { "bcrypt_sha256$$2b$04$" BCRYPT_KEY, NULL },
    { "bcrypt$$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", NULL },
    { "argon2$argon2id$v=19$m=64,t=1,p=8$c2FsdG9mYXJnb24y$cMz+zvOH+PTCE4ux69AtTg", NULL },
    { "argon2$argon2id$v=19$m=64,t=1,p=1$" ARGON2_KEY, NULL },
    { "argon2$argon2i$v=19$m=512,t=2,p=2$c2FsdG9mYXJnb24y$HKZcfKlc50tskttUx4SplQ", NULL },
    { "argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdG9mYXJnb24y$djJ8coyGwBxuvsT8dmnn1g", NULL },
    { "scrypt$16$saltofscrypt$8$5$" SCRYPT_KEY, NULL },
    { "scrypt$64$saltofscrypt$2$1$GSCtmQagx6MniIEYzeVhRSWOIDvny9tFAomvXWQ1nwwZtlaQjdznFLGbf5fA66h6"
      "mu2ua+5upfoI7ikVfIIvjg==",
      NULL },
    { "pbkdf2_sha256$1000$saltofpbkdf2$U9u/gXcvDcqQgxEa270Om1dtl5+ctkxQYJLcu303H6w=",
      "p\xC3\xA4ssw\xC3\xB6rd" RUNNER },
    { "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuubZeP.IL0Njp25xlicANw7NlKcMlRclG",
      "p\xC3\xA4ssw\xC3\xB6rd" RUNNER },
    { "bcrypt$$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i",
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
};

static void
test_verify(void **state)
{
    static const char *const wrong[] = { "correct horsf", "" };
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(django); i++) {
        struct str hash = str_from(django[i].hash);
        struct str right = str_from(django[i].password ? django[i].password : "correct horse");
        if (password_verify(UNBOUND, hash, right) != PASSWORD_RIGHT)
            fail_msg("not right: %s", django[i].hash);
        for (size_t j = 0; j < ARRAY_LENGTH(wrong); j++)
            assert_int_equal(password_verify(UNBOUND, hash, str_from(wrong[j])), PASSWORD_WRONG);
        struct str with_nul = str_format(a, "%.*s%c", STR_PRINT(right), '\0');
        assert_int_equal(password_verify(UNBOUND, hash, with_nul), PASSWORD_WRONG);
        assert_true(password_needs_rehash(hash));
    }
    arena_free(a);
}

/* A hash that differs in its last character is another one. */
static void
test_other(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(django); i++) {
        struct str hash = str_copy(a, str_from(django[i].hash));
        char *last = (char *)hash.ptr + hash.len - 1;
        while (*last == '=')
            last--;
        *last = *last == 'A' ? 'E' : 'A'; /* of which base64 uses all bits that it has */
        assert_int_equal(password_verify(UNBOUND, hash, STR("correct horse")), PASSWORD_WRONG);
    }
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_verify),
        cmocka_unit_test(test_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
