/*
 * log.c - what the operator must know: one JSON object a line.
 *
 * A line is made in a buffer on the stack and written as a whole, so that lines
 * of several processes do not mix, and so that logging needs no memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/log.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = PIPE_BUF, TEXT_MAXIMUM = 256 };

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

/* Lines of events that log_hold() keeps: as many as a pipe takes at once. */
static _Thread_local struct log_line held;
static _Thread_local bool is_holding;

/* The process, as a line says it; and the second that lines were begun in last. */
static char process[24];
static _Thread_local struct {
    time_t second;
    char text[24]; /* without the milliseconds; "": none yet */
} stamp;

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

static inline void
line_byte(struct log_line *l, char c)
{
    if (l->len < LINE_SIZE - 4) /* there is room for what ends the line */
        l->text[l->len++] = c;
}

static inline void
line_put(struct log_line *l, const char *text, size_t len)
{
    size_t room = LINE_SIZE - 4 - l->len; /* for what ends the line */

    if (len > room)
        len = room;
    memcpy(l->text + l->len, text, len);
    l->len += len;
}

static inline void
line_put_c(struct log_line *l, const char *text)
{
    line_put(l, text, strlen(text));
}

/* A member's name, which needs no escape, and what is around it. */
static void
line_put_name(struct log_line *l, const char *name)
{
    line_byte(l, ',');
    line_byte(l, '"');
    line_put_c(l, name);
    line_byte(l, '"');
    line_byte(l, ':');
}

/* In decimal, with at least so many digits. */
static void
line_put_number(struct log_line *l, int64_t number, int digits)
{
    char text[24], *at = text + sizeof(text);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    for (; rest > 0 || digits > 0; rest /= 10, digits--)
        *--at = (char)('0' + rest % 10);
    if (number < 0)
        *--at = '-';
    line_put(l, at, (size_t)(text + sizeof(text) - at));
}

static bool
is_plain(char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* A JSON string in ASCII: what is not printable ASCII is escaped byte by byte,
 * so that no log can be made to hold anything but its own lines. */
static void
line_string(struct log_line *l, struct str s, size_t maximum)
{
    bool is_cut = s.len > maximum;
    size_t len = is_cut ? maximum : s.len, plain;

    line_byte(l, '"');
    for (size_t i = 0; i < len && l->len <= LINE_SIZE - 64; i += plain) {
        for (plain = 0; i + plain < len && is_plain(s.ptr[i + plain]); plain++)
            continue;
        line_put(l, s.ptr + i, plain);
        if (i + plain == len)
            break;
        unsigned char c = (unsigned char)s.ptr[i + plain++];
        char escape[8];
        if (c == '"' || c == '\\') {
            line_put(l, (char[]){ '\\', (char)c }, 2);
        } else {
            snprintf(escape, sizeof(escape), "\\u%04x", c);
            line_put_c(l, escape);
        }
    }
    if (is_cut)
        line_put_c(l, "...");
    line_byte(l, '"');
}

/* A child of fork() is another process, and what was kept is its parent's to write. */
static void
forget_process(void)
{
    process[0] = '\0';
    held.len = 0;
    is_holding = false;
}

static void
name_process(void)
{
    static bool is_told;

    if (!is_told)
        is_told = pthread_atfork(NULL, NULL, forget_process) == 0;
    snprintf(process, sizeof(process), ",\"pid\":%d", (int)getpid());
}

static void
line_begin(struct log_line *l, enum log_level level)
{
    struct timespec now;
    struct tm tm;

    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != stamp.second || !stamp.text[0]) {
        stamp.second = now.tv_sec;
        strftime(stamp.text, sizeof(stamp.text), "%Y-%m-%dT%H:%M:%S.", gmtime_r(&now.tv_sec, &tm));
    }
    if (!process[0])
        name_process();
    l->len = 0;
    line_put_c(l, "{\"time\":\"");
    line_put_c(l, stamp.text);
    line_put_number(l, now.tv_nsec / 1000000, 3);
    line_put_c(l, "Z\",\"level\":\"");
    line_put_c(l, level_names[level]);
    line_byte(l, '"');
    line_put_c(l, process);
}

/* A pipe that nobody empties would hold us for ever: then it is lost.  One that is ready takes
 * as much as this (PIPE_BUF). */
static void
line_write(const struct log_line *l)
{
    struct pollfd reader = { .fd = log_descriptor, .events = POLLOUT };

    if (poll(&reader, 1, 0) > 0) {
        ssize_t written = write(log_descriptor, l->text, l->len);
        (void)written; /* nobody is left to tell */
    }
}

void
log_flush(void)
{
    if (held.len > 0)
        line_write(&held);
    held.len = 0;
}

void
log_hold(bool is_wanted)
{
    if (!is_wanted)
        log_flush();
    is_holding = is_wanted;
}

bool
log_is_held(void)
{
    return held.len > 0;
}

static void
line_end(struct log_line *l, bool may_wait)
{
    line_put_c(l, "}\n");
    if (!may_wait || held.len + l->len > LINE_SIZE)
        log_flush();
    if (!may_wait) {
        line_write(l);
        return;
    }
    memcpy(held.text + held.len, l->text, l->len);
    held.len += l->len;
}

void
log_event(enum log_level level, const char *event, const struct log_member *members, int count)
{
    struct log_line line;

    if (!log_wants(level))
        return;
    line_begin(&line, level);
    line_put_name(&line, "event");
    line_string(&line, str_from(event), TEXT_MAXIMUM);
    for (int i = 0; i < count; i++) {
        if (line.len > LINE_SIZE - 128)
            break;
        line_put_name(&line, members[i].name);
        if (members[i].kind != LOG_NUMBER && !members[i].text.ptr) {
            line_put_c(&line, "null");
        } else if (members[i].kind != LOG_NUMBER) {
            line_string(&line, members[i].text,
                        members[i].kind == LOG_LONG ? LOG_LONG_MAXIMUM : TEXT_MAXIMUM);
        } else {
            line_put_number(&line, members[i].number, 1);
        }
    }
    line_end(&line, is_holding && level >= LOG_INFO);
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
    line_put_name(&line, "message");
    line_string(&line, message, TEXT_MAXIMUM);
    line_end(&line, false);
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

void
log_error_lines(struct str text)
{
    while (text.len > 0) {
        size_t end = str_find(text, '\n'), skip = end < text.len ? end + 1 : end;

        if (end > 0)
            log_error("%.*s", (int)end, text.ptr);
        text = (struct str){ text.ptr + skip, text.len - skip };
    }
}
