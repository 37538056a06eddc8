/*
 * test_token_key.c - keys of tokens: the file of a key, pairs, and what they sign.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pair_case.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/base64url.h"
#include "jose/jwt.h"

#define CLAIMS "{\"a\":1,\"b\":\"text\"}"

/* Read a file of this content: its secret. */
static struct str
read_key_of(struct arena *a, struct str content, struct str *message)
{
    char path[] = "/tmp/linnet-key.XXXXXX";
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, content.ptr, content.len), content.len);
    close(descriptor);
    *message = STR_NONE;
    const struct token_key *key = token_key_read(a, path, message);
    unlink(path);
    if (message->ptr)
        assert_non_null(strstr(message->ptr, path));
    assert_true((key == NULL) == (message->ptr != NULL));
    return key ? key->secret : STR_NONE;
}

static void
test_key_file(void **state)
{
    struct arena *a = arena_new("test");
    struct str message;
    char big[4097];

    (void)state;
    memset(big, 'x', sizeof(big));
    assert_null(read_key_of(a, STR(""), &message).ptr);
    assert_null(read_key_of(a, STR("\n"), &message).ptr);
    assert_null(read_key_of(a, (struct str){ big, 31 }, &message).ptr);
    assert_non_null(strstr(message.ptr, "31 bytes"));
    assert_null(read_key_of(a, STR("0123456789abcdef0123456789abcde\n"), &message).ptr);
    assert_null(read_key_of(a, (struct str){ big, 4097 }, &message).ptr);

    assert_true(str_equal(read_key_of(a, test_key, &message), test_key));
    assert_true(
        str_equal(read_key_of(a, STR("0123456789abcdef0123456789abcdef\n"), &message), test_key));
    /* One line end only; what else is in it is key. */
    assert_int_equal(read_key_of(a, STR("0123456789abcdef0123456789abcdef\n\n"), &message).len, 33);
    assert_int_equal(read_key_of(a, STR(" 0123456789abcdef0123456789abcde\0\n"), &message).len, 33);
    assert_int_equal(read_key_of(a, (struct str){ big, 4096 }, &message).len, 4096);

    assert_null(token_key_read(a, "/nonexistent/key", &message));
    assert_non_null(strstr(message.ptr, "/nonexistent/key cannot be read: No such file"));
    assert_null(token_key_read(a, "/tmp", &message));
    arena_free(a);
}

/* A key that everybody may read is said to the operator, and works. */
static void
test_key_file_readable(void **state)
{
    struct arena *a = arena_new("test");
    char path[] = "/tmp/linnet-key.XXXXXX", log[512] = "";
    int descriptor = mkstemp(path), pipes[2];
    struct str message;

    (void)state;
    assert_int_equal(write(descriptor, test_key.ptr, test_key.len), test_key.len);
    assert_int_equal(pipe(pipes), 0);
    log_set_descriptor(pipes[1]);
    fchmod(descriptor, 0640);
    assert_non_null(token_key_read(a, path, &message));
    fchmod(descriptor, 0644);
    assert_non_null(token_key_read(a, path, &message));
    log_set_descriptor(STDERR_FILENO);
    close(pipes[1]);
    ssize_t len = read(pipes[0], log, sizeof(log) - 1);
    close(pipes[0]);
    close(descriptor);
    unlink(path);
    assert_true(len > 0);
    assert_non_null(strstr(log, "readable by everybody"));
    assert_ptr_equal(strchr(log, '\n'), log + len - 1); /* once */
    arena_free(a);
}

