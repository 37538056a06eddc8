/*
 * http_case.h - requests and responses in memory.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_UNIT_HTTP_CASE_H
#define TESTS_UNIT_HTTP_CASE_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "config/config.h"
#include "http/http.h"
#include "http/response.h"
#include "tests/unit/unit.h"

/* As good as the defaults, but for the origins. */
static inline struct config
make_config(enum config_mode mode)
{
    return (struct config){ .mode = mode,
                            .origins = "https://a.example  http://b.example:8080",
                            .limits = limits_default };
}

/* A request whose body comes in small pieces, and the response to it. */
struct memory {
    struct http_source source; /* the first member */
    const char *body;
    size_t length, read;
    bool breaks_off; /* instead of an end */
    struct buf *written;
};

static inline ssize_t
read_memory(struct http_source *source, char *out, size_t size)
{
    struct memory *m = (struct memory *)source;
    size_t left = m->length - m->read, len = left < 7 ? left : 7;
    if (left == 0)
        return m->breaks_off ? -1 : 0;
    len = len < size ? len : size;
    memcpy(out, m->body + m->read, len);
    m->read += len;
    return (ssize_t)len;
}

static inline bool
write_memory(struct http_source *source, const struct str *pieces, int count)
{
    struct memory *m = (struct memory *)source;
    for (int i = 0; i < count; i++)
        buf_put(m->written, pieces[i]);
    return true;
}

static inline struct memory
make_memory(char **variables, const char *body)
{
    struct memory m = { .body = body, .length = strlen(body) };
    m.source = (struct http_source){
        .variables = variables, .descriptor = -1, .read = read_memory, .write = write_memory
    };
    return m;
}

/* What http_read() makes of these variables; the body is empty. */
static inline enum http_result
read_variables(struct arena *a, char **variables, enum config_mode mode,
               struct http_request *request, struct response *response)
{
    const struct config config = make_config(mode);
    struct errors errors = { .arena = a };
    struct memory m = make_memory(variables, "");
    *request = (struct http_request){ 0 };
    response_init(response);
    enum http_result result = http_read(a, &m.source, &config, request, response, &errors);
    if (!response->status && errors.first)
        response->status = response_status(&errors, false, HTTP_JSON);
    return result;
}

#endif
