/*
 * fuzz_case.c - a document with variables, from an input.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz_case.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "schema/schema.h"
#include "tests/fuzz/fuzz.h"

enum { DEPTH_MAXIMUM = 6, WIDTH_MAXIMUM = 4, FRAGMENT_MAXIMUM = 4, LIST_MAXIMUM = 3 };

struct generator {
    struct fuzz_bytes bytes;
    struct arena *arena;
    const struct schema *schema;
    struct buf *text;        /* where selections are being written */
    struct buf *definitions; /* of the operation's variables */
    struct buf *json[FUZZ_VARIANTS];
    int depth;
    int alias_count, variable_count, fragment_count;
    const struct type *fragments[FRAGMENT_MAXIMUM]; /* their types */
    bool is_in_fragment; /* which spread no others, and so make no cycle */
};

/* What stands in strings: all that SQL, JSON or LIKE may stumble over. */
static const char *const texts[] = {
    FUZZ_MARK "@a.example",
    FUZZ_MARK "-password",
    FUZZ_MARK,
    FUZZ_MARK "'; --",
    FUZZ_MARK "\"",
    "\\" FUZZ_MARK "%_",
    FUZZ_MARK "\n\t",
    "",
    FUZZ_MARK "$1",
    FUZZ_MARK "\xc3\xa9\xf0\x9f\x98\x80",
    FUZZ_MARK "*/ /*",
    FUZZ_MARK "{\"a\":[1]}",
    FUZZ_MARK "\\u0000x",
    FUZZ_MARK "$$",
};
static const char *const integers[] = {
    "1", "0", "2", "100", "101", "-1", FUZZ_ID, "2147483647", "-2147483648", "10000", "10001", "3",
};
static const char *const ids[] = {
    FUZZ_ID, "1", "0", ("-" FUZZ_ID), "2147483648", "9223372036854775808", "abc", "", "0x1", "1e3",
};
static const char *const floats[] = { "1.5", "-0.0", "1e300", "1e-300", FUZZ_ID ".25", "3" };

#define PICK(g, table) (table)[fuzz_pick(&(g)->bytes, ARRAY_LENGTH(table))]

static void write_selections(struct generator *g, const struct type *type);
static void write_value(struct generator *g, struct buf *b, const struct type *type, bool is_json);

/* Write an input object: what it must have, and one field that it may have. */
static void
write_object(struct generator *g, struct buf *b, const struct type *type, bool is_json)
{
    int picked = fuzz_pick(&g->bytes, type->input_count);
    const char *separator = "{";

    for (int i = 0; i < type->input_count; i++) {
        const struct input_value *input = &type->inputs[i];
        bool is_required = input->type->kind == TYPE_NON_NULL && !input->default_value;
        if ((i != picked && !is_required) || g->depth > DEPTH_MAXIMUM)
            continue;
        buf_put_c(b, separator);
        is_json ? json_write_string(b, input->name) : buf_put(b, input->name);
        buf_byte(b, ':');
        g->depth++;
        write_value(g, b, input->type, is_json);
        g->depth--;
        separator = ",";
    }
    buf_put_c(b, separator[0] == '{' ? "{}" : "}");
}

/* Write a value of the type: as a literal, or as JSON. */
static void
write_value(struct generator *g, struct buf *b, const struct type *type, bool is_json)
{
    if (type->kind != TYPE_NON_NULL && fuzz_once(&g->bytes, 8)) {
        buf_put_c(b, "null");
        return;
    }
    type = type_nullable(type);
    if (type->kind == TYPE_LIST) {
        buf_byte(b, '[');
        for (int i = fuzz_pick(&g->bytes, LIST_MAXIMUM + 1); i > 0; i--) {
            write_value(g, b, type->of, is_json);
            buf_put_c(b, i > 1 ? "," : "");
        }
        buf_byte(b, ']');
    } else if (type->kind == TYPE_INPUT_OBJECT) {
        write_object(g, b, type, is_json);
    } else if (type->kind == TYPE_ENUM) {
        struct str name = type->values[fuzz_pick(&g->bytes, type->value_count)].name;
        is_json ? json_write_string(b, name) : buf_put(b, name);
    } else if (str_is(type->name, "Boolean")) {
        buf_put_c(b, fuzz_once(&g->bytes, 2) ? "true" : "false");
    } else if (str_is(type->name, "Int")) {
        buf_put_c(b, PICK(g, integers));
    } else if (str_is(type->name, "Float")) {
        buf_put_c(b, PICK(g, floats));
    } else if (str_is(type->name, "ID")) {
        json_write_string(b, str_from(PICK(g, ids)));
    } else {
        json_write_string(b, str_from(PICK(g, texts)));
    }
}

/* Write `$vN`, and its definition and its values where they belong; one with a
 * default or a value may stand at a nullable type as at a non-null one. */
static void
write_variable(struct generator *g, const struct type *type)
{
    int number = g->variable_count++;
    bool is_optional = fuzz_once(&g->bytes, 4), has_default = fuzz_once(&g->bytes, 4);
    const struct type *declared = is_optional || has_default ? type_nullable(type) : type;

    buf_printf(g->text, "$" FUZZ_MARK "%d", number);
    buf_printf(g->definitions, " $" FUZZ_MARK "%d: ", number);
    type_print(g->definitions, declared);
    if (has_default) {
        buf_put_c(g->definitions, " = ");
        write_value(g, g->definitions, declared, false);
    }
    for (int i = 0; i < FUZZ_VARIANTS; i++) {
        if (fuzz_once(&g->bytes, 6))
            continue;
        buf_printf(g->json[i], "%s\"" FUZZ_MARK "%d\":", g->json[i]->len > 1 ? "," : "", number);
        write_value(g, g->json[i], declared, true);
    }
}

