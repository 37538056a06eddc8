/*
 * params.c - what a request asks for, from JSON.
 *
 * json_scan() has judged a text before json-c sees it, so that all that the library is
 * lenient about, and all that it might be overwhelmed by, is gone.  json-c cuts
 * integers at 64 bits and replaces halves of surrogate pairs; so it gives the tree, and
 * numbers and strings are read from the text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/params.h"

#include <json-c/json.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "value/value.h"
#include "http/http.h"

/* In the text they stand in the same order as in the tree. */
struct converter {
    struct arena *arena;
    struct str text;
    size_t offset; /* behind the last string or number that was read */
};

static bool
is_of_number(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

/* The next number of the text as it is written. */
static struct str
next_number(struct converter *c)
{
    const char *text = c->text.ptr;
    size_t start = c->offset;

    while (text[start] != '-' && (text[start] < '0' || text[start] > '9'))
        start++;
    c->offset = start;
    while (is_of_number(text[c->offset])) /* the text ends in NUL */
        c->offset++;
    return str_copy(c->arena, (struct str){ text + start, c->offset - start });
}

/* The next string, which may be a name. */
static struct str
next_string(struct converter *c)
{
    while (c->text.ptr[c->offset] != '"')
        c->offset++;
    return json_read_string(c->arena, c->text, &c->offset);
}

static bool
is_integer(struct str number)
{
    return str_find(number, '.') == number.len && str_find(number, 'e') == number.len &&
           str_find(number, 'E') == number.len;
}

static void convert(struct converter *c, json_object *json, struct value *value);

static void
convert_array(struct converter *c, json_object *json, struct value *value)
{
    value->kind = VALUE_LIST;
    value->count = (int)json_object_array_length(json);
    struct value *items = ARENA_ARRAY(c->arena, struct value, (size_t)value->count);
    for (int i = 0; i < value->count; i++) {
        convert(c, json_object_array_get_idx(json, (size_t)i), &items[i]);
        items[i].next = i + 1 < value->count ? &items[i + 1] : NULL;
    }
    value->items = value->count ? items : NULL;
}

static void
convert_object(struct converter *c, json_object *json, struct value *value)
{
    value->kind = VALUE_OBJECT;
    value->count = json_object_object_length(json);
    struct value *fields = ARENA_ARRAY(c->arena, struct value, (size_t)value->count);
    int i = 0;
    json_object_object_foreach(json, name, member)
    {
        (void)name;
        fields[i].name = next_string(c);
        convert(c, member, &fields[i]);
        fields[i].next = i + 1 < value->count ? &fields[i + 1] : NULL;
        i++;
    }
    value->items = value->count ? fields : NULL;
}

/* Fill in a value, all but `name` and `next`.  Recurses as deep as json_scan() allowed. */
static void
convert(struct converter *c, json_object *json, struct value *value)
{
    switch (json_object_get_type(json)) {
    case json_type_null:
        value->kind = VALUE_NULL;
        break;
    case json_type_boolean:
        value->kind = VALUE_BOOLEAN;
        value->boolean = json_object_get_boolean(json);
        break;
    case json_type_int:
    case json_type_double:
        value->text = next_number(c);
        value->kind = is_integer(value->text) ? VALUE_INT : VALUE_FLOAT;
        break;
    case json_type_string:
        value->kind = VALUE_STRING;
        value->text = next_string(c);
        break;
    case json_type_array:
        convert_array(c, json, value);
        break;
    case json_type_object:
        convert_object(c, json, value);
        break;
    }
}

/* Report why json_scan() refused the text. */
static void
report_fault(struct errors *errors, const struct json_fault *fault)
{
    if (!fault->limit) {
        errors_add(errors, ERROR_BAD_REQUEST, "%s (byte %zu of the JSON text)", fault->message,
                   fault->offset);
        return;
    }
    errors_add_limit(errors, fault->limit, fault->maximum, "%s", fault->message);
}

/* Parse with json-c what json_scan() has let pass.  A text of `null` is NULL too. */
static json_object *
parse(struct str text, int depth, bool *is_parsed)
{
    json_tokener *tokener = json_tokener_new_ex(depth + 1);
    /* The library sees the end of a number at the NUL alone. */
    json_object *json = json_tokener_parse_ex(tokener, text.ptr, (int)text.len + 1);
    *is_parsed = json_tokener_get_error(tokener) == json_tokener_success;
    json_tokener_free(tokener);
    return json;
}

static const struct value *
parse_json(struct arena *a, struct str text, const struct limits *limits, bool any_text,
           struct errors *errors)
{
    const struct json_bounds bounds = {
        .depth = limits->json_depth,
        .values = limits->json_values,
        .string = (size_t)limits->json_string,
        .number = (size_t)limits->json_number,
        .any_text = any_text,
    };
    struct json_fault fault;
    if (!json_scan(text, &bounds, &fault)) {
        report_fault(errors, &fault);
        return NULL;
    }

    struct converter c = { .arena = a, .text = str_copy(a, text) };
    bool is_parsed;
    json_object *json = parse(c.text, limits->json_depth, &is_parsed);
    if (!is_parsed) {
        errors_add(errors, ERROR_BAD_REQUEST, "The JSON text cannot be read.");
        return NULL;
    }
    struct value *value = ARENA_NEW(a, struct value);
    convert(&c, json, value);
    json_object_put(json);
    return value;
}

const struct value *
params_parse_json(struct arena *a, struct str text, const struct limits *limits,
                  struct errors *errors)
{
    return parse_json(a, text, limits, false, errors);
}

const struct value *
params_parse_any_text(struct arena *a, struct str text, const struct limits *limits,
                      struct errors *errors)
{
    return parse_json(a, text, limits, true, errors);
}

/* The parameters and the kinds that they must have; all may be null but `query`. */
enum parameter {
    PARAMETER_QUERY,
    PARAMETER_OPERATION_NAME,
    PARAMETER_VARIABLES,
    PARAMETER_EXTENSIONS,
    PARAMETER_COUNT
};

static const struct {
    const char *name;
    enum value_kind kind;
} parameters[] = {
    [PARAMETER_QUERY] = { "query", VALUE_STRING },
    [PARAMETER_OPERATION_NAME] = { "operationName", VALUE_STRING },
    [PARAMETER_VARIABLES] = { "variables", VALUE_OBJECT },
    [PARAMETER_EXTENSIONS] = { "extensions", VALUE_OBJECT },
};

/* Hold the values against the table. */
static bool
params_build(const struct value *const values[PARAMETER_COUNT], struct params *params,
             struct errors *errors)
{
    const struct value *good[PARAMETER_COUNT] = { NULL };
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        if (!values[i] || values[i]->kind == VALUE_NULL)
            continue;
        if (values[i]->kind != parameters[i].kind) {
            errors_add(errors, ERROR_BAD_REQUEST, "The parameter \"%s\" must be %s.",
                       parameters[i].name,
                       parameters[i].kind == VALUE_STRING ? "a string" : "an object");
            return false;
        }
        good[i] = values[i];
    }
    if (!good[PARAMETER_QUERY]) {
        errors_add(errors, ERROR_BAD_REQUEST, "The parameter \"query\" is missing.");
        return false;
    }
    const struct value *name = good[PARAMETER_OPERATION_NAME];
    *params = (struct params){
        .query = good[PARAMETER_QUERY]->text,
        .operation_name = name ? name->text : STR_NONE,
        .variables = good[PARAMETER_VARIABLES],
        .extensions = good[PARAMETER_EXTENSIONS],
    };
    return true;
}

