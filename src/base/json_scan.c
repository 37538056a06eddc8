/*
 * json_scan.c - is a text JSON, and JSON of a kind that cannot be read in two
 * ways (RFC 8259)?
 *
 * Libraries differ on duplicate names, lone surrogates, NUL, ill-formed UTF-8
 * and what follows a value; here all of that is refused, so that the library
 * behind cannot be made to see another text than a firewall before it.  The
 * scanner recurses no deeper than `bounds->depth`.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

/* A name of an open object, unescaped: a place in `names`. */
struct name {
    size_t start, len;
};

struct scanner {
    struct str text;
    size_t at;
    const struct json_bounds *bounds;
    struct json_fault *fault;
    int depth;
    int values;
    struct buf names; /* the bytes of the names of the open objects */
    struct buf list;  /* an array of struct name */
};

static bool scan_value(struct scanner *s);

static bool
scan_fail(struct scanner *s, size_t offset, const char *message)
{
    *s->fault = (struct json_fault){ .message = message, .offset = offset };
    return false;
}

static bool
scan_limit(struct scanner *s, const char *message, const char *limit, int64_t maximum)
{
    *s->fault = (struct json_fault){ message, s->at, limit, maximum };
    return false;
}

static int
scan_peek(const struct scanner *s)
{
    return s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : -1;
}

static void
scan_space(struct scanner *s)
{
    for (int c; (c = scan_peek(s)) == ' ' || c == '\t' || c == '\n' || c == '\r';)
        s->at++;
}

static bool
is_digit(int c)
{
    return c >= '0' && c <= '9';
}

/* Four hexadecimal digits at `at`; -1 when they are none. */
static int32_t
scan_hex(const struct scanner *s, size_t at)
{
    int32_t code = 0;

    if (s->text.len - at < 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        int c = (unsigned char)s->text.ptr[i];
        int letter = c | 0x20;
        int digit = is_digit(c) ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
        if (digit < 0)
            return -1;
        code = code << 4 | digit;
    }
    return code;
}

/* The low half of a surrogate pair, `\uXXXX` at `s->at`; -1 when there is none. */
static int32_t
scan_low_surrogate(const struct scanner *s)
{
    struct str rest = { s->text.ptr + s->at, s->text.len - s->at };
    int32_t low = str_starts_with(rest, STR("\\u")) ? scan_hex(s, s->at + 2) : -1;

    return low >= 0xDC00 && low <= 0xDFFF ? low : -1;
}

/* `\uXXXX`, or two of them for a surrogate pair; `s->at` is behind the `u`. */
static bool
scan_unicode(struct scanner *s, struct buf *out)
{
    size_t start = s->at - 2;
    int32_t code = scan_hex(s, s->at), low = -1;
    /* In names, which are compared, there never is any text. */
    bool is_lenient = s->bounds->any_text && out != &s->names;
    char utf8[4];

    if (code < 0)
        return scan_fail(s, start, "A \\u in a string needs four hexadecimal digits.");
    s->at += 4;
    if (code >= 0xD800 && code <= 0xDBFF)
        low = scan_low_surrogate(s);
    if (low >= 0) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        s->at += 6;
    }
    if (code >= 0xD800 && code <= 0xDFFF && !is_lenient)
        return scan_fail(s, start, "A string has a lone surrogate.");
    if (code == 0 && !is_lenient)
        return scan_fail(s, start, "A string must not contain U+0000.");
    if (out)
        buf_put(out, (struct str){ utf8, utf8_encode((uint32_t)code, utf8) });
    return true;
}

static bool
scan_escape(struct scanner *s, struct buf *out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    int c = scan_peek(s);

    if (c < 0)
        return scan_fail(s, s->at, "A string does not end.");
    s->at++;
    if (c == 'u')
        return scan_unicode(s, out);
    const char *letter = memchr(letters, c, sizeof(letters) - 1);
    if (!letter)
        return scan_fail(s, s->at - 2, "A string has an escape that JSON does not know.");
    if (out)
        buf_byte(out, meanings[letter - letters]);
    return true;
}

/* A string; what it means is appended to `out` unless that is NULL. */
static bool
scan_string(struct scanner *s, struct buf *out)
{
    size_t start = s->at++;

    for (;;) {
        size_t from = s->at;
        int c;
        while ((c = scan_peek(s)) >= 0x20 && c != '"' && c != '\\')
            s->at++;
        if (out)
            buf_put(out, (struct str){ s->text.ptr + from, s->at - from });
        if (s->at - start > s->bounds->string)
            return scan_limit(s, "A string is too long.", "json_string",
                              (int64_t)s->bounds->string);
        if (c < 0)
            return scan_fail(s, start, "A string does not end.");
        if (c < 0x20)
            return scan_fail(s, s->at, "A control character in a string must be escaped.");
        s->at++;
        if (c == '"')
            return true;
        if (!scan_escape(s, out))
            return false;
    }
}

static bool
scan_digits(struct scanner *s)
{
    size_t start = s->at;

    while (is_digit(scan_peek(s)))
        s->at++;
    return s->at > start;
}

