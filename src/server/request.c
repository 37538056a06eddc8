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

#include <assert.h>
#include <stddef.h>

#include "base/arena.h"
#include "event/clock.h"
#include "base/log.h"
#include "language/source.h"
#include "database/db.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "planner/operation.h"
#include "document/cache.h"
#include "execution/execute.h"
#include "response/response.h"
#include "account/account.h"
#include "config/config.h"
#include "server/service.h"
#include "server/slow.h"

static enum step
request_read(struct request *r)
{
    enum http_result result =
        http_read(r->arena, r->source, r->config, &r->http, &r->response, &r->errors);

    if (result == HTTP_GONE)
        r->abort = ABORT_GONE;
    if (result == HTTP_REFUSED)
        request_show_refusal(r);
    if (result != HTTP_OK)
        return STEP_END;
    if (r->http.target != HTTP_OPERATION)
        return request_answer(r);
    if (!r->service->cache)
        return request_refuse(r, RETRY_AFTER);
    return params_read(r->arena, &r->http, &r->config->limits, &r->params, &r->errors) ? STEP_NEXT
                                                                                       : STEP_END;
}

/* Of mock, where any token is good: one that is the name of a role has that role. */
static void
request_assume(struct request *r)
{
    auth_assume(&r->auth, r->http.authorization, &r->viewer);
    if (r->viewer.user_id.ptr)
        r->viewer.role = contract_role_or_first(r->service->contract, r->auth.token);
}

/* With a token that is refused the request goes on without a user, and what needs one is refused
 * later. */
static enum step
request_identify(struct request *r)
{
    const struct catalog *catalog = r->service->contract->catalog;

    r->auth = (struct auth_request){ .auth = r->service->auth,
                                     .known = r->service->known_tokens,
                                     .address = r->http.address,
                                     .user_agent = r->http.user_agent };
    request_take_cookies(r);
    if (catalog) {
        r->auth.key_type = account_key_type(r->service->auth, catalog);
        r->auth.has_sessions = account_has_sessions(catalog);
    }
    if (r->service->viewer)
        r->viewer = *r->service->viewer;
    else if (r->service->contract->is_mock)
        request_assume(r);
    else if (!auth_identify(r->arena, &r->auth, r->http.authorization, &r->viewer, &r->errors))
        return STEP_END;
    r->contract = contract_seen_by(r->service->contract, r->viewer.role);
    return STEP_NEXT;
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
    return request_may_repeat(r) &&
           request_is_within(r, r->plan->nodes, "nodes", limits->nodes,
                             "The lists of the request together ask for too many rows.") &&
           request_is_within(r, r->plan->filter_cost, "filter_cost", limits->filter_cost,
                             "The filters of the request would make the database look at too many "
                             "rows.") &&
           request_is_within(r, r->plan->sent_count, "statements", limits->statements,
                             "The request asks for too many statements.") &&
           request_is_within(r, r->plan->column_count, "columns", limits->columns,
                             "A list of the request asks for too many fields.") &&
           request_is_within(r, r->plan->resolver_calls, "resolver_calls", limits->resolver_calls,
                             "The request calls the same account function too often.");
}

static enum step
request_plan(struct request *r)
{
    const struct ast_document *ast = r->document->ast;

    r->operation = operation_get(ast, r->params.operation_name, r->contract->is_mock, &r->errors);
    if (!r->operation)
        return STEP_END;
    if (!value_coerce_variables(r->arena, r->contract->schema, ast, r->operation,
                                r->params.variables, &r->variables, &r->errors)) {
        request_say_token(r);
        return STEP_END;
    }
    r->plan = cache_plan(r->service->cache, r->document, r->operation, &r->variables,
                         contract_role(r->contract, r->viewer.database_role), r->arena);
    if (!request_may_introspect(r) || !request_may_execute(r))
        return STEP_END;
    return request_hold(r) ? STEP_NEXT : request_refuse(r, RETRY_AFTER);
}

static enum step
request_write(struct request *r)
{
    struct buf *data = &r->service->data;

    struct str kept = cache_data(r->document, r->plan);

    if (kept.len > 0) {
        r->data = kept;
        return STEP_NEXT;
    }
    buf_truncate(data, 0);
    data->failed = false;
    data->maximum = (size_t)r->config->limits.response;
    write_data(data, r->run, &r->errors);
    if (!data->failed) {
        r->data = buf_str(data);
        if (r->plan->is_constant)
            cache_keep_data(r->service->cache, r->document, r->plan, r->data);
        return STEP_NEXT;
    }
    errors_add_limit(&r->errors, "response", r->config->limits.response,
                     "The response is larger than %d bytes.", r->config->limits.response);
    return STEP_END;
}

enum { ANY_TARGET = -1 };

/* The phases, in their order. */
static const struct {
    enum step (*run)(struct request *);
    enum request_time time;
    int target; /* enum http_target that it is for, or ANY_TARGET */
} phases[] = {
    { request_read, TIME_READ, ANY_TARGET },
    { request_identify, TIME_AUTH, HTTP_OPERATION },
    { request_ask_subject, TIME_AUTH, HTTP_OPERATION },
    { request_parse, TIME_PARSE, HTTP_OPERATION },
    { request_validate, TIME_VALIDATE, HTTP_OPERATION },
    { request_plan, TIME_PLAN, HTTP_OPERATION },
    { request_execute, TIME_EXECUTE, HTTP_OPERATION },
    { request_write, TIME_WRITE, HTTP_OPERATION },
    { request_ask_ready, TIME_EXECUTE, HTTP_READY },
};

