/*
 * command_document.c - the document that a command is about: of a file, or a trusted one by its id.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/error.h"
#include "document/trusted.h"
#include "process/load.h"
#include "process/load_documents.h"
#include "cgi-bin/command.h"

/* The trusted document of that id; the exit status, with NULL after saying why not. */
static int
find_trusted(const struct invocation *invocation, const char *id,
             const struct trusted_document **document)
{
    struct errors errors = { .arena = invocation->arena };
    const struct trusted *documents;

    *document = NULL;
    if (!load_documents(invocation->arena, &invocation->config, &documents, &errors)) {
        fprintf(stderr, "%.*s\n", STR_PRINT(errors.first->message));
        return EX_CONFIG;
    }
    if (documents)
        *document = trusted_find(documents, str_from(id));
    if (*document)
        return 0;
    fprintf(stderr, "linnet: there is no document of the id %s in `documents`\n", id);
    return EX_NOINPUT;
}

int
command_read_document(const struct invocation *invocation, const char *file, struct str *text)
{
    const char *id = command_flag(invocation, "document");
    const struct trusted_document *document;

    if (!id)
        return load_text(invocation->arena, file, text) ? 0 : EX_NOINPUT;
    int status = find_trusted(invocation, id, &document);
    if (document)
        *text = document->text;
    return status;
}
