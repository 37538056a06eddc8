/*
 * bind_argument.c - what a field's arguments do: limit, skip, order, search,
 * compare with a column, or go into a function.
 *
 * bind_argument() is the list of roles, in the order in which they are tried.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "language/source.h"
#include "binder/bind_internal.h"
#include "binder_write/bind_write.h"

/* `url`, or `input.url`. */
static struct str
argument_name(const struct bind_site *site, const struct input_value *argument)
{
    return binding_given_name(site->binder->arena,
                              (struct given){ .value = argument, .within = site->input });
}

void
bind_argument_misfit(const struct bind_site *site, const struct input_value *argument,
                     const char *format, ...)
{
    struct binder *b = site->binder;
    va_list args;

    va_start(args, format);
    struct str message = str_vformat(b->arena, format, args);
    va_end(args);
    binder_misfit(b, source_offset(b->schema->document->source, argument->ast->name),
                  str_format(b->arena, "%.*s.%.*s(%.*s:)", STR_PRINT(site->parent->name),
                             STR_PRINT(site->field->name),
                             STR_PRINT(argument_name(site, argument))),
                  "%.*s", STR_PRINT(message));
}

static struct argument_binding *
make(const struct bind_site *site, enum argument_role role)
{
    struct argument_binding *binding = ARENA_NEW(site->binder->arena, struct argument_binding);

    binding->role = role;
    return binding;
}

/* Does the field show rows that arguments can filter? */
static bool
has_filters(const struct bind_site *site)
{
    const struct binding *binding = site->binding;

    return binding->kind == BINDING_TABLE ||
           (binding->kind == BINDING_JOIN && (binding->is_list || binding->as.rows.is_aggregate));
}

static struct str
column_name(const struct bind_site *site, const struct input_value *argument)
{
    return binder_column_name(site->binder, argument->ast->directives, argument->name);
}

/* What a scalar can show, it can take. */
const struct codec *
bind_argument_codec(const struct bind_site *site, const struct input_value *argument,
                    const char *what, struct str name, const struct column_type *shown)
{
    struct binder *b = site->binder;
    const struct ast_directive *column = ast_find_directive(argument->ast->directives, "column");
    const struct type *rows = type_is_composite(site->named) ? site->named : NULL;
    const struct codec *codec =
        bind_codec(b, argument->type, argument->ast->directives, rows, shown);

    bind_codec_check_zone(b, column,
                          str_format(b->arena, "%.*s.%.*s(%.*s:)", STR_PRINT(site->parent->name),
                                     STR_PRINT(site->field->name),
                                     STR_PRINT(argument_name(site, argument))));
    if (!codec)
        bind_argument_misfit(site, argument,
                             "%s %.*s is %.*s, which does not fit %.*s; change one of them.", what,
                             STR_PRINT(name), STR_PRINT(shown->base_name),
                             STR_PRINT(type_text(b->arena, argument->type)));
    return codec && bind_global_id_argument(site, argument, &codec) ? codec : NULL;
}

/* The function whose parameters the arguments of a root field are; or NULL. */
static const struct function *
root_function(const struct bind_site *site)
{
    bool is_called = site->binding->kind == BINDING_FUNCTION && site->is_root;

    return is_called ? binding_function(site->binding)->function : NULL;
}

static const struct parameter *
find_parameter(const struct bind_site *site, const struct input_value *argument)
{
    const struct function *function = root_function(site);

    return function ? bind_function_parameter(site->binder, function, site->field, argument) : NULL;
}

static const struct argument_binding *
bind_parameter(const struct bind_site *site, const struct input_value *argument,
               const struct parameter *parameter)
{
    int number = (int)(parameter - root_function(site)->parameters) + 1;
    struct str name = parameter->name.ptr
                          ? parameter->name
                          : str_format(site->binder->arena, "%d of the function", number);
    const struct codec *codec =
        bind_argument_codec(site, argument, "parameter", name, parameter->type);

    if (!codec)
        return NULL;
    if (!parameter->has_default && argument->type->kind != TYPE_NON_NULL &&
        !argument->default_value) {
        bind_argument_misfit(site, argument,
                             "the argument may be absent, but parameter %.*s has no default; give "
                             "either of them a default, or make the argument %.*s!.",
                             STR_PRINT(name),
                             STR_PRINT(type_text(site->binder->arena, argument->type)));
        return NULL;
    }
    struct argument_binding *binding = make(site, ARGUMENT_PARAMETER);
    binding->parameter = parameter;
    binding->codec = codec;
    return binding;
}

