/*
 * bind_union.c - a field of an interface or a union without a table: its rows
 * are those of the possible types' own tables, in one list.
 *
 * Each possible type is bound as if it were the field's type; what comes of it
 * is a branch.  Then the branches are held against each other: one list has one
 * order, and its parents' keys and its arguments go into all of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binder/bind_internal.h"

bool
bind_union_is(const struct bind_site *site)
{
    const struct binder *b = site->binder;
    const struct type *type = site->named;

    if (site->is_root && site->parent != b->schema->query)
        return false;
    return type_is_abstract(type) && !binder_has_table(b, type) &&
           !binder_type_directive(b, type, "discriminator");
}

/* Two types show the same rows of a table unless a discriminator tells them apart. */
static bool
shares_rows(const struct type *a, const struct type *b)
{
    return binding_of_type(a)->table && binding_of_type(a)->table == binding_of_type(b)->table &&
           (!binding_of_type(a)->discriminator ||
            binding_of_type(a)->discriminator != binding_of_type(b)->discriminator ||
            str_equal(binding_of_type(a)->label, binding_of_type(b)->label));
}

static bool
check_possible(const struct bind_site *site, int number)
{
    const struct type *type = site->named->possible[number];

    if (!binder_has_table(site->binder, type)) {
        binder_site_misfit(site, NULL,
                           "%.*s, one of the types of %.*s, has no table; give it @table(name:).",
                           STR_PRINT(type->name), STR_PRINT(site->named->name));
        return false;
    }
    for (int i = 0; i < number; i++) {
        const struct type *other = site->named->possible[i];
        if (!shares_rows(type, other))
            continue;
        binder_site_misfit(site, NULL,
                           "%.*s and %.*s show the same rows of %.*s; tell them apart by giving "
                           "%.*s the table and a @discriminator(column:).",
                           STR_PRINT(other->name), STR_PRINT(type->name),
                           STR_PRINT(binding_of_type(type)->table->name),
                           STR_PRINT(site->named->name));
        return false;
    }
    return binding_of_type(type)->table != NULL;
}

static bool
check_type(const struct bind_site *site)
{
    const struct type *type = site->named;
    bool fits = true;

    if (type->possible_count == 0) {
        binder_site_misfit(site, NULL, "no type implements %.*s; add one.", STR_PRINT(type->name));
        return false;
    }
    if (!site->is_list) {
        binder_site_misfit(
            site, NULL,
            bind_global_id_is_shown(site->binder, type)
                ? "each type of %.*s has its own table, so that one row cannot be found; make the "
                  "field a list, or let `id: ID!` be its only argument."
                : "each type of %.*s has its own table, so that one row cannot be found; make the "
                  "field a list, or give the type @table(name:) and @discriminator(column:).",
            STR_PRINT(type->name));
        return false;
    }
    for (int i = 0; i < type->possible_count; i++)
        fits = check_possible(site, i) && fits;
    return fits;
}

/* The field as it is for one of its types. */
static struct bind_site
make_branch(const struct bind_site *site, int number)
{
    struct bind_site branch = *site;

    branch.named = site->named->possible[number];
    branch.is_branch = true;
    branch.binding = (struct binding *)binder_site_rows(site)->branches[number];
    return branch;
}

static const struct bound_rows *
branch_rows(const struct bind_site *site, int number)
{
    return &binder_site_rows(site)->branches[number]->as.rows;
}

static bool
bind_branches(struct bind_site *site)
{
    struct arena *a = site->binder->arena;
    int count = site->named->possible_count;
    const struct binding **branches = ARENA_ARRAY(a, const struct binding *, (size_t)count);
    bool fits = true;

    for (int i = 0; i < count; i++) {
        struct binding *binding = ARENA_NEW(a, struct binding);
        binding->is_list = true;
        branches[i] = binding;
    }
    struct bound_rows *rows = binder_site_rows(site);
    rows->branches = branches;
    rows->branch_count = count;
    for (int i = 0; i < count; i++) {
        struct bind_site branch = make_branch(site, i);
        fits = bind_field_rows(&branch) && fits;
    }
    if (!fits) /* then arguments could not be judged */
        rows->branches = NULL;
    return fits;
}

/* May values of the two columns stand in one column of a UNION, and a parameter
 * be compared with both? */
static bool
has_same_type(const struct column *a, const struct column *b)
{
    bool is_named = a->kind == COLUMN_ENUM || a->kind == COLUMN_OTHER || a->kind == COLUMN_ARRAY;

    return a->kind == b->kind && (!is_named || str_equal(a->type_name, b->type_name));
}

/* `what` of a branch is a column of another type than that of the first branch;
 * at the argument, or at the field. */
