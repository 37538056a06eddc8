/*
 * value_json.c - values from JSON (RFC 8259), of a kind that cannot be read in two ways.
 *
 * The text is copied once.  In the copy a string is unescaped where it stands, which never needs
 * more room than its spelling did, and its closing quote becomes the NUL after it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "value/value_json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "value/value.h"

struct reader {
    struct arena *arena;
    char *text; /* the copy */
    size_t len, at;
    const struct value_json_bounds *bounds;
    struct value_json_fault *fault;
    int depth;
    int values;
    struct buf names; /* an array of struct str: of the members of the open objects */
};

static bool read_value(struct reader *r, struct value *value);

static bool
fail(struct reader *r, size_t offset, const char *message)
{
    *r->fault = (struct value_json_fault){ .message = message, .offset = offset };
    return false;
}

static bool
exceed(struct reader *r, const char *message, const char *limit, int64_t maximum)
{
    *r->fault = (struct value_json_fault){ message, r->at, limit, maximum };
    return false;
}

static int
peek(const struct reader *r)
{
    return r->at < r->len ? (unsigned char)r->text[r->at] : -1;
}

/* What has not been read. */
static struct str
rest_of(const struct reader *r)
{
    return (struct str){ r->text + r->at, r->len - r->at };
}

static void
skip_space(struct reader *r)
{
    for (int c; (c = peek(r)) == ' ' || c == '\t' || c == '\n' || c == '\r';)
        r->at++;
}

/* --- strings --- */

/* The four hexadecimal digits at `at`; -1 if there are no four. */
static int32_t
find_hex(const struct reader *r, size_t at)
{
    int32_t code = 0;

    if (r->len - at < 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        int digit = str_hex_digit((unsigned char)r->text[i]);
        if (digit < 0)
            return -1;
        code = code << 4 | digit;
    }
    return code;
}

/* The low half of a surrogate pair, `\uXXXX` at `r->at`; -1 if there is none. */
static int32_t
find_low_surrogate(const struct reader *r)
{
    int32_t low = str_starts_with(rest_of(r), STR("\\u")) ? find_hex(r, r->at + 2) : -1;

    return low >= 0xDC00 && low <= 0xDFFF ? low : -1;
}

/* `\uXXXX`, or two of them for a surrogate pair; `r->at` is after the `u`.  Write at `*to`, and
 * move it on. */
static bool
read_unicode(struct reader *r, bool is_lenient, char **to)
{
    size_t start = r->at - 2;
    int32_t code = find_hex(r, r->at), low = -1;

    if (code < 0)
        return fail(r, start, "A \\u in a string needs four hexadecimal digits.");
    r->at += 4;
    if (code >= 0xD800 && code <= 0xDBFF)
        low = find_low_surrogate(r);
    if (low >= 0) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        r->at += 6;
    }
    if (code >= 0xD800 && code <= 0xDFFF && !is_lenient)
        return fail(r, start, "A string contains a lone surrogate.");
    if (code == 0 && !is_lenient)
        return fail(r, start, "A string must not contain U+0000.");
    *to += utf8_encode((uint32_t)code, *to);
    return true;
}

static bool
read_escape(struct reader *r, bool is_lenient, char **to)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    int c = peek(r);

    if (c < 0)
        return fail(r, r->at, "A string is not terminated.");
    r->at++;
    if (c == 'u')
        return read_unicode(r, is_lenient, to);
    const char *letter = memchr(letters, c, sizeof(letters) - 1);
    if (!letter)
        return fail(r, r->at - 2, "A string contains an invalid escape sequence.");
    *(*to)++ = meanings[letter - letters];
    return true;
}

