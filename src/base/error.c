/*
 * error.c - what goes wrong and is told to a client.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/error.h"

#include <assert.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"

static const char *const code_names[] = {
#define ERROR_NAME(constant, name) [ERROR_##constant] = name,
    ERROR_CODES(ERROR_NAME)
#undef ERROR_NAME
};

const char *
error_code_name(enum error_code code)
{
    assert(code < ARRAY_LENGTH(code_names));
    return code_names[code];
}

bool
errors_full(const struct errors *e)
{
    return e->maximum && e->count >= e->maximum;
}

bool
errors_leave_out(struct errors *e)
{
    e->has_more |= errors_full(e);
    return errors_full(e);
}

static bool
is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80; /* of a character in UTF-8 */
}

/* By the byte; a table, since a client's document may be one long name. */
static const bool is_of_word[256] = {
    ['0' ... '9'] = true, ['A' ... 'Z'] = true,   ['a' ... 'z'] = true,
    ['_'] = true,         [0x80 ... 0xFF] = true,
};

/* Where the word that goes on at `i` ends. */
static size_t
skip_word(struct str text, size_t i)
{
    const unsigned char *p = (const unsigned char *)text.ptr;

    while (i + 4 <= text.len &&
           (is_of_word[p[i]] & is_of_word[p[i + 1]] & is_of_word[p[i + 2]] & is_of_word[p[i + 3]]))
        i += 4;
    while (i < text.len && is_of_word[p[i]])
        i++;
    return i;
}

/* How many bytes of a word are shown. */
static size_t
cut_word(struct str word)
{
    size_t len = 0;

    for (int count = 0; len < word.len; len++) {
        count += !is_continuation(word.ptr[len]);
        if (count > ERROR_WORD_LENGTH)
            break;
    }
    return len;
}

/* The text with long words cut, and cut itself: a client could otherwise have a long name of its
 * own repeated in each of many errors. */
static struct str
cut_message(struct arena *a, struct str text)
{
    static const struct str ellipsis = STR_INIT("\u2026");
    struct buf b = { 0 };

    for (size_t i = 0; i < text.len;) {
        struct str word = { text.ptr + i, skip_word(text, i) - i };
        struct str shown = { word.ptr, word.len ? cut_word(word) : 1 };
        size_t room = b.len < ERROR_MESSAGE_SIZE ? ERROR_MESSAGE_SIZE - b.len : 0;
        bool is_full = shown.len > room;

        buf_put(&b, (struct str){ shown.ptr, utf8_cut(shown, room) });
        if (is_full || shown.len < word.len)
            buf_put(&b, ellipsis);
        if (is_full)
            break;
        i += word.len ? word.len : 1;
    }
    struct str cut = buf_copy(a, &b);
    buf_free(&b);
    return cut;
}

/* `text` need not live longer than the call. */
static struct error *
add(struct errors *e, enum error_code code, struct str text)
{
    struct error *error = ARENA_NEW(e->arena, struct error);
    bool is_cut = e->is_for_client && text.len > ERROR_WORD_LENGTH;

    error->code = code;
    error->message = is_cut ? cut_message(e->arena, text) : str_copy(e->arena, text);
    if (errors_full(e))
        return error;
    if (e->last)
        e->last->next = error;
    else
        e->first = error;
    e->last = error;
    e->count++;
    return error;
}

struct error *
errors_vadd(struct errors *e, enum error_code code, const char *format, va_list args)
{
    struct buf b = { .text_maximum = e->is_for_client ? ERROR_TEXT_SIZE : 0 };

    buf_vprintf(&b, format, args);
    struct error *error = add(e, code, buf_str(&b));
    buf_free(&b);
    return error;
}

struct error *
errors_add(struct errors *e, enum error_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct error *error = errors_vadd(e, code, format, args);
    va_end(args);
    return error;
}

struct error *
errors_add_limit(struct errors *e, const char *limit, int64_t maximum, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct error *error = errors_vadd(e, ERROR_LIMIT_EXCEEDED, format, args);
    va_end(args);
    error_set_limit(error, limit, maximum);
    return error;
}

void
error_set_limit(struct error *error, const char *limit, int64_t maximum)
{
    error->code = ERROR_LIMIT_EXCEEDED;
    error->limit = limit;
    error->maximum = maximum;
}

struct error *
errors_add_range(struct errors *e, struct str argument, int most, struct str value)
{
    struct error *error =
        errors_add(e, ERROR_BAD_USER_INPUT, "Argument \"%.*s\" must be from 0 to %d, not %.*s.",
                   STR_PRINT(argument), most, STR_PRINT(value));

    error->argument = argument;
    return error;
}

