/*
 * mock_leaf.c - made-up values of scalars, by their names.
 *
 * A table of makers: the row with the longest words that end the field's name, and with a
 * form that the scalar has, makes the value.  Values that belong together, such as a
 * person's name, username and address, are made from the object's number alone, so that
 * they fit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock_scalar/mock_leaf.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "mock_scalar/mock_make.h"

enum { NAME_LENGTH = 64 }; /* bytes of a field's name that are looked at: the last ones */

/* --- the table --- */

enum form { TEXT = 1, INT = 2, FLOAT = 4, BOOLEAN = 8, JSON = 16 };
enum { NUMBER = INT | FLOAT };

/* clang-format off */

/* Words that end the field's name; words that end the name of the object's type, or NULL for
 * any; the forms that its values have; the maker, and its range. */
static const struct maker_row {
    const char *words;
    const char *type;
    unsigned forms;
    mock_make_fn *make;
    struct mock_range range;
} rows[] = {
    { "first_name", NULL, TEXT, mock_make_first_name, { 0, 0 } },
    { "given_name", NULL, TEXT, mock_make_first_name, { 0, 0 } },
    { "last_name", NULL, TEXT, mock_make_last_name, { 0, 0 } },
    { "family_name", NULL, TEXT, mock_make_last_name, { 0, 0 } },
    { "surname", NULL, TEXT, mock_make_last_name, { 0, 0 } },
    { "full_name", NULL, TEXT, mock_make_full_name, { 0, 0 } },
    { "display_name", NULL, TEXT, mock_make_full_name, { 0, 0 } },
    { "author_name", NULL, TEXT, mock_make_full_name, { 0, 0 } },
    { "user_name", NULL, TEXT, mock_make_username, { 0, 0 } },
    { "username", NULL, TEXT, mock_make_username, { 0, 0 } },
    { "login", NULL, TEXT, mock_make_username, { 0, 0 } },
    { "handle", NULL, TEXT, mock_make_username, { 0, 0 } },
    { "nickname", NULL, TEXT, mock_make_username, { 0, 0 } },
    { "company_name", NULL, TEXT, mock_make_word, { COMPANY, 0 } },
    { "name", "user", TEXT, mock_make_full_name, { 0, 0 } },
    { "name", "person", TEXT, mock_make_full_name, { 0, 0 } },
    { "name", "author", TEXT, mock_make_full_name, { 0, 0 } },
    { "name", "customer", TEXT, mock_make_full_name, { 0, 0 } },
    { "name", "employee", TEXT, mock_make_full_name, { 0, 0 } },
    { "name", "member", TEXT, mock_make_full_name, { 0, 0 } },
    { "name", "company", TEXT, mock_make_word, { COMPANY, 0 } },
    { "name", "organization", TEXT, mock_make_word, { COMPANY, 0 } },
    { "name", "city", TEXT, mock_make_word, { CITY, 0 } },
    { "name", "country", TEXT, mock_make_word, { COUNTRY, 0 } },
    { "name", "tag", TEXT, mock_make_word, { TAG, 0 } },
    { "name", "category", TEXT, mock_make_word, { TAG, 0 } },
    { "name", NULL, TEXT, mock_make_name, { 0, 0 } },
    { "author", NULL, TEXT, mock_make_full_name, { 0, 0 } },
    { "email", NULL, TEXT, mock_make_email, { 0, 0 } },
    { "email_address", NULL, TEXT, mock_make_email, { 0, 0 } },
    { "phone", NULL, TEXT, mock_make_phone, { 0, 0 } },
    { "phone_number", NULL, TEXT, mock_make_phone, { 0, 0 } },
    { "avatar", NULL, TEXT, mock_make_image, { 0, 0 } },
    { "avatar_url", NULL, TEXT, mock_make_image, { 0, 0 } },
    { "image", NULL, TEXT, mock_make_image, { 0, 0 } },
    { "image_url", NULL, TEXT, mock_make_image, { 0, 0 } },
    { "photo", NULL, TEXT, mock_make_image, { 0, 0 } },
    { "picture", NULL, TEXT, mock_make_image, { 0, 0 } },
    { "thumbnail", NULL, TEXT, mock_make_image, { 0, 0 } },
    { "url", NULL, TEXT, mock_make_url, { 0, 0 } },
    { "uri", NULL, TEXT, mock_make_url, { 0, 0 } },
    { "href", NULL, TEXT, mock_make_url, { 0, 0 } },
    { "website", NULL, TEXT, mock_make_url, { 0, 0 } },
    { "homepage", NULL, TEXT, mock_make_url, { 0, 0 } },
    { "link", NULL, TEXT, mock_make_url, { 0, 0 } },
    { "slug", NULL, TEXT, mock_make_slug, { 0, 0 } },
    { "title", NULL, TEXT, mock_make_title, { 0, 0 } },
    { "headline", NULL, TEXT, mock_make_title, { 0, 0 } },
    { "subject", NULL, TEXT, mock_make_title, { 0, 0 } },
    { "description", NULL, TEXT, mock_make_sentences, { 1, 1 } },
    { "summary", NULL, TEXT, mock_make_sentences, { 1, 2 } },
    { "excerpt", NULL, TEXT, mock_make_sentences, { 1, 2 } },
    { "comment", NULL, TEXT, mock_make_sentences, { 1, 3 } },
    { "message", NULL, TEXT, mock_make_sentences, { 1, 1 } },
    { "bio", NULL, TEXT, mock_make_sentences, { 1, 2 } },
    { "about", NULL, TEXT, mock_make_sentences, { 1, 2 } },
    { "body", NULL, TEXT, mock_make_sentences, { 3, 6 } },
    { "content", NULL, TEXT, mock_make_sentences, { 3, 6 } },
    { "text", NULL, TEXT, mock_make_sentences, { 1, 3 } },
    { "city", NULL, TEXT, mock_make_word, { CITY, 0 } },
    { "country", NULL, TEXT, mock_make_word, { COUNTRY, 0 } },
    { "company", NULL, TEXT, mock_make_word, { COMPANY, 0 } },
    { "organization", NULL, TEXT, mock_make_word, { COMPANY, 0 } },
    { "address", NULL, TEXT, mock_make_address, { 0, 0 } },
    { "street", NULL, TEXT, mock_make_address, { 0, 0 } },
    { "postcode", NULL, TEXT, mock_make_postcode, { 0, 0 } },
    { "postal_code", NULL, TEXT, mock_make_postcode, { 0, 0 } },
    { "zip", NULL, TEXT, mock_make_postcode, { 0, 0 } },
    { "tag", NULL, TEXT, mock_make_word, { TAG, 0 } },
    { "tags", NULL, TEXT, mock_make_word, { TAG, 0 } },
    { "topic", NULL, TEXT, mock_make_word, { TAG, 0 } },
    { "category", NULL, TEXT, mock_make_word, { TAG, 0 } },
    { "keywords", NULL, TEXT, mock_make_word, { TAG, 0 } },
    { "color", NULL, TEXT, mock_make_word, { COLOUR, 0 } },
    { "colour", NULL, TEXT, mock_make_word, { COLOUR, 0 } },
    { "currency", NULL, TEXT, mock_make_word, { CURRENCY, 0 } },
    { "language", NULL, TEXT, mock_make_word, { LANGUAGE, 0 } },
    { "locale", NULL, TEXT, mock_make_word, { LANGUAGE, 0 } },
    { "timezone", NULL, TEXT, mock_make_word, { TIME_ZONE, 0 } },
    { "time_zone", NULL, TEXT, mock_make_word, { TIME_ZONE, 0 } },
    { "status", NULL, TEXT, mock_make_word, { STATUS, 0 } },
    { "state", NULL, TEXT, mock_make_word, { STATUS, 0 } },
    { "uuid", NULL, TEXT, mock_make_uuid, { 0, 0 } },
    { "token", NULL, TEXT, mock_make_token, { 0, 0 } },
    { "hash", NULL, TEXT, mock_make_digest, { 40, 0 } },
    { "sha", NULL, TEXT, mock_make_digest, { 40, 0 } },
    { "version", NULL, TEXT, mock_make_version, { 0, 0 } },
    { "ip", NULL, TEXT, mock_make_address_of_host, { 0, 0 } },
    { "payload", NULL, JSON, mock_make_claims, { 0, 0 } },
    { "birthday", NULL, TEXT, mock_make_date, { -40 * 365 * DAY, -20 * 365 * DAY } },
    { "birth_date", NULL, TEXT, mock_make_date, { -40 * 365 * DAY, -20 * 365 * DAY } },
    { "created_at", NULL, TEXT, mock_make_date_time, { 0, 0 } },
    { "created", NULL, TEXT, mock_make_date_time, { 0, 0 } },
    { "date_joined", NULL, TEXT, mock_make_date_time, { 0, 0 } },
    { "last_login", NULL, TEXT, mock_make_date_time, { DAY, 9 * DAY } },
    { "date", NULL, TEXT, mock_make_date, { 0, 0 } },
    { "time", NULL, TEXT, mock_make_date_time, { 0, 2 * DAY } },
    { "timestamp", NULL, TEXT, mock_make_date_time, { 0, 2 * DAY } },
    { "at", NULL, TEXT, mock_make_date_time, { 0, 2 * DAY } },
    { "on", NULL, TEXT, mock_make_date, { 0, 2 * DAY } },
    { "created_at", NULL, NUMBER, mock_make_unix_time, { 0, 0 } },
    { "at", NULL, NUMBER, mock_make_unix_time, { 0, 2 * DAY } },
    { "timestamp", NULL, NUMBER, mock_make_unix_time, { 0, 2 * DAY } },
    { "time", NULL, NUMBER, mock_make_unix_time, { 0, 2 * DAY } },
    { "exp", NULL, NUMBER, mock_make_unix_time, { DAY, DAY } },
    { "expires", NULL, NUMBER, mock_make_unix_time, { DAY, DAY } },
    { "expires_in", NULL, NUMBER, mock_make_unix_time, { 7 * DAY, 7 * DAY } },
    { "age", NULL, NUMBER, mock_make_number, { 18, 80 } },
    { "year", NULL, NUMBER, mock_make_number, { 1995, 2026 } },
    { "month", NULL, NUMBER, mock_make_number, { 1, 12 } },
    { "day", NULL, NUMBER, mock_make_number, { 1, 28 } },
    { "rating", NULL, INT, mock_make_number, { 1, 5 } },
    { "rating", NULL, FLOAT, mock_make_decimal, { 1, 4 } },
    { "stars", NULL, NUMBER, mock_make_number, { 0, 900 } },
    { "score", NULL, NUMBER, mock_make_number, { 0, 400 } },
    { "points", NULL, NUMBER, mock_make_number, { 0, 400 } },
    { "count", NULL, NUMBER, mock_make_number, { 0, 200 } },
    { "total", NULL, NUMBER, mock_make_number, { 0, 2000 } },
    { "percent", NULL, NUMBER, mock_make_number, { 0, 100 } },
    { "price", NULL, INT, mock_make_number, { 1, 300 } },
    { "price", NULL, FLOAT, mock_make_decimal, { 1, 300 } },
    { "amount", NULL, FLOAT, mock_make_decimal, { 1, 900 } },
    { "cost", NULL, FLOAT, mock_make_decimal, { 1, 900 } },
    { "cents", NULL, INT, mock_make_number, { 99, 29999 } },
    { "quantity", NULL, NUMBER, mock_make_number, { 1, 12 } },
    { "width", NULL, NUMBER, mock_make_number, { 320, 1920 } },
    { "height", NULL, NUMBER, mock_make_number, { 240, 1080 } },
    { "size", NULL, NUMBER, mock_make_number, { 1000, 900000 } },
    { "duration", NULL, NUMBER, mock_make_number, { 20, 7200 } },
    { "temperature", NULL, FLOAT, mock_make_decimal, { -10, 35 } },
    { "latitude", NULL, FLOAT, mock_make_decimal, { -60, 70 } },
    { "lat", NULL, FLOAT, mock_make_decimal, { -60, 70 } },
    { "longitude", NULL, FLOAT, mock_make_decimal, { -179, 179 } },
    { "lng", NULL, FLOAT, mock_make_decimal, { -179, 179 } },
    { "position", NULL, NUMBER, mock_make_number, { 1, 30 } },
    { "success", NULL, BOOLEAN, mock_make_boolean, { 100, 0 } },
    { "ok", NULL, BOOLEAN, mock_make_boolean, { 100, 0 } },
    { "active", NULL, BOOLEAN, mock_make_boolean, { 90, 0 } },
    { "enabled", NULL, BOOLEAN, mock_make_boolean, { 90, 0 } },
    { "verified", NULL, BOOLEAN, mock_make_boolean, { 80, 0 } },
    { "published", NULL, BOOLEAN, mock_make_boolean, { 80, 0 } },
    { "deleted", NULL, BOOLEAN, mock_make_boolean, { 3, 0 } },
    { "disabled", NULL, BOOLEAN, mock_make_boolean, { 3, 0 } },
    { "archived", NULL, BOOLEAN, mock_make_boolean, { 10, 0 } },
    { "private", NULL, BOOLEAN, mock_make_boolean, { 20, 0 } },
    { "admin", NULL, BOOLEAN, mock_make_boolean, { 5, 0 } },
    { "staff", NULL, BOOLEAN, mock_make_boolean, { 5, 0 } },
    /* All other names. */
    { "", NULL, TEXT, mock_make_name, { 0, 0 } },
    { "", NULL, NUMBER, mock_make_number, { 0, 1000 } },
    { "", NULL, BOOLEAN, mock_make_boolean, { 50, 0 } },
    { "", NULL, JSON, mock_make_object, { 0, 0 } },
};

