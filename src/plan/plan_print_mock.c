/*
 * plan_print_mock.c - what is made up, as text.
 *
 *     -> Mock [Link!]!  as "links"
 *          Fields: id, url
 *          -> Mock User  as "postedBy"
 *               Fields: username
 *
 * Fields of an abstract type stand below the type that they are for, as in a plan of SQL:
 * `-> Branch Task`.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/plan_print_mock.h"

#include "base/buf.h"
#include "schema/schema.h"
#include "plan/plan.h"

static bool
has_fields(const struct plan_field *field)
{
    return field->fields || field->variants;
}

/* The fields that show values, by their response names. */
static void
print_leaves(struct buf *b, const struct plan_field *fields, int indent, int depth)
{
    const char *separator = "Fields: ";

    for (const struct plan_field *field = fields; field; field = field->next) {
        if (has_fields(field) || field->kind == PLAN_UNCOLLECTED)
            continue;
        if (separator[0] == 'F')
            buf_repeat(b, ' ', (size_t)indent * (size_t)depth);
        buf_put_c(b, separator);
        separator = ", ";
        buf_put(b, field->name);
    }
    if (separator[0] != 'F')
        buf_byte(b, '\n');
}

static void print_field(struct buf *b, const struct plan_field *field, int indent, int depth);

static void
print_fields(struct buf *b, const struct plan_field *fields, int indent, int depth)
{
    print_leaves(b, fields, indent, depth);
    for (const struct plan_field *field = fields; field; field = field->next)
        if (has_fields(field))
            print_field(b, field, indent, depth);
}

static void
print_field(struct buf *b, const struct plan_field *field, int indent, int depth)
{
    buf_repeat(b, ' ', (size_t)indent * (size_t)depth);
    buf_put_c(b, "-> Mock ");
    type_print(b, field->type);
    buf_printf(b, "  as \"%.*s\"\n", STR_PRINT(field->name));
    print_fields(b, field->fields, indent, depth + 1);
    for (const struct plan_variant *v = field->variants; v; v = v->next) {
        buf_repeat(b, ' ', (size_t)indent * (size_t)(depth + 1));
        buf_printf(b, "-> Branch %.*s\n", STR_PRINT(v->type->name));
        print_fields(b, v->fields, indent, depth + 2);
    }
}

void
plan_print_mock(struct buf *b, const struct plan_field *field, int indent)
{
    print_field(b, field, indent, 0);
}
