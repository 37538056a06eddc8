/*
 * doctor_contract.c - the contract, against the database; trusted documents; indexes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "catalog/catalog.h"
#include "config/config.h"
#include "contract/contract.h"
#include "contract/index_notes.h"
#include "database/db.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "document/trusted.h"
#include "document/trusted_check.h"
#include "load/load.h"
#include "load/load_documents.h"
#include "load/load_issuers.h"

static const struct str check = STR_INIT("linnet check");

/* `file:line:column: message`. */
static struct str
place_of(struct doctor *d, const struct error *e)
{
    if (!e->places)
        return e->message;
    return str_format(d->arena, "%s:%u:%u: %.*s", d->config->contract, e->places->line,
                      e->places->column, STR_PRINT(e->message));
}

/* The first that is no note, and how many more there are. */
static void
fail_first(struct doctor *d, const struct error *first)
{
    const struct error *found = NULL;
    int more = -1;

    for (const struct error *e = first; e; e = e->next)
        if (!e->is_note) {
            found = found ? found : e;
            more++;
        }
    if (!found)
        return;
    struct str text = place_of(d, found);
    if (more > 0)
        doctor_fail(d, check, "%.*s (and %d more)", STR_PRINT(text), more);
    else
        doctor_fail(d, check, "%.*s", STR_PRINT(text));
}

void
doctor_contract_read(struct doctor *d)
{
    doctor_facts_read_contract(d);
    if (d->contract)
        return;
    if (d->contract_message.ptr)
        doctor_fail(d, STR("in linnet.conf: contract = FILE"), "The contract cannot be read: %.*s",
                    STR_PRINT(d->contract_message));
    else
        fail_first(d, d->misfits);
}

/* False after saying that there is nothing to compare. */
static bool
need_binding(struct doctor *d)
{
    if (!doctor_facts_need(d))
        return false;
    doctor_facts_read_contract(d);
    if (!d->contract)
        doctor_skip(d, "The contract cannot be read: see contract.");
    else if (!d->catalog)
        doctor_skip(d, "The catalog cannot be read: see role-switch and pooler.");
    return d->contract && d->catalog;
}

void
doctor_contract_fit(struct doctor *d)
{
    struct errors findings = { .arena = d->arena };
    struct str message = STR_NONE;

    if (!need_binding(d))
        return;
    bool fits = d->is_bound && load_issuers_fit(d->config, d->catalog, &findings);
    if (!d->is_bound) {
        fail_first(d, d->misfits);
    } else if (fits && doctor_facts_take_role(d, true)) {
        fits = load_try(d->arena, d->config, d->contract, d->db, &findings, &message);
        if (message.ptr)
            doctor_fail(d, check, "The contract cannot be tried: %.*s", STR_PRINT(message));
        if (!message.ptr && !doctor_facts_take_role(d, false))
            doctor_fail(d, check, "The connection to PostgreSQL was lost.");
    }
    if (!fits && d->is_bound && !message.ptr)
        fail_first(d, findings.first);
}

void
doctor_contract_documents(struct doctor *d)
{
    struct errors errors = { .arena = d->arena };
    const struct trusted *documents;

    doctor_facts_read_contract(d);
    if (!*d->config->documents) {
        doctor_skip(d, "`documents` is not set.");
        return;
    }
    if (!d->contract) {
        doctor_skip(d, "The contract cannot be read: see contract.");
        return;
    }
    if (load_documents(d->arena, d->config, &documents, &errors) && documents)
        (void)!trusted_check(documents, d->contract, &d->config->limits, &errors);
    fail_first(d, errors.first);
}

