/*
 * test_token_key_refused.c - keys that are no keys of tokens: weak ones, other kinds, other forms.
 * OpenSSL itself makes them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pair_case.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/* OpenSSL's key as PEM, encrypted or not; the key is freed. */
static struct str
write_pem(struct arena *a, EVP_PKEY *key, const EVP_CIPHER *cipher)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *bytes;

    assert_non_null(key);
    assert_int_equal(
        PEM_write_bio_PKCS8PrivateKey(out, key, cipher, "password", cipher ? 8 : 0, NULL, NULL), 1);
    long len = BIO_get_mem_data(out, &bytes);
    struct str pem = str_copy(a, (struct str){ bytes, (size_t)len });
    BIO_free(out);
    EVP_PKEY_free(key);
    return pem;
}

static EVP_PKEY *
make_rsa(int bits, unsigned exponent, bool is_pss)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(is_pss ? EVP_PKEY_RSA_PSS : EVP_PKEY_RSA, NULL);
    BIGNUM *e = BN_new();
    EVP_PKEY *key = NULL;

    BN_set_word(e, exponent);
    EVP_PKEY_keygen_init(context);
    EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits);
    EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e);
    EVP_PKEY_generate(context, &key);
    BN_free(e);
    EVP_PKEY_CTX_free(context);
    return key;
}

static void
assert_refused(struct arena *a, struct str pem, const char *expected)
{
    const char *message = "";

    assert_null(token_key_parse(a, pem, &message));
    if (!strstr(message, expected))
        fail_msg("\"%s\" is not said, but \"%s\"", expected, message);
}

static void
test_weak_keys(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    assert_refused(a, write_pem(a, make_rsa(1024, 65537, false), NULL), "2048");
    assert_refused(a, write_pem(a, make_rsa(2047, 65537, false), NULL), "2048");
    assert_refused(a, write_pem(a, make_rsa(2048, 3, false), NULL), "exponent");
    assert_refused(a, write_pem(a, make_rsa(2048, 65537, true), NULL), "not of RSA");
    assert_refused(a, write_pem(a, EVP_EC_gen("P-384"), NULL), "P-256");
    assert_refused(a, write_pem(a, EVP_EC_gen("secp256k1"), NULL), "P-256");
    assert_refused(a, write_pem(a, EVP_PKEY_Q_keygen(NULL, NULL, "ED448"), NULL), "not of RSA");
    assert_refused(a, write_pem(a, EVP_PKEY_Q_keygen(NULL, NULL, "X25519"), NULL), "not of RSA");
    /* Nobody is asked for a password. */
    assert_refused(a, write_pem(a, EVP_EC_gen("P-256"), EVP_aes_128_cbc()), "not a key");
    assert_refused(a, STR("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
                   "not a key");
    assert_refused(a, STR("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                   "not a key");
    arena_free(a);
}

/* What everybody has is never taken for a secret: public keys in other forms, or with text before
 * them. */
static void
test_public_forms(void **state)
{
    struct arena *a = arena_new("test");
    const char *message;

    (void)state;
    for (int i = 0; i < KINDS; i++) {
        BIO *out = BIO_new(BIO_s_mem());
        unsigned char *der = NULL;
        char *bytes;
        assert_int_equal(PEM_write_bio_PUBKEY(out, made[i].pair->key), 1);
        long len = BIO_get_mem_data(out, &bytes);
        static const char *const before[] = {
            "", "\n", " ", "\xEF\xBB\xBF", "Bag Attributes\n", "x"
        };
        for (size_t j = 0; j < ARRAY_LENGTH(before); j++) {
            struct str pem = str_format(a, "%s%.*s", before[j], (int)len, bytes);
            const struct token_key *key = token_key_parse(a, pem, &message);
            assert_true(!key || (token_key_equal(key, &made[i]) && !token_key_may_sign(key)));
            assert_true(key || before[j][0] != '\0');
        }
        int size = i2d_PUBKEY(made[i].pair->key, &der);
        assert_true(size > 0);
        assert_refused(a, (struct str){ (char *)der, (size_t)size }, "another form");
        OPENSSL_free(der);
        BIO_free(out);
        assert_refused(a, token_key_write_jwk(a, &made[i]), "another form");
        assert_refused(a,
                       str_format(a, "\n{\"keys\": [%s]}\n", token_key_write_jwk(a, &made[i]).ptr),
                       "another form");
    }
    assert_refused(a, STR("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAA ada@example"),
                   "another form");
    assert_refused(a, STR("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI ada@example"),
                   "another form");
    /* Bytes that only begin like one are a secret. */
    assert_non_null(
        token_key_parse(a, STR("0\x82\x01\x22 0123456789abcdef0123456789abcdef"), &message));
    assert_non_null(token_key_parse(a, STR("{0123456789abcdef0123456789abcdef}"), &message));
    arena_free(a);
}

static void
test_bad_numbers(void **state)
{
    struct arena *a = arena_new("test");
    const char *message;
    struct pair_numbers good = pair_numbers(a, made[1].pair), bad = good;
    char bytes[1100];

    (void)state;
    memset(bytes, 0xFF, sizeof(bytes));
    bad.second = good.first; /* not on the curve */
    assert_null(pair_public(a, PAIR_P256, &bad, &message));
    bad.second = (struct str){ good.second.ptr, 31 };
    assert_null(pair_public(a, PAIR_P256, &bad, &message));
    bad = (struct pair_numbers){ { bytes, 32 }, { bytes, 32 } };
    assert_null(pair_public(a, PAIR_P256, &bad, &message));
    bad.first.len = 31;
    assert_null(pair_public(a, PAIR_ED25519, &bad, &message));
    bad.first.len = 33;
    assert_null(pair_public(a, PAIR_ED25519, &bad, &message));
    bad = (struct pair_numbers){ { bytes, 128 }, STR("\1\0\1") };
    assert_null(pair_public(a, PAIR_RSA, &bad, &message));
    bad.first.len = 1100;
    assert_null(pair_public(a, PAIR_RSA, &bad, &message));
    bad = (struct pair_numbers){ { bytes, 256 }, STR("\1") };
    assert_null(pair_public(a, PAIR_RSA, &bad, &message));
    bad.second = STR("\1\0\0");
    assert_null(pair_public(a, PAIR_RSA, &bad, &message));
    bad.second = STR_NONE;
    assert_null(pair_public(a, PAIR_RSA, &bad, &message));
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weak_keys),
        cmocka_unit_test(test_public_forms),
        cmocka_unit_test(test_bad_numbers),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
