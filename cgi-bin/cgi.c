/*
 * cgi.c - plain CGI: one process, one request (RFC 3875).
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/cgi.h"
#include "load/load.h"
#include "load/load_documents.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "event/clock.h"
#include "event/log_file.h"
#include "database/db.h"
#include "contract/contract.h"
#include "document/cache.h"
#include "auth/auth.h"
#include "config/config.h"
#include "config/config_read.h"
#include "http/http.h"
#include "server/request.h"
#include "server/service.h"

/* Seconds that a client may take to send and to read, beyond the bounds of the request: then
 * the process ends, since a host counts them. */
enum { PEER_SECONDS = 60 };

/* Milliseconds between two attempts to connect. */
enum { RETRY_DELAY = 200 };

/* Pieces of a response (response.c). */
enum { PIECES = 8 };

struct cgi {
    struct service service;
    struct http_source source; /* standard input and output */
    int64_t left;              /* bytes of the body that have not been read yet, at most */
    struct arena *arena;
    struct config config;
    struct auth auth;
    struct db_settings settings, to_write;
    struct db *early; /* a connection that is being made before anybody needs it; or NULL */
    int64_t retry_at; /* of clock_now(): when it makes sense to connect again */
};

static const char *
find_environment(char *const *environment, const char *name)
{
    size_t len = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, len) == 0 && (*environment)[len] == '=')
            return *environment + len + 1;
    return NULL;
}

bool
cgi_is_asked(char *const *environment)
{
    return find_environment(environment, "GATEWAY_INTERFACE") ||
           find_environment(environment, "REQUEST_METHOD");
}

static struct cgi *
cgi_of(struct http_source *source)
{
    return CONTAINER_OF(source, struct cgi, source);
}

/* The input need not end where the body does (RFC 3875, 4.2): its length alone says, where it is
 * known. */
static ssize_t
take_body(struct http_source *source, char *out, size_t size)
{
    struct cgi *c = cgi_of(source);
    size_t wanted = (int64_t)size < c->left ? size : (size_t)c->left;
    ssize_t got = 0;
    while (wanted > 0 && (got = read(STDIN_FILENO, out, wanted)) < 0 && errno == EINTR)
        continue;
    if (got > 0)
        c->left -= got;
    return got;
}

static bool
write_response(struct http_source *source, const struct str *pieces, int count)
{
    struct iovec slices[PIECES], *slice = slices;
    (void)source;
    assert(count <= PIECES);
    for (int i = 0; i < count; i++)
        slices[i] = (struct iovec){ (void *)pieces[i].ptr, pieces[i].len };
    while (count > 0) {
        ssize_t sent = writev(STDOUT_FILENO, slice, count);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        for (; count > 0 && (size_t)sent >= slice->iov_len; slice++, count--)
            sent -= (ssize_t)slice->iov_len;
        if (count > 0) {
            slice->iov_base = (char *)slice->iov_base + sent;
            slice->iov_len -= (size_t)sent;
        }
    }
    return true;
}

/* Look for a server that can be written to. */
static void
replace_standby(struct cgi *c)
{
    c->to_write = db_settings_to_write(&c->settings);
    struct db *db = db_open(&c->to_write, NULL);

    if (!db)
        return;
    db_close(c->service.db);
    c->service.db = db;
}

static struct db *
start_db(struct cgi *c)
{
    c->settings = load_settings(&c->config);
    c->settings.is_brief = true; /* most requests write nothing */
    return db_start(&c->settings);
}

/* Most requests need PostgreSQL: it can start its process while contract and catalog are read.  One
 * without a body and without a query, such as for GraphiQL's page, does not need it. */
static void
connect_early(struct cgi *c, char *const *environment)
{
    const char *query = find_environment(environment, "QUERY_STRING");

    if (c->left > 0 || (query && *query))
        c->early = start_db(c);
}

/* The connection that is being made, or one that is made now. */
static struct db *
open_db(struct cgi *c)
{
    struct db *db = c->early ? c->early : start_db(c);

    c->early = NULL;
    return db_await(db, NULL);
}

/* service.need_db: connect; not again at once when that has failed, as nothing has changed. */
static bool
need_db(struct service *service, bool needs_write)
{
    struct cgi *c = CONTAINER_OF(service, struct cgi, service);
    if (service->db && !db_is_ready(service->db)) {
        db_close(service->db);
        service->db = NULL;
    }
    if (!service->db && clock_now() >= c->retry_at) {
        service->db = open_db(c);
        c->retry_at = clock_now() + RETRY_DELAY;
    }
    if (service->db && needs_write && db_is_standby(service->db))
        replace_standby(c);
    if (!service->db || (needs_write && db_is_standby(service->db)))
        return false;
    if (needs_write)
        db_ask_incarnation(service->db);
    return true;
}

/* service.change: each request reads what was kept, so that nobody but a person helps. */
static void
say_change(struct service *service, uint64_t fingerprint)
{
    (void)service, (void)fingerprint;
    log_error("the database has changed since the contract was checked: linnet check --write");
}

