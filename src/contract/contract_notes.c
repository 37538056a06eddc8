/*
 * contract_notes.c - what a role still learns of what is hidden from it (@auth).
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/contract_notes.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "binding/binding.h"
#include "contract/contract.h"

struct notes {
    struct arena *arena; /* for what is known of one view */
    const struct contract *whole;
    const struct contract_view *view;
    struct errors *errors;
    struct map *said; /* by the name's place: what there is a note of */
};

/* `name` is where it stands in the contract. */
static void
add_note(struct notes *n, struct str name, struct str subject, const char *what)
{
    const struct source *source = n->whole->schema->document->source;
    struct str place = { (const char *)&name.ptr, sizeof(name.ptr) };
    struct errors found = { .arena = n->errors->arena };

    if (map_add(n->said, str_copy(n->arena, place), n))
        return;
    source_error(&found, source, source_offset(source, name), ERROR_VALIDATION_FAILED, "%.*s: %s",
                 STR_PRINT(subject), what)
        ->is_note = true;
    contract_add_finding(n->view, found.first, n->errors);
}

/* --- types that no field leads to --- */

static void reach(struct map *reached, const struct type *type);

static void
reach_inputs(struct map *reached, const struct input_value *inputs, int count)
{
    for (int i = 0; i < count; i++)
        reach(reached, inputs[i].type);
}

static void
reach(struct map *reached, const struct type *type)
{
    const struct type *named = type ? type_named(type) : NULL;

    if (!named || map_add(reached, named->name, (void *)named))
        return;
    for (int i = 0; i < named->field_count; i++) {
        reach(reached, named->fields[i].type);
        reach_inputs(reached, named->fields[i].arguments, named->fields[i].argument_count);
    }
    for (int i = 0; i < named->interface_count; i++)
        reach(reached, named->interfaces[i]);
    for (int i = 0; i < named->possible_count; i++)
        reach(reached, named->possible[i]);
    reach_inputs(reached, named->inputs, named->input_count);
}

static struct map *
reach_all(struct arena *a, const struct schema *schema)
{
    struct map *reached = map_new(a);

    reach(reached, schema->query);
    reach(reached, schema->mutation);
    for (int i = 0; i < schema->directive_count; i++)
        reach_inputs(reached, schema->directives[i].arguments,
                     schema->directives[i].argument_count);
    return reached;
}

static void
note_types(struct notes *n)
{
    const struct schema *schema = n->view->contract->schema;
    const struct map *whole = reach_all(n->arena, n->whole->schema);
    const struct map *reached = reach_all(n->arena, schema);

    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        if (!type->is_builtin && map_get(whole, type->name) && !map_get(reached, type->name))
            add_note(n, type->ast->name, type->name,
                     "no field leads to it any more, but the schema shows it; hide it with @auth, "
                     "too.");
    }
}

/* --- columns that no field shows --- */

static struct str
column_key(const struct column *const *column)
{
    return (struct str){ (const char *)column, sizeof(*column) };
}

/* The columns that fields of the schema show. */
static struct map *
shown_columns(struct arena *a, const struct schema *schema)
{
    struct map *shown = map_new(a);

    for (int i = 0; i < schema->type_count; i++)
        for (int j = 0; j < schema->types[i]->field_count; j++) {
            const struct binding *binding = schema->types[i]->fields[j].binding;
            if (binding && binding->kind == BINDING_COLUMN)
                map_add(shown, column_key(&binding->as.column.column), (void *)binding);
            if (binding && binding->kind == BINDING_GLOBAL_ID)
                for (int k = 0; k < binding_global_id(binding)->count; k++)
                    map_add(shown, column_key(&binding_global_id(binding)->columns[k]),
                            (void *)binding);
        }
    return shown;
}

/* What is known of the columns of a view. */
struct columns {
    const struct map *whole, *shown;
};

static bool
is_hidden(const struct columns *columns, const struct column *const *column)
{
    return map_get(columns->whole, column_key(column)) &&
           !map_get(columns->shown, column_key(column));
}

