/*
 * http.c - a request as HTTP sees it: method, media types, query string, body.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/http.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "config/config.h"
#include "http/response.h"
#include "metrics/trace.h"

/* clang-format off */

/*  constant, name, what is done with it when it comes more than once, and whether it counts when
 *  it is empty: what the web server says is empty where there is nothing to say.  Apache hides
 *  credentials from programs; the last four are the names under which it can be made to give
 *  them (docs/deployment.md). */
#define HTTP_VARIABLES(X)                                                                          \
    X(METHOD, "REQUEST_METHOD", ONCE, false)                                                       \
    X(SCRIPT, "SCRIPT_NAME", ONCE, false)                                                          \
    X(PATH, "PATH_INFO", ONCE, false)                                                              \
    X(URI, "REQUEST_URI", FIRST, false)                                                            \
    X(QUERY, "QUERY_STRING", ONCE, false)                                                          \
    X(ACCEPT, "HTTP_ACCEPT", LIST, false)                                                          \
    X(TYPE, "CONTENT_TYPE", ONCE, false)                                                           \
    X(TYPE_HEADER, "HTTP_CONTENT_TYPE", ONCE, false)                                               \
    X(ENCODING, "HTTP_CONTENT_ENCODING", LIST, false)                                              \
    X(LENGTH, "CONTENT_LENGTH", ONCE, false)                                                       \
    X(LENGTH_HEADER, "HTTP_CONTENT_LENGTH", ONCE, false)                                           \
    X(ADDRESS, "REMOTE_ADDR", ONCE, false)                                                         \
    X(USER_AGENT, "HTTP_USER_AGENT", FIRST, false)                                                 \
    X(REFUSAL, "LINNET_REFUSAL", ONCE, false)                                                      \
    X(ID, "REQUEST_ID", ONCE, false)                                                               \
    X(ORIGIN, "HTTP_ORIGIN", ONCE, true)                                                           \
    X(SITE, "HTTP_SEC_FETCH_SITE", ONCE, true)                                                     \
    X(REFERER, "HTTP_REFERER", FIRST, false)                                                       \
    X(PREFLIGHT, "HTTP_GRAPHQL_REQUIRE_PREFLIGHT", FIRST, false)                                   \
    X(COOKIE_MODE, "HTTP_LINNET_COOKIES", ONCE, true)                                              \
    X(DOCUMENT, "HTTP_LINNET_DOCUMENT", ONCE, false)                                               \
    X(EXPLAIN, "HTTP_LINNET_EXPLAIN", FIRST, true)                                                 \
    X(IF_NONE_MATCH, "HTTP_IF_NONE_MATCH", LIST, false)                                            \
    X(TRACE, "HTTP_TRACEPARENT", LIST, false)                                                      \
    X(IDEMPOTENCY_KEY, "HTTP_IDEMPOTENCY_KEY", ONCE, true)                                         \
    X(COOKIE, "HTTP_COOKIE", LIST, false)                                                          \
    X(HOST, "HTTP_HOST", ONCE, false)                                                              \
    X(HTTPS, "HTTPS", ONCE, false)                                                                 \
    X(PREFLIGHT_METHOD, "HTTP_ACCESS_CONTROL_REQUEST_METHOD", FIRST, false)                        \
    X(PREFLIGHT_HEADERS, "HTTP_ACCESS_CONTROL_REQUEST_HEADERS", LIST, false)                       \
    X(AUTHORIZATION, "HTTP_AUTHORIZATION", ONCE, false)                                            \
    X(AUTHORIZATION_REWRITTEN, "REDIRECT_HTTP_AUTHORIZATION", ONCE, false)                         \
    X(AUTHORIZATION_TWICE, "REDIRECT_REDIRECT_HTTP_AUTHORIZATION", ONCE, false)                    \
    X(AUTHORIZATION_PASSED, "Authorization", ONCE, false)

/* clang-format on */

/* A variable that comes again. */
enum repetition {
    ONCE,  /* is refused: a filter before us might have looked at another than we do */
    FIRST, /* is ignored */
    LIST   /* adds to the list (RFC 9110, 5.3) */
};

enum variable {
#define VARIABLE_CONSTANT(constant, name, repetition, is_kept) VARIABLE_##constant,
    HTTP_VARIABLES(VARIABLE_CONSTANT)
#undef VARIABLE_CONSTANT
        VARIABLE_COUNT
};

