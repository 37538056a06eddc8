/*
 * mock_make.c - the makers of scalars' values.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock_scalar/mock_make.h"

#include <assert.h>
#include <ctype.h>
#include <time.h>

#include "base/buf.h"
#include "base/json.h"
#include "mock_scalar/mock_seed.h"
#include "mock_scalar/mock_words.h"

enum {
    NEWEST = 1790000000,        /* when the newest object was made: a day of 2026 */
    AGE_STEP = 4 * 3600 + 1234, /* seconds between two objects, or a little less */
    TOKEN_PART = 43             /* characters of 32 bytes in base64url */
};

/* A number of the object for one use: different uses get different numbers. */
static uint64_t
part(const struct mock_leaf *leaf, uint64_t use)
{
    return mock_seed_number(leaf->object, use);
}

/* --- numbers --- */

static int64_t
between(uint64_t number, const struct mock_range *range)
{
    assert(range->least <= range->most);
    return range->least + (int64_t)(number % (uint64_t)((int64_t)range->most - range->least + 1));
}

void
mock_make_number(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    buf_int64(b, between(leaf->value, range));
}

/* With two digits after the point. */
void
mock_make_decimal(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    int64_t whole = between(leaf->value, range), hundredths = (int64_t)(leaf->value >> 40) % 100;

    buf_printf(b, "%lld.%02lld", (long long)whole, (long long)hundredths);
}

/* True for `least` of a hundred objects. */
void
mock_make_boolean(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    json_write_bool(b, leaf->value % 100 < (uint64_t)range->least);
}

/* --- people --- */

static const char *
first_name(const struct mock_leaf *leaf)
{
    return mock_word(&mock_first_names, part(leaf, 1));
}

static const char *
last_name(const struct mock_leaf *leaf)
{
    return mock_word(&mock_last_names, part(leaf, 2));
}

void
mock_make_first_name(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_put_c(b, first_name(leaf));
}

void
mock_make_last_name(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_put_c(b, last_name(leaf));
}

void
mock_make_full_name(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_printf(b, "%s %s", first_name(leaf), last_name(leaf));
}

/* Unique, since the id is in it. */
void
mock_make_username(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    for (const char *c = first_name(leaf); *c; c++)
        buf_byte(b, (char)tolower((unsigned char)*c));
    buf_int64(b, leaf->id ? leaf->id : (int64_t)(leaf->object % 1000));
}

void
mock_make_email(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    mock_make_username(b, leaf, range);
    buf_put_c(b, "@example.org");
}

/* From the range that is reserved for fiction. */
void
mock_make_phone(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_printf(b, "+1 202 555 01%02d", (int)(leaf->value % 100));
}

/* --- texts --- */

static void
put_sentence(struct buf *b, uint64_t number)
{
    buf_printf(b, "%s %s %s", mock_word(&mock_subjects, mock_seed_number(number, 1)),
               mock_word(&mock_verbs, mock_seed_number(number, 2)),
               mock_word(&mock_objects, mock_seed_number(number, 3)));
}

void
mock_make_title(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    put_sentence(b, part(leaf, 3));
}

/* From `least` to `most` sentences. */
void
mock_make_sentences(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    int64_t count = between(mock_seed_number(leaf->value, 0), range);

    for (int64_t i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? " " : "");
        put_sentence(b, mock_seed_number(leaf->value, (uint64_t)i + 1));
        buf_byte(b, '.');
    }
}

/* `Quiet harbour`, for things. */
void
mock_make_name(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    const char *adjective = mock_word(&mock_adjectives, leaf->value);

    (void)range;
    buf_byte(b, (char)toupper((unsigned char)adjective[0]));
    buf_printf(b, "%s %s", adjective + 1, mock_word(&mock_nouns, leaf->value >> 32));
}

static void
put_slug(struct buf *b, const struct mock_leaf *leaf)
{
    buf_printf(b, "%s-%s", mock_word(&mock_adjectives, part(leaf, 4)),
               mock_word(&mock_nouns, part(leaf, 5)));
    if (leaf->id)
        buf_printf(b, "-%lld", (long long)leaf->id);
}

void
mock_make_slug(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    put_slug(b, leaf);
}

void
mock_make_url(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    static const char *const hosts[] = { "example.org", "www.example.com", "blog.example.net",
                                         "news.example.org", "docs.example.com" };

    (void)range;
    buf_printf(b, "https://%s/", hosts[part(leaf, 6) % ARRAY_LENGTH(hosts)]);
    put_slug(b, leaf);
}

/* A picture that needs no server: an SVG of one colour with a letter. */
void
mock_make_image(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_printf(b,
               "data:image/svg+xml,%%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'"
               "%%3E%%3Crect width='9' height='9' fill='%%23%s'/%%3E%%3Ctext x='2' y='7' "
               "fill='white' font-size='7'%%3E%c%%3C/text%%3E%%3C/svg%%3E",
               mock_word(&mock_colours, part(leaf, 7)) + 1, first_name(leaf)[0]);
}

