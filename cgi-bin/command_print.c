/*
 * command_print.c - linnet print: every form between contract or document and SQL.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "language/parser.h"
#include "language/print.h"
#include "language/source.h"
#include "schema/schema_print.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_json.h"
#include "binding/binding_print.h"
#include "binder/bind.h"
#include "database/db.h"
#include "contract/contract.h"
#include "diff/introspection.h"
#include "plan/plan_print.h"
#include "plan/plan_viewers.h"
#include "validation/validate.h"
#include "planner/operation.h"
#include "document/cache.h"
#include "doctor/doctor.h"
#include "auth/username.h"
#include "config/config_print.h"
#include "http/http.h"
#include "load/load.h"
#include "load/load_script.h"
#include "script/script.h"
#include "cgi-bin/batch/batch.h"
#include "cgi-bin/command.h"

/* What a form is printed from. */
struct forms {
    const struct invocation *invocation;
    const char *file; /* of the document, or NULL */
    struct buf *out;
    struct errors errors;
};

static int
print_options(struct forms *f)
{
    config_print(f->out);
    return 0;
}

static int
print_commands(struct forms *f)
{
    command_print_manual(f->out);
    return 0;
}

static int
print_doctor(struct forms *f)
{
    doctor_print_manual(f->out);
    return 0;
}

static int
print_usernames(struct forms *f)
{
    username_print_sql(f->out);
    return 0;
}

static int
print_schema(struct forms *f)
{
    const struct contract *contract =
        load_contract(f->invocation->arena, &f->invocation->config, stderr);
    if (contract)
        contract = command_seen_contract(f->invocation, contract);
    if (!contract)
        return EX_CONFIG;
    schema_print(f->out, contract->schema);
    return 0;
}

/* The contract, bound; NULL after saying why not. */
static const struct contract *
load_bound(struct forms *f)
{
    const struct config *config = &f->invocation->config;
    struct contract *contract = load_contract(f->invocation->arena, config, stderr);
    if (!contract || !load_binding(f->invocation->arena, config, contract))
        return NULL;
    return contract;
}

static int
print_bindings(struct forms *f)
{
    const struct contract *contract = load_bound(f);
    if (!contract)
        return EX_CONFIG;
    binding_print(f->out, contract->schema);
    return 0;
}

/* Parse the document, and print its tree. */
static int
print_parsed(struct forms *f, void (*print)(struct buf *b, const struct ast_node *node))
{
    struct source source = { str_from(f->file), STR_NONE };
    int status = command_read_document(f->invocation, f->file, &source.text);
    if (status)
        return status;
    const struct ast_document *document =
        parser_parse(f->invocation->arena, &source, &f->invocation->config.limits, &f->errors);
    if (!document)
        return COMMAND_FAILED;
    print(f->out, &document->node);
    if (f->out->len > 0 && f->out->ptr[f->out->len - 1] != '\n')
        buf_byte(f->out, '\n');
    return 0;
}

static int
print_document(struct forms *f)
{
    return print_parsed(f, print_node);
}

static int
print_tree(struct forms *f)
{
    return print_parsed(f, print_ast);
}

/* The variables of --variables, coerced for the operation. */
static bool
read_variables(struct forms *f, const struct contract *contract,
               const struct ast_document *document, const struct ast_operation *operation,
               struct variables *variables)
{
    struct arena *a = f->invocation->arena;
    const char *text = command_flag(f->invocation, "variables");
    const struct value *json = NULL;
    if (text) {
        json = value_json_parse(a, str_from(text), &f->invocation->config.limits, &f->errors);
        if (!json)
            return false;
    }
    return value_coerce_variables(a, contract->schema, document, operation, json, variables,
                                  &f->errors);
}