/* Read the string at the quote. */
static bool
read_string(struct reader *r, struct str *out)
{
    bool is_lenient = r->bounds->any_text;
    size_t start = r->at++;
    char *to = r->text + r->at; /* never beyond what has been read */

    out->ptr = to;
    for (;;) {
        const char *from = r->text + r->at;
        int c;
        while ((c = peek(r)) >= 0x20 && c != '"' && c != '\\')
            r->at++;
        size_t len = (size_t)(r->text + r->at - from);
        if (to != from)
            memmove(to, from, len);
        to += len;
        if (r->at - start > r->bounds->string)
            return exceed(r, "A string is too long.", "json_string", (int64_t)r->bounds->string);
        if (c < 0)
            return fail(r, start, "A string is not terminated.");
        if (c < 0x20)
            return fail(r, r->at, "A control character in a string must be escaped.");
        r->at++;
        if (c == '"')
            break;
        if (!read_escape(r, is_lenient, &to))
            return false;
    }
    assert(to < r->text + r->at);
    *to = '\0';
    out->len = (size_t)(to - out->ptr);
    return true;
}

/* --- numbers and words --- */

static bool
skip_digits(struct reader *r)
{
    size_t start = r->at;

    while (str_is_digit(peek(r)))
        r->at++;
    return r->at > start;
}

static bool
read_number(struct reader *r, struct value *value)
{
    size_t start = r->at;
    bool is_good;

    value->kind = VALUE_INT;
    if (peek(r) == '-')
        r->at++;
    if (peek(r) == '0') {
        r->at++;
        is_good = !str_is_digit(peek(r));
    } else {
        is_good = skip_digits(r);
    }
    if (is_good && peek(r) == '.') {
        value->kind = VALUE_FLOAT;
        r->at++;
        is_good = skip_digits(r);
    }
    if (is_good && (peek(r) | 0x20) == 'e') {
        value->kind = VALUE_FLOAT;
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        is_good = skip_digits(r);
    }
    if (!is_good)
        return fail(r, start, "A number is malformed.");
    if (r->at - start > r->bounds->number)
        return exceed(r, "A number is too long.", "json_number", (int64_t)r->bounds->number);
    value->text = str_copy(r->arena, (struct str){ r->text + start, r->at - start });
    return true;
}

static bool
read_word(struct reader *r, struct str word)
{
    if (!str_starts_with(rest_of(r), word))
        return fail(r, r->at, "Expected a value.");
    r->at += word.len;
    return true;
}

/* --- arrays and objects --- */

