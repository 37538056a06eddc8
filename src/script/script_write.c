/*
 * script_write.c - of rights.sql: what roles need that write rows of a table.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "script/needs.h"
#include "script/script.h"
#include "script/script_internal.h"
#include "script/state.h"

/* --- grants --- */

static void
write_deletes(const struct script *r, const struct needs_table *t)
{
    struct buf *b = buf_new(r->arena);

    buf_put_c(b, "GRANT DELETE ON ");
    identifier_write_table(b, r->catalog, t->table);
    if (t->deleters)
        script_grants(r, buf_str(b), t->deleters);
}

/* Who adds a row draws its numbers. */
static void
write_sequences(const struct script *r, const struct needs_table *t)
{
    for (const struct state_sequence *s = r->state->sequences; s && t->adders; s = s->next)
        if (str_equal(s->table, t->table->name))
            script_grants(r,
                          str_format(r->arena, "GRANT USAGE ON SEQUENCE %.*s", STR_PRINT(s->name)),
                          t->adders);
}

/* --- policies --- */

/* `CREATE POLICY films_read ON films FOR SELECT TO linnet_user USING (true)` */
static void
propose_policy(const struct script *r, const struct needs_table *t, const char *name,
               const char *verb, uint32_t roles, const char *condition)
{
    buf_put_c(r->out, "--? CREATE POLICY ");
    identifier_write(r->out,
                     str_format(r->arena, "%.*s_%s", STR_PRINT(t->table->local_name), name));
    buf_put_c(r->out, " ON ");
    identifier_write_table(r->out, r->catalog, t->table);
    buf_printf(r->out, " FOR %s", verb);
    script_roles(r, roles);
    buf_printf(r->out, " %s;\n", condition);
}

/* A table without policies is written by nobody: somebody has to say which rows, and who. */
static void
write_policies(const struct script *r, const struct needs_table *t)
{
    if (state_has_name(r->state->guarded, t->table->name) || script_breaks_line(t->table->name))
        return;
    buf_put_c(r->out, "-- Who sees and writes which of its rows?  These say all to all that have a "
                      "right:\n");
    if (t->roles)
        propose_policy(r, t, "read", "SELECT", t->roles, "USING (true)");
    if (t->adders)
        propose_policy(r, t, "insert", "INSERT", t->adders, "WITH CHECK (true)");
    uint32_t updaters = 0;
    for (int i = 0; i < t->table->column_count; i++)
        updaters |= t->updaters[i];
    if (updaters)
        propose_policy(r, t, "update", "UPDATE", updaters, "USING (true)");
    if (t->deleters)
        propose_policy(r, t, "delete", "DELETE", t->deleters, "USING (true)");
}

void
script_write_writes(const struct script *r, const struct needs_table *t)
{
    if (!t->writers)
        return;
    script_grant_columns(r, t, "INSERT", t->inserters, t->adders, false);
    script_grant_columns(r, t, "UPDATE", t->updaters, t->writers, false);
    write_deletes(r, t);
    write_sequences(r, t);
    write_policies(r, t);
}
