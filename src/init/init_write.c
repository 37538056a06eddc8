/*
 * init_write.c - the text of the contract.
 *
 * Each field, input and value is an item, on lines of its own, so that what is found out about a
 * line is known of the item (init_judge.c) when the text is written again.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "language/print.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "init/init_internal.h"
#include "init/init_writer.h"

/* --- items --- */

/* The line that is written next. */
static int
line_of_end(struct init_writer *w)
{
    for (; w->counted < w->out->len; w->counted++)
        w->line += w->out->ptr[w->counted] == '\n';
    return w->line;
}

struct str
init_quoted(struct init_writer *w, struct str text)
{
    struct buf *b = buf_new(w->model->arena);

    print_string(b, text);
    return buf_copy(w->model->arena, b);
}

/* Write a directive behind what was written since `start`: on a line of its own, if that one would
 * be long. */
static void
put_directive(struct init_writer *w, size_t start, struct str directive)
{
    size_t len = 0;

    if (directive.len == 0)
        return;
    while (len < w->out->len - start && w->out->ptr[w->out->len - len - 1] != '\n')
        len++;
    buf_put_c(w->out, len + directive.len >= INIT_LINE_MOST ? "\n    " : " ");
    buf_put(w->out, directive);
}

void
init_put_comment(struct init_writer *w, const char *indent, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str text = str_vformat(w->model->arena, format, args);
    va_end(args);
    buf_printf(w->out, "%s# ", indent);
    bool is_broken = false; /* names may hold anything, and fields are indented */
    for (size_t i = 0; i < text.len; i++) {
        bool is_break = (unsigned char)text.ptr[i] < ' ';
        if (is_broken && (is_break || text.ptr[i] == ' '))
            continue;
        buf_byte(w->out, is_break ? ' ' : text.ptr[i]);
        is_broken = is_break;
    }
    buf_byte(w->out, '\n');
}

bool
init_put_item(struct init_writer *w, struct str type, struct str member, struct str description,
              struct str text, struct str directives)
{
    struct init_item *item = init_item(w->model, type, member);

    if (item->misfit.ptr) {
        init_put_comment(w, "  ", "%.*s: %s: %.*s", STR_PRINT(member),
                         init_reason_text(INIT_MISFIT), STR_PRINT(item->misfit));
        return false;
    }
    if (description.ptr && description.len > 0)
        print_description(w->out, description, 2);
    item->first_line = line_of_end(w);
    size_t start = w->out->len;
    buf_printf(w->out, "  %.*s", STR_PRINT(text));
    put_directive(w, start, directives);
    if (item->lack.ptr)
        put_directive(w, start,
                      str_format(w->model->arena, "@unindexed(reason: %.*s)",
                                 STR_PRINT(init_quoted(w, item->lack))));
    buf_byte(w->out, '\n');
    item->last_line = line_of_end(w) - 1;
    return true;
}

/* --- pieces --- */

struct str
init_quoted_names(struct init_writer *w, const struct column *const *columns, int count,
                  bool is_list)
{
    struct buf *b = buf_new(w->model->arena);

    buf_put_c(b, is_list || count > 1 ? "[" : "");
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        print_string(b, columns[i]->name);
    }
    buf_put_c(b, is_list || count > 1 ? "]" : "");
    return buf_copy(w->model->arena, b);
}

struct str
init_column_directive(struct init_writer *w, const struct table *table, const struct column *column,
                      struct str field)
{
    struct arena *a = w->model->arena;
    const struct column *said = table_find_column(table, field);

    if (!said)
        said = table_find_column(table, str_snake_case(a, field));
    if (said == column)
        return STR("");
    return str_format(a, "@column(name: %.*s)", STR_PRINT(init_quoted(w, column->name)));
}

/* --- Query --- */

bool
init_has_type(const struct init_table *t)
{
    return init_is_shown(t) && !t->is_between;
}

