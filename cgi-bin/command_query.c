/*
 * command_query.c - linnet query: one operation, as a request that is made in memory.
 *
 * It takes the way that every request takes, from JSON to JSON; so what it prints
 * is what a client would get.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "database/db.h"
#include "contract/contract.h"
#include "document/cache.h"
#include "auth/auth.h"
#include "http/http.h"
#include "server/request.h"
#include "server/service.h"
#include "load/load.h"
#include "cgi-bin/command.h"

/* A request in memory; its response goes to standard output. */
struct memory_source {
    struct http_source source; /* the first member */
    struct str body;           /* what has not been read yet */
    bool has_errors;           /* the response that was printed */
};

static ssize_t
read_memory(struct http_source *source, char *out, size_t size)
{
    struct memory_source *m = (struct memory_source *)source;
    size_t len = size < m->body.len ? size : m->body.len;
    memcpy(out, m->body.ptr, len);
    m->body = (struct str){ m->body.ptr + len, m->body.len - len };
    return (ssize_t)len;
}

/* Print the body: all pieces but the first, which is the head.  Errors come first in it. */
static bool
print_body(struct http_source *source, const struct str *pieces, int count)
{
    struct memory_source *m = (struct memory_source *)source;

    m->has_errors = count > 1 && str_starts_with(pieces[1], STR("{\"errors\""));
    for (int i = 1; i < count; i++)
        if (pieces[i].len > 0)
            fwrite(pieces[i].ptr, 1, pieces[i].len, stdout);
    putchar('\n');
    return !ferror(stdout);
}

/* The request's body, as a client would send it. */
static struct str
make_body(const struct invocation *invocation, struct str document)
{
    const char *variables = command_flag(invocation, "variables");
    const char *operation = command_flag(invocation, "operation");
    struct buf *b = buf_new(invocation->arena);
    buf_byte(b, '{');
    json_write_name(b, STR("query"));
    json_write_string(b, document);
    if (variables) {
        buf_byte(b, ',');
        json_write_name(b, STR("variables"));
        buf_put_c(b, variables); /* JSON, which the server judges */
    }
    if (operation) {
        buf_byte(b, ',');
        json_write_name(b, STR("operationName"));
        json_write_string(b, str_from(operation));
    }
    buf_byte(b, '}');
    return buf_str(b);
}

/* service.need_db: the connection that was made before; another one when it is lost. */
static bool
need_db(struct service *service, bool needs_write)
{
    (void)needs_write; /* PostgreSQL says so itself */
    return db_is_ready(service->db) || db_reopen(service->db);
}

/* The role of --as-role, or that of new accounts.  NULL after saying that there is none. */
static const struct auth_role *
find_role(const struct invocation *invocation, const struct auth *auth)
{
    const char *name = command_flag(invocation, "as-role");
    const struct auth_role *role = name ? auth_find_role(auth, str_from(name)) : &auth->roles[0];

    if (!role)
        fprintf(stderr, "linnet: there is no role \"%s\"; the setting `roles` lists them\n", name);
    return role;
}

/* Print the response; false when it has errors. */
static bool
serve_memory(const struct invocation *invocation, const struct contract *contract,
             const struct auth *auth, const struct auth_role *role, struct db *db,
             struct str document)
{
    struct arena *a = invocation->arena;
    struct memory_source memory = { .body = make_body(invocation, document) };
    char *variables[] = { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json",
                          (char *)str_format(a, "CONTENT_LENGTH=%zu", memory.body.len).ptr, NULL };
    memory.source = (struct http_source){
        .variables = variables, .descriptor = -1, .read = read_memory, .write = print_body
    };

    struct viewer viewer = { 0 };
    const char *key = command_flag(invocation, "as");
    if (key)
        viewer = auth_viewer(str_from(key), role);
    struct config config = invocation->config;

    config.slow_statement = 0; /* who waits for the answer knows, and has --explain */
    struct service service = {
        .config = &config,
        .contract = contract,
        .auth = auth,
        .viewer = &viewer,
        .explains = command_flag(invocation, "explain") != NULL,
        .cache = cache_new(&invocation->config.limits),
        .db = db,
        .need_db = need_db,
        .arena = a,
    };
    request_serve(&service, &memory.source);
    request_release_idle(&service);
    buf_free(&service.data);
    cache_free(service.cache);
    return !memory.has_errors;
}

int
command_query(const struct invocation *invocation)
{
    const struct config *config = &invocation->config;
    struct arena *a = invocation->arena;
    struct str document;
    if (command_flag(invocation, "as-role") && !command_flag(invocation, "as"))
        return command_misused(invocation); /* it would be answered as nobody */
    if ((invocation->argument_count > 0) == (command_flag(invocation, "document") != NULL))
        return command_misused(invocation);
    int status = command_read_document(invocation, invocation->arguments[0], &document);
    if (status)
        return status;
    struct contract *contract = load_contract(a, config, stderr);
    if (!contract || !load_binding(a, config, contract))
        return EX_CONFIG;
    struct auth auth;
    if (!load_auth(a, config, &auth))
        return EX_CONFIG;
    const struct auth_role *role = find_role(invocation, &auth);
    if (!role)
        return EX_USAGE;
    const struct db_settings settings = load_settings(config);
    struct db *db = db_open(&settings, NULL);
    if (!db)
        return EX_UNAVAILABLE;
    bool is_answered = serve_memory(invocation, contract, &auth, role, db, document);
    db_close(db);
    return is_answered ? 0 : COMMAND_FAILED;
}
