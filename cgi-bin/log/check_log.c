/*
 * check_log.c - linnet check --log: what documents_only = on would have refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "value/value.h"
#include "document/trusted.h"
#include "load/load_documents.h"
#include "cgi-bin/command.h"
#include "cgi-bin/log/log_lines.h"

/* A document that was asked for and is not trusted. */
struct foreign {
    struct str hash, operation;
    int64_t count;
    char last[LOG_LINES_TIME_LENGTH + 1]; /* when: the time of the line */
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
    struct str hash = log_lines_text(line, "document"),
               operation = log_lines_text(line, "operation");
    struct str id = log_lines_text(line, "requestId"), time = log_lines_text(line, "time");

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
    struct str id = log_lines_text(line, "requestId");
    struct str document = log_lines_text(line, "document");

    if (!document.ptr || (id.ptr && map_get(log->seen, id)))
        return;
    log->requests++;
    log->silent += str_is(document, "a text");
}

static void
take_line(void *context, struct arena *scratch, const struct value *line)
{
    struct str event = log_lines_text(line, "event");

    if (str_is(event, "document"))
        take_document(context, scratch, line);
    else if (str_is(event, "request"))
        take_request(context, line);
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
        printf("%" PRId64 " time%s, last %s: %.*s (sha256:%.*s)\n", all[i]->count,
               all[i]->count == 1 ? "" : "s", all[i]->last,
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

    if (!load_documents(a, &invocation->config, &log.documents, &errors)) {
        fprintf(stderr, "%.*s\n", STR_PRINT(errors.first->message));
        return EX_CONFIG;
    }
    int status = log_lines_read(file, take_line, &log);
    return status ? status : print_verdict(&log, file);
}