static void
note_sorted(struct notes *n, const struct columns *columns, const struct order_term *term,
            struct str type, struct str name)
{
    if (term->source == ORDER_COLUMN && is_hidden(columns, &term->column))
        add_note(n, name,
                 str_format(n->errors->arena, "%.*s.%.*s", STR_PRINT(type), STR_PRINT(name)),
                 "rows can still be sorted by a column that is hidden; hide this with @auth, "
                 "too.");
}

static void
note_order(struct notes *n, const struct columns *columns, const struct order_choices *order)
{
    const struct type *type = order->type;

    for (int i = 0; order->values && i < type->value_count; i++)
        for (int j = 0; j < order->values[i].count; j++)
            note_sorted(n, columns, &order->values[i].terms[j], type->name,
                        type->values[i].ast->name);
    for (int i = 0; order->choices && i < type->input_count; i++)
        if (!order->choices[i].within)
            note_sorted(n, columns, &order->choices[i].term, type->name, type->inputs[i].ast->name);
}

static void
note_argument(struct notes *n, const struct columns *columns, const struct type *type,
              const struct field *field, const struct input_value *argument,
              const struct argument_binding *binding)
{
    if (binding->role == ARGUMENT_ORDER_BY) {
        note_order(n, columns, binding->order);
        return;
    }
    for (int i = 0; i < binding->column_count; i++)
        if (is_hidden(columns, &binding->columns[i]))
            add_note(n, argument->ast->name,
                     str_format(n->errors->arena, "%.*s.%.*s(%.*s:)", STR_PRINT(type->name),
                                STR_PRINT(field->name), STR_PRINT(argument->name)),
                     "rows can still be found by a column that is hidden; hide this with @auth, "
                     "too.");
}

static void
note_field(struct notes *n, const struct columns *columns, const struct type *type,
           const struct field *field)
{
    const struct bound_rows *rows = field->binding ? binding_rows(field->binding) : NULL;

    for (int i = 0; rows && i < field->argument_count; i++) {
        const struct input_value *argument = &field->arguments[i];
        const struct argument_binding *binding = argument->binding;
        for (int j = 0; binding->branches && j < rows->branch_count; j++)
            note_argument(n, columns, type, field, argument, binding->branches[j]);
        if (!binding->branches)
            note_argument(n, columns, type, field, argument, binding);
    }
}

static void
note_columns(struct notes *n)
{
    const struct schema *schema = n->view->contract->schema;
    const struct columns columns = { shown_columns(n->arena, n->whole->schema),
                                     shown_columns(n->arena, schema) };

    for (int i = 0; i < schema->type_count; i++)
        for (int j = 0; j < schema->types[i]->field_count; j++)
            note_field(n, &columns, schema->types[i], &schema->types[i]->fields[j]);
}

/* --- extensions --- */

/* Who writes @auth on an extension may mean its fields alone. */
static void
note_extensions(const struct contract *contract, struct errors *errors)
{
    const struct ast_document *document = contract->schema->document;

    for (const struct ast_node *node = document->definitions; node; node = node->next) {
        if (!ast_is_type_definition(node->kind))
            continue;
        const struct ast_type_definition *ast = ast_as(type_definition, node);
        const struct ast_directive *auth = ast_find_directive(ast->directives, "auth");
        if (auth && ast->is_extension && ast->members)
            source_error(errors, document->source, auth->node.start, ERROR_VALIDATION_FAILED,
                         "%.*s: @auth hides the whole type, and not only what the extension adds; "
                         "write it on the type's definition, or on each field.",
                         STR_PRINT(ast->name))
                ->is_note = true;
    }
}

void
contract_notes_add(const struct contract *contract, struct errors *errors)
{
    note_extensions(contract, errors);
    for (const struct contract_view *view = contract->views; view; view = view->next) {
        struct notes n = {
            .arena = arena_new("notes"), .whole = contract, .view = view, .errors = errors
        };
        n.said = map_new(n.arena);
        if (view->contract != contract) {
            note_types(&n);
            note_columns(&n);
        }
        arena_free(n.arena);
    }
}
