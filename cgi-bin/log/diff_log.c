/*
 * diff_log.c - linnet diff --log: which documents of clients a new contract would break.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/log/diff_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/map.h"
#include "language/parser.h"
#include "language/source.h"
#include "value/value.h"
#include "diff/change.h"
#include "diff/diff.h"
#include "diff/usage.h"
#include "validation/validate.h"
#include "document/trusted.h"
#include "load/load_documents.h"
#include "cgi-bin/command.h"
#include "cgi-bin/log/log_lines.h"

/* A document that was asked for. */
struct logged {
    struct str text;
    struct str name; /* the id of a trusted one, or the operation that was named first */
    int64_t count;
    char last[LOG_LINES_TIME_LENGTH + 1]; /* the time of the line, if it has one */
    struct str breaks;                    /* why it would break; STR_NONE: it would not */
    struct logged *next;
};

struct diff_log {
    struct arena *arena;
    const char *file;
    const struct trusted *documents; /* or NULL */
    struct map *by_text;
    struct map *seen; /* the ids of requests that had a line of their document */
    struct logged *first;
    int64_t document_count, request_count;
    int64_t broken_documents, broken_requests;
    int64_t unknown; /* requests of which the text is not known */
};

/* ---- Reading ---------------------------------------------------------------------- */

static void
count(struct diff_log *log, struct str text, struct str name, const struct value *line)
{
    struct logged *logged = map_get(log->by_text, text);
    struct str time = log_lines_text(line, "time");

    if (!logged) {
        logged = ARENA_NEW(log->arena, struct logged);
        *logged = (struct logged){ .text = str_copy(log->arena, text),
                                   .name = str_copy(log->arena, name.ptr ? name : STR("unnamed")),
                                   .next = log->first };
        map_put(log->by_text, logged->text, logged);
        log->first = logged;
        log->document_count++;
    }
    logged->count++;
    snprintf(logged->last, sizeof(logged->last), "%.*s", STR_PRINT(time.ptr ? time : STR("")));
}

/* Count the trusted document of that id or hash, or a request of which nothing is known. */
static void
count_id(struct diff_log *log, struct str id, const struct value *line)
{
    const struct trusted_document *document =
        log->documents ? trusted_find(log->documents, id) : NULL;

    log->request_count++;
    if (document)
        count(log, document->text, document->id.ptr ? document->id : document->hash, line);
    else
        log->unknown++;
}

static void
take_line(void *context, struct arena *scratch, const struct value *line)
{
    struct diff_log *log = context;
    struct str event = log_lines_text(line, "event"), query = log_lines_text(line, "query");
    struct str document = log_lines_text(line, "document");
    struct str request = log_lines_text(line, "requestId");

    (void)scratch;
    if (query.ptr) {
        log->request_count++;
        count(log, query, log_lines_text(line, "operationName"), line);
    } else if (str_is(event, "document") && document.ptr) {
        if (request.ptr)
            map_put(log->seen, str_copy(log->arena, request), log);
        count_id(log, document, line);
    } else if (str_is(event, "request") && document.ptr) {
        if (!request.ptr || !map_get(log->seen, request))
            count_id(log, document, line);
    }
}

/* ---- Judging ------------------------------------------------------------------------ */

/* Is it valid by the schema?  What is not is among the errors. */
static bool
is_valid(struct arena *a, const struct diff_side *side, const struct ast_document *document,
         const struct limits *limits, struct errors *errors)
{
    const struct validate_options options = { .limits = limits };

    return validate_document(a, side->schema, document, &options, errors);
}

/* Why the document would break, in `a`; STR_NONE: it would not, or has not been valid before. */
static struct str
find_break(struct arena *a, const struct logged *logged, const struct limits *limits,
           const struct diff_side *before, const struct diff_side *after,
           const struct changes *changes)
{
    const struct source source = { STR_NONE, logged->text };
    struct errors old = { .arena = a, .maximum = 1 }, new = { .arena = a, .maximum = 1 };
    const struct ast_document *document = parser_parse(a, &source, limits, &old);

    if (!document || !is_valid(a, before, document, limits, &old))
        return STR_NONE;
    if (!is_valid(a, after, document, limits, &new))
        return new.first->message;
    const struct change *change = usage_find_breaking(a, before->schema, document, changes);
    return change ? str_format(a, "%.*s: %.*s", STR_PRINT(change->coordinate),
                               STR_PRINT(change->message))
                  : STR_NONE;
}