/* Scalars: their form; and words that replace the field's name, or a maker that replaces the
 * one of the field's name but keeps its range. */
static const struct scalar_row {
    const char *scalar;
    unsigned form;
    const char *words;
    mock_make_fn *make;
} scalars[] = {
    { "String", TEXT, NULL, NULL },
    { "ID", TEXT, NULL, NULL },
    { "Int", INT, NULL, NULL },
    { "Float", FLOAT, NULL, NULL },
    { "Boolean", BOOLEAN, NULL, NULL },
    { "DateTime", TEXT, NULL, mock_make_date_time },
    { "DateTimeMicros", TEXT, NULL, mock_make_date_time_micros },
    { "LocalDateTime", TEXT, NULL, mock_make_local_date_time },
    { "Timestamp", TEXT, NULL, mock_make_date_time },
    { "Date", TEXT, NULL, mock_make_date },
    { "Time", TEXT, NULL, mock_make_time },
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

static const struct maker_row *
find_maker(struct str words, struct str type_words, unsigned form)
{
    const struct maker_row *found = NULL;

    for (const struct maker_row *row = rows; row < rows + ARRAY_LENGTH(rows); row++) {
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

    for (size_t i = 0; i < ARRAY_LENGTH(scalars); i++)
        if (str_is(name, scalars[i].scalar))
            return &scalars[i];
    return &custom;
}

static bool
is_time(mock_make_fn *make)
{
    return make == mock_make_date_time || make == mock_make_date || make == mock_make_time;
}

void
mock_leaf_write(struct buf *b, const struct mock_leaf *leaf)
{
    static const struct mock_range none = { 0, 0 };
    char words[NAME_LENGTH], type_words[NAME_LENGTH];
    const struct scalar_row *scalar = find_scalar(leaf->scalar->name);
    const struct maker_row *row =
        find_maker(scalar->words ? str_from(scalar->words) : read_words(words, leaf->field_name),
                   read_words(type_words, leaf->type_name), scalar->form);
    struct buf text = { 0 };

    if (scalar->make)
        scalar->make(&text, leaf, is_time(row->make) ? &row->range : &none);
    else
        row->make(&text, leaf, &row->range);
    bool is_quoted =
        scalar->form & NUMBER && ast_find_directive(leaf->scalar->ast->directives, "quoted");
    if (scalar->form == TEXT || is_quoted)
        json_write_string(b, buf_str(&text));
    else
        buf_put(b, buf_str(&text));
    buf_free(&text);
}
