/*
 * request_public.c - answers that caches may keep: those to a GET of nobody in particular, without
 * errors, whose plan is the same for all who are not signed in (plan_viewers.h), for as long as the
 * contract says (@cacheControl).
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/arena.h"
#include "contract/contract.h"
#include "document/sha256.h"
#include "plan/plan.h"
#include "plan/plan_viewers.h"
#include "server/service.h"

static bool
is_public(const struct request *r)
{
    const struct plan *plan = r->plan;

    if (!r->http.is_anonymous || r->http.wants_any_document || r->viewer.user_id.ptr || !plan ||
        r->contract->is_mock)
        return false;
    if (r->errors.first || !r->data.ptr || r->response.extensions.ptr)
        return false;
    return plan->hint.has_age && plan->hint.max_age > 0 && !plan->hint.is_private &&
           plan_is_shared(plan, r->contract->catalog,
                          contract_role(r->contract, r->viewer.database_role));
}

/* 128 bits of the body's hash: of the data, since all else of the body is the same.  It is weak, as
 * a web server compresses the body (RFC 9110, 8.8.1). */
enum { TAG_DIGITS = 32 };

void
request_publish(struct request *r)
{
    struct response *response = &r->response;

    if (!is_public(r))
        return;
    response->max_age = r->plan->hint.max_age;
    response->stale = r->plan->hint.stale;
    response->etag =
        str_format(r->arena, "W/\"%.*s\"", TAG_DIGITS, sha256_hex(r->arena, r->data).ptr);
    response->timing = STR_NONE; /* of another request, where it is kept */
    if (response_is_known(response, r->http.if_none_match))
        response->status = 304;
}
