/*
 * mock_leaf.c - made-up values of scalars, by their names.
 *
 * One table: the row whose words end the field's name, the more of them the better, and that
 * can be shown as the scalar, makes the value.  What tells of the same thing, such as a person's name, username and
 * address, is made from the object's number alone, and so fits together.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/mock_leaf.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/json.h"
#include "execution/mock_words.h"
#include "type/schema.h"

enum {
    NAME_LENGTH = 64,           /* bytes of a field's name that are looked at: the last ones */
    DAY = 86400,                /* seconds */
    NEWEST = 1790000000,        /* when the newest object was made: a day of 2026 */
    AGE_STEP = 4 * 3600 + 1234, /* seconds between two objects, or a little less */
    TOKEN_PART = 43             /* characters of 32 bytes in base64url */
};

uint64_t
mock_mix(uint64_t seed, uint64_t number)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15 * (number + 1);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

uint64_t
mock_hash(uint64_t seed, struct str text)
{
    uint64_t hash = 0xcbf29ce484222325 ^ seed;

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
    return mock_mix(hash, text.len);
}

/* A row of the table, as far as makers need it. */
struct range {
    int least, most;
};

typedef void maker_fn(struct buf *b, const struct mock_leaf *leaf, const struct range *range);

/* A number of the object's for one use, so that parts of it differ. */
static uint64_t
part(const struct mock_leaf *leaf, uint64_t use)
{
    return mock_mix(leaf->object, use);
}

/* --- numbers --- */

static int64_t
between(uint64_t number, const struct range *range)
{
    return range->least + (int64_t)(number % (uint64_t)((int64_t)range->most - range->least + 1));
}

static void
make_number(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    buf_int64(b, between(leaf->value, range));
}

/* With two digits behind the point. */
static void
make_decimal(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    int64_t whole = between(leaf->value, range), hundredths = (int64_t)(leaf->value >> 40) % 100;

    buf_printf(b, "%lld.%02lld", (long long)whole, (long long)hundredths);
}

/* In `least` of a hundred objects it is so. */
static void
make_boolean(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    json_bool(b, leaf->value % 100 < (uint64_t)range->least);
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

static void
make_first_name(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_put_c(b, first_name(leaf));
}

static void
make_last_name(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_put_c(b, last_name(leaf));
}

static void
make_full_name(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_printf(b, "%s %s", first_name(leaf), last_name(leaf));
}

/* Unique, since the id is in it. */
static void
make_username(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    for (const char *c = first_name(leaf); *c; c++)
        buf_byte(b, (char)tolower((unsigned char)*c));
    buf_int64(b, leaf->id ? leaf->id : (int64_t)(leaf->object % 1000));
}

static void
make_email(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    make_username(b, leaf, range);
    buf_put_c(b, "@example.org");
}

/* A number of the range that is kept for such purposes. */
static void
make_phone(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_printf(b, "+1 202 555 01%02d", (int)(leaf->value % 100));
}

/* --- texts --- */

static void
put_sentence(struct buf *b, uint64_t number)
{
    buf_printf(b, "%s %s %s", mock_word(&mock_subjects, mock_mix(number, 1)),
               mock_word(&mock_verbs, mock_mix(number, 2)),
               mock_word(&mock_objects, mock_mix(number, 3)));
}

static void
make_title(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    put_sentence(b, part(leaf, 3));
}

/* From `least` to `most` sentences. */
static void
make_sentences(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    int64_t count = between(mock_mix(leaf->value, 0), range);

    for (int64_t i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? " " : "");
        put_sentence(b, mock_mix(leaf->value, (uint64_t)i + 1));
        buf_byte(b, '.');
    }
}

