/*
 * batch.c - many cases in one process: JSON lines in, JSON lines out.
 *
 * Answers are written when there is no further case to be read at once: a driver that
 * waits for each answer gets it, and one that sends thousands of cases ahead pays for
 * few system calls.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/batch/batch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/print.h"
#include "language/source.h"
#include "schema/schema_print.h"
#include "value/value.h"
#include "value/value_json.h"
#include "validation/validate.h"
#include "cgi-bin/input/lines.h"

enum {
    LINE_MAXIMUM = 64 * 1024 * 1024, /* bytes of a case */
    WRITTEN_AT_LEAST = 64 * 1024,    /* bytes of answers */
    KEPT = 1024 * 1024,              /* bytes of the buffer of answers */
    MEMBERS_MAXIMUM = 2
};

/* As large as a line may be, but no deeper than the stack bears. */
static const struct limits line_limits = {
    .json_depth = 1000,
    .json_values = INT_MAX,
    .json_string = INT_MAX,
    .json_number = INT_MAX,
};

/* No tree of a document is larger, and no chain of fragments longer, which are followed by
 * recursion. */
const struct limits batch_document_limits = {
    .document = INT_MAX,
    .tokens = 100000,
    .nesting = 1000,
    .directives = INT_MAX,
};

/* ---- What forms share ---------------------------------------------------- */

struct str
batch_text(const struct batch_case *c, const char *name)
{
    const struct value *value = value_find(c->request, str_from(name));

    assert(value && value->kind == VALUE_STRING); /* read_members() has seen to it */
    return value->text;
}

void
batch_errors(struct batch_case *c, const char *name, const struct errors *errors)
{
    buf_byte(c->out, ',');
    json_write_name(c->out, str_from(name));
    errors_write_bare(c->out, errors);
}

/* Answer with what was printed. */
static void
answer_text(struct batch_case *c, const struct buf *text)
{
    buf_put_c(c->out, ",\"text\":");
    json_write_string(c->out, buf_str(text));
}

/* ---- The forms ----------------------------------------------------------- */

static void
answer_validate(struct batch_case *c)
{
    struct errors errors = { .arena = c->arena, .maximum = BATCH_ERRORS_MAXIMUM };
    const struct validate_options options = { .has_suggestions = true };
    const struct source source = { STR_NONE, batch_text(c, "document") };
    const struct schema *schema = batch_schema(c);

    if (!schema)
        return;
    const struct ast_document *document =
        parser_parse(c->arena, &source, &batch_document_limits, &errors);
    /* What it says is said by the list of errors too. */
    bool is_valid = document && validate_document(c->arena, schema, document, &options, &errors);
    assert(is_valid == (errors.count == 0));
    batch_errors(c, "errors", &errors);
}

static void
answer_print_document(struct batch_case *c)
{
    struct errors errors = { .arena = c->arena };
    const struct source source = { STR_NONE, batch_text(c, "document") };
    const struct ast_document *document =
        parser_parse(c->arena, &source, &batch_document_limits, &errors);

    if (!document) {
        batch_errors(c, "errors", &errors);
        return;
    }
    struct buf *text = buf_new(c->arena);
    print_node(text, &document->node);
    answer_text(c, text);
}

static void
answer_print_schema(struct batch_case *c)
{
    const struct schema *schema = batch_schema(c);

    if (!schema)
        return;
    struct buf *text = buf_new(c->arena);
    schema_print(text, schema);
    answer_text(c, text);
}

struct form {
    const char *name;
    const char *members[MEMBERS_MAXIMUM]; /* texts that a case must have */
    void (*answer)(struct batch_case *c);
};

static const struct form forms[] = {
    { "validate", { "schema", "document" }, answer_validate },
    { "print document", { "document" }, answer_print_document },
    { "print schema", { "schema" }, answer_print_schema },
    { "mock", { "schema", "document" }, batch_answer_mock },
    { "diff", { "old", "new" }, batch_answer_diff },
};

