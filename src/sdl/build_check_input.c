/*
 * build_check_input.c - input objects that refer to each other (specification,
 * 3.10, Circular References, and Type Validation 4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "schema/schema.h"
#include "value/value_literal.h"
#include "sdl/build_stage.h"

/* Of input objects or defaults that need each other, since they are walked by recursion. */
enum { LEVELS_MAXIMUM = 4000 };

/* --- Finite values: input objects that need each other in a circle. --- */

/* A field that makes a value of its type need a value of another input object. */
struct need {
    const struct input_value *field;
    struct finite *target;
};

struct finite {
    const struct type *type;
    struct need *needs;
    int need_count;
    int unresolved;         /* needs whose target is not yet known to be finite */
    struct finite **wanted; /* who needs this one, once for each need */
    int wanted_count;
    bool is_finite;
    bool is_visited;
    int depth;           /* on the path that is being walked, from 1; 0: not on it */
    struct finite *next; /* in the list of those newly found finite */
};

struct finite_check {
    struct build *build;
    struct map *states; /* struct finite by the type's name */
    struct finite *found;
    const struct need **path; /* the fields walked through */
    int depth;
};

/* The input object that the field cannot do without, or NULL: of a one-of every field
 * counts, since one of them is needed. */
static const struct type *
needed_type(const struct type *type, const struct input_value *field)
{
    const struct type *of = field->type;

    if (!type->is_one_of) {
        if (of->kind != TYPE_NON_NULL)
            return NULL;
        of = of->of;
    }
    return of->kind == TYPE_INPUT_OBJECT ? of : NULL;
}

static void
mark_finite(struct finite_check *c, struct finite *f)
{
    if (f->is_finite)
        return;
    f->is_finite = true;
    f->next = c->found;
    c->found = f;
}

static void
find_needs(struct finite_check *c, struct finite *f)
{
    const struct type *type = f->type;

    f->needs = ARENA_ARRAY(c->build->arena, struct need, type->input_count);
    for (int i = 0; i < type->input_count; i++) {
        const struct type *needed = needed_type(type, &type->inputs[i]);
        if (!needed)
            continue;
        struct finite *target = map_get(c->states, needed->name);
        f->needs[f->need_count++] = (struct need){ &type->inputs[i], target };
        target->wanted_count++;
    }
    f->unresolved = f->need_count;
    if (f->need_count == 0 || (type->is_one_of && f->need_count < type->input_count))
        mark_finite(c, f);
}

/* Tell each input object who needs it. */
static void
find_wanted(struct finite_check *c, struct finite *f)
{
    for (int i = 0; i < f->need_count; i++) {
        struct finite *target = f->needs[i].target;
        if (!target->wanted) {
            target->wanted = ARENA_ARRAY(c->build->arena, struct finite *, target->wanted_count);
            target->wanted_count = 0;
        }
        target->wanted[target->wanted_count++] = f;
    }
}

/* From those that need nothing, find all that are finite. */
static void
spread_finite(struct finite_check *c)
{
    while (c->found) {
        struct finite *f = c->found;
        c->found = f->next;
        for (int i = 0; i < f->wanted_count; i++) {
            struct finite *user = f->wanted[i];
            if (--user->unresolved == 0 || user->type->is_one_of)
                mark_finite(c, user);
        }
    }
}

static void
report_cycle(struct finite_check *c, const struct finite *target)
{
    struct buf fields = { 0 };
    struct error *error = NULL;
    const struct finite *owner = target;

    for (int i = target->depth - 1; i < c->depth; i++) {
        const struct need *need = c->path[i];
        buf_printf(&fields, "%s%.*s.%.*s", fields.len > 0 ? ", " : "", STR_PRINT(owner->type->name),
                   STR_PRINT(need->field->name));
        owner = need->target;
    }
    for (int i = target->depth - 1; i < c->depth; i++) {
        const struct ast_node *node = &c->path[i]->field->ast->node;
        if (error)
            build_add_place(c->build, error, node);
        else
            error = build_error(c->build, node,
                                "Input Object %.*s cannot be provided a finite value because it "
                                "references itself through fields: %.*s.",
                                STR_PRINT(target->type->name), STR_PRINT(buf_str(&fields)));
    }
    buf_free(&fields);
}

/* Walk through those that are not finite, and report each way back. */
static void
walk_infinite(struct finite_check *c, struct finite *f)
{
    if (f->is_visited)
        return;
    f->is_visited = true;
    if (c->depth == LEVELS_MAXIMUM) {
        build_error(c->build, &f->type->ast->node,
                    "Input Object %.*s is too deep: input objects may require each other at most "
                    "%d levels deep.",
                    STR_PRINT(f->type->name), LEVELS_MAXIMUM);
        return;
    }
    f->depth = c->depth + 1;
    for (int i = 0; i < f->need_count; i++) {
        struct finite *target = f->needs[i].target;
        if (target->is_finite)
            continue;
        c->path[c->depth++] = &f->needs[i];
        if (target->depth > 0)
            report_cycle(c, target);
        else
            walk_infinite(c, target);
        c->depth--;
    }
    f->depth = 0;
}

