/*
 * argument_filter.c - a filter that a document or a variable gives, judged before it is planned.
 *
 * A null within a filter is an error: as no condition, it would show rows that the writer of the
 * filter meant to leave out.  The size of a filter is limited here, whether its values stand in the
 * document or in variables.
 *
 * The filter of a write is strict: where an object or a list in it has no condition, a value is
 * missing that its writer has counted on, and more rows would be written than were meant.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "schema/schema.h"
#include "value/value.h"
#include "binding/binding.h"
#include "binding/filter.h"
#include "planner/argument.h"

struct judge {
    struct errors *errors;
    const struct limits *limits;
    const struct input_value *argument;
    bool is_strict;
    int conditions, relations; /* so far */
    const struct error *found; /* what it is refused with; NULL: nothing yet */
};

/* `where.or[1].url.eq` */
static struct str
print_place(const struct judge *j, const struct path *path)
{
    struct buf b = { 0 }; /* what a plan keeps has no memory but its arena's */

    buf_put(&b, j->argument->name);
    value_print_path(&b, path);
    struct str place = buf_copy(j->errors->arena, &b);
    buf_free(&b);
    return place;
}

static void
refuse(struct judge *j, struct error *error, const struct path *path)
{
    error->argument = print_place(j, path);
    j->found = error;
}

static void
refuse_null(struct judge *j, const struct path *path, bool is_operator)
{
    refuse(j,
           errors_add(j->errors, ERROR_BAD_USER_INPUT, "\"%.*s\" is null: leave it out%s.",
                      STR_PRINT(path->name), is_operator ? ", or use isNull" : ""),
           path);
}

/* Of a strict filter: has the object or the list nothing in it?  Then it is refused. */
static bool
says_nothing(struct judge *j, const struct value *value, const struct path *path)
{
    if (!j->is_strict || value->items)
        return false;
    refuse(j,
           errors_add(j->errors, ERROR_BAD_USER_INPUT, "\"%.*s\" says nothing.",
                      STR_PRINT(print_place(j, path))),
           path);
    return true;
}

static void
refuse_many(struct judge *j, const char *limit, int most, const char *what, const struct path *path)
{
    refuse(j,
           errors_add_limit(j->errors, limit, most, "The filter has more than %d %s.", most, what),
           path);
}

/* A backslash makes the next character mean itself, and here there is none. */
static bool
ends_in_escape(struct str pattern)
{
    size_t count = 0;

    while (count < pattern.len && pattern.ptr[pattern.len - 1 - count] == '\\')
        count++;
    return count % 2 == 1;
}

static void
judge_text(struct judge *j, enum filter_operator op, struct str text, const struct path *path)
{
    bool is_pattern = op == FILTER_LIKE || op == FILTER_I_LIKE;

    if (utf8_length(text) > (size_t)j->limits->search)
        refuse(j,
               errors_add_limit(j->errors, "search", j->limits->search,
                                "A text that is searched for must have at most %d characters.",
                                j->limits->search),
               path);
    else if (is_pattern && ends_in_escape(text))
        refuse(j,
               errors_add(j->errors, ERROR_BAD_USER_INPUT,
                          "A pattern must not end with one \"\\\": write two for the character."),
               path);
}

/* Does the operator take several values, of which there may be none, or a part of a document? */
static bool
takes_several(const struct bound_comparison *comparison)
{
    enum filter_operand operand = filter_operators[comparison->op].operand;

    return operand == OPERAND_VALUES || operand == OPERAND_TEXTS || operand == OPERAND_ELEMENTS ||
           comparison->op == FILTER_INCLUDES;
}

static bool
is_of_items(const struct value *value)
{
    return value->kind == VALUE_LIST || value->kind == VALUE_OBJECT;
}

static void
judge_condition(struct judge *j, const struct bound_comparison *comparison,
                const struct value *value, const struct path *path)
{
    if (value->kind == VALUE_NULL)
        refuse_null(j, path, true);
    else if (takes_several(comparison) && is_of_items(value) && says_nothing(j, value, path))
        return;
    else if (++j->conditions > j->limits->filter_conditions)
        refuse_many(j, "filter_conditions", j->limits->filter_conditions, "conditions", path);
    else if (value->kind == VALUE_LIST && value->count > j->limits->filter_values)
        refuse_many(j, "filter_values", j->limits->filter_values, "values in one list", path);
    else if (filter_operators[comparison->op].operand == OPERAND_TEXT)
        judge_text(j, comparison->op, value->text, path);
}

