/*
 * batch_schema.c - the schemas of a batch, which are kept for the cases that follow.
 *
 * The last schema without a `schemaId` is kept, and the last ones with one: as many as
 * NUMBERED_MAXIMUM and BYTES_MAXIMUM allow.  Of those, the one that was not used for the longest
 * time makes room.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "value/value.h"
#include "sdl/build.h"
#include "contract/contract.h"
#include "cgi-bin/batch/batch.h"

enum {
    SCHEMA_ERRORS_MAXIMUM = 10000,    /* the reference implementation has no maximum */
    NUMBERED_MAXIMUM = 16,            /* schemas with a `schemaId` */
    BYTES_MAXIMUM = 512 * 1024 * 1024 /* of these, but for the one that is used */
};

struct kept {
    struct arena *arena;      /* of all below; NULL: nothing is kept here */
    const struct value *id;   /* NULL: the last schema without one */
    struct source source;     /* its text */
    struct contract contract; /* its schema is NULL when */
    struct errors errors;     /* there are any */
    int64_t used;             /* when, by the number of the use */
};

struct batch_schemas {
    struct kept last; /* without `schemaId` */
    struct kept numbered[NUMBERED_MAXIMUM];
    int64_t uses;
};

struct batch_schemas *
batch_schemas_new(struct arena *a)
{
    return ARENA_NEW(a, struct batch_schemas);
}

static void
forget(struct kept *kept)
{
    if (kept->arena)
        arena_free(kept->arena);
    *kept = (struct kept){ 0 };
}

void
batch_schemas_free(struct batch_schemas *s)
{
    forget(&s->last);
    for (int i = 0; i < NUMBERED_MAXIMUM; i++)
        forget(&s->numbered[i]);
}

const struct value *
batch_schema_id(const struct value *request, struct errors *errors)
{
    const struct value *id = value_find(request, STR("schemaId"));

    if (!id || id->kind == VALUE_NULL)
        return NULL;
    if (id->kind == VALUE_INT || id->kind == VALUE_STRING)
        return id;
    errors_add(errors, ERROR_BAD_REQUEST,
               "The member \"schemaId\" must be a whole number or a string.");
    return NULL;
}

static void
build(struct kept *kept, struct str text, const struct value *id)
{
    struct arena *a = kept->arena ? kept->arena : arena_new("schema");

    arena_reset(a);
    *kept = (struct kept){ .arena = a, .source = { STR_NONE, str_copy(a, text) } };
    kept->errors = (struct errors){ .arena = a, .maximum = SCHEMA_ERRORS_MAXIMUM };
    if (id) {
        struct value *copy = ARENA_NEW(a, struct value);
        *copy = (struct value){ .kind = id->kind, .text = str_copy(a, id->text) };
        kept->id = copy;
    }
    const struct ast_document *document = parser_parse(a, &kept->source, NULL, &kept->errors);
    if (document)
        kept->contract.schema = build_schema(a, document, BUILD_PLAIN, &kept->errors);
}

/* The schema of that id; NULL if it is not kept. */
static struct kept *
find(struct batch_schemas *s, const struct value *id)
{
    for (int i = 0; i < NUMBERED_MAXIMUM; i++)
        if (s->numbered[i].arena && value_equal(s->numbered[i].id, id))
            return &s->numbered[i];
    return NULL;
}

/* The place that was not used for the longest time; a free one was never used. */
static struct kept *
find_oldest(struct batch_schemas *s)
{
    struct kept *oldest = &s->numbered[0];

    for (int i = 1; i < NUMBERED_MAXIMUM; i++)
        if (s->numbered[i].used < oldest->used)
            oldest = &s->numbered[i];
    return oldest;
}

/* Forget old schemas until the others fit beside the one that was just built. */
static void
make_room(struct batch_schemas *s, const struct kept *built)
{
    for (;;) {
        struct kept *oldest = NULL;
        size_t size = 0;
        for (int i = 0; i < NUMBERED_MAXIMUM; i++) {
            struct kept *kept = &s->numbered[i];
            if (!kept->arena || kept == built)
                continue;
            size += arena_size(kept->arena);
            if (!oldest || kept->used < oldest->used)
                oldest = kept;
        }
        if (size <= BYTES_MAXIMUM)
            return;
        forget(oldest);
    }
}

/* What is kept for the case, built if it is new; NULL if the case gives no schema and there is none
 * under its id. */
static struct kept *
get(struct batch_case *c)
{
    struct batch_schemas *s = c->schemas;
    const struct value *given = value_find(c->request, STR("schema"));
    struct kept *kept = c->schema_id ? find(s, c->schema_id) : &s->last;

    if (!given && !kept)
        return NULL;
    if (!kept)
        kept = find_oldest(s);
    bool is_same = kept->arena && (!given || str_equal(kept->source.text, given->text)) &&
                   (!c->schema_id || value_equal(kept->id, c->schema_id));
    if (!is_same) {
        build(kept, given->text, c->schema_id);
        make_room(s, kept);
    }
    kept->used = ++s->uses;
    return kept;
}

/* Answer that there is no schema under the case's id. */
static void
answer_unknown(struct batch_case *c)
{
    struct errors errors = { .arena = c->arena };
    struct buf *id = buf_new(c->arena);

    value_print(id, c->schema_id);
    errors_add(&errors, ERROR_BAD_REQUEST,
               "No schema is kept under the schemaId %.*s: give it again, as \"schema\".",
               STR_PRINT(buf_str(id)));
    batch_errors(c, "errors", &errors);
}

/* What is kept for the case, with a schema; NULL after answering why there is none. */
static struct kept *
get_valid(struct batch_case *c)
{
    struct kept *kept = get(c);

    if (!kept)
        answer_unknown(c);
    else if (!kept->contract.schema)
        batch_errors(c, "schemaErrors", &kept->errors);
    return kept && kept->contract.schema ? kept : NULL;
}

const struct schema *
batch_schema(struct batch_case *c)
{
    const struct kept *kept = get_valid(c);

    return kept ? kept->contract.schema : NULL;
}

const struct contract *
batch_contract(struct batch_case *c)
{
    struct kept *kept = get_valid(c);

    if (!kept || kept->contract.is_mock || /* by a case before */
        contract_bind_mock(kept->arena, &kept->contract, MOCK_COMPARABLE, &kept->errors))
        return kept ? &kept->contract : NULL;
    kept->contract.schema = NULL;
    batch_errors(c, "schemaErrors", &kept->errors);
    return NULL;
}
