/*
 * http_source.h - where a request comes from, and where its response goes.
 *
 * A source is whatever speaks CGI's words (RFC 3875): a FastCGI connection
 * (fcgi.h), a process of a cgi-bin, or a request made in memory.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_HTTP_SOURCE_H
#define HTTP_HTTP_SOURCE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/str.h"

struct request;

/* The media type of a response. */
enum http_media {
    HTTP_JSON,
    HTTP_GRAPHQL,
    HTTP_HTML,
    HTTP_PROMETHEUS /* text in its exposition format */
};

struct http_source {
    char *const *variables;  /* "NAME=value", ended by NULL (RFC 3875, 4.1) */
    struct request *request; /* what serves it, where there are many at once */
    int descriptor; /* a socket that closes when nobody waits any more; -1: there is none */

    /* The body is longer than any that is read, and read() finds it empty. */
    bool is_cut;

    /* Read up to `size` bytes of the body: how many came, 0 at its end, -1 when
     * the peer has gone or takes too long. */
    ssize_t (*read)(struct http_source *source, char *out, size_t size);

    /* Write the response, head and body in pieces that follow each other, and
     * end the request.  False when the peer has gone. */
    bool (*write)(struct http_source *source, const struct str *pieces, int count);

    /* End the request without a response, since nobody waits for one; NULL: there is nothing
     * to be done then. */
    void (*drop)(struct http_source *source);
};

#endif
