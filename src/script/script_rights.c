/*
 * script_rights.c - rights.sql: what roles must be allowed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "binder_base/trust.h"
#include "contract/contract.h"
#include "database/db.h"
#include "script/needs.h"
#include "script/script.h"
#include "script/script_internal.h"
#include "script/state.h"

void
script_comment(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        buf_byte(b, text.ptr[i] == '\n' || text.ptr[i] == '\r' ? ' ' : text.ptr[i]);
}

bool
script_breaks_line(struct str text)
{
    return str_find(text, '\n') < text.len || str_find(text, '\r') < text.len;
}

/* --- whom --- */

static uint32_t
given(const struct script_scope *scope)
{
    uint32_t roles = 0;

    for (int i = 0; i < scope->role_count; i++)
        roles |= scope->roles[i].is_given ? script_bit(i) : 0;
    return roles;
}

/* Roles of the configuration may have one of PostgreSQL's together. */
static bool
is_named_before(const struct script_scope *scope, uint32_t roles, int role)
{
    for (int i = 0; i < role; i++)
        if ((roles & script_bit(i)) &&
            str_equal(scope->roles[i].database_role, scope->roles[role].database_role))
            return true;
    return false;
}

void
script_roles(const struct script *r, uint32_t roles)
{
    const char *separator = " TO ";

    for (int i = 0; i < r->scope->role_count; i++)
        if ((roles & script_bit(i)) && !is_named_before(r->scope, roles, i)) {
            buf_put_c(r->out, separator);
            identifier_write(r->out, r->scope->roles[i].database_role);
            separator = ", ";
        }
}

void
script_grants(const struct script *r, struct str statement, uint32_t roles)
{
    uint32_t now = roles & given(r->scope), later = roles & ~now;

    if (now) {
        buf_put(r->out, statement);
        script_roles(r, now);
        buf_put_c(r->out, ";\n");
    }
    if (!later)
        return;
    if (script_breaks_line(statement)) {
        buf_put_c(r->out, "-- A name here has a line break: write the GRANT for the others by "
                          "hand.\n");
        return;
    }
    buf_put_c(r->out, "--? ");
    buf_put(r->out, statement);
    script_roles(r, later);
    buf_put_c(r->out, ";\n");
}

/* --- tables --- */

static bool
has_all_columns(const struct needs_table *t, const uint32_t *by_column, uint32_t role)
{
    if (by_column[t->table->row_version.number] & role) /* it is a part of the whole */
        return true;
    for (int i = 0; i < t->table->column_count; i++)
        if (!(by_column[i] & role))
            return false;
    return true;
}

/* Have both roles the same columns? */
static bool
is_alike(const struct needs_table *t, const uint32_t *by_column, uint32_t one, uint32_t other)
{
    for (int i = 0; i <= t->table->row_version.number; i++)
        if (!(by_column[i] & one) != !(by_column[i] & other))
            return false;
    return true;
}

/* `GRANT SELECT (url, title) ON links`; STR_NONE: the role has no column. */
static struct str
column_statement(const struct script *r, const struct needs_table *t, const char *verb,
                 const uint32_t *by_column, uint32_t role, bool may_be_whole)
{
    struct buf *b = buf_new(r->arena);
    bool is_whole = may_be_whole && has_all_columns(t, by_column, role);
    int count = 0;

    buf_printf(b, "GRANT %s", verb);
    for (int i = 0; i < t->table->column_count; i++) {
        if (!(by_column[i] & role) || is_whole)
            continue;
        buf_put_c(b, count++ == 0 ? " (" : ", ");
        identifier_write(b, t->table->columns[i].name);
    }
    buf_put_c(b, is_whole ? " ON " : ") ON ");
    identifier_write_table(b, r->catalog, t->table);
    return count > 0 || is_whole ? buf_str(b) : STR_NONE;
}

