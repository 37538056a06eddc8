/*
 * batch_mock.c - the form `mock`: operations, executed on comparable values.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/source.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "validation/validate.h"
#include "planner/operation.h"
#include "planner/plan_build.h"
#include "execution/execute.h"
#include "response/response.h"
#include "mock/mock.h"
#include "cgi-bin/batch/batch.h"

/* Two items a list are many at some depth. */
enum {
    DATA_MAXIMUM = 8 * 1024 * 1024, /* bytes of the value of `data` */
    FIELD_ERRORS_MAXIMUM = 10000    /* the reference implementation has no maximum */
};

/* How an operation is asked for, besides its document; NULL for what is absent or null. */
struct parameters {
    const struct value *variables;
    const struct value *operation_name;
};

/* Find the member; false after adding that it is of another kind. */
static bool
read_member(const struct batch_case *c, const char *name, enum value_kind kind,
            const struct value **out, struct errors *errors)
{
    const struct value *value = value_find(c->request, str_from(name));

    *out = value && value->kind != VALUE_NULL ? value : NULL;
    if (!*out || value->kind == kind)
        return true;
    errors_add(errors, ERROR_BAD_REQUEST, "The member \"%s\" must be %s.", name,
               kind == VALUE_OBJECT ? "an object" : "a string");
    return false;
}

/* Execute the plan; false when the data is too large, and then it has an error. */
static bool
execute(struct batch_case *c, const struct contract *contract, const struct limits *limits,
        const struct plan *plan, const struct variables *variables, struct buf *data,
        struct errors *errors)
{
    const struct viewer nobody = { 0 };
    const struct execute_options options = { .contract = contract,
                                             .limits = limits,
                                             .plan = plan,
                                             .variables = variables,
                                             .viewer = &nobody,
                                             .write_mock = mock_write };
    struct run *run = execute_start(c->arena, &options);

    execute_finish(run, NULL);
    errors->maximum = FIELD_ERRORS_MAXIMUM;
    data->maximum = DATA_MAXIMUM;
    write_data(data, run, errors);
    if (data->failed)
        errors_add_limit(errors, "data", DATA_MAXIMUM, "The data is larger than %d bytes.",
                         DATA_MAXIMUM);
    return !data->failed;
}

/* Parse, validate and plan the case.  NULL after adding errors. */
static const struct plan *
make_plan(struct batch_case *c, const struct source *source, const struct contract *contract,
          const struct limits *limits, struct variables *variables, struct errors *errors)
{
    const struct validate_options options = { .has_suggestions = true };
    struct parameters parameters;

    if (!read_member(c, "variables", VALUE_OBJECT, &parameters.variables, errors) ||
        !read_member(c, "operationName", VALUE_STRING, &parameters.operation_name, errors))
        return NULL;
    const struct ast_document *document =
        parser_parse(c->arena, source, &batch_document_limits, errors);
    if (!document || !validate_document(c->arena, contract->schema, document, &options, errors))
        return NULL;
    struct str name = parameters.operation_name ? parameters.operation_name->text : STR_NONE;
    const struct ast_operation *operation = operation_get(document, name, true, errors);
    if (!operation || !value_coerce_variables(c->arena, contract->schema, document, operation,
                                              parameters.variables, variables, errors))
        return NULL;
    return plan_build(contract, limits, document, operation, variables, 0, c->arena);
}

void
batch_answer_mock(struct batch_case *c)
{
    struct errors errors = { .arena = c->arena, .maximum = BATCH_ERRORS_MAXIMUM };
    const struct source source = { STR_NONE, batch_text(c, "document") };
    const struct contract *contract = batch_contract(c);
    struct limits limits = limits_default;
    struct variables variables;
    bool has_data = false;

    if (!contract)
        return;
    limits.fields = INT_MAX; /* of comparable values one possible type is planned */
    struct buf *data = buf_new(c->arena);
    const struct plan *plan = make_plan(c, &source, contract, &limits, &variables, &errors);
    if (plan) {
        has_data = execute(c, contract, &limits, plan, &variables, data, &errors);
        arena_free(plan->arena);
    }
    if (errors.count > 0) {
        buf_put_c(c->out, ",\"errors\":");
        errors_write(c->out, &errors, STR_NONE);
    }
    if (has_data) {
        buf_put_c(c->out, ",\"data\":");
        buf_put(c->out, buf_str(data));
    }
}
