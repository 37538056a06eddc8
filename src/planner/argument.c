/*
 * argument.c - an argument of a field: its value, found and judged.
 *
 * SPDX-License-Identifier: MIT
 */
#include "planner/argument.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_literal.h"
#include "binding/binding.h"

struct argument
argument_find(const struct ast_field *field, const struct input_value *definition)
{
    struct argument argument = { .field = field, .definition = definition };
    const struct ast_argument *given = ast_find_argument(field->arguments, definition->name);

    argument.written = given ? given->value : NULL;
    argument.is_constant = !argument.written || !value_literal_has_variable(argument.written);
    return argument;
}

static const struct value *
null_as_absent(const struct value *value, const struct value *otherwise)
{
    if (!value || value->kind != VALUE_NULL)
        return value;
    return otherwise && otherwise->kind != VALUE_NULL ? otherwise : NULL;
}

static const struct error *
judge_number(struct errors *errors, struct argument *argument, int most)
{
    struct str text = argument->value->text;

    if (str_read_int64(text, &argument->number) && argument->number >= 0 &&
        argument->number <= most)
        return NULL;
    return errors_add_range(errors, argument->definition->name, most, text);
}

static const struct error *
judge_search(struct errors *errors, const struct argument *argument, int most)
{
    if (utf8_length(argument->value->text) <= (size_t)most)
        return NULL;
    struct error *error = errors_add(errors, ERROR_BAD_USER_INPUT,
                                     "Argument \"%.*s\" must have at most %d characters.",
                                     STR_PRINT(argument->definition->name), most);
    error->argument = argument->definition->name;
    return error;
}

static const struct error *
judge_count(struct errors *errors, const struct argument *argument, int most)
{
    if (argument->value->kind != VALUE_LIST || argument->value->count <= most)
        return NULL;
    struct error *error =
        errors_add(errors, ERROR_BAD_USER_INPUT, "Argument \"%.*s\" must have at most %d items.",
                   STR_PRINT(argument->definition->name), most);
    error->argument = argument->definition->name;
    return error;
}

/* How many objects there are, with those that are within them. */
static int64_t
count_rows(const struct argument_binding *values, const struct value *value)
{
    int64_t count = value->kind == VALUE_OBJECT;

    for (const struct value *item = value->kind == VALUE_LIST ? value->items : NULL; item;
         item = item->next)
        count += count_rows(values, item);
    for (int i = 0; value->kind == VALUE_OBJECT && i < values->input->input_count; i++) {
        const struct argument_binding *within = values->inputs[i];
        const struct value *inner =
            within && within->join ? value_find(value, values->input->inputs[i].name) : NULL;
        count += inner ? count_rows(within, inner) : 0;
    }
    return count;
}

static const struct error *
judge_rows(struct errors *errors, const struct argument *argument, int most)
{
    if (count_rows(argument->definition->binding, argument->value) <= most)
        return NULL;
    return errors_add_limit(errors, "write_rows", most,
                            "Argument \"%.*s\" must have at most %d items.",
                            STR_PRINT(argument->definition->name), most);
}

static const struct error *
find_value(struct errors *errors, struct argument *argument, const struct variables *variables,
           const struct limits *limits)
{
    const struct input_value *definition = argument->definition;
    enum argument_role role = definition->binding ? definition->binding->role : ARGUMENT_PARAMETER;
    bool is_absent = false;

    argument->value = value_coerce_argument(errors->arena, argument->field->arguments, definition,
                                            variables, &is_absent, errors);
    if (!argument->value && !is_absent)
        return errors->first;
    argument->is_given =
        argument->written && argument->value && argument->value->kind != VALUE_NULL;
    if (role != ARGUMENT_PARAMETER)
        argument->value = null_as_absent(argument->value, definition->default_value);
    if (argument->value && (role == ARGUMENT_FIRST || role == ARGUMENT_LAST))
        return judge_number(errors, argument, limits->page);
    if (argument->value && role == ARGUMENT_NODE)
        return judge_count(errors, argument, limits->page);
    if (argument->value && role == ARGUMENT_VALUES)
        return judge_rows(errors, argument, limits->write_rows);
    if (argument->value && role == ARGUMENT_AT_MOST)
        return judge_number(errors, argument, limits->write_rows);
    if (argument->value && role == ARGUMENT_SKIP)
        return judge_number(errors, argument, limits->offset);
    if (argument->value && role == ARGUMENT_FILTER)
        return argument_judge_filter(errors, argument, limits);
    if (argument->value && role == ARGUMENT_SEARCH)
        return judge_search(errors, argument, limits->search);
    return NULL;
}

const struct error *
argument_get(struct arena *a, struct argument *argument, const struct variables *variables,
             const struct limits *limits)
{
    struct errors errors = { .arena = a };
    const struct error *error = find_value(&errors, argument, variables, limits);

    return error && argument->definition->is_fixed
               ? errors_add(&errors, ERROR_INTERNAL, "Internal server error.")
               : error;
}
