/*
 * pair.c - key pairs: RSA, P-256 and Ed25519: the only door to OpenSSL's keys.
 *
 * OpenSSL writes a signature of ECDSA as a DER sequence of two integers, and a token has them as
 * 32 bytes each (RFC 7518, 3.4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "jose/pair.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "base/arena.h"

enum {
    RSA_BITS = 2048,      /* fewer are weak (RFC 7518, 3.3) */
    RSA_BITS_MOST = 8192, /* more cost milliseconds each time */
    RSA_EXPONENT = 65537, /* no issuer has less */
    COORDINATE = 32,      /* bytes of a coordinate of P-256, and of r and s */
    ED25519_LENGTH = 32   /* bytes of a public key */
};

static const char curve[] = "prime256v1"; /* P-256, as OpenSSL calls it */

static void
release_key(void *key)
{
    EVP_PKEY_free(key);
}

/* --- which keys are taken --- */

/* Is the modulus long, and is the exponent odd and not small?  NULL, or why not. */
static const char *
judge_rsa(EVP_PKEY *key)
{
    BIGNUM *e = NULL;
    int bits = EVP_PKEY_get_bits(key);
    const char *message = NULL;

    if (bits < RSA_BITS || bits > RSA_BITS_MOST)
        return "is of RSA, which must have from 2048 to 8192 bits";
    if (!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) || !BN_is_odd(e) ||
        BN_num_bits(e) > 64 || BN_get_word(e) < RSA_EXPONENT)
        message = "is of RSA, and its exponent is not odd, is less than 65537, or is too long";
    BN_free(e);
    return message;
}

/* Is it a key of P-256, whose point is on the curve?  NULL, or why not. */
static const char *
judge_ec(EVP_PKEY *key)
{
    char name[32];
    EVP_PKEY_CTX *context = NULL;
    const char *message = NULL;

    if (!EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) || strcmp(name, curve) != 0)
        return "is of another curve than P-256";
    context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    if (!context || EVP_PKEY_public_check(context) != 1)
        message = "is not a point of the curve";
    EVP_PKEY_CTX_free(context);
    return message;
}

/* Take over OpenSSL's key, or NULL: nothing when it is refused. */
static const struct pair *
take_key(struct arena *a, EVP_PKEY *key, bool is_private, const char **message)
{
    struct pair *pair = ARENA_NEW(a, struct pair);
    const char *fault = NULL;

    if (!key)
        fault = "is not a key in a form that is known";
    else if (EVP_PKEY_is_a(key, "RSA"))
        *pair = (struct pair){ PAIR_RSA, is_private, key }, fault = judge_rsa(key);
    else if (EVP_PKEY_is_a(key, "EC"))
        *pair = (struct pair){ PAIR_P256, is_private, key }, fault = judge_ec(key);
    else if (EVP_PKEY_is_a(key, "ED25519"))
        *pair = (struct pair){ PAIR_ED25519, is_private, key };
    else
        fault = "is not of RSA, P-256 or Ed25519";
    ERR_clear_error();
    if (fault) {
        *message = fault;
        EVP_PKEY_free(key);
        return NULL;
    }
    arena_defer(a, release_key, key);
    return pair;
}

/* --- making and reading --- */

/* OpenSSL would ask for it at the terminal. */
static int
give_no_password(char *out, int size, int is_writing, void *data)
{
    (void)out, (void)size, (void)is_writing, (void)data;
    return -1;
}

const struct pair *
pair_read(struct arena *a, struct str pem, const char **message)
{
    BIO *in = pem.len <= INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
    EVP_PKEY *key = NULL;
    bool is_private = true;

    if (in)
        key = PEM_read_bio_PrivateKey(in, NULL, give_no_password, NULL);
    BIO_free(in);
    if (!key) {
        is_private = false;
        in = pem.len <= INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
        if (in)
            key = PEM_read_bio_PUBKEY(in, NULL, give_no_password, NULL);
        BIO_free(in);
    }
    return take_key(a, key, is_private, message);
}

