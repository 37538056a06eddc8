/*
 * notice.c - texts that master and workers share.
 *
 * A reader takes a copy, and takes it again when somebody has written meanwhile: then `turn` is
 * another one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "watch/notice.h"

#include <stdbool.h>
#include <sys/mman.h>

#include "base/arena.h"
#include "base/utf8.h"

/* How often to read a text that is being written; then its last state does not matter. */
enum { READ_ATTEMPTS = 100 };

struct notices *
notices_new(void)
{
    struct notices *notices = mmap(NULL, sizeof(struct notices), PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return notices == MAP_FAILED ? NULL : notices;
}

void
notices_free(struct notices *notices)
{
    munmap(notices, sizeof(*notices));
}

void
notice_set(struct notice *notice, struct str text)
{
    unsigned turn = atomic_load(&notice->turn);

    if (turn % 2 != 0 || !atomic_compare_exchange_strong(&notice->turn, &turn, turn + 1))
        return; /* somebody else is at it */
    atomic_thread_fence(memory_order_seq_cst);
    size_t length = utf8_cut(text, NOTICE_SIZE);
    for (size_t i = 0; i < length; i++)
        atomic_store_explicit(&notice->text[i], text.ptr[i], memory_order_relaxed);
    atomic_store_explicit(&notice->length, (unsigned)length, memory_order_relaxed);
    atomic_store(&notice->turn, turn + 2);
}

/* False: it was written meanwhile. */
static bool
copy(const struct notice *notice, char *out, size_t *length)
{
    unsigned turn = atomic_load(&notice->turn);

    *length = atomic_load_explicit(&notice->length, memory_order_relaxed);
    for (size_t i = 0; i < *length; i++)
        out[i] = atomic_load_explicit(&notice->text[i], memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    return turn % 2 == 0 && atomic_load_explicit(&notice->turn, memory_order_relaxed) == turn;
}

struct str
notice_read(const struct notice *notice, struct arena *a)
{
    char text[NOTICE_SIZE];
    size_t length;
    int attempts = 0;

    if (atomic_load_explicit(&notice->length, memory_order_relaxed) == 0)
        return STR_NONE;
    while (!copy(notice, text, &length))
        if (++attempts == READ_ATTEMPTS)
            return STR_NONE;
    return length > 0 ? str_copy(a, (struct str){ text, length }) : STR_NONE;
}

struct str
notices_read_warning(const struct notices *notices, struct arena *a)
{
    if (!notices)
        return STR_NONE;
    struct str misfit = notice_read(&notices->misfit, a);
    struct str pending = notice_read(&notices->pending, a);

    if (!misfit.ptr || !pending.ptr)
        return misfit.ptr ? misfit : pending;
    return str_format(a, "%.*s\n%.*s", STR_PRINT(misfit), STR_PRINT(pending));
}