static bool
read_body(struct arena *a, struct str body, const struct limits *limits, struct params *params,
          struct errors *errors)
{
    if (body.len == 0) {
        errors_add(errors, ERROR_BAD_REQUEST, "The request has no body.");
        return false;
    }
    const struct value *root = params_parse_json(a, body, limits, errors);
    if (!root)
        return false;
    if (root->kind != VALUE_OBJECT) {
        errors_add(errors, ERROR_BAD_REQUEST,
                   root->kind == VALUE_LIST ? "Batches are not supported: send one request."
                                            : "The body must be a JSON object.");
        return false;
    }
    const struct value *values[PARAMETER_COUNT];
    for (int i = 0; i < PARAMETER_COUNT; i++)
        values[i] = value_find(root, str_from(parameters[i].name));
    return params_build(values, params, errors);
}

/* A parameter of a query string as a value: texts as they are, the others are JSON. */
static const struct value *
read_parameter(struct arena *a, enum parameter parameter, struct str text,
               const struct limits *limits, struct errors *errors)
{
    if (parameters[parameter].kind != VALUE_STRING)
        return params_parse_json(a, text, limits, errors);
    struct value *value = ARENA_NEW(a, struct value);
    value->kind = VALUE_STRING;
    value->text = text;
    return value;
}

static bool
read_query_string(struct arena *a, struct str rest, const struct limits *limits,
                  struct params *params, struct errors *errors)
{
    const struct value *values[PARAMETER_COUNT] = { NULL };
    struct str name, text;
    bool is_bad;
    while (http_next_parameter(a, &rest, &name, &text, &is_bad)) {
        if (is_bad) {
            errors_add(errors, ERROR_BAD_REQUEST, "The query string is not well-formed UTF-8.");
            return false;
        }
        for (int i = 0; i < PARAMETER_COUNT; i++) {
            if (!str_is(name, parameters[i].name) || text.len == 0)
                continue;
            if (values[i]) {
                errors_add(errors, ERROR_BAD_REQUEST, "The parameter \"%s\" came twice.",
                           parameters[i].name);
                return false;
            }
            values[i] = read_parameter(a, (enum parameter)i, text, limits, errors);
            if (!values[i])
                return false;
        }
    }
    return params_build(values, params, errors);
}

bool
params_read(struct arena *a, const struct http_request *request, const struct limits *limits,
            struct params *params, struct errors *errors)
{
    if (request->method == HTTP_GET)
        return read_query_string(a, request->query_string, limits, params, errors);
    return read_body(a, request->body, limits, params, errors);
}
