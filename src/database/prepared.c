/*
 * prepared.c - which statements a connection has prepared, by text and role.
 *
 * Found by the hash that the planner has made, in a table of chains; in a list from the newest
 * used to the oldest.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/prepared.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "database/statement.h"

enum {
    CHAINS = 512, /* a power of two */
    MOST = 512,
    KEPT = 448, /* between transactions: the rest is room for one request's statements */
    KEPT_BYTES = 1024 * 1024,
    MOST_BYTES = KEPT_BYTES + KEPT_BYTES / 2,
    LARGEST = 64 * 1024, /* text that is prepared under a name */
    NAMES = 8 * MOST     /* pooled: of a connection.  A pooler keeps each, in some 100 bytes */
};

struct prepared_table {
    struct arena *arena; /* of the rows */
    bool is_pooled;
    uint64_t origin; /* pooled: by chance, so that no two connections have the same names */
    int64_t epoch;   /* pooled: of the rows that are made from now on */
    int count;
    size_t bytes;       /* of all texts */
    int64_t name_count; /* names are not used again */
    struct prepared *chains[CHAINS];
    struct prepared *newest, *oldest;
    struct prepared *replaced; /* that are no longer found, by `chain` */
    struct prepared *unused;   /* rows without a text, by `chain` */
};

struct prepared_table *
prepared_new(bool is_pooled)
{
    struct arena *a = arena_new("prepared statements");
    struct prepared_table *t = ARENA_NEW(a, struct prepared_table);

    t->arena = a;
    t->is_pooled = is_pooled;
    if (is_pooled && getrandom(&t->origin, sizeof(t->origin), 0) != sizeof(t->origin))
        t->origin = (uint64_t)getpid() << 32 | (uint64_t)(uintptr_t)t >> 4;
    return t;
}

/* Make the row one that can be used for another statement. */
static void
row_free(struct prepared_table *t, struct prepared *row)
{
    assert(t->count > 0 && t->bytes >= row->text.capacity);
    t->count--;
    t->bytes -= row->text.capacity;
    buf_free(&row->text);
    *row = (struct prepared){ .chain = t->unused };
    t->unused = row;
}

static struct prepared *
row_new(struct prepared_table *t)
{
    struct prepared *row = t->unused;

    if (row)
        t->unused = row->chain;
    else
        row = ARENA_NEW(t->arena, struct prepared);
    t->count++;
    return row;
}

static struct prepared **
find_chain(struct prepared_table *t, uint64_t hash)
{
    return &t->chains[hash & (CHAINS - 1)];
}

static void
use(struct prepared_table *t, struct prepared *row)
{
    row->newer = NULL;
    row->older = t->newest;
    *(t->newest ? &t->newest->newer : &t->oldest) = row;
    t->newest = row;
}

static void
unuse(struct prepared_table *t, struct prepared *row)
{
    *(row->newer ? &row->newer->older : &t->newest) = row->older;
    *(row->older ? &row->older->newer : &t->oldest) = row->newer;
}

static void
use_again(struct prepared_table *t, struct prepared *row)
{
    unuse(t, row);
    use(t, row);
}

/* Have it not found any more. */
static void
unlink_row(struct prepared_table *t, struct prepared *row)
{
    struct prepared **link = find_chain(t, row->hash);

    while (*link != row)
        link = &(*link)->chain;
    *link = row->chain;
    unuse(t, row);
}

void
prepared_free(struct prepared_table *t)
{
    while (t->newest) {
        struct prepared *row = t->newest;
        unlink_row(t, row);
        row_free(t, row);
    }
    while (t->replaced) {
        struct prepared *row = t->replaced;
        t->replaced = row->chain;
        row_free(t, row);
    }
    arena_free(t->arena);
}

