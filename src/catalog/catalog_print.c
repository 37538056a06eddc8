/*
 * catalog_print.c - a catalog's text form.
 *
 * What is written is the one canonical form: catalog_parse.c reads it back to
 * an equal catalog, and a canonical text is printed byte for byte as it was.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"

static bool
is_plain(struct str name)
{
    if (name.len == 0 || (name.ptr[0] >= '0' && name.ptr[0] <= '9'))
        return false;
    if (str_is(name, "references") || str_is(name, "not") || str_is(name, "variadic"))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return true;
}

static void
print_name(struct buf *b, struct str name)
{
    if (is_plain(name))
        buf_put(b, name);
    else
        identifier_quote(b, name);
}

static void
print_qualified(struct buf *b, struct str schema, struct str local_name)
{
    if (schema.ptr) {
        print_name(b, schema);
        buf_byte(b, '.');
    }
    print_name(b, local_name);
}

static void
print_names(struct buf *b, const struct column *const *columns, int count)
{
    for (int i = 0; i < count; i++) {
        buf_byte(b, ' ');
        print_name(b, columns[i]->name);
    }
}

/* `word role role`, unless there is none. */
static void
print_roles(struct buf *b, const struct catalog *c, const char *word, uint32_t roles)
{
    if (roles != 0)
        buf_put_c(b, word);
    for (int i = 0; i < c->role_count; i++)
        if (roles & UINT32_C(1) << i) {
            buf_byte(b, ' ');
            print_name(b, c->roles[i]);
        }
}

static void
print_denied(struct buf *b, const struct catalog *c, uint32_t denied)
{
    print_roles(b, c, " denied", denied);
}

/* A line for each role that may not read some columns. */
static void
print_denied_columns(struct buf *b, const struct catalog *c, const struct table *t)
{
    for (int role = 0; role < c->role_count; role++) {
        bool is_first = true;
        for (int i = 0; i < t->column_count; i++) {
            if (!(t->columns[i].denied & UINT32_C(1) << role))
                continue;
            if (is_first) {
                buf_put_c(b, "denied ");
                print_name(b, c->roles[role]);
            }
            is_first = false;
            buf_byte(b, ' ');
            print_name(b, t->columns[i].name);
        }
        if (!is_first)
            buf_byte(b, '\n');
    }
}

/* The roles that may read columns, but not the table as a whole. */
static void
print_parts(struct buf *b, const struct catalog *c, const struct table *t)
{
    uint32_t wholly = UINT32_MAX, denied = t->row_version.denied;

    for (int i = 0; i < t->column_count; i++)
        wholly &= t->columns[i].denied;
    denied &= ~wholly;
    if (denied == 0)
        return;
    print_roles(b, c, "parts", denied);
    buf_byte(b, '\n');
}

/* `insert app_user url title`, unless there is none. */
static void
print_written(struct buf *b, const struct catalog *c, const struct table *t, int role,
              bool is_update)
{
    uint32_t bit = UINT32_C(1) << role;
    int count = 0;

    for (int i = 0; i < t->column_count; i++)
        count += !((is_update ? t->columns[i].denied_update : t->columns[i].denied_insert) & bit);
    if (count == 0)
        return;
    buf_put_c(b, is_update ? "update " : "insert ");
    print_name(b, c->roles[role]);
    for (int i = 0; count < t->column_count && i < t->column_count; i++) {
        const struct column *column = &t->columns[i];
        if ((is_update ? column->denied_update : column->denied_insert) & bit)
            continue;
        buf_byte(b, ' ');
        print_name(b, column->name);
    }
    buf_byte(b, '\n');
}

/* What each role may write. */
static void
print_writers(struct buf *b, const struct catalog *c, const struct table *t)
{
    for (int role = 0; c->knows_writers && role < c->role_count; role++) {
        if (!(t->denied_delete & UINT32_C(1) << role)) {
            buf_put_c(b, "delete ");
            print_name(b, c->roles[role]);
            buf_byte(b, '\n');
        }
        print_written(b, c, t, role, false);
        print_written(b, c, t, role, true);
    }
}

static void
print_sequences(struct buf *b, const struct catalog *c, const struct table *t)
{
    for (int i = 0; i < t->sequence_count; i++) {
        const struct sequence_use *use = &t->sequences[i];
        buf_put_c(b, "sequence ");
        print_name(b, use->column->name);
        buf_byte(b, ' ');
        print_qualified(b, use->schema, use->local_name);
        print_denied(b, c, use->denied);
        buf_byte(b, '\n');
    }
}

static void
print_enum(struct buf *b, const struct enum_type *e)
{
    buf_put_c(b, "enum ");
    buf_put(b, e->name);
    for (int i = 0; i < e->label_count; i++) {
        buf_byte(b, ' ');
        print_name(b, e->labels[i]);
    }
    buf_byte(b, '\n');
}

