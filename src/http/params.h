/*
 * params.h - what a request asks for: document, operation, variables, from JSON
 * (GraphQL over HTTP, request parameters, and appendix A).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_PARAMS_H
#define HTTP_PARAMS_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct errors;
struct http_request;
struct limits;
struct value;

struct params {
    struct str query;               /* the document; STR_NONE: there is an id */
    struct str document_id;         /* of a trusted document; or STR_NONE */
    bool is_persisted_query;        /* it came as Apollo's clients send it */
    struct str operation_name;      /* or STR_NONE: absent, null or empty */
    const struct value *variables;  /* an object, or NULL */
    const struct value *extensions; /* an object, or NULL */
};

/* Take the parameters from the body of a POST, or from the query string of a
 * GET.  An id is the parameter `documentId`, or the extension `persistedQuery` with version 1 and a
 * sha256Hash.  Members that nobody knows are ignored.  False after adding one
 * error: BAD_REQUEST, or LIMIT_EXCEEDED for a bound of `limits` (json_...). */
bool params_read(struct arena *a, const struct http_request *request, const struct limits *limits,
                 struct params *params, struct errors *errors) MUST_CHECK;

#endif
