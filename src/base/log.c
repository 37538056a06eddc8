/*
 * log.c - what the operator must know: one JSON object a line.
 *
 * A line is made in a buffer on the stack and written at once, so that lines
 * of several processes do not mix, and so that logging needs no memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/log.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 4096, TEXT_MAXIMUM = 256 };

/* Bytes of a message that a listener hears. */
enum { MESSAGE_MAXIMUM = 1024 };

static enum log_level log_level = LOG_INFO;
static int log_descriptor = STDERR_FILENO;
static void (*log_hear)(void *context, struct str message);
static void *log_context;

static const char *const level_names[] = { "error", "warning", "info", "debug" };

struct log_line {
    char text[LINE_SIZE];
    size_t len;
};

void
log_set_level(enum log_level level)
{
    log_level = level;
}

bool
log_find_level(struct str name, enum log_level *level)
{
    for (int i = LOG_ERROR; i <= LOG_DEBUG; i++)
        if (str_is(name, level_names[i])) {
            *level = (enum log_level)i;
            return true;
        }
    return false;
}

bool
log_wants(enum log_level level)
{
    return level <= log_level;
}

void
log_set_descriptor(int descriptor)
{
    log_descriptor = descriptor;
}

void
log_set_listener(void (*hear)(void *context, struct str message), void *context)
{
    log_hear = hear;
    log_context = context;
}

static void
line_put(struct log_line *l, const char *text, size_t len)
{
    size_t room = LINE_SIZE - 4 - l->len; /* for what ends the line */

    if (len > room)
        len = room;
    memcpy(l->text + l->len, text, len);
    l->len += len;
}

static void
line_put_c(struct log_line *l, const char *text)
{
    line_put(l, text, strlen(text));
}

/* A JSON string in ASCII: what is not printable ASCII is escaped byte by byte,
 * so that no log can be made to hold anything but its own lines. */
static void
line_string(struct log_line *l, struct str s)
{
    bool is_cut = s.len > TEXT_MAXIMUM;

    line_put_c(l, "\"");
    for (size_t i = 0; i < (is_cut ? (size_t)TEXT_MAXIMUM : s.len); i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        char escape[8];
        if (l->len > LINE_SIZE - 64)
            break;
        if (c == '"' || c == '\\') {
            line_put(l, (char[]){ '\\', (char)c }, 2);
        } else if (c >= 0x20 && c < 0x7F) {
            line_put(l, (char *)&c, 1);
        } else {
            snprintf(escape, sizeof(escape), "\\u%04x", c);
            line_put_c(l, escape);
        }
    }
    line_put_c(l, is_cut ? "...\"" : "\"");
}

static void
line_begin(struct log_line *l, enum log_level level)
{
    struct timespec now;
    struct tm tm;
    char stamp[96];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    l->len = 0;
    int len = snprintf(stamp, sizeof(stamp),
                       "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\",\"level\":\"%s\"",
                       tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                       tm.tm_sec, now.tv_nsec / 1000000, level_names[level]);
    line_put(l, stamp, (size_t)len);
    len = snprintf(stamp, sizeof(stamp), ",\"pid\":%d", (int)getpid());
    line_put(l, stamp, (size_t)len);
}

static void
line_end(struct log_line *l)
{
    struct pollfd reader = { .fd = log_descriptor, .events = POLLOUT };

    line_put_c(l, "}\n");
    /* A pipe that nobody empties would hold us for ever: then the line is lost.  One that is
     * ready takes a whole line (PIPE_BUF). */
    if (poll(&reader, 1, 0) > 0) {
        ssize_t written = write(log_descriptor, l->text, l->len);
        (void)written; /* nobody is left to tell */
    }
}

void
log_event(enum log_level level, const char *event, const struct log_member *members, int count)
{
    struct log_line line;

    if (!log_wants(level))
        return;
    line_begin(&line, level);
    line_put_c(&line, ",\"event\":");
    line_string(&line, str_from(event));
    for (int i = 0; i < count; i++) {
        char number[32];
        if (line.len > LINE_SIZE - 128)
            break;
        line_put_c(&line, ",");
        line_string(&line, str_from(members[i].name));
        line_put_c(&line, ":");
        if (members[i].kind == LOG_TEXT && !members[i].text.ptr) {
            line_put_c(&line, "null");
        } else if (members[i].kind == LOG_TEXT) {
            line_string(&line, members[i].text);
        } else {
            snprintf(number, sizeof(number), "%" PRId64, members[i].number);
            line_put_c(&line, number);
        }
    }
    line_end(&line);
}

static void
log_message(enum log_level level, const char *format, va_list args)
{
    char text[MESSAGE_MAXIMUM + 1];
    struct log_line line;

    if (!log_wants(level))
        return;
    int len = vsnprintf(text, sizeof(text), format, args);
    if (len < 0)
        return;
    struct str message = str_from(text);
    line_begin(&line, level);
    line_put_c(&line, ",\"message\":");
    line_string(&line, message);
    line_end(&line);
    if (level == LOG_ERROR && log_hear)
        log_hear(log_context, message);
}

#define LOG_FUNCTION(name, level)                                                                  \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        log_message(level, format, args);                                                          \
        va_end(args);                                                                              \
    }
LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