/* A public key of these parameters, or NULL. */
static EVP_PKEY *
build_key(const char *type, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY *key = NULL;

    if (!context || !parameters || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        key = NULL;
    OSSL_PARAM_free(parameters);
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *
build_rsa(struct str n, struct str e)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *modulus = BN_bin2bn((const unsigned char *)n.ptr, (int)n.len, NULL);
    BIGNUM *exponent = BN_bin2bn((const unsigned char *)e.ptr, (int)e.len, NULL);
    EVP_PKEY *key = NULL;

    if (builder && modulus && exponent &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
        key = build_key("RSA", builder);
    BN_free(modulus);
    BN_free(exponent);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

static EVP_PKEY *
build_p256(struct str x, struct str y)
{
    unsigned char point[1 + 2 * COORDINATE] = { 4 }; /* not compressed (SEC 1, 2.3.3) */
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;

    memcpy(point + 1, x.ptr, COORDINATE);
    memcpy(point + 1 + COORDINATE, y.ptr, COORDINATE);
    if (builder &&
        OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) ==
            1)
        key = build_key("EC", builder);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

const struct pair *
pair_public(struct arena *a, enum pair_kind kind, const struct pair_numbers *numbers,
            const char **message)
{
    struct str first = numbers->first, second = numbers->second;
    EVP_PKEY *key = NULL;

    if (kind == PAIR_RSA && first.len > 0 && first.len <= RSA_BITS_MOST / 8 + 1 && second.len > 0 &&
        second.len <= 8)
        key = build_rsa(first, second);
    else if (kind == PAIR_P256 && first.len == COORDINATE && second.len == COORDINATE)
        key = build_p256(first, second);
    else if (kind == PAIR_ED25519 && first.len == ED25519_LENGTH)
        key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)first.ptr,
                                          first.len);
    return take_key(a, key, false, message);
}

const struct pair *
pair_make(struct arena *a, enum pair_kind kind)
{
    const char *message;
    EVP_PKEY *key = NULL;

    switch (kind) {
    case PAIR_RSA:
        key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)RSA_BITS);
        break;
    case PAIR_P256:
        key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);
        break;
    case PAIR_ED25519:
        key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
        break;
    }
    return take_key(a, key, true, &message);
}

const struct pair *
pair_share(struct arena *a, const struct pair *pair)
{
    struct pair *shared = ARENA_NEW(a, struct pair);

    EVP_PKEY_up_ref(pair->key);
    arena_defer(a, release_key, pair->key);
    *shared = *pair;
    return shared;
}

/* --- writing --- */

struct str
pair_write(struct arena *a, const struct pair *pair)
{
    BIO *out = BIO_new(BIO_s_mem());
    struct str pem = STR_NONE;
    char *bytes;

    assert(pair->is_private);
    if (out && PEM_write_bio_PKCS8PrivateKey(out, pair->key, NULL, NULL, 0, NULL, NULL) == 1) {
        long len = BIO_get_mem_data(out, &bytes);
        pem = str_copy(a, (struct str){ bytes, (size_t)len });
    }
    BIO_free(out);
    return pem;
}

/* A number of the key; coordinates have their leading zeros. */
static struct str
get_number(struct arena *a, const struct pair *pair, const char *name)
{
    BIGNUM *number = NULL;

    if (EVP_PKEY_get_bn_param(pair->key, name, &number) != 1)
        return STR_NONE;
    int len = pair->kind == PAIR_P256 ? COORDINATE : BN_num_bytes(number);
    unsigned char *bytes = ARENA_ARRAY(a, unsigned char, (size_t)len);
    BN_bn2binpad(number, bytes, len);
    BN_free(number);
    return (struct str){ (const char *)bytes, (size_t)len };
}