/* A column that @search names; NULL after a misfit. */
static const struct column *
find_search_column(const struct bind_site *site, const struct input_value *argument,
                   struct str name)
{
    const struct table *table = binder_site_rows(site)->table;
    const struct column *column = table_find_column(table, name);

    if (!column)
        bind_argument_misfit(site, argument,
                             "table %.*s has no column \"%.*s\" to search; name others with "
                             "@search(columns:).%.*s",
                             STR_PRINT(table->name), STR_PRINT(name),
                             STR_PRINT(binder_suggest_column(site->binder, table, name)));
    else if (column->is_nondeterministic)
        bind_argument_misfit(site, argument,
                             "column %.*s.%.*s has a collation that is not deterministic, in "
                             "which PostgreSQL cannot search; search another column.",
                             STR_PRINT(table->name), STR_PRINT(name));
    else if (column->kind != COLUMN_TEXT && column->kind != COLUMN_VARCHAR &&
             column->kind != COLUMN_CHAR && column->kind != COLUMN_CITEXT)
        bind_argument_misfit(
            site, argument,
            "column %.*s.%.*s is %.*s, and only text can be searched; name other columns.",
            STR_PRINT(table->name), STR_PRINT(name), STR_PRINT(column->type_name));
    else
        return column;
    return NULL;
}

const struct ast_node *
bind_argument_search(const struct ast_directive *directive)
{
    const struct ast_argument *columns = ast_find_argument(directive->arguments, STR("columns"));
    const struct ast_node *value = columns ? columns->value : NULL;

    return value && value->kind == AST_LIST ? ast_as(value, value)->values : value;
}

static const struct argument_binding *
bind_search(const struct bind_site *site, const struct input_value *argument)
{
    const struct ast_directive *directive = ast_find_directive(argument->ast->directives, "search");
    struct argument_binding *binding = make(site, ARGUMENT_SEARCH);
    const struct ast_node *names = bind_argument_search(directive);
    int count = 0;
    bool fits = true;

    if (!str_is(type_nullable(argument->type)->name, "String")) {
        bind_argument_misfit(site, argument, "the argument of a search must be a String.");
        return NULL;
    }
    if (ast_find_argument(directive->arguments, STR("config"))) {
        bind_argument_misfit(site, argument,
                             "@search(config:) is for a field of a filter; move it to one.");
        return NULL;
    }
    for (const struct ast_node *node = names; node; node = node->next)
        count++;
    if (count == 0) {
        bind_argument_misfit(site, argument,
                             "@search(columns:) names no column; name those to search.");
        return NULL;
    }
    binding->columns = ARENA_ARRAY(site->binder->arena, const struct column *, (size_t)count);
    for (const struct ast_node *node = names; node; node = node->next) {
        struct str name = ast_as(value, node)->text;
        if (site->is_branch && !table_find_column(binder_site_rows(site)->table, name))
            continue; /* another branch has it (bind_union.c) */
        const struct column *column = find_search_column(site, argument, name);
        binding->columns[binding->column_count++] = column;
        fits = fits && column;
    }
    if (fits && binding->column_count == 0)
        bind_argument_misfit(site, argument,
                             "table %.*s has none of the columns that are searched; name one that "
                             "it has with @search(columns:).",
                             STR_PRINT(binder_site_rows(site)->table->name));
    return fits && binding->column_count > 0 ? binding : NULL;
}

static const struct argument_binding *
bind_row_limit(const struct bind_site *site, const struct input_value *argument,
               enum argument_role role)
{
    if (!str_is(type_nullable(argument->type)->name, "Int")) {
        bind_argument_misfit(site, argument, "a number of rows must be an Int, not %.*s.",
                             STR_PRINT(type_text(site->binder->arena, argument->type)));
        return NULL;
    }
    return make(site, role);
}

const struct argument_binding *
bind_argument_equals(const struct bind_site *site, const struct input_value *argument)
{
    const struct table *table = binder_site_rows(site)->table;
    struct str name;

    if (bind_global_id_is_own(site, argument))
        return bind_global_id_equals(site, argument);
    const struct column *column =
        binder_find_column(site->binder, table, argument->ast->directives, argument->name, &name);

    if (!column && bind_global_id_is_key(site, argument))
        return bind_global_id_equals(site, argument);
    if (!column) {
        bind_argument_misfit(site, argument,
                             "table %.*s has no column \"%.*s\" to compare with; add the column, "
                             "or name another with @column(name:).%.*s",
                             STR_PRINT(table->name), STR_PRINT(name),
                             STR_PRINT(binder_suggest_column(site->binder, table, name)));
        return NULL;
    }
    if (!column->type->has_equality) {
        bind_argument_misfit(site, argument,
                             "column %.*s.%.*s is %.*s, for which PostgreSQL has no \"=\"; compare "
                             "with another column, or let a function find the rows.",
                             STR_PRINT(table->name), STR_PRINT(column->name),
                             STR_PRINT(column->type_name));
        return NULL;
    }
    return bind_input_column(site, argument, column);
}

