/*
 * introspection.c - the schema that an answer to introspection describes, as SDL.
 *
 * Nothing of the answer is trusted: a name must be one, a default is parsed and printed again, and
 * what is missing where the specification has it is an error, so that what is written is what the
 * answer says.
 *
 * SPDX-License-Identifier: MIT
 */
#include "diff/introspection.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/print.h"
#include "language/source.h"
#include "value/value.h"
#include "value/value_json.h"

/* What an answer may hold: schemas of a hundred thousand fields. */
enum {
    DEPTH_MAXIMUM = 64,
    VALUES_MAXIMUM = 20000000,
    STRING_MAXIMUM = 1024 * 1024,
    NUMBER_MAXIMUM = 40,
    WRAPPERS_MAXIMUM = 32 /* of a type; DEPTH_MAXIMUM allows no more */
};

struct writer {
    struct arena *arena;
    struct buf *b;
    struct errors *errors;
    struct str type; /* that is written now, for messages; or STR_NONE */
    bool has_failed; /* with an error; all that is written then does not matter */
};

/* Add the error that there is none of yet: `what` and `text` are a sentence about the type that is
 * written. */
static void
fail(struct writer *w, const char *what, struct str text)
{
    struct buf *b = buf_new(w->arena);

    if (w->has_failed)
        return;
    w->has_failed = true;
    if (w->type.ptr)
        buf_printf(b, "of the type %.*s ", STR_PRINT(w->type));
    buf_put_c(b, what);
    buf_put(b, text);
    errors_add(w->errors, ERROR_BAD_REQUEST, "This is no answer to introspection: %.*s.",
               STR_PRINT(buf_str(b)));
}

/* ---- Members -------------------------------------------------------------------- */

/* The text of a member; STR_NONE where it is null or missing. */
static struct str
text_of(const struct value *object, const char *name)
{
    const struct value *value = value_find(object, str_from(name));

    return value && value->kind == VALUE_STRING ? value->text : STR_NONE;
}

static bool
is_true(const struct value *object, const char *name)
{
    const struct value *value = value_find(object, str_from(name));

    return value && value->kind == VALUE_BOOLEAN && value->boolean;
}

/* The member, an object; NULL where it is null or missing. */
static const struct value *
object_of(const struct value *object, const char *name)
{
    const struct value *value = value_find(object, str_from(name));

    return value && value->kind == VALUE_OBJECT ? value : NULL;
}

/* The first item of a list of objects; NULL for none.  A list of anything else is an error. */
static const struct value *
items_of(struct writer *w, const struct value *object, const char *name, bool is_needed)
{
    const struct value *list = value_find(object, str_from(name));

    if (!list || list->kind == VALUE_NULL) {
        if (is_needed)
            fail(w, "there is no list ", str_from(name));
        return NULL;
    }
    const struct value *first = list->kind == VALUE_LIST ? list->items : list;
    for (const struct value *item = first; item; item = item->next)
        if (list->kind != VALUE_LIST || item->kind != VALUE_OBJECT) {
            fail(w, "not a list of objects is ", str_from(name));
            return NULL;
        }
    return first;
}

static bool
is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        int letter = s.ptr[i] | 0x20;
        bool is_letter = (letter >= 'a' && letter <= 'z') || s.ptr[i] == '_';
        if (!is_letter && (i == 0 || !str_is_digit(s.ptr[i])))
            return false;
    }
    return s.len > 0;
}

/* The member `name`, a name of the language; after an error, another one. */
static struct str
name_of(struct writer *w, const struct value *object)
{
    struct str name = object ? text_of(object, "name") : STR_NONE;

    if (name.ptr && is_name(name))
        return name;
    fail(w, name.ptr ? "this is no name: " : "a name is missing", name);
    return STR("x");
}

static void
put_name(struct writer *w, const struct value *object)
{
    buf_put(w->b, name_of(w, object));
}

/* ---- Parts of definitions ---------------------------------------------------------- */

static void
describe(struct writer *w, const struct value *object, int indent)
{
    struct str description = text_of(object, "description");

    if (description.ptr)
        print_description(w->b, description, indent);
}

static void
deprecate(struct writer *w, const struct value *object)
{
    struct str reason = text_of(object, "deprecationReason");

    if (!is_true(object, "isDeprecated"))
        return;
    buf_put_c(w->b, " @deprecated");
    if (!reason.ptr)
        return;
    buf_put_c(w->b, "(reason: ");
    print_string(w->b, reason);
    buf_byte(w->b, ')');
}