static void
write_query(struct init_writer *w)
{
    const struct init_model *m = w->model;
    struct str query = STR("Query");

    buf_put_c(w->out, "type Query {\n");
    for (int i = 0; i < m->table_count; i++) {
        const struct init_table *t = &m->tables[i];
        if (!init_has_type(t))
            continue;
        struct str order = t->key_count > 0 ? STR("")
                                            : str_format(m->arena, "@order(by: %.*s)",
                                                         STR_PRINT(init_quoted(w, t->order)));
        init_put_item(w, query, t->many, STR_NONE,
                      init_list_field(w, t->many, t, true, init_is_connection(w, t)), order);
        if (t->key_count > 0)
            init_put_item(w, query, t->one, STR_NONE, init_one_field(w, t), STR(""));
    }
    if (m->options.style == INIT_RELAY) {
        init_put_item(w, query, STR("node"), STR_NONE, STR("node(id: ID!): Node"), STR(""));
        init_put_item(w, query, STR("nodes"), STR_NONE, STR("nodes(ids: [ID!]!): [Node]!"),
                      STR(""));
    }
    buf_put_c(w->out, "}\n");
}

/* Without it no role of requests could be there. */
static void
write_trusted(struct init_writer *w)
{
    const struct init_model *m = w->model;

    if (m->trusted_count == 0)
        return;
    buf_byte(w->out, '\n');
    init_put_comment(
        w, "",
        "These functions have the rights of their owner, whom no policy binds, and others "
        "may call them.");
    init_put_comment(
        w, "",
        "Nothing here calls them; policies and other functions may. Do they show and change "
        "only what they should?");
    buf_put_c(w->out, "extend schema @trusted(\n  functions: [");
    for (int i = 0; i < m->trusted_count; i++)
        buf_printf(w->out, "%s%.*s", i > 0 ? ", " : "", STR_PRINT(init_quoted(w, m->trusted[i])));
    buf_put_c(w->out, "]\n)\n");
}

/* --- a type --- */

/* Rows that a table between without a key joins have no cursors. */
static bool
has_pages(const struct init_writer *w, const struct init_relation *r)
{
    return init_is_connection(w, r->to) && (!r->between || r->between->key_count > 0);
}

static struct str
join_directive(struct init_writer *w, const struct init_relation *r)
{
    struct arena *a = w->model->arena;
    const struct foreign_key *here = r->foreign_key, *there = r->onward;
    struct str columns = STR("");

    if (r->is_guess || here->is_not_valid) {
        bool is_forward = r->kind == INIT_TO_ONE;
        const struct column **from = is_forward ? here->from_columns : here->to_columns;
        const struct column **to = is_forward ? here->to_columns : here->from_columns;
        return str_format(a, "@join(column: %.*s, to: %.*s)",
                          STR_PRINT(init_quoted_names(w, from, here->count, false)),
                          STR_PRINT(init_quoted_names(w, to, here->count, false)));
    }
    if (r->kind != INIT_THROUGH)
        return r->is_named ? str_format(a, "@join(column: %.*s)",
                                        STR_PRINT(init_quoted_names(w, here->from_columns,
                                                                    here->count, false)))
                           : STR("");
    if (r->is_named)
        columns =
            str_format(a, ", column: %.*s, to: %.*s",
                       STR_PRINT(init_quoted_names(w, here->from_columns, here->count, false)),
                       STR_PRINT(init_quoted_names(w, there->from_columns, there->count, false)));
    return str_format(a, "@through(table: %.*s%.*s%s)",
                      STR_PRINT(init_quoted(w, r->between->table->name)), STR_PRINT(columns),
                      r->between->is_open ? ", rows: ALL" : "");
}

/* Has an index the rows that refer to one, in the order of their key? */
static bool
is_paged(const struct foreign_key *key, const struct init_table *from)
{
    for (int i = 0; i < key->from->index_count; i++) {
        const struct index *index = &key->from->indexes[i];
        bool is_it = str_is(index->method, "btree") && !index->predicate.ptr &&
                     index->count > from->key_count &&
                     index->terms[0].column == key->from_columns[0];
        for (int j = 0; is_it && j < from->key_count; j++)
            is_it = index->terms[j + 1].column == from->key[j];
        if (is_it)
            return true;
    }
    return false;
}

