/*
 * init_write_input.c - the types of the contract that are no table's: filters, orders, enums,
 * scalars.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "language/print.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"
#include "init/init_writer.h"

/* --- filters --- */

/* Does any filter ask for rows of the table that are joined to others? */
static bool
is_list_filtered(const struct init_model *m, const struct init_table *t)
{
    for (int i = 0; i < m->table_count; i++) {
        const struct init_table *other = &m->tables[i];
        for (int j = 0; init_is_shown(other) && j < other->relation_count; j++)
            if (other->relations[j].to == t && !other->relations[j].is_single &&
                init_is_filtered_by(other, &other->relations[j]))
                return true;
    }
    return false;
}

void
init_write_filter(struct init_writer *w, const struct init_table *t)
{
    struct arena *a = w->model->arena;
    struct str type = str_format(a, "%.*sFilter", STR_PRINT(t->stem));

    if (t->filter_count == 0)
        return;
    buf_printf(w->out, "\ninput %.*s {\n", STR_PRINT(type));
    for (int i = 0; i < t->filter_count; i++) {
        const struct init_filter *f = &t->filters[i];
        init_put_item(w, type, f->field, STR_NONE,
                      str_format(a, "%.*s: %.*s", STR_PRINT(f->field), STR_PRINT(f->type)),
                      init_column_directive(w, t->table, f->column, f->field));
    }
    for (int i = 0; i < t->relation_count; i++) {
        const struct init_relation *r = &t->relations[i];
        if (init_is_filtered_by(t, r))
            init_put_item(w, type, r->plain, STR_NONE,
                          str_format(a, "%.*s: %.*s%s", STR_PRINT(r->plain), STR_PRINT(r->to->stem),
                                     r->is_single ? "Filter" : "ListFilter"),
                          STR(""));
    }
    buf_printf(w->out, "  and: [%.*s!]\n  or: [%.*s!]\n  not: %.*s\n}\n", STR_PRINT(type),
               STR_PRINT(type), STR_PRINT(type));
    if (is_list_filtered(w->model, t))
        buf_printf(w->out,
                   "\ninput %.*sListFilter {\n"
                   "  some: %.*s\n"
                   "  every: %.*s\n"
                   "  none: %.*s\n"
                   "}\n",
                   STR_PRINT(t->stem), STR_PRINT(type), STR_PRINT(type), STR_PRINT(type));
}

/* --- orders --- */

void
init_write_sort(struct init_writer *w, const struct init_table *t)
{
    struct arena *a = w->model->arena;
    struct str type = str_format(a, "%.*sSort", STR_PRINT(t->stem));

    if (t->order_count == 0)
        return;
    buf_printf(w->out, "\nenum %.*s {\n", STR_PRINT(type));
    for (int i = 0; i < t->order_count; i++) {
        const struct init_order *o = &t->orders[i];
        init_put_item(w, type, o->value, STR_NONE, o->value,
                      o->by.ptr
                          ? str_format(a, "@order(by: %.*s)", STR_PRINT(init_quoted(w, o->by)))
                          : STR(""));
    }
    buf_put_c(w->out, "}\n");
}

/* --- shared types --- */

static bool
has_connections(const struct init_model *m)
{
    if (m->options.style == INIT_LISTS)
        return false;
    for (int i = 0; i < m->table_count; i++)
        if (init_is_shown(&m->tables[i]) && !m->tables[i].is_between && m->tables[i].key_count > 0)
            return true;
    return false;
}

/* The named type within `[Mood!]`. */
static struct str
named(struct str type)
{
    while (type.len > 0 && type.ptr[0] == '[')
        type = (struct str){ type.ptr + 1, type.len - 1 };
    while (type.len > 0 && (type.ptr[type.len - 1] == ']' || type.ptr[type.len - 1] == '!'))
        type.len--;
    return type;
}

