/*
 * bind_input.c - input objects of mutations.
 *
 * Where a mutation's only argument is `input`, the fields of the input object are given to the
 * function, or to the resolver, as if they were arguments.  Those of a write set columns, or have
 * objects that are written with it, in rows that are joined to its rows.
 *
 * One of the first is not given: `clientMutationId` is shown again by the payload's field of that
 * name, so that a client knows the answer (Relay's mutations, as of its classic form).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binding/filter.h"
#include "binder/bind_internal.h"
#include "binder_write/bind_constraint.h"
#include "binder_write/bind_version.h"
#include "binder_write/bind_within.h"
#include "binder_write/bind_write.h"

static bool
is_echoed(struct str name)
{
    return str_is(name, "clientMutationId");
}

const struct type *
bind_input_of(const struct binder *b, const struct type *parent, const struct field *field)
{
    const struct type *type =
        field_call_count(field) == 1 ? type_nullable(field->arguments[0].type) : NULL;
    enum write_action action;

    if (bind_write_directive(field, &action))
        return NULL;
    if (parent != b->schema->mutation || !type || type->kind != TYPE_INPUT_OBJECT ||
        !str_is(field->arguments[0].name, "input"))
        return NULL;
    return binder_whole(b, type);
}

int
bind_input_count(const struct binder *b, const struct type *parent, const struct field *field)
{
    const struct type *input = bind_input_of(b, parent, field);

    return input ? input->input_count : field_call_count(field);
}

const struct input_value *
bind_input_at(const struct binder *b, const struct type *parent, const struct field *field,
              int number)
{
    const struct type *input = bind_input_of(b, parent, field);

    if (!input)
        return &field->arguments[number];
    return is_echoed(input->inputs[number].name) ? NULL : &input->inputs[number];
}

/* Is the field of the input object hidden from the schema's role (@auth)?  Then it has its
 * default. */
static bool
is_hidden(const struct binder *b, const struct type *input, const struct input_value *value)
{
    const struct type *seen = schema_find_type(b->schema, input->name);

    return !seen || !schema_find_input(seen, value->name);
}

static bool
check_echoed(const struct bind_site *site, const struct input_value *value)
{
    if (str_is(type_nullable(value->type)->name, "String") && !value->default_value)
        return true;
    bind_argument_misfit(site, value,
                         "the payload repeats it as it came; make it a String, without a default.");
    return false;
}

const struct argument_binding *
bind_input_argument(const struct bind_site *site, const struct input_value *argument)
{
    struct binder *b = site->binder;
    const struct type *input = bind_input_of(b, site->parent, site->field);
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
    struct bind_site inner = *site;
    bool fits = true;

    if (argument->type->kind != TYPE_NON_NULL) {
        bind_argument_misfit(site, argument,
                             "the mutation needs the fields of its input; make it %.*s!.",
                             STR_PRINT(input->name));
        return NULL;
    }
    inner.input = argument;
    binding->role = ARGUMENT_INPUT;
    binding->input = input;
    binding->inputs =
        ARENA_ARRAY(b->arena, const struct argument_binding *, (size_t)input->input_count);
    for (int i = 0; i < input->input_count; i++) {
        const struct input_value *value = &input->inputs[i];
        if (is_echoed(value->name)) {
            fits = check_echoed(&inner, value) && fits;
            continue;
        }
        if (is_hidden(b, input, value) && !value->default_value)
            continue;
        binding->inputs[i] = bind_argument(&inner, value);
        fits = fits && binding->inputs[i];
    }
    return fits ? binding : NULL;
}

/* --- writes --- */

const struct argument_binding *
bind_input_column(const struct bind_site *site, const struct input_value *argument,
                  const struct column *column)
{
    struct arena *a = site->binder->arena;
    const struct codec *codec =
        bind_argument_codec(site, argument, "column", column->name, column->type);

    if (!codec)
        return NULL;
    struct argument_binding *binding = ARENA_NEW(a, struct argument_binding);
    *binding = (struct argument_binding){ .role = ARGUMENT_EQUALS,
                                          .columns = ARENA_NEW(a, const struct column *),
                                          .column_count = 1,
                                          .codec = codec };
    binding->columns[0] = column;
    return binding;
}

