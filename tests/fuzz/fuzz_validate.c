/*
 * fuzz_validate.c - any document is judged in time, against the contract and
 * against a schema that has all that the language has.
 *
 * The input is a document, or after `!` decisions from which one is made for
 * each schema (fuzz_case.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/source.h"
#include "contract/contract.h"
#include "validation/validate.h"
#include "tests/fuzz/fuzz_case.h"

enum { TIME_MAXIMUM = 20 }; /* milliseconds for a document */

/* A schema with nothing bound, for the whole process. */
static const struct schema *
load_schema(const char *path)
{
    struct arena *a = arena_new(path);
    struct errors errors = { .arena = a };
    struct contract *contract = contract_build(a, str_from(path), fuzz_read_file(a, path), &errors);

    if (!contract)
        fuzz_fail(path, errors.first->message, STR_NONE);
    return contract->schema;
}

static void
judge(const struct schema *schema, struct str input)
{
    struct arena *a = arena_new("input");
    struct str text = fuzz_case(a, schema, input).document;
    struct limits limits = limits_default;
    struct errors errors = { .arena = a, .maximum = limits.errors };
    const struct validate_options options = { &limits, true };
    struct source source = { .text = text };
    struct buf *written = buf_new(a);
    int64_t start = fuzz_cpu_time();

    if (input.len > 0 && input.ptr[0] == '!')
        limits.aliases = limits.fields; /* a generated document has many, harmless as they are */
    const struct ast_document *document = parser_parse(a, &source, &limits, &errors);
    if (document && validate_document(a, schema, document, &options, &errors) != !errors.first)
        fuzz_fail("a document is valid, or has errors", text, STR_NONE);
    errors_write(written, &errors, STR("fuzz"));
    fuzz_check_time(start, TIME_MAXIMUM, text);
    arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct schema *contract, *rich;
    struct arena *a = arena_new("text");
    struct str input = fuzz_text(a, data, size);

    if (!contract) {
        contract = load_schema("sql/schema.graphql");
        rich = load_schema("tests/fuzz/rich.graphql");
    }
    judge(contract, input);
    judge(rich, input);
    arena_free(a);
    return 0;
}
