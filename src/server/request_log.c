/*
 * request_log.c - how long a request took, and its line in the log.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "event/clock.h"
#include "language/ast.h"
#include "document/sha256.h"
#include "document/trusted.h"

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

void
request_log(struct request *r, ssize_t bytes)
{
    struct log_member members[TIMES + 8];
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
    members[count++] = (struct log_member){ "code", LOG_TEXT, str_from(code), 0 };
    members[count++] = (struct log_member){ "errors", LOG_NUMBER, STR_NONE, r->errors.count };
    members[count++] = (struct log_member){ "bytes", LOG_NUMBER, STR_NONE, bytes };
    for (int i = 0; i < TIMES; i++)
        members[count++] =
            (struct log_member){ time_names[i], LOG_NUMBER, STR_NONE, r->times[i] / 1000 };
    members[count++] = (struct log_member){ "total", LOG_NUMBER, STR_NONE,
                                            (clock_nanoseconds() - r->started) / 1000 };
    log_event(LOG_INFO, "request", members, count);
}