static const struct {
    struct str name;
    enum repetition repetition;
    bool is_kept; /* when it is empty */
} variables[] = {
#define VARIABLE_ROW(constant, name, repetition, is_kept) { STR_INIT(name), repetition, is_kept },
    HTTP_VARIABLES(VARIABLE_ROW)
#undef VARIABLE_ROW
};

enum { NAME_MAXIMUM = sizeof("REDIRECT_REDIRECT_HTTP_AUTHORIZATION") - 1 };

/* The variables whose names have the same length: the number of the first, and of the one after
 * each; VARIABLE_COUNT: there is none. */
static struct {
    bool is_made;
    unsigned char first[NAME_MAXIMUM + 1], next[VARIABLE_COUNT];
} by_length;

static const char allowed_methods[] = "GET, HEAD, POST";

/* Add a value to a list, in a buffer of its own once there are two. */
static void
add_to_list(struct arena *a, const char *text, struct buf **list, struct str *value)
{
    if (!*list) {
        *list = buf_new(a);
        buf_put(*list, *value);
    }
    buf_put(*list, STR(", "));
    buf_put_c(*list, text);
    *value = buf_str(*list);
}

static void
index_variables(void)
{
    memset(by_length.first, VARIABLE_COUNT, sizeof(by_length.first));
    for (int i = 0; i < VARIABLE_COUNT; i++) {
        assert(variables[i].name.len <= NAME_MAXIMUM);
        by_length.next[i] = by_length.first[variables[i].name.len];
        by_length.first[variables[i].name.len] = (unsigned char)i;
    }
    by_length.is_made = true;
}

/* Which of the variables that we read is it?  VARIABLE_COUNT: none.  A request has dozens. */
static int
find_variable(struct str name)
{
    int i = name.len <= NAME_MAXIMUM ? by_length.first[name.len] : VARIABLE_COUNT;

    while (i < VARIABLE_COUNT && memcmp(variables[i].name.ptr, name.ptr, name.len) != 0)
        i = by_length.next[i];
    return i;
}

/* Find the variables that we read.  An empty one is as if absent, unless the table
 * says otherwise.  False when one came twice that may not. */
static bool
read_variables(struct arena *a, const struct http_source *source, struct str values[VARIABLE_COUNT])
{
    struct buf *lists[VARIABLE_COUNT] = { NULL };
    bool is_good = true;
    for (int i = 0; i < VARIABLE_COUNT; i++)
        values[i] = STR_NONE;

    if (!by_length.is_made)
        index_variables();
    for (char *const *entry = source->variables; *entry; entry++) {
        const char *end = strchr(*entry, '=');
        int i = end ? find_variable((struct str){ *entry, (size_t)(end - *entry) })
                    : (int)VARIABLE_COUNT;
        if (i == VARIABLE_COUNT)
            continue;
        const char *value = end + 1;
        if (values[i].ptr && variables[i].repetition == LIST)
            add_to_list(a, value, &lists[i], &values[i]);
        else if (values[i].ptr)
            is_good &= variables[i].repetition == FIRST;
        else if (*value || variables[i].is_kept)
            values[i] = str_from(value);
    }
    return is_good;
}

static enum http_result
refuse(struct response *response, int status, struct errors *errors, const char *message)
{
    response->status = status;
    errors_add(errors, ERROR_BAD_REQUEST, "%s", message);
    return HTTP_REFUSED;
}

static enum http_result
refuse_body(const struct limits *limits, struct response *response, struct errors *errors)
{
    errors_add_limit(errors, "body", limits->body, "The body is longer than %d bytes.",
                     limits->body);
    response->status = 413;
    return HTTP_REFUSED;
}

void
http_refuse_method(struct response *response, const char *allow, const char *message,
                   struct errors *errors)
{
    response->allow = allow;
    refuse(response, 405, errors, message);
}

/* Read what is left of the body and throw it away. */
static enum http_result
drain(struct http_source *source)
{
    char scratch[8192];
    ssize_t got;
    while ((got = source->read(source, scratch, sizeof(scratch))) > 0)
        continue;
    return got < 0 ? HTTP_GONE : HTTP_OK;
}