static void
write_input(struct generator *g, const struct type *type)
{
    if (fuzz_once(&g->bytes, 2))
        write_variable(g, type);
    else
        write_value(g, g->text, type, false);
}

static void
write_arguments(struct generator *g, const struct field *field)
{
    const char *separator = "(";

    for (int i = 0; i < field->argument_count; i++) {
        const struct input_value *argument = &field->arguments[i];
        bool is_required = argument->type->kind == TYPE_NON_NULL && !argument->default_value;
        if (!is_required && !fuzz_once(&g->bytes, 2))
            continue;
        buf_put_c(g->text, separator);
        buf_put(g->text, argument->name);
        buf_byte(g->text, ':');
        write_input(g, argument->type);
        separator = " ";
    }
    buf_put_c(g->text, separator[0] == ' ' ? ")" : "");
}

static void
write_directives(struct generator *g)
{
    if (!fuzz_once(&g->bytes, 8))
        return;
    buf_put_c(g->text, fuzz_once(&g->bytes, 2) ? " @skip(if: " : " @include(if: ");
    write_input(g, schema_find_type(g->schema, STR("Boolean"))->non_null);
    buf_byte(g->text, ')');
}

static void
write_field(struct generator *g, const struct type *parent)
{
    int picked = fuzz_pick(&g->bytes, parent->field_count + 1) - 1;
    const struct field *field = picked < 0 ? g->schema->typename_field : &parent->fields[picked];
    const struct type *type = type_named(field->type);

    /* Names of their own for fields that may not be merged. */
    if (field->argument_count > 0 || fuzz_once(&g->bytes, 4))
        buf_printf(g->text, FUZZ_MARK "%d:", g->alias_count++);
    buf_put(g->text, field->name);
    write_arguments(g, field);
    write_directives(g);
    if (type_is_composite(type))
        write_selections(g, type);
    buf_byte(g->text, ' ');
}

/* A fragment of this type, to be written later; false when there are enough. */
static bool
write_spread(struct generator *g, const struct type *type)
{
    if (g->is_in_fragment || g->fragment_count == FRAGMENT_MAXIMUM)
        return false;
    buf_printf(g->text, "...F%d", g->fragment_count);
    g->fragments[g->fragment_count++] = type;
    write_directives(g);
    buf_byte(g->text, ' ');
    return true;
}

/* An inline fragment on the type, or on one of its objects. */
static void
write_inline(struct generator *g, const struct type *type)
{
    buf_put_c(g->text, "...");
    if (type_is_abstract(type)) {
        type = type->possible[fuzz_pick(&g->bytes, type->possible_count)];
        buf_put_c(g->text, "on ");
        buf_put(g->text, type->name);
    }
    write_directives(g);
    write_selections(g, type);
}

static void
write_selections(struct generator *g, const struct type *type)
{
    int count = g->depth++ < DEPTH_MAXIMUM ? 1 + fuzz_pick(&g->bytes, WIDTH_MAXIMUM) : 0;

    buf_put_c(g->text, count > 0 ? "{" : "{__typename ");
    for (int i = 0; i < count; i++) {
        if (fuzz_once(&g->bytes, type_is_abstract(type) ? 2 : 12)) {
            write_inline(g, type);
        } else if (!fuzz_once(&g->bytes, 12) || !write_spread(g, type)) {
            write_field(g, type);
        }
    }
    buf_byte(g->text, '}');
    g->depth--;
}

static void
write_fragments(struct generator *g)
{
    g->is_in_fragment = true;
    for (int i = 0; i < g->fragment_count; i++) {
        buf_printf(g->text, "\nfragment F%d on ", i);
        buf_put(g->text, g->fragments[i]->name);
        write_selections(g, g->fragments[i]);
    }
}

static struct fuzz_case
generate(struct arena *a, const struct schema *schema, struct str decisions)
{
    struct generator g = { .bytes = fuzz_bytes(decisions),
                           .arena = a,
                           .schema = schema,
                           .text = buf_new(a),
                           .definitions = buf_new(a) };
    struct buf *document = buf_new(a);
    struct fuzz_case made = { .operation = STR_NONE };
    bool is_mutation = schema->mutation && fuzz_once(&g.bytes, 3);

    for (int i = 0; i < FUZZ_VARIANTS; i++) {
        g.json[i] = buf_new(a);
        buf_byte(g.json[i], '{');
    }
    write_selections(&g, is_mutation ? schema->mutation : schema->query);
    write_fragments(&g);
    buf_put_c(document, is_mutation ? "mutation " FUZZ_MARK : "query " FUZZ_MARK);
    if (g.definitions->len > 0)
        buf_printf(document, "(%.*s)", STR_PRINT(buf_str(g.definitions)));
    buf_put(document, buf_str(g.text));
    made.document = buf_str(document);
    for (int i = 0; i < FUZZ_VARIANTS; i++) {
        buf_byte(g.json[i], '}');
        made.variables[i] = buf_str(g.json[i]);
    }
    made.rest = g.bytes;
    return made;
}

struct fuzz_case
fuzz_case(struct arena *a, const struct schema *schema, struct str input)
{
    struct fuzz_case made;

    if (input.len > 0 && input.ptr[0] == '!')
        return generate(a, schema, (struct str){ input.ptr + 1, input.len - 1 });
    made.document = fuzz_next_part(&input);
    made.variables[0] = made.variables[1] = str_trim(fuzz_next_part(&input));
    made.operation = str_trim(fuzz_next_part(&input));
    if (made.operation.len == 0)
        made.operation = STR_NONE;
    made.rest = fuzz_bytes(input);
    return made;
}