struct error *
errors_add_copy(struct errors *e, const struct error *what)
{
    struct error *error = add(e, what->code, what->message);

    error->offset = what->offset;
    error->argument = what->argument;
    error->limit = what->limit;
    error->maximum = what->maximum;
    error->field = what->field;
    error->constraint = what->constraint;
    error->retry_after = what->retry_after;
    return error;
}

void
errors_clear(struct errors *e)
{
    e->first = e->last = NULL;
    e->count = 0;
    e->has_more = false;
}

void
error_add_place(struct arena *a, struct error *error, struct place place)
{
    struct place **end = error->places ? &error->last_place->next : &error->places;

    *end = ARENA_NEW(a, struct place);
    **end = (struct place){ place.line, place.column, NULL };
    error->last_place = *end;
}

void
error_set_path(struct arena *a, struct error *error, const struct path *path)
{
    const struct path **to = &error->path;

    for (; path; path = path->parent) {
        struct path *copy = ARENA_NEW(a, struct path);
        *copy = *path;
        copy->parent = NULL;
        *to = copy;
        to = &copy->parent;
    }
}

static void
error_write_places(struct buf *b, const struct place *place)
{
    buf_put(b, STR(",\"locations\":["));
    for (const struct place *p = place; p; p = p->next)
        buf_printf(b, "%s{\"line\":%u,\"column\":%u}", p == place ? "" : ",", p->line, p->column);
    buf_byte(b, ']');
}

static void
error_write_path(struct buf *b, const struct path *path)
{
    if (path->parent) {
        error_write_path(b, path->parent);
        buf_byte(b, ',');
    }
    if (path->name.ptr)
        json_write_string(b, path->name);
    else
        buf_int64(b, path->index);
}

static void
error_write_text(struct buf *b, const char *name, struct str text)
{
    if (!text.ptr)
        return;
    buf_byte(b, ',');
    json_write_name(b, str_from(name));
    json_write_string(b, text);
}

static void
error_write_extensions(struct buf *b, const struct error *error, struct str request_id)
{
    buf_put(b, STR(",\"extensions\":{\"code\":"));
    json_write_string(b, str_from(error_code_name(error->code)));
    error_write_text(b, "argument", error->argument);
    if (error->limit) {
        error_write_text(b, "limit", str_from(error->limit));
        buf_put(b, STR(",\"maximum\":"));
        buf_int64(b, error->maximum);
    }
    error_write_text(b, "field", error->field);
    error_write_text(b, "constraint", error->constraint);
    if (error->retry_after) {
        buf_put(b, STR(",\"retryAfter\":"));
        buf_int64(b, error->retry_after);
    }
    error_write_text(b, "requestId", request_id);
    buf_byte(b, '}');
}

/* `{"message":"...","locations":[...]`, to which members may be added. */
static void
error_write_start(struct buf *b, const struct error *error)
{
    buf_put(b, STR("{\"message\":"));
    json_write_string(b, error->message);
    if (error->places)
        error_write_places(b, error->places);
}

void
error_write(struct buf *b, const struct error *error, struct str request_id)
{
    if (error->written.ptr) {
        buf_put(b, error->written);
        return;
    }
    error_write_start(b, error);
    if (error->path) {
        buf_put(b, STR(",\"path\":["));
        error_write_path(b, error->path);
        buf_byte(b, ']');
    }
    error_write_extensions(b, error, request_id);
    buf_byte(b, '}');
}

/* That errors were left out: at most so many, or so many bytes of them, are shown. */
static void
error_write_rest(struct buf *b, const char *limit, int maximum, const char *unit,
                 struct str request_id)
{
    char message[80];

    snprintf(message, sizeof(message), "More errors are left out: at most %d%s are shown.", maximum,
             unit);
    struct error rest = { .message = str_from(message) };
    error_set_limit(&rest, limit, maximum);
    error_write(b, &rest, request_id);
}

void
errors_write(struct buf *b, const struct errors *e, struct str request_id)
{
    size_t start = b->len;
    const struct error *error = e->first;

    buf_byte(b, '[');
    for (; error; error = error->next) {
        if (error != e->first)
            buf_byte(b, ',');
        size_t before = b->len;
        error_write(b, error, request_id);
        if (e->byte_maximum && b->len - start > (size_t)e->byte_maximum) {
            buf_truncate(b, before);
            error_write_rest(b, "error_bytes", e->byte_maximum, " bytes", request_id);
            break;
        }
    }
    if (!error && e->has_more) {
        buf_byte(b, ',');
        error_write_rest(b, "errors", e->maximum, "", request_id);
    }
    buf_byte(b, ']');
}

void
errors_write_bare(struct buf *b, const struct errors *e)
{
    buf_byte(b, '[');
    for (const struct error *error = e->first; error; error = error->next) {
        if (error != e->first)
            buf_byte(b, ',');
        error_write_start(b, error);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}
