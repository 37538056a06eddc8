/*
 * fuzz_json.c - what we read, json-c reads too, and it is the same value when written and read
 * again; what we refuse, json-c at its strictest refuses too, unless for a reason that it does not
 * look for.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "value/value.h"
#include "value/value_json.h"

/* What RFC 8259 leaves to us, or json-c is lenient about even when strict. */
static const char *const our_reasons[] = {
    "The text is not valid UTF-8.", /* overlong forms, surrogates */
    "A string contains a lone surrogate.",
    "A string must not contain U+0000.",
    "A control character in a string must be escaped.",
    "An object has two members of the same name.",
    "A number is malformed.", /* json-c takes 01, 1. and -Infinity */
    "Expected a value.",      /* and NaN, and words in capitals */
    "There is text after the JSON value.",
};

static bool
is_our_reason(const struct value_json_fault *fault)
{
    bool is_ours = fault->limit != NULL;

    for (size_t i = 0; i < ARRAY_LENGTH(our_reasons); i++)
        is_ours |= strcmp(fault->message, our_reasons[i]) == 0;
    return is_ours;
}

/* Does json-c read all of it, at its strictest?  Even then it takes names in single quotes,
 * and so is not asked where there are any. */
static bool
is_json_to_the_library(struct str text)
{
    if (memchr(text.ptr, '\'', text.len))
        return false;
    json_tokener *tokener = json_tokener_new_ex(limits_default.json_depth + 1);

    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    json_object *json = json_tokener_parse_ex(tokener, text.ptr, (int)text.len + 1);
    bool is_read = json_tokener_get_error(tokener) == json_tokener_success &&
                   json_tokener_get_parse_end(tokener) >= text.len;
    json_object_put(json);
    json_tokener_free(tokener);
    return is_read;
}

static void
check_refused(struct arena *a, struct str text)
{
    struct errors errors = { .arena = a };
    const struct value_json_bounds bounds = { limits_default.json_depth, limits_default.json_values,
                                              (size_t)limits_default.json_string,
                                              (size_t)limits_default.json_number, false };
    struct value_json_fault fault = { 0 };

    if (value_json_read(a, text, &bounds, &fault) || !fault.message || fault.offset > text.len)
        fuzz_fail("a refusal says why and where", text, STR_NONE);
    if (value_json_parse(a, text, &limits_default, &errors) || errors.count != 1)
        fuzz_fail("what is refused is one error", text, STR_NONE);
    if (!memchr(text.ptr, '\0', text.len) && is_json_to_the_library(text) && !is_our_reason(&fault))
        fuzz_fail("json-c takes it; why not we?", text, str_from(fault.message));
}

static void
check_taken(struct arena *a, struct str text, const struct value *value)
{
    struct errors errors = { .arena = a };
    struct buf *written = buf_new(a);

    if (!memchr(text.ptr, '\'', text.len) && !is_json_to_the_library(text))
        fuzz_fail("what we take, json-c reads", text, STR_NONE);
    value_write_json(written, value);
    const struct value *again = value_json_parse(a, buf_str(written), &limits_default, &errors);
    if (again && !value_equal(value, again))
        fuzz_fail("what is written is what was read", text, buf_str(written));
    /* Escapes may make a string too long for the bounds, but nothing else. */
    if (!again && errors.first->code != ERROR_LIMIT_EXCEEDED)
        fuzz_fail("what is written can be read", text, buf_str(written));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct errors errors = { .arena = a };
    struct str text = fuzz_text(a, data, size);
    const struct value *value = value_json_parse(a, text, &limits_default, &errors);

    if (value)
        check_taken(a, text, value);
    else
        check_refused(a, text);
    arena_free(a);
    return 0;
}