static const struct form *
find_form(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

bool
batch_has(const char *form)
{
    return find_form(form) != NULL;
}

/* ---- Cases --------------------------------------------------------------- */

/* Read the line; NULL after adding why it is not a case. */
static const struct value *
read_case(struct arena *a, struct str line, struct errors *errors)
{
    if (!line.ptr) {
        errors_add_limit(errors, "line", LINE_MAXIMUM, "The line has more than %d bytes.",
                         LINE_MAXIMUM);
        return NULL;
    }
    const struct value *request = value_json_parse_any_text(a, line, &line_limits, errors);
    if (!request || request->kind == VALUE_OBJECT)
        return request;
    errors_add(errors, ERROR_BAD_REQUEST, "A case must be a JSON object.");
    return NULL;
}

/* The text of a member.  False after adding that it is of another kind, or, if it is needed, that
 * it is missing. */
static bool
check_text(const struct value *request, const char *name, bool is_needed, struct errors *errors)
{
    const struct value *value = value_find(request, str_from(name));

    if (value ? value->kind == VALUE_STRING : !is_needed)
        return true;
    errors_add(errors, ERROR_BAD_REQUEST,
               value ? "The member \"%s\" must be a string." : "The member \"%s\" is missing.",
               name);
    return false;
}

/* Has the case what the form needs?  False after saying what it lacks.  A schema that is kept need
 * not be given, and one that is given to be kept needs no document. */
static bool
check_members(const struct form *form, struct batch_case *c, struct errors *errors)
{
    bool has_schema = value_find(c->request, STR("schema")) != NULL;
    bool has_document = value_find(c->request, STR("document")) != NULL;

    c->schema_id = batch_schema_id(c->request, errors);
    if (errors->count > 0)
        return false;
    c->is_definition = form->members[1] && c->schema_id && has_schema && !has_document;
    for (int i = 0; i < MEMBERS_MAXIMUM && form->members[i]; i++) {
        bool is_schema = strcmp(form->members[i], "schema") == 0;
        if (!check_text(c->request, form->members[i], is_schema ? !c->schema_id : !c->is_definition,
                        errors))
            return false;
    }
    return true;
}

/* Answer a case that only gives a schema. */
static void
answer_definition(struct batch_case *c)
{
    const struct errors none = { 0 };

    if (batch_schema(c))
        batch_errors(c, "schemaErrors", &none);
}

/* Answer one line with one line. */
static void
answer(const struct form *form, struct batch_case *c, struct str line)
{
    struct errors errors = { .arena = c->arena };

    c->request = read_case(c->arena, line, &errors);
    const struct value *id = c->request ? value_find(c->request, STR("id")) : NULL;
    buf_put_c(c->out, "{\"id\":");
    value_write_any_text(c->out, id ? id : &value_null);
    if (c->request && check_members(form, c, &errors))
        (c->is_definition ? answer_definition : form->answer)(c);
    else
        batch_errors(c, "errors", &errors);
    buf_put_c(c->out, "}\n");
}

/* ---- The stream ---------------------------------------------------------- */

/* Hand over what has been answered so far. */
static bool
flush(struct buf *out)
{
    bool is_written = fwrite(buf_str(out).ptr, 1, out->len, stdout) == out->len;

    is_written &= fflush(stdout) == 0;
    if (out->capacity > KEPT)
        buf_free(out);
    buf_truncate(out, 0);
    return is_written;
}

/* Answer all cases; the exit status. */
static int
answer_all(const struct form *form, struct batch_case *c, struct lines *lines)
{
    while (lines_read(lines)) {
        for (struct str line; lines_take(lines, &line);) {
            answer(form, c, line);
            arena_reset(c->arena);
            if (c->out->len >= WRITTEN_AT_LEAST && !flush(c->out))
                return EX_IOERR;
        }
        if (!flush(c->out))
            return EX_IOERR;
    }
    return errno ? EX_IOERR : EX_OK;
}

int
batch_run(const char *form, const char *file)
{
    bool is_standard = !file || strcmp(file, "-") == 0;
    struct lines lines = { .maximum = LINE_MAXIMUM };
    struct arena *whole = arena_new("batch");
    struct batch_schemas *schemas = batch_schemas_new(whole);
    struct buf out = { 0 };
    struct batch_case c = { .arena = arena_new("case"), .schemas = schemas, .out = &out };
    int status = EX_NOINPUT;

    lines.descriptor = is_standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    if (lines.descriptor >= 0)
        status = answer_all(find_form(form), &c, &lines);
    if (status != EX_OK)
        fprintf(stderr, "%s: %s\n", is_standard ? "standard input" : file, strerror(errno));
    if (lines.descriptor > STDIN_FILENO)
        close(lines.descriptor);
    buf_free(&lines.text);
    buf_free(&out);
    arena_free(c.arena);
    batch_schemas_free(schemas);
    arena_free(whole);
    return status;
}