/* Where there is no configuration file, that may be why something is missing. */
static void
say_missing_file(const struct cgi *c)
{
    char folder[4096];

    if (!*c->config.config)
        log_error("no configuration file was read: there is no " CONFIG_FILE " in %s, nor beside "
                  "the program, and LINNET_CONFIG names none",
                  getcwd(folder, sizeof(folder)) ? folder : "the current folder");
}

static bool
read_config(struct cgi *c, char **environment)
{
    struct buf *messages = buf_new(c->arena);
    bool is_good = config_read(c->arena, NULL, 0, environment, &c->config, messages) == CONFIG_OK;
    log_error_lines(buf_str(messages));
    /* What goes wrong with the log does not keep the request from its answer. */
    (void)!log_file_open(c->config.log_file);
    return is_good;
}

/* Build the contract; NULL after logging why not. */
static struct contract *
build_contract(struct cgi *c)
{
    struct errors errors = { .arena = c->arena, .maximum = c->config.limits.errors };
    struct str text;
    if (!load_text_or_log(c->arena, c->config.contract, &text))
        return NULL;
    struct contract *contract =
        contract_build(c->arena, str_from(c->config.contract), text, &errors);
    bool is_built = contract && load_views(c->arena, &c->config, contract, &errors);
    load_log_misfits(c->config.contract, &errors);
    return is_built ? contract : NULL;
}

/* The catalog: what was checked, and with it the database; or what there is now. */
static const struct catalog *
find_catalog(struct cgi *c, const struct contract *contract)
{
    const struct catalog *catalog = load_snapshot(c->arena, &c->config, contract);
    struct str message;
    if (catalog)
        return catalog;
    log_warning("no catalog snapshot for this contract: each request reads the catalog from the "
                "database; run `linnet check --write`");
    if (!need_db(&c->service, false) || !load_audit(c->arena, &c->config, contract, c->service.db))
        return NULL;
    catalog = load_catalog(c->arena, &c->config, c->service.db, &message);
    if (!catalog)
        log_error("cannot read the database's catalog: %.*s", STR_PRINT(message));
    return catalog;
}

/* Make all that a request needs.  False after logging what is missing; then the service has
 * no cache, and the request is answered with 503. */
static bool
prepare(struct cgi *c)
{
    struct errors errors = { .arena = c->arena, .maximum = c->config.limits.errors };
    struct contract *contract = NULL;
    if (load_auth(c->arena, &c->config, &c->auth))
        contract = build_contract(c);
    const struct catalog *catalog = contract ? find_catalog(c, contract) : NULL;
    if (!catalog)
        return false;
    if (!load_bind(c->arena, &c->config, contract, catalog, &errors)) {
        load_log_misfits(c->config.contract, &errors);
        return false;
    }
    /* Each is validated when it is asked for. */
    if (!load_documents_or_log(c->arena, &c->config, &c->service.documents))
        return false;
    c->service.contract = contract;
    c->service.cache = cache_new(&c->config.limits);
    return true;
}

static void
release(struct cgi *c)
{
    db_close(c->service.db);
    db_close(c->early);
    if (c->service.cache)
        cache_free(c->service.cache);
    request_release_idle(&c->service);
    buf_free(&c->service.data);
    arena_free(c->arena);
}

/* How many bytes the body has at most.  A web server that does not say how long it is, as it came
 * in chunks, ends the input behind it.  What is not a length is refused by http.c, and nothing is
 * read. */
static int64_t
body_length(char *const *environment)
{
    const char *length = find_environment(environment, "CONTENT_LENGTH");
    const char *method = find_environment(environment, "REQUEST_METHOD");

    if (!length || !*length)
        return method && strcmp(method, "POST") == 0 ? INT64_MAX : 0;
    int64_t bytes = http_read_length(str_from(length));
    return bytes < 0 ? 0 : bytes;
}

/* Read what is left: some servers throw the response away when the body was not taken (suEXEC). */
static void
drain(struct cgi *c)
{
    char piece[4096];

    while (take_body(&c->source, piece, sizeof(piece)) > 0)
        continue;
}

int
cgi_run(char **environment)
{
    struct cgi c = { .arena = arena_new("program"), .left = body_length(environment) };

    signal(SIGPIPE, SIG_IGN);
    c.source = (struct http_source){
        .variables = environment, .descriptor = -1, .read = take_body, .write = write_response
    };
    c.service.config = &c.config;
    c.service.auth = &c.auth;
    c.service.arena = c.arena;
    c.service.need_db = need_db;
    c.service.change = say_change;
    bool is_good = read_config(&c, environment);
    log_set_level((enum log_level)c.config.log);
    alarm((unsigned)(PEER_SECONDS + (c.config.request_time + c.config.connect_time) / 1000));
    if (is_good)
        connect_early(&c, environment);
    if (is_good)
        c.service.graphiql = load_graphiql(c.arena, &c.config);
    if (!is_good || !prepare(&c)) {
        say_missing_file(&c);
        log_error("every request is answered with 503");
    }
    request_serve(&c.service, &c.source);
    drain(&c);
    release(&c);
    return 0;
}
