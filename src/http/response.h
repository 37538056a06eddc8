/*
 * response.h - a response: its status, its headers, its body (specification,
 * section 7; GraphQL over HTTP).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <stdbool.h>

#include "base/str.h"
#include "http/http_source.h"

struct arena;
struct buf;
struct errors;

/* Characters of an id of our own, and of the longest that a web server may give. */
enum { RESPONSE_ID_LENGTH = 16, RESPONSE_ID_MAXIMUM = 64 };

struct response {
    int status; /* 0: as the errors and the media type say */
    enum http_media media;
    char id[RESPONSE_ID_MAXIMUM + 1]; /* of the request, hexadecimal */
    bool is_head;                     /* of HEAD: the head alone is written */
    const char *allow;                /* 405: the methods; or NULL */
    const char *accept_encoding;      /* 415: what a body may have; or NULL */
    int max_age;                      /* seconds for which caches may keep it; 0: not at all */
    int stale;                        /* how many more an old one may stand in (RFC 5861) */
    struct str etag;                  /* of what caches may keep (RFC 9110, 8.8.3); or STR_NONE */
    int retry_after;                  /* seconds; 0: no such header */
    const char *policy;               /* of HTML: its Content-Security-Policy */
    const char *location;             /* 302: where it is, relative to the address; or NULL */
    struct str timing;                /* the value of Server-Timing; or STR_NONE */
    struct str extensions;            /* the value of `extensions` in the body; or STR_NONE */
    struct str allow_origin;          /* whose pages may read it; STR_NONE: of no other site */
    struct str allow_headers;         /* 204: that they may send */
    struct str set_cookies[2];        /* values of Set-Cookie; or STR_NONE */
};

/* An empty response, without an id yet. */
void response_init(struct response *response);
/* Take the id that the web server gave the request, so that its log and ours can be
 * joined, if it is one: hexadecimal digits and hyphens, and long enough.  Otherwise,
 * and for STR_NONE, draw one. */
void response_set_id(struct response *response, struct str id);
struct str response_id(const struct response *response);

/* The status of a response with these errors.  Without data: what the first
 * error's code says for this media type (the audit profile: a document that is
 * wrong is 400, but 200 for clients that only know application/json). */
int response_status(const struct errors *errors, bool has_data, enum http_media media);

/* Does If-None-Match (STR_NONE: absent) name the response's entity tag, compared weakly (RFC 9110,
 * 13.1.2)? */
bool response_is_known(const struct response *response, struct str if_none_match);

/* Write the response to the source: `{"errors":[...],"data":...,"extensions":...}`,
 * errors first and absent when there are none.  `data` is the value of `data`; STR_NONE: there
 * is none.  Fills in `status` and, where an error has one, `retry_after`.  Return
 * the bytes of the body that were written, or -1 when the peer has gone. */
ssize_t response_write(struct arena *a, struct http_source *source, struct response *response,
                       const struct errors *errors, struct str data);

/* Write a response whose body is another JSON text, or, with status 204, none. */
ssize_t response_write_text(struct arena *a, struct http_source *source,
                            const struct response *response, struct str body);

/* Write the response's head: Status, the headers, the empty line.  False when a
 * header's value had a control character in it. */
bool
response_write_head(struct buf *b, const struct response *response, size_t body_length) MUST_CHECK;

#endif