/* Nothing but a name says it: somebody has to decide whether it is so. */
static void
write_guess(struct init_writer *w, const struct init_relation *r, struct str text)
{
    const struct foreign_key *key = r->foreign_key;
    struct str lack =
        r->is_single || is_paged(key, r->to)
            ? STR("")
            : str_format(w->model->arena, " @unindexed(reason: \"no index of %.*s has its order\")",
                         STR_PRINT(key->from->name));

    init_put_comment(w, "  ", "There is no foreign key, but %.*s.%.*s looks like one:",
                     STR_PRINT(key->from->name), STR_PRINT(key->from_columns[0]->name));
    init_put_comment(w, "  ", "%.*s %.*s%.*s", STR_PRINT(text), STR_PRINT(join_directive(w, r)),
                     STR_PRINT(lack));
}

static void
write_relation(struct init_writer *w, const struct init_table *t, const struct init_relation *r)
{
    struct str text = r->is_single
                          ? str_format(w->model->arena, "%.*s: %.*s%s", STR_PRINT(r->field),
                                       STR_PRINT(r->to->type), r->has_value ? "!" : "")
                          : init_list_field(w, r->field, r->to, false, has_pages(w, r));

    if (r->is_guess) {
        write_guess(w, r, text);
        return;
    }
    if (r->foreign_key->is_not_valid)
        init_put_comment(w, "  ", "There may be no row: the foreign key %.*s of %.*s is NOT VALID.",
                         STR_PRINT(r->foreign_key->name), STR_PRINT(r->foreign_key->from->name));
    init_put_item(w, t->type, r->field, STR_NONE, text, join_directive(w, r));
}

static void
write_column(struct init_writer *w, const struct init_table *t, const struct init_column *c)
{
    struct arena *a = w->model->arena;

    if (c->reason != INIT_SHOWN)
        init_put_comment(w, "  ", "%.*s: %s%s%.*s", STR_PRINT(c->column->name),
                         init_reason_text(c->reason), c->why.ptr ? ": " : "",
                         STR_PRINT(c->why.ptr ? c->why : STR("")));
    if (!c->field.ptr)
        return;
    if (init_is_document(c->column))
        init_put_comment(w, "  ", "%.*s: no field, since it is made to be searched",
                         STR_PRINT(c->column->name));
    else
        init_put_item(w, t->type, c->field, c->description,
                      str_format(a, "%.*s: %.*s%s", STR_PRINT(c->field), STR_PRINT(c->type),
                                 c->has_value ? "!" : ""),
                      init_column_directive(w, t->table, c->column, c->field));
}

/* The relation that follows a foreign key stands where the first of its columns does. */
static void
write_forward_of(struct init_writer *w, const struct init_table *t, const struct column *column)
{
    for (int i = 0; i < t->relation_count; i++) {
        const struct init_relation *r = &t->relations[i];
        if (r->kind != INIT_TO_ONE)
            continue;
        int first = r->foreign_key->from_columns[0]->number;
        for (int j = 1; j < r->foreign_key->count; j++)
            if (r->foreign_key->from_columns[j]->number < first)
                first = r->foreign_key->from_columns[j]->number;
        if (first == column->number)
            write_relation(w, t, r);
    }
}

static bool
has_local_times(const struct init_table *t)
{
    for (int i = 0; i < t->table->column_count; i++) {
        const struct column_type *type = t->table->columns[i].type;
        bool is_local = type->kind == COLUMN_TIMESTAMP ||
                        (type->element && type->element->kind == COLUMN_TIMESTAMP);
        if (is_local && t->columns[i].field.ptr)
            return true;
    }
    return false;
}

static bool
has_primary_key(const struct init_table *t)
{
    return t->key_count > 0 && t->key == t->table->primary_key.columns;
}

static bool
is_stored(const struct init_table *t)
{
    return t->table->kind == TABLE_PLAIN || t->table->kind == TABLE_PARTITIONED;
}

