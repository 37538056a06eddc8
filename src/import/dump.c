/*
 * dump.c - the records of a dump, as `manage.py dumpdata` writes it.
 *
 * Where a record ends is found by its braces; then it is read as strictly as a request is
 * (value/value_json.h), and written anew.
 *
 * SPDX-License-Identifier: MIT
 */
#include "import/dump.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "value/value.h"
#include "value/value_json.h"

enum {
    PIECE = 64 * 1024, /* bytes that are read at once */
    MAGIC = 16         /* bytes that tell what a file is */
};

static const struct value_json_bounds bounds = {
    .depth = 64, .values = 100000, .string = DUMP_RECORD_MOST, .number = 1000, .any_text = true
};

struct dump {
    struct import_source source; /* the first member */
    int descriptor;
    const char *name;
    struct buf *text; /* what has been read; before `at` it is done with */
    size_t at;
    int64_t line; /* of `at`, from 1 */
    bool has_begun;
    bool is_array;  /* all of the dump is one */
    bool has_items; /* of the array, some were read */
    bool has_ended; /* the descriptor */
    int error;      /* errno of why it has; 0: that was all */
};

/* What is often taken for a dump. */
static const struct {
    struct str magic;
    const char *advice;
} strangers[] = {
    { STR_INIT("SQLite format 3"), "is a SQLite database: write a dump with `python manage.py "
                                   "dumpdata --output dump.json`" },
    { STR_INIT("\xFF\xFE"), "is UTF-16, as PowerShell's `>` writes it: write a dump with `python "
                            "manage.py dumpdata --output dump.json`" },
    { STR_INIT("\x1F\x8B"), "is compressed with gzip: unpack it first" },
    { STR_INIT("PK"), "is a zip archive: unpack it first" },
    { STR_INIT("BZh"), "is compressed with bzip2: unpack it first" },
    { STR_INIT("\xFD"
               "7zXZ"),
      "is compressed with xz: unpack it first" },
};

/* --- bytes --- */

/* Read more, and move what has not been taken to the front; `at` is 0 then.  False at the end. */
static bool
read_more(struct dump *d)
{
    ssize_t got;

    if (d->has_ended)
        return false;
    size_t left = d->text->len - d->at;
    if (d->at > 0) {
        memmove(d->text->ptr, d->text->ptr + d->at, left);
        buf_truncate(d->text, left);
        d->at = 0;
    }
    char *end = buf_reserve(d->text, PIECE);
    do
        got = read(d->descriptor, end, PIECE);
    while (got < 0 && errno == EINTR);
    d->has_ended = got <= 0;
    d->error = got < 0 ? errno : 0;
    if (got <= 0)
        return false;
    buf_advance(d->text, (size_t)got);
    return true;
}

/* The next byte that is not a space, not taken; -1 at the end. */
static int
peek(struct dump *d)
{
    for (;;) {
        for (; d->at < d->text->len; d->at++) {
            char c = d->text->ptr[d->at];
            d->line += c == '\n';
            if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
                return (unsigned char)c;
        }
        if (!read_more(d))
            return -1;
    }
}

static enum source_state
fault_at(const struct dump *d, struct arena *a, int64_t line, const char *what, struct str *message)
{
    *message = str_format(a, "%s:%lld: %s", d->name, (long long)line, what);
    return SOURCE_FAULT;
}

static enum source_state
fault(const struct dump *d, struct arena *a, const char *what, struct str *message)
{
    return fault_at(d, a, d->line, what, message);
}

/* --- records --- */

/* Where in a record the search for its end has come to. */
struct search {
    size_t length;
    int depth;
    bool is_string, is_escaped;
};

/* Go on to the end of the record, which is `length` bytes after its beginning.  False: there is no
 * end in what has been read. */
static bool
find_end(struct search *s, const char *text, size_t len)
{
    while (s->length < len) {
        char c = text[s->length++];
        if (s->is_escaped)
            s->is_escaped = false;
        else if (s->is_string)
            s->is_escaped = c == '\\', s->is_string = c != '"';
        else if (c == '"')
            s->is_string = true;
        else if (c == '{' || c == '[')
            s->depth++;
        else if ((c == '}' || c == ']') && --s->depth == 0)
            return true;
    }
    return false;
}

/* Take the record whose brace is next; STR_NONE after a fault. */
static struct str
take_text(struct dump *d, struct arena *a, struct str *message)
{
    struct search search = { 0 };

    while (!find_end(&search, d->text->ptr + d->at, d->text->len - d->at)) {
        if (search.length > DUMP_RECORD_MOST)
            fault(d, a, "this record is longer than 16 MiB", message);
        else if (!read_more(d))
            fault(d, a, "the dump ends within this record", message);
        else
            continue;
        return STR_NONE;
    }
    struct str text = { d->text->ptr + d->at, search.length };
    d->at += search.length;
    return text;
}

