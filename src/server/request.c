/*
 * request.c - the life of a request, from top to bottom.
 *
 *     bytes --read--> params --identify--> viewer --parse--> document
 *           --validate--> document --plan--> plan --execute, wave by wave--> rows --write--> bytes
 *
 * A document that is known skips parsing and validation, and a plan that holds
 * skips planning (planner/cache.h); when all it asks for is the schema, what was
 * written once is sent again.  Each phase's time is measured: the phases
 * are columns of the log line and entries of Server-Timing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request.h"

#include <string.h>
#include <time.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "execution/db.h"
#include "execution/execute.h"
#include "language/parser.h"
#include "language/source.h"
#include "planner/cache.h"
#include "planner/operation.h"
#include "planner/plan.h"
#include "server/config.h"
#include "server/health.h"
#include "server/http.h"
#include "server/params.h"
#include "server/response.h"
#include "type/contract.h"
#include "type/value.h"
#include "validation/validate.h"

/* Seconds after which a client may ask again, when nothing knows better. */
enum { RETRY_AFTER = 1 };

enum {
    PHASE_READ,
    PHASE_AUTH,
    PHASE_PARSE,
    PHASE_VALIDATE,
    PHASE_PLAN,
    PHASE_EXECUTE,
    PHASE_WRITE,
    PHASES
};

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
    struct auth_request auth;              /* auth */
    struct viewer viewer;                  /* auth */
    const struct plan *plan;               /* plan */
    struct run *run;                       /* execute */
    struct str data;                       /* write: the value of `data`, or STR_NONE */
    struct str text;  /* read: the answer to what is no operation, or STR_NONE */
    int64_t deadline; /* of db_now() */

    int64_t times[PHASES]; /* nanoseconds */
};

static bool
request_is_unavailable(struct request *r, int retry_after)
{
    struct error *error =
        errors_add(&r->errors, ERROR_SERVICE_UNAVAILABLE, "The service is not available.");

    error->retry_after = retry_after;
    return false;
}

/* Answer what is no operation. */
static bool
request_answer(struct request *r)
{
    switch (r->http.target) {
    case HTTP_PREFLIGHT:
        r->response.status = 204;
        r->text = STR("");
        break;
    case HTTP_LIVE:
        r->text = health_live(&r->response);
        break;
    case HTTP_READY:
        r->text = health_ready(r->worker, &r->response);
        break;
    case HTTP_OPERATION:
        break;
    }
    return false;
}

static bool
request_read(struct request *r)
{
    enum http_result result =
        http_read(r->arena, r->source, r->config, &r->http, &r->response, &r->errors);

    r->is_gone = result == HTTP_GONE;
    if (result != HTTP_OK)
        return false;
    if (r->http.target != HTTP_OPERATION)
        return request_answer(r);
    if (!r->worker->cache)
        return request_is_unavailable(r, RETRY_AFTER);
    return params_read(r->arena, &r->http, &r->config->limits, &r->params, &r->errors);
}

/* Never fails: a token that is refused makes nobody of the viewer, and what
 * needs a user is refused then. */
