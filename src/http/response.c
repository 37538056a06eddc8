/*
 * response.c - a response: its status, its headers, its body.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/response.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"

/* Seconds after which a client may try again, when no error knows better. */
enum { RETRY_AFTER = 1 };

/* The status of a response without data, by the code of its first error, for
 * application/json and for application/graphql-response+json.  Codes of fields alone,
 * which never come without data, would be mistakes of ours. */
static const struct {
    int json, graphql;
} statuses[] = {
    [ERROR_BAD_REQUEST] = { 400, 400 },
    [ERROR_PARSE_FAILED] = { 200, 400 },
    [ERROR_VALIDATION_FAILED] = { 200, 400 },
    [ERROR_OPERATION_RESOLUTION_FAILURE] = { 200, 400 },
    [ERROR_BAD_USER_INPUT] = { 200, 400 },
    [ERROR_LIMIT_EXCEEDED] = { 200, 400 },
    [ERROR_UNAUTHENTICATED] = { 401, 401 },
    [ERROR_TOKEN_EXPIRED] = { 401, 401 },
    [ERROR_TOKEN_INVALID] = { 401, 401 },
    [ERROR_FORBIDDEN] = { 403, 403 },
    [ERROR_NOT_FOUND] = { 500, 500 },
    [ERROR_CONFLICT] = { 500, 500 },
    [ERROR_RATE_LIMITED] = { 429, 429 },
    [ERROR_TIMEOUT] = { 503, 503 },
    [ERROR_SCHEMA_RELOADING] = { 503, 503 },
    [ERROR_SERVICE_UNAVAILABLE] = { 503, 503 },
    [ERROR_DOCUMENT_NOT_FOUND] = { 200, 400 },
    /* As Apollo's server has it: some of its clients read no body with another status. */
    [ERROR_PERSISTED_QUERY_NOT_FOUND] = { 200, 200 },
    [ERROR_PERSISTED_QUERY_NOT_SUPPORTED] = { 200, 200 },
    [ERROR_INTERNAL] = { 500, 500 },
    [ERROR_OUTCOME_UNKNOWN] = { 503, 503 },
};

static const struct {
    int status;
    const char *phrase;
} phrases[] = {
    { 200, "OK" },
    { 204, "No Content" },
    { 302, "Found" },
    { 304, "Not Modified" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" },
    { 413, "Content Too Large" },
    { 415, "Unsupported Media Type" },
    { 421, "Misdirected Request" },
    { 429, "Too Many Requests" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 503, "Service Unavailable" },
};

static const char *const media_types[] = {
    [HTTP_JSON] = "application/json; charset=utf-8",
    [HTTP_GRAPHQL] = "application/graphql-response+json; charset=utf-8",
    [HTTP_HTML] = "text/html; charset=utf-8",
    [HTTP_PROMETHEUS] = "text/plain; version=0.0.4; charset=utf-8",
};

void
response_init(struct response *response)
{
    *response = (struct response){ .media = HTTP_JSON };
}

static bool
is_id(struct str id)
{
    if (id.len < RESPONSE_ID_LENGTH || id.len > RESPONSE_ID_MAXIMUM)
        return false;
    for (size_t i = 0; i < id.len; i++)
        if (str_hex_digit((unsigned char)id.ptr[i]) < 0 && id.ptr[i] != '-')
            return false;
    return true;
}

void
response_set_id(struct response *response, struct str id)
{
    if (is_id(id)) {
        memcpy(response->id, id.ptr, id.len);
        response->id[id.len] = '\0';
        return;
    }
    unsigned char random[RESPONSE_ID_LENGTH / 2] = { 0 };
    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        log_warning("cannot get random bytes for a request id");
    for (size_t i = 0; i < sizeof(random); i++) {
        response->id[2 * i] = "0123456789abcdef"[random[i] >> 4];
        response->id[2 * i + 1] = "0123456789abcdef"[random[i] & 15];
    }
    response->id[RESPONSE_ID_LENGTH] = '\0';
}

struct str
response_id(const struct response *response)
{
    return str_from(response->id);
}

/* Take the next entity tag off a list, without the `W/` of a weak one; or `*`.  False at its end,
 * and at what is none. */
static bool
next_tag(struct str *rest, struct str *tag)
{
    while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t' || rest->ptr[0] == ','))
        *rest = (struct str){ rest->ptr + 1, rest->len - 1 };
    if (str_starts_with(*rest, STR("W/")))
        *rest = (struct str){ rest->ptr + 2, rest->len - 2 };
    size_t end = 1;
    if (rest->len > 0 && rest->ptr[0] == '"') {
        while (end < rest->len && rest->ptr[end] != '"')
            end++;
        end++;
    }
    if (end > rest->len || (rest->ptr[0] != '"' && rest->ptr[0] != '*'))
        return false;
    *tag = (struct str){ rest->ptr, end };
    *rest = (struct str){ rest->ptr + end, rest->len - end };
    return true;
}

bool
response_is_known(const struct response *response, struct str if_none_match)
{
    struct str rest = response->etag, own, tag;

    if (!rest.ptr || !if_none_match.ptr || !next_tag(&rest, &own))
        return false;
    while (next_tag(&if_none_match, &tag))
        if (str_equal(tag, own) || str_is(tag, "*"))
            return true;
    return false;
}

int
response_status(const struct errors *errors, bool has_data, enum http_media media)
{
    if (has_data || !errors->first)
        return 200;
    assert(errors->first->code < ARRAY_LENGTH(statuses));
    return media == HTTP_GRAPHQL ? statuses[errors->first->code].graphql
                                 : statuses[errors->first->code].json;
}

/* Write one header.  False, with nothing written, when the value has a control
 * character: it would end the header, and begin another. */
static bool
write_header(struct buf *b, const char *name, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c < 0x20 || c == 0x7f)
            return false;
    }
    buf_put_c(b, name);
    buf_put(b, STR(": "));
    buf_put(b, value);
    buf_put(b, STR("\r\n"));
    return true;
}

