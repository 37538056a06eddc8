/*
 * print_string.c - strings as the language has them (specification, 2.9.4).
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "language/print.h"

enum { BLOCK_COLUMNS = 70 }; /* a longer block has its quotes on lines of their own */

/* ---- Quoted -------------------------------------------------------------- */

/* EscapedCharacter: the letter, by what it means. */
static const char escape_letters[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
    ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
};

/* The characters U+0000 to U+001F and U+007F to U+009F. */
static bool
is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

void
print_string(struct buf *b, struct str text)
{
    size_t done = 0; /* what stands before it is written */

    buf_byte(b, '"');
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t character = utf8_next(text, &at);
        char letter = character < sizeof(escape_letters) ? escape_letters[character] : 0;
        uint32_t half = character == 0xFFFD ? utf8_surrogate(text, start) : 0;

        if (!letter && !half && !is_control(character))
            continue;
        buf_put(b, (struct str){ text.ptr + done, start - done });
        if (letter)
            buf_printf(b, "\\%c", letter);
        else
            buf_printf(b, "\\u%04X", half ? half : character);
        at += half ? 2 : 0;
        done = at;
    }
    buf_put(b, (struct str){ text.ptr + done, text.len - done });
    buf_byte(b, '"');
}

/* ---- Blocks -------------------------------------------------------------- */

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool
has_line_end(struct str text)
{
    return str_find(text, '\n') < text.len;
}

/* Has `text` more UTF-16 code units than a block may have on one line? */
static bool
is_wide(struct str text)
{
    size_t width = 0;

    for (size_t at = 0; at < text.len && width <= BLOCK_COLUMNS;)
        width += utf8_next(text, &at) > 0xFFFF ? 2 : 1;
    return width > BLOCK_COLUMNS;
}

/* Write `text` with `\"""` for `"""`. */
static void
put_block_text(struct buf *b, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        if (text.len - at >= 3 && memcmp(text.ptr + at, "\"\"\"", 3) == 0) {
            buf_put_c(b, "\\\"\"\"");
            at += 3;
        } else {
            buf_byte(b, text.ptr[at++]);
        }
    }
}

void
print_block_string(struct buf *b, struct str text)
{
    bool is_line = !has_line_end(text);
    /* Quotes or a backslash at the end would run into the closing quotes. */
    bool must_end_line = str_ends_with(text, STR("\"")) || str_ends_with(text, STR("\\"));
    bool is_tall = !is_line || is_wide(text) || must_end_line;
    /* On a line of its own, the spaces before an only line would be indentation. */
    bool keeps_spaces = is_line && text.len && is_blank(text.ptr[0]);

    buf_put_c(b, "\"\"\"");
    if (is_tall && !keeps_spaces)
        buf_byte(b, '\n');
    put_block_text(b, text);
    if (is_tall)
        buf_byte(b, '\n');
    buf_put_c(b, "\"\"\"");
}

/* ---- Descriptions -------------------------------------------------------- */

/* Does a block mean `text`: no characters that would need an escape, no blank
 * line at either end, no indentation that all lines have? */
static bool
may_be_block(struct str text)
{
    bool is_blank_line = true;   /* so far */
    bool is_indented = false;    /* this line */
    bool is_all_indented = true; /* every line that is not blank */
    bool is_first_line = true;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c == '\n') {
            if (is_blank_line && is_first_line)
                return false;
            is_first_line = false;
            is_blank_line = true;
            is_indented = false;
        } else if (is_blank((char)c)) {
            is_indented = is_indented || is_blank_line;
        } else if (c < 0x10) {
            return false;
        } else {
            is_all_indented = is_all_indented && is_indented;
            is_blank_line = false;
        }
    }
    return text.len == 0 || (!is_blank_line && (is_first_line || !is_all_indented));
}

void
print_description(struct buf *b, struct str text, int indent)
{
    struct buf lines = { 0 };

    if (may_be_block(text))
        print_block_string(&lines, text);
    else
        print_string(&lines, text);

    buf_repeat(b, ' ', (size_t)indent);
    for (size_t i = 0; i < lines.len; i++) {
        buf_byte(b, lines.ptr[i]);
        if (lines.ptr[i] == '\n')
            buf_repeat(b, ' ', (size_t)indent);
    }
    buf_byte(b, '\n');
    buf_free(&lines);
}
