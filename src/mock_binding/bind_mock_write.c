/*
 * bind_mock_write.c - fields that write rows: which objects these would be.
 *
 * The table need not exist.  Its name tells the type that shows its rows: that of the field, or
 * one that the field's payload shows.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock_binding/bind_mock_internal.h"

#include "base/arena.h"
#include "binding/write.h"

static bool
shows_table(struct binder *b, const struct type *type, struct str table)
{
    return type->kind == TYPE_OBJECT &&
           str_equal(binder_directive_text(b, binder_type_directive(b, type, "table"), "name"),
                     table);
}

/* The type that shows the rows; NULL: no type does. */
static const struct type *
find_target(struct binder *b, const struct type *shown, struct str table)
{
    if (shows_table(b, shown, table))
        return shown;
    for (int i = 0; shown->kind == TYPE_OBJECT && i < shown->field_count; i++)
        if (shows_table(b, type_named(shown->fields[i].type), table) &&
            !ast_find_directive(shown->fields[i].ast->directives, "join"))
            return type_named(shown->fields[i].type);
    return NULL;
}

/* Which argument finds rows that are there, and which says what goes into the columns. */
static void
find_arguments(const struct field *field, struct mock_write *write)
{
    for (int i = 0; i < field->argument_count; i++) {
        const struct input_value *argument = &field->arguments[i];
        if (type_named(argument->type)->kind != TYPE_INPUT_OBJECT)
            continue;
        if (str_is(argument->name, "where") && !write_action_adds(write->action))
            write->where = argument;
        else if (!write->values)
            write->values = argument;
    }
}

const struct mock_write *
bind_mock_write(struct binder *b, const struct type *parent, const struct field *field)
{
    const struct ast_directive *directive = NULL;
    enum write_action action;

    for (action = 0; action < WRITE_ACTION_COUNT; action++) {
        directive = ast_find_directive(field->ast->directives, write_action_name(action));
        if (directive)
            break;
    }
    if (!directive || parent != b->schema->mutation)
        return NULL;
    struct mock_write *write = ARENA_NEW(b->arena, struct mock_write);
    write->action = action;
    write->target =
        find_target(b, type_named(field->type), binder_directive_text(b, directive, "table"));
    find_arguments(field, write);
    if (write->where && write->target)
        write->filter = bind_mock_filter(b, type_named(write->where->type), write->target);
    write->is_many =
        write->where || (write->values && type_nullable(write->values->type)->kind == TYPE_LIST);
    return write;
}