/* Make, write, read, sign, verify: the same key, and no other. */
static void
test_pairs(void **state)
{
    struct arena *a = arena_new("test");
    const char *message;

    (void)state;
    for (int i = 0; i < KINDS; i++) {
        const struct pair *pair = made[i].pair;
        const struct token_key *read = token_key_parse(a, pair_write(a, pair), &message);
        assert_non_null(read);
        assert_true(token_key_may_sign(read) && token_key_equal(read, &made[i]));
        assert_int_equal(read->algorithm, kinds[i].algorithm);
        assert_true(str_is(token_key_algorithm_name(read->algorithm), kinds[i].name));
        assert_int_equal(read->id.len, 43);

        struct str signature = pair_sign(a, read->pair, STR("text"));
        assert_int_equal(signature.len, kinds[i].signature);
        const struct pair_numbers numbers = pair_numbers(a, pair);
        const struct pair *half = pair_public(a, kinds[i].kind, &numbers, &message);
        assert_non_null(half);
        struct token_key public = token_key_of_pair(a, half);
        assert_false(token_key_may_sign(&public));
        assert_true(token_key_equal(&public, read));
        assert_true(pair_verify(half, STR("text"), signature));
        assert_false(pair_verify(half, STR("texT"), signature));
        for (int j = 0; j < KINDS; j++)
            assert_int_equal(pair_verify(made[j].pair, STR("text"), signature), i == j);
    }
    arena_free(a);
}

/* No byte of a signature may differ, and none may be missing; nor is nothing a signature. */
static void
test_signatures(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    for (int i = 0; i < KINDS; i++) {
        struct str good = pair_sign(a, made[i].pair, STR("text"));
        char *bytes = (char *)str_copy(a, good).ptr;
        for (size_t at = 0; at < good.len; at++) {
            bytes[at] ^= 1;
            assert_false(pair_verify(made[i].pair, STR("text"), (struct str){ bytes, good.len }));
            bytes[at] ^= 1;
            assert_false(pair_verify(made[i].pair, STR("text"), (struct str){ bytes, at }));
        }
        struct str longer = str_format(a, "%.*s%c", STR_PRINT(good), 0);
        assert_false(pair_verify(made[i].pair, STR("text"), longer));
        char zeros[512] = { 0 };
        assert_false(pair_verify(made[i].pair, STR("text"), (struct str){ zeros, good.len }));
        memset(bytes, 0xFF, good.len);
        assert_false(pair_verify(made[i].pair, STR("text"), (struct str){ bytes, good.len }));
    }
    arena_free(a);
}

/* r and s of ECDSA are from 1 to n - 1, and s of EdDSA is below its order: n + s says the same. */
static void
test_signature_ranges(void **state)
{
    /* The orders of P-256 (SEC 2, 2.4.2), and of Ed25519 (RFC 8032, 5.1) from its lowest byte. */
    static const unsigned char n[32] = { 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00,
                                         0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                         0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
                                         0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51 };
    static const unsigned char l[32] = { 0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58,       0xD6,
                                         0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14, [31] = 0x10 };
    struct arena *a = arena_new("test");
    unsigned char both[64];

    (void)state;
    for (int which = 0; which < 4; which++) { /* r is 0, s is 0, r is n, s is n */
        memcpy(both, pair_sign(a, made[1].pair, STR("text")).ptr, 64);
        unsigned char *half = both + which % 2 * 32;
        if (which < 2)
            memset(half, 0, 32);
        else
            memcpy(half, n, 32);
        assert_false(pair_verify(made[1].pair, STR("text"), (struct str){ (char *)both, 64 }));
    }
    memcpy(both, pair_sign(a, made[2].pair, STR("text")).ptr, 64);
    int carry = 0;
    for (int i = 0; i < 32; i++) {
        carry += both[32 + i] + l[i];
        both[32 + i] = (unsigned char)carry;
        carry >>= 8;
    }
    assert_false(pair_verify(made[2].pair, STR("text"), (struct str){ (char *)both, 64 }));
    arena_free(a);
}

