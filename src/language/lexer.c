/*
 * lexer.c - names, numbers, punctuators and what is skipped between them.
 *
 * The next byte decides what is read, by one table of 256 classes; strings are
 * in lexer_string.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "language/lexer.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "language/lexer_internal.h"
#include "language/source.h"

/* What a byte begins. */
enum byte_class {
    BYTE_OTHER,
    BYTE_IGNORED,
    BYTE_COMMENT,
    BYTE_ORDER_MARK, /* the first of its three bytes, perhaps */
    BYTE_PUNCTUATOR,
    BYTE_DOT,
    BYTE_NAME,
    BYTE_DIGIT,
    BYTE_MINUS,
    BYTE_QUOTE,
};

/* clang-format off */
static const uint8_t byte_classes[256] = {
    ['\t'] = BYTE_IGNORED, ['\n'] = BYTE_IGNORED, ['\r'] = BYTE_IGNORED, [' '] = BYTE_IGNORED,
    [','] = BYTE_IGNORED, ['#'] = BYTE_COMMENT, [0xEF] = BYTE_ORDER_MARK,
    ['!'] = BYTE_PUNCTUATOR, ['$'] = BYTE_PUNCTUATOR, ['&'] = BYTE_PUNCTUATOR,
    ['('] = BYTE_PUNCTUATOR, [')'] = BYTE_PUNCTUATOR, [':'] = BYTE_PUNCTUATOR,
    ['='] = BYTE_PUNCTUATOR, ['@'] = BYTE_PUNCTUATOR, ['['] = BYTE_PUNCTUATOR,
    [']'] = BYTE_PUNCTUATOR, ['{'] = BYTE_PUNCTUATOR, ['|'] = BYTE_PUNCTUATOR,
    ['}'] = BYTE_PUNCTUATOR,
    ['.'] = BYTE_DOT, ['-'] = BYTE_MINUS, ['"'] = BYTE_QUOTE,
    ['A' ... 'Z'] = BYTE_NAME, ['a' ... 'z'] = BYTE_NAME, ['_'] = BYTE_NAME,
    ['0' ... '9'] = BYTE_DIGIT,
};

static const uint8_t punctuators[128] = {
    ['!'] = TOKEN_BANG, ['$'] = TOKEN_DOLLAR, ['&'] = TOKEN_AMP,
    ['('] = TOKEN_PAREN_OPEN, [')'] = TOKEN_PAREN_CLOSE, [':'] = TOKEN_COLON,
    ['='] = TOKEN_EQUALS, ['@'] = TOKEN_AT, ['['] = TOKEN_BRACKET_OPEN,
    [']'] = TOKEN_BRACKET_CLOSE, ['{'] = TOKEN_BRACE_OPEN, ['|'] = TOKEN_PIPE,
    ['}'] = TOKEN_BRACE_CLOSE,
};
/* clang-format on */

static const char *const kind_names[TOKEN_KIND_COUNT] = {
#define TOKEN_NAME_OF(constant, name) [TOKEN_##constant] = name,
    TOKENS(TOKEN_NAME_OF)
#undef TOKEN_NAME_OF
};

/* ---- Messages ----------------------------------------------------------- */

const char *
lexer_kind_name(enum token_kind kind)
{
    return kind_names[kind];
}

void
lexer_print_token(struct buf *b, const struct token *token)
{
    buf_put_c(b, kind_names[token->kind]);
    if (token->text.ptr) {
        buf_put_c(b, " \"");
        buf_put(b, token->text);
        buf_byte(b, '"');
    }
}

bool
lexer_fail(struct lexer *l, const char *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str reason = str_vformat(l->arena, format, args);
    va_end(args);

    source_error(l->errors, l->source, (uint32_t)(at - l->source->text.ptr), ERROR_PARSE_FAILED,
                 "Syntax Error: %.*s", STR_PRINT(reason));
    return false;
}