static void
print_key(struct buf *b, const char *word, const struct key *key)
{
    buf_put_c(b, word);
    print_names(b, key->columns, key->count);
    buf_byte(b, '\n');
}

static void
print_foreign_key(struct buf *b, const struct foreign_key *key)
{
    buf_put_c(b, "foreign key");
    print_names(b, key->from_columns, key->count);
    buf_put_c(b, " references ");
    print_qualified(b, key->to->schema, key->to->local_name);
    print_names(b, key->to_columns, key->count);
    if (key->is_not_valid)
        buf_put_c(b, key->name.ptr ? " not valid " : " not valid");
    if (key->name.ptr)
        print_name(b, key->name);
    buf_byte(b, '\n');
}

static void
print_column(struct buf *b, const struct column *column)
{
    static const char *const fillings[] = {
        [COLUMN_GIVEN] = "",
        [COLUMN_DEFAULT] = " default",
        [COLUMN_IDENTITY] = " identity",
        [COLUMN_GENERATED] = " generated",
    };

    print_name(b, column->name);
    buf_byte(b, ' ');
    buf_put(b, column->type->name);
    buf_put_c(b, column->is_not_null ? " not null" : "");
    buf_put_c(b, column->has_elements_not_null ? " elements not null" : "");
    if (column->collation.len > 0) {
        buf_put_c(b, " collation ");
        print_name(b, column->collation);
    }
    buf_put_c(b, column->is_nondeterministic ? " nondeterministic" : "");
    buf_put_c(b, fillings[column->filling]);
}

/* A line, if some columns have such an index. */
static void
print_search(struct buf *b, const struct table *t, enum column_search search, const char *line)
{
    bool is_first = true;

    for (int i = 0; i < t->column_count; i++) {
        if (t->columns[i].search != search)
            continue;
        buf_put_c(b, is_first ? line : "");
        is_first = false;
        buf_byte(b, ' ');
        print_name(b, t->columns[i].name);
    }
    if (!is_first)
        buf_byte(b, '\n');
}

static void
print_index_term(struct buf *b, const struct index_term *term)
{
    if (term->column) {
        print_name(b, term->column->name);
    } else {
        buf_byte(b, '(');
        print_name(b, term->expression);
        buf_byte(b, ')');
    }
    if (!str_is(term->operators, INDEX_OPERATORS_BTREE)) {
        buf_put_c(b, " by ");
        print_name(b, term->operators);
    }
    buf_put_c(b, term->is_collated ? " collated" : "");
    buf_put_c(b, term->is_bytewise ? " bytewise" : "");
    buf_put_c(b, term->is_descending ? " desc" : "");
    if (term->is_nulls_first != term->is_descending)
        buf_put_c(b, term->is_nulls_first ? " nulls first" : " nulls last");
}

static void
print_index(struct buf *b, const struct index *index)
{
    buf_put_c(b, "index ");
    print_name(b, index->method);
    for (int i = 0; i < index->count; i++) {
        buf_put_c(b, i == 0 ? " " : ", ");
        print_index_term(b, &index->terms[i]);
    }
    if (index->predicate.ptr) {
        buf_put_c(b, " where ");
        print_name(b, index->predicate);
    }
    buf_byte(b, '\n');
}

static void
print_personal(struct buf *b, const struct catalog *c, const struct table *t)
{
    for (int i = 0; i < t->policy_count; i++) {
        buf_put_c(b, "personal ");
        print_name(b, t->policies[i].name);
        print_roles(b, c, "", t->policies[i].roles);
        buf_byte(b, '\n');
    }
}

static void
print_table(struct buf *b, const struct catalog *c, const struct table *t)
{
    buf_put_c(b, "table ");
    print_qualified(b, t->schema, t->local_name);
    buf_put_c(b, t->kind == TABLE_PLAIN ? "" : " ");
    buf_put_c(b, table_kind_name(t->kind));
    buf_byte(b, '\n');
    if (c->hash.ptr && t->row_count > 0)
        buf_printf(b, "rows %lld\n", (long long)t->row_count);
    for (int i = 0; i < t->column_count; i++) {
        buf_put_c(b, "column ");
        print_column(b, &t->columns[i]);
        buf_byte(b, '\n');
    }
    if (t->primary_key.count > 0)
        print_key(b, "primary key", &t->primary_key);
    for (int i = 0; i < t->unique_count; i++)
        print_key(b, "unique", &t->unique_keys[i]);
    for (int i = 0; i < t->foreign_key_count; i++)
        print_foreign_key(b, &t->foreign_keys[i]);
    for (int i = 0; i < t->constraint_count; i++) {
        buf_put_c(b, "constraint ");
        print_name(b, t->constraints[i].name);
        print_names(b, t->constraints[i].columns, t->constraints[i].count);
        buf_byte(b, '\n');
    }
    if (t->may_hide_rows)
        buf_put_c(b, "policy hides rows\n");
    print_personal(b, c, t);
    print_search(b, t, SEARCH_LOWER, "search lower");
    print_search(b, t, SEARCH_PLAIN, "search plain");
    for (int i = 0; i < t->index_count; i++)
        print_index(b, &t->indexes[i]);
    print_denied_columns(b, c, t);
    print_parts(b, c, t);
    print_writers(b, c, t);
    print_sequences(b, c, t);
}

