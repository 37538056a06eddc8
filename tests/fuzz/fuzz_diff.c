/*
 * fuzz_diff.c - two texts that are schemas, SDL or answers to introspection: a schema differs from
 * itself in nothing, and what is added on the way from one to the other is removed on the way back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "base/arena.h"
#include "base/error.h"
#include "diff/change.h"
#include "diff/diff.h"
#include "diff/diff_read.h"

static bool
read_side(struct arena *a, struct str text, struct diff_side *side)
{
    struct errors errors = { .arena = a, .maximum = 10 };
    bool is_read = diff_read(a, STR("input"), text, STR_NONE, side, &errors);

    if (is_read != (errors.count == 0))
        fuzz_fail("there is a schema, or an error", text, STR_NONE);
    return is_read;
}

/* How many changes of each kind there are; false unless each says what and how. */
static bool
count_kinds(struct arena *a, const struct diff_side *before, const struct diff_side *after,
            int counts[CHANGE_KIND_COUNT])
{
    struct changes changes = { .arena = a };
    bool is_good = true;

    diff_schemas(&changes, before, after);
    for (const struct change *change = changes.first; change; change = change->next) {
        counts[change->kind]++;
        is_good &= change->coordinate.len > 0 && change->message.len > 0;
        is_good &= change->before.line == 0 || before->has_text;
        is_good &= change->after.line == 0 || after->has_text;
    }
    return is_good;
}

/* Is as much added on the way as is removed on the way back? */
static bool
is_symmetric(const int way[CHANGE_KIND_COUNT], const int back[CHANGE_KIND_COUNT])
{
    return way[CHANGE_TYPE_ADDED] == back[CHANGE_TYPE_REMOVED] &&
           way[CHANGE_DIRECTIVE_ADDED] == back[CHANGE_DIRECTIVE_REMOVED] &&
           way[CHANGE_VALUE_ADDED_TO_ENUM] == back[CHANGE_VALUE_REMOVED_FROM_ENUM] &&
           way[CHANGE_TYPE_ADDED_TO_UNION] == back[CHANGE_TYPE_REMOVED_FROM_UNION] &&
           way[CHANGE_IMPLEMENTED_INTERFACE_ADDED] == back[CHANGE_IMPLEMENTED_INTERFACE_REMOVED] &&
           way[CHANGE_TYPE_CHANGED_KIND] == back[CHANGE_TYPE_CHANGED_KIND] &&
           way[CHANGE_DESCRIPTION_CHANGED] == back[CHANGE_DESCRIPTION_CHANGED] &&
           way[CHANGE_DEPRECATION_ADDED] == back[CHANGE_DEPRECATION_REMOVED] &&
           way[CHANGE_FIELD_ADDED] + way[CHANGE_REQUIRED_INPUT_FIELD_ADDED] +
                   way[CHANGE_OPTIONAL_INPUT_FIELD_ADDED] ==
               back[CHANGE_FIELD_REMOVED] &&
           way[CHANGE_REQUIRED_ARG_ADDED] + way[CHANGE_OPTIONAL_ARG_ADDED] ==
               back[CHANGE_ARG_REMOVED];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str rest = fuzz_text(a, data, size);
    struct str first = fuzz_next_part(&rest), second = fuzz_next_part(&rest);
    struct diff_side before, after;
    int same[CHANGE_KIND_COUNT] = { 0 };
    int way[CHANGE_KIND_COUNT] = { 0 }, back[CHANGE_KIND_COUNT] = { 0 };

    if (first.ptr && read_side(a, first, &before)) {
        count_kinds(a, &before, &before, same);
        for (int i = 0; i < CHANGE_KIND_COUNT; i++)
            if (same[i] > 0)
                fuzz_fail("a schema differs in nothing from itself", first, STR_NONE);
        if (second.ptr && read_side(a, second, &after) &&
            (!count_kinds(a, &before, &after, way) || !count_kinds(a, &after, &before, back) ||
             !is_symmetric(way, back) || !is_symmetric(back, way)))
            fuzz_fail("what is added on the way is removed on the way back", first, second);
    }
    arena_free(a);
    return 0;
}
