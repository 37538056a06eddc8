/*
 * lexer_string.c - strings, and what they mean (specification, 2.9.4).
 *
 * A string without escapes, and a block on one line, is a slice of the source;
 * any other is written into the arena, where it never needs more room than its
 * spelling did.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "language/lexer_internal.h"
#include "language/source.h"

enum {
    QUOTES = 3,        /* bytes of `"""` */
    ESCAPE_DIGITS = 4, /* of \uXXXX */
    BRACED_DIGITS = 8, /* of \u{...}, as many as the reference implementation reads */
    CHARACTER_MAXIMUM = 0x10FFFF,
};

static bool
is_line_end(int byte)
{
    return byte == '\n' || byte == '\r';
}

/* ---- Escapes ------------------------------------------------------------ */

/* EscapedCharacter, by its letter. */
static const char escape_meanings[128] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

static bool
is_high_surrogate(int64_t character)
{
    return character >= 0xD800 && character <= 0xDBFF;
}

static bool
is_low_surrogate(int64_t character)
{
    return character >= 0xDC00 && character <= 0xDFFF;
}

/* What an error shows of the source: `units` UTF-16 code units at `at`, as the
 * reference implementation counts, or what there is. */
static struct str
shown(struct lexer *l, const char *at, int units)
{
    struct str text = { at, (size_t)(l->end - at) };
    size_t end = 0;

    while (units > 0 && end < text.len)
        units -= utf8_next(text, &end) > 0xFFFF ? 2 : 1;
    return (struct str){ at, end };
}

static bool
fail_unicode(struct lexer *l, const char *at, int units)
{
    return lexer_fail(l, at, "Invalid Unicode escape sequence: \"%.*s\".",
                      STR_PRINT(shown(l, at, units)));
}