bool
lexer_is_broken(const struct lexer *l)
{
    return l->end < l->source->text.ptr + l->source->text.len;
}

/* The byte that is not UTF-8.  A half of a surrogate pair, which JSON may escape, becomes such
 * bytes: then the half. */
static struct str
describe_broken(struct lexer *l)
{
    uint32_t half = utf8_surrogate(l->source->text, (size_t)(l->end - l->source->text.ptr));

    if (half)
        return str_format(l->arena, "U+%04X", half);
    return str_format(l->arena, "byte 0x%02X", (unsigned char)*l->end);
}

struct str
lexer_describe(struct lexer *l, const char *at)
{
    if (at == l->end)
        return lexer_is_broken(l) ? describe_broken(l) : str_from(kind_names[TOKEN_EOF]);

    struct str text = l->source->text;
    size_t offset = (size_t)(at - text.ptr);
    uint32_t character = utf8_next(text, &offset);

    if (character == '"')
        return STR("'\"'");
    if (character >= 0x20 && character <= 0x7E)
        return str_format(l->arena, "\"%c\"", (char)character);
    return str_format(l->arena, "U+%04X", character);
}

/* ---- Numbers ------------------------------------------------------------ */

static bool
is_name_start(int byte)
{
    return byte >= 0 && byte_classes[byte] == BYTE_NAME;
}

/* Digit+ */
static bool
read_digits(struct lexer *l, const char **at)
{
    if (!str_is_digit(lexer_peek(l, *at, 0)))
        return lexer_fail(l, *at, "Invalid number, expected digit but got: %s.",
                          lexer_describe(l, *at).ptr);
    while (str_is_digit(lexer_peek(l, *at, 0)))
        ++*at;
    return true;
}

/* IntegerPart: NegativeSign? 0, NegativeSign? NonZeroDigit Digit* */
static bool
read_integer_part(struct lexer *l, const char **at)
{
    if (**at == '-')
        ++*at;
    if (lexer_peek(l, *at, 0) != '0')
        return read_digits(l, at);

    ++*at;
    if (str_is_digit(lexer_peek(l, *at, 0)))
        return lexer_fail(l, *at, "Invalid number, unexpected digit after 0: %s.",
                          lexer_describe(l, *at).ptr);
    return true;
}

/* IntValue, FloatValue: IntegerPart FractionalPart? ExponentPart?
 * [lookahead != {Digit, `.`, NameStart}] */
static bool
read_number(struct lexer *l, struct token *token)
{
    const char *at = l->at;
    enum token_kind kind = TOKEN_INT;

    if (!read_integer_part(l, &at))
        return false;

    if (lexer_peek(l, at, 0) == '.') {
        kind = TOKEN_FLOAT;
        at++;
        if (!read_digits(l, &at))
            return false;
    }

    int byte = lexer_peek(l, at, 0);
    if (byte == 'e' || byte == 'E') {
        kind = TOKEN_FLOAT;
        at++;
        byte = lexer_peek(l, at, 0);
        if (byte == '+' || byte == '-')
            at++;
        if (!read_digits(l, &at))
            return false;
    }

    byte = lexer_peek(l, at, 0);
    if (byte == '.' || is_name_start(byte))
        return lexer_fail(l, at, "Invalid number, expected digit but got: %s.",
                          lexer_describe(l, at).ptr);

    return lexer_finish(l, token, kind, at, (struct str){ l->at, (size_t)(at - l->at) });
}

/* ---- Names and punctuators ---------------------------------------------- */

bool
lexer_finish(struct lexer *l, struct token *token, enum token_kind kind, const char *end,
             struct str text)
{
    const char *base = l->source->text.ptr;

    token->kind = kind;
    token->start = (uint32_t)(l->at - base);
    token->end = (uint32_t)(end - base);
    token->text = text;
    l->at = end;
    return true;
}