static int64_t
count_lines(struct str text)
{
    int64_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

/* Append JSON with U+FFFD for each U+0000, which is written as an escape there. */
static void
put_without_nul(struct buf *b, struct str json)
{
    static const struct str nul = STR_INIT("\\u0000");

    for (size_t i = 0, len; i < json.len; i += len) {
        struct str rest = { json.ptr + i, json.len - i };
        bool is_nul = str_starts_with(rest, nul);
        len = str_find(rest, '\\'); /* up to the next escape; or that, of two bytes at least */
        if (len == 0)
            len = is_nul ? nul.len : 2;
        buf_put(b, is_nul ? STR("\xEF\xBF\xBD") : (struct str){ rest.ptr, len });
    }
}

/* Read the text of a record, which begins at this line. */
static enum source_state
read_record(struct dump *d, struct arena *a, struct str text, struct import_record *record,
            struct str *message)
{
    struct value_json_fault wrong;
    int64_t line = d->line;

    d->line += count_lines(text);
    const struct value *value = value_json_read(a, text, &bounds, &wrong);
    if (!value)
        return fault_at(d, a, line + count_lines((struct str){ text.ptr, wrong.offset }),
                        wrong.message, message);
    const struct value *model = value_find(value, STR("model"));
    const struct value *fields = value_find(value, STR("fields"));
    if (!model || model->kind != VALUE_STRING || !fields || fields->kind != VALUE_OBJECT)
        return fault_at(d, a, line, "this is not a record: it has no \"model\", or no \"fields\"",
                        message);
    struct buf *written = buf_new(a), *b = buf_new(a);
    value_write_json(written, value);
    put_without_nul(b, buf_str(written));
    *record = (struct import_record){ model->text, buf_str(b) };
    return SOURCE_RECORD;
}

/* --- all of it --- */

/* Find out what comes.  False after a fault. */
static bool
begin(struct dump *d, struct arena *a, struct str *message)
{
    while (d->text->len < MAGIC && read_more(d))
        continue;
    struct str text = buf_str(d->text);
    for (size_t i = 0; i < ARRAY_LENGTH(strangers); i++)
        if (str_starts_with(text, strangers[i].magic)) {
            *message = str_format(a, "%s %s", d->name, strangers[i].advice);
            return false;
        }
    if (str_starts_with(text, STR("\xEF\xBB\xBF"))) /* U+FEFF, which some editors write */
        d->at = 3;
    int c = peek(d);
    d->is_array = c == '[';
    d->at += d->is_array;
    d->has_begun = c == '[' || c == '{';
    if (!d->has_begun)
        fault(d, a,
              "this is not a dump of `manage.py dumpdata`: it begins neither with [ nor with {",
              message);
    return d->has_begun;
}

/* After the last record. */
static enum source_state
end(struct dump *d, struct arena *a, struct str *message)
{
    if (d->is_array) {
        d->at++; /* the bracket */
        if (peek(d) >= 0)
            return fault(d, a, "something follows the end of the dump", message);
    }
    return SOURCE_END;
}

static enum source_state
read_next(struct dump *d, struct arena *a, struct import_record *record, struct str *message)
{
    if (!d->has_begun && !begin(d, a, message))
        return SOURCE_FAULT;
    int c = peek(d);
    if (c == (d->is_array ? ']' : -1))
        return end(d, a, message);
    if (d->is_array && d->has_items) {
        if (c == ',')
            d->at++;
        else
            return fault(d, a,
                         c < 0 ? "the dump is cut off: its last ] is missing"
                               : "a comma is missing between two records",
                         message);
        c = peek(d);
    }
    d->has_items = true;
    if (c != '{')
        return fault(d, a, c < 0 ? "the dump is cut off" : "here a record should begin, with {",
                     message);
    struct str text = take_text(d, a, message);
    return text.ptr ? read_record(d, a, text, record, message) : SOURCE_FAULT;
}

/* Where reading has failed, the end that was found is none. */
static enum source_state
next(struct import_source *source, struct arena *a, struct import_record *record,
     struct str *message)
{
    struct dump *d = (struct dump *)source;
    enum source_state state = read_next(d, a, record, message);

    if (state == SOURCE_RECORD || d->error == 0)
        return state;
    *message = str_format(a, "%s: it cannot be read: %s", d->name, strerror(d->error));
    return SOURCE_FAULT;
}

struct import_source *
dump_open(struct arena *a, int descriptor, const char *name)
{
    struct dump *d = ARENA_NEW(a, struct dump);

    *d = (struct dump){
        .source = { next }, .descriptor = descriptor, .name = name, .text = buf_new(a), .line = 1
    };
    return &d->source;
}
