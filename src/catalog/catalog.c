/*
 * catalog.c - looking things up in a catalog, and writing its text form.
 *
 * What is written is the one canonical form: catalog_parse.c reads it back to
 * an equal catalog, and a canonical text is printed byte for byte as it was.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog.h"

#include "base/buf.h"
#include "base/map.h"

static const struct {
    const char *name;
    bool is_binary;
} column_types[] = {
#define COLUMN_ROW(constant, name, is_binary) { name, is_binary },
    COLUMN_KINDS(COLUMN_ROW)
#undef COLUMN_ROW
};

enum { COLUMN_TYPE_COUNT = ARRAY_LENGTH(column_types) };

const struct table *
catalog_find_table(const struct catalog *c, struct str name)
{
    return map_get(c->tables_by_name, name);
}

const struct function *
catalog_find_function(const struct catalog *c, struct str name)
{
    const struct function *first = map_get(c->functions_by_name, name);

    if (!first)
        return NULL;
    for (const struct function *f = first + 1; f < c->functions + c->function_count; f++)
        if (str_equal(f->name, name))
            return NULL;
    return first;
}

const struct enum_type *
catalog_find_enum(const struct catalog *c, struct str type_name)
{
    for (int i = 0; i < c->enum_count; i++)
        if (str_equal(c->enums[i].name, type_name))
            return &c->enums[i];
    return NULL;
}

const struct column *
table_find_column(const struct table *t, struct str name)
{
    return map_get(t->columns_by_name, name);
}

static bool
key_is_column(const struct key *key, const struct column *column)
{
    return key->count == 1 && key->columns[0] == column;
}

bool
table_is_unique(const struct table *t, const struct column *column)
{
    if (key_is_column(&t->primary_key, column))
        return true;
    for (int i = 0; i < t->unique_count; i++)
        if (key_is_column(&t->unique_keys[i], column))
            return true;
    return false;
}

/* Is `type_name` this type, with or without a modifier: `character varying(150)`,
 * `timestamp(3) with time zone`? */
static bool
is_type(struct str type_name, struct str type)
{
    size_t open = str_find(type_name, '(');
    size_t close = str_find(type_name, ')');

    if (open == type_name.len || close < open || close == type_name.len)
        return str_equal(type_name, type);
    struct str head = { type_name.ptr, open };
    struct str tail = { type_name.ptr + close + 1, type_name.len - close - 1 };
    return type.len == head.len + tail.len && str_starts_with(type, head) &&
           str_ends_with(type, tail);
}

enum column_kind
column_kind_find(struct str type_name)
{
    for (int kind = 0; kind < COLUMN_ENUM; kind++)
        if (is_type(type_name, str_from(column_types[kind].name)))
            return (enum column_kind)kind;
    /* A `char` without a length shows its inner name. */
    return str_is(type_name, "bpchar") ? COLUMN_CHAR : COLUMN_OTHER;
}

const char *
column_kind_name(enum column_kind kind)
{
    return column_types[kind].name;
}

bool
column_kind_is_binary(enum column_kind kind)
{
    return column_types[kind].is_binary;
}

static bool
is_plain(struct str name)
{
    if (name.len == 0 || str_is(name, "references") || (name.ptr[0] >= '0' && name.ptr[0] <= '9'))
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
    if (is_plain(name)) {
        buf_put(b, name);
        return;
    }
    buf_byte(b, '"');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, name.ptr[i]);
    }
    buf_byte(b, '"');
}

static void
print_names(struct buf *b, const struct column *const *columns, int count)
{
    for (int i = 0; i < count; i++) {
        buf_byte(b, ' ');
        print_name(b, columns[i]->name);
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
    print_name(b, key->to->name);
    print_names(b, key->to_columns, key->count);
    buf_byte(b, '\n');
}

static void
print_table(struct buf *b, const struct table *t)
{
    buf_put_c(b, "table ");
    print_name(b, t->name);
    buf_byte(b, '\n');
    for (int i = 0; i < t->column_count; i++) {
        buf_put_c(b, "column ");
        print_name(b, t->columns[i].name);
        buf_byte(b, ' ');
        buf_put(b, t->columns[i].type_name);
        buf_put_c(b, t->columns[i].is_not_null ? " not null\n" : "\n");
    }
    if (t->primary_key.count > 0)
        print_key(b, "primary key", &t->primary_key);
    for (int i = 0; i < t->unique_count; i++)
        print_key(b, "unique", &t->unique_keys[i]);
    for (int i = 0; i < t->foreign_key_count; i++)
        print_foreign_key(b, &t->foreign_keys[i]);
    if (t->may_hide_rows)
        buf_put_c(b, "policy hides rows\n");
}

static void
print_function(struct buf *b, const struct function *f)
{
    buf_put_c(b, "function ");
    print_name(b, f->name);
    buf_byte(b, '(');
    for (int i = 0; i < f->parameter_count; i++) {
        const struct parameter *p = &f->parameters[i];
        buf_put_c(b, i > 0 ? ", " : "");
        print_name(b, p->name);
        buf_byte(b, ' ');
        buf_put(b, p->type_name);
        buf_put_c(b, p->has_default ? " default" : "");
    }
    buf_put_c(b, f->returns_set ? ") returns setof " : ") returns ");
    buf_put(b, f->returns_type);
    buf_put_c(b, f->is_volatile ? " volatile\n" : " stable\n");
}

void
catalog_print(struct buf *b, const struct catalog *c)
{
    if (c->hash.ptr) {
        buf_put_c(b, "catalog ");
        buf_put(b, c->hash);
        buf_byte(b, '\n');
    }
    for (int i = 0; i < c->enum_count; i++)
        print_enum(b, &c->enums[i]);
    for (int i = 0; i < c->table_count; i++)
        print_table(b, &c->tables[i]);
    for (int i = 0; i < c->function_count; i++)
        print_function(b, &c->functions[i]);
}
