/*
 * command_check.c - linnet check: does the contract fit the database?
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "database/db.h"
#include "catalog/audit.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "process/load.h"
#include "cgi-bin/command.h"

/* Keep the catalog beside the contract; a reader sees the old file or the new one. */
static int
write_snapshot(const struct invocation *invocation, const struct contract *contract)
{
    const char *path = load_snapshot_path(invocation->arena, &invocation->config);
    const char *draft = str_format(invocation->arena, "%s.new", path).ptr;
    struct catalog catalog = *contract->catalog;
    catalog.hash = contract->hash;
    struct buf *b = buf_new(invocation->arena);
    catalog_print(b, &catalog);

    FILE *out = fopen(draft, "we");
    bool is_written = out && fwrite(b->ptr, 1, b->len, out) == b->len;
    if (out)
        is_written &= fclose(out) == 0;
    if (!is_written || rename(draft, path) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return EX_CANTCREAT;
    }
    printf("%s: written\n", path);
    return 0;
}

/* Print what was found, and how much that is. */
static void
print_findings(const struct config *config, const struct errors *findings)
{
    int notes = 0;

    load_complain(stdout, config->contract, findings);
    for (const struct error *e = findings->first; e; e = e->next)
        notes += e->is_note;
    int misfits = findings->count - notes;
    if (misfits > 0)
        printf("%s: does not fit the database: %d misfit%s, %d note%s\n", config->contract, misfits,
               misfits == 1 ? "" : "s", notes, notes == 1 ? "" : "s");
    else if (notes > 0)
        printf("%s: fits the database, with %d note%s\n", config->contract, notes,
               notes == 1 ? "" : "s");
    else
        printf("%s: fits the database\n", config->contract);
}

int
command_check(const struct invocation *invocation)
{
    const struct config *config = &invocation->config;
    struct arena *a = invocation->arena;
    struct contract *contract = load_contract(a, config, stdout);
    if (!contract)
        return COMMAND_FAILED;
    const struct db_settings settings = load_settings(config);
    struct db *db = db_open(&settings, NULL);
    if (!db)
        return EX_UNAVAILABLE;

    struct str message;
    struct errors findings = { .arena = a };
    const struct catalog *catalog = load_catalog(a, config, db, &message);
    struct rows *problems =
        catalog ? audit_find(a, db, load_has_single_role(config), &message) : NULL;
    if (!problems) {
        fprintf(stderr, "linnet: cannot read the database's catalog: %.*s\n", STR_PRINT(message));
        return EX_UNAVAILABLE;
    }
    bool fits = load_bind(a, contract, catalog, &findings);
    if (fits && !command_flag(invocation, "offline")) {
        fits = load_try(a, config, contract, db, &findings, &message);
        if (message.ptr) {
            fprintf(stderr, "linnet: the contract cannot be tried: %.*s\n", STR_PRINT(message));
            return EX_UNAVAILABLE;
        }
    }
    db_close(db);
    print_findings(config, &findings);
    if (!fits || (findings.count > 0 && command_flag(invocation, "strict")))
        return COMMAND_FAILED;
    for (int i = 0; i < rows_count(problems); i++)
        printf("row-level security is not effective: %.*s\n", STR_PRINT(rows_get(problems, i, 0)));
    if (rows_count(problems) > 0) /* or plain CGI would serve from the snapshot */
        return COMMAND_FAILED;
    return command_flag(invocation, "write") ? write_snapshot(invocation, contract) : 0;
}