static void
judge(struct diff_log *log, const struct limits *limits, const struct diff_side *before,
      const struct diff_side *after, const struct changes *changes)
{
    struct arena *a = arena_new("document");

    for (struct logged *logged = log->first; logged; logged = logged->next) {
        struct str breaks = find_break(a, logged, limits, before, after, changes);
        if (breaks.ptr) {
            logged->breaks = str_copy(log->arena, breaks);
            log->broken_documents++;
            log->broken_requests += logged->count;
        }
        arena_reset(a);
    }
    arena_free(a);
}

int
diff_log_read(const struct invocation *invocation, const char *file, const struct diff_side *before,
              const struct diff_side *after, const struct changes *changes, struct diff_log **log)
{
    struct arena *a = invocation->arena;
    struct errors errors = { .arena = a };
    struct diff_log *made = ARENA_NEW(a, struct diff_log);

    *made =
        (struct diff_log){ .arena = a, .file = file, .by_text = map_new(a), .seen = map_new(a) };
    *log = made;
    if (!load_documents(a, &invocation->config, &made->documents, &errors)) {
        fprintf(stderr, "%.*s\n", STR_PRINT(errors.first->message));
        return EX_CONFIG;
    }
    int status = log_lines_read(file, take_line, made);
    if (status)
        return status;
    judge(made, &invocation->config.limits, before, after, changes);
    return 0;
}

bool
diff_log_breaks(const struct diff_log *log)
{
    return log->broken_documents > 0;
}

/* ---- Saying it ---------------------------------------------------------------------- */

static int
compare_logged(const void *a, const void *b)
{
    const struct logged *one = *(struct logged *const *)a, *other = *(struct logged *const *)b;

    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    int order = str_compare(one->name, other->name);
    return order ? order : str_compare(one->text, other->text);
}

/* Those that would break, the most frequent first: `broken_documents` of them. */
static const struct logged **
list_broken(const struct diff_log *log)
{
    const struct logged **all =
        ARENA_ARRAY(log->arena, const struct logged *, (size_t)log->broken_documents);
    int64_t i = 0;

    for (const struct logged *logged = log->first; logged; logged = logged->next)
        if (logged->breaks.ptr)
            all[i++] = logged;
    qsort(all, (size_t)i, sizeof(*all), compare_logged);
    return all;
}

void
diff_log_print(struct buf *b, const struct diff_log *log)
{
    const struct logged **broken = list_broken(log);

    for (int64_t i = 0; i < log->broken_documents; i++) {
        buf_printf(b, "breaks %.*s, asked for %lld time%s", STR_PRINT(broken[i]->name),
                   (long long)broken[i]->count, broken[i]->count == 1 ? "" : "s");
        if (*broken[i]->last)
            buf_printf(b, ", last %s", broken[i]->last);
        buf_printf(b, ": %.*s\n", STR_PRINT(broken[i]->breaks));
    }
    if (log->unknown > 0)
        buf_printf(b,
                   "%s: for %lld of %lld requests there is no text, neither in the log nor in the "
                   "trusted documents\n",
                   log->file, (long long)log->unknown, (long long)log->request_count);
    buf_printf(b, "%s: %lld of %lld documents would break, with %lld of %lld requests\n", log->file,
               (long long)log->broken_documents, (long long)log->document_count,
               (long long)log->broken_requests, (long long)log->request_count);
}

void
diff_log_write_json(struct buf *b, const struct diff_log *log)
{
    const struct logged **broken = list_broken(log);

    buf_put_c(b, "{\"breaks\":[");
    for (int64_t i = 0; i < log->broken_documents; i++) {
        buf_put_c(b, i == 0 ? "{\"document\":" : ",{\"document\":");
        json_write_string(b, broken[i]->name);
        buf_printf(b, ",\"requests\":%lld,\"last\":", (long long)broken[i]->count);
        json_write_string(b, str_from(broken[i]->last));
        buf_put_c(b, ",\"message\":");
        json_write_string(b, broken[i]->breaks);
        buf_byte(b, '}');
    }
    buf_printf(b, "],\"documents\":%lld,\"requests\":%lld,\"unknown\":%lld}",
               (long long)log->document_count, (long long)log->request_count,
               (long long)log->unknown);
}
