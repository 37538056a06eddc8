/*
 * catalog_parse_rights.c - what roles may read and write of a table.
 *
 * While lines are read, the columns' `denied_insert` and `denied_update`, and the table's
 * `denied_delete`, are the roles that may; the end turns them around.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog_parse_internal.h"

void
catalog_parse_denied(struct catalog_reader *r)
{
    uint32_t role = catalog_parse_role(r);
    int count = 0;
    const struct column **columns = catalog_parse_columns(r, r->table, &count);

    for (int i = 0; !r->scan.failed && i < count; i++)
        r->table->columns[columns[i]->number].denied |= role;
}

void
catalog_parse_parts(struct catalog_reader *r)
{
    while (!scan_at_end(&r->scan) && !r->scan.failed)
        r->table->row_version.denied |= catalog_parse_role(r);
}

/* `role`, or `role column column`: give the columns, or all of them, the role's bit. */
static void
read_columns(struct catalog_reader *r, bool is_update)
{
    struct table *t = r->table;
    uint32_t role = catalog_parse_role(r);
    bool is_all = scan_at_end(&r->scan);
    int count = t->column_count;
    const struct column **columns = is_all ? NULL : catalog_parse_columns(r, t, &count);

    r->catalog->knows_writers = true;
    for (int i = 0; !r->scan.failed && i < count; i++) {
        struct column *column = &t->columns[columns ? columns[i]->number : i];
        *(is_update ? &column->denied_update : &column->denied_insert) |= role;
    }
}

void
catalog_parse_insert(struct catalog_reader *r)
{
    read_columns(r, false);
}

void
catalog_parse_update(struct catalog_reader *r)
{
    read_columns(r, true);
}

void
catalog_parse_delete(struct catalog_reader *r)
{
    r->catalog->knows_writers = true;
    r->table->denied_delete |= catalog_parse_role(r);
}

/* `policy`, or `policy role role`: without roles, the catalog has none. */
void
catalog_parse_personal(struct catalog_reader *r)
{
    struct table *t = r->table;
    struct personal_policy policy = { .name = scan_name(&r->scan) };

    if (scan_at_end(&r->scan))
        policy.roles = 1;
    while (!scan_at_end(&r->scan) && !r->scan.failed)
        policy.roles |= catalog_parse_role(r);
    t->personal |= policy.roles;
    GROW(r, t->policies, t->policy_count);
    t->policies[t->policy_count++] = policy;
}

void
catalog_parse_sequence(struct catalog_reader *r)
{
    struct table *t = r->table;
    struct sequence_use use = { .column = catalog_parse_column_name(r, t) };

    use.name = catalog_parse_name(r, &use.schema, &use.local_name);
    scan_expect(&r->scan, "denied");
    do
        use.denied |= catalog_parse_role(r);
    while (!scan_at_end(&r->scan) && !r->scan.failed);
    GROW(r, t->sequences, t->sequence_count);
    t->sequences[t->sequence_count++] = use;
}

/* xmin: whoever may read no column may not read it either. */
static void
make_row_version(struct catalog_reader *r, struct table *t, uint32_t all)
{
    struct column *version = &t->row_version;
    uint32_t denied = all;

    for (int i = 0; i < t->column_count; i++)
        denied &= t->columns[i].denied;
    version->name = STR("xmin");
    version->type = catalog_parse_type(r, STR("xid"));
    version->type_name = version->type->base_name;
    version->kind = version->type->kind;
    version->is_not_null = true;
    version->denied |= denied;
    version->number = t->column_count;
}

void
catalog_parse_rights_end(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    uint32_t all = (uint32_t)((UINT64_C(1) << c->role_count) - 1);

    for (int i = 0; i < c->table_count; i++) {
        struct table *t = &c->tables[i];
        make_row_version(r, t, all);
        t->denied_delete = c->knows_writers ? all & ~t->denied_delete : 0;
        for (int j = 0; j < t->column_count; j++) {
            struct column *column = &t->columns[j];
            column->denied_insert = c->knows_writers ? all & ~column->denied_insert : 0;
            column->denied_update = c->knows_writers ? all & ~column->denied_update : 0;
        }
    }
}
