/*
 * handover.c - what a master tells the program that takes its place.
 *
 *     linnet 2
 *     listener DESCRIPTOR INODE PATH        PATH: in base64url; "-": it was inherited
 *     passage ARRIVALS DEPARTURES
 *     metrics DESCRIPTOR                    if there is one
 *     crew IS-LEAVING DEADLINE DRAIN-TIME WORDS PLACES BOARD LAYOUT
 *     worker NUMBER PID                     of the crew before
 *     secret UNTIL SECRET                   a key of the crew before
 *     public UNTIL KIND NUMBER NUMBER       a key of the crew before, as pair_numbers() has it
 *     end
 *
 * SPDX-License-Identifier: MIT
 */
#include "upgrade/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/base64url.h"
#include "base/buf.h"
#include "base/log.h"
#include "jose/pair.h"

/* Where the next program finds the descriptor of the pipe.  (LINNET_... are settings.) */
static const char variable[] = "HANDOVER_DESCRIPTOR";

/* Bytes that are read; a thousand workers have some 20,000. */
enum { HANDOVER_MOST = 1024 * 1024 };

bool
handover_is_known(struct str version)
{
    return str_is(version, HANDOVER_VERSION);
}

/* --- writing --- */

static void
print_key(struct arena *a, struct buf *b, const struct token_key *key)
{
    if (!key->pair) {
        buf_printf(b, "secret %lld %.*s\n", (long long)key->until,
                   STR_PRINT(base64url_write(a, key->secret)));
        return;
    }
    struct pair_numbers numbers = pair_numbers(a, key->pair);
    struct str second = numbers.second.len ? base64url_write(a, numbers.second) : STR("-");
    buf_printf(b, "public %lld %d %.*s %.*s\n", (long long)key->until, (int)key->pair->kind,
               STR_PRINT(base64url_write(a, numbers.first)), STR_PRINT(second));
}

static void
print_crew(struct arena *a, struct buf *b, const struct handover_crew *crew)
{
    buf_printf(b, "crew %d %lld %d %d %d %d %.*s\n", crew->is_leaving, (long long)crew->deadline,
               crew->drain_time, crew->words, crew->places, crew->board, STR_PRINT(crew->layout));
    for (int i = 0; i < crew->worker_count; i++)
        buf_printf(b, "worker %d %d\n", crew->workers[i].number, (int)crew->workers[i].pid);
    for (int i = 0; i < crew->ring.count; i++)
        print_key(a, b, &crew->ring.keys[i]);
}

struct str
handover_print(struct arena *a, const struct handover *handover)
{
    struct buf *b = buf_new(a);
    struct str path = handover->path.ptr ? base64url_write(a, handover->path) : STR("-");

    buf_printf(b, "linnet %s\nlistener %d %lld %.*s\npassage %d %d\n", HANDOVER_VERSION,
               handover->listener, (long long)handover->inode, STR_PRINT(path), handover->arrivals,
               handover->departures);
    if (handover->metrics > 0)
        buf_printf(b, "metrics %d\n", handover->metrics);
    for (int i = 0; i < handover->crew_count; i++)
        print_crew(a, b, &handover->crews[i]);
    buf_put_c(b, "end\n");
    return buf_str(b);
}

/* Let the process's next program inherit it, or not. */
static void
set_inherited(int descriptor, bool is_inherited)
{
    if (descriptor >= 0)
        (void)fcntl(descriptor, F_SETFD, is_inherited ? 0 : FD_CLOEXEC);
}

static void
set_all_inherited(const struct handover *handover, bool is_inherited)
{
    set_inherited(handover->arrivals, is_inherited);
    set_inherited(handover->departures, is_inherited);
    if (handover->metrics > 0)
        set_inherited(handover->metrics, is_inherited);
    /* One that we have inherited ourselves is inherited in any case. */
    if (handover->path.ptr)
        set_inherited(handover->listener, is_inherited);
    for (int i = 0; i < handover->crew_count; i++) {
        set_inherited(handover->crews[i].words, is_inherited);
        set_inherited(handover->crews[i].board, is_inherited);
    }
}

