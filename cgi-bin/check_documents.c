/*
 * check_documents.c - what linnet check says of trusted documents.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "contract/contract.h"
#include "document/trusted.h"
#include "document/trusted_check.h"
#include "load/load_documents.h"
#include "cgi-bin/command.h"

/* Is it a field of which the C function is the one that signs in? */
static bool
signs_in(const struct field *field)
{
    const struct ast_directive *directive = ast_find_directive(field->ast->directives, "resolver");
    const struct ast_argument *name =
        directive ? ast_find_argument(directive->arguments, STR("name")) : NULL;

    return name && str_is(ast_text(name->value), "token_auth");
}

/* The field of the mutation type that signs in, or NULL. */
static const struct field *
find_sign_in(const struct schema *schema)
{
    for (int i = 0; schema->mutation && i < schema->mutation->field_count; i++)
        if (signs_in(&schema->mutation->fields[i]))
            return &schema->mutation->fields[i];
    return NULL;
}

/* A gate that shuts out the sign-in of one's own site is easily made: print a note, and return how
 * many there are. */
static int
note_sign_in(const struct invocation *invocation, const struct contract *contract,
             const struct trusted *documents)
{
    const struct config *config = &invocation->config;
    const struct field *field = find_sign_in(contract->schema);

    if (config->documents_only == DOCUMENTS_ANY || !field ||
        trusted_asks_for(documents, &config->limits, field->name))
        return 0;
    printf("documents: note: none of them asks for %.*s: with documents_only = on nobody could "
           "sign in\n",
           STR_PRINT(field->name));
    return 1;
}

bool
check_documents(const struct invocation *invocation, const struct contract *contract,
                int *note_count)
{
    const struct config *config = &invocation->config;
    struct errors errors = { .arena = invocation->arena };
    const struct trusted *documents;
    bool fits = load_documents(invocation->arena, config, &documents, &errors);

    *note_count = 0;
    if (fits && documents)
        fits = trusted_check(documents, contract, &config->limits, &errors);
    for (const struct error *e = errors.first; e; e = e->next)
        printf("%.*s\n", STR_PRINT(e->message));
    if (!fits) {
        puts("documents: they do not fit the contract");
        return false;
    }
    if (!documents)
        return true;
    *note_count = note_sign_in(invocation, contract, documents);
    printf("documents: all %zu fit the contract\n", trusted_count(documents));
    return true;
}