/* Plan the document's operation, and print the plan. */
static int
print_planned(struct forms *f, void (*print)(struct buf *b, const struct plan *plan),
              bool has_viewers)
{
    const struct limits *limits = &f->invocation->config.limits;
    struct str text;
    int status = command_read_document(f->invocation, f->file, &text);
    if (status)
        return status;
    const struct contract *contract = load_bound(f);
    if (!contract)
        return EX_CONFIG;

    struct cache *cache = cache_new(limits);
    struct document *document = cache_make(cache, contract, text);
    const struct validate_options options = { limits, true };
    const struct ast_operation *operation = NULL;
    struct variables variables;

    document->ast = parser_parse(document->arena, &document->source, limits, &f->errors);
    if (document->ast &&
        validate_document(document->arena, contract->schema, document->ast, &options, &f->errors))
        operation = operation_get(document->ast, str_from(command_flag(f->invocation, "operation")),
                                  false, &f->errors);
    const struct plan *plan = NULL;
    if (operation && read_variables(f, contract, document->ast, operation, &variables))
        plan = cache_plan(cache, document, operation, &variables, 0, f->invocation->arena);
    if (plan)
        print(f->out, plan);
    if (plan && has_viewers)
        plan_print_viewers(f->out, plan, contract->catalog);
    load_complain(stderr, f->file, &f->errors);
    f->errors.first = NULL; /* they point into the document, which goes now */
    bool is_planned = plan != NULL;
    cache_release(cache, document, plan);
    cache_free(cache);
    return is_planned ? 0 : COMMAND_FAILED;
}

static int
print_plan(struct forms *f)
{
    return print_planned(f, plan_print, true);
}

static int
print_sql(struct forms *f)
{
    return print_planned(f, plan_print_sql, false);
}

/* For the front server's configuration (nginx/linnet.conf.in). */
static int
print_origins(struct forms *f)
{
    http_print_origins(f->out, &f->invocation->config);
    return 0;
}

/* Likewise. */
static int
print_hosts(struct forms *f)
{
    http_print_hosts(f->out, &f->invocation->config);
    return 0;
}

/* The body of a request to any server. */
static int
print_introspection(struct forms *f)
{
    buf_put_c(f->out, "{\"query\":");
    json_write_string(f->out, str_from(introspection_graphql));
    buf_put_c(f->out, "}\n");
    return 0;
}

/* Scripts for a person to run (script/script.h). */
static int
print_script(struct forms *f, bool is_rights)
{
    struct arena *a = f->invocation->arena;
    struct script_scope scope;
    struct str message;
    struct db *db;
    int status =
        load_script(a, &f->invocation->config, command_flag(f->invocation, "for"), &db, &scope);

    if (status != 0)
        return status;
    if (!is_rights)
        script_indexes_print(a, f->out, &scope);
    else if (!script_rights_print(a, f->out, db, &scope, &message)) {
        fprintf(stderr, "linnet: %.*s\n", STR_PRINT(str_trim(message)));
        status = EX_UNAVAILABLE;
    }
    db_close(db);
    return status;
}

static int
print_rights(struct forms *f)
{
    return print_script(f, true);
}

static int
print_indexes(struct forms *f)
{
    return print_script(f, false);
}

static const struct {
    const char *name;
    bool is_of_document;
    int (*print)(struct forms *f);
} forms[] = {
    { "schema", false, print_schema },
    { "bindings", false, print_bindings },
    { "document", true, print_document },
    { "ast", true, print_tree },
    { "plan", true, print_plan },
    { "sql", true, print_sql },
    { "options", false, print_options },
    { "commands", false, print_commands },
    { "doctor", false, print_doctor },
    { "origins", false, print_origins },
    { "hosts", false, print_hosts },
    { "usernames", false, print_usernames },
    { "introspection", false, print_introspection },
    { "rights", false, print_rights },
    { "indexes", false, print_indexes },
};

/* Print the form for each case of a batch. */
static int
print_batch(const struct invocation *invocation)
{
    const char *form = str_format(invocation->arena, "print %s", invocation->arguments[0]).ptr;

    if (!batch_has(form))
        return command_misused(invocation);
    return batch_run(form, invocation->arguments[1]);
}

int
command_print(const struct invocation *invocation)
{
    if (command_flag(invocation, "batch"))
        return print_batch(invocation);

    struct forms f = { .invocation = invocation };
    f.out = buf_new(invocation->arena);
    f.errors =
        (struct errors){ .arena = invocation->arena, .maximum = invocation->config.limits.errors };

    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
        if (strcmp(forms[i].name, invocation->arguments[0]) != 0)
            continue;
        const char *id = command_flag(invocation, "document");
        if (invocation->argument_count - 1 + (id != NULL) > forms[i].is_of_document)
            return command_misused(invocation);
        f.file = id ? id : invocation->argument_count > 1 ? invocation->arguments[1] : "-";
        int status = forms[i].print(&f);
        load_complain(stderr, f.file, &f.errors);
        fwrite(f.out->ptr ? f.out->ptr : "", 1, f.out->len, stdout);
        return status;
    }
    return command_misused(invocation);
}
