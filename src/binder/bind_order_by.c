/*
 * bind_order_by.c - what the argument `orderBy` may ask for.
 *
 * Its type is an enum each of whose values says a whole order, by @order or by its name
 * (URL_ASC); or an input object with @oneOf, each of whose fields names what to sort by, so
 * that a list of them has an order, which the members of one object have not: a column, a row
 * that is joined and has an order of its own, the count of rows that are (@count), or what a
 * function makes of the row (@function).  A value of an enum, or a field, may also sort by how
 * well rows fit the words that a filter finds in them (@search).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "language/source.h"
#include "binding/filter.h"
#include "binder/bind_internal.h"

static struct order_choices *
find_choices(struct binder *b, const struct type *type, const struct table *table);

/* Where something of the type is, whose name stands in the contract. */
static struct order_place
make_place(struct binder *b, const struct order_choices *choices, struct str name)
{
    return (struct order_place){
        .binder = b,
        .offset = source_offset(b->schema->document->source, name),
        .subject =
            str_format(b->arena, "%.*s.%.*s", STR_PRINT(choices->type->name), STR_PRINT(name)),
        .table = choices->table,
    };
}

/* --- words --- */

/* Can words be found in the column, as it is or by a text search configuration?  False after a
 * misfit. */
static bool
check_words(const struct order_place *place, const struct column *column, struct str config)
{
    bool is_text = filter_has_operator(column, FILTER_CONTAINS);

    if (filter_has_operator(column, FILTER_MATCHES) || (is_text && config.ptr))
        return true;
    if (is_text)
        bind_order_misfit(place,
                          "column %.*s.%.*s is a text: name the text search configuration that "
                          "finds words in it, as in @search(columns:, config: \"english\").",
                          STR_PRINT(place->table->name), STR_PRINT(column->name));
    else
        bind_order_misfit(place,
                          "column %.*s.%.*s is %.*s, in which words cannot be searched; name a "
                          "tsvector, or texts with @search(config:).",
                          STR_PRINT(place->table->name), STR_PRINT(column->name),
                          STR_PRINT(column->type_name));
    return false;
}

/* `RANK @search(columns: ["body"], config: "english")`.  False after a misfit. */
static bool
bind_rank(const struct order_place *place, const struct ast_directive *search,
          struct order_term *term)
{
    struct binder *b = place->binder;
    struct bound_comparison *words = ARENA_NEW(b->arena, struct bound_comparison);
    struct str missing;
    const struct str *names = binder_directive_texts(b, search, "columns", &words->column_count);

    words->op = FILTER_MATCHES;
    words->config = binder_directive_text(b, search, "config");
    words->columns = binder_find_columns(b, place->table, names, words->column_count, &missing);
    term->source = ORDER_RANK;
    term->words = words;
    if (!words->columns)
        bind_order_misfit(place,
                          "%s %.*s has no column \"%.*s\" to search; name others with "
                          "@search(columns:).%.*s",
                          binder_table_noun(place->table), STR_PRINT(place->table->name),
                          STR_PRINT(missing),
                          STR_PRINT(binder_suggest_column(b, place->table, missing)));
    else if (words->column_count == 0)
        bind_order_misfit(place, "@search(columns:) names no column; name those to search.");
    for (int i = 0; words->columns && i < words->column_count; i++)
        if (!check_words(place, words->columns[i], words->config))
            return false;
    return words->columns && words->column_count > 0;
}

/* --- enums --- */

/* Does the column's name, in capitals and snake case, stand before the direction? */
static bool
is_named(struct arena *a, const struct column *column, struct str name)
{
    return str_equal_nocase(column->name, name) ||
           str_equal_nocase(str_snake_case(a, column->name), name);
}

/* Read `URL_ASC` or `SEEN_AT_DESC_NULLS_LAST`.  False: it is no such name. */
static bool
read_name(struct arena *a, const struct table *table, struct str text, struct order_term *term)
{
    for (size_t end = 1; end < text.len; end++) {
        struct str name = { text.ptr, end };
        struct str rest = { text.ptr + end + 1, text.len - end - 1 };
        if (text.ptr[end] != '_' || rest.len == 0 ||
            !order_read_direction(rest, '_', &term->direction))
            continue;
        for (int i = 0; i < table->column_count; i++)
            if (is_named(a, &table->columns[i], name)) {
                term->column = &table->columns[i];
                return true;
            }
    }
    return false;
}

/* False after a misfit. */
static bool
bind_value(struct binder *b, const struct order_choices *choices, const struct enum_value *value,
           struct order *order)
{
    const struct ast_directive *directive = ast_find_directive(value->ast->directives, "order");
    const struct ast_directive *search = ast_find_directive(value->ast->directives, "search");
    struct order_place place = make_place(b, choices, value->ast->name);