static int
compare_names(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Are the names from byte `first` of the array on all different?  Sorting keeps it n log n. */
static bool
check_names(struct reader *r, size_t first, size_t object_start)
{
    struct str *names = (struct str *)(void *)(r->names.ptr + first);
    size_t count = (r->names.len - first) / sizeof(struct str);

    qsort(names, count, sizeof(struct str), compare_names);
    for (size_t i = 1; i < count; i++)
        if (str_equal(names[i - 1], names[i]))
            return fail(r, object_start, "An object has two members of the same name.");
    return true;
}

/* "name" : value */
static bool
read_member(struct reader *r, struct value *value)
{
    if (peek(r) != '"')
        return fail(r, r->at, "Expected a name.");
    if (!read_string(r, &value->name))
        return false;
    buf_put(&r->names, (struct str){ (const char *)&value->name, sizeof(value->name) });
    skip_space(r);
    if (peek(r) != ':')
        return fail(r, r->at, "Expected a colon.");
    r->at++;
    return read_value(r, value);
}

/* The items between the brackets: `read_item` reads one of them. */
static bool
read_items(struct reader *r, struct value *parent, int close,
           bool (*read_item)(struct reader *r, struct value *item))
{
    struct value **end = &parent->items;

    r->at++;
    skip_space(r);
    if (peek(r) == close) {
        r->at++;
        return true;
    }
    for (;;) {
        struct value *item = ARENA_NEW(r->arena, struct value);
        skip_space(r);
        if (!read_item(r, item))
            return false;
        *end = item;
        end = &item->next;
        parent->count++;
        skip_space(r);
        int c = peek(r);
        if (c != close && c != ',')
            return fail(r, r->at, "Expected a comma or the closing bracket.");
        r->at++;
        if (c == close)
            return true;
    }
}

static bool
read_object(struct reader *r, struct value *value)
{
    size_t start = r->at, names = r->names.len;

    value->kind = VALUE_OBJECT;
    if (!read_items(r, value, '}', read_member))
        return false;
    if (value->count > 1 && !check_names(r, names, start))
        return false;
    buf_truncate(&r->names, names);
    return true;
}

static bool
read_array(struct reader *r, struct value *value)
{
    value->kind = VALUE_LIST;
    return read_items(r, value, ']', read_value);
}

static bool
read_nested(struct reader *r, struct value *value,
            bool (*read)(struct reader *r, struct value *value))
{
    if (r->depth == r->bounds->depth)
        return exceed(r, "The JSON is nested too deeply.", "json_depth", r->bounds->depth);
    r->depth++;
    bool is_good = read(r, value);
    r->depth--;
    return is_good;
}

/* Fill in a value, all but `name` and `next`. */
static bool
read_value(struct reader *r, struct value *value)
{
    skip_space(r);
    if (r->values++ == r->bounds->values)
        return exceed(r, "The JSON has too many values.", "json_values", r->bounds->values);
    switch (peek(r)) {
    case '{':
        return read_nested(r, value, read_object);
    case '[':
        return read_nested(r, value, read_array);
    case '"':
        value->kind = VALUE_STRING;
        return read_string(r, &value->text);
    case 't':
        value->kind = VALUE_BOOLEAN;
        value->boolean = true;
        return read_word(r, STR("true"));
    case 'f':
        value->kind = VALUE_BOOLEAN;
        return read_word(r, STR("false"));
    case 'n':
        value->kind = VALUE_NULL;
        return read_word(r, STR("null"));
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return read_number(r, value);
    }
    return fail(r, r->at, "Expected a value.");
}

const struct value *
value_json_read(struct arena *a, struct str text, const struct value_json_bounds *bounds,
                struct value_json_fault *fault)
{
    struct reader r = { .arena = a, .len = text.len, .bounds = bounds, .fault = fault };
    size_t bad = utf8_check(text);

    if (bad < text.len) {
        (void)fail(&r, bad, "The text is not valid UTF-8.");
        return NULL;
    }
    r.text = ARENA_ARRAY(a, char, text.len + 1);
    memcpy(r.text, text.ptr, text.len);
    struct value *value = ARENA_NEW(a, struct value);
    bool is_good = read_value(&r, value);
    skip_space(&r);
    if (is_good && r.at < r.len)
        is_good = fail(&r, r.at, "There is text after the JSON value.");
    assert(!is_good || (r.depth == 0 && r.names.len == 0));
    buf_free(&r.names);
    return is_good ? value : NULL;
}

/* Report why a text was refused. */
static void
report(struct errors *errors, const struct value_json_fault *fault)
{
    if (fault->limit)
        errors_add_limit(errors, fault->limit, fault->maximum, "%s", fault->message);
    else
        errors_add(errors, ERROR_BAD_REQUEST, "%s (byte %zu of the JSON text)", fault->message,
                   fault->offset);
}

static const struct value *
parse(struct arena *a, struct str text, const struct limits *limits, bool any_text,
      struct errors *errors)
{
    const struct value_json_bounds bounds = {
        .depth = limits->json_depth,
        .values = limits->json_values,
        .string = (size_t)limits->json_string,
        .number = (size_t)limits->json_number,
        .any_text = any_text,
    };
    struct value_json_fault fault;
    const struct value *value = value_json_read(a, text, &bounds, &fault);

    if (!value)
        report(errors, &fault);
    return value;
}

const struct value *
value_json_parse(struct arena *a, struct str text, const struct limits *limits,
                 struct errors *errors)
{
    return parse(a, text, limits, false, errors);
}

const struct value *
value_json_parse_any_text(struct arena *a, struct str text, const struct limits *limits,
                          struct errors *errors)
{
    return parse(a, text, limits, true, errors);
}
