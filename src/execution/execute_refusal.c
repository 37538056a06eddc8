/*
 * execute_refusal.c - why PostgreSQL refused a statement, for the client: of an application's
 * function, which argument a constraint is about.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "database/db_call.h"
#include "database/sqlstate.h"
#include "execution/run.h"

/* The argument that goes into the parameter of a column's name; STR_NONE: there is none. */
static struct str
find_argument_of(const struct field *field, struct str column)
{
    for (int i = 0; i < field->argument_count; i++) {
        const struct argument_binding *binding = field->arguments[i].binding;
        if (binding->parameter && str_equal(binding->parameter->name, column))
            return field->arguments[i].name;
    }
    return STR_NONE;
}

static const struct constraint *
find_constraint(const struct catalog *catalog, const struct db_call *call)
{
    const struct constraint *found = NULL;

    for (int i = 0; call->constraint.ptr && i < catalog->table_count && !found; i++)
        if (str_equal(catalog->tables[i].local_name, call->table))
            found = table_find_constraint(&catalog->tables[i], call->constraint);
    return found;
}

/* The argument whose value was refused: of the column that the error names, or of one that the
 * constraint is about. */
static struct str
find_refused(const struct run *run, const struct field *field, const struct db_call *call)
{
    const struct constraint *constraint = find_constraint(run->options.contract->catalog, call);
    struct str name = call->column.ptr ? find_argument_of(field, call->column) : STR_NONE;

    for (int i = 0; !name.ptr && constraint && i < constraint->count; i++)
        name = find_argument_of(field, constraint->columns[i]->name);
    return name;
}

const struct error *
execute_refusal(const struct run *run, const struct plan_field *root, const struct db_call *call)
{
    const struct field *field = root ? root->definition : NULL;
    bool is_function = field && field->binding && field->binding->kind == BINDING_FUNCTION;
    struct error *error =
        is_function && call->outcome == DB_FAILED ? sqlstate_refusal(run->arena, call) : NULL;

    if (!error)
        return sqlstate_error(run->arena, call);
    struct str argument = find_refused(run, field, call);
    if (error->code == ERROR_BAD_USER_INPUT)
        error->argument = argument;
    else
        error->field = argument;
    return error;
}