/* Name: NameStart NameContinue* */
static bool
read_name(struct lexer *l, struct token *token)
{
    const char *at = l->at + 1;

    while (at < l->end) {
        uint8_t class = byte_classes[(unsigned char)*at];
        if (class != BYTE_NAME && class != BYTE_DIGIT)
            break;
        at++;
    }
    return lexer_finish(l, token, TOKEN_NAME, at, (struct str){ l->at, (size_t)(at - l->at) });
}

/* The punctuator `...`, or what somebody meant by fewer dots. */
static bool
read_dots(struct lexer *l, struct token *token)
{
    bool has_second = lexer_peek(l, l->at, 1) == '.';

    if (has_second && lexer_peek(l, l->at, 2) == '.')
        return lexer_finish(l, token, TOKEN_SPREAD, l->at + 3, STR_NONE);
    if (has_second)
        return lexer_fail(l, l->at, "Unexpected \"..\", did you mean \"...\"?");
    if (!str_is_digit(lexer_peek(l, l->at, 1)))
        return lexer_fail(l, l->at, "Unexpected character: \".\".");

    const char *digits = l->at + 1, *end = digits;
    while (str_is_digit(lexer_peek(l, end, 0)))
        end++;
    return lexer_fail(l, l->at,
                      "Invalid number, expected digit before \".\", did you mean \"0.%.*s\"?",
                      (int)(end - digits), digits);
}

static bool
fail_character(struct lexer *l)
{
    if (*l->at == '\'')
        return lexer_fail(l, l->at,
                          "Unexpected single quote character ('), "
                          "did you mean to use a double quote (\")?");
    return lexer_fail(l, l->at, "Unexpected character: %s.", lexer_describe(l, l->at).ptr);
}

/* ---- The cursor --------------------------------------------------------- */

void
lexer_start(struct lexer *l, const struct source *source, struct arena *a, struct errors *errors)
{
    *l = (struct lexer){
        .source = source,
        .at = source->text.ptr,
        .end = source->text.ptr + utf8_check(source->text),
        .arena = a,
        .errors = errors,
    };
}

/* Comment: # CommentChar* */
static const char *
skip_comment(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    return at;
}

/* Ignored: UnicodeBOM, Whitespace, LineTerminator, Comment, Comma.  Return the
 * class of the byte that follows, which is BYTE_OTHER at the end. */
static enum byte_class
skip_ignored(struct lexer *l)
{
    for (; l->at < l->end; l->at++) {
        enum byte_class class = byte_classes[(unsigned char)*l->at];

        if (class == BYTE_IGNORED)
            continue;
        if (class == BYTE_COMMENT) {
            l->at = skip_comment(l->at, l->end) - 1;
        } else if (class == BYTE_ORDER_MARK) {
            if (lexer_peek(l, l->at, 1) != 0xBB || lexer_peek(l, l->at, 2) != 0xBF)
                return BYTE_OTHER;
            l->at += 2;
        } else {
            return class;
        }
    }
    return BYTE_OTHER;
}

bool
lexer_next(struct lexer *l, struct token *token)
{
    enum byte_class class = skip_ignored(l);

    if (l->at == l->end && lexer_is_broken(l))
        return lexer_fail(l, l->at, "Invalid character: %s.", lexer_describe(l, l->at).ptr);
    if (l->at == l->end)
        return lexer_finish(l, token, TOKEN_EOF, l->at, STR_NONE);

    switch (class) {
    case BYTE_PUNCTUATOR:
        return lexer_finish(l, token, punctuators[(unsigned char)*l->at], l->at + 1, STR_NONE);
    case BYTE_NAME:
        return read_name(l, token);
    case BYTE_DIGIT:
    case BYTE_MINUS:
        return read_number(l, token);
    case BYTE_DOT:
        return read_dots(l, token);
    case BYTE_QUOTE:
        if (lexer_peek(l, l->at, 1) == '"' && lexer_peek(l, l->at, 2) == '"')
            return lexer_read_block_string(l, token);
        return lexer_read_string(l, token);
    default:
        return fail_character(l);
    }
}