int
handover_write(struct arena *a, const struct handover *handover, char **entry)
{
    struct str text = handover_print(a, handover);
    int ends[2];

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        log_error("cannot hand over to another program: %s", strerror(errno));
        return -1;
    }
    /* The usual size has room for a thousand workers.  If it cannot grow, write() says so. */
    if (text.len > PIPE_BUF && text.len < INT_MAX)
        (void)fcntl(ends[1], F_SETPIPE_SZ, (int)text.len);
    bool is_written = write(ends[1], text.ptr, text.len) == (ssize_t)text.len;
    close(ends[1]);
    if (!is_written) {
        log_error("cannot hand over to another program: %zu bytes do not fit into a pipe",
                  text.len);
        close(ends[0]);
        return -1;
    }
    set_inherited(ends[0], true);
    set_all_inherited(handover, true);
    size_t size = sizeof(variable) + 16;
    *entry = arena_alloc(a, size);
    (void)snprintf(*entry, size, "%s=%d", variable, ends[0]);
    return ends[0];
}

void
handover_withdraw(const struct handover *handover, int pipe)
{
    set_all_inherited(handover, false);
    close(pipe);
}

/* --- reading --- */

/* The lines of a text, and the words of a line. */
struct reader {
    struct arena *arena;
    struct handover *handover;
    struct str words; /* of the line, that are left */
    bool is_wrong;
};

static struct str
read_word(struct reader *r)
{
    struct str word = STR_NONE;

    if (!str_next_word(&r->words, &word))
        r->is_wrong = true;
    return word;
}

static int64_t
read_number(struct reader *r, int64_t least, int64_t most)
{
    int64_t number = 0;

    if (!str_read_int64(read_word(r), &number) || number < least || number > most)
        r->is_wrong = true;
    return r->is_wrong ? least : number;
}

static int
read_int(struct reader *r, int least)
{
    return (int)read_number(r, least, INT_MAX);
}

static struct str
read_bytes(struct reader *r)
{
    struct str word = read_word(r);

    if (word.ptr && str_is(word, "-"))
        return STR_NONE;
    struct str bytes = word.ptr ? base64url_read(r->arena, word) : STR_NONE;
    r->is_wrong |= !bytes.ptr;
    return bytes;
}

static void
read_listener(struct reader *r)
{
    r->handover->listener = read_int(r, 0);
    r->handover->inode = (ino_t)read_number(r, 0, INT64_MAX);
    struct str path = read_bytes(r);
    r->handover->path = path.ptr ? str_copy(r->arena, path) : STR_NONE;
}

static void
read_passage(struct reader *r)
{
    r->handover->arrivals = read_int(r, 0);
    r->handover->departures = read_int(r, 0);
}

static void
read_metrics(struct reader *r)
{
    r->handover->metrics = read_int(r, 1);
}

/* One more element than `count`, where the last one is new. */
static void *
grown(struct arena *a, const void *elements, int count, size_t size)
{
    char *more = arena_array(a, (size_t)count + 1, size);

    if (count > 0)
        memcpy(more, elements, (size_t)count * size);
    return more;
}

static void
read_crew(struct reader *r)
{
    struct handover *h = r->handover;

    h->crews = grown(r->arena, h->crews, h->crew_count, sizeof(h->crews[0]));
    struct handover_crew *crew = &h->crews[h->crew_count++];
    crew->is_leaving = read_int(r, 0) != 0;
    crew->deadline = read_number(r, 0, INT64_MAX);
    crew->drain_time = read_int(r, 0);
    crew->words = read_int(r, 0);
    crew->places = read_int(r, 1);
    crew->board = read_int(r, -1);
    crew->layout = str_copy(r->arena, read_word(r));
    r->is_wrong |= crew->places > HANDOVER_MOST;
}

/* The crew that the line belongs to. */
static struct handover_crew *
last_crew(struct reader *r)
{
    r->is_wrong |= r->handover->crew_count == 0;
    return r->is_wrong ? NULL : &r->handover->crews[r->handover->crew_count - 1];
}

static void
read_worker(struct reader *r)
{
    struct handover_crew *crew = last_crew(r);
    struct handover_worker worker;

    worker.number = read_int(r, 0);
    worker.pid = read_int(r, 1);
    r->is_wrong |= !crew || worker.number >= crew->places;
    if (r->is_wrong)
        return;
    crew->workers = grown(r->arena, crew->workers, crew->worker_count, sizeof(worker));
    crew->workers[crew->worker_count++] = worker;
}