/* The column of the table that a field of the input object sets.  NULL after a misfit. */
static const struct argument_binding *
bind_setter(const struct bind_site *site, const struct table *table, const struct type *values,
            const struct input_value *input)
{
    struct binder *b = site->binder;
    struct str name;
    const struct column *column =
        binder_find_column(b, table, input->ast->directives, input->name, &name);

    if (!bind_write_check_column(site, table, values, input, column, name))
        return NULL;
    return bind_input_column(site, input, column);
}

/* How the rows of the field's objects are joined to those of the table, as the field of its name
 * is on types that show them.  NULL after a misfit. */
static const struct join *
find_join_within(const struct bind_site *site, const struct table *table, const struct type *values,
                 const struct input_value *input)
{
    bool is_many = type_nullable(input->type)->kind == TYPE_LIST;
    struct bound_filter of = { .type = values, .table = table };
    struct filter_field field = { .kind = is_many ? FILTER_TO_MANY : FILTER_TO_ONE };
    const struct filter_site as_filter = {
        .binder = site->binder, .filter = &of, .input = input, .field = &field
    };
    const struct type *rows;

    return bind_filter_find_join(&as_filter, &rows);
}

static const struct argument_binding *
bind_objects(const struct bind_site *site, const struct table *table, const struct type *values,
             int level);

/* The rows that a field of the input object has, written with its own.  NULL after a misfit. */
static const struct argument_binding *
bind_within(const struct bind_site *site, const struct table *table, const struct type *values,
            const struct input_value *input, int level)
{
    struct binder *b = site->binder;
    const struct join *join;

    if (!bind_within_check(site, values, input, level))
        return NULL;
    join = find_join_within(site, table, values, input);
    if (!join || !bind_within_check_join(site, values, input, join) ||
        !bind_join_check_key(site, table, join->from, join->count) ||
        !bind_join_check_key(site, join->table, join->to, join->count))
        return NULL;
    const struct argument_binding *objects =
        bind_objects(site, join->table, binder_whole(b, type_named(input->type)), level + 1);
    return objects ? bind_within_join(b, table, input, join, objects) : NULL;
}

/* What the fields of an input object do, each row of which is one of the table. */
static const struct argument_binding *
bind_objects(const struct bind_site *site, const struct table *table, const struct type *values,
             int level)
{
    struct binder *b = site->binder;
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
    bool fits = true;

    binding->role = ARGUMENT_VALUES;
    binding->input = values;
    binding->inputs =
        ARENA_ARRAY(b->arena, const struct argument_binding *, (size_t)values->input_count);
    for (int i = 0; i < values->input_count; i++) {
        const struct input_value *input = &values->inputs[i];
        if (is_hidden(b, values, input) && !input->default_value)
            continue;
        binding->inputs[i] = type_named(input->type)->kind == TYPE_INPUT_OBJECT
                                 ? bind_within(site, table, values, input, level)
                                 : bind_setter(site, table, values, input);
        fits = fits && binding->inputs[i];
    }
    binding->constraints = bind_constraints(b, values, table, &fits);
    return fits ? binding : NULL;
}

/* The argument's objects are never null. */
static bool
check_values(const struct bind_site *site, const struct input_value *argument)
{
    const struct type *type = type_nullable(argument->type);
    bool is_list = type->kind == TYPE_LIST;

    if (argument->type->kind == TYPE_NON_NULL && (!is_list || type->of->kind == TYPE_NON_NULL) &&
        type_nullable(is_list ? type->of : type)->kind == TYPE_INPUT_OBJECT)
        return true;
    bind_argument_misfit(site, argument, "what is written is never null; make it %s%.*s!%s.",
                         is_list ? "[" : "", STR_PRINT(type_named(type)->name),
                         is_list ? "]!" : "");
    return false;
}

static const struct argument_binding *
bind_values(const struct bind_site *site, const struct input_value *argument)
{
    const struct type *values = binder_whole(site->binder, type_named(argument->type));
    struct bind_site inner = *site;
    bool fits = check_values(site, argument);

    inner.input = argument;
    const struct argument_binding *binding =
        bind_objects(&inner, binder_site_rows(site)->table, values, 1);
    return fits ? binding : NULL;
}

