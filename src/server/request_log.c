/*
 * request_log.c - how long a request took, and its line in the log.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "event/clock.h"
#include "language/ast.h"
#include "plan/plan.h"
#include "document/cache.h"
#include "document/sha256.h"
#include "document/trusted.h"
#include "execution/execute.h"
#include "metrics/trace.h"

static const char *const time_names[TIMES] = {
#define TIME_NAME(constant, name) [TIME_##constant] = #name,
    METRICS_PHASES(TIME_NAME)
#undef TIME_NAME
};

void
request_charge(struct request *r, enum request_time time)
{
    int64_t now = clock_nanoseconds();

    assert(time < TIMES && now >= r->marked);

    if (r->started)
        r->times[time] += now - r->marked;
    else
        r->started = now;
    r->marked = now;
}

struct str
request_timing(struct request *r)
{
    struct buf *b = buf_new(r->arena);

    for (int i = 0; i < TIMES; i++)
        buf_printf(b, "%s%s;dur=%.3f", i > 0 ? ", " : "", time_names[i], (double)r->times[i] / 1e6);
    return buf_str(b);
}

/* Which document it was: the id of a trusted one, or words that are no id. */
static struct str
document_id(const struct request *r)
{
    if (r->trusted)
        return r->trusted->id;
    return r->is_exempt ? STR("any text") : r->document ? STR("a text") : STR_NONE;
}

/* The document is not trusted: say which it is, by its hash and never its text, and who calls it
 * what. */
static void
log_foreign(const struct request *r, struct str name)
{
    struct str hash = sha256_hex(r->arena, r->params.query);
    const struct log_member members[] = {
        { "requestId", LOG_TEXT, response_id(&r->response), 0 },
        { "document", LOG_TEXT, hash, 0 },
        { "operation", LOG_TEXT, name.ptr ? name : r->params.operation_name, 0 },
    };

    log_event(LOG_INFO, "document", members, ARRAY_LENGTH(members));
}

void
request_write_times(struct request *r, struct buf *b)
{
    buf_byte(b, '{');
    for (int i = 0; i < TIMES; i++) {
        buf_put_c(b, i > 0 ? "," : "");
        json_write_name(b, str_from(time_names[i]));
        buf_printf(b, "%.3f", (double)r->times[i] / 1e6);
    }
    buf_byte(b, '}');
}

/* The first digits of the document's SHA-256.  One that signs somebody up or in may have a password
 * in it, which could be guessed by them. */
struct str
request_digest(struct request *r)
{
    if (r->trusted)
        return (struct str){ r->trusted->hash.ptr, sizeof(r->document->digest) - 1 };
    if (!r->plan || r->plan->resolver_calls > 0)
        return STR_NONE;
    char *digest = r->document->digest;
    if (!*digest) {
        struct str hash = sha256_hex(r->arena, r->document->source.text);
        memcpy(digest, hash.ptr, sizeof(r->document->digest) - 1);
    }
    return str_from(digest);
}

static int
add_totals(struct log_member *members, const struct request *r)
{
    struct execute_totals totals = { 0 };

    if (r->run)
        totals = execute_total(r->run);
    members[0] = (struct log_member){ "statements", LOG_NUMBER, STR_NONE, totals.statements };
    members[1] = (struct log_member){ "rows", LOG_NUMBER, STR_NONE, totals.rows };
    members[2] = (struct log_member){ "waves", LOG_NUMBER, STR_NONE, totals.waves };
    return 3;
}

/* The trace that the request is part of, if it is; our part of it has an id of its own. */
static int
add_trace(struct log_member *members, const struct request *r, char span[TRACE_SPAN_DIGITS + 1])
{
    const struct trace *trace = &r->http.trace;

    if (!trace->id.ptr)
        return 0;
    trace_draw_span(span);
    members[0] = (struct log_member){ "trace", LOG_TEXT, trace->id, 0 };
    members[1] = (struct log_member){ "parent", LOG_TEXT, trace->parent, 0 };
    members[2] = (struct log_member){ "span", LOG_TEXT, str_from(span), 0 };
    return 3;
}

void
request_log(struct request *r, ssize_t bytes)
{
    struct log_member members[TIMES + 15];
    char span[TRACE_SPAN_DIGITS + 1];
    int count = 0;
    struct str name = r->operation ? r->operation->name : STR_NONE;
    const char *code = r->errors.first ? error_code_name(r->errors.first->code) : NULL;

    if (!log_wants(LOG_INFO))
        return;
    if (r->is_foreign)
        log_foreign(r, name);
    members[count++] = (struct log_member){ "requestId", LOG_TEXT, response_id(&r->response), 0 };
    members[count++] = (struct log_member){ "status", LOG_NUMBER, STR_NONE, r->response.status };
    members[count++] = (struct log_member){ "operation", LOG_TEXT, name, 0 };
    members[count++] = (struct log_member){ "document", LOG_TEXT, document_id(r), 0 };
    members[count++] = (struct log_member){ "documentHash", LOG_TEXT, request_digest(r), 0 };
    members[count++] = (struct log_member){ "code", LOG_TEXT, str_from(code), 0 };
    members[count++] = (struct log_member){ "errors", LOG_NUMBER, STR_NONE, r->errors.count };
    members[count++] = (struct log_member){ "bytes", LOG_NUMBER, STR_NONE, bytes };
    count += add_totals(members + count, r);
    for (int i = 0; i < TIMES; i++)
        members[count++] =
            (struct log_member){ time_names[i], LOG_NUMBER, STR_NONE, r->times[i] / 1000 };
    members[count++] = (struct log_member){ "total", LOG_NUMBER, STR_NONE,
                                            (clock_nanoseconds() - r->started) / 1000 };
    count += add_trace(members + count, r, span);
    log_event(LOG_INFO, "request", members, count);
}