static void
add_key(struct reader *r, struct token_key key, int64_t until)
{
    struct handover_crew *crew = last_crew(r);

    if (!crew)
        return;
    struct token_key *keys = grown(r->arena, crew->ring.keys, crew->ring.count, sizeof(key));
    keys[crew->ring.count] = key;
    keys[crew->ring.count].until = until;
    crew->ring = (struct ring){ keys, crew->ring.count + 1 };
}

static void
read_secret(struct reader *r)
{
    int64_t until = read_number(r, 0, INT64_MAX);
    struct str secret = read_bytes(r);

    r->is_wrong |= secret.len == 0;
    if (!r->is_wrong)
        add_key(r, token_key_of_secret(r->arena, secret), until);
}

static void
read_public(struct reader *r)
{
    int64_t until = read_number(r, 0, INT64_MAX);
    int64_t kind = read_number(r, PAIR_RSA, PAIR_ED25519);
    struct pair_numbers numbers = { .first = read_bytes(r) };
    const char *message;

    numbers.second = read_bytes(r);
    const struct pair *pair =
        r->is_wrong ? NULL : pair_public(r->arena, (enum pair_kind)kind, &numbers, &message);
    r->is_wrong |= !pair;
    if (pair)
        add_key(r, token_key_of_pair(r->arena, pair), until);
}

static const struct {
    const char *name;
    void (*read)(struct reader *r);
} lines[] = {
    { "listener", read_listener }, { "passage", read_passage }, { "crew", read_crew },
    { "worker", read_worker },     { "secret", read_secret },   { "public", read_public },
    { "metrics", read_metrics },
};

/* False: it is no line that may stand there. */
static bool
read_line(struct reader *r, struct str line)
{
    struct str word, more;

    r->words = line;
    if (!str_next_word(&r->words, &word))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(lines); i++)
        if (str_is(word, lines[i].name)) {
            lines[i].read(r);
            return !r->is_wrong && !str_next_word(&r->words, &more);
        }
    return false;
}

/* Take the next line off a text; false when it has no whole one. */
static bool
next_line(struct str *text, struct str *line)
{
    size_t end = str_find(*text, '\n');

    if (end == text->len)
        return false;
    *line = (struct str){ text->ptr, end };
    *text = (struct str){ text->ptr + end + 1, text->len - end - 1 };
    return true;
}

bool
handover_parse(struct arena *a, struct str text, struct handover *handover)
{
    struct reader r = { .arena = a, .handover = handover };
    struct str line;

    *handover = (struct handover){ .listener = -1, .arrivals = -1, .departures = -1 };
    if (!next_line(&text, &line) || !str_is(line, "linnet " HANDOVER_VERSION))
        return false;
    while (next_line(&text, &line)) {
        if (str_is(line, "end"))
            return text.len == 0 && handover->listener >= 0 && handover->arrivals >= 0;
        if (!read_line(&r, line))
            return false;
    }
    return false; /* it was cut off */
}

static bool
read_pipe(int descriptor, struct buf *text)
{
    ssize_t length;

    do {
        char *space = buf_reserve(text, PIPE_BUF);
        length = space ? read(descriptor, space, PIPE_BUF) : -1;
        if (length > 0)
            buf_advance(text, (size_t)length);
    } while (length > 0 && text->len < HANDOVER_MOST);
    return length == 0;
}

enum handover_result
handover_take(struct arena *a, struct handover *handover)
{
    const char *value = getenv(variable);
    struct buf text = { 0 };
    int64_t descriptor;

    if (!value)
        return HANDOVER_NONE;
    bool is_good = str_read_int64(str_from(value), &descriptor) && descriptor > 0 &&
                   descriptor < INT_MAX && read_pipe((int)descriptor, &text) &&
                   handover_parse(a, buf_str(&text), handover);
    unsetenv(variable);
    if (is_good) {
        close((int)descriptor);
        set_all_inherited(handover, false);
    } else {
        log_error("what the program before this one has handed over cannot be read");
    }
    if (text.ptr)
        explicit_bzero(text.ptr, text.len);
    buf_free(&text);
    return is_good ? HANDOVER_TAKEN : HANDOVER_FAILED;
}