/* Write what `type` is a reference to: `[Link!]!`. */
static void
put_type(struct writer *w, const struct value *type)
{
    bool is_list[WRAPPERS_MAXIMUM];
    int count = 0;

    for (; type && count < WRAPPERS_MAXIMUM; type = object_of(type, "ofType")) {
        struct str kind = text_of(type, "kind");
        if (!str_is(kind, "LIST") && !str_is(kind, "NON_NULL"))
            break;
        is_list[count++] = str_is(kind, "LIST");
    }
    if (!type)
        fail(w, "a type is missing, or nests deeper than was asked for", STR_NONE);
    for (int i = 0; i < count; i++)
        if (is_list[i])
            buf_byte(w->b, '[');
    put_name(w, type);
    while (count-- > 0)
        buf_byte(w->b, is_list[count] ? ']' : '!');
}

/* Write ` = ` and a literal, parsed and printed again: it may be followed by anything. */
static void
put_default(struct writer *w, struct str literal)
{
    struct source *source = ARENA_NEW(w->arena, struct source);
    struct errors errors = { .arena = w->arena, .maximum = 1 };

    source->text = literal;
    const struct ast_node *value = parser_parse_value(w->arena, source, &limits_default, &errors);
    if (!value) {
        fail(w, "this is no default: ", literal);
        return;
    }
    buf_put_c(w->b, " = ");
    print_node(w->b, value);
}

/* Write arguments or fields of an input object, a line each. */
static void
put_inputs(struct writer *w, const struct value *first, int indent)
{
    for (const struct value *input = first; input; input = input->next) {
        struct str literal = text_of(input, "defaultValue");
        describe(w, input, indent);
        buf_repeat(w->b, ' ', (size_t)indent);
        put_name(w, input);
        buf_put_c(w->b, ": ");
        put_type(w, object_of(input, "type"));
        if (literal.ptr)
            put_default(w, literal);
        deprecate(w, input);
        buf_byte(w->b, '\n');
    }
}

static void
put_arguments(struct writer *w, const struct value *object, int indent)
{
    const struct value *first = items_of(w, object, "args", true);

    if (!first)
        return;
    buf_put_c(w->b, "(\n");
    put_inputs(w, first, indent + 2);
    buf_repeat(w->b, ' ', (size_t)indent);
    buf_byte(w->b, ')');
}

/* Write the names of a list of types, each after what separates them. */
static void
put_names(struct writer *w, const struct value *first, const char *before, const char *between)
{
    for (const struct value *type = first; type; type = type->next) {
        buf_put_c(w->b, type == first ? before : between);
        put_name(w, type);
    }
}

/* ---- Types ------------------------------------------------------------------------- */

static void
put_scalar(struct writer *w, const struct value *type)
{
    struct str url = text_of(type, "specifiedByURL");

    buf_printf(w->b, "scalar %.*s", STR_PRINT(w->type));
    if (!url.ptr)
        return;
    buf_put_c(w->b, " @specifiedBy(url: ");
    print_string(w->b, url);
    buf_byte(w->b, ')');
}

static void
put_fields(struct writer *w, const struct value *type)
{
    bool is_object = str_is(text_of(type, "kind"), "OBJECT");

    buf_printf(w->b, "%s %.*s", is_object ? "type" : "interface", STR_PRINT(w->type));
    put_names(w, items_of(w, type, "interfaces", false), " implements ", " & ");
    buf_put_c(w->b, " {\n");
    for (const struct value *field = items_of(w, type, "fields", true); field;
         field = field->next) {
        describe(w, field, 2);
        buf_put_c(w->b, "  ");
        put_name(w, field);
        put_arguments(w, field, 2);
        buf_put_c(w->b, ": ");
        put_type(w, object_of(field, "type"));
        deprecate(w, field);
        buf_byte(w->b, '\n');
    }
    buf_byte(w->b, '}');
}

static void
put_union(struct writer *w, const struct value *type)
{
    buf_printf(w->b, "union %.*s", STR_PRINT(w->type));
    put_names(w, items_of(w, type, "possibleTypes", true), " = ", " | ");
}

static void
put_enum(struct writer *w, const struct value *type)
{
    buf_printf(w->b, "enum %.*s {\n", STR_PRINT(w->type));
    for (const struct value *value = items_of(w, type, "enumValues", true); value;
         value = value->next) {
        describe(w, value, 2);
        buf_put_c(w->b, "  ");
        put_name(w, value);
        deprecate(w, value);
        buf_byte(w->b, '\n');
    }
    buf_byte(w->b, '}');
}

static void
put_input_object(struct writer *w, const struct value *type)
{
    buf_printf(w->b, "input %.*s%s {\n", STR_PRINT(w->type),
               is_true(type, "isOneOf") ? " @oneOf" : "");
    put_inputs(w, items_of(w, type, "inputFields", true), 2);
    buf_byte(w->b, '}');
}

static const struct {
    const char *kind;
    void (*put)(struct writer *w, const struct value *type);
} kinds[] = {
    { "SCALAR", put_scalar }, { "OBJECT", put_fields }, { "INTERFACE", put_fields },
    { "UNION", put_union },   { "ENUM", put_enum },     { "INPUT_OBJECT", put_input_object },
};