static void
alike_misfit(const struct bind_site *site, const struct input_value *argument, const char *what,
             int number, const struct column *first, const struct column *column)
{
    const struct type *const *possible = site->named->possible;
    struct str message = str_format(
        site->binder->arena,
        "%s column %.*s of %.*s is %.*s, and column %.*s of %.*s is %.*s; "
        "they must be of one type.",
        what, STR_PRINT(first->name), STR_PRINT(binding_of_type(possible[0])->table->name),
        STR_PRINT(first->type_name), STR_PRINT(column->name),
        STR_PRINT(binding_of_type(possible[number])->table->name), STR_PRINT(column->type_name));

    if (argument)
        bind_argument_misfit(site, argument, "%.*s", STR_PRINT(message));
    else
        binder_site_misfit(site, NULL, "%.*s", STR_PRINT(message));
}

/* Do the joins start from the same columns? */
static bool
starts_alike(const struct join *a, const struct join *b)
{
    for (int i = 0; i < a->count && i < b->count; i++)
        if (a->from[i] != b->from[i])
            return false;
    return a->count == b->count;
}

/* The keys of the parent's rows are compared with a column of each branch. */
static bool
check_join(const struct bind_site *site, int number)
{
    const struct join *first = branch_rows(site, 0)->join;
    const struct join *join = branch_rows(site, number)->join;

    if (!join)
        return true;
    if (!starts_alike(first, join)) {
        struct binder *b = site->binder;
        binder_site_misfit(site, NULL,
                           "column %.*s of %.*s joins %.*s, but column %.*s joins %.*s; all rows "
                           "of one list must join the same column.",
                           STR_PRINT(binder_name_columns(b, first->from, first->count)),
                           STR_PRINT(binding_of_type(site->parent)->table->name),
                           STR_PRINT(first->table->name),
                           STR_PRINT(binder_name_columns(b, join->from, join->count)),
                           STR_PRINT(join->table->name));
        return false;
    }
    for (int i = 0; i < join->count; i++) {
        if (has_same_type(first->to[i], join->to[i]))
            continue;
        alike_misfit(site, NULL, "it is joined by columns of one type:", number, first->to[i],
                     join->to[i]);
        return false;
    }
    return true;
}

/* In the collation of the one, rows that the other has cut to their limit are not the first. */
static void
collation_misfit(const struct bind_site *site, const struct input_value *argument, int number,
                 const struct column *first, const struct column *column)
{
    const struct type *const *possible = site->named->possible;
    struct str usual = STR("the database's");
    struct str message = str_format(
        site->binder->arena,
        "rows of one list are ordered in one way: column %.*s of %.*s has the collation %.*s, and "
        "column %.*s of %.*s %.*s; they must have the same.",
        STR_PRINT(first->name), STR_PRINT(binding_of_type(possible[0])->table->name),
        STR_PRINT(first->collation.len > 0 ? first->collation : usual), STR_PRINT(column->name),
        STR_PRINT(binding_of_type(possible[number])->table->name),
        STR_PRINT(column->collation.len > 0 ? column->collation : usual));

    if (argument)
        bind_argument_misfit(site, argument, "%.*s", STR_PRINT(message));
    else
        binder_site_misfit(site, NULL, "%.*s", STR_PRINT(message));
}

/* Of a branch, and of the first one. */
static bool
check_terms(const struct bind_site *site, const struct input_value *argument, int number,
            const struct order *first, const struct order *order)
{
    for (int i = 0; i < first->count; i++) {
        const struct column *a = first->terms[i].column, *b = order->terms[i].column;
        bool is_alike = has_same_type(a, b);
        if (is_alike && str_equal(a->collation, b->collation))
            continue;
        if (is_alike)
            collation_misfit(site, argument, number, a, b);
        else
            alike_misfit(site, argument,
                         "rows of one list are ordered by one kind of value:", number, a, b);
        return false;
    }
    return true;
}

static bool
check_order(const struct bind_site *site, int number)
{
    const struct order *first = &branch_rows(site, 0)->order;
    const struct order *order = &branch_rows(site, number)->order;

    return check_terms(site, NULL, number, first, order);
}

bool
bind_union(struct bind_site *site)
{
    const struct ast_directive *through = binder_site_directive(site, "through");
    bool fits = true;

    site->binding->kind = site->is_root ? BINDING_TABLE : BINDING_JOIN;
    if (through) {
        binder_site_misfit(site, through,
                           "rows of several tables cannot be joined by @through; remove it, or "
                           "make the field a list of one type.");
        return false;
    }
    if (!check_type(site) || !bind_branches(site))
        return false;
    struct bound_rows *rows = binder_site_rows(site);
    for (int i = 1; i < rows->branch_count; i++) {
        fits = check_join(site, i) && fits;
        fits = check_order(site, i) && fits;
    }
    rows->join = branch_rows(site, 0)->join;
    rows->order = branch_rows(site, 0)->order;
    return fits;
}

