/*
 * command_status.c - linnet status: what a server that runs has counted, for people.
 *
 * It asks for /metrics over the server's socket, as a web server would.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "client/fcgi_ask.h"
#include "cgi-bin/command.h"

/* Milliseconds to wait for an answer. */
enum { ANSWER_TIME = 5000 };

/* Take the next line off the text; false at its end. */
static bool
next_line(struct str *text, struct str *line)
{
    if (text->len == 0)
        return false;
    size_t end = str_find(*text, '\n'), skip = end < text->len ? end + 1 : end;
    *line = (struct str){ text->ptr, end };
    *text = (struct str){ text->ptr + skip, text->len - skip };
    return true;
}

/* The number of a line, if it is of that metric and has the label, `name="value"`, or `label` is
 * NULL; else 0. */
static double
read_line(struct str line, const char *metric, const char *label)
{
    size_t len = strlen(metric), space = line.len;

    if (!str_starts_with(line, str_from(metric)) || line.len <= len ||
        (line.ptr[len] != '{' && line.ptr[len] != ' '))
        return 0;
    if (label && !memmem(line.ptr, line.len, label, strlen(label)))
        return 0;
    while (space > 0 && line.ptr[space - 1] != ' ')
        space--;
    char number[32];
    snprintf(number, sizeof(number), "%.*s", (int)(line.len - space), line.ptr + space);
    return strtod(number, NULL);
}

/* The sum of the series that have the label. */
static double
sum(struct str text, const char *metric, const char *label)
{
    struct str line;
    double all = 0;

    while (next_line(&text, &line))
        all += read_line(line, metric, label);
    return all;
}

static int64_t
count(struct str text, const char *metric, const char *label)
{
    return (int64_t)sum(text, metric, label);
}

/* What is told of: a name, and for people words before it. */
struct figures {
    struct str version;
    int64_t uptime, generation, reloads, failed_reloads, is_degraded;
    int64_t workers, restarts;
    int64_t requests, good, gone;
    double request_seconds, wait_seconds;
    int64_t waiting, idle, used, most, failed_connects;
    int64_t statements, failed_statements;
    int64_t web, web_most;
    int64_t cache_bytes, hits, misses;
};

/* The value of the label of linnet_build_info. */
static struct str
find_version(struct arena *a, struct str text)
{
    static const char before[] = "linnet_build_info{version=\"";
    struct str line;

    while (next_line(&text, &line))
        if (str_starts_with(line, str_from(before))) {
            struct str rest = { line.ptr + strlen(before), line.len - strlen(before) };
            return str_copy(a, (struct str){ rest.ptr, str_find(rest, '"') });
        }
    return STR("?");
}

static void
read_figures(struct arena *a, struct str text, struct figures *f)
{
    static const char connections[] = "linnet_db_connections", requests[] = "linnet_requests_total";

    *f = (struct figures){
        .version = find_version(a, text),
        .uptime = (int64_t)time(NULL) - count(text, "process_start_time_seconds", NULL),
        .generation = count(text, "linnet_generation", NULL),
        .reloads = count(text, "linnet_reloads_total", "result=\"ok\""),
        .failed_reloads = count(text, "linnet_reloads_total", "result=\"failed\""),
        .is_degraded = count(text, "linnet_degraded", NULL),
        .workers = count(text, "linnet_workers", NULL),
        .restarts = count(text, "linnet_worker_restarts_total", NULL),
        .requests = count(text, requests, NULL),
        .good = count(text, requests, "code=\"OK\""),
        .gone = count(text, requests, "code=\"GONE\""),
        .request_seconds = sum(text, "linnet_request_seconds_sum", NULL),
        .wait_seconds = sum(text, "linnet_db_wait_seconds_sum", NULL),
        .waiting = count(text, "linnet_db_waiting", NULL),
        .idle = count(text, connections, "state=\"idle\""),
        .used = count(text, connections, NULL),
        .most = count(text, "linnet_db_connections_max", NULL),
        .failed_connects = count(text, "linnet_db_connects_total", "result=\"failed\""),
        .statements = count(text, "linnet_db_statements_total", NULL),
        .failed_statements = count(text, "linnet_db_statements_total", "result=\"failed\""),
        .web = count(text, "linnet_fcgi_connections", NULL),
        .web_most = count(text, "linnet_fcgi_connections_max", NULL),
        .cache_bytes = count(text, "linnet_cache_bytes", NULL),
        .hits = count(text, "linnet_documents_total", "result=\"hit\""),
        .misses = count(text, "linnet_documents_total", "result=\"miss\""),
    };
}

/* How many requests had an error of that code first. */
static int64_t
count_code(struct arena *a, struct str text, int code)
{
    struct str label = str_format(a, "code=\"%s\"", error_code_name((enum error_code)code));

    return count(text, "linnet_requests_total", label.ptr);
}

/* --- for people --- */

static void
print_errors(struct arena *a, struct str text, const struct figures *f)
{
    int64_t errors = f->requests - f->good - f->gone;
    const char *separator = " (";

    printf("errors       %lld", (long long)errors);
    for (int code = 0; code <= ERROR_INTERNAL; code++) {
        int64_t number = count_code(a, text, code);
        if (number == 0)
            continue;
        printf("%s%lld %s", separator, (long long)number, error_code_name((enum error_code)code));
        separator = ", ";
    }
    printf("%s\n", errors > 0 ? ")" : "");
}

