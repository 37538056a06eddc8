/*
 * init_write_mutation.c - the mutations of --writes, with their inputs and payloads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "catalog/catalog.h"
#include "binding/write.h"
#include "init/init_internal.h"
#include "init/init_writer.h"
#include "init/words.h"

/* In the order in which they are written. */
static const enum write_action order[] = { WRITE_INSERT, WRITE_UPSERT, WRITE_UPDATE, WRITE_DELETE };

/* --- Mutation --- */

/* Is an argument of the key called so? */
static bool
is_key_argument(const struct init_model *m, const struct init_table *t, const char *name)
{
    for (int i = 0; i < t->key_count; i++)
        if (str_is(init_argument_name(m, t->key[i]), name))
            return true;
    return false;
}

/* `updateFilm(id: ID!, set: FilmPatch!): FilmPayload` */
static struct str
mutation_field(struct init_writer *w, const struct init_table *t, enum write_action action)
{
    struct arena *a = w->model->arena;
    struct str field = t->mutations[action].field, stem = t->stem;

    if (write_action_adds(action))
        return str_format(a, "%.*s(input: %.*sInput!): %.*sPayload", STR_PRINT(field),
                          STR_PRINT(stem), STR_PRINT(stem));
    struct str key = init_key_arguments(w, t, true);
    if (action == WRITE_DELETE)
        return str_format(a, "%.*s(%.*s): %.*sPayload", STR_PRINT(field), STR_PRINT(key),
                          STR_PRINT(stem));
    return str_format(a, "%.*s(%.*s, %s: %.*sPatch!): %.*sPayload", STR_PRINT(field),
                      STR_PRINT(key), is_key_argument(w->model, t, "set") ? "patch" : "set",
                      STR_PRINT(stem), STR_PRINT(stem));
}

static struct str
mutation_directives(struct init_writer *w, const struct init_table *t, enum write_action action)
{
    struct arena *a = w->model->arena;
    const struct key *on = t->mutations[action].on;
    struct str found =
        on ? str_format(a, ", on: %.*s",
                        STR_PRINT(init_quoted_names(w, on->columns, on->count, true)))
           : STR("");

    return str_format(a, "@%s(table: %.*s%.*s) @signedIn", write_action_name(action),
                      STR_PRINT(init_quoted(w, t->table->name)), STR_PRINT(found));
}

static void
write_fields(struct init_writer *w, const struct init_table *t)
{
    for (size_t i = 0; i < ARRAY_LENGTH(order); i++) {
        const struct init_mutation *mutation = &t->mutations[order[i]];
        if (init_has_mutation(t, order[i]))
            init_put_item(w, STR("Mutation"), mutation->field, STR_NONE,
                          mutation_field(w, t, order[i]), mutation_directives(w, t, order[i]));
        else if (mutation->field.ptr)
            init_put_comment(w, "  ", "%.*s: %s: %s", STR_PRINT(mutation->field),
                             init_reason_text(INIT_MISFIT), mutation->why);
    }
}

/* Has the table a mutation that is not known not to fit? */
static bool
has_fitting(struct init_writer *w, const struct init_table *t)
{
    for (enum write_action i = 0; i < WRITE_ACTION_COUNT; i++)
        if (init_has_mutation(t, i) &&
            !init_item(w->model, STR("Mutation"), t->mutations[i].field)->misfit.ptr)
            return true;
    return false;
}

static bool
has_any(struct init_writer *w)
{
    const struct init_model *m = w->model;

    for (int i = 0; i < m->table_count; i++)
        if (init_has_type(&m->tables[i]) && has_fitting(w, &m->tables[i]))
            return true;
    return false;
}

void
init_write_mutation(struct init_writer *w)
{
    const struct init_model *m = w->model;

    if (!has_any(w))
        return;
    buf_byte(w->out, '\n');
    init_put_comment(w, "",
                     "Rights and policies say who may write what: rights.sql has what is to be "
                     "decided.");
    buf_put_c(w->out, "type Mutation {\n");
    for (int i = 0; i < m->table_count; i++)
        if (init_has_type(&m->tables[i]))
            write_fields(w, &m->tables[i]);
    buf_put_c(w->out, "}\n");
}

/* --- inputs --- */

static struct str
setter_directives(struct init_writer *w, const struct init_table *t, const struct init_column *c)
{
    struct str column = init_column_directive(w, t->table, c->column, c->setter);

    return c->refers_to ? init_with_global_id(w, column, c->refers_to) : column;
}

/* `FilmInput`, or `FilmPatch`, in which everything may be absent. */
static void
write_input(struct init_writer *w, const struct init_table *t, bool is_patch)
{
    struct arena *a = w->model->arena;
    struct str type = str_format(a, "%.*s%s", STR_PRINT(t->stem), is_patch ? "Patch" : "Input");

    buf_printf(w->out, "\ninput %.*s {\n", STR_PRINT(type));
    for (int i = 0; i < t->table->column_count; i++) {
        const struct init_column *c = &t->columns[i];
        if (c->unset)
            init_put_comment(w, "  ", "%.*s: %s", STR_PRINT(c->column->name), c->unset);
        if (is_patch ? init_may_change(t, c) : c->setter.ptr != NULL)
            init_put_item(w, type, c->setter, c->description,
                          str_format(a, "%.*s: %.*s%s", STR_PRINT(c->setter),
                                     STR_PRINT(c->setter_type),
                                     c->is_needed && !is_patch ? "!" : ""),
                          setter_directives(w, t, c));
    }
    buf_put_c(w->out, "}\n");
}

void
init_write_inputs(struct init_writer *w, const struct init_table *t)
{
    if (init_has_mutation(t, WRITE_INSERT))
        write_input(w, t, false);
    if (init_has_mutation(t, WRITE_UPDATE))
        write_input(w, t, true);
    if (has_fitting(w, t))
        buf_printf(w->out, "\ntype %.*sPayload {\n  %.*s: %.*s!\n}\n", STR_PRINT(t->stem),
                   STR_PRINT(words_camel(w->model->arena, words_split(w->model->arena, t->type))),
                   STR_PRINT(t->type));
}
