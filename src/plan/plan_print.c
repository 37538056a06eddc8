/*
 * plan_print.c - a plan as text, in the manner of EXPLAIN.
 *
 *     -> Select links l1  as "links"  wave 1
 *          Columns: l1.id, l1.url
 *          Order: l1.created_at DESC, l1.id DESC
 *          Limit: 20
 *          -> Join users u2  as "postedBy"
 *               Columns: u2.username
 *               On: u2.id = l1.posted_by
 *          -> Batch votes v1  as "votes"  wave 2
 *               Columns: v1.id
 *               Key: v1.link_id = ANY (l1.id)
 *
 * Aliases are of one statement: that of a Batch is its own, and the alias within `ANY ()` is of
 * the statement around it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/plan_print.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "language/ast.h"
#include "language/print.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/global_id.h"
#include "binding/write.h"
#include "plan/plan.h"
#include "plan/plan_print_filter.h"
#include "plan/plan_print_mock.h"
#include "plan/plan_print_order.h"
#include "plan/plan_print_write.h"

enum { INDENT = 5 };

/* A line below a relation, at its depth: "     Name: ". */
static void
print_label(struct buf *b, int depth, const char *label)
{
    buf_repeat(b, ' ', (size_t)(depth + 1) * INDENT);
    buf_put_c(b, label);
}

static void
print_column(struct buf *b, const struct plan_relation *r, const struct column *column)
{
    buf_put(b, r->alias);
    buf_byte(b, '.');
    buf_put(b, column->name);
}

/* The type of the rows, where the table does not say it: `Type: i1.kind is task` for one,
 * or `Type: i1.kind is task: Task, note: Note`. */
static void
print_type(struct buf *b, const struct plan_relation *r, int depth)
{
    const struct type *type = r->type;

    if (!type || !binding_of_type(type)->discriminator)
        return;
    print_label(b, depth, "Type: ");
    print_column(b, r, binding_of_type(type)->discriminator);
    buf_put_c(b, " is ");
    buf_put(b, binding_of_type(type)->label); /* of an object; nothing of an abstract type */
    for (int i = 0; i < type->possible_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        buf_put(b, binding_of_type(type->possible[i])->label);
        buf_put_c(b, ": ");
        buf_put(b, type->possible[i]->name);
    }
    buf_byte(b, '\n');
}

static void
print_cell(struct buf *b, const struct plan_cell *cell)
{
    switch (cell->kind) {
    case PLAN_CELL_COLUMN:
        print_column(b, cell->relation, cell->of.column);
        break;
    case PLAN_CELL_BETWEEN:
        buf_printf(b, "%.*s.%.*s", STR_PRINT(cell->relation->between),
                   STR_PRINT(cell->of.column->name));
        break;
    case PLAN_CELL_FUNCTION:
        buf_put(b, cell->of.function->name);
        buf_byte(b, '(');
        if (plan_table(cell->relation))
            buf_put(b, cell->relation->alias);
        buf_byte(b, ')');
        break;
    case PLAN_CELL_COUNT:
        buf_put_c(b, "count(*)");
        break;
    case PLAN_CELL_AGGREGATE:
        buf_put_c(b, aggregate_function_name(cell->of.aggregate.function->function));
        buf_byte(b, '(');
        print_column(b, cell->relation, cell->of.aggregate.column);
        buf_byte(b, ')');
        break;
    case PLAN_CELL_UNIT:
        buf_put_c(b, group_unit_name(cell->of.unit->unit));
        buf_put_c(b, " of ");
        print_column(b, cell->relation, cell->of.unit->column);
        break;
    case PLAN_CELL_TERM:
        plan_print_term(b, cell->relation, cell->of.term);
        break;
    case PLAN_CELL_INSERTED:
        buf_put_c(b, "inserted");
        break;
    case PLAN_CELL_WRITTEN:
        buf_put_c(b, "written");
        break;
    case PLAN_CELL_FOUND:
        buf_printf(b, "found %.*s", STR_PRINT(cell->of.column->name));
        break;
    case PLAN_CELL_TYPE:
    case PLAN_CELL_KEY:
        break;
    }
}

static void
print_groups(struct buf *b, const struct plan_relation *r, int depth)
{
    const struct plan_groups *groups = r->groups;

    if (!groups)
        return;
    print_label(b, depth, "Groups: ");
    for (int i = 0; i < groups->key_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        print_cell(b, &r->statement->cells[groups->keys[i]]);
    }
    buf_byte(b, '\n');
    print_label(b, depth, "Order: ");
    for (int i = 0; i < groups->order_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        print_cell(b, &r->statement->cells[groups->order[i].cell]);
        plan_print_direction(b, groups->order[i].direction, true);
    }
    buf_byte(b, '\n');
}