    if (directive && search) {
        bind_order_misfit(&place,
                          "@order and @search each say the whole order; remove one of them.");
        return false;
    }
    if (directive) {
        place.offset = directive->node.start;
        return bind_order_text(&place, binder_directive_text(b, directive, "by"), order);
    }
    struct order_term *term = ARENA_NEW(b->arena, struct order_term);
    *order = (struct order){ term, 1 };
    if (search) { /* the best one first */
        term->direction = (struct order_direction){ true, true };
        return bind_rank(&place, search, term);
    }
    if (read_name(b->arena, choices->table, value->name, term))
        return bind_order_check_column(&place, term->column, term->column->name, "");
    bind_order_misfit(&place,
                      "nothing says which order it is; give it @order(by:), or the name of a "
                      "column of %.*s and a direction, such as CREATED_AT_DESC.",
                      STR_PRINT(choices->table->name));
    return false;
}

static void
bind_values(struct binder *b, struct order_choices *choices)
{
    const struct type *type = choices->type;
    struct order *orders = ARENA_ARRAY(b->arena, struct order, (size_t)type->value_count);

    for (int i = 0; i < type->value_count; i++)
        if (!bind_value(b, choices, &type->values[i], &orders[i]))
            choices->has_misfit = true;
    choices->values = orders;
}

/* --- input objects --- */

/* Is it an enum of directions alone? */
static bool
is_direction(const struct type *type)
{
    struct order_direction direction;

    if (type->kind != TYPE_ENUM)
        return false;
    for (int i = 0; i < type->value_count; i++)
        if (!order_read_direction(type->values[i].name, '_', &direction))
            return false;
    return true;
}

bool
bind_order_check_direction(const struct order_place *place, const struct type *type)
{
    if (is_direction(type_nullable(type)))
        return true;
    bind_order_misfit(place,
                      "a field of an order must be an enum of directions, such as ASC, DESC and "
                      "DESC_NULLS_LAST, not %.*s.",
                      STR_PRINT(type_text(place->binder->arena, type)));
    return false;
}

/* A field of an input object while it is bound; each function is false after a misfit. */
struct order_input {
    struct order_choices *choices;
    const struct input_value *input;
    struct order_choice *choice;
    struct order_place place;
};

static const struct ast_directive *
find_directive(const struct order_input *it, const char *name)
{
    return ast_find_directive(it->input->ast->directives, name);
}

static bool
bind_column(const struct order_input *it)
{
    struct str name;
    const struct column *column = binder_find_column(
        it->place.binder, it->place.table, it->input->ast->directives, it->input->name, &name);

    it->choice->term.column = column;
    return bind_order_check_column(&it->place, column, name,
                                   "add the column, or name another with @column(name:)");
}

/* How the rows are joined that the field is named for: as a filter's. */
static bool
find_step(const struct order_input *it, enum filter_field_kind kind, struct order_step *step)
{
    struct bound_filter filter = { .type = it->choices->type, .table = it->choices->table };
    struct filter_field field = { .kind = kind };
    const struct filter_site site = { it->place.binder, &filter, it->input, &field };

    step->join = bind_filter_find_join(&site, &step->rows);
    return step->join != NULL;
}

static bool
bind_count(const struct order_input *it)
{
    it->choice->term.source = ORDER_COUNT;
    return find_step(it, FILTER_TO_MANY, &it->choice->term.counted);
}

/* Words are found in rows of the list, and not in rows that are joined to them.  False after a
 * misfit. */
static bool
check_place_of_rank(const struct order_place *place, const struct order_choices *choices)
{
    if (!choices->has_rank || !choices->is_within)
        return true;
    bind_order_misfit(place,
                      "joined rows are not sorted by words; give them an order without @search.");
    return false;
}

static bool
bind_input_rank(const struct order_input *it, const struct ast_directive *search)
{
    it->choices->has_rank = true;
    return check_place_of_rank(&it->place, it->choices) &&
           bind_rank(&it->place, search, &it->choice->term);
}

static bool
bind_within(const struct order_input *it)
{
    const struct type *type = type_nullable(it->input->type);

    if (type->kind != TYPE_INPUT_OBJECT || !type->is_one_of) {
        bind_order_misfit(&it->place,
                          "the order of a row that is joined must be an input object with @oneOf, "
                          "not %.*s.",
                          STR_PRINT(type_text(it->place.binder->arena, it->input->type)));
        return false;
    }
    if (!find_step(it, FILTER_TO_ONE, &it->choice->step))
        return false;
    struct order_choices *within =
        find_choices(it->place.binder, type, it->choice->step.join->table);
    it->choice->within = within;
    within->is_within = true;
    return !within->has_misfit && check_place_of_rank(&it->place, within);
}