static void
write_number_header(struct buf *b, const char *name, int64_t value)
{
    buf_put_c(b, name);
    buf_put(b, STR(": "));
    buf_int64(b, value);
    buf_put(b, STR("\r\n"));
}

static const char *
find_phrase(int status)
{
    for (size_t i = 0; i < ARRAY_LENGTH(phrases); i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    assert(!"a status code without a reason phrase");
    return "";
}

/* What a browser wants to know, before a request or with its answer (Fetch, 3.2.3). */
static bool
write_origin_headers(struct buf *b, const struct response *response)
{
    bool is_preflight = response->status == 204, is_good = true;

    /* Also where none is allowed: a cache must not give that answer to another origin. */
    if (is_preflight)
        buf_put(b, STR("Vary: Origin, Access-Control-Request-Headers\r\n"));
    else if (response->etag.ptr)
        buf_put(b, STR("Vary: Accept, Authorization, Linnet-Cookies, Origin\r\n"));
    else
        buf_put(b, response->media == HTTP_HTML ? STR("Vary: Accept, Origin\r\n")
                                                : STR("Vary: Origin\r\n"));
    if (!response->allow_origin.ptr)
        return true;
    if (is_preflight) {
        buf_put(b, STR("Access-Control-Allow-Methods: GET, HEAD, POST\r\n"
                       "Access-Control-Max-Age: 7200\r\n")); /* no browser keeps it longer */
        is_good = write_header(b, "Access-Control-Allow-Headers", response->allow_headers);
    } else {
        buf_put(b, STR("Access-Control-Expose-Headers: X-Request-Id, Retry-After\r\n"));
    }
    return write_header(b, "Access-Control-Allow-Origin", response->allow_origin) && is_good;
}

/* What a page may do in a browser: as little as it needs.  nginx/linnet.conf.in has the same for
 * the pages that nginx serves. */
static void
write_page_headers(struct buf *b, const struct response *response)
{
    assert(response->policy);
    buf_printf(b, "Content-Security-Policy: %s\r\n", response->policy);
    buf_put(b, STR("Permissions-Policy: camera=(), display-capture=(), geolocation=(), "
                   "microphone=(), payment=(), usb=()\r\n"
                   "Referrer-Policy: same-origin\r\n"
                   "Cross-Origin-Opener-Policy: same-origin\r\n"));
}

/* Who asks decides what is answered: no cache between may keep it, unless it says so. */
static bool
write_cache_headers(struct buf *b, const struct response *response)
{
    bool is_good = !response->etag.ptr || write_header(b, "ETag", response->etag);

    if (response->max_age > 0) {
        buf_printf(b, "Cache-Control: public, max-age=%d", response->max_age);
        if (response->stale > 0)
            buf_printf(b, ", stale-while-revalidate=%d, stale-if-error=%d", response->stale,
                       response->stale);
        buf_put(b, STR("\r\n"));
    } else {
        buf_put(b, response->media == HTTP_HTML ? STR("Cache-Control: no-cache\r\n")
                                                : STR("Cache-Control: private, no-store\r\n"));
    }
    return is_good;
}

bool
response_write_head(struct buf *b, const struct response *response, size_t body_length)
{
    bool is_good = true;
    buf_put(b, STR("Status: "));
    buf_int64(b, response->status);
    buf_byte(b, ' ');
    buf_put_c(b, find_phrase(response->status));
    buf_put(b, STR("\r\n"));
    if (response->status != 204 && response->status != 304) {
        is_good &= write_header(b, "Content-Type", str_from(media_types[response->media]));
        write_number_header(b, "Content-Length", (int64_t)body_length);
    }
    is_good &= write_header(b, "X-Request-Id", response_id(response));
    is_good &= write_origin_headers(b, response);
    if (response->media == HTTP_HTML)
        write_page_headers(b, response);
    if (response->location)
        is_good &= write_header(b, "Location", str_from(response->location));
    if (response->allow)
        is_good &= write_header(b, "Allow", str_from(response->allow));
    if (response->accept_encoding)
        is_good &= write_header(b, "Accept-Encoding", str_from(response->accept_encoding));
    if (response->retry_after)
        write_number_header(b, "Retry-After", response->retry_after);
    if (response->status == 401) /* RFC 6750, 3.1 */
        buf_put(b, STR("WWW-Authenticate: Bearer realm=\"linnet\", error=\"invalid_token\"\r\n"));
    if (response->timing.ptr)
        is_good &= write_header(b, "Server-Timing", response->timing);
    for (size_t i = 0; i < ARRAY_LENGTH(response->set_cookies); i++)
        if (response->set_cookies[i].ptr)
            is_good &= write_header(b, "Set-Cookie", response->set_cookies[i]);
    is_good &= write_cache_headers(b, response);
    buf_put(b, STR("X-Content-Type-Options: nosniff\r\n\r\n"));
    return is_good && !b->failed;
}

/* What comes before the value of `data`, or all of the body where there is none. */
static void
write_errors(struct buf *b, const struct errors *errors, struct str id, bool has_data)
{
    buf_byte(b, '{');
    if (errors->first) {
        buf_put(b, STR("\"errors\":"));
        errors_write(b, errors, id);
    }
    if (has_data && errors->first)
        buf_byte(b, ',');
    if (has_data)
        buf_put(b, STR("\"data\":"));
}

/* What comes after it, or after the errors. */
static void
write_extensions(struct buf *b, const struct response *response, const struct errors *errors,
                 bool has_data)
{
    if (response->extensions.ptr) {
        buf_put(b, has_data || errors->first ? STR(",") : STR(""));
        buf_put(b, STR("\"extensions\":"));
        buf_put(b, response->extensions);
    }
    buf_byte(b, '}');
}

/* Fill in the members that follow from the errors. */
static void
settle(struct response *response, const struct errors *errors, bool has_data)
{
    if (!response->status)
        response->status = response_status(errors, has_data, response->media);
    for (const struct error *e = errors->first; e; e = e->next)
        if (e->retry_after > response->retry_after)
            response->retry_after = e->retry_after;
    /* What may have been done already must not be tried again unseen. */
    if (errors->first && errors->first->code == ERROR_OUTCOME_UNKNOWN)
        response->retry_after = 0;
    else if (response->status == 503 && !response->retry_after)
        response->retry_after = RETRY_AFTER;
}

/* Write the pieces, of which the first is the head; what response_write() returns. */
static ssize_t
write_pieces(struct http_source *source, const struct response *response, const struct str *pieces,
             int count)
{
    ssize_t length = 0;
    if (response->is_head || response->status == 304)
        count = 1;
    for (int i = 1; i < count; i++)
        length += (ssize_t)pieces[i].len;
    return source->write(source, pieces, count) ? length : -1;
}

ssize_t
response_write(struct arena *a, struct http_source *source, struct response *response,
               const struct errors *errors, struct str data)
{
    /* What comes before the data, what comes after it, and then the head, which says how long all
     * of it is. */
    struct buf *b = buf_new(a);
    settle(response, errors, data.ptr != NULL);
    write_errors(b, errors, response_id(response), data.ptr != NULL);
    size_t front = b->len;
    write_extensions(b, response, errors, data.ptr != NULL);
    size_t both = b->len;

    if (!response_write_head(b, response, both + data.len)) {
        log_error("request %s: a response header has a control character", response->id);
        struct errors internal = { .arena = a };
        errors_add(&internal, ERROR_INTERNAL, "Internal server error.");
        response->status = 0;
        response->allow = response->accept_encoding = NULL;
        response->timing = response->allow_origin = response->extensions = STR_NONE;
        response->etag = STR_NONE;
        response->max_age = 0;
        response->set_cookies[0] = response->set_cookies[1] = STR_NONE;
        return response_write(a, source, response, &internal, STR_NONE);
    }
    const struct str pieces[] = {
        { b->ptr + both, b->len - both }, { b->ptr, front }, data, { b->ptr + front, both - front }
    };
    return write_pieces(source, response, pieces, ARRAY_LENGTH(pieces));
}

ssize_t
response_write_text(struct arena *a, struct http_source *source, const struct response *response,
                    struct str body)
{
    struct buf *head = buf_new(a);
    bool is_good = response_write_head(head, response, body.len);
    assert(is_good); /* of what is not ours there is an id and an origin, both looked at */
    const struct str pieces[] = { buf_str(head), body };
    return is_good ? write_pieces(source, response, pieces, ARRAY_LENGTH(pieces)) : -1;
}
