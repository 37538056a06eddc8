/*
 * params.h - what a request asks for: document, operation, variables, as JSON
 * brought them (GraphQL over HTTP, request parameters).  The only door to
 * json-c, which json_scan() guards.
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
    struct str query;               /* the document */
    struct str operation_name;      /* or STR_NONE */
    const struct value *variables;  /* an object, or NULL */
    const struct value *extensions; /* an object, or NULL */
};

/* Take the parameters from the body of a POST, or from the query string of a
 * GET.  Members that nobody knows are ignored.  False after adding one
 * error: BAD_REQUEST, or LIMIT_EXCEEDED for a bound of `limits` (json_...). */
bool params_read(struct arena *a, const struct http_request *request, const struct limits *limits,
                 struct params *params, struct errors *errors) MUST_CHECK;

/* Read one JSON text as a value, numbers with the digits that were written: the variables of
 * a command.  NULL after adding one error. */
const struct value *params_parse_json(struct arena *a, struct str text, const struct limits *limits,
                                      struct errors *errors) MUST_CHECK;
/* The same for a line of a batch, whose strings may have U+0000 in them and halves of
 * surrogate pairs: three bytes that are no UTF-8, so that a document with one is refused where
 * it stands. */
const struct value *
params_parse_any_text(struct arena *a, struct str text, const struct limits *limits,
                      struct errors *errors) MUST_CHECK;

#endif
