/*
 * token_key.c - keys that sign tokens or verify them, and the ring of those that are in use.
 *
 * SPDX-License-Identifier: MIT
 */
#include "jose/token_key.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium/crypto_hash_sha256.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/base64url.h"
#include "jose/pair.h"

enum {
    SECRET_LENGTH_MOST = 4096, /* longer files are not secrets, but were named by mistake */
    FILE_LENGTH_MOST = 16384   /* of a pair of the longest keys as PEM */
};

static const struct str names[] = { [TOKEN_KEY_HS256] = STR_INIT("HS256"),
                                    [TOKEN_KEY_RS256] = STR_INIT("RS256"),
                                    [TOKEN_KEY_ES256] = STR_INIT("ES256"),
                                    [TOKEN_KEY_EDDSA] = STR_INIT("EdDSA") };

static const enum token_key_algorithm of_pairs[] = {
    [PAIR_RSA] = TOKEN_KEY_RS256, [PAIR_P256] = TOKEN_KEY_ES256, [PAIR_ED25519] = TOKEN_KEY_EDDSA
};

struct str
token_key_algorithm_name(enum token_key_algorithm algorithm)
{
    return names[algorithm];
}

bool
token_key_algorithm_find(struct str name, enum token_key_algorithm *algorithm)
{
    for (int i = 0; i < TOKEN_KEY_ALGORITHMS; i++)
        if (str_equal(names[i], name)) {
            *algorithm = (enum token_key_algorithm)i;
            return true;
        }
    return false;
}

/* --- JWK --- */

/* The members that define a public key, in the order of their names (RFC 7638, 3.2). */
static struct str
write_members(struct arena *a, const struct pair *pair)
{
    struct pair_numbers numbers = pair_numbers(a, pair);
    struct str first = base64url_write(a, numbers.first);
    struct str second = numbers.second.ptr ? base64url_write(a, numbers.second) : STR_NONE;

    switch (pair->kind) {
    case PAIR_RSA:
        return str_format(a, "\"e\":\"%.*s\",\"kty\":\"RSA\",\"n\":\"%.*s\"", STR_PRINT(second),
                          STR_PRINT(first));
    case PAIR_P256:
        return str_format(a, "\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%.*s\",\"y\":\"%.*s\"",
                          STR_PRINT(first), STR_PRINT(second));
    case PAIR_ED25519:
        break;
    }
    return str_format(a, "\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%.*s\"", STR_PRINT(first));
}

static struct str
make_thumbprint(struct arena *a, const struct pair *pair)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    struct str text = str_format(a, "{%.*s}", STR_PRINT(write_members(a, pair)));

    crypto_hash_sha256(sum, (const unsigned char *)text.ptr, text.len);
    return base64url_write(a, (struct str){ (const char *)sum, sizeof(sum) });
}

struct str
token_key_write_jwk(struct arena *a, const struct token_key *key)
{
    assert(key->pair);
    return str_format(a, "{\"alg\":\"%.*s\",%.*s,\"kid\":\"%.*s\",\"use\":\"sig\"}",
                      STR_PRINT(names[key->algorithm]), STR_PRINT(write_members(a, key->pair)),
                      STR_PRINT(key->id));
}

struct str
token_key_write_set(struct arena *a, const struct ring *ring, int64_t moment)
{
    struct buf *b = buf_new(a);
    const char *before = "";

    buf_put_c(b, "{\"keys\":[");
    for (int i = 0; i < ring->count; i++) {
        const struct token_key *key = &ring->keys[i];
        if (!key->pair || (key->until && moment >= key->until))
            continue;
        buf_put_c(b, before);
        buf_put(b, token_key_write_jwk(a, key));
        before = ",";
    }
    buf_put_c(b, "]}");
    return buf_str(b);
}

/* --- making --- */

struct token_key
token_key_of_secret(struct arena *a, struct str secret)
{
    struct str header = STR("{\"typ\":\"JWT\",\"alg\":\"HS256\"}");

    return (struct token_key){ .algorithm = TOKEN_KEY_HS256,
                               .header = base64url_write(a, header),
                               .secret = secret };
}

struct token_key
token_key_of_pair(struct arena *a, const struct pair *pair)
{
    enum token_key_algorithm algorithm = of_pairs[pair->kind];
    struct str id = make_thumbprint(a, pair);
    struct str header = str_format(a, "{\"typ\":\"JWT\",\"alg\":\"%.*s\",\"kid\":\"%.*s\"}",
                                   STR_PRINT(names[algorithm]), STR_PRINT(id));

    return (struct token_key){
        .algorithm = algorithm, .id = id, .header = base64url_write(a, header), .pair = pair
    };
}

