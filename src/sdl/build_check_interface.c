/*
 * build_check_interface.c - do types implement the interfaces that they name
 * (specification, 3.6.1, IsValidImplementation)?
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/map.h"
#include "schema/schema.h"
#include "sdl/build_stage.h"

/* Add the places at which the type says that it implements the interface; make
 * the error with the first. */
static struct error *
implements_error(struct build *b, struct error *error, const struct type *type,
                 const struct type *interface, struct str message)
{
    for (const struct part *part = map_get(b->parts, type->name); part; part = part->next)
        for (const struct ast_node *node = part->ast->interfaces; node; node = node->next) {
            if (!str_equal(ast_as(type, node)->name, interface->name))
                continue;
            if (error)
                build_add_place(b, error, node);
            else
                error = build_error(b, node, "%.*s", STR_PRINT(message));
        }
    return error;
}

/* The interfaces of an interface are the type's too. */
static void
check_ancestors(struct build *b, const struct type *type, const struct type *interface)
{
    struct map *missed = NULL;

    for (int i = 0; i < interface->interface_count; i++) {
        const struct type *ancestor = interface->interfaces[i];
        struct str message;
        if (type_implements(type, ancestor))
            continue;
        missed = missed ? missed : map_new(b->arena);
        if (map_add(missed, ancestor->name, (void *)ancestor))
            continue;
        if (ancestor == type)
            message = str_format(b->arena,
                                 "Type %.*s cannot implement %.*s because it would create a "
                                 "circular reference.",
                                 STR_PRINT(type->name), STR_PRINT(interface->name));
        else
            message = str_format(b->arena,
                                 "Type %.*s must implement %.*s because it is implemented by "
                                 "%.*s.",
                                 STR_PRINT(type->name), STR_PRINT(ancestor->name),
                                 STR_PRINT(interface->name));
        struct error *error = implements_error(b, NULL, interface, ancestor, message);
        implements_error(b, error, type, interface, message);
    }
}

/* A field of a type, and the one of an interface that it implements. */
struct pair {
    const struct type *type, *interface;
    const struct field *field, *promised;
};

/* Each argument of the interface's field is there, with the same type. */
static void
check_promised_arguments(struct build *b, const struct pair *p)
{
    for (int i = 0; i < p->promised->argument_count; i++) {
        const struct input_value *promised = &p->promised->arguments[i];
        const struct input_value *argument = schema_find_argument(p->field, promised->name);
        struct error *error;
        if (!argument) {
            error = build_error(b, &promised->ast->node,
                                "Interface field argument %.*s.%.*s(%.*s:) expected but "
                                "%.*s.%.*s does not provide it.",
                                STR_PRINT(p->interface->name), STR_PRINT(p->promised->name),
                                STR_PRINT(promised->name), STR_PRINT(p->type->name),
                                STR_PRINT(p->field->name));
            build_add_place(b, error, &p->field->ast->node);
        } else if (argument->type != promised->type) {
            error = build_error(
                b, promised->ast->type,
                "Interface field argument %.*s.%.*s(%.*s:) expects type %.*s but "
                "%.*s.%.*s(%.*s:) is type %.*s.",
                STR_PRINT(p->interface->name), STR_PRINT(p->promised->name),
                STR_PRINT(promised->name), STR_PRINT(type_text(b->arena, promised->type)),
                STR_PRINT(p->type->name), STR_PRINT(p->field->name), STR_PRINT(argument->name),
                STR_PRINT(type_text(b->arena, argument->type)));
            build_add_place(b, error, argument->ast->type);
        }
    }
}

/* An argument that the interface's field does not have is not required. */
static void
check_further_arguments(struct build *b, const struct pair *p)
{
    for (int i = 0; i < p->field->argument_count; i++) {
        const struct input_value *argument = &p->field->arguments[i];
        if (argument->type->kind != TYPE_NON_NULL || argument->ast->default_value ||
            schema_find_argument(p->promised, argument->name))
            continue;
        struct error *error =
            build_error(b, &argument->ast->node,
                        "Argument \"%.*s.%.*s(%.*s:)\" must not be required type \"%.*s\" if not "
                        "provided by the Interface field \"%.*s.%.*s\".",
                        STR_PRINT(p->type->name), STR_PRINT(p->field->name),
                        STR_PRINT(argument->name), STR_PRINT(type_text(b->arena, argument->type)),
                        STR_PRINT(p->interface->name), STR_PRINT(p->promised->name));
        build_add_place(b, error, &p->promised->ast->node);
    }
}