/* --- arguments --- */

/* Each column that is searched is one of some branch. */
static bool
check_search(const struct bind_site *site, const struct input_value *argument)
{
    const struct ast_directive *search = ast_find_directive(argument->ast->directives, "search");
    int count = binder_site_rows(site)->branch_count;
    bool fits = true;

    for (const struct ast_node *node = bind_argument_search(search); node; node = node->next) {
        struct str name = ast_as(value, node)->text;
        int i = 0;
        while (i < count && !table_find_column(branch_rows(site, i)->table, name))
            i++;
        if (i < count)
            continue;
        bind_argument_misfit(site, argument,
                             "no table of %.*s has a column \"%.*s\" to search; name others with "
                             "@search(columns:).",
                             STR_PRINT(site->named->name), STR_PRINT(name));
        fits = false;
    }
    return fits;
}

static bool
check_columns(const struct bind_site *site, const struct input_value *argument,
              const struct argument_binding *const *branches)
{
    for (int i = 1; i < binder_site_rows(site)->branch_count; i++)
        for (int j = 0; j < branches[0]->column_count; j++) {
            if (has_same_type(branches[0]->columns[j], branches[i]->columns[j]))
                continue;
            alike_misfit(site, argument, "one value is for all:", i, branches[0]->columns[j],
                         branches[i]->columns[j]);
            return false;
        }
    return true;
}

/* Is it a column of the branch's rows? */
static bool
check_own(const struct bind_site *site, const struct input_value *argument,
          const struct order_term *term, bool is_joined)
{
    bool is_own = !is_joined && order_term_is_own_column(term);

    if (!is_own)
        bind_argument_misfit(site, argument,
                             "rows of several tables can only be sorted by their own columns; "
                             "remove joined rows, counts, functions and ranks from the order.");
    return is_own;
}

/* Of what a value of an enum asks for, the first term alone may be none: a rank. */
static bool
check_value(const struct bind_site *site, const struct input_value *argument, int branch,
            const struct order *first, const struct order *order)
{
    return check_own(site, argument, first->terms, false) &&
           check_own(site, argument, order->terms, false) &&
           check_terms(site, argument, branch, first, order);
}

/* Does the argument sort by what each branch has in columns of one type? */
static bool
check_choices(const struct bind_site *site, const struct input_value *argument,
              const struct argument_binding *const *branches)
{
    const struct order_choices *first = branches[0]->order;
    bool fits = true;

    for (int i = 1; i < binder_site_rows(site)->branch_count; i++) {
        const struct order_choices *choices = branches[i]->order;
        for (int j = 0; fits && first->values && j < first->type->value_count; j++)
            fits = check_value(site, argument, i, &first->values[j], &choices->values[j]);
        for (int j = 0; fits && first->choices && j < first->type->input_count; j++)
            fits =
                check_own(site, argument, &first->choices[j].term, first->choices[j].within) &&
                check_own(site, argument, &choices->choices[j].term, choices->choices[j].within) &&
                check_terms(site, argument, i, &(struct order){ &first->choices[j].term, 1 },
                            &(struct order){ &choices->choices[j].term, 1 });
    }
    return fits;
}

const struct argument_binding *
bind_union_argument(const struct bind_site *site, const struct input_value *argument)
{
    struct arena *a = site->binder->arena;
    int count = binder_site_rows(site)->branch_count;
    const struct argument_binding **branches =
        ARENA_ARRAY(a, const struct argument_binding *, (size_t)count);

    for (int i = 0; i < count; i++) {
        const struct bind_site branch = make_branch(site, i);
        branches[i] = bind_argument(&branch, argument);
        if (!branches[i]) /* another branch might say the same again */
            return NULL;
        if (branches[i]->column_count == 0 && branches[i]->role != ARGUMENT_SEARCH &&
            branches[i]->role != ARGUMENT_ORDER_BY && branches[i]->role != ARGUMENT_FILTER)
            return branches[i]; /* a row limit is one of the whole list */
    }
    bool is_search = branches[0]->role == ARGUMENT_SEARCH;
    bool fits = is_search            ? check_search(site, argument)
                : branches[0]->order ? check_choices(site, argument, branches)
                                     : check_columns(site, argument, branches);
    if (!fits)
        return NULL;
    struct argument_binding *binding = ARENA_NEW(a, struct argument_binding);
    *binding = *branches[0];
    binding->branches = branches;
    return binding;
}