/* Drain, and refuse unless the peer has gone. */
static enum http_result
drain_and_refuse(struct http_source *source, struct response *response, int status,
                 struct errors *errors, const char *message)
{
    if (drain(source) == HTTP_GONE)
        return HTTP_GONE;
    return refuse(response, status, errors, message);
}

/* Refuse, in words that are also for a person: the response is HTML where that is wanted. */
static enum http_result
refuse_person(const struct http_request *request, int status, enum error_code code,
              const char *message, struct response *response, struct errors *errors)
{
    response->status = status;
    if (request->is_for_person)
        response->media = HTTP_HTML;
    errors_add(errors, code, "%s", message);
    return HTTP_REFUSED;
}

static enum http_result
refuse_nowhere(struct arena *a, const struct http_request *request, struct response *response,
               struct errors *errors)
{
    const char *message = str_format(a, "The API is at %.*s.", STR_PRINT(request->endpoint)).ptr;

    return refuse_person(request, 404, ERROR_NOT_FOUND, message, response, errors);
}

/* The web server has refused the request, and leaves it to us to say so: the status of each such
 * refusal, and the words. */
static const struct {
    const char *status;
    int number;
    const char *message;
} refusals[] = {
    { "405", 405, "Only GET, HEAD and POST are supported." },
    { "501", 501, "This transfer coding is not supported." },
};

static enum http_result
refuse_for_server(struct str status, const struct limits *limits, struct response *response,
                  struct errors *errors)
{
    if (str_is(status, "413"))
        return refuse_body(limits, response, errors);
    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++)
        if (str_is(status, refusals[i].status)) {
            response->allow = refusals[i].number == 405 ? allowed_methods : NULL;
            return refuse(response, refusals[i].number, errors, refusals[i].message);
        }
    return refuse(response, 400, errors, "The web server has refused this request.");
}

int64_t
http_read_length(struct str text)
{
    int64_t length;
    if (text.ptr[0] == '-' || !str_read_int64(text, &length))
        return -1;
    return length;
}

enum { BODY_PIECE = 4096 };

/* Read the body, which must be exactly as long as it says; or to its end, where the web server has
 * passed it on as it came in chunks, and does not say how long it is. */
static enum http_result
read_body(struct arena *a, struct http_source *source, struct str length_text,
          const struct limits *limits, struct http_request *request, struct response *response,
          struct errors *errors)
{
    if (source->is_cut)
        return refuse_body(limits, response, errors);

    bool is_known = length_text.ptr != NULL;
    int64_t most = is_known ? http_read_length(length_text) : limits->body;
    if (most < 0)
        return drain_and_refuse(source, response, 400, errors, "Content-Length must be a number.");
    if (most > limits->body)
        return drain(source) == HTTP_GONE ? HTTP_GONE : refuse_body(limits, response, errors);

    /* A byte more than there may be, to see that there is none. */
    struct buf *body = buf_new(a);
    size_t end = (size_t)most + 1;
    ssize_t got = 1;
    while (got > 0 && body->len < end) {
        size_t piece = is_known ? end - body->len : BODY_PIECE;
        char *room = buf_reserve(body, piece);
        got = room ? source->read(source, room, piece) : -1;
        buf_advance(body, got > 0 ? (size_t)got : 0);
    }
    if (got < 0)
        return HTTP_GONE;
    if (is_known && body->len != (size_t)most)
        return drain_and_refuse(source, response, 400, errors,
                                "The length of the body differs from Content-Length.");
    if (body->len > (size_t)most)
        return drain(source) == HTTP_GONE ? HTTP_GONE : refuse_body(limits, response, errors);
    request->body = buf_str(body);
    return HTTP_OK;
}

/* Find the credentials.  False when two names have two different ones. */
static bool
find_authorization(const struct str values[VARIABLE_COUNT], struct str *authorization)
{
    *authorization = STR_NONE;
    for (int i = VARIABLE_AUTHORIZATION; i <= VARIABLE_AUTHORIZATION_PASSED; i++) {
        if (!values[i].ptr)
            continue;
        if (authorization->ptr && !str_equal(*authorization, values[i]))
            return false;
        *authorization = values[i];
    }
    return true;
}

