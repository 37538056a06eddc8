/*
 * mock_aggregate.c - what many made-up objects have together: how many they are, and what
 * functions make of their values.
 *
 * SPDX-License-Identifier: MIT
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"
#include "mock_binding/mock_argument.h"

/* --- numbers --- */

/* A number as the named type has it: in quotes where the type is a text or says so. */
static struct str
number_text(struct run *run, const struct type *type, struct str digits)
{
    bool is_text = str_is(type->name, "String") || str_is(type->name, "ID") ||
                   ast_find_directive(type->ast->directives, "quoted");

    return is_text ? str_format(run->arena, "\"%.*s\"", STR_PRINT(digits)) : digits;
}

struct total {
    double sum;
    int64_t whole; /* the same, where all are whole numbers, and so is their sum */
    int count;
    bool are_whole;
    struct str extreme; /* the least or the greatest */
};

static void
add_value(struct total *total, struct str text, int function)
{
    struct str bare = mock_value_bare(text);
    int64_t number;
    char *end;

    if (function == MOCK_MIN || function == MOCK_MAX) {
        int result = total->count > 0 ? mock_value_compare(text, total->extreme) : 0;
        if (total->count == 0 || (function == MOCK_MIN ? result < 0 : result > 0))
            total->extreme = text;
    }
    total->count++;
    if (!str_read_int64(bare, &number) ||
        __builtin_add_overflow(total->whole, number, &total->whole))
        total->are_whole = false;
    total->sum += bare.len > 0 ? strtod(bare.ptr, &end) : 0;
}

/* Bytes of the longest text of a number with six digits behind the point. */
enum { LONGEST = 1 + DBL_MAX_10_EXP + 1 + 1 + 6 + 1 };

static struct str
total_text(struct run *run, const struct type *type, const struct total *total, int function)
{
    if (total->count == 0)
        return STR_NONE;
    if (function == MOCK_MIN || function == MOCK_MAX)
        return total->extreme;
    if (function == MOCK_SUM && total->are_whole)
        return number_text(run, type, str_format(run->arena, "%lld", (long long)total->whole));
    double value = function == MOCK_SUM ? total->sum : total->sum / total->count;
    struct buf b = { 0 };
    char rounded[LONGEST];
    if (!isfinite(value * 1e6))
        return STR_NONE;
    snprintf(rounded, sizeof(rounded), "%.6f", value); /* 0.1 + 0.2 is 0.3 */
    json_write_double(&b, strtod(rounded, NULL));
    struct str digits = buf_copy(run->arena, &b);
    buf_free(&b);
    return number_text(run, type, digits);
}

struct str
mock_aggregate_text(struct run *run, const struct field *field, const struct mock_page *page,
                    int function)
{
    const struct mock *mock = binding_mock(field->binding);
    struct total total = { .are_whole = true };

    if (str_is(field->name, "count") && !mock->summed)
        return number_text(run, type_named(field->type), str_format(run->arena, "%d", page->count));
    for (int i = 0; mock->summed && i < page->count; i++) {
        struct str text = mock_value_leaf(run, page->list[i], mock->summed);
        if (text.ptr)
            add_value(&total, text, function);
    }
    return total_text(run, type_named(field->type), &total, function);
}

/* --- fields --- */

static bool
write_text(struct mock_call *call, struct str text)
{
    if (!text.ptr)
        return write_null(call->w, call->field, call->field->type, call->path);
    buf_put(call->w->buf, text);
    return true;
}

/* A key of a group; one that does not tell it from others is null. */
static bool
write_key(struct mock_call *call)
{
    const struct field *field = call->field->definition;
    const struct mock_page *page = call->parent->page;
    struct run *run = call->w->run;

    if (page->count == 0 || !mock_group_is_named(run->arena, page->by, field))
        return write_null(call->w, call->field, field->type, call->path);
    if (type_is_leaf(type_named(field->type)))
        return write_text(call, mock_group_key(run, field, page->list[0]));
    const struct mock *mock = binding_mock(field->binding);
    struct mock_entity other = mock->summed ? mock_value_refer(page->list[0], mock->summed)
                                            : (struct mock_entity){ NULL, 0 };
    if (!other.type)
        return write_null(call->w, call->field, field->type, call->path);
    const struct mock_object shown = mock_entity_object(other);
    return mock_field_object(call, &shown, call->path);
}

/* The objects of `sum { ... }` and the like. */
static bool
write_summary(struct mock_call *call, enum mock_function function)
{
    const struct mock_object summary = { .type = type_named(call->field->type),
                                         .seed = call->seed,
                                         .page = call->parent->page,
                                         .index = (int)function };

    return mock_field_object(call, &summary, call->path);
}

bool
mock_aggregate_write(struct mock_call *call, bool *is_written)
{
    const struct field *field = call->field->definition;
    const struct mock_object *parent = call->parent;
    const struct type *type = type_nullable(field->type);
    enum mock_shape shape = binding_of_type(parent->type)->mock->shape;
    bool is_leaf = type_is_leaf(type_named(type)), is_summary, is_key;
    enum mock_function function;

    is_summary = type->kind == TYPE_OBJECT && mock_argument_function(field, &function);
    is_key = parent->page && parent->page->by && !str_is(field->name, "count") &&
             (is_leaf || (type->kind != TYPE_LIST && mock_entity_count(type) > 0));
    *is_written = parent->page && ((shape == MOCK_VALUE && is_leaf) ||
                                   (shape == MOCK_AGGREGATE && (is_leaf || is_summary || is_key)));
    if (!*is_written)
        return false;
    if (shape == MOCK_VALUE)
        return write_text(call,
                          mock_aggregate_text(call->w->run, field, parent->page, parent->index));
    if (is_summary)
        return write_summary(call, function);
    if (is_key)
        return write_key(call);
    return write_text(call, mock_aggregate_text(call->w->run, field, parent->page, MOCK_SUM));
}

bool
mock_aggregate_totals(struct mock_call *call)
{
    struct mock_page page = { 0 };
    const struct mock_page *shown = call->parent->page; /* of a connection */
    const struct mock_object totals = { .type = type_named(call->field->type),
                                        .seed = call->seed,
                                        .page = shown ? shown : &page };

    if (!shown)
        mock_page_take(call, &page);
    return mock_field_object(call, &totals, call->path);
}