/* Write the response and the line of the log, and release all that it had. */
static void
request_end(struct request *r)
{
    struct service *service = r->service;

    request_give_back(r);
    request_let_go(r);
    assert(!r->loan.db && r->next == NULL);
    if (service->loop)
        loop_stop_timer(service->loop, &r->timer);
    request_log_slow(r);
    request_count(r); /* before the answer: whoever has that finds it counted */
    if (r->abort != ABORT_GONE) {
        if (r->config->mode == MODE_DEVELOPMENT)
            r->response.timing = request_timing(r);
        r->response.extensions = request_write_extensions(r);
        request_set_cookies(r);
        request_publish(r);
        ssize_t bytes =
            r->text.ptr ? response_write_text(r->arena, r->source, &r->response, r->text)
                        : response_write(r->arena, r->source, &r->response, &r->errors, r->data);
        request_log(r, bytes);
    } else if (r->source->drop) {
        r->source->drop(r->source);
    }
    request_forget(r);
    if (service->cache)
        cache_release(service->cache, r->document, r->plan);
    service->request_count++;
    r->next = service->idle;
    service->idle = r;
}

/* Does it wait for a connection? */
static bool
request_is_queued(const struct request *r)
{
    return r->stage == STAGE_QUEUE || r->stage == STAGE_QUEUE_AGAIN;
}

/* The time that it has waited, if it has. */
static void
request_charge_wait(struct request *r)
{
    request_charge(r, request_is_queued(r) ? TIME_QUEUE : phases[r->phase].time);
}

enum request_state
request_step(struct request *r)
{
    enum step step = STEP_NEXT;

    request_charge_wait(r);
    request_tell_at_hand(r, r->document_hash);
    while (step == STEP_NEXT && r->phase < (int)ARRAY_LENGTH(phases)) {
        int phase = r->phase;
        if (phases[phase].target == ANY_TARGET || phases[phase].target == (int)r->http.target) {
            step = phases[phase].run(r);
            request_charge(r, phases[phase].time);
        }
        if (step == STEP_NEXT)
            r->phase++;
    }
    if (step != STEP_WAIT)
        request_end(r);
    request_tell_at_hand(r, 0);
    if (step == STEP_WAIT)
        return REQUEST_WAITING;
    return REQUEST_DONE;
}

/* Its time is over: what it waits for is given up, and it is resumed; unless that is a C function
 * that has been called, which sees for itself that time is up. */
static void
request_late(struct request *r)
{
    log_warning("request %s: the database has not answered in time", r->response.id);
    assert(r->stage != STAGE_START); /* it waits */
    if (r->abort == ABORT_NONE)
        r->abort = ABORT_LATE;
    if (r->stage == STAGE_CALL) {
        request_cancel_call(r);
        return;
    }
    if (r->stage == STAGE_ASK && r->loan.db)
        db_pool_expire(r->service->pool, &r->loan);
    r->service->resume(r);
}

static void
request_due(struct loop_timer *timer)
{
    struct request *r = CONTAINER_OF(timer, struct request, timer);

    if (clock_now() >= r->deadline)
        request_late(r);
    else
        request_cut_short(r);
}

void
request_abandon(struct request *r)
{
    log_info("request %s: the client has disconnected; its work is cancelled", r->response.id);
    assert(r->stage != STAGE_START); /* it waits */
    r->abort = ABORT_GONE;
    if (r->stage == STAGE_ASK && r->loan.db)
        request_leave(r);
    else if (r->stage == STAGE_CALL)
        request_cancel_call(r);
    else
        r->service->resume(r);
}

struct request *
request_begin(struct service *service, struct http_source *source)
{
    struct request *r = service->idle;

    if (r)
        service->idle = r->next;
    else
        r = ARENA_NEW(service->arena, struct request);
    struct arena *a = r->arena ? r->arena : arena_new("request");
    *r = (struct request){ .service = service,
                           .arena = a,
                           .config = service->config,
                           .source = source,
                           .deadline = clock_now() + service->config->request_time,
                           .errors = { .arena = a,
                                       .maximum = service->config->limits.errors,
                                       .byte_maximum = service->config->limits.error_bytes,
                                       .is_for_client = true } };
    response_init(&r->response);
    request_charge(r, TIME_READ);
    if (service->loop) {
        r->timer.due = request_due;
        loop_set_timer(service->loop, &r->timer, r->deadline);
    }
    return r;
}

void
request_serve(struct service *service, struct http_source *source)
{
    struct request *r = request_begin(service, source);

    while (request_step(r) == REQUEST_WAITING) {
        db_watch(service->db, source->descriptor);
        db_wait(service->db, request_until(r));
        db_watch(service->db, -1);
    }
}

void
request_release_idle(struct service *service)
{
    for (struct request *r = service->idle; r; r = r->next)
        arena_free(r->arena);
    service->idle = NULL;
    slow_stop(service);
}
