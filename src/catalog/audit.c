/*
 * audit.c - may a request see or change rows that no policy is asked about?
 *
 * audit.sql finds what is wrong, object by object; here objects that have the same fault for
 * the same roles become one finding.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/audit.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "database/db.h"

extern const char audit_sql[];

/* The columns of audit.sql. */
enum { KIND, WHO, WHAT, MEND, SCRIPT };

enum { SHOWN_MAXIMUM = 10 }; /* objects that a message names */

/* What is wrong: before the roles it concerns, and between these and the objects. */
struct audit_kind {
    const char *name;
    bool is_note;
    const char *before, *between;
    const char *hint; /* or NULL */
};

#define RLS "row-level security is not effective: "

static const char hint_for_all[] = "or, if everybody who may read by GRANT may see all rows: "
                                   "@table(name: ..., rows: ALL), or rows: ALL in @through";

static const struct audit_kind kinds[] = {
    { "superuser", false, RLS "the login role is or may become a superuser", "", NULL },
    { "bypass", false, RLS "the login role has BYPASSRLS or may become a role that has it", "",
      NULL },
    { "owner", false, RLS "the login role is or may become ", ", the owner of tables", NULL },
    { "open", false, RLS, " may use tables without row-level security", hint_for_all },
    { "unforced", false, RLS, " may become the owner, who is bound only by FORCE, of tables",
      NULL },
    { "writable", false, RLS, " may write to tables for which `rows: ALL` allows only reading",
      NULL },
    { "view", false, RLS, " may use views that have the rights of their owner", hint_for_all },
    { "stored", false, RLS, " may use materialized views or foreign tables, which have no policies",
      hint_for_all },
    { "rule", false, RLS, " may trigger rules that run with the rights of the table's owner",
      NULL },
    { "definer", false, RLS, " may call SECURITY DEFINER functions that are not @trusted",
      "or list them in the contract: @trusted on the field, or "
      "extend schema @trusted(functions: [...])" },
    { "encoding", false, "", "the database's encoding must be UTF8, but is", NULL },
    { "ctype", true, "",
      "ILIKE, lower() and @search ignore the case of ASCII letters only, since the database's "
      "ctype is",
      NULL },
    { "truncate", true, "", " may TRUNCATE (no policy restricts that) tables", NULL },
    { "closed", true, "", " may read tables, but no policy shows any row of", NULL },
    { "forced", true, "",
      ", the owner, is bound by FORCE but has no policy of its own, so its functions and "
      "migrations may not find all rows of tables",
      NULL },
    { "guarded", true, "", ": `rows: ALL` has no effect where row-level security is enabled, as on",
      NULL },
};

static const struct audit_kind *
find_kind(struct str name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
        if (str_is(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

/* Make a finding of `count` rows from `first` on. */
static struct audit_finding *
make_finding(struct arena *a, const struct rows *rows, int first, int count,
             const struct audit_kind *kind)
{
    struct audit_finding *finding = ARENA_NEW(a, struct audit_finding);
    struct buf *text = buf_new(a);

    buf_put_c(text, kind->before);
    buf_put(text, rows_get(rows, first, WHO));
    buf_put_c(text, kind->between);
    for (int i = 0; i < count && i < SHOWN_MAXIMUM; i++) {
        buf_put_c(text, i == 0 ? ": " : ", ");
        buf_put(text, rows_get(rows, first + i, WHAT));
    }
    if (count > SHOWN_MAXIMUM)
        buf_printf(text, " and %d more", count - SHOWN_MAXIMUM);
    finding->is_note = kind->is_note;
    finding->message = buf_str(text);
    finding->mends = ARENA_ARRAY(a, struct str, (size_t)count);
    for (int i = 0; i < count; i++) {
        struct str mend = rows_get(rows, first + i, MEND);
        bool is_new =
            finding->mend_count == 0 || !str_equal(mend, finding->mends[finding->mend_count - 1]);
        if (mend.ptr && is_new)
            finding->mends[finding->mend_count++] = mend;
    }
    finding->hint = kind->hint ? str_from(kind->hint) : STR_NONE;
    return finding;
}

static struct str
make_script(struct arena *a, const struct rows *rows)
{
    struct buf *b = buf_new(a);

    buf_put_c(
        b,
        "-- Requests can see or change more than policies and the contract allow.  These\n-- "
        "statements end that.  Read them, and decide on the lines that begin with --? before\n-- "
        "you run them.  pg_dump by a role that is not the owner then needs BYPASSRLS.\nBEGIN;\n");
    for (int i = 0; i < rows_count(rows); i++) {
        struct str part = rows_get(rows, i, SCRIPT);
        bool is_same = i > 0 && str_equal(part, rows_get(rows, i - 1, SCRIPT));
        if (!part.ptr || part.len == 0 || is_same)
            continue;
        buf_printf(b, "\n-- %.*s: %.*s\n", STR_PRINT(rows_get(rows, i, KIND)),
                   STR_PRINT(rows_get(rows, i, WHAT)));
        buf_put(b, part);
    }
    buf_put_c(b, "\nCOMMIT;\n");
    return buf_str(b);
}

static const struct audit *
make_audit(struct arena *a, const struct rows *rows, bool is_script_wanted)
{
    struct audit *audit = ARENA_NEW(a, struct audit);
    const struct audit_finding **end = &audit->first;
    int count;

    for (int i = 0; i < rows_count(rows); i += count) {
        struct str name = rows_get(rows, i, KIND);
        for (count = 1; i + count < rows_count(rows); count++)
            if (!str_equal(rows_get(rows, i + count, KIND), name) ||
                !str_equal(rows_get(rows, i + count, WHO), rows_get(rows, i, WHO)))
                break;
        const struct audit_kind *kind = find_kind(name);
        if (!kind) { /* only a part of the script */
            assert(is_script_wanted);
            continue;
        }
        struct audit_finding *finding = make_finding(a, rows, i, count, kind);
        *(kind->is_note ? &audit->note_count : &audit->misfit_count) += 1;
        *end = finding;
        end = (const struct audit_finding **)&finding->next;
    }
    if (is_script_wanted)
        audit->script = make_script(a, rows);
    return audit;
}

const struct audit *
audit_run(struct arena *a, struct db *db, const struct audit_scope *scope, struct str *message)
{
    /* Of all lists, PostgreSQL gets the text with its NUL. */
    const char *values[] = { scope->has_single_role ? "true" : "false",
                             str_format(a, "%.*s", STR_PRINT(scope->roles)).ptr,
                             str_format(a, "%.*s", STR_PRINT(scope->for_all)).ptr,
                             str_format(a, "%.*s", STR_PRINT(scope->trusted)).ptr,
                             scope->is_script_wanted ? "true" : "false" };
    const struct rows *rows =
        db_query(db, a, audit_sql, (int)ARRAY_LENGTH(values), values, message);

    return rows ? make_audit(a, rows, scope->is_script_wanted) : NULL;
}
