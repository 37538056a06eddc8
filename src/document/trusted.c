/*
 * trusted.c - trusted documents: those that the operator has named.
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/trusted.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/map.h"
#include "document/sha256.h"

static const struct str hash_prefix = STR_INIT("sha256:");

struct trusted {
    struct arena *arena;
    const struct limits *limits;
    struct map *ids, *hashes, *texts; /* to documents */
    struct trusted_document *first, **end;
    size_t count;
};

struct trusted *
trusted_new(struct arena *a, const struct limits *limits)
{
    struct trusted *t = ARENA_NEW(a, struct trusted);

    *t = (struct trusted){ .arena = a,
                           .limits = limits,
                           .ids = map_new(a),
                           .hashes = map_new(a),
                           .texts = map_new(a),
                           .end = &t->first };
    return t;
}

struct str
trusted_hash_of_id(struct str id)
{
    size_t skip = str_starts_with(id, hash_prefix) ? hash_prefix.len : 0;
    struct str hash = { id.ptr + skip, id.len - skip };

    return id.ptr && sha256_is_hex(hash) ? hash : STR_NONE;
}

/* Printable ASCII: more than the draft allows, since older tools know no such rule. */
static bool
is_id(struct str id)
{
    for (size_t i = 0; i < id.len; i++)
        if (id.ptr[i] <= ' ' || id.ptr[i] > '~')
            return false;
    return id.len > 0 && id.len <= TRUSTED_ID_LENGTH;
}

static const char *
check(const struct trusted *t, const struct trusted_document *document, struct str hash)
{
    if (document->text.len == 0)
        return "the document is empty";
    if (document->text.len > (size_t)t->limits->document)
        return "the document is longer than limit_document";
    if (document->id.ptr && !is_id(document->id))
        return "an id must be 1 to 256 printable characters of ASCII, without spaces";
    if (str_starts_with(document->id, hash_prefix) &&
        !str_equal(trusted_hash_of_id(document->id), hash))
        return "the id is not the SHA-256 of the document";
    return NULL;
}

/* The document of this text: it is there already, or is new.  NULL: there would be too many. */
static struct trusted_document *
get(struct trusted *t, const struct trusted_document *document, struct str hash)
{
    struct trusted_document *known = map_get(t->texts, document->text);

    if (known)
        return known;
    if (t->count == (size_t)t->limits->documents)
        return NULL;
    t->count++;
    known = ARENA_NEW(t->arena, struct trusted_document);
    *known = *document;
    known->hash = hash;
    known->text_hash = str_hash(document->text);
    known->next = NULL;
    if (!known->id.ptr)
        known->id = hash;
    map_put(t->texts, known->text, known);
    *t->end = known;
    t->end = &known->next;
    return known;
}

/* Is there another document of that key? */
static bool
has_other(const struct map *m, struct str key, const struct trusted_document *document)
{
    const struct trusted_document *other = map_get(m, key);

    return other && other != document;
}

const char *
trusted_add(struct trusted *t, const struct trusted_document *document)
{
    struct str hash = sha256_hex(t->arena, document->text), id = document->id;
    const char *fault = check(t, document, hash);

    if (fault)
        return fault;
    struct trusted_document *known = get(t, document, hash);
    if (!known)
        return "there are more documents than limit_documents allows";
    map_put(t->hashes, known->hash, known);
    if (has_other(t->ids, known->hash, known))
        return "the SHA-256 of the document is the id of another document";
    if (!id.ptr || str_starts_with(id, hash_prefix))
        return NULL;
    if (has_other(t->ids, id, known) || has_other(t->hashes, id, known))
        return "another document has this id";
    map_put(t->ids, id, known);
    return NULL;
}

void
trusted_set_places(struct trusted *t, int (*find)(struct str id))
{
    for (struct trusted_document *document = t->first; document; document = document->next)
        document->place = find(document->id);
}

const struct trusted_document *
trusted_first(const struct trusted *t)
{
    return t->first;
}

size_t
trusted_count(const struct trusted *t)
{
    return t->count;
}

const struct trusted_document *
trusted_find(const struct trusted *t, struct str id)
{
    struct str hash = trusted_hash_of_id(id);
    /* With its prefix it is no other id. */
    const struct trusted_document *found =
        hash.ptr && hash.ptr != id.ptr ? NULL : map_get(t->ids, id);

    return hash.ptr && !found ? map_get(t->hashes, hash) : found;
}

const struct trusted_document *
trusted_find_text(const struct trusted *t, struct str text)
{
    return map_get(t->texts, text);
}

void
trusted_complain(struct errors *errors, const struct trusted_document *document,
                 const struct errors *found)
{
    for (const struct error *e = found->first; e; e = e->next) {
        struct str where = document->is_whole_file
                               ? str_format(errors->arena, "%.*s", STR_PRINT(document->file))
                               : str_format(errors->arena, "%.*s: document %.*s",
                                            STR_PRINT(document->file), STR_PRINT(document->id));
        if (e->places)
            errors_add(errors, e->code, "%.*s:%u:%u: %.*s", STR_PRINT(where), e->places->line,
                       e->places->column, STR_PRINT(e->message));
        else
            errors_add(errors, e->code, "%.*s: %.*s", STR_PRINT(where), STR_PRINT(e->message));
    }
}
