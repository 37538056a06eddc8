/*
 * request_answer.c - what is asked for that is no operation: health, keys, and pages for people.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "event/clock.h"
#include "config/config.h"
#include "jose/token_key.h"
#include "page/page.h"
#include "server/health.h"
#include "server/service.h"

/* Seconds for which others may keep the keys: a new one is to be published that long before it
 * signs. */
enum { KEYS_AGE = 300 };

static void
answer_nothing(struct request *r)
{
    r->response.status = 404;
    r->text = STR("{\"status\":\"not found\"}");
}

/* The public keys of tokens, if the operator shows them. */
static void
answer_keys(struct request *r)
{
    if (r->config->publish_keys && r->service->auth) {
        r->response.status = 200;
        r->response.max_age = KEYS_AGE;
        r->text = token_key_write_set(r->arena, &r->service->auth->ring, clock_now());
    } else {
        answer_nothing(r);
    }
}

static void
show(struct request *r, int status, const char *policy, struct str html)
{
    r->response.status = status;
    r->response.media = HTTP_HTML;
    r->response.policy = policy;
    r->text = html;
}

static void
show_hello(struct request *r)
{
    show(r, 200, page_policy,
         page_hello(r->arena, r->config, r->http.endpoint, r->service->graphiql.len > 0,
                    r->http.target == HTTP_ROOT));
}

/* The last part of the endpoint's path; empty of `/`. */
static struct str
endpoint_name(const struct request *r)
{
    struct str name = r->http.endpoint;

    for (size_t slash; (slash = str_find(name, '/')) < name.len;)
        name = (struct str){ name.ptr + slash + 1, name.len - slash - 1 };
    return name;
}

/* The endpoint, in a browser.  What a page names is relative to its address, so that it works
 * whatever comes before that: the address must be the one without a slash at its end.  Where paths
 * are rewritten (cookie_path), nobody here knows the address, and the page names paths. */
static void
answer_page(struct request *r)
{
    struct str name = endpoint_name(r);

    if (r->http.has_slash && name.len > 0 && !*r->config->cookie_path) {
        show(r, 302, page_policy, STR(""));
        r->response.location = str_format(r->arena, "../%.*s", STR_PRINT(name)).ptr;
    } else if (r->service->graphiql.len > 0) {
        show(r, 200, page_graphiql_policy, r->service->graphiql);
    } else {
        show_hello(r);
    }
}

/* `/`, where the web server has nothing. */
static void
answer_root(struct request *r)
{
    struct buf *b;

    if (r->http.is_for_person) {
        show_hello(r);
        return;
    }
    b = buf_new(r->arena);
    buf_put(b, STR("{\"message\":\"This is Linnet, a GraphQL server for PostgreSQL.\","
                   "\"endpoint\":"));
    json_write_string(b, r->http.endpoint);
    buf_byte(b, '}');
    r->response.status = 200;
    r->response.media = HTTP_JSON;
    r->text = buf_str(b);
}

enum step
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
    case HTTP_KEYS:
        answer_keys(r);
        break;
    case HTTP_METRICS:
        if (!request_write_metrics(r))
            answer_nothing(r);
        break;
    case HTTP_READY:
        r->deadline = clock_now() + HEALTH_TIME;
        if (r->service->loop)
            loop_set_timer(r->service->loop, &r->timer, r->deadline);
        return STEP_NEXT;
    case HTTP_PAGE:
        answer_page(r);
        break;
    case HTTP_ROOT:
        answer_root(r);
        break;
    case HTTP_OPERATION:
    case HTTP_NOWHERE:
        assert(false);
    }
    return STEP_END;
}

void
request_show_refusal(struct request *r)
{
    if (r->response.media == HTTP_HTML)
        show(r, r->response.status, page_policy,
             page_refusal(r->arena, r->response.status, r->errors.first->message));
}