static bool
request_identify(struct request *r)
{
    r->auth = (struct auth_request){ .auth = r->worker->auth, .address = r->http.address };
    if (r->worker->viewer)
        r->viewer = *r->worker->viewer;
    else if (r->worker->contract->is_mock)
        auth_assume(&r->auth, r->http.authorization, &r->viewer);
    else
        auth_identify(r->arena, &r->auth, r->http.authorization, &r->viewer);
    return true;
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

/* May this viewer ask for the schema?  If not, an error was added, at the field that does.
 * The document may be known from somebody who may: this is asked of every request. */
static bool
request_may_introspect(struct request *r)
{
    const struct plan_field *field = r->plan->fields;
    const char *refusal = config_refuse_introspection(r->config, r->viewer.user_id.ptr != NULL,
                                                      str_is(r->viewer.role, "staff"));

    while (field && field->kind != PLAN_INTROSPECTION)
        field = field->next;
    if (!field || !refusal)
        return true;
    if (r->viewer.token_error && r->config->introspection != INTROSPECTION_OFF)
        errors_add_copy(&r->errors, r->viewer.token_error);
    else
        source_error(&r->errors, &r->document->source, field->ast->node.start,
                     ERROR_VALIDATION_FAILED, "%s", refusal);
    return false;
}

/* Is the value within its bound?  If not, an error was added. */
static bool
request_is_within(struct request *r, int64_t value, const char *limit, int maximum,
                  const char *message)
{
    if (value <= maximum)
        return true;
    struct error *error = errors_add(&r->errors, ERROR_LIMIT_EXCEEDED, "%s", message);
    error->limit = limit;
    error->maximum = maximum;
    return false;
}

/* What is refused before any SQL: a method that must not write, an operation
 * of which nothing can be answered, and one that asks for too much. */
static bool
request_may_execute(struct request *r)
{
    const struct limits *limits = &r->config->limits;

    if (r->http.method == HTTP_GET && r->operation->type != OPERATION_QUERY) {
        http_refuse_method(&r->response, "POST", "Only queries may be sent by GET.", &r->errors);
        return false;
    }
    if (r->viewer.token_error && plan_needs_user(r->plan)) {
        errors_add_copy(&r->errors, r->viewer.token_error);
        return false;
    }
    return request_is_within(r, r->plan->nodes, "nodes", limits->nodes,
                             "The lists of the request ask for too many rows.") &&
           request_is_within(r, r->plan->column_count, "columns", limits->columns,
                             "A list of the request asks for too many fields.") &&
           request_is_within(r, r->plan->resolver_calls, "resolver_calls", limits->resolver_calls,
                             "The request asks for the same account function too often.");
}

static bool
request_plan(struct request *r)
{
    const struct ast_document *ast = r->document->ast;

    r->operation = operation_get(ast, r->params.operation_name, &r->errors);
    if (!r->operation ||
        !value_coerce_variables(r->arena, r->worker->contract->schema, ast, r->operation,
                                r->params.variables, &r->variables, &r->errors))
        return false;
    r->plan = cache_plan(r->worker->cache, r->document, r->operation, &r->variables, r->arena);
    return request_may_introspect(r) && request_may_execute(r);
}

static void
request_run(struct request *r, const struct resolvers *resolvers)
{
    struct worker *worker = r->worker;
    struct execute_options options = { .contract = worker->contract,
                                       .limits = &r->config->limits,
                                       .plan = r->plan,
                                       .variables = &r->variables,
                                       .viewer = &r->viewer,
                                       .resolvers = resolvers,
                                       .db = worker->db,
                                       .deadline = r->deadline };

    if (worker->db)
        db_watch(worker->db, r->source->descriptor);
    r->run = execute_start(r->arena, &options);
    execute_finish(r->run);
    if (worker->db)
        db_watch(worker->db, -1);
}

/* A query whose connection broke before anything was answered has done nothing, and
 * PostgreSQL may be back already: it is run once more, if there is time to connect. */
static bool
request_execute(struct request *r)
{
    struct resolvers resolvers = { .table = account_resolvers, .context = &r->auth };
    int attempts = r->operation->type == OPERATION_QUERY ? 2 : 1;
    int retry_after = RETRY_AFTER;

    if (r->plan->data.len > 0)
        return true;
    for (; attempts > 0; attempts--) {
        if (plan_needs_db(r->plan) && !r->worker->need_db(r->worker))
            return request_is_unavailable(r, RETRY_AFTER);
        request_run(r, &resolvers);
        if (!execute_is_unavailable(r->run, &retry_after))
            return true;
        if (db_now() + r->config->connect_time > r->deadline)
            break;
    }
    return request_is_unavailable(r, retry_after);
}

static bool
request_write(struct request *r)
{
    struct buf *data = &r->worker->data;

    if (r->plan->data.len > 0) {
        r->data = buf_str(&r->plan->data);
        return true;
    }
    buf_truncate(data, 0);
    data->failed = false;
    data->maximum = (size_t)r->config->limits.response;
    write_data(data, r->run, &r->errors);
    if (!data->failed) {
        r->data = buf_str(data);
        if (r->plan->is_constant)
            cache_keep_data(r->worker->cache, r->document, r->plan, r->data);
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
    [PHASE_READ] = { "read", request_read },    [PHASE_AUTH] = { "auth", request_identify },
    [PHASE_PARSE] = { "parse", request_parse }, [PHASE_VALIDATE] = { "validate", request_validate },
    [PHASE_PLAN] = { "plan", request_plan },    [PHASE_EXECUTE] = { "execute", request_execute },
    [PHASE_WRITE] = { "write", request_write },
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
    struct request r = { .worker = worker,
                         .arena = worker->arena,
                         .config = worker->config,
                         .source = source,
                         .deadline = db_now() + worker->config->request_time,
                         .errors = { .arena = worker->arena,
                                     .maximum = worker->config->limits.errors } };
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
        ssize_t bytes = r.text.ptr
                            ? response_write_text(r.arena, source, &r.response, r.text)
                            : response_write(r.arena, source, &r.response, &r.errors, r.data);
        request_log(&r, started, bytes);
    }
    if (worker->cache)
        cache_release(worker->cache, r.document);
    arena_reset(worker->arena);
    worker->request_count++;
}