static void judge_filter(struct judge *j, const struct bound_filter *filter,
                         const struct value *object, const struct path *path, int depth);

/* The number of the input that the member of an object is of: they stand in the same order, from
 * `from` on. */
static int
find_input(const struct type *type, const struct value *member, int from)
{
    while (!str_equal(type->inputs[from].name, member->name)) {
        from++;
        assert(from < type->input_count); /* or it would not have been coerced */
    }
    return from;
}

/* A condition on other rows. */
static void
judge_joined(struct judge *j, const struct bound_filter *filter, const struct value *value,
             const struct path *path, int depth)
{
    if (value->kind == VALUE_NULL)
        refuse_null(j, path, false);
    else if (++j->relations > j->limits->filter_relations)
        refuse_many(j, "filter_relations", j->limits->filter_relations, "conditions on other rows",
                    path);
    else
        judge_filter(j, filter, value, path, depth + 1);
}

/* The operators of a column, or what holds of some, every and no row of a list. */
static void
judge_members(struct judge *j, const struct type *type, const struct filter_field *field,
              const struct value *object, const struct path *path, int depth)
{
    int number = 0;

    if (says_nothing(j, object, path))
        return;
    for (const struct value *member = object->items; member && !j->found; member = member->next) {
        const struct path place = { .parent = path, .name = member->name };
        number = find_input(type, member, number);
        if (field->kind == FILTER_COLUMN)
            judge_condition(j, &field->comparisons[number], member, &place);
        else
            judge_joined(j, field->quantifiers[number].filter, member, &place, depth);
    }
}

/* The items of `and` and `or`. */
static void
judge_items(struct judge *j, const struct bound_filter *filter, const struct value *list,
            const struct path *path, int depth)
{
    struct path place = { .parent = path };

    if (says_nothing(j, list, path))
        return;
    for (const struct value *item = list->items; item && !j->found; item = item->next) {
        judge_filter(j, filter, item, &place, depth + 1);
        place.index++;
    }
}

static void
judge_field(struct judge *j, const struct input_value *input, const struct filter_field *field,
            const struct value *value, const struct path *path, int depth)
{
    const struct type *type = type_named(input->type);

    if (value->kind == VALUE_NULL) {
        refuse_null(j, path, field->kind == FILTER_COLUMN);
        return;
    }
    switch (field->kind) {
    case FILTER_AND:
    case FILTER_OR:
        judge_items(j, field->filter, value, path, depth);
        break;
    case FILTER_NOT:
        judge_filter(j, field->filter, value, path, depth + 1);
        break;
    case FILTER_COLUMN:
        if (type_is_leaf(type))
            judge_condition(j, field->comparisons, value, path);
        else
            judge_members(j, type, field, value, path, depth);
        break;
    case FILTER_TO_ONE:
        judge_joined(j, field->filter, value, path, depth);
        break;
    case FILTER_TO_MANY:
        judge_members(j, type, field, value, path, depth);
        break;
    }
}

static void
judge_filter(struct judge *j, const struct bound_filter *filter, const struct value *object,
             const struct path *path, int depth)
{
    int number = 0;

    if (depth > j->limits->filter_depth) {
        refuse(j,
               errors_add_limit(j->errors, "filter_depth", j->limits->filter_depth,
                                "The filter nests deeper than %d levels.", j->limits->filter_depth),
               path);
        return;
    }
    if (says_nothing(j, object, path))
        return;
    for (const struct value *member = object->items; member && !j->found; member = member->next) {
        const struct path place = { .parent = path, .name = member->name };
        number = find_input(filter->type, member, number);
        judge_field(j, &filter->type->inputs[number], &filter->fields[number], member, &place,
                    depth);
    }
}

const struct error *
argument_judge_filter(struct errors *errors, const struct argument *argument,
                      const struct limits *limits)
{
    const struct argument_binding *binding = argument->definition->binding;
    struct judge j = { .errors = errors,
                       .limits = limits,
                       .argument = argument->definition,
                       .is_strict = binding->is_strict };

    judge_filter(&j, binding->filter, argument->value, NULL, 1);
    return j.found;
}
