/*
 * username.c - which names an account may have, by Unicode's categories.
 *
 * The rule is that of identifiers (Unicode Standard Annex 31: XID_Start and XID_Continue), but that
 * a mark follows a letter, and a digit may come first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/username.h"

#include <stdio.h>

#include <utf8proc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

enum {
    TYPED_MOST =
        16 * USERNAME_MOST, /* bytes: decomposed, a character is some characters of up to 4 */
    LINE_LENGTH = 96,
    CODE_POINTS = 0x110000
};

#define SIGNS "@.+_-" /* in a bracket expression, a hyphen is the last */

enum kind { KIND_OTHER, KIND_LETTER, KIND_MARK, KIND_DIGIT, KIND_SIGN };

/* --- one character --- */

static enum kind
find_kind(utf8proc_int32_t c)
{
    if (c < 0x80 && str_find(STR(SIGNS), (char)c) < sizeof(SIGNS) - 1)
        return KIND_SIGN;
    if (utf8proc_get_property(c)->ignorable)
        return KIND_OTHER;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        return KIND_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return KIND_MARK;
    case UTF8PROC_CATEGORY_ND:
        return KIND_DIGIT;
    default:
        return KIND_OTHER;
    }
}

/* Take the first character of the text; -1 when it is not UTF-8. */
static utf8proc_int32_t
take_character(struct str *text)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t len =
        utf8proc_iterate((const utf8proc_uint8_t *)text->ptr, (utf8proc_ssize_t)text->len, &c);

    if (len <= 0)
        return -1;
    *text = (struct str){ text->ptr + len, text->len - (size_t)len };
    return c;
}

/* --- names --- */

/* The normal form NFKC, with `more` options; STR_NONE when the text is not UTF-8. */
static struct str
normalize(struct arena *a, struct str text, utf8proc_option_t more)
{
    const utf8proc_option_t options =
        (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | more);
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.ptr;
    utf8proc_ssize_t len = (utf8proc_ssize_t)text.len;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, len, NULL, 0, options);

    if (count < 0)
        return STR_NONE;
    utf8proc_int32_t *characters = ARENA_ARRAY(a, utf8proc_int32_t, (size_t)count + 1);
    utf8proc_decompose(bytes, len, characters, count, options);
    len = utf8proc_reencode(characters, count, options);
    return len < 0 ? STR_NONE : (struct str){ (const char *)characters, (size_t)len };
}

/* Is every ASCII character one that the rule has? */
static bool
has_good_ascii(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!(name.ptr[i] & 0x80) && find_kind(name.ptr[i]) == KIND_OTHER)
            return false;
    return true;
}

struct str
username_read(struct arena *a, struct str typed)
{
    if (typed.len == 0 || typed.len > TYPED_MOST)
        return STR_NONE;
    struct str name = normalize(a, typed, (utf8proc_option_t)0);
    bool is_one = name.len > 0 && utf8_length(name) <= USERNAME_MOST && has_good_ascii(name);
    return is_one ? name : STR_NONE;
}

struct str
username_fold(struct arena *a, struct str text)
{
    struct str folded = normalize(a, text, UTF8PROC_CASEFOLD);

    return folded.ptr ? folded : text;
}

bool
username_is_good(struct str name)
{
    enum kind before = KIND_OTHER;
    struct str rest = name;

    if (name.len == 0 || utf8_length(name) > USERNAME_MOST)
        return false;
    while (rest.len > 0) {
        utf8proc_int32_t c = take_character(&rest);
        enum kind kind = c < 0 ? KIND_OTHER : find_kind(c);
        if (kind == KIND_OTHER)
            return false;
        if (kind == KIND_MARK && before != KIND_LETTER && before != KIND_MARK)
            return false;
        before = kind;
    }
    return true;
}

/* --- the same for SQL --- */

/* Append a piece of a text, on a new line if there is no room on this one. */
static void
write_piece(struct buf *b, size_t *column, const char *piece)
{
    struct str text = str_from(piece);

    if (*column + text.len > LINE_LENGTH) {
        buf_put(b, STR("'\n    '"));
        *column = 5;
    }
    buf_put(b, text);
    *column += text.len;
}

/* Append the ranges of characters of a kind, as in a bracket expression. */
static void
write_ranges(struct buf *b, size_t *column, enum kind kind)
{
    char piece[32];

    for (int first = 0; first < CODE_POINTS; first++) {
        int last = first;
        if (find_kind(first) != kind)
            continue;
        while (last + 1 < CODE_POINTS && find_kind(last + 1) == kind)
            last++;
        if (first == last)
            snprintf(piece, sizeof(piece), "\\U%08X", first);
        else
            snprintf(piece, sizeof(piece), "\\U%08X-\\U%08X", first, last);
        write_piece(b, column, piece);
        first = last;
    }
}

void
username_print_sql(struct buf *b)
{
    size_t column = 5;

    buf_printf(
        b,
        "-- Which names an account may have: what `linnet print usernames` prints.\n"
        "--\n"
        "-- Letters of any script with their marks, digits of any script and " SIGNS
        ", in Unicode\n"
        "-- %s.  The server has the same rule (src/auth/username.c); it is printed anew into a\n"
        "-- new migration when the server knows a newer Unicode.\n"
        "--\n"
        "-- SPDX-License-Identifier: MIT\n\n"
        "CREATE OR REPLACE FUNCTION is_username(name text) RETURNS boolean\n"
        "LANGUAGE sql IMMUTABLE PARALLEL SAFE\n"
        "RETURN char_length(name) BETWEEN 1 AND %d AND name ~\n    '",
        utf8proc_unicode_version(), USERNAME_MOST);
    write_piece(b, &column, "^(?:[");
    write_ranges(b, &column, KIND_DIGIT);
    write_piece(b, &column, SIGNS);
    write_piece(b, &column, "]|[");
    write_ranges(b, &column, KIND_LETTER);
    write_piece(b, &column, "][");
    write_ranges(b, &column, KIND_MARK);
    write_piece(b, &column, "]*)+$");
    buf_put(b, STR("';\n"));
}
