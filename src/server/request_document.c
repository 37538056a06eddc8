/*
 * request_document.c - the phases that find the document that is asked for, by its text or by its
 * id, and whether it is valid.
 *
 * The id is that of a trusted document (document/trusted.h).  With the setting `documents_only`
 * other documents are logged or refused, but for those who may ask for any.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/log.h"
#include "event/clock.h"
#include "language/parser.h"
#include "contract/contract.h"
#include "validation/validate.h"
#include "document/cache.h"
#include "document/sha256.h"
#include "document/trusted.h"
#include "config/config.h"
#include "server/poison.h"
#include "server/service.h"

void
request_tell_at_hand(const struct request *r, uint64_t hash)
{
    if (r->service->at_hand)
        atomic_store(r->service->at_hand, hash);
}

/* --- which document --- */

/* There is no document of that id, and its text did not come with it. */
static bool
refuse_unknown(struct request *r)
{
    if (!r->params.is_persisted_query)
        errors_add(&r->errors, ERROR_DOCUMENT_NOT_FOUND, "There is no document with this id.");
    else if (r->service->documents) /* Apollo's clients know these words */
        errors_add(&r->errors, ERROR_PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound");
    else
        errors_add(&r->errors, ERROR_PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported");
    return false;
}

/* The text that came with an id is not of that id. */
static bool
refuse_text(struct request *r)
{
    errors_add(&r->errors, ERROR_BAD_REQUEST, "The document is not the one with its id.");
    return false;
}

/* Find the document of the id that came.  False after adding an error. */
static bool
find_by_id(struct request *r)
{
    const struct params *params = &r->params;
    struct str hash = trusted_hash_of_id(params->document_id);

    if (r->service->documents)
        r->trusted = trusted_find(r->service->documents, params->document_id);
    if (r->trusted)
        return !params->query.ptr || str_equal(params->query, r->trusted->text) || refuse_text(r);
    if (!params->query.ptr)
        return refuse_unknown(r);
    return !hash.ptr || str_equal(hash, sha256_hex(r->arena, params->query)) || refuse_text(r);
}

/* May whoever asks ask for any document: a member of staff who says so, and in development
 * anybody? */
static bool
is_exempt(const struct request *r)
{
    if (r->service->viewer) /* of the command line */
        return true;
    return r->http.wants_any_document &&
           (r->config->mode == MODE_DEVELOPMENT || r->service->contract->is_mock ||
            auth_is_staff(r->auth.auth, &r->viewer));
}

/* The document is none of the trusted ones.  False after refusing it. */
static bool
accept_foreign(struct request *r)
{
    r->is_exempt = is_exempt(r);
    if (r->is_exempt)
        return true;
    r->is_foreign = true;
    if (r->config->documents_only == DOCUMENTS_LOGGED)
        return true;
    errors_add(&r->errors, ERROR_FORBIDDEN,
               "This server answers only documents that it knows, and it does not know this one.");
    return false;
}

/* Find out which document it is, if it is a trusted one.  False after adding an error. */
static bool
choose_document(struct request *r)
{
    if (r->params.document_id.ptr && !find_by_id(r))
        return false;
    if (r->trusted || r->config->documents_only == DOCUMENTS_ANY)
        return true;
    if (r->service->documents)
        r->trusted = trusted_find_text(r->service->documents, r->params.query);
    return r->trusted || accept_foreign(r);
}

/* --- parse --- */

/* Is it a document that workers have died of?  Then an error was added. */
static bool
request_is_poison(struct request *r)
{
    const struct poison *poison = r->service->poison;
    int64_t left = poison ? poison_left(poison, r->document_hash, clock_now()) : 0;

    if (left > 0)
        errors_add(&r->errors, ERROR_SERVICE_UNAVAILABLE,
                   "This document is refused for a while, because the server fails on it.")
            ->retry_after = (int)(left / 1000) + 1;
    return left > 0;
}

static struct document *
find_document(struct request *r)
{
    struct cache *cache = r->service->cache;

    return r->trusted ? cache_find_trusted(cache, r->contract, r->trusted)
                      : cache_find(cache, r->contract, r->params.query);
}

static struct document *
make_document(struct request *r)
{
    struct cache *cache = r->service->cache;

    return r->trusted ? cache_make_trusted(cache, r->contract, r->trusted)
                      : cache_make(cache, r->contract, r->params.query);
}

/* An error was added. */
static enum step
refuse_document(const struct request *r)
{
    request_count_document(r, METRICS_DOCUMENT_REFUSED);
    return STEP_END;
}

enum step
request_parse(struct request *r)
{
    if (!choose_document(r))
        return refuse_document(r);
    r->document_hash = r->trusted ? r->trusted->text_hash : str_hash(r->params.query);
    if (request_is_poison(r))
        return refuse_document(r);
    request_tell_at_hand(r, r->document_hash);
    r->document = find_document(r);
    if (r->document) {
        request_count_document(r, METRICS_DOCUMENT_HIT);
        return STEP_NEXT;
    }
    r->document = make_document(r);
    r->document->ast =
        parser_parse(r->document->arena, &r->document->source, &r->config->limits, &r->errors);
    return r->document->ast ? STEP_NEXT : refuse_document(r);
}

/* --- validate --- */

void
request_say_token(struct request *r)
{
    if (!r->viewer.token_error || !r->service->contract->views)
        return;
    errors_clear(&r->errors);
    errors_add_copy(&r->errors, r->viewer.token_error);
}

enum step
request_validate(struct request *r)
{
    struct validate_options options = { .limits = &r->config->limits,
                                        .has_suggestions = r->config->mode == MODE_DEVELOPMENT };

    if (r->document->is_cached)
        return STEP_NEXT;
    if (!validate_document(r->arena, r->contract->schema, r->document->ast, &options, &r->errors)) {
        request_say_token(r);
        return refuse_document(r);
    }
    cache_keep(r->service->cache, r->document);
    request_count_document(r, METRICS_DOCUMENT_MISS);
    return STEP_NEXT;
}