static const struct argument_binding *
fail_useless(const struct bind_site *site, const struct input_value *argument)
{
    const struct function *function = root_function(site);

    if (function)
        bind_argument_misfit(
            site, argument,
            "function %.*s has no parameter \"%.*s\"; add it, or remove the argument.",
            STR_PRINT(function->name), STR_PRINT(column_name(site, argument)));
    else
        bind_argument_misfit(
            site, argument,
            "the field shows one value of its parent, and takes no arguments; remove this one.");
    return NULL;
}

static const struct argument_binding *
bind_resolver_argument(const struct bind_site *site, const struct input_value *argument)
{
    const struct resolver_signature *resolver = binding_resolver(site->binding);

    if (ast_find_directive(argument->ast->directives, "globalId")) {
        bind_argument_misfit(site, argument, "a resolver takes no global ids; remove @globalId.");
        return NULL;
    }
    if (bind_resolver_takes(resolver, argument->name))
        return make(site, ARGUMENT_PARAMETER);
    bind_argument_misfit(site, argument, "resolver %s has no such argument; remove it.",
                         resolver->name);
    return NULL;
}

const struct argument_binding *
bind_argument(const struct bind_site *site, const struct input_value *argument)
{
    const struct binding *binding = site->binding;
    const struct parameter *parameter = find_parameter(site, argument);

    if (!site->input && bind_input_of(site->binder, site->parent, site->field))
        return bind_input_argument(site, argument);
    if (bind_idempotent_is_key(site, argument))
        return bind_idempotent_key(site, argument);
    if (binding->kind == BINDING_NODE)
        return make(site, ARGUMENT_NODE);
    if (binding->kind == BINDING_RESOLVER)
        return bind_resolver_argument(site, argument);
    if (binding->kind == BINDING_WRITE)
        return bind_input_of_write(site, argument);
    if (parameter)
        return bind_parameter(site, argument, parameter);
    if (bind_page_takes(site, argument))
        return str_is(argument->name, "last") ? bind_row_limit(site, argument, ARGUMENT_LAST)
                                              : bind_page_argument(site, argument);
    if (has_filters(site) && ast_find_directive(argument->ast->directives, "search"))
        return bind_search(site, argument);
    if (binding->is_list && str_is(argument->name, "first"))
        return bind_row_limit(site, argument, ARGUMENT_FIRST);
    if (binding->is_list && str_is(argument->name, "skip"))
        return bind_row_limit(site, argument, ARGUMENT_SKIP);
    if (binding->is_list && !type_is_leaf(site->named) && str_is(argument->name, "orderBy"))
        return bind_group_is(site) ? bind_group_order(site, argument)
                                   : bind_order_argument(site, argument);
    if (bind_group_is(site) && str_is(argument->name, "by"))
        return bind_group_by(site, argument);
    if (bind_filter_stands(site) && bind_filter_is(argument))
        return bind_filter_argument(site, argument);
    if (has_filters(site))
        return bind_argument_equals(site, argument);
    return fail_useless(site, argument);
}

/* --- what the arguments are together --- */

static bool
is_equals(const struct input_value *argument)
{
    return argument->binding->role == ARGUMENT_EQUALS;
}

static bool
has_argument(const struct field *field, const char *name)
{
    for (int i = 0; i < binding_given_count(field); i++)
        if (str_is(binding_given(field, i).value->name, name))
            return true;
    return false;
}

/* The field has every argument that the C function takes. */
static bool
check_resolver(const struct bind_site *site)
{
    const struct resolver_signature *resolver = binding_resolver(site->binding);
    bool fits = true;

    for (int i = 0; resolver->arguments[i]; i++) {
        if (has_argument(site->field, resolver->arguments[i]))
            continue;
        binder_site_misfit(site, binder_site_directive(site, "resolver"),
                           "resolver %s takes an argument \"%s\"; add it to the field.",
                           resolver->name, resolver->arguments[i]);
        fits = false;
    }
    return fits;
}

static bool
is_filter(const struct input_value *argument)
{
    return is_equals(argument) || argument->binding->role == ARGUMENT_SEARCH;
}

