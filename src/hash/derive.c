/*
 * derive.c - keys that are derived from passwords by PBKDF2 (RFC 8018, 5.2) and scrypt (RFC 7914),
 * and SHA-256; the only door to OpenSSL's digests.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hash/derive.h"

#include <assert.h>
#include <stdio.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "hash/stored_hash.h"

enum {
    KEY_MOST = 64,                 /* bytes: scrypt's */
    TEXT_MOST = KEY_MOST * 2,      /* of it in base64 */
    SCRYPT_UNIT = 128,             /* bytes of memory for each of N * R, and of P * R */
    SCRYPT_SPARE = 4 * 1024 * 1024 /* bytes that OpenSSL may need besides */
};

/* Derive `length` bytes with the parameters of the hash. */
static bool
derive(const struct stored_hash *hash, struct str password, unsigned char *key, int length)
{
    const unsigned char *salt = (const unsigned char *)hash->salt.ptr;

    if (hash->kind != STORED_SCRYPT)
        return PKCS5_PBKDF2_HMAC(
                   password.ptr, (int)password.len, salt, (int)hash->salt.len, (int)hash->cost,
                   hash->kind == STORED_PBKDF2_SHA1 ? EVP_sha1() : EVP_sha256(), length, key) == 1;
    uint64_t memory = (uint64_t)SCRYPT_UNIT * hash->block * ((uint64_t)hash->cost + hash->parallel);
    return EVP_PBE_scrypt(password.ptr, password.len, salt, hash->salt.len, hash->cost, hash->block,
                          hash->parallel, memory + SCRYPT_SPARE, key, (size_t)length) == 1;
}

bool
derive_matches(const struct stored_hash *hash, struct str password, bool *failed)
{
    unsigned char key[KEY_MOST], text[TEXT_MOST];
    int length = hash->kind == STORED_SCRYPT ? 64 : hash->kind == STORED_PBKDF2_SHA1 ? 20 : 32;

    assert(hash->key.ptr && length <= KEY_MOST);
    *failed = !derive(hash, password, key, length);
    if (*failed)
        return false;
    size_t count = (size_t)EVP_EncodeBlock(text, key, length);
    bool is_same = count == hash->key.len && CRYPTO_memcmp(text, hash->key.ptr, count) == 0;
    OPENSSL_cleanse(key, sizeof(key));
    OPENSSL_cleanse(text, sizeof(text));
    return is_same;
}

bool
derive_digest(struct str text, char out[DERIVE_DIGEST])
{
    unsigned char digest[32];

    if (EVP_Digest(text.ptr, text.len, digest, NULL, EVP_sha256(), NULL) != 1)
        return false;
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    OPENSSL_cleanse(digest, sizeof(digest));
    return true;
}
