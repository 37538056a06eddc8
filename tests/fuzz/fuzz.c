/*
 * fuzz.c - what the fuzz targets share.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "contract/contract_roles.h"
#include "account/account.h"
#include "auth/auth.h"

/* SLOWNESS: how many times longer this build takes, with sanitizers and coverage. */
enum { RESOLVERS_MAXIMUM = 64, SLOWNESS = 8 };

static const char separator[] = "---\n";

_Noreturn void
fuzz_fail(const char *what, struct str first, struct str second)
{
    fprintf(stderr, "==== %s\n", what);
    if (first.ptr)
        fprintf(stderr, "---- first\n%.*s\n", STR_PRINT(first));
    if (second.ptr)
        fprintf(stderr, "---- second\n%.*s\n", STR_PRINT(second));
    abort();
}

/* What the functions below, which stand for the system's, count on with. */
static uint64_t random_state;
static int64_t ticks; /* milliseconds */

/* An input is answered the same whatever inputs were before it. */
static void
begin_input(void)
{
    (void)str_hash(STR("")); /* draws its seed, once */
    random_state = 1;
    ticks = 0;
}

struct str
fuzz_text(struct arena *a, const uint8_t *data, size_t size)
{
    struct buf *b = buf_new(a);

    begin_input();
    buf_put(b, (struct str){ (const char *)data, size });
    return buf_copy(a, b);
}

struct str
fuzz_next_part(struct str *rest)
{
    struct str part = *rest;

    if (!rest->ptr)
        return STR_NONE;
    for (size_t i = 0; i < rest->len; i += str_find(part, '\n') + 1) {
        part = (struct str){ rest->ptr + i, rest->len - i };
        if (!str_starts_with(part, (struct str){ separator, sizeof(separator) - 1 }))
            continue;
        size_t after = i + sizeof(separator) - 1;
        part = (struct str){ rest->ptr, i };
        *rest = (struct str){ rest->ptr + after, rest->len - after };
        return part;
    }
    part = *rest;
    *rest = STR_NONE;
    return part;
}

struct str
fuzz_read_file(struct arena *a, const char *path)
{
    FILE *file = fopen(path, "re");
    struct buf *b = buf_new(a);

    for (size_t got = 1; file && got > 0;) {
        char *to = buf_reserve(b, 65536);
        got = fread(to, 1, 65536, file);
        buf_advance(b, got);
    }
    if (!file || ferror(file)) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return buf_str(b);
}

const struct resolver_signature *const *
fuzz_resolvers(void)
{
    static const struct resolver_signature *resolvers[RESOLVERS_MAXIMUM];

    for (int i = 0; i < RESOLVERS_MAXIMUM - 1 && account_resolvers[i].signature.name; i++)
        resolvers[i] = &account_resolvers[i].signature;
    return resolvers;
}

bool
fuzz_divide(struct arena *a, struct contract *contract, struct errors *errors)
{
    static const struct str roles[] = { STR_INIT("user"), STR_INIT("staff") };

    return contract_roles_build(a, contract, roles, ARRAY_LENGTH(roles), errors);
}

static struct contract *
load_contract(const char *contract_file, const char *catalog_file)
{
    struct arena *a = arena_new("contract");
    struct errors errors = { .arena = a };
    struct source source = { str_from(catalog_file), fuzz_read_file(a, catalog_file) };
    const struct catalog *catalog = catalog_parse(a, &source, &errors);
    struct contract *contract =
        contract_build(a, str_from(contract_file), fuzz_read_file(a, contract_file), &errors);

    if (!catalog || !contract || !fuzz_divide(a, contract, &errors) ||
        !contract_bind(a, contract, catalog, fuzz_resolvers(), &errors))
        fuzz_fail("the contract does not load", errors.first->message, STR_NONE);
    return contract;
}

const struct contract *
fuzz_contract(void)
{
    static struct contract *contract;

    if (!contract)
        contract = load_contract("sql/schema.graphql", "tests/corpus/hackernews.catalog");
    return contract;
}

const struct contract *
fuzz_pick_contract(struct str *input)
{
    static struct contract *contract;

    if (input->len == 0 || input->ptr[0] != '@')
        return fuzz_contract();
    *input = (struct str){ input->ptr + 1, input->len - 1 };
    if (!contract)
        contract = load_contract("tests/corpus/abstract/schema.graphql",
                                 "tests/corpus/abstract/schema.catalog");
    return contract;
}

/* Instead of the C library's: with a seed of its own at each start, a hash table would have
 * other collisions, and libFuzzer would see other code run and make other inputs. */
ssize_t
getrandom(void *buffer, size_t size, unsigned flags)
{
    unsigned char *bytes = buffer;

    (void)flags;
    for (size_t i = 0; i < size; i++) {
        random_state = random_state * 6364136223846793005U + 1442695040888963407U;
        bytes[i] = (unsigned char)(random_state >> 56);
    }
    return (ssize_t)size;
}

/* Likewise: what is signed and when it ends would be other bytes each second. */
time_t
time(time_t *now)
{
    static const time_t fixed = 1800000000;

    if (now)
        *now = fixed;
    return fixed;
}

int64_t
fuzz_tick(void)
{
    return ++ticks;
}

/* In targets that are linked so (Makefile.am).  Time that has passed is shown to clients, so that
 * it decides how long an answer is. */
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

int
__wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock == CLOCK_PROCESS_CPUTIME_ID) /* of fuzz_check_time() */
        return (int)syscall(SYS_clock_gettime, clock, now);
    *now = (struct timespec){ .tv_sec = time(NULL) };
    if (clock == CLOCK_MONOTONIC) {
        int64_t milliseconds = fuzz_tick();
        now->tv_sec = milliseconds / 1000;
        now->tv_nsec = milliseconds % 1000 * 1000000;
    }
    return 0;
}

int64_t
fuzz_cpu_time(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

void
fuzz_check_time(int64_t start, int milliseconds, struct str input)
{
    int64_t used = fuzz_cpu_time() - start;
    char text[64];

    if (!getenv("FUZZ_JUDGES_TIME"))
        return;
    if (used <= (int64_t)milliseconds * 1000 * SLOWNESS)
        return;
    snprintf(text, sizeof(text), "%lld microseconds of CPU", (long long)used);
    fuzz_fail("it takes too long", input, str_from(text));
}