/* Find out what is asked for, and by whom. */
static void
find_target(struct arena *a, const struct config *config, const struct str values[VARIABLE_COUNT],
            struct http_request *request)
{
    const struct http_place place = {
        .method = values[VARIABLE_METHOD],
        .script = values[VARIABLE_SCRIPT],
        .path = values[VARIABLE_PATH],
        .uri = values[VARIABLE_URI],
        .query = values[VARIABLE_QUERY],
        .refusal = values[VARIABLE_REFUSAL],
        .is_preflight = values[VARIABLE_ORIGIN].ptr && values[VARIABLE_PREFLIGHT_METHOD].ptr,
    };

    request->is_for_person = (str_is(place.method, "GET") || str_is(place.method, "HEAD")) &&
                             http_accepts_html(values[VARIABLE_ACCEPT]);
    http_find_target(a, config, &place, request);
}

/* What needs no operation to be judged: the name that the server is called by, and an address where
 * it has nothing. */
static enum http_result
read_place(struct arena *a, struct http_source *source, const struct config *config,
           const struct str values[VARIABLE_COUNT], struct http_request *request,
           struct response *response, struct errors *errors)
{
    struct str refusal = values[VARIABLE_REFUSAL];
    bool is_health = request->target == HTTP_LIVE || request->target == HTTP_READY ||
                     request->target == HTTP_METRICS;
    bool is_refused = refusal.ptr && !str_is(refusal, "404") && !str_is(refusal, "200");

    if (!is_refused && request->target != HTTP_NOWHERE &&
        (is_health || http_may_call(config, values[VARIABLE_HOST])))
        return HTTP_OK;
    if (drain(source) == HTTP_GONE)
        return HTTP_GONE;
    if (!is_health && !http_may_call(config, values[VARIABLE_HOST]))
        return refuse_person(request, 421, ERROR_BAD_REQUEST,
                             "In development this server is called localhost, 127.0.0.1 or [::1]: "
                             "the setting \"hosts\" adds other names.",
                             response, errors);
    if (is_refused)
        return refuse_for_server(refusal, &config->limits, response, errors);
    return refuse_nowhere(a, request, response, errors);
}

/* What is not an operation: there is nothing but the method to judge. */
static enum http_result
read_question(struct http_source *source, struct str method, enum http_target target,
              struct response *response, struct errors *errors)
{
    if (target != HTTP_PREFLIGHT && !str_is(method, "GET") && !str_is(method, "HEAD")) {
        response->allow = "GET, HEAD";
        return drain_and_refuse(source, response, 405, errors,
                                "Only GET and HEAD are supported here.");
    }
    return drain(source);
}

/* Read the cookies.  They are for operations alone. */
static enum http_result
read_cookies(struct http_source *source, const struct config *config,
             const struct str values[VARIABLE_COUNT], struct http_request *request,
             struct response *response, struct errors *errors)
{
    const struct cookie_headers headers = { .mode = values[VARIABLE_COOKIE_MODE],
                                            .cookie = values[VARIABLE_COOKIE],
                                            .site = values[VARIABLE_SITE],
                                            .origin = values[VARIABLE_ORIGIN],
                                            .host = values[VARIABLE_HOST],
                                            .https = values[VARIABLE_HTTPS],
                                            .script_name = values[VARIABLE_SCRIPT] };
    struct cookie_refusal refusal = cookie_read(config, &headers, &request->cookies);

    if (!refusal.status)
        return HTTP_OK;
    if (drain(source) == HTTP_GONE)
        return HTTP_GONE;
    response->status = refusal.status;
    if (refusal.code == ERROR_LIMIT_EXCEEDED)
        errors_add_limit(errors, "cookie", config->limits.cookie, "%s", refusal.message);
    else
        errors_add(errors, refusal.code, "%s", refusal.message);
    return HTTP_REFUSED;
}

/* The method of an operation; HEAD is as GET.  False when it is none of ours. */
static bool
find_method(struct str name, enum http_method *method)
{
    *method = str_is(name, "POST") ? HTTP_POST : HTTP_GET;
    return *method == HTTP_POST || str_is(name, "GET") || str_is(name, "HEAD");
}

