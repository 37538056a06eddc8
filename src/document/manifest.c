/*
 * manifest.c - trusted documents from files: a document each, or a manifest that a build tool has
 * written.
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/manifest.h"

#include <limits.h>

#include "base/arena.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "value/value.h"
#include "value/value_json.h"
#include "document/trusted.h"

/* Arrays and objects of a manifest, and of what others may add to it. */
enum { MANIFEST_DEPTH = 16, MANIFEST_NUMBER = 64 };

static const char apollo_format[] = "apollo-persisted-query-manifest";

/* A file that is being read. */
struct manifest {
    struct str file;
    struct trusted *trusted;
    struct errors *errors;
};

static bool
refuse(struct manifest *m, const char *message)
{
    errors_add(m->errors, ERROR_BAD_REQUEST, "%.*s: %s", STR_PRINT(m->file), message);
    return false;
}

static bool
add(struct manifest *m, struct str id, struct str text)
{
    const struct trusted_document document = { .text = text, .id = id, .file = m->file };
    const char *fault = trusted_add(m->trusted, &document);

    if (fault)
        errors_add(m->errors, ERROR_BAD_REQUEST, "%.*s: document %.*s: %s.", STR_PRINT(m->file),
                   (int)(id.len < TRUSTED_ID_LENGTH ? id.len : TRUSTED_ID_LENGTH), id.ptr, fault);
    return !fault;
}

static bool
is_string(const struct value *value)
{
    return value && value->kind == VALUE_STRING;
}

static bool
read_apollo(struct manifest *m, const struct value *root)
{
    const struct value *version = value_find(root, STR("version"));
    const struct value *operations = value_find(root, STR("operations"));

    if (!version || version->kind != VALUE_INT || !str_is(version->text, "1"))
        return refuse(m, "the version of an Apollo manifest must be 1.");
    if (!operations || operations->kind != VALUE_LIST)
        return refuse(m, "an Apollo manifest must have a list \"operations\".");
    for (const struct value *operation = operations->items; operation;
         operation = operation->next) {
        const struct value *id = NULL, *body = NULL;
        if (operation->kind == VALUE_OBJECT) {
            id = value_find(operation, STR("id"));
            body = value_find(operation, STR("body"));
        }
        if (!is_string(id) || !is_string(body))
            return refuse(m, "each of \"operations\" must have the strings \"id\" and \"body\".");
        if (!add(m, id->text, body->text))
            return false;
    }
    return true;
}

static bool
read_map(struct manifest *m, const struct value *root)
{
    for (const struct value *text = root->items; text; text = text->next) {
        if (!is_string(text))
            return refuse(m, "must be an object whose members are documents by their ids, or an "
                             "Apollo manifest.");
        if (!add(m, text->name, text->text))
            return false;
    }
    return true;
}

bool
manifest_read_json(struct arena *a, struct str file, struct str json, struct trusted *t,
                   struct errors *errors)
{
    /* The file is as long as it may be. */
    const struct value_json_bounds bounds = {
        .depth = MANIFEST_DEPTH, .values = INT_MAX, .string = json.len, .number = MANIFEST_NUMBER
    };
    struct manifest m = { file, t, errors };
    struct value_json_fault fault;
    const struct value *root = value_json_read(a, json, &bounds, &fault);

    if (!root) {
        const struct source source = { file, json };
        struct place place = source_place(&source, (uint32_t)fault.offset);
        errors_add(errors, ERROR_BAD_REQUEST, "%.*s:%u:%u: %s", STR_PRINT(file), place.line,
                   place.column, fault.message);
        return false;
    }
    if (root->kind != VALUE_OBJECT)
        return refuse(&m, "must be a JSON object.");
    const struct value *format = value_find(root, STR("format"));
    bool is_apollo = is_string(format) && str_is(format->text, apollo_format);
    return is_apollo ? read_apollo(&m, root) : read_map(&m, root);
}

/* The name of the document's only operation; STR_NONE: it has none, or there are several. */
static struct str
find_name(const struct ast_document *document)
{
    const struct ast_operation *found = NULL;
    int count = 0;

    for (const struct ast_node *node = document->definitions; node; node = node->next) {
        if (node->kind != AST_OPERATION)
            continue;
        found = ast_as(operation, node);
        count++;
    }
    return count == 1 ? found->name : STR_NONE;
}

bool
manifest_read_graphql(struct str file, struct str text, const struct limits *limits,
                      struct trusted *t, struct errors *errors)
{
    struct arena *scratch = arena_new("manifest");
    const struct source source = { file, text };
    struct errors own = { .arena = scratch };
    const struct ast_document *ast = parser_parse(scratch, &source, limits, &own);
    bool is_added = false;

    if (ast) {
        const struct trusted_document document = {
            .text = text, .id = find_name(ast), .file = file, .is_whole_file = true
        };
        const char *fault = trusted_add(t, &document);
        is_added = !fault;
        if (fault)
            errors_add(errors, ERROR_BAD_REQUEST, "%.*s: %s.", STR_PRINT(file), fault);
    } else {
        trusted_complain(errors, &(struct trusted_document){ .file = file, .is_whole_file = true },
                         &own);
    }
    arena_free(scratch);
    return is_added;
}
