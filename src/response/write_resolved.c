/*
 * write_resolved.c - what a C function puts out.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "value/value.h"
#include "execution/resolver.h"
#include "response/write.h"

bool
write_resolved_output(struct writer *w, const struct plan_field *field, const struct path *path)
{
    assert(w->outputs && field->cell >= 0 && field->cell < RESOLVER_OUTPUTS);
    const struct value *value = w->outputs[field->cell];

    if (!value)
        return write_null(w, field, field->type, path);
    value_write_json(w->buf, value);
    return true;
}

bool
write_resolved_field(struct writer *w, const struct plan_field *field, const struct path *path)
{
    static const struct run_statement nowhere;
    const struct run_root *root = execute_find_root(w->run, field);
    size_t start = w->buf->len;

    if (!root->outputs)
        return write_null(w, field, field->type, path);
    w->outputs = root->outputs;
    return write_fields(w, field->fields, (struct row){ .statement = &nowhere }, path) ||
           write_stop(w, field->type, start);
}