/* Is the scalar or enum shown by a field? */
static bool
is_used(const struct init_model *m, struct str name)
{
    for (int i = 0; i < m->table_count; i++) {
        const struct init_table *t = &m->tables[i];
        for (int j = 0; init_is_shown(t) && j < t->table->column_count; j++)
            if ((t->columns[j].field.ptr && str_equal(named(t->columns[j].type), name)) ||
                (t->columns[j].setter.ptr && str_equal(named(t->columns[j].setter_type), name)))
                return true;
        for (int j = 0; init_is_shown(t) && !t->is_between && j < t->key_count; j++)
            if (str_equal(named(init_column_type(m, t->key[j])), name))
                return true;
    }
    return false;
}

static void
write_enum(struct init_writer *w, const struct init_enum *e)
{
    struct arena *a = w->model->arena;

    buf_byte(w->out, '\n');
    if (e->description.ptr && e->description.len > 0)
        print_description(w->out, e->description, 0);
    buf_printf(w->out, "enum %.*s {\n", STR_PRINT(e->name));
    for (int i = 0; i < e->type->label_count; i++) {
        struct str label = e->type->labels[i], value = e->values[i];
        init_put_item(w, e->name, value, STR_NONE, value,
                      str_equal(label, value)
                          ? STR("")
                          : str_format(a, "@label(of: %.*s)", STR_PRINT(init_quoted(w, label))));
    }
    buf_put_c(w->out, "}\n");
}

/* What each set of operators has; `%` stands for the type that is compared. */
static const struct {
    unsigned set;
    bool is_list;
    const char *fields;
} operators[] = {
    { INIT_EQUAL, false, "  eq: %\n  in: [%!]\n" },
    { INIT_RANGE, false, "  lt: %\n  lte: %\n  gt: %\n  gte: %\n" },
    { INIT_NULL, false, "  isNull: Boolean\n" },
    { INIT_PREFIX, false, "  startsWith: String\n" },
    { INIT_TEXT, false,
      "  startsWith: String\n  contains: String\n  iStartsWith: String\n  iContains: String\n" },
    { INIT_ELEMENTS, true, "  has: %\n  hasAll: [%!]\n  hasAny: [%!]\n" },
    { INIT_ELEMENTS, false, "  contains: %\n" },
    { INIT_KEYS, false, "  hasKey: String\n  hasAnyKey: [String!]\n  hasAllKeys: [String!]\n" },
    { INIT_WORDS, false, "  matches: String\n" },
};

static void
write_comparison(struct init_writer *w, const struct init_comparison *c)
{
    buf_printf(w->out, "\ninput %.*s {\n", STR_PRINT(c->name));
    for (size_t i = 0; i < ARRAY_LENGTH(operators); i++) {
        if (!(c->set & operators[i].set) || c->is_list != operators[i].is_list)
            continue;
        for (const char *p = operators[i].fields; *p; p++)
            if (*p == '%')
                buf_put(w->out, c->scalar);
            else
                buf_byte(w->out, *p);
    }
    buf_put_c(w->out, "}\n");
}

static const struct {
    const char *name;
    bool is_quoted;
    const char *sentence;
} scalars[] = {
#define INIT_SCALAR(name, is_quoted, sentence) { name, is_quoted, sentence },
    INIT_SCALARS(INIT_SCALAR)
#undef INIT_SCALAR
};

void
init_write_shared(struct init_writer *w)
{
    const struct init_model *m = w->model;

    if (has_connections(m))
        buf_put_c(w->out, "\ntype PageInfo {\n"
                          "  hasNextPage: Boolean!\n"
                          "  hasPreviousPage: Boolean!\n"
                          "  startCursor: String\n"
                          "  endCursor: String\n"
                          "}\n");
    if (m->options.style == INIT_RELAY)
        buf_put_c(w->out, "\ninterface Node {\n  id: ID!\n}\n");
    for (int i = 0; i < m->enum_count; i++)
        if (is_used(m, m->enums[i].name))
            write_enum(w, &m->enums[i]);
    for (int i = 0; i < m->comparison_count; i++)
        write_comparison(w, &m->comparisons[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(scalars); i++) {
        if (!is_used(m, str_from(scalars[i].name)))
            continue;
        buf_byte(w->out, '\n');
        print_description(w->out, str_from(scalars[i].sentence), 0);
        buf_printf(w->out, "scalar %s%s\n", scalars[i].name,
                   scalars[i].is_quoted ? " @quoted" : "");
    }
}
