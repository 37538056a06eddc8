/*
 * check_log.c - linnet check --log: what documents_only = on would have refused.
 *
 * The server writes a line of the event `document` for each request whose document is not trusted,
 * before the line of the event `request`.  That has the id of one that is, or `a text`, or of staff
 * `any text`.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/map.h"
#include "value/value.h"
#include "value/value_json.h"
#include "document/trusted.h"
#include "process/load_documents.h"
#include "cgi-bin/command.h"
#include "cgi-bin/lines.h"

enum { LINE_MAXIMUM = 64 * 1024 }; /* bytes; the server's own are shorter */
enum { TIME_LENGTH = 24 };         /* 2026-11-29T12:14:03.530Z */

static const struct limits line_limits = {
    .json_depth = 4, .json_values = 100, .json_string = LINE_MAXIMUM, .json_number = 40
};

/* A document that was asked for and is not trusted. */
struct foreign {
    struct str hash, operation;
    int64_t count;
    char last[TIME_LENGTH + 1]; /* when: the time of the line */
    struct foreign *next;
};

struct log {
    struct arena *arena;
    const struct trusted *documents; /* or NULL */
    struct map *seen;                /* the ids of requests that had a line of their document */
    struct map *foreign_by_key;
    struct foreign *first;
    int64_t requests;        /* that had a document */
    int64_t refused, silent; /* of these: would be refused; of which nothing is known */
    int64_t foreign_count;
};

static struct str
text_of(const struct value *line, const char *name)
{
    const struct value *value = value_find(line, str_from(name));

    return value && value->kind == VALUE_STRING ? value->text : STR_NONE;
}

static struct foreign *
get_foreign(struct log *log, struct arena *scratch, struct str hash, struct str operation)
{
    struct str key = str_format(scratch, "%.*s %.*s", STR_PRINT(hash), STR_PRINT(operation));
    struct foreign *foreign = map_get(log->foreign_by_key, key);

    if (foreign)
        return foreign;
    foreign = ARENA_NEW(log->arena, struct foreign);
    *foreign = (struct foreign){ .hash = str_copy(log->arena, hash),
                                 .operation = str_copy(log->arena, operation),
                                 .next = log->first };
    map_put(log->foreign_by_key, str_copy(log->arena, key), foreign);
    log->first = foreign;
    log->foreign_count++;
    return foreign;
}

/* A document that is trusted by now would be answered. */
static void
take_document(struct log *log, struct arena *scratch, const struct value *line)
{
    struct str hash = text_of(line, "document"), operation = text_of(line, "operation");
    struct str id = text_of(line, "requestId"), time = text_of(line, "time");

    if (id.ptr)
        map_put(log->seen, str_copy(log->arena, id), log);
    if (!hash.ptr)
        return;
    log->requests++;
    if (log->documents && trusted_find(log->documents, hash))
        return;
    log->refused++;
    struct foreign *foreign = get_foreign(log, scratch, hash, operation);
    foreign->count++;
    snprintf(foreign->last, sizeof(foreign->last), "%.*s", STR_PRINT(time));
}

static void
take_request(struct log *log, const struct value *line)
{
    struct str id = text_of(line, "requestId");
    struct str document = text_of(line, "document");

    if (!document.ptr || (id.ptr && map_get(log->seen, id)))
        return;
    log->requests++;
    log->silent += str_is(document, "a text");
}

static void
take_line(struct log *log, struct arena *scratch, struct str text)
{
    struct errors errors = { .arena = scratch, .maximum = 1 };
    const struct value *line =
        text.ptr ? value_json_parse_any_text(scratch, text, &line_limits, &errors) : NULL;

    if (!line || line->kind != VALUE_OBJECT)
        return;
    struct str event = text_of(line, "event");
    if (str_is(event, "document"))
        take_document(log, scratch, line);
    else if (str_is(event, "request"))
        take_request(log, line);
}

/* False after an error, which is in `errno`. */
static bool
read_log(struct log *log, int descriptor)
{
    struct lines lines = { .descriptor = descriptor, .maximum = LINE_MAXIMUM };
    struct arena *scratch = arena_new("line");

    errno = 0;
    while (lines_read(&lines))
        for (struct str line; lines_take(&lines, &line);) {
            take_line(log, scratch, line);
            arena_reset(scratch);
        }
    int error = errno;
    buf_free(&lines.text);
    arena_free(scratch);
    errno = error;
    return error == 0;
}

static int
compare_foreign(const void *a, const void *b)
{
    const struct foreign *one = *(struct foreign *const *)a, *other = *(struct foreign *const *)b;

    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    int order = str_compare(one->operation, other->operation);
    return order ? order : str_compare(one->hash, other->hash);
}

/* A line for each document, the most frequent first. */
static void
print_foreign(const struct log *log)
{
    struct foreign **all = ARENA_ARRAY(log->arena, struct foreign *, (size_t)log->foreign_count);
    int64_t count = 0;

    for (struct foreign *foreign = log->first; foreign; foreign = foreign->next)
        all[count++] = foreign;
    qsort(all, (size_t)count, sizeof(*all), compare_foreign);
    for (int64_t i = 0; i < count; i++)
        printf("%" PRId64 " times, last %s: %.*s (sha256:%.*s)\n", all[i]->count, all[i]->last,
               STR_PRINT(all[i]->operation.len > 0 ? all[i]->operation : STR("without a name")),
               STR_PRINT(all[i]->hash));
}

static int
print_verdict(const struct log *log, const char *file)
{
    if (log->requests == 0) {
        printf("%s: has no requests: the setting `log` must be info\n", file);
        return COMMAND_FAILED;
    }
    print_foreign(log);
    if (log->silent > 0)
        printf("%s: does not say which documents %" PRId64 " of %" PRId64
               " requests asked for: the setting `documents_only` was off\n",
               file, log->silent, log->requests);
    printf("%s: documents_only = on would have refused %" PRId64 " of %" PRId64 " requests\n", file,
           log->refused, log->requests);
    return log->refused + log->silent > 0 ? COMMAND_FAILED : 0;
}

int
check_log(const struct invocation *invocation, const char *file)
{
    struct arena *a = invocation->arena;
    struct errors errors = { .arena = a };
    struct log log = { .arena = a, .seen = map_new(a), .foreign_by_key = map_new(a) };
    bool is_standard = strcmp(file, "-") == 0;

    if (!load_documents(a, &invocation->config, &log.documents, &errors)) {
        fprintf(stderr, "%.*s\n", STR_PRINT(errors.first->message));
        return EX_CONFIG;
    }
    int descriptor = is_standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    bool is_read = descriptor >= 0 && read_log(&log, descriptor);
    if (!is_read)
        fprintf(stderr, "%s: %s\n", file, strerror(errno));
    if (descriptor > STDIN_FILENO)
        close(descriptor);
    return is_read ? print_verdict(&log, file) : EX_NOINPUT;
}