static bool
scan_number(struct scanner *s)
{
    size_t start = s->at;
    bool is_good;

    if (scan_peek(s) == '-')
        s->at++;
    if (scan_peek(s) == '0') {
        s->at++;
        is_good = !is_digit(scan_peek(s));
    } else {
        is_good = scan_digits(s);
    }
    if (is_good && scan_peek(s) == '.') {
        s->at++;
        is_good = scan_digits(s);
    }
    if (is_good && (scan_peek(s) | 0x20) == 'e') {
        s->at++;
        if (scan_peek(s) == '+' || scan_peek(s) == '-')
            s->at++;
        is_good = scan_digits(s);
    }
    if (!is_good)
        return scan_fail(s, start, "A number is not as JSON has it.");
    if (s->at - start > s->bounds->number)
        return scan_limit(s, "A number is too long.", "json_number", (int64_t)s->bounds->number);
    return true;
}

static bool
scan_word(struct scanner *s, struct str word)
{
    struct str rest = { s->text.ptr + s->at, s->text.len - s->at };

    if (!str_starts_with(rest, word))
        return scan_fail(s, s->at, "A value was expected.");
    s->at += word.len;
    return true;
}

static const struct name *
scan_name_list(const struct scanner *s)
{
    return (const struct name *)(const void *)s->list.ptr;
}

static struct str
scan_name_text(const struct scanner *s, const struct name *name)
{
    return (struct str){ s->names.ptr + name->start, name->len };
}

static int
name_compare(const void *a, const void *b, void *scanner)
{
    return str_compare(scan_name_text(scanner, a), scan_name_text(scanner, b));
}

/* Are the names from `first` on all different?  Sorting keeps it n log n. */
static bool
scan_check_names(struct scanner *s, size_t first, size_t object_start)
{
    size_t count = s->list.len / sizeof(struct name);

    qsort_r((struct name *)(void *)s->list.ptr + first, count - first, sizeof(struct name),
            name_compare, s);
    for (size_t i = first + 1; i < count; i++)
        if (name_compare(scan_name_list(s) + i - 1, scan_name_list(s) + i, s) == 0)
            return scan_fail(s, object_start, "An object has a name twice.");
    return true;
}

/* "name" : value */
static bool
scan_member(struct scanner *s)
{
    struct name name = { .start = s->names.len };

    if (scan_peek(s) != '"')
        return scan_fail(s, s->at, "A name was expected.");
    if (!scan_string(s, &s->names))
        return false;
    name.len = s->names.len - name.start;
    buf_put(&s->list, (struct str){ (const char *)&name, sizeof(name) });
    scan_space(s);
    if (scan_peek(s) != ':')
        return scan_fail(s, s->at, "A colon was expected.");
    s->at++;
    return scan_value(s);
}

/* The items between the brackets: `item` reads one of them. */
static bool
scan_items(struct scanner *s, int close, bool (*item)(struct scanner *))
{
    s->at++;
    scan_space(s);
    if (scan_peek(s) == close) {
        s->at++;
        return true;
    }
    for (;;) {
        scan_space(s);
        if (!item(s))
            return false;
        scan_space(s);
        int c = scan_peek(s);
        if (c != close && c != ',')
            return scan_fail(s, s->at, "A comma or the closing bracket was expected.");
        s->at++;
        if (c == close)
            return true;
    }
}

static bool
scan_object(struct scanner *s)
{
    size_t start = s->at, names = s->names.len, list = s->list.len;

    if (!scan_items(s, '}', scan_member))
        return false;
    if (s->list.len > list && !scan_check_names(s, list / sizeof(struct name), start))
        return false;
    buf_truncate(&s->names, names);
    buf_truncate(&s->list, list);
    return true;
}

static bool
scan_nested(struct scanner *s, int open)
{
    if (s->depth == s->bounds->depth)
        return scan_limit(s, "The JSON nests too deep.", "json_depth", s->bounds->depth);
    s->depth++;
    bool is_good = open == '{' ? scan_object(s) : scan_items(s, ']', scan_value);
    s->depth--;
    return is_good;
}

static bool
scan_value(struct scanner *s)
{
    scan_space(s);
    if (s->values++ == s->bounds->values)
        return scan_limit(s, "The JSON has too many values.", "json_values", s->bounds->values);
    switch (scan_peek(s)) {
    case '{':
    case '[':
        return scan_nested(s, scan_peek(s));
    case '"':
        return scan_string(s, NULL);
    case 't':
        return scan_word(s, STR("true"));
    case 'f':
        return scan_word(s, STR("false"));
    case 'n':
        return scan_word(s, STR("null"));
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
        return scan_number(s);
    }
    return scan_fail(s, s->at, "A value was expected.");
}

bool
json_scan(struct str text, const struct json_bounds *bounds, struct json_fault *fault)
{
    struct scanner s = { .text = text, .bounds = bounds, .fault = fault };
    size_t bad = utf8_check(text);

    if (bad < text.len)
        return scan_fail(&s, bad, "The text is not UTF-8.");
    bool is_good = scan_value(&s);
    scan_space(&s);
    if (is_good && s.at < text.len)
        is_good = scan_fail(&s, s.at, "Something follows the JSON value.");
    buf_free(&s.names);
    buf_free(&s.list);
    return is_good;
}

struct str
json_read_string(struct arena *a, struct str text, size_t *offset)
{
    static const struct json_bounds bounds = { .string = SIZE_MAX, .any_text = true };
    struct json_fault fault;
    struct scanner s = { .text = text, .at = *offset, .bounds = &bounds, .fault = &fault };
    struct buf out = { 0 };
    bool is_good = scan_string(&s, &out);

    assert(is_good);
    (void)is_good;
    *offset = s.at;
    struct str meaning = buf_copy(a, &out);
    buf_free(&out);
    return meaning;
}