struct token_key
token_key_copy(struct arena *a, const struct token_key *key)
{
    struct token_key copy = *key;

    copy.header = str_copy(a, key->header);
    copy.id = key->id.ptr ? str_copy(a, key->id) : STR_NONE;
    copy.secret = key->secret.ptr ? str_copy(a, key->secret) : STR_NONE;
    copy.pair = key->pair ? pair_share(a, key->pair) : NULL;
    return copy;
}

bool
token_key_may_sign(const struct token_key *key)
{
    return key->algorithm == TOKEN_KEY_HS256 || key->pair->is_private;
}

bool
token_key_equal(const struct token_key *a, const struct token_key *b)
{
    return a->algorithm == b->algorithm && str_equal(a->id, b->id) &&
           str_equal(a->secret, b->secret);
}

static bool
has_text(struct str bytes, const char *text)
{
    return bytes.len > 0 && memmem(bytes.ptr, bytes.len, text, strlen(text)) != NULL;
}

/* Is it all of a DER sequence? */
static bool
is_der(struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;

    if (bytes.len < 4 || p[0] != 0x30)
        return false;
    size_t len = p[1] < 0x80    ? p[1] + 2U
                 : p[1] == 0x81 ? p[2] + 3U
                 : p[1] == 0x82 ? p[2] * 256U + p[3] + 4U
                                : 0;
    return len == bytes.len;
}

/* A key in a form that is not read, which may be a public one, would be a secret that everybody
 * knows. */
static bool
is_other_form(struct str bytes)
{
    struct str text = str_trim(bytes);

    return (str_starts_with(text, STR("{")) && has_text(text, "\"kty\"")) ||
           str_starts_with(text, STR("ssh-")) || str_starts_with(text, STR("ecdsa-sha2-")) ||
           str_starts_with(text, STR("sk-")) || is_der(bytes);
}

const struct token_key *
token_key_parse(struct arena *a, struct str bytes, const char **message)
{
    struct token_key *key = ARENA_NEW(a, struct token_key);

    if (is_other_form(bytes)) {
        *message = "is not a secret but a key in another form than PEM";
        return NULL;
    }
    if (has_text(bytes, "-----BEGIN ")) {
        const struct pair *pair = pair_read(a, bytes, message);
        if (!pair)
            return NULL;
        *key = token_key_of_pair(a, pair);
        return key;
    }
    if (bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\n')
        bytes.len--;
    if (bytes.len > SECRET_LENGTH_MOST) {
        *message =
            str_format(a, "has more than %d bytes and cannot be a key", SECRET_LENGTH_MOST).ptr;
        return NULL;
    }
    if (bytes.len < TOKEN_KEY_SECRET_LENGTH) {
        *message = str_format(a, "has %d bytes; it must have at least %d", (int)bytes.len,
                              TOKEN_KEY_SECRET_LENGTH)
                       .ptr;
        return NULL;
    }
    *key = token_key_of_secret(a, bytes);
    return key;
}

/* --- the file --- */

/* Read up to `capacity` bytes of the file; -1 with errno set when that fails. */
static ssize_t
read_file(const char *path, char *bytes, size_t capacity, bool *is_open_to_all)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    size_t len = 0;
    ssize_t count = -1;

    if (descriptor < 0)
        return -1;
    *is_open_to_all =
        fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_mode & S_IROTH;
    while (len < capacity && (count = read(descriptor, bytes + len, capacity - len)) > 0)
        len += (size_t)count;
    int error = errno;
    close(descriptor);
    errno = error;
    return count < 0 ? -1 : (ssize_t)len;
}

const struct token_key *
token_key_read(struct arena *a, const char *path, struct str *message)
{
    char *bytes = ARENA_ARRAY(a, char, FILE_LENGTH_MOST + 1);
    bool is_open_to_all = false;
    ssize_t len = read_file(path, bytes, FILE_LENGTH_MOST + 1, &is_open_to_all);
    const char *fault = "has too many bytes and cannot be a key";
    const struct token_key *key = NULL;

    if (len < 0) {
        *message = str_format(a, "The key file %s cannot be read: %s.", path, strerror(errno));
        return NULL;
    }
    if (len <= FILE_LENGTH_MOST)
        key = token_key_parse(a, (struct str){ bytes, (size_t)len }, &fault);
    if (!key)
        *message = str_format(a, "The key in the file %s %s.", path, fault);
    else if (is_open_to_all && token_key_may_sign(key))
        log_warning("%s is readable by everybody; with this key, one can sign in as any user",
                    path);
    return key;
}