/* `Quiet harbour`: of the object, for what has a name and is nobody. */
static void
make_name(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
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

static void
make_slug(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    put_slug(b, leaf);
}

static void
make_url(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    static const char *const hosts[] = { "example.org", "www.example.com", "blog.example.net",
                                         "news.example.org", "docs.example.com" };

    (void)range;
    buf_printf(b, "https://%s/", hosts[part(leaf, 6) % (sizeof(hosts) / sizeof(hosts[0]))]);
    put_slug(b, leaf);
}

/* A picture that is there wherever the page is: an SVG of one colour with a letter. */
static void
make_image(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_printf(b,
               "data:image/svg+xml,%%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'"
               "%%3E%%3Crect width='9' height='9' fill='%%23%s'/%%3E%%3Ctext x='2' y='7' "
               "fill='white' font-size='7'%%3E%c%%3C/text%%3E%%3C/svg%%3E",
               mock_word(&mock_colours, part(leaf, 7)) + 1, first_name(leaf)[0]);
}

/* --- times --- */

/* When the object was made: the later its id, the later; the time of a thing that is no
 * beginning comes a little later than that. */
static int64_t
find_time(const struct mock_leaf *leaf, const struct range *range)
{
    int64_t age = leaf->id && leaf->id <= leaf->count ? leaf->count - leaf->id : 0;
    int64_t time = NEWEST - age * AGE_STEP;

    if (!leaf->id)
        time -= (int64_t)(leaf->object % (400 * DAY));
    return time + (int64_t)(part(leaf, 8) % 3600) + between(leaf->value, range);
}

static void
put_time(struct buf *b, const struct mock_leaf *leaf, const struct range *range, const char *format)
{
    time_t time = (time_t)find_time(leaf, range);
    struct tm parts;
    char text[40];

    gmtime_r(&time, &parts);
    buf_put(b, (struct str){ text, strftime(text, sizeof(text), format, &parts) });
}

static void
make_date_time(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    put_time(b, leaf, range, "%Y-%m-%dT%H:%M:%S.000Z");
}

static void
make_date(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    put_time(b, leaf, range, "%Y-%m-%d");
}

static void
make_time(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    put_time(b, leaf, range, "%H:%M:%SZ");
}

static void
make_unix_time(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    buf_int64(b, find_time(leaf, range));
}

/* --- words and codes --- */

static void
make_word(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    static const struct mock_words *const lists[] = {
        &mock_cities,     &mock_countries, &mock_companies,  &mock_tags,     &mock_colours,
        &mock_currencies, &mock_languages, &mock_time_zones, &mock_statuses,
    };

    buf_put_c(b, mock_word(lists[range->least], leaf->value));
}

/* What make_word() takes as `least`: the place of a list. */
enum { CITY, COUNTRY, COMPANY, TAG, COLOUR, CURRENCY, LANGUAGE, TIME_ZONE, STATUS };

static void
make_address(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_printf(b, "%s %d", mock_word(&mock_streets, part(leaf, 9)), (int)(leaf->value % 120) + 1);
}

static void
make_postcode(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_printf(b, "%05d", (int)(leaf->value % 90000) + 10000);
}

static void
make_uuid(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    uint64_t high = mock_mix(leaf->value, 1), low = mock_mix(leaf->value, 2);

    (void)range;
    buf_printf(b, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
               (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
               (unsigned)(0x8000 | (low >> 48 & 0x3fff)),
               (unsigned long long)(low & 0xffffffffffff));
}

/* `least` hexadecimal digits. */
static void
make_digest(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    for (int i = 0; i < range->least; i++)
        buf_byte(b, "0123456789abcdef"[mock_mix(leaf->value, (uint64_t)i) % 16]);
}

/* Three parts in base64url, as a JSON Web Token has them; it is signed by nobody. */
static void
make_token(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    (void)range;
    buf_put_c(b, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ");
    for (uint64_t i = 0; i < 2 * TOKEN_PART; i++) {
        if (i == TOKEN_PART)
            buf_byte(b, '.');
        buf_byte(b, digits[mock_mix(leaf->value, i) % 64]);
    }
}

static void
make_version(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_printf(b, "%d.%d.%d", (int)(leaf->value % 9) + 1, (int)(leaf->value >> 8) % 20 & 15,
               (int)(leaf->value >> 16) & 7);
}

static void
make_address_of_host(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_printf(b, "192.0.2.%d", (int)(leaf->value % 254) + 1); /* RFC 5737 */
}

static void
make_object(struct buf *b, const struct mock_leaf *leaf, const struct range *range)
{
    (void)range;
    buf_put_c(b, "{\"username\":\"");
    make_username(b, leaf, range);
    buf_put_c(b, "\"}");
}

/* --- the table --- */

enum form { TEXT = 1, INT = 2, FLOAT = 4, BOOLEAN = 8, JSON = 16 };
enum { NUMBER = INT | FLOAT };

/* clang-format off */

/* Words that end the field's name; words that end the name of the object's type, or NULL for
 * any; the forms that its values have; the maker, and its range. */
static const struct row {
    const char *words;
    const char *type;
    unsigned forms;
    maker_fn *make;
    struct range range;
} rows[] = {
    { "first_name", NULL, TEXT, make_first_name, { 0, 0 } },
    { "given_name", NULL, TEXT, make_first_name, { 0, 0 } },
    { "last_name", NULL, TEXT, make_last_name, { 0, 0 } },
    { "family_name", NULL, TEXT, make_last_name, { 0, 0 } },
    { "surname", NULL, TEXT, make_last_name, { 0, 0 } },
    { "full_name", NULL, TEXT, make_full_name, { 0, 0 } },
    { "display_name", NULL, TEXT, make_full_name, { 0, 0 } },
    { "author_name", NULL, TEXT, make_full_name, { 0, 0 } },
    { "user_name", NULL, TEXT, make_username, { 0, 0 } },
    { "username", NULL, TEXT, make_username, { 0, 0 } },
    { "login", NULL, TEXT, make_username, { 0, 0 } },
    { "handle", NULL, TEXT, make_username, { 0, 0 } },
    { "nickname", NULL, TEXT, make_username, { 0, 0 } },
    { "company_name", NULL, TEXT, make_word, { COMPANY, 0 } },
    { "name", "user", TEXT, make_full_name, { 0, 0 } },
    { "name", "person", TEXT, make_full_name, { 0, 0 } },
    { "name", "author", TEXT, make_full_name, { 0, 0 } },
    { "name", "customer", TEXT, make_full_name, { 0, 0 } },
    { "name", "employee", TEXT, make_full_name, { 0, 0 } },
    { "name", "member", TEXT, make_full_name, { 0, 0 } },
    { "name", "company", TEXT, make_word, { COMPANY, 0 } },
    { "name", "organization", TEXT, make_word, { COMPANY, 0 } },
    { "name", "city", TEXT, make_word, { CITY, 0 } },
    { "name", "country", TEXT, make_word, { COUNTRY, 0 } },
    { "name", "tag", TEXT, make_word, { TAG, 0 } },
    { "name", "category", TEXT, make_word, { TAG, 0 } },
    { "name", NULL, TEXT, make_name, { 0, 0 } },
    { "author", NULL, TEXT, make_full_name, { 0, 0 } },
    { "email", NULL, TEXT, make_email, { 0, 0 } },
    { "email_address", NULL, TEXT, make_email, { 0, 0 } },
    { "phone", NULL, TEXT, make_phone, { 0, 0 } },
    { "phone_number", NULL, TEXT, make_phone, { 0, 0 } },
    { "avatar", NULL, TEXT, make_image, { 0, 0 } },
    { "avatar_url", NULL, TEXT, make_image, { 0, 0 } },
    { "image", NULL, TEXT, make_image, { 0, 0 } },
    { "image_url", NULL, TEXT, make_image, { 0, 0 } },
    { "photo", NULL, TEXT, make_image, { 0, 0 } },
    { "picture", NULL, TEXT, make_image, { 0, 0 } },
    { "thumbnail", NULL, TEXT, make_image, { 0, 0 } },
    { "url", NULL, TEXT, make_url, { 0, 0 } },
    { "uri", NULL, TEXT, make_url, { 0, 0 } },
    { "href", NULL, TEXT, make_url, { 0, 0 } },
    { "website", NULL, TEXT, make_url, { 0, 0 } },
    { "homepage", NULL, TEXT, make_url, { 0, 0 } },
    { "link", NULL, TEXT, make_url, { 0, 0 } },
    { "slug", NULL, TEXT, make_slug, { 0, 0 } },
    { "title", NULL, TEXT, make_title, { 0, 0 } },
    { "headline", NULL, TEXT, make_title, { 0, 0 } },
    { "subject", NULL, TEXT, make_title, { 0, 0 } },
    { "description", NULL, TEXT, make_sentences, { 1, 1 } },
    { "summary", NULL, TEXT, make_sentences, { 1, 2 } },
    { "excerpt", NULL, TEXT, make_sentences, { 1, 2 } },
    { "comment", NULL, TEXT, make_sentences, { 1, 3 } },
    { "message", NULL, TEXT, make_sentences, { 1, 1 } },
    { "bio", NULL, TEXT, make_sentences, { 1, 2 } },
    { "about", NULL, TEXT, make_sentences, { 1, 2 } },
    { "body", NULL, TEXT, make_sentences, { 3, 6 } },
    { "content", NULL, TEXT, make_sentences, { 3, 6 } },
    { "text", NULL, TEXT, make_sentences, { 1, 3 } },
    { "city", NULL, TEXT, make_word, { CITY, 0 } },
    { "country", NULL, TEXT, make_word, { COUNTRY, 0 } },
    { "company", NULL, TEXT, make_word, { COMPANY, 0 } },
    { "organization", NULL, TEXT, make_word, { COMPANY, 0 } },
    { "address", NULL, TEXT, make_address, { 0, 0 } },
    { "street", NULL, TEXT, make_address, { 0, 0 } },
    { "postcode", NULL, TEXT, make_postcode, { 0, 0 } },
    { "postal_code", NULL, TEXT, make_postcode, { 0, 0 } },
    { "zip", NULL, TEXT, make_postcode, { 0, 0 } },
    { "tag", NULL, TEXT, make_word, { TAG, 0 } },
    { "tags", NULL, TEXT, make_word, { TAG, 0 } },
    { "topic", NULL, TEXT, make_word, { TAG, 0 } },
    { "category", NULL, TEXT, make_word, { TAG, 0 } },
    { "keywords", NULL, TEXT, make_word, { TAG, 0 } },
    { "color", NULL, TEXT, make_word, { COLOUR, 0 } },
    { "colour", NULL, TEXT, make_word, { COLOUR, 0 } },
    { "currency", NULL, TEXT, make_word, { CURRENCY, 0 } },
    { "language", NULL, TEXT, make_word, { LANGUAGE, 0 } },
    { "locale", NULL, TEXT, make_word, { LANGUAGE, 0 } },
    { "timezone", NULL, TEXT, make_word, { TIME_ZONE, 0 } },
    { "time_zone", NULL, TEXT, make_word, { TIME_ZONE, 0 } },
    { "status", NULL, TEXT, make_word, { STATUS, 0 } },
    { "state", NULL, TEXT, make_word, { STATUS, 0 } },
    { "uuid", NULL, TEXT, make_uuid, { 0, 0 } },
    { "token", NULL, TEXT, make_token, { 0, 0 } },
    { "hash", NULL, TEXT, make_digest, { 40, 0 } },
    { "sha", NULL, TEXT, make_digest, { 40, 0 } },
    { "version", NULL, TEXT, make_version, { 0, 0 } },
    { "ip", NULL, TEXT, make_address_of_host, { 0, 0 } },
    { "payload", NULL, JSON, make_object, { 0, 0 } },
    { "birthday", NULL, TEXT, make_date, { -40 * 365 * DAY, -20 * 365 * DAY } },
    { "birth_date", NULL, TEXT, make_date, { -40 * 365 * DAY, -20 * 365 * DAY } },
    { "created_at", NULL, TEXT, make_date_time, { 0, 0 } },
    { "created", NULL, TEXT, make_date_time, { 0, 0 } },
    { "date_joined", NULL, TEXT, make_date_time, { 0, 0 } },
    { "last_login", NULL, TEXT, make_date_time, { DAY, 9 * DAY } },
    { "date", NULL, TEXT, make_date, { 0, 0 } },
    { "time", NULL, TEXT, make_date_time, { 0, 2 * DAY } },
    { "timestamp", NULL, TEXT, make_date_time, { 0, 2 * DAY } },
    { "at", NULL, TEXT, make_date_time, { 0, 2 * DAY } },
    { "on", NULL, TEXT, make_date, { 0, 2 * DAY } },
    { "created_at", NULL, NUMBER, make_unix_time, { 0, 0 } },
    { "at", NULL, NUMBER, make_unix_time, { 0, 2 * DAY } },
    { "timestamp", NULL, NUMBER, make_unix_time, { 0, 2 * DAY } },
    { "time", NULL, NUMBER, make_unix_time, { 0, 2 * DAY } },
    { "exp", NULL, NUMBER, make_unix_time, { DAY, DAY } },
    { "expires", NULL, NUMBER, make_unix_time, { DAY, DAY } },
    { "expires_in", NULL, NUMBER, make_unix_time, { 7 * DAY, 7 * DAY } },
    { "age", NULL, NUMBER, make_number, { 18, 80 } },
    { "year", NULL, NUMBER, make_number, { 1995, 2026 } },
    { "month", NULL, NUMBER, make_number, { 1, 12 } },
    { "day", NULL, NUMBER, make_number, { 1, 28 } },
    { "rating", NULL, INT, make_number, { 1, 5 } },
    { "rating", NULL, FLOAT, make_decimal, { 1, 4 } },
    { "stars", NULL, NUMBER, make_number, { 0, 900 } },
    { "score", NULL, NUMBER, make_number, { 0, 400 } },
    { "points", NULL, NUMBER, make_number, { 0, 400 } },
    { "count", NULL, NUMBER, make_number, { 0, 200 } },
    { "total", NULL, NUMBER, make_number, { 0, 2000 } },
    { "percent", NULL, NUMBER, make_number, { 0, 100 } },
    { "price", NULL, INT, make_number, { 1, 300 } },
    { "price", NULL, FLOAT, make_decimal, { 1, 300 } },
    { "amount", NULL, FLOAT, make_decimal, { 1, 900 } },
    { "cost", NULL, FLOAT, make_decimal, { 1, 900 } },
    { "cents", NULL, INT, make_number, { 99, 29999 } },
    { "quantity", NULL, NUMBER, make_number, { 1, 12 } },
    { "width", NULL, NUMBER, make_number, { 320, 1920 } },
    { "height", NULL, NUMBER, make_number, { 240, 1080 } },
    { "size", NULL, NUMBER, make_number, { 1000, 900000 } },
    { "duration", NULL, NUMBER, make_number, { 20, 7200 } },
    { "latitude", NULL, FLOAT, make_decimal, { -60, 70 } },
    { "lat", NULL, FLOAT, make_decimal, { -60, 70 } },
    { "longitude", NULL, FLOAT, make_decimal, { -179, 179 } },
    { "lng", NULL, FLOAT, make_decimal, { -179, 179 } },
    { "position", NULL, NUMBER, make_number, { 1, 30 } },
    { "success", NULL, BOOLEAN, make_boolean, { 100, 0 } },
    { "ok", NULL, BOOLEAN, make_boolean, { 100, 0 } },
    { "active", NULL, BOOLEAN, make_boolean, { 90, 0 } },
    { "enabled", NULL, BOOLEAN, make_boolean, { 90, 0 } },
    { "verified", NULL, BOOLEAN, make_boolean, { 80, 0 } },
    { "published", NULL, BOOLEAN, make_boolean, { 80, 0 } },
    { "deleted", NULL, BOOLEAN, make_boolean, { 3, 0 } },
    { "disabled", NULL, BOOLEAN, make_boolean, { 3, 0 } },
    { "archived", NULL, BOOLEAN, make_boolean, { 10, 0 } },
    { "private", NULL, BOOLEAN, make_boolean, { 20, 0 } },
    { "admin", NULL, BOOLEAN, make_boolean, { 5, 0 } },
    { "staff", NULL, BOOLEAN, make_boolean, { 5, 0 } },
    /* What nothing is known of. */
    { "", NULL, TEXT, make_name, { 0, 0 } },
    { "", NULL, NUMBER, make_number, { 0, 1000 } },
    { "", NULL, BOOLEAN, make_boolean, { 50, 0 } },
    { "", NULL, JSON, make_object, { 0, 0 } },
};

/* Scalars: the form that they show, and words that are looked up in place of the field's
 * name, or a maker that takes the range alone from there. */
static const struct scalar_row {
    const char *scalar;
    unsigned form;
    const char *words;
    maker_fn *make;
} scalars[] = {
    { "String", TEXT, NULL, NULL },
    { "ID", TEXT, NULL, NULL },
    { "Int", INT, NULL, NULL },
    { "Float", FLOAT, NULL, NULL },
    { "Boolean", BOOLEAN, NULL, NULL },
    { "DateTime", TEXT, NULL, make_date_time },
    { "Timestamp", TEXT, NULL, make_date_time },
    { "Date", TEXT, NULL, make_date },
    { "Time", TEXT, NULL, make_time },
    { "URL", TEXT, "url", NULL },
    { "Url", TEXT, "url", NULL },
    { "URI", TEXT, "url", NULL },
    { "EmailAddress", TEXT, "email", NULL },
    { "Email", TEXT, "email", NULL },
    { "UUID", TEXT, "uuid", NULL },
    { "JSON", JSON, NULL, NULL },
    { "JSONObject", JSON, NULL, NULL },
    { "GenericScalar", JSON, NULL, NULL },
    { "Any", JSON, NULL, NULL },
    { "BigInt", INT, NULL, NULL },
    { "Long", INT, NULL, NULL },
    { "Int64", INT, NULL, NULL },
    { "Decimal", FLOAT, NULL, NULL },
    { "PositiveInt", INT, NULL, NULL },
    { "NonNegativeInt", INT, NULL, NULL },
    { "PhoneNumber", TEXT, "phone", NULL },
    { "Markdown", TEXT, "body", NULL },
    { "HTML", TEXT, "body", NULL },
    { "Currency", TEXT, "currency", NULL },
    { "Locale", TEXT, "locale", NULL },
    { "TimeZone", TEXT, "time_zone", NULL },
};

/* clang-format on */

/* The name's words, `createdAt` as `created_at`: the last NAME_LENGTH bytes of them. */
static struct str
read_words(char words[NAME_LENGTH], struct str name)
{
    char reversed[NAME_LENGTH];
    size_t len = 0;

    for (size_t i = name.len; i > 0 && len + 1 < NAME_LENGTH; i--) {
        unsigned char c = (unsigned char)name.ptr[i - 1];
        bool begins = i > 1 && isupper(c) && !isupper((unsigned char)name.ptr[i - 2]) &&
                      name.ptr[i - 2] != '_';
        reversed[len++] = (char)tolower(c);
        if (begins)
            reversed[len++] = '_';
    }
    for (size_t i = 0; i < len; i++)
        words[i] = reversed[len - 1 - i];
    return (struct str){ words, len };
}

/* Do the words end in those of the pattern? */
static bool
ends_in(struct str words, const char *pattern)
{
    size_t len = strlen(pattern);

    return str_ends_with(words, str_from(pattern)) &&
           (len == 0 || len == words.len || words.ptr[words.len - len - 1] == '_');
}

static const struct row *
find_row(struct str words, struct str type_words, unsigned form)
{
    const struct row *found = NULL;

    for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(rows[0]); row++) {
        if (found && strlen(row->words) <= strlen(found->words))
            continue;
        if (row->forms & form && ends_in(words, row->words) &&
            (!row->type || ends_in(type_words, row->type)))
            found = row;
    }
    assert(found); /* the last rows take everything */
    return found;
}

static const struct scalar_row *
find_scalar(struct str name)
{
    static const struct scalar_row custom = { NULL, TEXT, NULL, NULL };

    for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++)
        if (str_is(name, scalars[i].scalar))
            return &scalars[i];
    return &custom;
}

static bool
is_time(maker_fn *make)
{
    return make == make_date_time || make == make_date || make == make_time;
}

void
mock_leaf_write(struct buf *b, const struct mock_leaf *leaf)
{
    static const struct range none = { 0, 0 };
    char words[NAME_LENGTH], type_words[NAME_LENGTH];
    const struct scalar_row *scalar = find_scalar(leaf->scalar->name);
    const struct row *row =
        find_row(scalar->words ? str_from(scalar->words) : read_words(words, leaf->field_name),
                 read_words(type_words, leaf->type_name), scalar->form);
    struct buf text = { 0 };

    if (scalar->make)
        scalar->make(&text, leaf, is_time(row->make) ? &row->range : &none);
    else
        row->make(&text, leaf, &row->range);
    if (scalar->form == TEXT)
        json_string(b, buf_str(&text));
    else
        buf_put(b, buf_str(&text));
    buf_free(&text);
}
