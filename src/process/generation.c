/*
 * generation.c - what a set of workers is made of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/generation.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "event/clock.h"
#include "event/log_file.h"
#include "event/turns.h"
#include "config/config_read.h"
#include "upgrade/handover.h"
#include "watch/file_watch.h"
#include "process/board.h"
#include "process/listener.h"
#include "load/load.h"
#include "load/load_documents.h"

/* A worker for each core, since it never waits while there is something to do; and more than
 * one, so that others go on when one dies. */
enum { WORKERS_LEAST = 2 };

static int
count_workers(const struct config *config, const struct listener *listener)
{
    if (config->workers)
        return config->workers;
    /* A process manager that hands over descriptor 0 starts several of us. */
    if (!listener->path && listener->descriptor == 0)
        return 1;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > WORKERS_LEAST ? (int)cores : WORKERS_LEAST;
}

static bool
read_config(struct generation *g, const struct generation_source *source)
{
    struct buf *messages = buf_new(g->arena);
    bool is_good = config_read(g->arena, source->flags, source->flag_count, source->environment,
                               &g->config, messages) == CONFIG_OK;
    log_error_lines(buf_str(messages));
    return is_good;
}

/* Root's workers would stay root, whatever they meet.  (Whoever wants that says `user = root`; what
 * `linnet mock` answers comes from nowhere.)  False after logging it. */
static bool
is_safe_user(const struct generation *g)
{
    if (geteuid() != 0 || *g->config.user || g->is_mock)
        return true;
    log_error("the workers would run as root: set `user` to another user");
    return false;
}

static bool
has_key(const struct ring *ring, const struct token_key *key)
{
    for (int i = 0; i < ring->count; i++)
        if (token_key_equal(&ring->keys[i], key))
            return true;
    return false;
}

/* Tokens that were signed with keys that are now gone are valid until they expire, or for
 * key_overlap. */
static void
keep_previous_keys(struct generation *g, const struct generation *previous)
{
    const struct ring *before = &previous->auth.ring;
    struct ring *ring = &g->auth.ring;
    struct token_key *keys =
        ARENA_ARRAY(g->arena, struct token_key, (size_t)(ring->count + before->count));
    int64_t now = clock_now(), time = previous->auth.token_time;
    int64_t until = now + (time < g->config.key_overlap ? time : g->config.key_overlap) * 1000;
    int count = ring->count;

    for (int i = 0; i < count; i++)
        keys[i] = ring->keys[i];
    for (int i = 0; i < before->count; i++) {
        const struct token_key *key = &before->keys[i];
        if (has_key(ring, key) || (key->until && key->until <= now) || until == now)
            continue;
        keys[count] = token_key_copy(g->arena, key);
        if (!key->until || key->until > until)
            keys[count].until = until;
        count++;
    }
    *ring = (struct ring){ keys, count };
}

/* How many costly requests PostgreSQL answers at once. */
static int
count_turns(const struct config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (config->limits.heavy_requests > 0)
        return config->limits.heavy_requests;
    return cores > 2 ? (int)cores - 1 : 1;
}

/* What the kernel gives: the gate, the board, and turns. */
static bool
open_shared(struct generation *g)
{
    if (!password_gate_open(&g->gate, g->worker_count)) {
        log_error("cannot limit password checks: %s", strerror(errno));
        return false;
    }
    g->auth.gate = &g->gate;
    g->board = board_new(g->worker_count);
    g->turns = g->board ? turns_new(g->worker_count, count_turns(&g->config)) : NULL;
    if (g->turns)
        return true;
    log_error("cannot share memory with workers: %s", strerror(errno));
    if (g->board)
        board_free(g->board);
    password_gate_close(&g->gate);
    return false;
}

struct generation *
generation_load(const struct generation_source *source, const struct listener *listener,
                const struct generation *previous, struct file_watch *watch, int *status)
{
    struct arena *a = arena_new("generation");
    struct generation *g = ARENA_NEW(a, struct generation);
    g->arena = a;
    g->config = *source->config;
    g->is_mock = source->is_mock;
    *status = 0;

    if (previous && !read_config(g, source))
        *status = EX_CONFIG;
    if (*status == 0 && previous && !log_file_open(g->config.log_file))
        *status = EX_CANTCREAT;
    if (*status == 0 && !is_safe_user(g))
        *status = EX_CONFIG;
    if (*status == 0)
        file_watch_follow(watch, &g->config);
    if (*status == 0 && !load_text_or_log(a, g->config.contract, &g->contract))
        *status = EX_NOINPUT;
    if (*status == 0 && !g->is_mock && !load_auth(a, &g->config, &g->auth))
        *status = EX_CONFIG;
    if (*status == 0 && !load_documents_or_log(g->arena, &g->config, &g->documents))
        *status = EX_CONFIG;
    if (*status == 0) {
        g->graphiql = load_graphiql(a, &g->config);
        g->worker_count = count_workers(&g->config, listener);
        if (previous)
            keep_previous_keys(g, previous);
        *status = open_shared(g) ? 0 : EX_OSERR;
    }
    if (*status == 0)
        return g;
    arena_free(a);
    return NULL;
}

struct generation *
generation_adopt(const struct generation_source *source, const struct handover_crew *crew)
{
    struct arena *a = arena_new("generation");
    struct generation *g = ARENA_NEW(a, struct generation);

    g->arena = a;
    g->config = *source->config;
    g->config.drain_time = crew->drain_time;
    g->is_mock = source->is_mock;
    g->is_adopted = true;
    g->worker_count = crew->places;
    g->auth.ring = crew->ring;
    g->auth.token_time = g->config.token_time;
    if (str_is(crew->layout, board_layout))
        g->board = board_adopt(crew->board, crew->places);
    if (!g->board) {
        log_info("the workers of the program before have another kind of board");
        if (crew->board >= 0)
            close(crew->board);
        g->board = board_new(crew->places);
    }
    if (g->board)
        return g;
    log_error("cannot share memory with workers: %s", strerror(errno));
    arena_free(a);
    return NULL;
}

void
generation_free(struct generation *g)
{
    board_free(g->board);
    if (!g->is_adopted) {
        turns_free(g->turns);
        password_gate_close(&g->gate);
    }
    arena_free(g->arena);
}