void
doctor_contract_snapshot(struct doctor *d)
{
    static const struct str write = STR_INIT("linnet check --write");
    const char *path = load_snapshot_path(d->arena, d->config);

    if (access(path, F_OK) != 0) {
        doctor_skip(d, "There is no %s.", path);
        return;
    }
    if (!need_binding(d))
        return;
    doctor_listen(d);
    const struct catalog *kept = load_snapshot(d->arena, d->config, d->contract);
    doctor_listen_end(d);
    if (!kept) {
        doctor_warn(d, write,
                    "%s is not of this contract, or is incomplete: plain CGI reads the whole "
                    "catalog for each request.",
                    path);
        return;
    }
    struct buf *then = buf_new(d->arena), *now = buf_new(d->arena);
    struct catalog current = *d->catalog;
    current.hash = kept->hash;
    catalog_print(then, kept);
    catalog_print(now, &current);
    if (!str_equal(buf_str(then), buf_str(now)))
        doctor_fail(d, write,
                    "%s is not what the database has now: plain CGI answers SCHEMA_RELOADING if a "
                    "request needs what has changed.",
                    path);
}

enum { NOTES_SHOWN = 5 };

void
doctor_contract_indexes(struct doctor *d)
{
    struct errors notes = { .arena = d->arena };

    if (!need_binding(d))
        return;
    if (!d->is_bound) {
        doctor_skip(d, "The contract does not fit: see contract-fit.");
        return;
    }
    index_notes_add(d->contract, &notes);
    const struct error *e = notes.first;
    for (int i = 0; e && i < NOTES_SHOWN; i++, e = e->next) {
        struct str text = place_of(d, e);
        doctor_warn(d,
                    STR("linnet print indexes; or @unindexed(reason:), if the table stays small"),
                    "%.*s", STR_PRINT(text));
    }
    if (e)
        doctor_warn(d, STR("linnet print indexes"), "And %d more of these.",
                    notes.count - NOTES_SHOWN);
}

/* Columns that a policy for reading compares by `=` with what is not of the row, in tables of more
 * than 10,000 rows, where no index begins with one of those that the policy has. */
static const char policies_sql[] =
    "WITH used AS (SELECT p.oid, p.polname, p.polrelid, a.attname, a.attnum,"
    "  pg_get_expr(p.polqual, p.polrelid) AS text"
    "  FROM pg_policy p"
    "  JOIN pg_class c ON c.oid = p.polrelid AND c.reltuples > 10000 AND c.relrowsecurity"
    "  JOIN pg_depend x ON x.classid = 'pg_policy'::regclass AND x.objid = p.oid"
    "   AND x.refclassid = 'pg_class'::regclass AND x.refobjid = p.polrelid AND x.refobjsubid > 0"
    "  JOIN pg_attribute a ON a.attrelid = p.polrelid AND a.attnum = x.refobjsubid"
    "  WHERE p.polcmd IN ('r', '*') AND a.atttypid <> 'boolean'::regtype),"
    " compared AS (SELECT * FROM used u WHERE u.text ~ "
    "  ('(^|[^.[:alnum:]_\"])' || regexp_replace(quote_ident(u.attname), '([^[:alnum:]_])', "
    "'\\\\\\1', 'g')"
    "   || ' = '))"
    " SELECT format('The policy %I on %s compares the column %I of each row, and no index begins "
    "with"
    " it: reading what a user may see reads the whole table.', polname, polrelid::regclass, "
    "attname),"
    " format('CREATE INDEX CONCURRENTLY ON %s (%I);', polrelid::regclass, attname)"
    " FROM compared c WHERE NOT EXISTS (SELECT FROM compared o JOIN pg_index i ON i.indrelid = "
    "o.polrelid"
    "  AND i.indkey[0] = o.attnum AND i.indisvalid AND i.indpred IS NULL WHERE o.oid = c.oid)"
    " ORDER BY 1";

void
doctor_contract_policies(struct doctor *d)
{
    struct str message;

    if (!doctor_facts_need(d))
        return;
    const struct rows *rows = db_query(d->db, d->arena, policies_sql, 0, NULL, &message);
    if (!rows)
        doctor_skip(d, "%.*s", STR_PRINT(str_trim(message)));
    for (int i = 0; rows && i < rows_count(rows); i++)
        doctor_warn(d, rows_get(rows, i, 1), "%.*s", STR_PRINT(rows_get(rows, i, 0)));
}