static struct prepared *
find(struct prepared_table *t, const struct statement *statement, struct str role)
{
    for (struct prepared *row = *find_chain(t, statement->hash); row; row = row->chain) {
        struct str sql = { row->text.ptr, row->sql_len };
        struct str rest = { row->text.ptr + row->sql_len, row->text.len - row->sql_len };
        if (row->hash == statement->hash && str_equal(rest, role) && str_equal(sql, statement->sql))
            return row;
    }
    return NULL;
}

static struct prepared *
add(struct prepared_table *t, const struct statement *statement, struct str role)
{
    struct prepared *row = row_new(t), **chain = find_chain(t, statement->hash);

    row->hash = statement->hash;
    row->sql_len = statement->sql.len;
    buf_put(&row->text, statement->sql);
    buf_put(&row->text, role);
    row->number = ++t->name_count;
    row->epoch = t->epoch;
    if (t->is_pooled)
        snprintf(row->name, sizeof(row->name), "l%016" PRIx64 "_%" PRId64, t->origin, row->number);
    else
        snprintf(row->name, sizeof(row->name), "s%" PRId64, row->number);
    row->chain = *chain;
    *chain = row;
    t->bytes += row->text.capacity;
    use(t, row);
    return row;
}

struct prepared *
prepared_get(struct prepared_table *t, const struct statement *statement, struct str role,
             bool is_anew)
{
    struct prepared *row = find(t, statement, role);

    assert(statement->hash != 0); /* that is a command, which is not prepared */
    if (row && !row->is_stale && !(is_anew && row->is_sent)) {
        use_again(t, row);
        return row;
    }
    if (row) {
        unlink_row(t, row);
        row->chain = t->replaced;
        t->replaced = row;
        if (t->is_pooled)
            t->epoch = (int64_t)time(NULL);
    }
    if (t->is_pooled && is_anew)
        return NULL;
    bool has_room = t->count < MOST && t->bytes < MOST_BYTES && statement->sql.len <= LARGEST;
    return has_room ? add(t, statement, role) : NULL;
}

bool
prepared_use_checked(struct prepared_table *t, const struct statement *statement, struct str role)
{
    struct prepared *row = find(t, statement, role);

    if (!row || !row->is_sent || !row->is_checked || row->is_stale)
        return false;
    use_again(t, row);
    return true;
}

/* A role may have any name; nothing in it ends the comment. */
void
prepared_write(const struct prepared_table *t, const struct prepared *row, struct buf *b)
{
    assert(t->is_pooled);
    buf_put(b, (struct str){ row->text.ptr, row->sql_len });
    buf_put_c(b, " /* ");
    for (size_t i = row->sql_len; i < row->text.len; i++)
        buf_byte(b, row->text.ptr[i] == '*' || row->text.ptr[i] == '/' ? '_' : row->text.ptr[i]);
    if (row->epoch)
        buf_printf(b, " %" PRId64, row->epoch);
    buf_put_c(b, " */");
}

/* A pooler may know the name all the same. */
void
prepared_refuse(const struct prepared_table *t, struct prepared *row)
{
    if (t->is_pooled)
        row->is_stale = true;
    else
        row->is_sent = false;
}

bool
prepared_is_worn(const struct prepared_table *t)
{
    return t->is_pooled && t->name_count > NAMES;
}

/* Does it keep more than it may between transactions? */
static bool
is_over(const struct prepared_table *t)
{
    return t->count > KEPT || t->bytes > KEPT_BYTES;
}

bool
prepared_has_surplus(const struct prepared_table *t)
{
    return t->replaced || is_over(t);
}

bool
prepared_take_surplus(struct prepared_table *t, char command[PREPARED_COMMAND_SIZE])
{
    for (;;) {
        struct prepared *row = t->replaced;
        if (row)
            t->replaced = row->chain;
        else if ((row = t->oldest) && is_over(t))
            unlink_row(t, row);
        else
            return false;
        bool is_known = row->is_sent && !t->is_pooled;
        int64_t number = row->number;
        row_free(t, row);
        if (is_known) {
            snprintf(command, PREPARED_COMMAND_SIZE, "DEALLOCATE s%" PRId64, number);
            return true;
        }
    }
}
