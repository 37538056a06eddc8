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
#include "contract/contract_notes.h"
#include "contract/index_notes.h"
#include "trial/trial_key.h"
#include "trial/trial_function.h"
#include "load/load.h"
#include "load/load_issuers.h"
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
    buf_put_c(b, LOAD_SNAPSHOT_END);

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

enum { MENDS_SHOWN = 3 }; /* of one finding; --fix-sql prints all */

static void
print_audit(const struct audit *audit)
{
    bool has_mends = false;

    for (const struct audit_finding *f = audit->first; f; f = f->next) {
        has_mends |= f->mend_count > 0 && !f->is_note;
        printf("%s%.*s\n", f->is_note ? "note: " : "", STR_PRINT(f->message));
        for (int i = 0; i < f->mend_count && i < MENDS_SHOWN; i++)
            printf("    %.*s\n", STR_PRINT(f->mends[i]));
        if (f->mend_count > MENDS_SHOWN)
            printf("    ... %d more\n", f->mend_count - MENDS_SHOWN);
        if (f->hint.ptr)
            printf("    %.*s\n", STR_PRINT(f->hint));
    }
    if (has_mends)
        puts("linnet check --fix-sql prints all of these statements, for you to read and to run");
}

static const char *
plural(int count)
{
    return count == 1 ? "" : "s";
}

/* Those are no findings, since nothing in the contract or the database mends them. */
static void
print_unchecked(const char *file, int count)
{
    if (count > 0)
        printf("%s: not checked: the bodies of %d function%s in languages that PostgreSQL checks "
               "only when they run, such as plpgsql\n",
               file, count, plural(count));
}

/* Print what was found, and how much that is. */
static void
print_findings(const char *file, const struct errors *findings, const struct audit *audit)
{
    int notes = audit->note_count, misfits = findings->count + audit->misfit_count;

    load_complain(stdout, file, findings);
    for (const struct error *e = findings->first; e; e = e->next) {
        notes += e->is_note;
        misfits -= e->is_note;
    }
    print_audit(audit);
    if (misfits > 0)
        printf("%s: does not fit the database: %d misfit%s, %d note%s\n", file, misfits,
               plural(misfits), notes, plural(notes));
    else if (notes > 0)
        printf("%s: fits the database, with %d note%s\n", file, notes, plural(notes));
    else
        printf("%s: fits the database\n", file);
}

int
command_check(const struct invocation *invocation)
{
    const struct config *config = &invocation->config;
    struct arena *a = invocation->arena;
    int document_notes = 0, status = command_takes_over(invocation);
    if (status)
        return status;
    if (command_flag(invocation, "log"))
        return check_log(invocation, command_flag(invocation, "log"));
    struct contract *contract = load_contract(a, config, stdout);
    if (!contract)
        return COMMAND_FAILED;
    bool is_script_wanted = command_flag(invocation, "fix-sql") != NULL;
    bool documents_fit = is_script_wanted || check_documents(invocation, contract, &document_notes);
    const struct db_settings settings = load_settings(config);
    struct db *db = db_open(&settings, NULL);
    if (!db)
        return EX_UNAVAILABLE;

    struct str message;
    struct errors findings = { .arena = a };
    const struct catalog *catalog = load_catalog(a, config, db, &message);
    const struct audit *audit =
        catalog ? load_findings(a, config, contract, db, is_script_wanted, &message) : NULL;
    if (!audit) {
        fprintf(stderr, "linnet: cannot read the database's catalog: %.*s\n", STR_PRINT(message));
        return EX_UNAVAILABLE;
    }
    if (is_script_wanted) {
        printf("%.*s", STR_PRINT(audit->script));
        db_close(db);
        return 0;
    }
    bool fits = load_bind(a, config, contract, catalog, &findings);
    fits &= load_issuers_fit(config, catalog, &findings);
    if (fits)
        contract_notes_add(contract, &findings);
    bool is_offline = command_flag(invocation, "offline") != NULL;
    if (fits && !is_offline) {
        fits = load_try(a, config, contract, db, &findings, &message);
        if (message.ptr) {
            fprintf(stderr, "linnet: the contract cannot be tried: %.*s\n", STR_PRINT(message));
            return EX_UNAVAILABLE;
        }
    }
    if (fits)
        index_notes_add(contract, &findings);
    if (fits && !is_offline && command_flag(invocation, "strict"))
        trial_key(a, db, contract->schema, &findings);
    int unchecked = fits && !is_offline ? trial_function_unchecked(a, db, contract->schema) : 0;
    db_close(db);
    print_unchecked(config->contract, unchecked);
    print_findings(config->contract, &findings, audit);
    bool has_notes = findings.count + audit->note_count + document_notes > 0;
    if (!fits || !documents_fit || audit->misfit_count > 0 ||
        (has_notes && command_flag(invocation, "strict")))
        return COMMAND_FAILED; /* or plain CGI would serve from the snapshot */
    return command_flag(invocation, "write") ? write_snapshot(invocation, contract) : 0;
}
