/*
 * request_explain.c - what was made of a request: the plan, the statements that were sent, and the
 * times of its phases, as `extensions` of its response.
 *
 * In development a client asks for it by the header Linnet-Explain (http.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "plan/plan_print.h"
#include "response/explain.h"
#include "config/config.h"
#include "server/service.h"

static void
write_plan(struct buf *b, struct arena *a, const struct plan *plan)
{
    if (!plan) { /* the request was refused before */
        buf_put(b, STR("null"));
        return;
    }
    struct buf *text = buf_new(a);
    text->maximum = b->maximum;
    plan_print(text, plan);
    b->failed |= text->failed;
    json_write_string(b, buf_str(text));
}

struct str
request_explain(struct request *r)
{
    if (!r->http.is_explained && !r->service->explains)
        return STR_NONE;
    struct buf *b = buf_new(r->arena);
    b->maximum = (size_t)r->config->limits.response;
    buf_put(b, STR("{\"explain\":{\"plan\":"));
    write_plan(b, r->arena, r->plan);
    buf_put(b, STR(",\"statements\":"));
    if (r->run)
        explain_write(b, r->arena, r->run);
    else
        buf_put(b, STR("[]"));
    buf_put(b, STR(",\"times\":"));
    request_write_times(r, b);
    buf_put(b, STR("}}"));
    return b->failed ? STR("{\"explain\":null}") : buf_str(b);
}
