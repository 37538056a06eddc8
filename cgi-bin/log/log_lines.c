/*
 * log_lines.c - the lines of a log of the server.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/log/log_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "value/value.h"
#include "value/value_json.h"
#include "cgi-bin/input/lines.h"

enum { LINE_MAXIMUM = 1024 * 1024 }; /* bytes; the server's own are shorter */

static const struct limits line_limits = {
    .json_depth = 20, .json_values = 10000, .json_string = LINE_MAXIMUM, .json_number = 400
};

struct str
log_lines_text(const struct value *line, const char *name)
{
    const struct value *value = value_find(line, str_from(name));

    return value && value->kind == VALUE_STRING ? value->text : STR_NONE;
}

static void
take_line(struct arena *scratch, struct str text, log_line_fn *take, void *context)
{
    struct errors errors = { .arena = scratch, .maximum = 1 };
    const struct value *line =
        text.ptr ? value_json_parse_any_text(scratch, text, &line_limits, &errors) : NULL;

    if (line && line->kind == VALUE_OBJECT)
        take(context, scratch, line);
}

/* False after an error, which is in `errno`. */
static bool
read_all(int descriptor, log_line_fn *take, void *context)
{
    struct lines lines = { .descriptor = descriptor, .maximum = LINE_MAXIMUM };
    struct arena *scratch = arena_new("line");

    errno = 0;
    while (lines_read(&lines))
        for (struct str line; lines_take(&lines, &line);) {
            take_line(scratch, line, take, context);
            arena_reset(scratch);
        }
    int error = errno;
    buf_free(&lines.text);
    arena_free(scratch);
    errno = error;
    return error == 0;
}

int
log_lines_read(const char *file, log_line_fn *take, void *context)
{
    bool is_standard = strcmp(file, "-") == 0;
    int descriptor = is_standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    bool is_read = descriptor >= 0 && read_all(descriptor, take, context);

    if (!is_read)
        fprintf(stderr, "%s: %s\n", file, strerror(errno));
    if (descriptor > STDIN_FILENO)
        close(descriptor);
    return is_read ? 0 : EX_NOINPUT;
}