static double
share(double part, double all)
{
    return all > 0 ? part / all : 0;
}

static void
print_for_people(struct arena *a, struct str text, const struct figures *f)
{
    int64_t minutes = f->uptime / 60;

    printf("linnet       %.*s, up %lld d %lld h %lld min\n", STR_PRINT(f->version),
           (long long)(minutes / 1440), (long long)(minutes / 60 % 24), (long long)(minutes % 60));
    printf("generation   %lld (%lld reloads, %lld failed)%s\n", (long long)f->generation,
           (long long)f->reloads, (long long)f->failed_reloads,
           f->is_degraded ? "; the last reload has failed, see the log" : "");
    printf("workers      %lld (%lld replaced)\n", (long long)f->workers, (long long)f->restarts);
    printf("requests     %lld, %lld good, %lld without a client at the end; %.3f ms on average\n",
           (long long)f->requests, (long long)f->good, (long long)f->gone,
           1000 * share(f->request_seconds, (double)f->requests));
    print_errors(a, text, f);
    printf("waiting      %lld for a connection now; %.3f s since the start\n",
           (long long)f->waiting, f->wait_seconds);
    printf("connections  %lld to PostgreSQL of at most %lld, %lld idle, %lld attempts failed; "
           "%lld of web servers of at most %lld\n",
           (long long)f->used, (long long)f->most, (long long)f->idle,
           (long long)f->failed_connects, (long long)f->web, (long long)f->web_most);
    printf("statements   %lld, %lld failed\n", (long long)f->statements,
           (long long)f->failed_statements);
    printf("cache        %.1f MB; %.1f %% of documents were known\n", (double)f->cache_bytes / 1e6,
           100 * share((double)f->hits, (double)(f->hits + f->misses)));
}

/* --- for programs --- */

static void
put_number(struct buf *b, const char *name, int64_t number)
{
    if (b->ptr[b->len - 1] != '{')
        buf_byte(b, ',');
    json_write_name(b, str_from(name));
    buf_int64(b, number);
}

static void
put_seconds(struct buf *b, const char *name, double seconds)
{
    buf_byte(b, ',');
    json_write_name(b, str_from(name));
    buf_printf(b, "%.6f", seconds);
}

static void
put_errors(struct buf *b, struct arena *a, struct str text)
{
    buf_put(b, STR(",\"errors\":{"));
    for (int code = 0; code <= ERROR_INTERNAL; code++) {
        int64_t number = count_code(a, text, code);
        if (number > 0)
            put_number(b, error_code_name((enum error_code)code), number);
    }
    buf_byte(b, '}');
}

static void
print_for_programs(struct arena *a, struct str text, const struct figures *f)
{
    struct buf *b = buf_new(a);

    buf_put(b, STR("{\"version\":"));
    json_write_string(b, f->version);
    put_number(b, "uptime", f->uptime);
    put_number(b, "generation", f->generation);
    put_number(b, "reloads", f->reloads);
    put_number(b, "failedReloads", f->failed_reloads);
    buf_put(b, f->is_degraded ? STR(",\"degraded\":true") : STR(",\"degraded\":false"));
    put_number(b, "workers", f->workers);
    put_number(b, "replacedWorkers", f->restarts);
    put_number(b, "requests", f->requests);
    put_number(b, "good", f->good);
    put_number(b, "gone", f->gone);
    put_errors(b, a, text);
    put_seconds(b, "requestSeconds", f->request_seconds);
    put_number(b, "waiting", f->waiting);
    put_seconds(b, "waitSeconds", f->wait_seconds);
    put_number(b, "connections", f->used);
    put_number(b, "idleConnections", f->idle);
    put_number(b, "connectionsMaximum", f->most);
    put_number(b, "failedConnects", f->failed_connects);
    put_number(b, "statements", f->statements);
    put_number(b, "failedStatements", f->failed_statements);
    put_number(b, "webConnections", f->web);
    put_number(b, "webConnectionsMaximum", f->web_most);
    put_number(b, "cacheBytes", f->cache_bytes);
    put_number(b, "documentHits", f->hits);
    put_number(b, "documentMisses", f->misses);
    printf("%.*s}\n", STR_PRINT(buf_str(b)));
}

int
command_status(const struct invocation *invocation)
{
    struct arena *a = invocation->arena;
    const char *socket = invocation->config.listen;
    struct fcgi_answer answer;
    struct figures figures;

    if (!*socket) {
        fputs("linnet: status needs the socket of the server: the setting `listen`\n", stderr);
        return EX_USAGE;
    }
    const char *fault = fcgi_ask(a, socket, "/metrics", ANSWER_TIME, &answer);
    if (fault) {
        fprintf(stderr, "linnet: no answer at %s: %s\n", socket, fault);
        return EX_UNAVAILABLE;
    }
    if (answer.status != 200) {
        fprintf(stderr, "linnet: the server at %s answers with status %d\n", socket, answer.status);
        return EX_UNAVAILABLE;
    }
    read_figures(a, answer.body, &figures);
    if (command_flag(invocation, "json"))
        print_for_programs(a, answer.body, &figures);
    else
        print_for_people(a, answer.body, &figures);
    return 0;
}