static void
write_header(struct init_writer *w, const struct init_table *t)
{
    struct init_item *item = init_item(w->model, t->type, STR_NONE);

    if (t->is_guessed)
        init_put_comment(w, "",
                         "Is %.*s the key of this view? Its values differ today; PostgreSQL does "
                         "not see to it.",
                         STR_PRINT(t->key[0]->name));
    if (t->key_count == 0)
        init_put_comment(w, "",
                         is_stored(t)
                             ? "Nothing tells the rows of %.*s apart: a primary key would."
                             : "What tells the rows of %.*s apart? With the columns in `key` it "
                               "has pages, and can be joined.",
                         STR_PRINT(t->table->name));
    if (t->description.ptr && t->description.len > 0)
        print_description(w->out, t->description, 0);
    item->first_line = item->last_line = line_of_end(w);
    buf_printf(w->out, "type %.*s%s @table(name: %.*s", STR_PRINT(t->type),
               init_is_node(w->model, t) ? " implements Node" : "",
               STR_PRINT(init_quoted(w, t->table->name)));
    if (!has_primary_key(t))
        buf_printf(w->out, ", key: %.*s",
                   STR_PRINT(init_quoted_names(w, t->key, t->key_count, true)));
    if (w->model->is_utc && has_local_times(t))
        buf_put_c(w->out, ", zone: \"UTC\"");
    buf_put_c(w->out, t->is_open && !init_is_written(t) ? ", rows: ALL) {\n" : ") {\n");
}

static void
write_type(struct init_writer *w, const struct init_table *t)
{
    write_header(w, t);
    if (init_is_node(w->model, t))
        init_put_item(w, t->type, STR("id"), STR_NONE, STR("id: ID!"), STR(""));
    for (int i = 0; i < t->table->column_count; i++) {
        write_column(w, t, &t->columns[i]);
        write_forward_of(w, t, &t->table->columns[i]);
    }
    for (int i = 0; i < t->relation_count; i++)
        if (t->relations[i].kind != INIT_TO_ONE)
            write_relation(w, t, &t->relations[i]);
    buf_put_c(w->out, "}\n");
}

static void
write_connection(struct init_writer *w, const struct init_table *t)
{
    if (!init_is_connection(w, t))
        return;
    buf_printf(w->out,
               "\ntype %.*sConnection {\n"
               "  pageInfo: PageInfo!\n"
               "  edges: [%.*sEdge!]!\n"
               "  nodes: [%.*s!]!\n"
               "  totalCount: Int! @count(atMost: %d)\n"
               "}\n"
               "\ntype %.*sEdge {\n"
               "  node: %.*s!\n"
               "  cursor: String!\n"
               "}\n",
               STR_PRINT(t->stem), STR_PRINT(t->stem), STR_PRINT(t->type), INIT_COUNT_MOST,
               STR_PRINT(t->stem), STR_PRINT(t->type));
}

/* --- all --- */

static bool
has_utc(const struct init_model *m)
{
    for (int i = 0; m->is_utc && i < m->table_count; i++)
        if (init_has_type(&m->tables[i]) && has_local_times(&m->tables[i]))
            return true;
    return false;
}

static void
write_left_out(struct init_writer *w)
{
    const struct init_model *m = w->model;
    bool is_first = true;

    for (int i = 0; i < m->table_count; i++) {
        const struct init_table *t = &m->tables[i];
        if (init_is_shown(t) || t->reason == INIT_EXCLUDED)
            continue;
        buf_put_c(w->out, is_first ? "\n" : "");
        is_first = false;
        init_put_comment(w, "", "%.*s: %s%s%.*s", STR_PRINT(t->table->name),
                         init_reason_text(t->reason), t->why.ptr ? ": " : "",
                         STR_PRINT(t->why.ptr ? t->why : STR("")));
    }
}

void
init_write_text(struct init_model *m, struct buf *b)
{
    struct init_writer w = { m, b, 1, b->len };

    init_put_comment(&w, "", "What clients may ask for, and where it is in the database.");
    init_put_comment(&w, "", "Written by linnet init; from now on it is yours to edit.");
    if (has_utc(m))
        init_put_comment(&w, "",
                         "zone: \"UTC\" says what times without time zone are: the tool that made "
                         "these tables writes them so.");
    buf_byte(b, '\n');
    write_query(&w);
    init_write_mutation(&w);
    write_trusted(&w);
    for (int i = 0; i < m->table_count; i++) {
        const struct init_table *t = &m->tables[i];
        if (!init_has_type(t))
            continue;
        buf_byte(b, '\n');
        write_type(&w, t);
        init_write_filter(&w, t);
        init_write_sort(&w, t);
        write_connection(&w, t);
        init_write_inputs(&w, t);
    }
    init_write_shared(&w);
    write_left_out(&w);
}
