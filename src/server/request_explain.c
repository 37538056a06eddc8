/*
 * request_explain.c - a response's `extensions`: what was made of the request, and a warning.
 *
 * In development a client asks for the plan, the statements that were sent and the times of the
 * phases by the header Linnet-Explain (http.c), and is warned, unasked, of what does not fit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "contract/contract.h"
#include "plan/plan_print.h"
#include "plan/plan_viewers.h"
#include "response/explain.h"
#include "config/config.h"
#include "server/service.h"
#include "watch/notice.h"

static void
write_plan(struct buf *b, const struct request *r)
{
    if (!r->plan) { /* the request was refused before */
        buf_put(b, STR("null"));
        return;
    }
    struct buf *text = buf_new(r->arena);
    text->maximum = b->maximum;
    plan_print(text, r->plan);
    if (r->contract->catalog)
        plan_print_viewers(text, r->plan, r->contract->catalog);
    b->failed |= text->failed;
    json_write_string(b, buf_str(text));
}

static void
write_explanation(struct buf *b, struct request *r)
{
    buf_put(b, STR("{\"plan\":"));
    write_plan(b, r);
    buf_put(b, STR(",\"statements\":"));
    if (r->run)
        explain_write(b, r->arena, r->run);
    else
        buf_put(b, STR("[]"));
    buf_put(b, STR(",\"times\":"));
    request_write_times(r, b);
    buf_byte(b, '}');
}

/* The explanation; `null`, where it would be longer than a response may be. */
static struct str
explain(struct request *r)
{
    struct buf *b = buf_new(r->arena);

    b->maximum = (size_t)r->config->limits.response;
    write_explanation(b, r);
    return b->failed ? STR("null") : buf_str(b);
}

struct str
request_write_extensions(struct request *r)
{
    struct str warning = notices_read_warning(r->service->notices, r->arena);
    bool is_explained = r->http.is_explained || r->service->explains;

    if (!warning.ptr && !is_explained)
        return STR_NONE;
    struct buf *b = buf_new(r->arena);
    buf_byte(b, '{');
    if (warning.ptr) {
        buf_put(b, STR("\"warning\":"));
        json_write_string(b, warning);
    }
    if (is_explained) {
        buf_put(b, warning.ptr ? STR(",\"explain\":") : STR("\"explain\":"));
        buf_put(b, explain(r));
    }
    buf_byte(b, '}');
    return buf_str(b);
}