void
script_grant_columns(const struct script *r, const struct needs_table *t, const char *verb,
                     const uint32_t *by_column, uint32_t roles, bool may_be_whole)
{
    uint32_t left = roles;

    for (int i = 0; i < r->scope->role_count; i++) {
        struct str text = column_statement(r, t, verb, by_column, script_bit(i), may_be_whole);
        uint32_t alike = 0;
        if (!(left & script_bit(i)) || !text.ptr)
            continue;
        for (int j = i; j < r->scope->role_count; j++)
            if ((left & script_bit(j)) && is_alike(t, by_column, script_bit(i), script_bit(j)))
                alike |= script_bit(j);
        script_grants(r, text, alike);
        left &= ~alike;
    }
}

static bool
is_for_all(const struct script *r, struct str table)
{
    struct buf *name = buf_new(r->arena);

    json_write_string(name, table);
    return memmem(r->for_all.ptr, r->for_all.len, name->ptr, name->len) != NULL;
}

static void
write_policies(const struct script *r, struct str table)
{
    bool has_any = false;

    for (const struct state_policy *p = r->state->policies; p; p = p->next) {
        if (!str_equal(p->table, table))
            continue;
        buf_put_c(r->out, "--     ");
        script_comment(r->out, p->name);
        buf_put_c(r->out, ", ");
        script_comment(r->out, p->about);
        if (p->condition.ptr) {
            buf_put_c(r->out, ": ");
            script_comment(r->out, p->condition);
        }
        buf_put_c(r->out, "\n");
        has_any |= p->is_for_requests;
    }
    if (!has_any)
        buf_put_c(r->out, "--     none of these roles has a policy that lets it read: it sees no "
                          "row.\n");
}

/* What else decides who sees which rows. */
static void
write_heading(const struct script *r, const struct needs_table *t)
{
    buf_put_c(r->out, "\n-- ");
    script_comment(r->out, t->table->name);
    if (state_has_name(r->state->guarded, t->table->name)) {
        buf_put_c(r->out, ": row-level security; its policies say who sees which rows:\n");
        write_policies(r, t->table->name);
    } else if (is_for_all(r, t->table->name))
        buf_put_c(r->out, ": no policies (rows: ALL in the contract): who may read it, sees all "
                          "rows.\n");
    else if (t->table->kind == TABLE_PLAIN || t->table->kind == TABLE_PARTITIONED)
        buf_put_c(r->out, ": no row-level security, and the contract does not say rows: ALL; "
                          "linnet check --fix-sql\n-- prints what is missing.\n");
    else
        buf_put_c(r->out, ".\n");
}

/* Columns that nobody gets, so that a reader sees what is left out. */
static void
write_left_out(const struct script *r, const struct needs_table *t)
{
    const char *separator = "-- Not granted: ";

    for (int i = 0; i < t->table->column_count; i++)
        if (!t->readers[i]) {
            buf_put_c(r->out, separator);
            script_comment(r->out, t->table->columns[i].name);
            separator = ", ";
        }
    if (separator[0] == ',')
        buf_put_c(r->out, "\n");
}

static void
write_tables(const struct script *r)
{
    for (int i = 0; i < r->needs->table_count; i++) {
        const struct needs_table *t = &r->needs->tables[i];
        if (!t->roles && (r->is_reading || !t->writers))
            continue;
        write_heading(r, t);
        write_left_out(r, t);
        script_grant_columns(r, t, "SELECT", t->readers, t->roles, true);
        if (!r->is_reading)
            script_write_writes(r, t);
    }
}

/* --- schemas and functions --- */

