/*
 * pathological.c - documents that are small and would cost much are answered or refused with
 * work and memory in proportion to their length, and give all of the memory back.
 *
 *     pathological [--verbose]
 *
 * Each is judged under the default limits and under lifted ones (judge.h), since operators
 * may lift them.  Boundaries are tried at the limit, one above it, and far beyond.  And schemas
 * that grow together with documents cost in proportion to both, as in a batch, without limits.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "tests/pathological/documents.h"
#include "tests/pathological/judge.h"
#include "tests/pathological/template.h"

enum {
    WORK_BASE = 4000000,     /* basic blocks: what is bounded by limits, not by length */
    WORK_FACTOR = 200,       /* and for each byte of the document and of the answer */
    MEMORY_BASE = 4 << 20,   /* bytes: comparisons that are remembered, as many as are admitted */
    MEMORY_FACTOR = 100,     /* and for each byte of the document */
    WRITTEN_FACTOR = 3,      /* and for each byte of the answer */
    LEFT_MAXIMUM = 1024,     /* bytes that malloc keeps for itself */
    REFUSAL_MAXIMUM = 65536, /* bytes of an answer that refuses */
    FAR_BEYOND = 100000,
    GROWING = 1000,    /* fields, types or variables, and then four times as many */
    GROWING_FACTOR = 6 /* four, and a logarithm */
};

struct tests {
    struct arena *arena;
    const struct contract *const *contracts;
    bool is_verbose;
    int passed, failed;
};

static void
count(struct tests *t, bool is_good, const char *name, const char *what, const struct verdict *v)
{
    *(is_good ? &t->passed : &t->failed) += 1;
    if (!is_good || t->is_verbose)
        printf("%s: %s: %s: %.1f K blocks, %zu kB, %zu bytes written, %zu left, %s %.*s\n",
               is_good ? "ok" : "not ok", name, what, (double)v->work / 1000, v->memory / 1024,
               v->written, v->left, v->reason ? v->reason : "valid",
               v->reason ? (int)(v->message.len < 60 ? v->message.len : 60) : 0, v->message.ptr);
}

/* Is the reason one of the words of `wanted`? */
static bool
is_wanted(const char *reason, const char *wanted)
{
    size_t len = strlen(reason ? reason : (reason = "valid"));

    for (const char *at = wanted; (at = strstr(at, reason)); at += len)
        if ((at == wanted || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

static bool
is_cheap(const struct verdict *v, struct str document)
{
    int64_t bytes = (int64_t)(document.len + v->written);

    return v->work <= WORK_BASE + WORK_FACTOR * bytes && v->left <= LEFT_MAXIMUM &&
           v->memory <= MEMORY_BASE + document.len * MEMORY_FACTOR + v->written * WRITTEN_FACTOR;
}

static void
run_document(struct tests *t, const struct hostile *h)
{
    const struct limits lifted = judge_lifted();
    struct str document =
        template_expand(t->arena, h->template, 0, (size_t)limits_default.document);
    struct verdict v = judge(t->arena, t->contracts[h->schema], &limits_default, document);

    count(t, is_cheap(&v, document) && is_wanted(v.reason, h->reason), h->name, "as it is", &v);
    v = judge(t->arena, t->contracts[h->schema], &lifted, document);
    count(t, is_cheap(&v, document), h->name, "lifted", &v);
}

static void
run_refusal(struct tests *t, const struct refusal *r)
{
    const struct hostile *h = &r->hostile;
    struct str document =
        template_expand(t->arena, h->template, 0, (size_t)limits_default.document);
    struct verdict v = judge(t->arena, t->contracts[h->schema], &limits_default, document);

    count(t, v.work <= r->work && is_wanted(v.reason, h->reason), h->name, "as it is", &v);
}

/* The limit's value by default. */
static int
find_limit(const char *name)
{
    for (int i = 0; i < limit_row_count; i++)
        if (strcmp(limit_rows[i].name, name) == 0)
            return limit_rows[i].value;
    return -1;
}

static void
run_boundary(struct tests *t, const struct boundary *b)
{
    struct limits limits = limits_default;
    long most = find_limit(b->limit) - b->used;
    const struct {
        const char *what;
        long n;
        const char *reason;
    } cases[] = {
        { "one below the limit", most - 1, b->reason },
        { "at the limit", most, b->reason },
        { "one above the limit", most + 1, b->limit },
        { "far beyond the limit", FAR_BEYOND, "nesting tokens directives" },
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str document = template_expand(t->arena, b->template, cases[i].n, SIZE_MAX);
        if (cases[i].n == FAR_BEYOND) /* nor is it the length that saves the parser */
            limits.document = (int)document.len + 1;
        struct verdict v = judge(t->arena, t->contracts[JUDGE_CONTRACT], &limits, document);
        count(t, is_cheap(&v, document) && is_wanted(v.reason, cases[i].reason), b->name,
              cases[i].what, &v);
    }
}

/* Four times as much of all must not cost much more than four times the work. */
static void
run_growing(struct tests *t, const struct growing *g)
{
    int64_t work[2];
    long n = GROWING;

    for (int i = 0; i < 2; i++, n *= 4)
        work[i] = judge_all(template_expand(t->arena, g->sdl, n, SIZE_MAX),
                            template_expand(t->arena, g->document, n, SIZE_MAX),
                            template_expand(t->arena, g->variables, n, SIZE_MAX));
    bool is_good = work[1] <= GROWING_FACTOR * work[0];
    *(is_good ? &t->passed : &t->failed) += 1;
    if (!is_good || t->is_verbose)
        printf("%s: %s: %.1f K and %.1f K blocks\n", is_good ? "ok" : "not ok", g->name,
               (double)work[0] / 1000, (double)work[1] / 1000);
}

int
main(int argc, char **argv)
{
    struct tests t = { .arena = arena_new("pathological") };

    t.is_verbose = argc > 1 && strcmp(argv[1], "--verbose") == 0;
    t.contracts = judge_load(t.arena);
    for (int i = 0; i < refusal_count; i++)
        run_refusal(&t, &hostile_refusals[i]);
    for (int i = 0; i < boundary_count; i++)
        run_boundary(&t, &hostile_boundaries[i]);
    for (int i = 0; i < growing_count; i++)
        run_growing(&t, &hostile_growing[i]);
    for (int i = 0; i < hostile_count; i++)
        run_document(&t, &hostile_documents[i]);
    arena_free(t.arena);
    printf("%d passed, %d failed\n", t.passed, t.failed);
    return t.failed > 0;
}
