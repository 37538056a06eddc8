/*
 * arena.c - memory that is released all at once.
 *
 * A chain of blocks, the newest first; each allocation takes the next bytes of
 * the newest.  Under AddressSanitizer what has not been given out is poisoned,
 * and a gap is left after each allocation, so that overruns are seen there as
 * they are with malloc.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"

#include <assert.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define POISON(ptr, size)   ASAN_POISON_MEMORY_REGION(ptr, size)
#define UNPOISON(ptr, size) ASAN_UNPOISON_MEMORY_REGION(ptr, size)
#define GAP                 16
#else
#define POISON(ptr, size)   ((void)0)
#define UNPOISON(ptr, size) ((void)0)
#define GAP                 0
#endif

enum {
    ALIGNMENT = 16,
    FIRST_BLOCK = 8 * 1024,   /* most requests need no more */
    LARGEST_BLOCK = 32 * 1024 /* unless one allocation needs more */
};

struct block {
    struct block *older;
    size_t size; /* bytes of `bytes` */
    size_t used;
    _Alignas(ALIGNMENT) char bytes[];
};

struct cleanup {
    struct cleanup *next;
    void (*fn)(void *);
    void *data;
};

struct arena {
    const char *name;
    struct block *newest;
    struct block *oldest; /* the one that a reset keeps */
    struct cleanup *cleanups;
    size_t size; /* bytes that malloc gave for all of it */
};

/* The bytes that malloc took for what it gave: with its own header. */
static size_t
taken(void *ptr)
{
    return malloc_usable_size(ptr) + sizeof(size_t);
}

/* Not abort(): it is not a fault, and the document at hand need not be the reason.  Nothing runs at
 * exit, as that may want memory. */
static _Noreturn void
arena_exhausted(const struct arena *a, size_t size)
{
    log_error("out of memory: arena %s, %zu bytes more", a->name, size);
    _exit(EX_OSERR);
}

static struct block *
arena_add_block(struct arena *a, size_t size)
{
    struct block *block = malloc(sizeof(*block) + size);

    if (!block)
        arena_exhausted(a, size);
    block->size = size;
    block->used = 0;
    block->older = a->newest;
    a->newest = block;
    a->size += taken(block);
    POISON(block->bytes, size);
    return block;
}

struct arena *
arena_new(const char *name)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (!a) {
        log_error("out of memory: arena %s", name);
        _exit(EX_OSERR);
    }
    a->name = name;
    a->size = taken(a);
    a->oldest = arena_add_block(a, FIRST_BLOCK);
    return a;
}

static void
arena_run_cleanups(struct arena *a)
{
    while (a->cleanups) {
        struct cleanup *cleanup = a->cleanups;
        a->cleanups = cleanup->next;
        cleanup->fn(cleanup->data);
    }
}

static void
arena_free_blocks(struct arena *a, const struct block *last)
{
    while (a->newest != last) {
        struct block *block = a->newest;
        a->newest = block->older;
        UNPOISON(block->bytes, block->size);
        assert(a->size > taken(block));
        a->size -= taken(block);
        free(block);
    }
}

void
arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_run_cleanups(a);
    arena_free_blocks(a, NULL);
    free(a);
}

void
arena_reset(struct arena *a)
{
    arena_run_cleanups(a);
    arena_free_blocks(a, a->oldest);
    a->oldest->used = 0;
    POISON(a->oldest->bytes, a->oldest->size);
}

/* Blocks double: an arena that needs little more than its first block takes little more. */
static size_t
next_block_size(const struct arena *a, size_t needed)
{
    size_t size = a->size < LARGEST_BLOCK ? a->size & ~(size_t)(FIRST_BLOCK - 1) : LARGEST_BLOCK;

    return needed > size ? needed : size;
}

void *
arena_alloc(struct arena *a, size_t size)
{
    struct block *block = a->newest;

    if (size > SIZE_MAX / 2)
        arena_exhausted(a, size);
    assert(a->newest && block->used <= block->size);
    size_t whole = (size + GAP + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);

    if (block->size - block->used < whole)
        block = arena_add_block(a, next_block_size(a, whole));
    char *ptr = block->bytes + block->used;
    block->used += whole;
    UNPOISON(ptr, size);
    return memset(ptr, 0, size);
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
    size_t product;

    if (__builtin_mul_overflow(count, size, &product))
        arena_exhausted(a, SIZE_MAX);
    return arena_alloc(a, product);
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *data)
{
    struct cleanup *cleanup = ARENA_NEW(a, struct cleanup);

    cleanup->fn = fn;
    cleanup->data = data;
    cleanup->next = a->cleanups;
    a->cleanups = cleanup;
}

size_t
arena_size(const struct arena *a)
{
    return a->size;
}

bool
arena_is_plain(const struct arena *a)
{
    return !a->cleanups;
}

void
arena_give_back(void)
{
    malloc_trim(0);
}