static void
check_field(struct build *b, const struct pair *p)
{
    struct error *error;

    if (!type_is_sub_type(p->field->type, p->promised->type)) {
        error =
            build_error(b, p->promised->ast->type,
                        "Interface field %.*s.%.*s expects type %.*s but %.*s.%.*s is type "
                        "%.*s.",
                        STR_PRINT(p->interface->name), STR_PRINT(p->promised->name),
                        STR_PRINT(type_text(b->arena, p->promised->type)), STR_PRINT(p->type->name),
                        STR_PRINT(p->field->name), STR_PRINT(type_text(b->arena, p->field->type)));
        build_add_place(b, error, p->field->ast->type);
    }
    check_promised_arguments(b, p);
    check_further_arguments(b, p);
    if (p->field->deprecation_reason.ptr && !p->promised->deprecation_reason.ptr) {
        error = build_error(b, &ast_find_directive(p->field->ast->directives, "deprecated")->node,
                            "Interface field %.*s.%.*s is not deprecated, so implementation field "
                            "%.*s.%.*s must not be deprecated.",
                            STR_PRINT(p->interface->name), STR_PRINT(p->promised->name),
                            STR_PRINT(p->type->name), STR_PRINT(p->field->name));
        build_add_place(b, error, p->field->ast->type);
    }
}

/* Every field of the interface is there, in a form that keeps its promise. */
static void
check_implementation(struct build *b, const struct type *type, const struct type *interface)
{
    for (int i = 0; i < interface->field_count; i++) {
        const struct field *promised = &interface->fields[i];
        const struct field *field = map_get(type->fields_by_name, promised->name);
        if (field) {
            check_field(b, &(struct pair){ type, interface, field, promised });
            continue;
        }
        struct error *error = build_error(
            b, &promised->ast->node,
            "Interface field %.*s.%.*s expected but %.*s does not provide it.",
            STR_PRINT(interface->name), STR_PRINT(promised->name), STR_PRINT(type->name));
        build_add_parts(b, error, map_get(b->parts, type->name));
    }
}

/* Why `type` cannot name this interface at all; STR_NONE when it can. */
static struct str
refuse_interface(struct build *b, const struct type *type, const struct type *interface)
{
    if (interface->kind != TYPE_INTERFACE)
        return str_format(b->arena,
                          "Type %.*s must only implement Interface types, it cannot implement "
                          "%.*s.",
                          STR_PRINT(type->name), STR_PRINT(interface->name));
    if (interface == type)
        return str_format(b->arena,
                          "Type %.*s cannot implement itself because it would create a circular "
                          "reference.",
                          STR_PRINT(type->name));
    return STR_NONE;
}

/* The type names the interface again; `refusal` is what was said of it the first time. */
static void
check_again(struct build *b, const struct type *type, const struct type *interface,
            struct str refusal)
{
    if (!refusal.ptr)
        implements_error(b, NULL, type, interface,
                         str_format(b->arena, "Type %.*s can only implement %.*s once.",
                                    STR_PRINT(type->name), STR_PRINT(interface->name)));
}

void
build_check_interfaces(struct build *b, const struct type *type)
{
    struct map *seen = map_new(b->arena), *repeated = map_new(b->arena);

    for (int i = 0; i < type->interface_count; i++) {
        const struct type *interface = type->interfaces[i];
        struct str refusal = refuse_interface(b, type, interface);
        if (map_add(seen, interface->name, (void *)interface)) {
            if (!map_add(repeated, interface->name, (void *)interface))
                check_again(b, type, interface, refusal);
            continue;
        }
        if (refusal.ptr) {
            implements_error(b, NULL, type, interface, refusal);
            continue;
        }
        check_ancestors(b, type, interface);
        check_implementation(b, type, interface);
    }
}
