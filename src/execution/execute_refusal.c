/*
 * execute_refusal.c - why a root field or a statement was refused, for the client: of an
 * application's function, which argument a constraint is about.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "catalog/catalog.h"
#include "contract/contract.h"
#include "database/db_call.h"
#include "database/sqlstate.h"
#include "binding/write.h"
#include "execution/run.h"

static bool
is_write(const struct field *field)
{
    return field && field->binding && field->binding->kind == BINDING_WRITE;
}

static bool
is_upsert(const struct field *field)
{
    return is_write(field) && binding_write(field->binding)->action == WRITE_UPSERT;
}

/* The write that was refused, of a field that writes: the statement, or else the field's own. */
static const struct plan_statement *
find_write(const struct run *run, const struct plan_statement *statement)
{
    const struct plan_field *root = statement ? statement->root : run->root->field;

    if (statement && plan_write_of(statement->relation))
        return statement;
    return root->relation->statement;
}

/* The argument that goes into the parameter of a column's name, or else that has this name itself,
 * as the contract writes it; STR_NONE: there is none. */
static struct str
find_argument_of(const struct run *run, const struct field *field,
                 const struct plan_statement *statement, struct str column)
{
    if (is_write(field))
        return execute_written_name(run, find_write(run, statement), column);
    for (int i = 0; i < binding_given_count(field); i++) {
        const struct given given = binding_given(field, i);
        if (!given.is_hidden && given.binding && given.binding->parameter &&
            str_equal(given.binding->parameter->name, column))
            return binding_given_name(run->arena, given);
    }
    for (int i = 0; i < binding_given_count(field); i++) {
        const struct given given = binding_given(field, i);
        if (!given.is_hidden && str_equal(str_snake_case(run->arena, given.value->name), column))
            return binding_given_name(run->arena, given);
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

/* Is it the domain of that name, which errors have without its schema and without quotes? */
static bool
is_domain(const struct column_type *type, struct str domain)
{
    struct str name = type->name;

    if (name.len > 0 && name.ptr[name.len - 1] == '"')
        name.len--;
    if (!type->is_domain || !str_ends_with(name, domain))
        return false;
    return name.len == domain.len || strchr(".\"", name.ptr[name.len - domain.len - 1]) != NULL;
}

static bool
has_column_of(const struct catalog *catalog, struct str name, struct str domain)
{
    for (int i = 0; i < catalog->table_count; i++) {
        const struct column *column = table_find_column(&catalog->tables[i], name);
        if (column && is_domain(column->type, domain))
            return true;
    }
    return false;
}

/* The only argument that goes into a parameter of the domain, or else into one that has the name
 * of a column of it; STR_NONE: there is none, or several. */
static struct str
find_argument_of_domain(const struct run *run, const struct field *field, struct str domain)
{
    const struct catalog *catalog = run->options.contract->catalog;
    struct str found[2] = { STR_NONE, STR_NONE };
    int count[2] = { 0, 0 };

    for (int i = 0; i < binding_given_count(field); i++) {
        const struct given given = binding_given(field, i);
        const struct parameter *parameter = given.binding ? given.binding->parameter : NULL;
        if (!parameter || given.is_hidden)
            continue;
        int by_name = !is_domain(parameter->type, domain);
        if (by_name && !has_column_of(catalog, parameter->name, domain))
            continue;
        found[by_name] = binding_given_name(run->arena, given);
        count[by_name]++;
    }
    return count[0] == 1 ? found[0] : count[0] == 0 && count[1] == 1 ? found[1] : STR_NONE;
}

/* The argument whose value was refused: of the column that the error names, of one that the
 * constraint is about, or of the domain. */
static struct str
find_refused(const struct run *run, const struct field *field,
             const struct plan_statement *statement, const struct db_call *call)
{
    const struct catalog *catalog = run->options.contract->catalog;
    const struct constraint *constraint = find_constraint(catalog, call);
    struct str name =
        call->column.ptr ? find_argument_of(run, field, statement, call->column) : STR_NONE;

    for (int i = 0; !name.ptr && constraint && i < constraint->count; i++)
        name = find_argument_of(run, field, statement, constraint->columns[i]->name);
    if (!name.ptr && call->domain.ptr)
        name = find_argument_of_domain(run, field, call->domain);
    return name;
}

/* The parameter whose value its type cannot hold; NULL when that is not why the call failed. */
static const struct plan_parameter *
find_bad_parameter(const struct plan_statement *statement, const struct db_call *call)
{
    if (!statement || call->bad_parameter < 1 || call->bad_parameter > statement->parameter_count ||
        !sqlstate_is_own(call))
        return NULL;
    const struct plan_parameter *parameter = &statement->parameters[call->bad_parameter - 1];
    return parameter->form == PLAN_VALUE ? parameter : NULL;
}

struct str
execute_parameter_name(const struct run *run, const struct plan_statement *statement,
                       const struct plan_parameter *parameter)
{
    const struct input_value *argument = parameter->argument, *input = parameter->input;
    struct given given = { .value = input ? input : argument, .within = input ? argument : NULL };

    if (parameter->set)
        return execute_written_name(run, statement, parameter->set->name);
    if (argument->is_fixed ||
        (input && !schema_find_input(type_named(argument->type), input->name)))
        return STR_NONE;
    return binding_given_name(run->arena, given);
}

bool
execute_finds_none(const struct plan_statement *statement, const struct db_call *call)
{
    const struct plan_parameter *parameter = find_bad_parameter(statement, call);

    return parameter && !plan_is_passed(parameter);
}

/* Has the application's own code been called, so that what it raises may be for the client? */
static bool
is_of_function(const struct field *field, const struct plan_statement *statement)
{
    return (field && field->binding && field->binding->kind == BINDING_FUNCTION) ||
           is_write(field) || (statement && plan_calls_function(statement));
}

/* Has a policy or a function failed to read the viewer's key?  PostgreSQL quotes what it cannot
 * read.  Only if the key's type is not known: else the token was refused. */
static bool
is_about_viewer(const struct run *run, const struct db_call *call)
{
    const struct viewer *viewer = &run->viewer;

    if (call->outcome != DB_FAILED || call->bad_parameter > 0 || !viewer->user_id.ptr ||
        viewer->has_good_key || !sqlstate_is_unreadable(call))
        return false;
    return strstr(call->primary.ptr,
                  str_format(run->arena, "\"%.*s\"", STR_PRINT(viewer->user_id)).ptr) != NULL;
}

/* Does nobody who sees this contract know the column, since it is a parameter that the function has
 * by default? */
static bool
is_unknown(const struct field *field, struct str column)
{
    bool is_bound = field->binding && field->binding->kind == BINDING_FUNCTION;
    const struct function *function = is_bound ? binding_function(field->binding)->function : NULL;

    for (int i = 0; function && i < function->parameter_count; i++)
        if (str_equal(function->parameters[i].name, column))
            return true;
    return false;
}

/* The application has named a column: the client knows the argument by its own name. */
static const struct error *
name_own(const struct run *run, const struct field *field, const struct plan_statement *statement,
         const struct db_call *call, struct error *error)
{
    if (!field || !call->column.ptr)
        return error;
    struct str name = find_argument_of(run, field, statement, call->column);
    if (!name.ptr && !is_unknown(field, call->column))
        return error;
    if (error->argument.ptr)
        error->argument = name;
    if (error->field.ptr)
        error->field = name;
    return error;
}

/* What the statement, a write, says of the constraint that the call was refused by, of its own
 * table; NULL: nothing. */
static const struct bound_constraint *
find_said(const struct plan_statement *statement, const struct db_call *call)
{
    const struct plan_write *write = plan_write_of(statement->relation);

    if (!call->constraint.ptr || !write->values ||
        !str_equal(call->table, write->table->local_name))
        return NULL;
    return write_find_constraint(write->values, call->constraint);
}

/* In the words of @constraint, if it has any. */
static struct str
say(const struct run *run, const struct plan_statement *statement, const struct db_call *call,
    struct error *error, struct str argument)
{
    const struct bound_constraint *said = find_said(statement, call);

    if (!said)
        return argument;
    error->message = said->message;
    error->constraint = said->constraint->name;
    return said->field ? execute_refused_field(run, statement, said->field) : argument;
}

struct str
execute_refused_name(const struct run *run, const struct plan_statement *statement,
                     const struct db_call *call)
{
    const struct plan_parameter *bad = find_bad_parameter(statement, call);
    const struct bound_constraint *said = find_said(statement, call);
    const struct key *on = &plan_write_of(statement->relation)->bound->on;
    int refused = run->statements[statement->number].refused;
    struct str name = sqlstate_is_row_kept(call) && on->count > 0
                          ? execute_written_name(run, statement, on->columns[0]->name)
                      : bad ? execute_parameter_name(run, statement, bad)
                      : said && said->field
                          ? execute_refused_field(run, statement, said->field)
                          : find_refused(run, statement->root->definition, statement, call);

    return name.ptr || refused == 0 ? name : execute_object_name(run, statement, refused - 1);
}

const struct error *
execute_refusal(const struct run *run, const struct plan_statement *statement,
                const struct db_call *call)
{
    const struct plan_field *root = statement   ? statement->root
                                    : run->root ? run->root->field
                                                : NULL;
    const struct field *field = root ? root->definition : NULL;
    const struct plan_parameter *bad = find_bad_parameter(statement, call);
    struct str state = str_from(call->sqlstate);
    struct error *error = NULL;

    if (is_about_viewer(run, call))
        return errors_add(&(struct errors){ .arena = run->arena }, ERROR_TOKEN_INVALID,
                          "Invalid token");
    if (!bad && statement && plan_may_overflow(statement) && sqlstate_is_out_of_range(call))
        return errors_add(
            &(struct errors){ .arena = run->arena }, ERROR_BAD_USER_INPUT,
            "The aggregate of these rows is too large for its type; select fewer rows.");
    struct str bad_name = bad ? execute_parameter_name(run, statement, bad) : STR_NONE;
    if (bad && !bad_name.ptr)
        return execute_impossible(run, bad_name, bad->codec);
    /* What C has judged is of the type, and breaks a rule of a domain. */
    bool is_rule = bad && (!bad->codec->is_unjudged || str_starts_with(state, STR("23")));
    if (call->outcome == DB_FAILED && (is_rule || (!bad && is_of_function(field, statement))))
        error = sqlstate_refusal(run->arena, call);
    if (bad && !error)
        return execute_impossible(run, bad_name, bad->codec);
    if (is_upsert(field) && sqlstate_is_row_kept(call))
        return execute_refuse_upsert(run, find_write(run, statement));
    if (is_upsert(field) && sqlstate_is_row_twice(call))
        return execute_refuse_twice(run, find_write(run, statement), -1);
    if (!error)
        return name_own(run, field, statement, call, sqlstate_error(run->arena, call));
    struct str argument = bad ? bad_name : find_refused(run, field, statement, call);
    if (is_write(field))
        argument = say(run, find_write(run, statement), call, error, argument);
    if (error->code == ERROR_BAD_USER_INPUT)
        error->argument = argument;
    else
        error->field = argument;
    return is_write(field) ? execute_refuse_written(run, error) : error;
}

/* That the planner has refused it, or that it needs a signed-in user (@signedIn).  When the token
 * was refused, the error says why, rather than that nobody is signed in. */
const struct error *
execute_refuse_root(struct run *run, const struct plan_field *field)
{
    const struct binding *binding = field->definition->binding;
    const struct viewer *viewer = run->options.viewer;
    const struct error *refusal = field->kind == PLAN_REFUSAL ? field->refusal : NULL;

    if (!binding || !binding->signed_in.ptr || viewer->user_id.ptr)
        return refusal;
    if (viewer->token_error)
        return viewer->token_error;
    return errors_add(&(struct errors){ .arena = run->arena }, ERROR_UNAUTHENTICATED, "%.*s",
                      STR_PRINT(binding->signed_in));
}