static bool
is_builtin_type(struct str name)
{
    return str_starts_with(name, STR("__")) ||
           str_has_word(STR("Int Float String Boolean ID"), name);
}

static void
put_definition(struct writer *w, const struct value *type)
{
    struct str kind = text_of(type, "kind");

    w->type = name_of(w, type);
    if (is_builtin_type(w->type))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
        if (str_is(kind, kinds[i].kind)) {
            describe(w, type, 0);
            kinds[i].put(w, type);
            buf_put_c(w->b, "\n\n");
            return;
        }
    fail(w, "it has no kind", STR_NONE);
}

/* ---- The schema ---------------------------------------------------------------------- */

static void
put_directive(struct writer *w, const struct value *directive)
{
    static const char *const builtin = "skip include deprecated specifiedBy oneOf";
    const struct value *locations = value_find(directive, STR("locations"));
    struct str name = name_of(w, directive);

    if (str_has_word(str_from(builtin), name))
        return;
    describe(w, directive, 0);
    buf_printf(w->b, "directive @%.*s", STR_PRINT(name));
    put_arguments(w, directive, 0);
    buf_put_c(w->b, is_true(directive, "isRepeatable") ? " repeatable on" : " on");
    if (!locations || locations->kind != VALUE_LIST || locations->count == 0) {
        fail(w, "there are no locations of the directive @", name);
        return;
    }
    for (const struct value *at = locations->items; at; at = at->next) {
        if (at->kind != VALUE_STRING || !is_name(at->text))
            fail(w, "there is no such location of the directive @", name);
        else
            buf_printf(w->b, "%s%.*s", at == locations->items ? " " : " | ", STR_PRINT(at->text));
    }
    buf_put_c(w->b, "\n\n");
}

static void
put_roots(struct writer *w, const struct value *schema)
{
    static const struct {
        const char *member, *operation;
    } roots[] = { { "queryType", "query" },
                  { "mutationType", "mutation" },
                  { "subscriptionType", "subscription" } };

    describe(w, schema, 0);
    buf_put_c(w->b, "schema {\n");
    for (size_t i = 0; i < ARRAY_LENGTH(roots); i++) {
        const struct value *type = object_of(schema, roots[i].member);
        if (!type)
            continue;
        buf_printf(w->b, "  %s: ", roots[i].operation);
        put_name(w, type);
        buf_byte(w->b, '\n');
    }
    buf_put_c(w->b, "}\n\n");
}

static void
put_schema(struct writer *w, const struct value *schema)
{
    put_roots(w, schema);
    for (const struct value *type = items_of(w, schema, "types", true); type; type = type->next)
        put_definition(w, type);
    w->type = STR_NONE;
    for (const struct value *at = items_of(w, schema, "directives", true); at; at = at->next)
        put_directive(w, at);
}

/* ---- The answer ------------------------------------------------------------------------ */

/* Read the JSON; NULL after adding why it is none, and where. */
static const struct value *
read_json(struct arena *a, struct str json, struct errors *errors)
{
    static const struct value_json_bounds bounds = { DEPTH_MAXIMUM, VALUES_MAXIMUM, STRING_MAXIMUM,
                                                     NUMBER_MAXIMUM, false };
    struct value_json_fault fault = { 0 };
    const struct value *value = value_json_read(a, json, &bounds, &fault);
    const struct source source = { STR_NONE, json };

    if (!value)
        source_error(errors, &source, (uint32_t)fault.offset, ERROR_BAD_REQUEST, "%s",
                     fault.message);
    return value;
}

/* What a server said instead of an answer; STR_NONE: it said nothing. */
static struct str
refusal_of(const struct value *answer)
{
    const struct value *errors = value_find(answer, STR("errors"));

    if (!errors || errors->kind != VALUE_LIST || errors->count == 0 ||
        errors->items->kind != VALUE_OBJECT)
        return STR_NONE;
    return text_of(errors->items, "message");
}

bool
introspection_write_sdl(struct arena *a, struct buf *sdl, struct str json, struct errors *errors)
{
    struct writer w = { .arena = a, .b = sdl, .errors = errors };
    const struct value *answer = read_json(a, json, errors);

    if (!answer)
        return false;
    const struct value *data = answer->kind == VALUE_OBJECT ? object_of(answer, "data") : NULL;
    const struct value *holder = data ? data : answer;
    const struct value *schema =
        holder->kind == VALUE_OBJECT ? object_of(holder, "__schema") : NULL;
    struct str refusal = answer->kind == VALUE_OBJECT ? refusal_of(answer) : STR_NONE;
    if (schema)
        put_schema(&w, schema);
    else if (refusal.ptr)
        fail(&w, "the server said: ", refusal);
    else
        fail(&w, "it has no member __schema", STR_NONE);
    return !w.has_failed;
}