struct pair_numbers
pair_numbers(struct arena *a, const struct pair *pair)
{
    size_t len = ED25519_LENGTH;
    unsigned char *bytes;

    switch (pair->kind) {
    case PAIR_RSA:
        return (struct pair_numbers){ get_number(a, pair, OSSL_PKEY_PARAM_RSA_N),
                                      get_number(a, pair, OSSL_PKEY_PARAM_RSA_E) };
    case PAIR_P256:
        return (struct pair_numbers){ get_number(a, pair, OSSL_PKEY_PARAM_EC_PUB_X),
                                      get_number(a, pair, OSSL_PKEY_PARAM_EC_PUB_Y) };
    case PAIR_ED25519:
        break;
    }
    bytes = ARENA_ARRAY(a, unsigned char, len);
    EVP_PKEY_get_raw_public_key(pair->key, bytes, &len);
    return (struct pair_numbers){ { (const char *)bytes, len }, STR_NONE };
}

/* --- signing and verifying --- */

static const EVP_MD *
digest_of(const struct pair *pair)
{
    return pair->kind == PAIR_ED25519 ? NULL : EVP_sha256();
}

/* r and s as a token has them; STR_NONE for what is not DER. */
static struct str
read_der(struct arena *a, const unsigned char *der, size_t len)
{
    unsigned char *both = ARENA_ARRAY(a, unsigned char, 2 * COORDINATE);
    ECDSA_SIG *numbers = d2i_ECDSA_SIG(NULL, &der, (long)len);
    bool is_good =
        numbers && BN_bn2binpad(ECDSA_SIG_get0_r(numbers), both, COORDINATE) == COORDINATE &&
        BN_bn2binpad(ECDSA_SIG_get0_s(numbers), both + COORDINATE, COORDINATE) == COORDINATE;

    ECDSA_SIG_free(numbers);
    return is_good ? (struct str){ (const char *)both, 2 * COORDINATE } : STR_NONE;
}

struct str
pair_sign(struct arena *a, const struct pair *pair, struct str text)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const unsigned char *message = (const unsigned char *)text.ptr;
    unsigned char *bytes = NULL;
    size_t len = 0;
    bool is_good = false;

    assert(pair->is_private);
    if (context && EVP_DigestSignInit(context, NULL, digest_of(pair), NULL, pair->key) == 1 &&
        EVP_DigestSign(context, NULL, &len, message, text.len) == 1) {
        bytes = ARENA_ARRAY(a, unsigned char, len);
        is_good = EVP_DigestSign(context, bytes, &len, message, text.len) == 1;
    }
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    if (!is_good)
        return STR_NONE;
    return pair->kind == PAIR_P256 ? read_der(a, bytes, len)
                                   : (struct str){ (const char *)bytes, len };
}

/* r and s as DER, which OpenSSL's own memory has; NULL when they are not 32 bytes each. */
static unsigned char *
write_der(struct str signature, size_t *len)
{
    const unsigned char *bytes = (const unsigned char *)signature.ptr;
    unsigned char *der = NULL;
    ECDSA_SIG *numbers = signature.len == 2 * COORDINATE ? ECDSA_SIG_new() : NULL;
    BIGNUM *r = numbers ? BN_bin2bn(bytes, COORDINATE, NULL) : NULL;
    BIGNUM *s = numbers ? BN_bin2bn(bytes + COORDINATE, COORDINATE, NULL) : NULL;

    if (r && s && ECDSA_SIG_set0(numbers, r, s) == 1) {
        int count = i2d_ECDSA_SIG(numbers, &der);
        *len = count > 0 ? (size_t)count : 0;
    } else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(numbers);
    return der;
}

bool
pair_verify(const struct pair *pair, struct str text, struct str signature)
{
    const unsigned char *bytes = (const unsigned char *)signature.ptr;
    unsigned char *der = NULL;
    EVP_MD_CTX *context = NULL;
    size_t len = signature.len;

    if (len == 0)
        return false;
    if (pair->kind == PAIR_P256) {
        bytes = der = write_der(signature, &len);
        if (!der)
            return false;
    }
    context = EVP_MD_CTX_new();
    bool is_good =
        context && EVP_DigestVerifyInit(context, NULL, digest_of(pair), NULL, pair->key) == 1 &&
        EVP_DigestVerify(context, bytes, len, (const unsigned char *)text.ptr, text.len) == 1;
    EVP_MD_CTX_free(context);
    OPENSSL_free(der);
    ERR_clear_error();
    return is_good;
}