static void
print_columns(struct buf *b, const struct plan_relation *r, int depth)
{
    const struct plan_statement *s = r->statement;
    const char *separator = "Columns: ";

    assert(s);
    for (int i = 0; i < s->cell_count; i++) {
        const struct plan_cell *cell = &s->cells[i];
        if (cell->relation != r || cell->kind == PLAN_CELL_TYPE || cell->kind == PLAN_CELL_KEY)
            continue;
        if (separator[0] == 'C')
            print_label(b, depth, separator);
        else
            buf_put_c(b, separator);
        separator = ", ";
        print_cell(b, cell);
    }
    if (separator[0] != 'C')
        buf_byte(b, '\n');
}

static void
print_filters(struct buf *b, const struct plan_relation *r, int depth)
{
    for (const struct plan_filter *f = r->slice->filters; f; f = f->next) {
        print_label(b, depth, "Filter: ");
        plan_print_filter(b, f);
        buf_byte(b, '\n');
    }
    if (r->slice->version) {
        print_label(b, depth, "Version: ");
        plan_print_filter(b, r->slice->version);
        buf_byte(b, '\n');
    }
}

static void
print_order(struct buf *b, const struct plan_relation *r, int depth)
{
    bool is_union = r->source == PLAN_UNION && r->purpose != PLAN_COUNT;

    if (!is_union && r->slice->order_count == 0)
        return;
    print_label(b, depth, "Order: ");
    plan_print_order(b, r);
    buf_put_c(b, r->slice->is_reversed ? ", from the end" : "");
    buf_put_c(b, r->statement->sort_cells ? ", sorted by Linnet\n" : "\n");
}

/* `Rows: behind after`, `Rows: at or in front of after`: on which side of which cursor. */
static void
print_bounds(struct buf *b, const struct plan_relation *r, int depth)
{
    for (const struct plan_bound *bound = r->slice->bounds; bound; bound = bound->next) {
        print_label(b, depth, "Rows: ");
        buf_put_c(b, bound->is_inclusive ? "at or " : "");
        buf_put_c(b, bound->is_behind ? "behind " : "in front of ");
        buf_put(b, bound->cursor->argument->name);
        buf_byte(b, '\n');
    }
}

static void
print_limit(struct buf *b, const struct plan_relation *r, int depth)
{
    const char *per_key = r->kind == PLAN_BATCH ? " per key" : "";

    if (r->slice->has_limit) {
        print_label(b, depth, "Limit: ");
        buf_printf(b, "%d%s\n", r->slice->limit, per_key);
    }
    if (r->slice->has_offset) {
        print_label(b, depth, "Offset: ");
        buf_printf(b, "$%d%s\n", r->slice->offset + 1, per_key);
    }
}

/* What a document says for a field of an input object: `"x"`, or `$input.url`. */
static void
print_input_value(struct buf *b, const struct ast_node *object, const struct input_value *input)
{
    const struct ast_node *node = object->kind == AST_OBJECT ? ast_as(value, object)->values : NULL;

    while (node && !str_equal(ast_as(object_field, node)->name, input->name))
        node = node->next;
    if (node) {
        print_node(b, ast_as(object_field, node)->value);
    } else if (object->kind == AST_VARIABLE) {
        print_node(b, object);
        buf_printf(b, ".%.*s", STR_PRINT(input->name));
    } else {
        print_node(b, input->ast->default_value);
    }
}

/* What the document says for the argument, or its default. */
static void
print_argument_value(struct buf *b, const struct plan_parameter *parameter)
{
    const struct ast_argument *given =
        ast_find_argument(parameter->field->arguments, parameter->argument->name);
    const struct ast_node *value = given ? given->value : parameter->argument->ast->default_value;

    if (parameter->input)
        print_input_value(b, value, parameter->input);
    else
        print_node(b, value);
}

