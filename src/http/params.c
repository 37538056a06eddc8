/*
 * params.c - what a request asks for: document, operation, variables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/params.h"

#include "base/arena.h"
#include "base/error.h"
#include "value/value.h"
#include "value/value_json.h"
#include "http/http.h"

/* The parameters and the kinds that they must have; any may be null. */
enum parameter {
    PARAMETER_QUERY,
    PARAMETER_DOCUMENT_ID,
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
    [PARAMETER_DOCUMENT_ID] = { "documentId", VALUE_STRING },
    [PARAMETER_OPERATION_NAME] = { "operationName", VALUE_STRING },
    [PARAMETER_VARIABLES] = { "variables", VALUE_OBJECT },
    [PARAMETER_EXTENSIONS] = { "extensions", VALUE_OBJECT },
};

/* The hash in the extension of Apollo's clients; STR_NONE: there is none of the version that we
 * know. */
static struct str
find_persisted_query(const struct value *extensions)
{
    const struct value *extension =
        extensions ? value_find(extensions, STR("persistedQuery")) : NULL;

    if (!extension || extension->kind != VALUE_OBJECT)
        return STR_NONE;
    const struct value *version = value_find(extension, STR("version"));
    const struct value *hash = value_find(extension, STR("sha256Hash"));
    bool is_good = version && version->kind == VALUE_INT && str_is(version->text, "1") && hash &&
                   hash->kind == VALUE_STRING;
    return is_good ? hash->text : STR_NONE;
}

/* Which document: by its text, by its id, or by both.  False after adding an error. */
static bool
read_document(const struct value *const good[PARAMETER_COUNT], struct params *params,
              struct errors *errors)
{
    const struct value *query = good[PARAMETER_QUERY], *id = good[PARAMETER_DOCUMENT_ID];

    params->query = query ? query->text : STR_NONE;
    params->document_id =
        id && id->text.len > 0 ? id->text : find_persisted_query(good[PARAMETER_EXTENSIONS]);
    params->is_persisted_query = params->document_id.ptr && !(id && id->text.len > 0);
    if (params->document_id.ptr && query && query->text.len == 0)
        params->query = STR_NONE; /* some clients always send the member */
    if (query || params->document_id.ptr)
        return true;
    const struct value *extensions = good[PARAMETER_EXTENSIONS];
    bool has_extension = extensions && value_find(extensions, STR("persistedQuery"));
    errors_add(errors, ERROR_BAD_REQUEST,
               has_extension ? "The extension \"persistedQuery\" must have version 1 and a "
                               "\"sha256Hash\"."
                             : "The parameter \"query\" is missing.");
    return false;
}

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
    const struct value *name = good[PARAMETER_OPERATION_NAME];
    *params = (struct params){
        .operation_name = name && name->text.len > 0 ? name->text : STR_NONE,
        .variables = good[PARAMETER_VARIABLES],
        .extensions = good[PARAMETER_EXTENSIONS],
    };
    return read_document(good, params, errors);
}

static bool
build_from_body(struct arena *a, struct str body, const struct limits *limits,
                struct params *params, struct errors *errors)
{
    if (body.len == 0) {
        errors_add(errors, ERROR_BAD_REQUEST, "The request has no body.");
        return false;
    }
    const struct value *root = value_json_parse(a, body, limits, errors);
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
        return value_json_parse(a, text, limits, errors);
    struct value *value = ARENA_NEW(a, struct value);
    value->kind = VALUE_STRING;
    value->text = text;
    return value;
}

static bool
build_from_query_string(struct arena *a, struct str rest, const struct limits *limits,
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
                errors_add(errors, ERROR_BAD_REQUEST, "The parameter \"%s\" was sent twice.",
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
        return build_from_query_string(a, request->query_string, limits, params, errors);
    return build_from_body(a, request->body, limits, params, errors);
}
