/*
 * binding.c - where the contract's fields come from, once it is bound.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/binding.h"

const struct type_binding *
binding_of_type(const struct type *type)
{
    static const struct type_binding nothing = { 0 };

    return type->binding ? type->binding : &nothing;
}

static const struct {
    const char *name;
    bool is_of_days;
} group_units[] = { { "", false },
#define UNIT_ROW(constant, name, is_of_days) { name, is_of_days },
                    GROUP_UNITS(UNIT_ROW)
#undef UNIT_ROW
};

const char *
group_unit_name(enum group_unit unit)
{
    return group_units[unit].name;
}

enum group_unit
group_unit_find(struct str name)
{
    for (size_t i = 1; i < ARRAY_LENGTH(group_units); i++)
        if (str_equal_nocase(name, str_from(group_units[i].name)))
            return (enum group_unit)i;
    return UNIT_NONE;
}

bool
group_unit_is_of_days(enum group_unit unit)
{
    return group_units[unit].is_of_days;
}

const struct type *
binding_row_type(const struct type *type)
{
    const struct type *named = type_named(type);
    const struct connection *connection = binding_of_type(named)->connection;

    return connection ? connection->node : named;
}

static const struct bound_rows *
rows_or_null(const struct bound_rows *rows)
{
    return rows->table || rows->branches ? rows : NULL;
}

bool
binding_is_hidden(const struct type_binding *abstract, struct str label)
{
    for (int i = 0; i < abstract->hidden_count; i++)
        if (str_equal(abstract->hidden[i], label))
            return true;
    return false;
}

const struct bound_rows *
binding_rows(const struct binding *binding)
{
    switch (binding->kind) {
    case BINDING_TABLE:
    case BINDING_JOIN:
        return rows_or_null(&binding->as.rows);
    case BINDING_FUNCTION:
        return rows_or_null(&binding->as.function.rows);
    case BINDING_OUTPUT:
        return rows_or_null(&binding->as.output.rows);
    case BINDING_WRITE:
        return rows_or_null(&binding->as.write.rows);
    case BINDING_WRITTEN:
    case BINDING_COLUMN:
    case BINDING_GLOBAL_ID:
    case BINDING_RESOLVER:
    case BINDING_AGGREGATE:
    case BINDING_SUMMARY:
    case BINDING_GROUP_KEY:
    case BINDING_NODE:
    case BINDING_ECHO:
    case BINDING_PART:
    case BINDING_MOCK:
        break;
    }
    return NULL;
}

/* What the argument that is INPUT does; NULL: the field has none. */
static const struct argument_binding *
find_input(const struct field *field)
{
    const struct argument_binding *binding =
        field_call_count(field) == 1 ? field->arguments[0].binding : NULL;

    return binding && binding->role == ARGUMENT_INPUT ? binding : NULL;
}

int
binding_given_count(const struct field *field)
{
    const struct argument_binding *input = find_input(field);

    return input ? input->input->input_count : field_call_count(field);
}

struct given
binding_given(const struct field *field, int number)
{
    const struct argument_binding *input = find_input(field);
    const struct input_value *argument = &field->arguments[input ? 0 : number];

    if (!input)
        return (struct given){ argument, NULL, argument->binding, argument->is_fixed };
    const struct input_value *value = &input->input->inputs[number];
    bool is_hidden = !schema_find_input(type_named(argument->type), value->name);
    return (struct given){ value, argument, input->inputs[number], is_hidden };
}

struct str
binding_given_name(struct arena *a, struct given given)
{
    if (!given.within)
        return given.value->name;
    return str_format(a, "%.*s.%.*s", STR_PRINT(given.within->name), STR_PRINT(given.value->name));
}
