/*
 * request.c - the life of a request, from top to bottom.
 *
 *     bytes --read--> params --parse--> document --validate--> document
 *           --plan--> plan --execute, wave by wave--> rows --write--> bytes
 *
 * A document that is known skips parsing and validation, and a plan that holds
 * skips planning (planner/cache.h).  Each phase's time is measured: the phases
 * are columns of the log line and entries of Server-Timing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "execution/db.h"
#include "execution/execute.h"
#include "language/parser.h"
#include "planner/cache.h"
#include "planner/operation.h"
#include "planner/plan.h"
#include "server/config.h"
#include "server/http.h"
#include "server/params.h"
#include "server/response.h"
#include "type/contract.h"
#include "type/value.h"
#include "validation/validate.h"

enum { PHASE_READ, PHASE_PARSE, PHASE_VALIDATE, PHASE_PLAN, PHASE_EXECUTE, PHASE_WRITE, PHASES };

struct request {
    struct worker *worker;
    struct arena *arena;
    const struct config *config;
    struct http_source *source;
    struct errors errors; /* what the client is told */
    struct response response;

    /* What each phase finds. */
    struct http_request http;              /* read */
    struct params params;                  /* read */
    bool is_gone;                          /* read: the client did not stay for an answer */
    struct document *document;             /* parse, validate */
    const struct ast_operation *operation; /* plan */
    struct variables variables;            /* plan */
    struct viewer viewer;
    const struct plan *plan; /* plan */
    struct run *run;         /* execute */
    struct str data;         /* write: the value of `data`, or STR_NONE */

    int64_t times[PHASES]; /* nanoseconds */
};

static bool
request_read(struct request *r)
{
    const struct limits *limits = &r->config->limits;
    enum http_result result =
        http_read(r->arena, r->source, limits, &r->http, &r->response, &r->errors);

    r->is_gone = result == HTTP_GONE;
    return result == HTTP_OK && params_read(r->arena, &r->http, limits, &r->params, &r->errors);
}

static bool
request_parse(struct request *r)
{
    struct cache *cache = r->worker->cache;

    r->document = cache_find(cache, r->params.query);
    if (r->document)
        return true;
    r->document = cache_make(cache, r->params.query);
    r->document->ast =
        parser_parse(r->document->arena, &r->document->source, &r->config->limits, &r->errors);
    return r->document->ast != NULL;
}

static bool
request_validate(struct request *r)
{
    struct validate_options options = { .limits = &r->config->limits,
                                        .has_suggestions = r->config->mode == MODE_DEVELOPMENT };

    if (r->document->is_cached)
        return true;
    if (!validate_document(r->arena, r->worker->contract->schema, r->document->ast, &options,
                           &r->errors))
        return false;
    cache_keep(r->worker->cache, r->document);
    return true;
}

static bool
request_plan(struct request *r)
{
    const struct ast_document *ast = r->document->ast;

    r->operation = operation_get(ast, r->params.operation_name, &r->errors);
    if (!r->operation)
        return false;
    if (r->http.method == HTTP_GET && r->operation->type != OPERATION_QUERY) {
        http_refuse_method(&r->response, "POST", "Only queries may be sent by GET.", &r->errors);
        return false;
    }
    if (!value_coerce_variables(r->arena, r->worker->contract->schema, ast, r->operation,
                                r->params.variables, &r->variables, &r->errors))
        return false;
    r->plan = cache_plan(r->worker->cache, r->document, r->operation, &r->variables, r->arena);
    return true;
}

static bool
request_is_unavailable(struct request *r)
{
    struct error *error =
        errors_add(&r->errors, ERROR_SERVICE_UNAVAILABLE, "The database is not available.");

    error->retry_after = 1;
    return false;
}

static bool
request_execute(struct request *r)
{
    struct worker *worker = r->worker;
    bool needs_db = r->plan->statement_count > 0;

    if (needs_db && !worker->need_db(worker))
        return request_is_unavailable(r);
    struct execute_options options = { .contract = worker->contract,
                                       .limits = &r->config->limits,
                                       .plan = r->plan,
                                       .variables = &r->variables,
                                       .viewer = &r->viewer,
                                       .db = worker->db };
    r->run = execute_start(r->arena, &options);
    execute_finish(r->run, db_now() + r->config->request_time);
    return !execute_is_unavailable(r->run) || request_is_unavailable(r);
}