static void
print_parameter(struct buf *b, const struct plan_statement *s, int number)
{
    const struct plan_parameter *parameter = &s->parameters[number];
    bool is_of_objects = plan_print_is_of_objects(s, parameter);
    const char *array = parameter->form == PLAN_KEYS || is_of_objects ? "[]" : "";

    assert(number >= 0 && number < s->parameter_count);
    buf_printf(b, "$%d = ", number + 1);
    if (parameter->form == PLAN_KEYS && s->ids) {
        buf_printf(b, "id of %.*s", STR_PRINT(s->ids->type));
    } else if (parameter->form == PLAN_KEYS && !s->parent) {
        buf_printf(b, "output %d", s->key_output);
    } else if (parameter->form == PLAN_KEYS) {
        print_column(b, s->parent->cells[s->parent_cells[parameter->key]].relation,
                     join_to_parent(s->relation->join)->from[parameter->key]);
    } else if (parameter->form == PLAN_WRITTEN) {
        print_cell(b, &parameter->written->statement->cells[parameter->cell]);
    } else if (is_of_objects) {
        plan_print_of_objects(b, s, parameter);
    } else if (parameter->form == PLAN_OPERAND) {
        buf_put(b, parameter->argument->name);
        value_print_path(b, parameter->path);
    } else {
        print_argument_value(b, parameter);
        if (parameter->form == PLAN_CURSOR)
            buf_printf(b, "[%d]", parameter->term);
        if (parameter->form == PLAN_PATTERN)
            buf_put(b, STR(" (%, _ and \\ escaped)"));
    }
    buf_printf(b, " :: %.*s%s", STR_PRINT(parameter->type_name), array);
}

static void
print_parameters(struct buf *b, const struct plan_statement *s)
{
    for (int i = 0; i < s->parameter_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        print_parameter(b, s, i);
    }
}

/* ` of Task or Note`: the types below which a batch stands. */
static void
print_conditions(struct buf *b, const struct plan_statement *s)
{
    for (const struct plan_condition *c = s->conditions; c; c = c->next)
        for (const struct plan_possible *t = &c->types; t; t = t->next) {
            buf_put_c(b, t != &c->types ? " or " : c == s->conditions ? " of " : " in ");
            buf_put(b, t->type->name);
        }
}

/* `l1.id`, or `(l1.order_id, l1.number)`. */
static void
print_key(struct buf *b, struct str alias, const struct column *const *columns, int count)
{
    buf_put_c(b, count > 1 ? "(" : "");
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        buf_put(b, alias);
        buf_byte(b, '.');
        buf_put(b, columns[i]->name);
    }
    buf_put_c(b, count > 1 ? ")" : "");
}

/* `Through: product_tags p2, t1.id = p2.tag_id` */
static void
print_through(struct buf *b, const struct plan_relation *r, int depth)
{
    print_label(b, depth, "Through: ");
    buf_put(b, r->join->through->table->name);
    buf_byte(b, ' ');
    buf_put(b, r->between);
    buf_put_c(b, ", ");
    print_key(b, r->alias, r->join->to, r->join->count);
    buf_put_c(b, " = ");
    print_key(b, r->between, r->join->from, r->join->count);
    buf_byte(b, '\n');
}

static void
print_keys(struct buf *b, const struct plan_relation *r, int depth)
{
    const struct plan_relation *parent = r->kind == PLAN_BRANCH ? r->parent->parent : r->parent;
    const struct join *join = join_to_parent(r->join);

    print_label(b, depth, r->kind == PLAN_JOIN ? "On: " : "Key: ");
    print_key(b, r->join->through ? r->between : r->alias, join->to, join->count);
    bool is_alone =
        r->kind == PLAN_JOIN || join->count > 1; /* in brackets of its own, or of none */
    buf_put_c(b, r->kind == PLAN_JOIN ? " = " : " = ANY ");
    buf_put_c(b, is_alone ? "" : "(");
    if (parent)
        print_key(b, parent->alias, join->from, join->count);
    else if (r->purpose == PLAN_DOUBT)
        buf_put_c(b, "not written");
    else if (r->statement->ids)
        buf_printf(b, "id of %.*s", STR_PRINT(r->statement->ids->type));
    else
        buf_printf(b, "output %d", r->statement->key_output);
    buf_put_c(b, is_alone ? "" : ")");
    if (r->kind != PLAN_JOIN)
        print_conditions(b, r->statement);
    buf_byte(b, '\n');
    if (r->join->through)
        print_through(b, r, depth);
}

/* What the relation is of: a table, a function, or the branches below it. */
static struct str
relation_name(const struct plan_relation *r)
{
    if (r->source == PLAN_UNION)
        return r->type->name;
    return plan_function(r) ? plan_function(r)->name : plan_table(r)->name;
}

