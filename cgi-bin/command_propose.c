/*
 * command_propose.c - linnet propose: what a contract could say of one table.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "init/init_propose.h"
#include "load/load.h"
#include "cgi-bin/command.h"

/* The contract of the configuration, if there is one that can be read; or NULL. */
static const struct ast_document *
read_known(const struct invocation *invocation)
{
    struct arena *a = invocation->arena;
    struct source *source = ARENA_NEW(a, struct source);
    struct errors unheard = { .arena = a, .maximum = 1 };
    const char *path = invocation->config.contract;

    if (access(path, R_OK) != 0 || !load_text(a, path, &source->text))
        return NULL;
    return parser_parse(a, source, NULL, &unheard);
}

int
command_propose(const struct invocation *invocation)
{
    struct arena *a = invocation->arena;
    const char *name = invocation->arguments[0];
    struct errors errors = { .arena = a };
    struct buf *text = buf_new(a), *out = buf_new(a);
    const struct init_model *model;
    int status = command_init_write(invocation, NULL, &model, text);

    if (status)
        return status;
    const struct init_table *table = init_propose_find(model, str_from(name));
    if (!table) {
        fprintf(stderr, "linnet: there is no table \"%s\" that linnet init would show\n", name);
        return COMMAND_FAILED;
    }
    if (!init_propose(a, model, table, buf_str(text), read_known(invocation), out, &errors)) {
        load_complain(stderr, "linnet propose", &errors);
        return EX_SOFTWARE;
    }
    fwrite(out->ptr, 1, out->len, stdout);
    return 0;
}