/* HexDigit HexDigit HexDigit HexDigit; -1 if they are not. */
static int64_t
read_four_digits(struct lexer *l, const char *at)
{
    int64_t value = 0;

    for (size_t i = 0; i < ESCAPE_DIGITS; i++) {
        int digit = str_hex_digit(lexer_peek(l, at, i));
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* \u{ HexDigit+ } */
static bool
read_braced_escape(struct lexer *l, const char **at, uint32_t *character)
{
    const char *digits = *at + 3;
    int64_t value = 0;
    int count = 0, digit;

    while (count < BRACED_DIGITS && (digit = str_hex_digit(lexer_peek(l, digits, count))) >= 0) {
        value = value * 16 + digit;
        count++;
    }

    bool is_closed = lexer_peek(l, digits, (size_t)count) == '}';
    if (!is_closed || count == 0 || value > CHARACTER_MAXIMUM || is_high_surrogate(value) ||
        is_low_surrogate(value)) {
        int ending = value <= INT32_MAX; /* show what ended the digits, if not their sum */
        return fail_unicode(l, *at, 3 + count + ending);
    }

    *character = (uint32_t)value;
    *at = digits + count + 1;
    return true;
}

/* \u HexDigit HexDigit HexDigit HexDigit, or two of them that are a pair of
 * surrogates; one without the other is not a character. */
static bool
read_plain_escape(struct lexer *l, const char **at, uint32_t *character)
{
    int64_t value = read_four_digits(l, *at + 2);
    if (value < 0 || is_low_surrogate(value))
        return fail_unicode(l, *at, 6);

    if (!is_high_surrogate(value)) {
        *character = (uint32_t)value;
        *at += 6;
        return true;
    }

    int64_t low = -1;
    if (lexer_peek(l, *at, 6) == '\\' && lexer_peek(l, *at, 7) == 'u')
        low = read_four_digits(l, *at + 8);
    if (!is_low_surrogate(low))
        return fail_unicode(l, *at, 6);

    *character = (uint32_t)(0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00));
    *at += 12;
    return true;
}

/* Read the escape at `*at`, and move past it. */
static bool
read_escape(struct lexer *l, const char **at, uint32_t *character)
{
    int letter = lexer_peek(l, *at, 1);

    if (letter == 'u')
        return lexer_peek(l, *at, 2) == '{' ? read_braced_escape(l, at, character)
                                            : read_plain_escape(l, at, character);

    if (letter < 0 || letter > 127 || !escape_meanings[letter])
        return lexer_fail(l, *at, "Invalid character escape sequence: \"%.*s\".",
                          STR_PRINT(shown(l, *at, 2)));
    *character = (uint32_t)escape_meanings[letter];
    *at += 2;
    return true;
}

/* ---- Strings ------------------------------------------------------------ */

/* Say why there is no closing quote. */
static bool
fail_unterminated(struct lexer *l, const char *at)
{
    if (at == l->end && lexer_is_broken(l))
        return lexer_fail(l, at, "Invalid character within String: %s.", lexer_describe(l, at).ptr);
    return lexer_fail(l, at, "Unterminated string.");
}

/* Where the string or its line ends, for the room that its meaning may need. */
static const char *
find_string_end(struct lexer *l, const char *at)
{
    for (; at < l->end && *at != '"' && !is_line_end(*at); at++) {
        if (*at == '\\' && at + 1 < l->end)
            at++;
    }
    return at;
}

/* Read on from the first escape of a string, at `at`. */
static bool
read_escaped_string(struct lexer *l, struct token *token, const char *at)
{
    const char *start = l->at + 1;
    char *text = arena_alloc(l->arena, (size_t)(find_string_end(l, at) - start) + 1);
    size_t len = (size_t)(at - start);

    memcpy(text, start, len);
    while (at < l->end && *at != '"' && !is_line_end(*at)) {
        if (*at == '\\') {
            uint32_t character = 0; /* a compiler may not see that it is set below */
            if (!read_escape(l, &at, &character))
                return false;
            len += utf8_encode(character, text + len);
        } else {
            text[len++] = *at++;
        }
    }
    if (lexer_peek(l, at, 0) != '"')
        return fail_unterminated(l, at);
    return lexer_finish(l, token, TOKEN_STRING, at + 1, (struct str){ text, len });
}

/* StringValue: " StringCharacter* " */
bool
lexer_read_string(struct lexer *l, struct token *token)
{
    const char *start = l->at + 1, *at = start;

    while (at < l->end && *at != '"' && *at != '\\' && !is_line_end(*at))
        at++;

    switch (lexer_peek(l, at, 0)) {
    case '"':
        return lexer_finish(l, token, TOKEN_STRING, at + 1,
                            (struct str){ start, (size_t)(at - start) });
    case '\\':
        return read_escaped_string(l, token, at);
    default:
        return fail_unterminated(l, at);
    }
}

/* ---- Block strings ------------------------------------------------------ */

static bool
is_quotes(const struct lexer *l, const char *at)
{
    return (size_t)(l->end - at) >= QUOTES && memcmp(at, "\"\"\"", QUOTES) == 0;
}

/* A line of a block: [start, end), and where the next one starts or NULL. */
struct block_line {
    const char *start, *end, *next;
    size_t indent; /* leading spaces and tabs */
    bool is_blank; /* nothing but those */
};

static struct block_line
read_block_line(const char *start, const char *end)
{
    struct block_line line = { .start = start };
    const char *at = start;

    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    line.indent = (size_t)(at - start);
    line.is_blank = at == end || is_line_end(*at);

    while (at < end && !is_line_end(*at))
        at++;
    line.end = at;
    if (at < end)
        line.next = at + 1 + (*at == '\r' && at + 1 < end && at[1] == '\n');
    return line;
}

/* Copy a line's text; `\"""` in it means `"""`. */
static size_t
copy_line(char *out, const char *at, const char *end)
{
    size_t len = 0;

    while (at < end) {
        if (*at == '\\' && end - at > QUOTES && memcmp(at + 1, "\"\"\"", QUOTES) == 0)
            at++;
        out[len++] = *at++;
    }
    return len;
}

/* BlockStringValue(rawValue): without the indentation that all lines but the
 * first have in common, and without blank lines at either end. */
static struct str
block_value(struct arena *a, const char *start, const char *end)
{
    size_t common = SIZE_MAX;
    const char *first = NULL, *last = NULL; /* the lines that are not blank */
    struct block_line line;

    for (const char *at = start; at; at = line.next) {
        line = read_block_line(at, end);
        if (line.is_blank)
            continue;
        if (!first)
            first = at;
        last = at;
        if (at != start && line.indent < common)
            common = line.indent;
    }
    if (!first)
        return STR("");

    char *text = arena_alloc(a, (size_t)(end - first));
    size_t len = 0;
    for (const char *at = first; at; at = at == last ? NULL : line.next) {
        line = read_block_line(at, end);
        size_t size = (size_t)(line.end - at);
        size_t cut = at == start ? 0 : common < size ? common : size;

        if (at != first)
            text[len++] = '\n';
        len += copy_line(text + len, at + cut, line.end);
    }
    return (struct str){ text, len };
}

/* BlockString: """ BlockStringCharacter* """ */
bool
lexer_read_block_string(struct lexer *l, struct token *token)
{
    const char *start = l->at + QUOTES, *at = start;
    bool is_plain = true; /* one line, and nothing escaped */

    while (at < l->end && !is_quotes(l, at)) {
        if (*at == '\\' && is_quotes(l, at + 1)) {
            is_plain = false;
            at += 1 + QUOTES;
        } else {
            is_plain = is_plain && !is_line_end(*at);
            at++;
        }
    }
    if (at == l->end)
        return fail_unterminated(l, at);

    struct str text = { start, (size_t)(at - start) };
    if (!is_plain || read_block_line(start, at).is_blank)
        text = block_value(l->arena, start, at);
    return lexer_finish(l, token, TOKEN_BLOCK_STRING, at + QUOTES, text);
}
