/*
 * trusted_check.c - do the trusted documents fit the contract?
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/trusted_check.h"

#include "base/arena.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "contract/contract.h"
#include "validation/validate.h"
#include "document/trusted.h"

/* Errors of one document that are told. */
enum { ERRORS_OF_DOCUMENT = 5 };

/* Is there a role that may ask for the document?  Else what is wrong is among the errors. */
static bool
has_role(struct arena *a, const struct contract *contract, const struct ast_document *ast,
         const struct validate_options *options, struct errors *errors)
{
    for (const struct contract_view *view = contract->views; view; view = view->next) {
        struct errors own = { .arena = a, .maximum = 1 };
        if (validate_document(a, view->contract->schema, ast, options, &own))
            return true;
    }
    if (contract->views)
        errors_add(errors, ERROR_VALIDATION_FAILED,
                   "There is no role for which the whole document is valid.");
    return !contract->views;
}

bool
trusted_check(const struct trusted *t, const struct contract *contract, const struct limits *limits,
              struct errors *errors)
{
    const struct validate_options options = { .limits = limits, .has_suggestions = true };
    struct arena *a = arena_new("check");
    bool fits = true;

    for (const struct trusted_document *d = trusted_first(t); d; d = d->next) {
        const struct source source = { d->file, d->text };
        struct errors own = { .arena = a, .maximum = ERRORS_OF_DOCUMENT };
        const struct ast_document *ast = parser_parse(a, &source, limits, &own);
        if (!ast || !validate_document(a, contract->schema, ast, &options, &own) ||
            !has_role(a, contract, ast, &options, &own)) {
            trusted_complain(errors, d, &own);
            fits = false;
        }
        arena_reset(a);
    }
    arena_free(a);
    return fits;
}

/* Is there a field of that name among the nodes or below them? */
static bool
has_field(const struct ast_node *list, struct str name)
{
    for (const struct ast_node *node = list; node; node = node->next) {
        if (node->kind == AST_FIELD && str_equal(ast_as(field, node)->name, name))
            return true;
        for (const uint16_t *child = ast_children(node->kind); *child; child++)
            if (has_field(ast_child(node, *child), name))
                return true;
    }
    return false;
}

bool
trusted_asks_for(const struct trusted *t, const struct limits *limits, struct str field)
{
    struct arena *a = arena_new("check");
    bool is_found = false;

    for (const struct trusted_document *d = trusted_first(t); d && !is_found; d = d->next) {
        const struct source source = { d->file, d->text };
        struct errors own = { .arena = a };
        const struct ast_document *ast = parser_parse(a, &source, limits, &own);
        is_found = ast && has_field(ast->definitions, field);
        arena_reset(a);
    }
    arena_free(a);
    return is_found;
}
