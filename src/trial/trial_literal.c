/*
 * trial_literal.c - plausible values of types.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_literal.h"

#include <assert.h>

#include "base/buf.h"
#include "schema/schema.h"

/* Input objects may refer to themselves. */
enum { VALUE_DEPTH = 4 };

/* A literal for each scalar; of others, a text. */
static const struct {
    const char *name, *literal;
} literals[] = {
    { "Int", "1" },
    { "Float", "1.5" },
    { "Boolean", "true" },
    { "ID", "\"1\"" },
    { "DateTime", "\"2000-01-01T00:00:00Z\"" },
    { "DateTimeMicros", "\"2000-01-01T00:00:00Z\"" },
    { "LocalDateTime", "\"2000-01-01T00:00:00\"" },
};

bool
trial_literal_is_optional(const struct input_value *argument)
{
    return argument->type->kind != TYPE_NON_NULL || argument->default_value;
}

static void write_literal(struct buf *b, const struct type *type, int depth);

static void
write_scalar_literal(struct buf *b, const struct type *type)
{
    const char *literal = "\"x\"";

    for (size_t i = 0; i < ARRAY_LENGTH(literals); i++)
        if (str_is(type->name, literals[i].name))
            literal = literals[i].literal;
    buf_put_c(b, literal);
}

/* Of an input object with @oneOf, the first input; of others, all of them. */
static void
write_object_literal(struct buf *b, const struct type *type, int depth)
{
    buf_byte(b, '{');
    for (int i = 0; i < type->input_count; i++) {
        if ((type->is_one_of && i > 0) ||
            (depth == 0 && trial_literal_is_optional(&type->inputs[i])))
            continue;
        buf_put(b, type->inputs[i].name);
        buf_put_c(b, ": ");
        write_literal(b, type->inputs[i].type, depth > 0 ? depth - 1 : 0);
        buf_byte(b, ' ');
    }
    buf_byte(b, '}');
}

static void
write_literal(struct buf *b, const struct type *type, int depth)
{
    const struct type *nullable = type_nullable(type);

    switch (nullable->kind) {
    case TYPE_LIST:
        buf_byte(b, '[');
        write_literal(b, nullable->of, depth);
        buf_byte(b, ']');
        break;
    case TYPE_ENUM:
        buf_put(b, nullable->values[0].name);
        break;
    case TYPE_INPUT_OBJECT:
        write_object_literal(b, nullable, depth);
        break;
    default:
        assert(nullable->kind == TYPE_SCALAR);
        write_scalar_literal(b, nullable);
        break;
    }
}

void
trial_literal_write(struct buf *b, const struct type *type)
{
    write_literal(b, type, VALUE_DEPTH);
}
