/*
 * http.h - a request as HTTP sees it: its method, its media types, its query string, its
 * body (GraphQL over HTTP).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdbool.h>

#include "base/str.h"
#include "http/cookie.h"
#include "http/http_source.h"
#include "metrics/trace.h"

struct arena;
struct buf;
struct config;
struct errors;
struct response;

enum http_method { HTTP_GET, HTTP_POST };

/* What is asked for. */
enum http_target {
    HTTP_OPERATION,
    HTTP_PREFLIGHT, /* a browser asks whether a page may ask (Fetch, 3.2.2) */
    HTTP_LIVE,      /* /live: does the process answer? */
    HTTP_READY,     /* /ready: can it serve? */
    HTTP_METRICS,   /* /metrics: what has been counted? */
    HTTP_KEYS,      /* /.well-known/jwks.json: which keys verify tokens? */
    HTTP_PAGE,      /* the endpoint, opened in a browser without an operation */
    HTTP_ROOT,      /* /, where the web server has no page */
    HTTP_NOWHERE    /* an address that nothing has: always refused */
};

struct http_request {
    enum http_target target;
    enum http_method method;
    enum http_media media;    /* that the client wants of an operation */
    bool is_for_person;       /* GET or HEAD of a client that would rather have HTML */
    bool has_slash;           /* of HTTP_PAGE: the address ends in one that the endpoint has not */
    struct str endpoint;      /* its path as browsers know it, such as /graphql; of no operation */
    struct str query_string;  /* as sent, without the `?`; empty when absent */
    struct str body;          /* of POST: all of it */
    struct str authorization; /* the header's value, or STR_NONE */
    bool wants_any_document;  /* `Linnet-Document: any`: for staff */
    struct trace trace;       /* that it is part of */
    struct str idempotency_key; /* the header, as it came; or STR_NONE */
    struct str if_none_match;   /* likewise; several, joined by ", " */
    bool is_anonymous; /* a GET or HEAD without anything that could say whose it is: Authorization,
                        * Linnet-Cookies, a cookie of ours */
    bool is_explained; /* the client wants to know what was done (Linnet-Explain) */
    struct cookies cookies;
    struct str address;    /* of the client, or STR_NONE */
    struct str user_agent; /* what the client says it is, in UTF-8; or STR_NONE */
};

/* What a browser adds to a request, and so cannot be forged by a page; STR_NONE
 * where it is absent. */
struct http_browser {
    struct str origin;    /* Origin: the page's site */
    struct str site;      /* Sec-Fetch-Site: how that is related to ours */
    struct str referer;   /* Referer */
    struct str preflight; /* GraphQL-Require-Preflight: not without a preflight, hence the name */
};

/* Where a request is for, in CGI's words; STR_NONE where the web server does not say. */
struct http_place {
    struct str method;
    struct str script;  /* SCRIPT_NAME: the path of the web server's location, or the program's */
    struct str path;    /* PATH_INFO: what follows that */
    struct str uri;     /* REQUEST_URI: as it was sent */
    struct str query;   /* QUERY_STRING */
    struct str refusal; /* LINNET_REFUSAL: 200 says that there is no page at `/` */
    bool is_preflight;  /* if the method is OPTIONS */
};

enum http_result {
    HTTP_OK,
    HTTP_REFUSED, /* an error was added, and `response` has the status */
    HTTP_GONE     /* the body broke off: nobody waits for a response */
};

/* Read and judge a request: method, media types, length, body.  The body is
 * read to its end whatever the verdict, so that the peer is free to read the
 * answer.  `response` gets its media type, its id and the origin that may read it
 * in any case.  Where the web server has refused the request itself, LINNET_REFUSAL has the status
 * of that, and it is said here.  What `request` points to lives in the arena or in the source. */
enum http_result http_read(struct arena *a, struct http_source *source, const struct config *config,
                           struct http_request *request, struct response *response,
                           struct errors *errors) MUST_CHECK;

/* Read Content-Length: digits alone (RFC 9110, 8.6).  -1: it is none. */
int64_t http_read_length(struct str text);

/* Refuse a method: 405 with Allow, and an error that says `message`. */
void http_refuse_method(struct response *response, const char *allow, const char *message,
                        struct errors *errors);

/* Take the next part of a list off `*rest`, trimmed; parts may be empty.  False at its end. */
bool http_next_part(struct str *rest, char separator, struct str *part) MUST_CHECK;

/* Take the next `name=value` off a query string, decoded (`+` is a space, %41 an
 * A) into the arena.  False at its end.  `*is_bad` is set on a broken %-escape,
 * on U+0000 and on what is not UTF-8; then name and value are STR_NONE. */
bool http_next_parameter(struct arena *a, struct str *query_string, struct str *name,
                         struct str *value, bool *is_bad) MUST_CHECK;

/* Is this Content-Type application/json, in UTF-8 as far as it says? */
bool http_is_json(struct str content_type);

/* Is a body with this Content-Encoding (STR_NONE: none) as it is, not compressed? */
bool http_is_identity(struct str content_encoding);

/* The media type of ours that a client with this Accept (STR_NONE: none) wants
 * most; false when it takes neither.  A range that names a type decides over
 * one that covers it; on a tie the newer type wins if it was named. */
bool http_accept(struct str accept, enum http_media *media) MUST_CHECK;

/* Would a client with this Accept rather have HTML than JSON?  A wildcard alone is for JSON, and so
 * are two types that are wanted as much. */
bool http_accepts_html(struct str accept);

/* Find out what is asked for: fills in `target`, and `endpoint` and `has_slash` of what is no
 * operation, of a request whose `is_for_person` is known. */
void http_find_target(struct arena *a, const struct config *config, const struct http_place *place,
                      struct http_request *request);

/* May the server be called by this name (Host, or STR_NONE)?  In development only by those of this
 * machine and of the setting `hosts`: a page of another site could have its own name lead here, and
 * would then be of our origin (DNS rebinding). */
bool http_may_call(const struct config *config, struct str host);

/* Write these names as nginx's `server_name` has them; nothing when every name will do. */
void http_print_hosts(struct buf *b, const struct config *config);

/* May pages of this origin read our answers: is it one of `origins`, or in development
 * any of this machine? */
bool http_may_read(const struct config *config, struct str origin);

/* Write http_may_read() as lines of an nginx `map $http_origin ...`: where no worker answers, nginx
 * says who may read. */
void http_print_origins(struct buf *b, const struct config *config);

/* The headers that such a page may send, of those that its browser asks for, with those that the
 * setting allowed_headers has: the value of Access-Control-Allow-Headers for one of
 * Access-Control-Request-Headers (STR_NONE: none). */
struct str http_allow_headers(struct arena *a, const struct config *config, struct str asked);

/* May this GET be answered?  Not if a page of another site may have made its visitor's
 * browser send it.  (A POST of JSON no page can send without a preflight.) */
bool http_may_get(const struct config *config, const struct http_browser *browser);

#endif