void
build_check_finite(struct build *b)
{
    const struct schema *schema = b->schema;
    struct finite_check c = {
        .build = b,
        .states = map_new(b->arena),
        .path = ARENA_ARRAY(b->arena, const struct need *, schema->type_count),
    };
    struct finite *states = ARENA_ARRAY(b->arena, struct finite, schema->type_count);
    int n = 0;

    for (int i = 0; i < schema->type_count; i++)
        if (schema->types[i]->kind == TYPE_INPUT_OBJECT) {
            states[n].type = schema->types[i];
            map_put(c.states, states[n].type->name, &states[n]);
            n++;
        }
    for (int i = 0; i < n; i++)
        find_needs(&c, &states[i]);
    for (int i = 0; i < n; i++)
        find_wanted(&c, &states[i]);
    spread_finite(&c);
    for (int i = 0; i < n; i++)
        if (!states[i].is_finite)
            walk_infinite(&c, &states[i]);
}

/* --- Defaults that need themselves. --- */

/* A field whose default is being looked into, and what led there. */
struct trail {
    const struct trail *parent;
    const struct type *type;
    const struct input_value *field;
};

static struct str
coordinate(struct build *b, const struct type *type, const struct input_value *field)
{
    return str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(field->name));
}

/* Write the fields of the trail after `field`, outermost first. */
static void
print_trail(struct build *b, struct buf *out, const struct trail *trail,
            const struct input_value *field)
{
    struct str text;

    if (trail->field == field)
        return;
    print_trail(b, out, trail->parent, field);
    text = coordinate(b, trail->type, trail->field);
    buf_printf(out, "%s%.*s", out->len > 0 ? ", " : "", STR_PRINT(text));
}

static void
add_trail_places(struct build *b, struct error *error, const struct trail *trail,
                 const struct input_value *field)
{
    if (trail->field == field)
        return;
    add_trail_places(b, error, trail->parent, field);
    build_add_place(b, error, trail->field->ast->default_value);
}

static void
report_default_cycle(struct build *b, const struct type *type, const struct input_value *field,
                     const struct trail *trail)
{
    struct str name = coordinate(b, type, field);
    struct buf via = { 0 };
    struct error *error;

    print_trail(b, &via, trail, field);
    error = build_error(b, field->ast->default_value,
                        "Invalid circular reference. The default value of Input Object field %.*s "
                        "references itself%s%.*s.",
                        STR_PRINT(name), via.len > 0 ? " via the default values of: " : "",
                        STR_PRINT(buf_str(&via)));
    add_trail_places(b, error, trail, field);
    buf_free(&via);
}

static int check_literal(struct build *b, const struct type *type, const struct ast_node *literal,
                         const struct trail *trail, int depth);

/* A field whose default has been looked into, or is being. */
struct default_state {
    bool is_open;
    int levels; /* of literals, from this default to the innermost that it leads to */
};

/* Report a default that would be coerced through too many others; it counts as none. */
static int
report_deep_default(struct build *b, const struct type *type, const struct input_value *field)
{
    build_error(b, field->ast->default_value,
                "The default value of Input Object field %.*s depends on other defaults, more than "
                "%d levels deep.",
                STR_PRINT(coordinate(b, type, field)), LEVELS_MAXIMUM);
    return 0;
}

/* The field's default is needed, `depth` levels deep: look into it, unless that has been
 * done. Return its levels. */
static int
check_default(struct build *b, const struct type *type, const struct input_value *field,
              const struct trail *trail, int depth)
{
    const struct trail here = { trail, type, field };
    struct default_state *state, *known;

    if (!field->ast->default_value)
        return 0;
    if (depth > LEVELS_MAXIMUM)
        return report_deep_default(b, type, field);
    state = ARENA_NEW(b->arena, struct default_state);
    known = map_add(b->looked_into, coordinate(b, type, field), state);
    if (known && known->is_open)
        report_default_cycle(b, type, field, trail);
    if (known)
        return known->levels;
    state->is_open = true;
    state->levels =
        check_literal(b, type_named(field->type), field->ast->default_value, &here, depth);
    state->is_open = false;
    if (state->levels > LEVELS_MAXIMUM)
        state->levels = report_deep_default(b, type, field);
    return state->levels;
}

/* Follow what a literal of the input object, `depth` levels deep, leaves to defaults.
 * Return its levels. */
static int
check_literal(struct build *b, const struct type *type, const struct ast_node *literal,
              const struct trail *trail, int depth)
{
    int most = 0;

    if (literal->kind == AST_LIST)
        for (const struct ast_node *at = ast_as(value, literal)->values; at; at = at->next) {
            int levels = check_literal(b, type, at, trail, depth + 1);
            most = levels > most ? levels : most;
        }
    if (literal->kind != AST_OBJECT)
        return most + 1;
    const struct value_literal_fields fields = value_literal_fields(b->arena, literal);
    for (int i = 0; i < type->input_count; i++) {
        const struct input_value *field = &type->inputs[i];
        const struct type *of = type_named(field->type);
        const struct ast_node *given = value_literal_field(&fields, field->name);
        int levels;
        if (of->kind != TYPE_INPUT_OBJECT)
            continue;
        levels = given ? check_literal(b, of, given, trail, depth + 1)
                       : check_default(b, type, field, trail, depth + 1);
        most = levels > most ? levels : most;
    }
    return most + 1;
}

void
build_check_default_cycles(struct build *b, const struct type *type)
{
    for (int i = 0; i < type->input_count; i++)
        if (type_named(type->inputs[i].type)->kind == TYPE_INPUT_OBJECT)
            check_default(b, type, &type->inputs[i], NULL, 0);
}
