/*
 * stored_hash_case.h - texts that are hashes of passwords, and texts that are not, or that would
 * cost too much.
 *
 * tests/sql/hashes.sh reads the table too, line by line, and compares is_password_hash() of
 * sql/013_django.sql with it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UNIT_STORED_HASH_CASE_H
#define UNIT_STORED_HASH_CASE_H

#include <stdbool.h>

/* clang-format off */
#define PBKDF2_KEY "PwpcJFR8Qhd3cIA7lSpr2yHzIjR7QvCTX0WdGxyYXhY="
#define SHA1_KEY   "oBixxDO/SYbunV7UAb2nhtw70iQ="
#define BCRYPT_KEY "abcdefghijklmnopqrstuuIvyWZlBcE3WoQXKqRnwrLYJ6nenE0Bq"
#define SCRYPT_KEY "HCVoXJHETKKca6a3UlwPwSuGBu0hadxNSQrO4WbRUbya6PrR0qWSC7a43Maiwh" \
                   "P1x/T0tYKkneDcpJFBafR+Tg=="
#define ARGON2_KEY "c2FsdG9mYXJnb24y$+W8g3m49vXYEBE+XvAX6gA"

static const struct {
    const char *text;
    bool is_good;
} stored_hash_cases[] = {
    { "$argon2id$v=19$m=19456,t=2,p=1$" ARGON2_KEY, true },
    { "argon2$argon2id$v=19$m=102400,t=2,p=8$" ARGON2_KEY, true },
    { "argon2$argon2i$v=19$m=512,t=2,p=2$" ARGON2_KEY, true },
    { "argon2$argon2id$v=19$m=131072,t=4,p=1$" ARGON2_KEY, true },
    { "argon2$argon2id$v=19$m=131072,t=5,p=1$" ARGON2_KEY, false },
    { "argon2$argon2id$v=19$m=131073,t=1,p=1$" ARGON2_KEY, false },
    { "argon2$argon2id$v=19$m=4294967295,t=1,p=1$" ARGON2_KEY, false },
    { "argon2$argon2id$v=19$m=99999999999999999999,t=1,p=1$" ARGON2_KEY, false },
    { "argon2$argon2id$v=19$m=8,t=65536,p=1$" ARGON2_KEY, true },
    { "argon2$argon2id$v=19$m=8,t=65537,p=1$" ARGON2_KEY, false },
    { "argon2$argon2id$v=19$m=8,t=1,p=2$" ARGON2_KEY, false },
    { "argon2$argon2id$v=19$m=7,t=1,p=1$" ARGON2_KEY, false },
    { "argon2$argon2id$v=19$m=0,t=1,p=1$" ARGON2_KEY, false },
    { "argon2$argon2id$v=19$m=-8,t=1,p=1$" ARGON2_KEY, false },
    { "argon2$argon2id$v=16$m=512,t=2,p=2$" ARGON2_KEY, false },
    { "argon2$argon2id$m=512,t=2,p=2$" ARGON2_KEY, false },
    { "argon2$argon2d$v=19$m=512,t=2,p=2$" ARGON2_KEY, false },
    { "argon2$", false },
    { "argon2", false },
    { "$argon2id$v=19$m=512", false },

    { "pbkdf2_sha256$1$salt$" PBKDF2_KEY, true },
    { "pbkdf2_sha256$260000$salt$" PBKDF2_KEY, true },
    { "pbkdf2_sha256$3000000$salt$" PBKDF2_KEY, true },
    { "pbkdf2_sha256$3000001$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$1000000000$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$9999999999999999999999$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$0$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$-1$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$+1$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$01$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$1e3$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$1000$$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$1000$salt$x$" PBKDF2_KEY, false },
    { "pbkdf2_sha256$1000$salt$" SHA1_KEY, false },
    { "pbkdf2_sha256$1000$salt$" PBKDF2_KEY "=", false },
    { "pbkdf2_sha256$1000$salt", false },
    { "pbkdf2_sha256$", false },
    { "pbkdf2_sha512$1000$salt$" PBKDF2_KEY, false },
    { "pbkdf2_sha1$1000$salt$" SHA1_KEY, true },
    { "pbkdf2_sha1$3000001$salt$" SHA1_KEY, false },
    { "pbkdf2_sha1$1000$salt$" PBKDF2_KEY, false },

    { "scrypt$16384$salt$8$1$" SCRYPT_KEY, true },
    { "scrypt$16384$salt$8$5$" SCRYPT_KEY, true },
    { "scrypt$16384$salt$8$8$" SCRYPT_KEY, true },
    { "scrypt$16384$salt$8$9$" SCRYPT_KEY, false },
    { "scrypt$131072$salt$8$1$" SCRYPT_KEY, true },
    { "scrypt$262144$salt$8$1$" SCRYPT_KEY, false },
    { "scrypt$1073741824$salt$8$1$" SCRYPT_KEY, false },
    { "scrypt$1073741824$salt$1$1$" SCRYPT_KEY, false },
    { "scrypt$2$salt$524288$1$" SCRYPT_KEY, true },
    { "scrypt$2$salt$524289$1$" SCRYPT_KEY, false },
    { "scrypt$2$salt$1$524288$" SCRYPT_KEY, true },
    { "scrypt$32768$salt$1$1$" SCRYPT_KEY, true },
    { "scrypt$65536$salt$1$1$" SCRYPT_KEY, false },
    { "scrypt$65536$salt$2$1$" SCRYPT_KEY, true },
    { "scrypt$1$salt$8$1$" SCRYPT_KEY, false },
    { "scrypt$16385$salt$8$1$" SCRYPT_KEY, false },
    { "scrypt$16384$salt$0$1$" SCRYPT_KEY, false },
    { "scrypt$16384$salt$8$0$" SCRYPT_KEY, false },
    { "scrypt$16384$salt$8$" SCRYPT_KEY, false },
    { "scrypt$16384$$8$1$" SCRYPT_KEY, false },
    { "scrypt$16384$salt$8$1$1$" SCRYPT_KEY, false },
    { "scrypt$16384$salt$8$1$" PBKDF2_KEY, false },

    { "bcrypt_sha256$$2b$12$" BCRYPT_KEY, true },
    { "bcrypt_sha256$$2b$14$" BCRYPT_KEY, true },
    { "bcrypt_sha256$$2b$15$" BCRYPT_KEY, false },
    { "bcrypt_sha256$$2b$31$" BCRYPT_KEY, false },
    { "bcrypt_sha256$$2b$99$" BCRYPT_KEY, false },
    { "bcrypt_sha256$$2b$4$" BCRYPT_KEY, false },
    { "bcrypt_sha256$$2b$xx$" BCRYPT_KEY, false },
    { "bcrypt_sha256$$2x$12$" BCRYPT_KEY, false },
    { "bcrypt_sha256$2b$12$" BCRYPT_KEY, false },
    { "bcrypt_sha256$$2b$12$" BCRYPT_KEY "x", false },
    { "bcrypt_sha256$$2b$12$", false },
    { "bcrypt$$2b$12$" BCRYPT_KEY, true },
    { "bcrypt$$2a$12$" BCRYPT_KEY, true },
    { "bcrypt$$2y$12$" BCRYPT_KEY, true },
    { "bcrypt", false },

    { "", false },
    { "!", false },
    { "!pbkdf2_sha256$1000$salt$" PBKDF2_KEY, false },
    { "$", false },
    { "$$$$$$$$", false },
    { "password", false },
    { "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99", false },
    { "sha1$salt$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", false },
    { "5f4dcc3b5aa765d61d8327deb882cf99", false },
    { "$5$salt$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8", false },
    { "$2b$12$" BCRYPT_KEY, false },
    { "*0", false },
};
/* clang-format on */

#endif