static void
print_parameter(struct buf *b, const struct parameter *p)
{
    buf_put_c(b, p->is_variadic ? "variadic " : "");
    print_name(b, p->name);
    buf_byte(b, ' ');
    buf_put(b, p->type->name);
    buf_put_c(b, p->has_default ? " default" : "");
}

static void
print_result(struct buf *b, const struct function *f)
{
    if (!f->returns_row) {
        buf_put_c(b, f->returns_set ? "setof " : "");
        buf_put(b, f->returns->name);
        return;
    }
    buf_put_c(b, f->returns_set ? "table(" : "row(");
    for (int i = 0; i < f->returns_row->column_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        print_column(b, &f->returns_row->columns[i]);
    }
    buf_byte(b, ')');
}

static void
print_function(struct buf *b, const struct catalog *c, const struct function *f)
{
    buf_put_c(b, "function ");
    print_qualified(b, f->schema, f->local_name);
    buf_byte(b, '(');
    for (int i = 0; i < f->parameter_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        print_parameter(b, &f->parameters[i]);
    }
    buf_put_c(b, ") returns ");
    print_result(b, f);
    buf_put_c(b, f->is_volatile ? " volatile" : f->is_immutable ? " immutable" : " stable");
    buf_put_c(b, f->is_not_inlined ? " not inlined" : "");
    if (f->definer.ptr) {
        buf_put_c(b, " definer ");
        print_name(b, f->definer);
    }
    print_denied(b, c, f->denied);
    buf_byte(b, '\n');
}

static void
print_aggregate(struct buf *b, const struct aggregate *aggregate)
{
    buf_put_c(b, "aggregate ");
    buf_put_c(b, aggregate_function_name(aggregate->function));
    buf_byte(b, '(');
    buf_put(b, aggregate->type->name);
    buf_put_c(b, ") returns ");
    buf_put(b, aggregate->returns->name);
    buf_byte(b, '\n');
}

static void
print_types_and_schemas(struct buf *b, const struct catalog *c)
{
    for (int i = 0; i < c->enum_count; i++)
        print_enum(b, &c->enums[i]);
    for (int i = 0; i < c->domain_count; i++) {
        buf_put_c(b, "domain ");
        buf_put(b, c->domains[i].name);
        buf_byte(b, ' ');
        buf_put(b, c->domains[i].base_name);
        buf_byte(b, '\n');
    }
    for (int i = 0; i < c->bare_type_count; i++) {
        buf_put_c(b, "type ");
        buf_put(b, c->bare_types[i].name);
        buf_put_c(b, c->bare_types[i].has_equality ? " lacks order\n" : " lacks equality\n");
    }
    for (int i = 0; i < c->aggregate_count; i++)
        print_aggregate(b, &c->aggregates[i]);
    for (int i = 0; i < c->leaky_type_count; i++) {
        buf_put_c(b, "type ");
        buf_put(b, c->leaky_types[i]);
        buf_put_c(b, " not leakproof\n");
    }
    for (int i = 0; i < c->schema_count; i++) {
        buf_put_c(b, "schema ");
        print_name(b, c->schemas[i].name);
        buf_put_c(b, c->schemas[i].is_first ? " first" : "");
        print_denied(b, c, c->schemas[i].denied);
        buf_byte(b, '\n');
    }
}

void
catalog_print(struct buf *b, const struct catalog *c)
{
    if (c->hash.ptr) {
        buf_put_c(b, "catalog ");
        buf_put(b, c->hash);
        buf_byte(b, '\n');
    }
    if (c->role_count > 0)
        buf_put_c(b, "roles");
    for (int i = 0; i < c->role_count; i++) {
        buf_byte(b, ' ');
        print_name(b, c->roles[i]);
    }
    if (c->role_count > 0)
        buf_byte(b, '\n');
    print_types_and_schemas(b, c);
    for (int i = 0; i < c->table_count; i++)
        print_table(b, c, &c->tables[i]);
    for (int i = 0; i < c->function_count; i++)
        print_function(b, c, &c->functions[i]);
}

uint64_t
catalog_fingerprint(const struct catalog *c)
{
    struct catalog catalog = *c;
    struct buf b = { 0 };

    catalog.hash = STR_NONE;
    catalog_print(&b, &catalog);
    uint64_t fingerprint = str_hash(buf_str(&b)) | 1;
    buf_free(&b);
    return fingerprint;
}