static bool
request_write(struct request *r)
{
    struct buf *data = &r->worker->data;

    buf_truncate(data, 0);
    data->failed = false;
    data->maximum = (size_t)r->config->limits.response;
    write_data(data, r->run, &r->errors);
    if (!data->failed) {
        r->data = buf_str(data);
        return true;
    }
    struct error *error =
        errors_add(&r->errors, ERROR_LIMIT_EXCEEDED, "The response is larger than %d bytes.",
                   r->config->limits.response);
    error->limit = "response";
    error->maximum = r->config->limits.response;
    return false;
}

static const struct {
    const char *name;
    bool (*run)(struct request *); /* false: an error was added, and the response is due */
} phases[PHASES] = {
    [PHASE_READ] = {"read",      request_read    },
    [PHASE_PARSE] = { "parse",    request_parse   },
    [PHASE_VALIDATE] = { "validate", request_validate},
    [PHASE_PLAN] = { "plan",     request_plan    },
    [PHASE_EXECUTE] = { "execute",  request_execute },
    [PHASE_WRITE] = { "write",    request_write   },
};

static int64_t
now_in_nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* `parse;dur=0.012, ...`: milliseconds. */
static struct str
request_timing(struct request *r)
{
    struct buf *b = buf_new(r->arena);

    for (int i = 0; i < PHASES; i++)
        buf_printf(b, "%s%s;dur=%.3f", i > 0 ? ", " : "", phases[i].name,
                   (double)r->times[i] / 1e6);
    return buf_str(b);
}

static void
request_log(struct request *r, int64_t started, ssize_t bytes)
{
    struct log_member members[PHASES + 7];
    int count = 0;
    struct str name = r->operation ? r->operation->name : STR_NONE;
    const char *code = r->errors.first ? error_code_name(r->errors.first->code) : NULL;

    if (!log_wants(LOG_INFO))
        return;
    members[count++] = (struct log_member){ "requestId", LOG_TEXT, response_id(&r->response), 0 };
    members[count++] = (struct log_member){ "status", LOG_NUMBER, STR_NONE, r->response.status };
    members[count++] = (struct log_member){ "operation", LOG_TEXT, name, 0 };
    members[count++] = (struct log_member){ "code", LOG_TEXT, str_from(code), 0 };
    members[count++] = (struct log_member){ "errors", LOG_NUMBER, STR_NONE, r->errors.count };
    members[count++] = (struct log_member){ "bytes", LOG_NUMBER, STR_NONE, bytes };
    for (int i = 0; i < PHASES; i++)
        members[count++] =
            (struct log_member){ phases[i].name, LOG_NUMBER, STR_NONE, r->times[i] / 1000 };
    members[count++] = (struct log_member){ "total", LOG_NUMBER, STR_NONE,
                                            (now_in_nanoseconds() - started) / 1000 };
    log_event(LOG_INFO, "request", members, count);
}

void
request_serve(struct worker *worker, struct http_source *source)
{
    struct request r = {
        .worker = worker,
        .arena = worker->arena,
        .config = worker->config,
        .source = source,
        .errors = {.arena = worker->arena, .maximum = worker->config->limits.errors}
    };
    int64_t started = now_in_nanoseconds(), before = started;
    bool goes_on = true;

    response_init(&r.response);
    for (int i = 0; i < PHASES && goes_on; i++) {
        goes_on = phases[i].run(&r);
        int64_t now = now_in_nanoseconds();
        r.times[i] = now - before;
        before = now;
    }
    if (!r.is_gone) {
        if (r.config->mode == MODE_DEVELOPMENT)
            r.response.timing = request_timing(&r);
        ssize_t bytes = response_write(r.arena, source, &r.response, &r.errors, r.data);
        request_log(&r, started, bytes);
    }
    cache_release(worker->cache, r.document);
    arena_reset(worker->arena);
    worker->request_count++;
}