static void
print_relation(struct buf *b, const struct plan_relation *r, int depth)
{
    static const char *const kinds[] = { "Select", "Join", "Batch", "Branch" };
    static const char *const purposes[] = {
        [PLAN_ROWS] = "",           [PLAN_PROBE] = "Probe by ",         [PLAN_COUNT] = "Count by ",
        [PLAN_DOUBT] = "Doubt by ", [PLAN_AGGREGATE] = "Aggregate by ",
    };
    bool is_inner = r->kind == PLAN_JOIN || r->kind == PLAN_BRANCH;

    buf_repeat(b, ' ', (size_t)depth * INDENT);
    buf_printf(b, "-> %s%s%s %.*s%s %.*s", purposes[r->purpose],
               plan_write_of(r) ? write_action_title(plan_write_of(r)->bound->action)
                                : kinds[r->kind],
               r->source == PLAN_UNION ? " of" : "", STR_PRINT(relation_name(r)),
               plan_function(r) ? "()" : "", STR_PRINT(r->alias));
    if (r->kind == PLAN_BRANCH)
        buf_printf(b, "  of %.*s", STR_PRINT(r->name));
    else if (r->name.ptr)
        buf_printf(b, "  as \"%.*s\"", STR_PRINT(r->name));
    if (!is_inner)
        buf_printf(b, "  wave %d%s", r->statement->wave,
                   r->statement->is_isolated ? ", isolated" : "");
    buf_byte(b, '\n');
    print_columns(b, r, depth);
    print_type(b, r, depth);
    if (r->join && r->source != PLAN_UNION)
        print_keys(b, r, depth);
    plan_print_write(b, r, (depth + 1) * INDENT);
    if (r->slice) {
        print_filters(b, r, depth);
        print_groups(b, r, depth);
        print_order(b, r, depth);
        print_bounds(b, r, depth);
        print_limit(b, r, depth);
    }
    if (!is_inner && r->statement->parameter_count > 0) {
        print_label(b, depth, "Parameters: ");
        print_parameters(b, r->statement);
        buf_byte(b, '\n');
    }
    for (const struct plan_relation *child = r->children; child; child = child->next)
        print_relation(b, child, depth + 1);
    if (!plan_write_of(r))
        return;
    if (plan_write_of(r)->doubt)
        print_relation(b, plan_write_of(r)->doubt, depth + 1);
    for (const struct plan_relation *inner = plan_write_of(r)->inner; inner;
         inner = inner->of.write.next_inner)
        print_relation(b, inner, depth + 1);
}

/* A root field that shows a page. */
static void
print_page(struct buf *b, const struct plan_page *page)
{
    const struct plan_relation *relations[] = { page->rows, page->probe, page->count };

    for (size_t i = 0; i < ARRAY_LENGTH(relations); i++)
        if (relations[i])
            print_relation(b, relations[i], 0);
}

/* A root field that a C function answers, and the rows of the keys it puts out. */
static void
print_resolved(struct buf *b, const struct plan_field *field)
{
    buf_printf(b, "-> Resolve %s  as \"%.*s\"\n",
               binding_resolver(field->definition->binding)->name, STR_PRINT(field->name));
    for (const struct plan_field *below = field->fields; below; below = below->next)
        if (below->relation)
            print_relation(b, below->relation, 1);
}

void
plan_print(struct buf *b, const struct plan *plan)
{
    if (plan->failure)
        buf_printf(b, "-> Refuse: %.*s\n", STR_PRINT(plan->failure->message));
    for (const struct plan_field *field = plan->fields; field; field = field->next) {
        if (field->kind == PLAN_CONNECTION) {
            print_page(b, field->page);
        } else if (field->relation) {
            print_relation(b, field->relation, 0);
        } else if (field->kind == PLAN_NODE) {
            for (const struct plan_variant *v = field->variants; v; v = v->next)
                if (v->relation)
                    print_relation(b, v->relation, 0);
        } else if (field->kind == PLAN_RESOLVED) {
            print_resolved(b, field);
        } else if (field->kind == PLAN_MOCK) {
            plan_print_mock(b, field, INDENT);
        } else if (field->kind == PLAN_REFUSAL) {
            buf_printf(b, "-> Refuse  as \"%.*s\": %.*s\n", STR_PRINT(field->name),
                       STR_PRINT(field->refusal->message));
        } else {
            buf_printf(b, "-> %s  as \"%.*s\"\n",
                       field->kind == PLAN_TYPENAME ? "Typename" : "Introspection",
                       STR_PRINT(field->name));
        }
    }
}

void
plan_print_sql(struct buf *b, const struct plan *plan)
{
    for (int i = 0; i < plan->statement_count; i++) {
        const struct plan_statement *s = plan->statements[i];
        buf_printf(b, "-- wave %d", s->wave);
        buf_put_c(b, s->parameter_count > 0 ? ": " : "");
        print_parameters(b, s);
        buf_byte(b, '\n');
        buf_put(b, s->statement.sql);
        buf_put(b, STR(";\n"));
        if (s->ahead.sql.ptr)
            buf_printf(b, "-- or, in one flush with wave 1:\n%.*s;\n", STR_PRINT(s->ahead.sql));
    }
}
