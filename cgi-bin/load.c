/*
 * load.c - what commands and workers load: files, the contract, the catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "execution/catalog_load.h"
#include "execution/db.h"
#include "language/source.h"
#include "server/config.h"
#include "type/catalog.h"
#include "type/contract.h"

/* The functions that a contract's @resolver may name. */
static const char *const resolvers[] = { NULL };

static const char catalog_suffix[] = ".catalog";

/* Read a file to its end. */
static bool
read_all(FILE *in, struct buf *b)
{
    size_t got;
    do {
        char *end = buf_reserve(b, 65536);
        got = end ? fread(end, 1, 65536, in) : 0;
        buf_advance(b, got);
    } while (got > 0);
    return !ferror(in) && !b->failed;
}

bool
load_text(struct arena *a, const char *path, struct str *text)
{
    bool is_standard = !path || strcmp(path, "-") == 0;
    FILE *in = is_standard ? stdin : fopen(path, "re");
    struct buf b = { 0 };
    bool is_read = in && read_all(in, &b);
    if (is_read)
        *text = buf_copy(a, &b);
    else
        fprintf(stderr, "%s: %s\n", is_standard ? "standard input" : path, strerror(errno));
    if (in && !is_standard)
        fclose(in);
    buf_free(&b);
    return is_read;
}

void
load_complain(FILE *out, const char *file, const struct errors *errors)
{
    for (const struct error *e = errors->first; e; e = e->next) {
        if (e->places)
            fprintf(out, "%s:%u:%u: %.*s\n", file, e->places->line, e->places->column,
                    STR_PRINT(e->message));
        else
            fprintf(out, "%s: %.*s\n", file, STR_PRINT(e->message));
    }
}

struct contract *
load_contract(struct arena *a, const struct config *config, FILE *out)
{
    struct str text;
    if (!load_text(a, config->contract, &text))
        return NULL;
    struct errors errors = { .arena = a, .maximum = config->limits.errors };
    struct contract *contract = contract_build(a, str_from(config->contract), text, &errors);
    if (!contract)
        load_complain(out, config->contract, &errors);
    return contract;
}

bool
load_bind(struct arena *a, struct contract *contract, const struct catalog *catalog,
          struct errors *errors)
{
    return contract_bind(a, contract, catalog, resolvers, errors);
}

struct db *
load_database(const struct config *config, char sqlstate[6])
{
    const char *role = *config->role ? config->role : NULL;
    return db_open(config->database, role, config->limits.statement_time, config->connect_time,
                   sqlstate);
}

const char *
load_snapshot_path(struct arena *a, const struct config *config)
{
    struct str contract = str_from(config->contract);
    if (str_ends_with(contract, STR(".graphql")))
        contract.len -= sizeof(".graphql") - 1;
    return str_format(a, "%.*s%s", STR_PRINT(contract), catalog_suffix).ptr;
}

/* The catalog that was kept for this very contract, or NULL. */
static const struct catalog *
read_snapshot(struct arena *a, const struct config *config, const struct contract *contract)
{
    const char *path = load_snapshot_path(a, config);
    FILE *in = fopen(path, "re");
    if (!in)
        return NULL;
    struct buf b = { 0 };
    const struct catalog *catalog = NULL;
    if (read_all(in, &b)) {
        const struct source source = { str_from(path), buf_copy(a, &b) };
        struct errors errors = { .arena = a, .maximum = 1 };
        catalog = catalog_parse(a, &source, &errors);
        load_complain(stderr, path, &errors);
    }
    fclose(in);
    buf_free(&b);
    return catalog && str_equal(catalog->hash, contract->hash) ? catalog : NULL;
}

static const struct catalog *
read_database(struct arena *a, const struct config *config)
{
    struct db *db = load_database(config, NULL);
    if (!db)
        return NULL;
    struct str message;
    const struct catalog *catalog = catalog_load(a, db, &message);
    if (!catalog)
        fprintf(stderr, "linnet: the database's catalog: %.*s\n", STR_PRINT(message));
    db_close(db);
    return catalog;
}

bool
load_binding(struct arena *a, const struct config *config, struct contract *contract)
{
    const struct catalog *catalog = read_snapshot(a, config, contract);
    if (!catalog)
        catalog = read_database(a, config);
    if (!catalog)
        return false;
    struct errors errors = { .arena = a, .maximum = config->limits.errors };
    bool is_bound = load_bind(a, contract, catalog, &errors);
    load_complain(stderr, config->contract, &errors);
    return is_bound;
}
