/*
 * write_answer.c - the answers of writes that may be sent again (execution/execute_idempotent.c):
 * they are written once, kept, and shown as they were kept.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "schema/schema.h"
#include "response/response.h"
#include "response/write.h"

void
write_answer(struct buf *b, struct run *run, const struct plan_field *root, struct errors *errors)
{
    struct writer w = { .buf = b, .run = run, .errors = errors };

    if (write_field(&w, root, (struct row){ 0 }, NULL))
        return;
    buf_truncate(b, 0);
    buf_put(b, STR("null"));
}

bool
write_kept_answer(struct writer *w, const struct plan_field *field)
{
    const struct run_root *root = execute_find_root(w->run, field);

    assert(root->answer.ptr);
    if (root->answer_errors.ptr && !errors_leave_out(w->errors))
        errors_add(w->errors, ERROR_INTERNAL, "%s", "")->written = root->answer_errors;
    if (field->type->kind == TYPE_NON_NULL && str_is(root->answer, "null"))
        return false;
    buf_put(w->buf, root->answer);
    return true;
}
