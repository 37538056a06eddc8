/*
 * bind_setter.c - fields of a write's input object, each of which sets a column.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_write/bind_setter.h"

#include "base/arena.h"
#include "language/source.h"

void
bind_setter_misfit(const struct bind_site *site, const struct type *values,
                   const struct input_value *input, struct str message)
{
    struct binder *b = site->binder;

    binder_misfit(
        b, source_offset(b->schema->document->source, input->ast->name),
        str_format(b->arena, "%.*s.%.*s", STR_PRINT(values->name), STR_PRINT(input->name)), "%.*s",
        STR_PRINT(message));
}