/* Who uses a schema that PUBLIC may not use. */
static uint32_t
users_of_schema(const struct script *r, struct str schema)
{
    const struct schema_rights *first = catalog_find_schema(r->catalog, STR_NONE);
    struct str first_name = first ? first->name : STR("public");
    uint32_t roles = 0;

    for (int i = 0; i < r->needs->table_count; i++) {
        const struct table *t = r->needs->tables[i].table;
        if (str_equal(t->schema.ptr ? t->schema : first_name, schema))
            roles |= r->needs->tables[i].roles | (r->is_reading ? 0 : r->needs->tables[i].writers);
    }
    for (const struct needs_function *f = r->needs->functions; f; f = f->next)
        if (str_equal(f->function->schema.ptr ? f->function->schema : first_name, schema))
            roles |= f->roles;
    return roles;
}

static void
write_schemas(const struct script *r)
{
    for (const struct state_name *s = r->state->schemas; s; s = s->next) {
        uint32_t roles = users_of_schema(r, s->name);
        struct buf *b = buf_new(r->arena);
        buf_put_c(b, "GRANT USAGE ON SCHEMA ");
        identifier_write(b, s->name);
        if (roles) {
            buf_put_c(r->out, "\n");
            script_grants(r, buf_str(b), roles);
        }
    }
}

static void
write_functions(const struct script *r)
{
    for (const struct needs_function *f = r->needs->functions; f; f = f->next) {
        struct buf *b = buf_new(r->arena);
        buf_put_c(b, "GRANT EXECUTE ON FUNCTION ");
        identifier_write_function(b, r->catalog, f->function);
        buf_put_c(r->out, "\n");
        script_grants(r, buf_str(b), f->roles);
    }
}

/* --- scripts --- */

static const struct needs *
collect(struct arena *a, const struct script_scope *scope, const struct state *state)
{
    struct needs *needs = needs_new(a, scope->contract->catalog);
    uint32_t done = 0, nobody = 0;

    for (int i = 0; i < scope->role_count; i++)
        nobody |= scope->roles[i].is_nobody ? script_bit(i) : 0;
    for (int i = 0; i < scope->role_count; i++) {
        uint32_t roles = 0;
        for (int j = i; j < scope->role_count; j++)
            roles |= scope->roles[j].contract == scope->roles[i].contract ? script_bit(j) : 0;
        if (!(done & script_bit(i)))
            needs_add(a, needs, scope->roles[i].contract, roles, nobody);
        done |= roles;
    }
    needs_follow(needs, scope->contract->catalog, state);
    return needs;
}

bool
script_begin(struct script *r, struct arena *a, struct buf *b, struct db *db,
             const struct script_scope *scope, struct str *message)
{
    struct str *roles = ARENA_ARRAY(a, struct str, (size_t)scope->role_count + 1);

    for (int i = 0; i < scope->role_count; i++)
        roles[i] = scope->roles[i].database_role;
    *r = (struct script){ .arena = a, .out = b, .scope = scope };
    r->catalog = scope->contract->catalog;
    r->state = state_read(a, db, roles, scope->role_count, message);
    if (!r->state)
        return false;
    r->needs = collect(a, scope, r->state);
    r->for_all = trust_collect(a, scope->contract->schema).for_all;
    return true;
}

void
script_write(const struct script *r)
{
    write_schemas(r);
    write_tables(r);
    write_functions(r);
}

bool
script_rights_print(struct arena *a, struct buf *b, struct db *db, const struct script_scope *scope,
                    struct str *message)
{
    struct script r;

    if (!script_begin(&r, a, b, db, scope, message))
        return false;
    buf_put_c(b, "-- rights.sql - what requests may read and write, as ");
    script_comment(b, scope->file);
    buf_put_c(b, " needs it.\n--\n"
                 "-- Read it, then run it as the owner of the tables or as a superuser:\n"
                 "--     psql --set ON_ERROR_STOP=1 -f rights.sql ...\n"
                 "-- The roles are made by scripts/roles.sql.  Nothing else is granted to them.  "
                 "Lines that begin\n"
                 "-- with `--? ` are not run: take these four characters off where it may be so.\n"
                 "BEGIN;\n");
    script_write(&r);
    buf_put_c(b, "\nCOMMIT;\n");
    return true;
}
