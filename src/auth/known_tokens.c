/*
 * known_tokens.c - tokens that this process has verified, so that the next request of the same
 * client need not pay for it again.
 *
 * A token is known by its digest, SipHash-2-4 of 128 bits with a key that only this process has:
 * who does not know the key can make no other token with the digest of one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/known_tokens.h"

#include <string.h>
#include <sys/random.h>

#include <sodium/crypto_shorthash_siphash24.h>

#include "base/arena.h"
#include "auth/token.h"

enum {
    DIGEST_LENGTH = crypto_shorthash_siphashx24_BYTES,
    WAYS = 4,         /* places that a digest allows */
    TEXT_LENGTH = 512 /* bytes of all texts of a token; those of our own take some 60 */
};

struct known_token {
    unsigned char digest[DIGEST_LENGTH];
    int64_t added;             /* by the wall clock; 0: the place is free */
    uint64_t used;             /* the count of the last use */
    struct token_claims token; /* its texts are in `text` */
    char text[TEXT_LENGTH];
};

struct known_tokens {
    unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
    uint64_t uses;
    size_t sets;
    struct known_token *places; /* WAYS for each set */
};

/* All texts of a token's claims; `settings` are more than one. */
static const size_t texts[] = {
    offsetof(struct token_claims, user_id), offsetof(struct token_claims, username),
    offsetof(struct token_claims, role),    offsetof(struct token_claims, session),
    offsetof(struct token_claims, subject), offsetof(struct token_claims, settings),
};
enum {
    TEXTS = ARRAY_LENGTH(texts) - 1 + TOKEN_SETTINGS,
    MEMBERS = TEXTS * sizeof(struct str) + 4 * sizeof(int64_t) + sizeof(void *),
    ALIGNED = _Alignof(struct token_claims)
};
_Static_assert(sizeof(struct token_claims) == (MEMBERS + ALIGNED - 1) / ALIGNED * ALIGNED,
               "a new text of a token is kept, too");

static struct str *
text_at(struct token_claims *token, size_t i)
{
    size_t last = ARRAY_LENGTH(texts) - 1;

    return i < last ? (struct str *)((char *)token + texts[i]) : &token->settings[i - last];
}

struct known_tokens *
known_tokens_new(struct arena *a, int count)
{
    struct known_tokens *known = ARENA_NEW(a, struct known_tokens);

    if (count == 0 || getrandom(known->key, sizeof(known->key), 0) != (ssize_t)sizeof(known->key))
        return NULL;
    known->sets = ((size_t)count + WAYS - 1) / WAYS;
    known->places = ARENA_ARRAY(a, struct known_token, known->sets * WAYS);
    return known;
}

/* The digest of a token, and the places that it allows. */
static struct known_token *
find_set(const struct known_tokens *known, struct str text, unsigned char *digest)
{
    uint64_t number;

    crypto_shorthash_siphashx24(digest, (const unsigned char *)text.ptr, text.len, known->key);
    memcpy(&number, digest, sizeof(number));
    return known->places + number % known->sets * WAYS;
}

/* Is it the wall clock's time after it was added, and before its end? */
static bool
is_in_time(const struct known_token *place, int64_t now, int64_t moment)
{
    const struct token_claims *token = &place->token;

    return place->added && now >= place->added && now < token->expires &&
           (!token->until || moment < token->until);
}

bool
known_tokens_find(struct known_tokens *known, struct arena *a, struct str text, int64_t now,
                  int64_t moment, struct token_claims *token)
{
    unsigned char digest[DIGEST_LENGTH];
    struct known_token *place = find_set(known, text, digest), *end = place + WAYS;

    while (place < end && memcmp(place->digest, digest, DIGEST_LENGTH) != 0)
        place++;
    if (place == end || !is_in_time(place, now, moment))
        return false;
    place->used = ++known->uses;
    *token = place->token;
    for (size_t i = 0; i < TEXTS; i++)
        if (text_at(token, i)->ptr)
            *text_at(token, i) = str_copy(a, *text_at(token, i));
    return true;
}

/* Copy what a token says into the place.  False when it is too long. */
static bool
keep(struct known_token *place, const struct token_claims *token)
{
    size_t used = 0;

    place->token = *token;
    for (size_t i = 0; i < TEXTS; i++) {
        struct str *text = text_at(&place->token, i);
        if (!text->ptr)
            continue;
        if (text->len > TEXT_LENGTH - used)
            return false;
        memcpy(place->text + used, text->ptr, text->len);
        text->ptr = place->text + used;
        used += text->len;
    }
    return true;
}

void
known_tokens_add(struct known_tokens *known, struct str text, int64_t now, int64_t moment,
                 const struct token_claims *token)
{
    unsigned char digest[DIGEST_LENGTH];
    struct known_token *set = find_set(known, text, digest), *place = set;

    for (int i = 0; i < WAYS; i++) {
        bool is_known = memcmp(set[i].digest, digest, DIGEST_LENGTH) == 0;
        if (is_known || !is_in_time(&set[i], now, moment)) {
            place = &set[i];
            if (is_known)
                break;
        } else if (is_in_time(place, now, moment) && set[i].used < place->used) {
            place = &set[i];
        }
    }
    memcpy(place->digest, digest, DIGEST_LENGTH);
    place->used = ++known->uses;
    place->added = keep(place, token) ? now : 0;
}

void
known_tokens_forget(struct known_tokens *known)
{
    for (size_t i = 0; i < known->sets * WAYS; i++)
        known->places[i].added = 0;
}
