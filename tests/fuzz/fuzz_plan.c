/*
 * fuzz_plan.c - a plan's SQL has nothing in it that the client wrote, and a plan
 * whose guards hold for other variables is the plan of those.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/source.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_json.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "plan/plan_print.h"
#include "validation/validate.h"
#include "planner/operation.h"
#include "planner/plan_build.h"
#include "tests/fuzz/fuzz_case.h"

struct planned {
    struct arena *arena;
    const struct contract *contract;
    const struct limits *limits;
    const struct ast_document *document;
    const struct ast_operation *operation;
    struct errors errors;
};

/* Parse and judge; false when there is nothing to plan. */
static bool
read_document(struct planned *p, const struct fuzz_case *c)
{
    struct source *source = ARENA_NEW(p->arena, struct source);
    const struct validate_options options = { p->limits, true };

    source->text = c->document;
    p->document = parser_parse(p->arena, source, p->limits, &p->errors);
    if (!p->document ||
        !validate_document(p->arena, p->contract->schema, p->document, &options, &p->errors))
        return false;
    p->operation = operation_get(p->document, c->operation, false, &p->errors);
    return p->operation != NULL;
}

static bool
read_variables(struct planned *p, struct str json, struct variables *out)
{
    const struct value *value = NULL;

    p->errors = (struct errors){ .arena = p->arena };
    if (json.len > 0) {
        value = value_json_parse(p->arena, json, p->limits, &p->errors);
        if (!value || value->kind != VALUE_OBJECT)
            return false;
    }
    return value_coerce_variables(p->arena, p->contract->schema, p->document, p->operation, value,
                                  out, &p->errors);
}

static struct str
print_sql(struct arena *a, const struct plan *plan)
{
    struct buf *b = buf_new(a), *tree = buf_new(a);

    plan_print(tree, plan);
    plan_print_sql(b, plan);
    return buf_copy(a, b);
}

static void
check_plan(const struct plan *plan, const struct limits *limits)
{
    bool has_sql = plan->statement_count <= limits->statements;

    for (int i = 0; has_sql && i < plan->statement_count; i++) {
        struct str sql = plan->statements[i]->statement.sql;
        if (strlen(sql.ptr) != sql.len || strstr(sql.ptr, FUZZ_MARK) || strstr(sql.ptr, FUZZ_ID))
            fuzz_fail("SQL has a client's words in it", sql, STR_NONE);
        if (plan->statements[i]->statement.hash != str_hash(sql))
            fuzz_fail("a statement's hash is of its text", sql, STR_NONE);
    }
    if (plan->nodes < 0 || plan->wave_count > plan->statement_count)
        fuzz_fail("a plan's counts", plan->document->source->text, STR_NONE);
}

static void
compare_plans(struct arena *a, const struct plan *kept, const struct plan *fresh)
{
    struct str first = print_sql(a, kept), second = print_sql(a, fresh);

    if (!str_equal(first, second) || kept->nodes != fresh->nodes ||
        kept->root_count != fresh->root_count)
        fuzz_fail("a plan whose guards hold is the plan", first, second);
}

static void
plan_variants(struct planned *p, const struct fuzz_case *c)
{
    struct variables variables[FUZZ_VARIANTS];
    const struct plan *plans[FUZZ_VARIANTS] = { NULL };

    for (int i = 0; i < FUZZ_VARIANTS; i++) {
        if (!read_variables(p, c->variables[i], &variables[i]))
            continue;
        plans[i] = plan_build(p->contract, p->limits, p->document, p->operation, &variables[i], 0,
                              p->arena);
        check_plan(plans[i], p->limits);
        if (!guards_hold(&plans[i]->guards, &variables[i]))
            fuzz_fail("a plan holds for what it was made from", c->document, c->variables[i]);
    }
    /* A refusal may be for a value, which the executor refuses too; such plans are not kept. */
    if (plans[0] && plans[1] && !plans[0]->is_refused && !plans[1]->is_refused &&
        guards_hold(&plans[0]->guards, &variables[1]))
        compare_plans(p->arena, plans[0], plans[1]);
    for (int i = 0; i < FUZZ_VARIANTS; i++)
        if (plans[i])
            arena_free(plans[i]->arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits = limits_default;
    struct arena *a = arena_new("input");
    struct str text = fuzz_text(a, data, size);
    struct planned p = { .arena = a, .contract = fuzz_pick_contract(&text), .limits = &limits };
    struct fuzz_case c = fuzz_case(a, p.contract->schema, text);

    limits.aliases = limits.fields; /* a generated document has many, harmless as they are */
    p.errors = (struct errors){ .arena = a, .maximum = limits.errors };
    if (read_document(&p, &c))
        plan_variants(&p, &c);
    arena_free(a);
    return 0;
}