static bool
bind_of_row(const struct order_input *it)
{
    struct binder *b = it->place.binder;
    struct str why, name = binder_directive_text(b, find_directive(it, "function"), "name");
    const struct function *function = bind_function_of_row(b, it->place.table, name, &why);

    it->choice->term.source = ORDER_FUNCTION;
    it->choice->term.function = function;
    if (!function)
        bind_order_misfit(&it->place, "%.*s", STR_PRINT(why));
    else if (!function->returns->has_order)
        bind_order_misfit(&it->place,
                          "function %.*s returns %.*s, which PostgreSQL cannot sort; let it return "
                          "one value that has an order.",
                          STR_PRINT(function->name), STR_PRINT(function->returns_type));
    return function && function->returns->has_order;
}

static bool
bind_input(const struct order_input *it)
{
    const struct type *type = type_named(it->input->type);

    if (type->kind == TYPE_INPUT_OBJECT)
        return bind_within(it);
    const struct ast_directive *search = find_directive(it, "search");
    bool fits = find_directive(it, "count")      ? bind_count(it)
                : find_directive(it, "function") ? bind_of_row(it)
                : search                         ? bind_input_rank(it, search)
                                                 : bind_column(it);
    return bind_order_check_direction(&it->place, it->input->type) && fits;
}

static void
bind_inputs(struct binder *b, struct order_choices *choices)
{
    const struct type *type = choices->type;
    struct order_choice *list =
        ARENA_ARRAY(b->arena, struct order_choice, (size_t)type->input_count);

    choices->choices = list;
    for (int i = 0; i < type->input_count; i++)
        if (!bind_input(&(struct order_input){ choices, &type->inputs[i], &list[i],
                                               make_place(b, choices, type->inputs[i].ast->name) }))
            choices->has_misfit = true;
}

/* --- both --- */

/* What the type asks for of the table, bound when it is first used with it. */
static struct order_choices *
find_choices(struct binder *b, const struct type *type, const struct table *table)
{
    for (struct order_choices *known = b->orders; known; known = known->next)
        if (known->type == type && known->table == table)
            return known;
    struct order_choices *choices = ARENA_NEW(b->arena, struct order_choices);
    *choices = (struct order_choices){ .type = type, .table = table, .next = b->orders };
    b->orders = choices; /* its fields may be of this order again */
    if (type->kind == TYPE_ENUM)
        bind_values(b, choices);
    else
        bind_inputs(b, choices);
    return choices;
}

/* --- where the words come from --- */

/* Has the field a filter that takes the words by which rows are ranked? */
static bool
has_words(const struct bind_site *site, const struct bound_comparison *words)
{
    for (int i = 0; i < field_call_count(site->field); i++) {
        const struct argument_binding *binding = site->field->arguments[i].binding;
        if (binding && binding->role == ARGUMENT_FILTER && filter_may_find(binding->filter, words))
            return true;
    }
    return false;
}

static bool
check_rank(const struct bind_site *site, const struct input_value *argument, struct str name,
           const struct order_term *term)
{
    if (term->source != ORDER_RANK || has_words(site, term->words))
        return true;
    bind_argument_misfit(site, argument,
                         "%.*s sorts by words that no filter of the field finds; give the field a "
                         "filter with a field that has the same @search.",
                         STR_PRINT(name));
    return false;
}

bool
bind_order_check_words(const struct bind_site *site)
{
    bool fits = true;

    for (int i = 0; i < field_call_count(site->field); i++) {
        const struct input_value *argument = &site->field->arguments[i];
        const struct order_choices *choices = argument->binding->order;
        if (argument->binding->role != ARGUMENT_ORDER_BY || argument->binding->branches)
            continue;
        const struct type *type = choices->type;
        for (int j = 0; choices->values && j < type->value_count; j++)
            fits =
                check_rank(site, argument, type->values[j].name, choices->values[j].terms) && fits;
        for (int j = 0; choices->choices && j < type->input_count; j++)
            fits =
                check_rank(site, argument, type->inputs[j].name, &choices->choices[j].term) && fits;
    }
    return fits;
}

const struct argument_binding *
bind_order_argument(const struct bind_site *site, const struct input_value *argument)
{
    struct binder *b = site->binder;
    const struct type *type = type_named(argument->type), *outer = type_nullable(argument->type);
    bool is_nested = outer->kind == TYPE_LIST && type_nullable(outer->of)->kind == TYPE_LIST;
    bool is_one = type->kind == TYPE_INPUT_OBJECT && type->is_one_of;

    if (is_nested || (type->kind != TYPE_ENUM && !is_one)) {
        bind_argument_misfit(site, argument,
                             "an order must be an enum whose values are orders, an input object "
                             "with @oneOf, or a list of either, not %.*s.",
                             STR_PRINT(type_text(b->arena, argument->type)));
        return NULL;
    }
    const struct order_choices *choices = find_choices(b, type, binder_site_rows(site)->table);
    if (choices->has_misfit)
        return NULL;
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
    *binding = (struct argument_binding){ .role = ARGUMENT_ORDER_BY, .order = choices };
    return binding;
}