/* --- times --- */

/* When the object was made, in the order of the ids, and the range's seconds after that. */
static int64_t
find_time(const struct mock_leaf *leaf, const struct mock_range *range)
{
    int64_t age = leaf->id && leaf->id <= leaf->count ? leaf->count - leaf->id : 0;
    int64_t time = NEWEST - age * AGE_STEP;

    if (!leaf->id)
        time -= (int64_t)(leaf->object % (400 * DAY));
    return time + (int64_t)(part(leaf, 8) % 3600) + between(leaf->value, range);
}

static void
put_time(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range,
         const char *format)
{
    time_t time = (time_t)find_time(leaf, range);
    struct tm parts;
    char text[40];

    gmtime_r(&time, &parts);
    buf_put(b, (struct str){ text, strftime(text, sizeof(text), format, &parts) });
}

void
mock_make_date_time(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    put_time(b, leaf, range, "%Y-%m-%dT%H:%M:%S.000Z");
}

void
mock_make_date_time_micros(struct buf *b, const struct mock_leaf *leaf,
                           const struct mock_range *range)
{
    put_time(b, leaf, range, "%Y-%m-%dT%H:%M:%S.000000Z");
}

void
mock_make_local_date_time(struct buf *b, const struct mock_leaf *leaf,
                          const struct mock_range *range)
{
    put_time(b, leaf, range, "%Y-%m-%dT%H:%M:%S");
}

void
mock_make_date(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    put_time(b, leaf, range, "%Y-%m-%d");
}

void
mock_make_time(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    put_time(b, leaf, range, "%H:%M:%SZ");
}

void
mock_make_unix_time(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    buf_int64(b, find_time(leaf, range));
}

/* --- words and codes --- */

void
mock_make_word(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    static const struct mock_words *const lists[] = {
        &mock_cities,     &mock_countries, &mock_companies,  &mock_tags,     &mock_colours,
        &mock_currencies, &mock_languages, &mock_time_zones, &mock_statuses,
    };

    assert(range->least >= 0 && (size_t)range->least < ARRAY_LENGTH(lists));
    buf_put_c(b, mock_word(lists[range->least], leaf->value));
}

void
mock_make_address(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_printf(b, "%s %d", mock_word(&mock_streets, part(leaf, 9)), (int)(leaf->value % 120) + 1);
}

void
mock_make_postcode(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_printf(b, "%05d", (int)(leaf->value % 90000) + 10000);
}

void
mock_make_uuid(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    uint64_t high = mock_seed_number(leaf->value, 1), low = mock_seed_number(leaf->value, 2);

    (void)range;
    buf_printf(b, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
               (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
               (unsigned)(0x8000 | (low >> 48 & 0x3fff)),
               (unsigned long long)(low & 0xffffffffffff));
}

/* `least` hexadecimal digits. */
void
mock_make_digest(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    for (int i = 0; i < range->least; i++)
        buf_byte(b, "0123456789abcdef"[mock_seed_number(leaf->value, (uint64_t)i) % 16]);
}

/* Three parts in base64url, like a JSON Web Token; it is not signed. */
void
mock_make_token(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    (void)range;
    buf_put_c(b, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ");
    for (uint64_t i = 0; i < 2 * TOKEN_PART; i++) {
        if (i == TOKEN_PART)
            buf_byte(b, '.');
        buf_byte(b, digits[mock_seed_number(leaf->value, i) % 64]);
    }
}

void
mock_make_version(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_printf(b, "%d.%d.%d", (int)(leaf->value % 9) + 1, (int)(leaf->value >> 8) % 20 & 15,
               (int)(leaf->value >> 16) & 7);
}

void
mock_make_address_of_host(struct buf *b, const struct mock_leaf *leaf,
                          const struct mock_range *range)
{
    (void)range;
    buf_printf(b, "192.0.2.%d", (int)(leaf->value % 254) + 1); /* RFC 5737 */
}

void
mock_make_object(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    (void)range;
    buf_put_c(b, "{\"username\":\"");
    mock_make_username(b, leaf, range);
    buf_put_c(b, "\"}");
}

/* The claims of a token that lives for a quarter of an hour. */
void
mock_make_claims(struct buf *b, const struct mock_leaf *leaf, const struct mock_range *range)
{
    static const struct mock_range now = { 0, 0 }, end = { 900, 900 };

    buf_put_c(b, "{\"username\":\"");
    mock_make_username(b, leaf, range);
    buf_put_c(b, "\",\"exp\":");
    mock_make_unix_time(b, leaf, &end);
    buf_put_c(b, ",\"origIat\":");
    mock_make_unix_time(b, leaf, &now);
    buf_byte(b, '}');
}
