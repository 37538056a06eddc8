/*
 * fuzz_json.c - what json_scan() takes, json-c reads to its end, and it is
 * the same value when written again; what it refuses, nobody reads.
 *
 * Beside it json-c at its strictest judges the text: where it takes what
 * json_scan() refuses, the reason must be one that json-c does not look for.
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
#include "base/json.h"
#include "base/limits.h"
#include "value/value.h"
#include "http/params.h"

/* What RFC 8259 leaves to us, or json-c is lenient about even when strict. */
static const char *const our_reasons[] = {
    "The text is not UTF-8.", /* overlong forms, surrogates */
    "A string has a lone surrogate.",
    "A string must not contain U+0000.",
    "A control character in a string must be escaped.",
    "An object has a name twice.",
    "A number is not as JSON has it.", /* json-c takes 01, 1. and -Infinity */
    "A value was expected.",           /* and NaN, and words in capitals */
    "Something follows the JSON value.",
};

static bool
is_our_reason(const struct json_fault *fault)
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
check_refused(struct arena *a, struct str text, const struct json_fault *fault)
{
    struct errors errors = { .arena = a };

    if (!fault->message || fault->offset > text.len)
        fuzz_fail("a refusal says why and where", text, STR_NONE);
    if (params_parse_json(a, text, &limits_default, &errors) || errors.count != 1)
        fuzz_fail("what the scanner refuses is not read, and is one error", text, STR_NONE);
    if (!memchr(text.ptr, '\0', text.len) && is_json_to_the_library(text) && !is_our_reason(fault))
        fuzz_fail("json-c takes it; why not we?", text, str_from(fault->message));
}

static void
check_taken(struct arena *a, struct str text)
{
    struct errors errors = { .arena = a };
    struct buf *written = buf_new(a);
    const struct value *value = params_parse_json(a, text, &limits_default, &errors);

    if (!value || errors.count > 0)
        fuzz_fail("what the scanner takes, json-c reads", text, STR_NONE);
    value_write_json(written, value);
    const struct value *again = params_parse_json(a, buf_str(written), &limits_default, &errors);
    if (again && !value_equal(value, again))
        fuzz_fail("what is written is what was read", text, buf_str(written));
    /* Escapes may make a string too long for the bounds, but nothing else. */
    if (!again && errors.first->code != ERROR_LIMIT_EXCEEDED)
        fuzz_fail("what is written can be read", text, buf_str(written));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct limits *limits = &limits_default;
    const struct json_bounds bounds = { limits->json_depth, limits->json_values,
                                        (size_t)limits->json_string, (size_t)limits->json_number,
                                        false };
    struct arena *a = arena_new("input");
    struct json_fault fault = { 0 };
    struct str text = fuzz_text(a, data, size);

    if (json_scan(text, &bounds, &fault))
        check_taken(a, text);
    else
        check_refused(a, text, &fault);
    arena_free(a);
    return 0;
}
