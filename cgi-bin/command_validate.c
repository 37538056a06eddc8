/*
 * command_validate.c - linnet validate: is a document one that the contract admits?
 *
 * SPDX-License-Identifier: MIT
 */
#include <sysexits.h>

#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "contract/contract.h"
#include "validation/validate.h"
#include "load/load.h"
#include "cgi-bin/batch/batch.h"
#include "cgi-bin/command.h"

int
command_validate(const struct invocation *invocation)
{
    const struct config *config = &invocation->config;
    const char *file = invocation->argument_count ? invocation->arguments[0] : "-";
    if (command_flag(invocation, "batch"))
        return batch_run("validate", file);
    const struct contract *contract = load_contract(invocation->arena, config, stderr);
    if (contract)
        contract = command_seen_contract(invocation, contract);
    if (!contract)
        return EX_CONFIG;
    struct source source = { str_from(file), STR_NONE };
    if (!load_text(invocation->arena, file, &source.text))
        return EX_NOINPUT;

    struct errors errors = { .arena = invocation->arena, .maximum = config->limits.errors };
    const struct validate_options options = { &config->limits, true };
    const struct ast_document *document =
        parser_parse(invocation->arena, &source, &config->limits, &errors);
    bool is_valid = document && validate_document(invocation->arena, contract->schema, document,
                                                  &options, &errors);
    load_complain(stdout, file, &errors);
    return is_valid ? 0 : COMMAND_FAILED;
}
