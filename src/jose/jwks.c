/*
 * jwks.c - the public keys of another issuer: a JSON Web Key Set (RFC 7517, 5), from a file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "jose/jwks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "value/value.h"
#include "value/value_json.h"
#include "base/base64url.h"
#include "jose/pair.h"

enum {
    FILE_LENGTH_MOST = 262144, /* some hundred keys with certificates */
    KEYS_MOST = 100
};

#define NO_KEY "has no key for RS256, ES256 or EdDSA"

struct jwks {
    const char *path;
    struct arena *arena; /* of the keys */
    const struct token_key *keys;
    int count;
    struct stat status; /* of the file that was read, or could not be */
    int64_t looked;     /* when somebody looked at the file */
};

/* --- a key --- */

static struct str
get_text(const struct value *jwk, const char *name)
{
    const struct value *value = value_find(jwk, str_from(name));

    return value && value->kind == VALUE_STRING ? value->text : STR_NONE;
}

static struct str
get_bytes(struct arena *a, const struct value *jwk, const char *name)
{
    struct str text = get_text(jwk, name);

    return text.ptr ? base64url_read(a, text) : STR_NONE;
}

/* The kinds that verify, as JWK says them (RFC 7518, 6; RFC 8037, 2). */
static const struct {
    const char *kty, *crv; /* crv is NULL: none */
    const char *first, *second;
    enum pair_kind kind;
} kinds[] = {
    { "RSA", NULL, "n", "e", PAIR_RSA },
    { "EC", "P-256", "x", "y", PAIR_P256 },
    { "OKP", "Ed25519", "x", NULL, PAIR_ED25519 },
};

/* Does the key say that it is for signatures, or does it say nothing (RFC 7517, 4.2 and 4.3)? */
static bool
is_for_signatures(const struct value *jwk)
{
    const struct value *operations = value_find(jwk, STR("key_ops"));
    const struct value *use = value_find(jwk, STR("use"));
    bool verifies = !operations;

    if (operations && operations->kind == VALUE_LIST)
        for (const struct value *item = operations->items; item; item = item->next)
            verifies |= item->kind == VALUE_STRING && str_is(item->text, "verify");
    return verifies && (!use || (use->kind == VALUE_STRING && str_is(use->text, "sig")));
}

/* Read a key.  False when it is of no use here. */
static bool
read_key(struct arena *a, const char *path, const struct value *jwk, struct token_key *key)
{
    const char *message = NULL;

    if (jwk->kind != VALUE_OBJECT || !is_for_signatures(jwk))
        return false;
    const struct value *alg = value_find(jwk, STR("alg")), *kid = value_find(jwk, STR("kid"));
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        if (!str_is(get_text(jwk, "kty"), kinds[i].kty) ||
            (kinds[i].crv && !str_is(get_text(jwk, "crv"), kinds[i].crv)))
            continue;
        struct pair_numbers numbers = { get_bytes(a, jwk, kinds[i].first),
                                        kinds[i].second ? get_bytes(a, jwk, kinds[i].second)
                                                        : STR_NONE };
        const struct pair *pair = pair_public(a, kinds[i].kind, &numbers, &message);
        if (!pair) {
            log_warning("%s: a key is passed over: it %s", path, message);
            return false;
        }
        *key = token_key_of_pair(a, pair);
        key->id = kid && kid->kind == VALUE_STRING ? kid->text : STR_NONE;
        return !alg || (alg->kind == VALUE_STRING &&
                        str_equal(alg->text, token_key_algorithm_name(key->algorithm)));
    }
    return false;
}

static bool
has_key(const struct token_key *keys, int count, const struct token_key *key)
{
    for (int i = 0; i < count; i++)
        if (keys[i].algorithm == key->algorithm && str_equal(keys[i].id, key->id))
            return true;
    return false;
}

/* jwks_parse(), but that a set without a key of use is one, too; `*message` is set all the same. */
static const struct token_key *
parse(struct arena *a, const char *path, struct str text, int *count, const char **message)
{
    static const struct value_json_bounds bounds = {
        .depth = 6, .values = 4096, .string = 16384, .number = 20
    };
    struct value_json_fault fault;
    const struct value *set = value_json_read(a, text, &bounds, &fault);
    const struct value *list =
        set && set->kind == VALUE_OBJECT ? value_find(set, STR("keys")) : NULL;
    struct token_key *keys = ARENA_ARRAY(a, struct token_key, KEYS_MOST);

    *count = 0;
    *message = set ? "has no list `keys`" : "is not JSON";
    if (!list || list->kind != VALUE_LIST)
        return NULL;
    for (const struct value *jwk = list->items; jwk; jwk = jwk->next) {
        struct token_key *key = &keys[*count];
        if (*count == KEYS_MOST || !read_key(a, path, jwk, key))
            continue;
        if (has_key(keys, *count, key)) {
            *message = "has two keys with the same kid";
            return NULL;
        }
        ++*count;
    }
    *message = NO_KEY;
    return keys;
}