static bool
check_exactly_one_directive(const struct bind_site *site, const struct ast_directive *directive)
{
    int count = 0;

    for (int i = 0; i < field_call_count(site->field); i++) {
        const struct input_value *argument = &site->field->arguments[i];
        bool is_optional = argument->type->kind != TYPE_NON_NULL && !argument->default_value;
        if (is_filter(argument) && !is_optional) {
            binder_site_misfit(site, directive,
                               "argument %.*s is always given, so no other one could be; make it "
                               "nullable, without a default, or remove @exactlyOne.",
                               STR_PRINT(argument->name));
            return false;
        }
        count += is_filter(argument);
    }
    if (count < 2)
        binder_site_misfit(site, directive,
                           "@exactlyOne is a choice between two or more arguments that filter, but "
                           "the field has %d; add others, or remove it.",
                           count);
    return count >= 2;
}

/* Is this column of the key compared with an argument that is always given? */
static bool
is_always_given(const struct bind_site *site, const struct column *column)
{
    for (int i = 0; i < field_call_count(site->field); i++) {
        const struct input_value *argument = &site->field->arguments[i];
        bool is_given = is_equals(argument) && argument->type->kind == TYPE_NON_NULL;
        for (int j = 0; is_given && j < argument->binding->column_count; j++)
            if (argument->binding->columns[j] == column)
                return true;
    }
    return false;
}

static bool
is_key_given(const struct bind_site *site, const struct key *key)
{
    int count = 0;

    while (count < key->count && is_always_given(site, key->columns[count]))
        count++;
    return key->count > 0 && count == key->count;
}

/* Whichever argument of @exactlyOne is given, is it unique? */
static bool
is_each_unique(const struct bind_site *site)
{
    for (int i = 0; i < field_call_count(site->field); i++) {
        const struct input_value *argument = &site->field->arguments[i];
        if (is_filter(argument) &&
            !(is_equals(argument) &&
              binder_is_unique(site->named, binder_site_rows(site)->table,
                               argument->binding->columns, argument->binding->column_count)))
            return false;
    }
    return true;
}

/* A field that is not a list must not find several rows. */
static bool
check_single_row(const struct bind_site *site)
{
    const struct table *table = binder_site_rows(site)->table;
    const struct type_binding *type = binding_of_type(site->named);
    bool is_single = site->binding->is_exactly_one ? is_each_unique(site)
                                                   : is_key_given(site, &type->key) ||
                                                         is_key_given(site, &table->primary_key);

    for (int i = 0; !is_single && !site->binding->is_exactly_one && i < table->unique_count; i++)
        is_single = is_key_given(site, &table->unique_keys[i]);
    if (!is_single)
        binder_site_misfit(
            site, NULL,
            "several rows of %.*s may match, but the field shows one; make the required arguments "
            "cover a unique key%s, use @exactlyOne over unique columns, or make the field a list.",
            STR_PRINT(table->name),
            table->unique_count + binding_of_type(site->named)->key.count > 0
                ? ""
                : " (the table has none; @table(key:) declares one)");
    return is_single;
}

bool
bind_argument_all(struct bind_site *site)
{
    const struct ast_directive *exactly_one = binder_site_directive(site, "exactlyOne");
    struct binding *binding = site->binding;
    const struct bound_rows *rows = binding_rows(binding);
    bool is_union = rows && rows->branches, fits = true;

    for (int i = 0; i < field_call_count(site->field); i++) {
        /* Bindings are the one part of a schema that is set after it is built. */
        struct input_value *argument = (struct input_value *)&site->field->arguments[i];
        argument->binding =
            is_union ? bind_union_argument(site, argument) : bind_argument(site, argument);
        fits = fits && argument->binding && bind_global_id_check(site, argument);
    }
    if (!fits)
        return false;
    binding->is_exactly_one = exactly_one != NULL;
    if (root_function(site))
        return bind_function_check_parameters(site) && bind_order_check_words(site);
    if (binding->kind == BINDING_RESOLVER)
        return check_resolver(site);
    if (binding->kind == BINDING_WRITE)
        return bind_write_check(site);
    if (exactly_one && binding->kind != BINDING_COLUMN &&
        !check_exactly_one_directive(site, exactly_one))
        return false;
    if (bind_group_is(site))
        return bind_group_check(site);
    if (!bind_order_check_words(site))
        return false;
    if (binding->kind == BINDING_TABLE && !binding->is_list && !rows->is_aggregate)
        return check_single_row(site);
    return true;
}
