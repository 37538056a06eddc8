/*
 * request.c - the life of a request, from top to bottom.
 *
 *     bytes --read--> params --identify--> viewer --parse--> document
 *           --validate--> document --plan--> plan --execute, wave by wave--> rows --write--> bytes
 *
 * A document that is known skips parsing and validation, and a plan that holds
 * skips planning (document/cache.h); when all it asks for is the schema, what was
 * written once is sent again.  Each phase's time is measured: the phases
 * are columns of the log line and entries of Server-Timing.
 *
 * Only executing waits for anything (request_execute.c): the request is then left, and stepped
 * again when there is something to go on with.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "language/parser.h"
#include "language/source.h"
#include "database/db.h"
#include "binding/contract.h"
#include "validation/validate.h"
#include "planner/operation.h"
#include "planner/plan.h"
#include "document/cache.h"
#include "execution/execute.h"
#include "config/config.h"
#include "server/health.h"

/* Answer what is no operation.  False: the answer is there; /ready has to ask PostgreSQL first. */
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
        r->deadline = clock_now() + HEALTH_TIME;
        if (r->worker->loop)
            loop_set_timer(r->worker->loop, &r->timer, r->deadline);
        return true;
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
        return request_refuse(r, RETRY_AFTER);
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
                                                      auth_is_staff(r->auth.auth, &r->viewer));

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
    errors_add_limit(&r->errors, limit, maximum, "%s", message);
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

static bool
request_write(struct request *r)
{
    struct buf *data = &r->worker->data;

    if (r->text.ptr)
        return true;
    r->data = cache_data(r->document, r->plan);
    if (r->data.len > 0)
        return true;
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
    errors_add_limit(&r->errors, "response", r->config->limits.response,
                     "The response is larger than %d bytes.", r->config->limits.response);
    return false;
}

/* Of /ready there is nothing between reading and asking. */
static const struct {
    bool (*run)(struct request *); /* false: an error was added, and the response is due */
    bool is_of_operation;
} phases[PHASES] = {
    [PHASE_READ] = { request_read, false },       [PHASE_AUTH] = { request_identify, true },
    [PHASE_PARSE] = { request_parse, true },      [PHASE_VALIDATE] = { request_validate, true },
    [PHASE_PLAN] = { request_plan, true },        [PHASE_QUEUE] = { NULL, true },
    [PHASE_EXECUTE] = { request_execute, false }, [PHASE_WRITE] = { request_write, false },
};

/* Answer, whatever there is to be said, and log it. */
static void
request_end(struct request *r)
{
    struct worker *worker = r->worker;

    request_give_back(r);
    if (worker->loop)
        loop_stop_timer(worker->loop, &r->timer);
    if (!r->is_gone) {
        if (r->config->mode == MODE_DEVELOPMENT)
            r->response.timing = request_timing(r);
        ssize_t bytes =
            r->text.ptr ? response_write_text(r->arena, r->source, &r->response, r->text)
                        : response_write(r->arena, r->source, &r->response, &r->errors, r->data);
        request_log(r, bytes);
    } else if (r->source->drop) {
        r->source->drop(r->source);
    }
    if (worker->cache)
        cache_release(worker->cache, r->document, r->plan);
    worker->request_count++;
    arena_reset(r->arena);
    r->next = worker->idle;
    worker->idle = r;
}

enum request_state
request_step(struct request *r)
{
    bool goes_on = true;

    for (; r->phase < PHASES && goes_on; r->phase++) {
        bool is_skipped = phases[r->phase].is_of_operation && r->http.target != HTTP_OPERATION;
        if (is_skipped || !phases[r->phase].run)
            continue;
        goes_on = phases[r->phase].run(r);
        request_charge(r, r->phase);
        if (r->is_waiting)
            return REQUEST_WAITING;
    }
    request_end(r);
    return REQUEST_DONE;
}

/* Let go of what it waits for, and go on from there; unless that is a C function, which sees
 * for itself that time is up or that nobody waits. */
static void
request_give_up(struct request *r)
{
    r->is_late = true;
    if (r->is_resolving)
        return;
    if (r->loan.db)
        db_expire(r->loan.db);
    r->worker->resume(r);
}

static void
request_late(struct loop_timer *timer)
{
    struct request *r = CONTAINER_OF(timer, struct request, timer);

    log_warning("request %s: the database has not answered in time", r->response.id);
    request_give_up(r);
}

void
request_abandon(struct request *r)
{
    log_info("request %s: the client has gone; what it asked for is cancelled", r->response.id);
    r->is_gone = true;
    request_give_up(r);
}

struct request *
request_begin(struct worker *worker, struct http_source *source)
{
    struct request *r = worker->idle;

    if (r)
        worker->idle = r->next;
    else
        r = ARENA_NEW(worker->arena, struct request);
    struct arena *a = r->arena ? r->arena : arena_new("request");
    *r = (struct request){ .worker = worker,
                           .arena = a,
                           .config = worker->config,
                           .source = source,
                           .deadline = clock_now() + worker->config->request_time,
                           .errors = { .arena = a, .maximum = worker->config->limits.errors } };
    response_init(&r->response);
    request_charge(r, PHASE_READ);
    if (worker->loop) {
        r->timer.due = request_late;
        loop_set_timer(worker->loop, &r->timer, r->deadline);
    }
    return r;
}

void
request_serve(struct worker *worker, struct http_source *source)
{
    struct request *r = request_begin(worker, source);

    while (request_step(r) == REQUEST_WAITING) {
        db_watch(worker->db, source->descriptor);
        db_wait(worker->db, r->deadline);
        db_watch(worker->db, -1);
    }
}

void
request_release_idle(struct worker *worker)
{
    for (struct request *r = worker->idle; r; r = r->next)
        arena_free(r->arena);
    worker->idle = NULL;
}