/* The column that a field with @version shows. */
static const struct argument_binding *
bind_shown_version(const struct bind_site *site, const struct input_value *argument)
{
    const struct column *column =
        ast_find_directive(argument->ast->directives, "column") ? NULL : bind_version_shown(site);

    return column ? bind_input_column(site, argument, column)
                  : bind_argument_equals(site, argument);
}

/* `ifVersion`: what a column must hold. */
static const struct argument_binding *
bind_version(const struct bind_site *site, const struct input_value *argument)
{
    const struct argument_binding *equals = bind_shown_version(site, argument);
    struct argument_binding *binding = ARENA_NEW(site->binder->arena, struct argument_binding);

    if (!equals)
        return NULL;
    *binding = *equals;
    binding->role = ARGUMENT_VERSION;
    return binding;
}

/* What finds the rows of a write by a filter. */
static const struct argument_binding *
bind_found(const struct bind_site *site, const struct input_value *argument)
{
    const struct argument_binding *binding = NULL;
    const char *message = NULL;

    if (bind_write_is_filter(site->field, argument))
        return bind_filter_of_write(site, argument);
    if (str_is(argument->name, "atMost"))
        binding = bind_write_at_most(site, argument, &message);
    else if (str_is(argument->name, "ifVersion"))
        message = "a version belongs to one row, which is found by a key; remove it.";
    else if (argument->type->kind != TYPE_NON_NULL)
        message = "an argument besides the filter must always be given; make it a field of the "
                  "filter, or add `!`.";
    else
        binding = bind_argument_equals(site, argument);
    if (message)
        bind_argument_misfit(site, argument, "%s", message);
    return binding;
}

const struct argument_binding *
bind_input_of_write(const struct bind_site *site, const struct input_value *argument)
{
    enum write_action action = site->binding->as.write.action;
    bool is_values = bind_write_is_values(site->field, argument);

    if (site->binding->as.write.is_by_filter && !is_values)
        return bind_found(site, argument);
    if (is_values && action != WRITE_DELETE)
        return bind_values(site, argument);
    if (write_action_adds(action))
        bind_argument_misfit(
            site, argument,
            "an input object has the values to write; make the argument a field of it.");
    else if (is_values)
        bind_argument_misfit(site, argument,
                             "the arguments must be the columns of a key, to delete one row, or a "
                             "filter with the name where, to delete several; change them.");
    else if (str_is(argument->name, "ifVersion"))
        return bind_version(site, argument);
    else if (argument->type->kind == TYPE_NON_NULL)
        return bind_argument_equals(site, argument);
    else
        bind_argument_misfit(site, argument,
                             "it is a part of the key by which the row is found; make it %.*s!.",
                             STR_PRINT(type_text(site->binder->arena, argument->type)));
    return NULL;
}

/* --- what is shown again --- */

/* The field of the mutation's input that is shown again; or NULL. */
static const struct input_value *
find_echoed(const struct binder *b, const struct field *mutation)
{
    const struct type *input = bind_input_of(b, b->schema->mutation, mutation);

    for (int i = 0; input && i < input->input_count; i++)
        if (is_echoed(input->inputs[i].name) && !is_hidden(b, input, &input->inputs[i]))
            return &input->inputs[i];
    return NULL;
}

bool
bind_echo_is(const struct bind_site *site)
{
    return site->payload && is_echoed(site->field->name) &&
           find_echoed(site->binder, site->payload->field);
}

bool
bind_echo(struct bind_site *site)
{
    const struct binder *b = site->binder;
    const struct type *mutation = b->schema->mutation;

    site->binding->kind = BINDING_ECHO;
    for (int i = 0; i < mutation->field_count; i++) {
        const struct field *field = &mutation->fields[i];
        if (type_named(field->type) != site->parent)
            continue;
        const struct input_value *echoed = find_echoed(b, field);
        if (echoed && str_is(site->named->name, "String") && !site->is_list &&
            (!site->is_non_null || echoed->type->kind == TYPE_NON_NULL))
            continue;
        binder_site_misfit(site, NULL,
                           "it shows the clientMutationId of a mutation's input, and that of "
                           "%.*s.%.*s %s; give it one of the same type.",
                           STR_PRINT(mutation->name), STR_PRINT(field->name),
                           echoed ? "has another type" : "has none");
        return false;
    }
    return true;
}