/* Examples of the specifications: RFC 7515, A.3; RFC 8037, A.3 and A.4; RFC 7638, 3.1. */
static void
test_examples(void **state)
{
    struct arena *a = arena_new("test");
    const char *message;
    struct pair_numbers p256 = {
        base64url_read(a, STR("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")),
        base64url_read(a, STR("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
    };
    struct pair_numbers ed25519 = {
        base64url_read(a, STR("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")), STR_NONE
    };
    struct pair_numbers rsa = {
        base64url_read(
            a,
            STR("0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1"
                "L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4"
                "QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbO"
                "pbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csF"
                "Cur-kEgU8awapJzKnqDKgw")),
        base64url_read(a, STR("AQAB"))
    };

    (void)state;
    const struct pair *pair = pair_public(a, PAIR_P256, &p256, &message);
    assert_non_null(pair);
    assert_true(pair_verify(
        pair,
        STR("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"),
        base64url_read(a,
                       STR("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQx"
                           "fKTUJqPP3-Kg6NU1Q"))));
    pair = pair_public(a, PAIR_ED25519, &ed25519, &message);
    assert_non_null(pair);
    assert_true(pair_verify(
        pair, STR("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"),
        base64url_read(a,
                       STR("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt"
                           "9g7sVvpAr_MuM0KAg"))));
    assert_string_equal(token_key_of_pair(a, pair).id.ptr,
                        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    pair = pair_public(a, PAIR_RSA, &rsa, &message);
    assert_non_null(pair);
    assert_string_equal(token_key_of_pair(a, pair).id.ptr,
                        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    arena_free(a);
}

/* --- a ring --- */

/* The public key's own bytes, which everybody has, are no secret of HS256. */
static void
test_ring_algorithms(void **state)
{
    struct arena *a = arena_new("test");
    struct token_key keys[KINDS + 1];
    const struct ring ring = { keys, KINDS + 1 };
    const struct token_key *found;

    (void)state;
    memcpy(keys, made, sizeof(made));
    keys[KINDS] = test_keys[0];
    for (int i = 0; i <= KINDS; i++) {
        struct str token = jwt_sign(a, &keys[i], STR(CLAIMS));
        assert_non_null(token.ptr);
        assert_non_null(jwt_verify(a, &ring, 0, token, &found));
        assert_ptr_equal(found, &keys[i]);
        /* With another header, no key takes it; nor is the signature one of another key. */
        struct str rest = { token.ptr + keys[i].header.len, token.len - keys[i].header.len };
        for (int j = 0; j <= KINDS; j++) {
            struct str other =
                str_format(a, "%.*s%.*s", STR_PRINT(keys[j].header), STR_PRINT(rest));
            assert_int_equal(jwt_verify(a, &ring, 0, other, &found) != NULL, i == j);
        }
    }
    for (int i = 0; i < KINDS; i++) {
        const char *message;
        struct str pem = pair_write(a, made[i].pair);
        struct str numbers = pair_numbers(a, made[i].pair).first;
        struct str header = base64url_read(a, keys[i].header);
        assert_non_null(token_key_parse(a, pem, &message));
        assert_null(jwt_verify(a, &ring, 0, forge(a, pem, header, STR(CLAIMS)), &found));
        assert_null(jwt_verify(a, &ring, 0, forge(a, numbers, header, STR(CLAIMS)), &found));
        assert_null(
            jwt_verify(a, &ring, 0, forge(a, numbers, STR(GOOD_HEADER), STR(CLAIMS)), &found));
    }
    arena_free(a);
}

static void
test_ring_time(void **state)
{
    struct arena *a = arena_new("test");
    struct token_key keys[] = { made[1], made[2] };
    const struct ring ring = { keys, 2 };
    const struct token_key *found;

    (void)state;
    keys[1].until = 100;
    struct str token = jwt_sign(a, &keys[1], STR(CLAIMS));
    assert_non_null(jwt_verify(a, &ring, 99, token, &found));
    assert_null(jwt_verify(a, &ring, 100, token, &found));
    arena_free(a);
}

/* A key outlives the arena that it was read in. */
static void
test_copy(void **state)
{
    struct arena *a = arena_new("test"), *b = arena_new("copy");
    const struct token_key *found;

    (void)state;
    struct token_key pair = token_key_of_pair(a, pair_make(a, PAIR_ED25519));
    struct token_key secret = token_key_of_secret(a, str_copy(a, test_key));
    struct token_key copies[] = { token_key_copy(b, &pair), token_key_copy(b, &secret) };
    const struct ring ring = { copies, 2 };
    arena_free(a);
    for (int i = 0; i < 2; i++) {
        struct str token = jwt_sign(b, &copies[i], STR(CLAIMS));
        assert_non_null(jwt_verify(b, &ring, 0, token, &found));
        assert_ptr_equal(found, &copies[i]);
    }
    arena_free(b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_file),
        cmocka_unit_test(test_key_file_readable),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_signature_ranges),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_ring_algorithms),
        cmocka_unit_test(test_ring_time),
        cmocka_unit_test(test_copy),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