static enum http_result
read_operation(struct arena *a, struct http_source *source, const struct config *config,
               const struct str values[VARIABLE_COUNT], struct http_request *request,
               struct response *response, struct errors *errors)
{
    /* Linnet-Cookies needs a preflight, too. */
    struct str preflight =
        values[VARIABLE_PREFLIGHT].ptr ? values[VARIABLE_PREFLIGHT] : values[VARIABLE_COOKIE_MODE];
    const struct http_browser browser = { values[VARIABLE_ORIGIN], values[VARIABLE_SITE],
                                          values[VARIABLE_REFERER], preflight };

    if (!find_method(values[VARIABLE_METHOD], &request->method)) {
        response->allow = allowed_methods;
        return drain_and_refuse(source, response, 405, errors,
                                "Only GET, HEAD and POST are supported.");
    }
    if (request->method == HTTP_GET && !http_may_get(config, &browser)) {
        if (drain(source) == HTTP_GONE)
            return HTTP_GONE;
        errors_add(errors, ERROR_FORBIDDEN,
                   "A GET from a page of another site needs the header GraphQL-Require-Preflight.");
        return HTTP_REFUSED;
    }
    request->idempotency_key = values[VARIABLE_IDEMPOTENCY_KEY];
    request->if_none_match = values[VARIABLE_IF_NONE_MATCH];
    request->is_anonymous = request->method == HTTP_GET && !request->authorization.ptr &&
                            !values[VARIABLE_COOKIE_MODE].ptr &&
                            !cookie_has_ours(values[VARIABLE_COOKIE]);
    request->wants_any_document = str_is(values[VARIABLE_DOCUMENT], "any");
    request->query_string = values[VARIABLE_QUERY].ptr ? values[VARIABLE_QUERY] : STR("");
    request->body = STR("");
    if (request->method == HTTP_GET)
        return drain(source);
    if (!http_is_json(values[VARIABLE_TYPE]))
        return drain_and_refuse(source, response, 415, errors,
                                "The body must be application/json in UTF-8.");
    if (!http_is_identity(values[VARIABLE_ENCODING])) {
        response->accept_encoding = "identity"; /* RFC 9110, 15.5.16 */
        return drain_and_refuse(source, response, 415, errors, "The body must not be compressed.");
    }
    return read_body(a, source, values[VARIABLE_LENGTH], &config->limits, request, response,
                     errors);
}

enum http_result
http_read(struct arena *a, struct http_source *source, const struct config *config,
          struct http_request *request, struct response *response, struct errors *errors)
{
    struct str values[VARIABLE_COUNT];
    bool is_good = read_variables(a, source, values);
    bool is_acceptable = http_accept(values[VARIABLE_ACCEPT], &request->media);
    response->media = request->media;
    response->is_head = str_is(values[VARIABLE_METHOD], "HEAD");
    response_set_id(response, values[VARIABLE_ID]);
    if (http_may_read(config, values[VARIABLE_ORIGIN]))
        response->allow_origin = values[VARIABLE_ORIGIN];

    find_target(a, config, values, request);
    enum http_result result = read_place(a, source, config, values, request, response, errors);
    if (result != HTTP_OK)
        return result;
    if (!is_good || !find_authorization(values, &request->authorization))
        return drain_and_refuse(source, response, 400, errors, "A header was sent twice.");
    request->address = values[VARIABLE_ADDRESS];
    request->trace = trace_read(values[VARIABLE_TRACE]);
    if (utf8_check(values[VARIABLE_USER_AGENT]) == values[VARIABLE_USER_AGENT].len)
        request->user_agent = values[VARIABLE_USER_AGENT];
    if (request->target == HTTP_PREFLIGHT)
        response->allow_headers = http_allow_headers(a, config, values[VARIABLE_PREFLIGHT_HEADERS]);
    if (request->target != HTTP_OPERATION)
        return read_question(source, values[VARIABLE_METHOD], request->target, response, errors);
    if (!is_acceptable)
        return drain_and_refuse(
            source, response, 406, errors,
            "The header Accept must allow application/graphql-response+json or application/json.");
    if (config->mode == MODE_DEVELOPMENT && values[VARIABLE_EXPLAIN].ptr) {
        if (!str_is(values[VARIABLE_EXPLAIN], "1"))
            return drain_and_refuse(source, response, 400, errors, "Linnet-Explain must be 1.");
        request->is_explained = true;
    }
    result = read_cookies(source, config, values, request, response, errors);
    if (result != HTTP_OK)
        return result;
    return read_operation(a, source, config, values, request, response, errors);
}