const struct token_key *
jwks_parse(struct arena *a, struct str text, int *count, const char **message)
{
    const struct token_key *keys = parse(a, "JWKS", text, count, message);

    return *count > 0 ? keys : NULL;
}

/* --- the file --- */

/* All of the file in the arena, and its status; STR_NONE with errno set. */
static struct str
read_file(struct arena *a, const char *path, struct stat *status)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *bytes = ARENA_ARRAY(a, char, FILE_LENGTH_MOST + 1);
    size_t len = 0;
    ssize_t got = -1;

    if (descriptor < 0)
        return STR_NONE;
    if (fstat(descriptor, status) == 0)
        while (len <= FILE_LENGTH_MOST &&
               (got = read(descriptor, bytes + len, FILE_LENGTH_MOST + 1 - len)) > 0)
            len += (size_t)got;
    int error = errno;
    close(descriptor);
    errno = error;
    return got < 0 ? STR_NONE : (struct str){ bytes, len };
}

/* Read the keys into an arena of their own.  False after setting `*message`; then the keys are
 * those of before. */
static bool
read_keys(struct arena *a, struct jwks *jwks, struct str *message)
{
    struct arena *own = arena_new("jwks");
    struct str text = read_file(own, jwks->path, &jwks->status);
    const char *fault = "is too long";
    const struct token_key *keys = NULL;
    int count = 0;

    if (!text.ptr)
        fault = str_format(own, "cannot be read: %s", strerror(errno)).ptr;
    else if (text.len <= FILE_LENGTH_MOST)
        keys = parse(own, jwks->path, text, &count, &fault);
    /* At first that is a mistake; later the keys have been withdrawn. */
    if (!keys || (count == 0 && !jwks->arena)) {
        *message = str_format(a, "The key set %s %s", jwks->path, fault);
        arena_free(own);
        return false;
    }
    if (jwks->arena)
        arena_free(jwks->arena);
    jwks->arena = own;
    jwks->keys = keys;
    jwks->count = count;
    return true;
}

static void
release(void *data)
{
    struct jwks *jwks = data;

    if (jwks->arena)
        arena_free(jwks->arena);
}

struct jwks *
jwks_open(struct arena *a, const char *path, struct str *message)
{
    struct jwks *jwks = ARENA_NEW(a, struct jwks);

    jwks->path = str_copy_c(a, str_from(path));
    if (!read_keys(a, jwks, message))
        return NULL;
    arena_defer(a, release, jwks);
    return jwks;
}

static bool
is_other_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev != b->st_dev || a->st_ino != b->st_ino || a->st_size != b->st_size ||
           a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec ||
           a->st_ctim.tv_sec != b->st_ctim.tv_sec || a->st_ctim.tv_nsec != b->st_ctim.tv_nsec;
}

bool
jwks_refresh(struct jwks *jwks, int64_t moment)
{
    struct stat status;
    struct str message;

    if (moment < jwks->looked + JWKS_CHECK_TIME)
        return false;
    jwks->looked = moment;
    /* A file that is missing is being replaced. */
    if (stat(jwks->path, &status) != 0 || !is_other_file(&status, &jwks->status))
        return false;
    jwks->status = status;
    struct arena *a = arena_new("message");
    bool is_read = read_keys(a, jwks, &message);
    if (is_read && jwks->count == 0)
        log_warning("the key set %s " NO_KEY " any more; tokens of its issuer are refused",
                    jwks->path);
    else if (is_read)
        log_info("the key set %s was read again: %d keys", jwks->path, jwks->count);
    else
        log_error("%.*s; the previous keys stay in use", STR_PRINT(message));
    arena_free(a);
    return is_read;
}

const struct token_key *
jwks_keys(const struct jwks *jwks, int *count)
{
    *count = jwks->count;
    return jwks->keys;
}

const struct token_key *
jwks_find(const struct jwks *jwks, enum token_key_algorithm algorithm, struct str id)
{
    const struct token_key *found = NULL;

    for (int i = 0; i < jwks->count; i++) {
        const struct token_key *key = &jwks->keys[i];
        if (key->algorithm != algorithm)
            continue;
        if (id.ptr && str_equal(key->id, id))
            return key;
        if (!id.ptr && found) /* which one? */
            return NULL;
        found = id.ptr ? NULL : key;
    }
    return found;
}
