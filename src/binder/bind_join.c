/*
 * bind_join.c - how a field's rows are joined to the parent's.
 *
 * From the parent's row, a foreign key of its own table leads to one row, and
 * one of the other table to many, or to one at most if its columns are unique
 * there.  Candidates are collected in one list, so that a misfit can name them.
 * Where no foreign key says it, @join(column:, to:) names the columns of both ends
 * (bind_join_columns.c), and @through(table:) a table whose foreign keys lead to both.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "catalog/identifier.h"
#include "binder/bind_internal.h"

struct join_candidate {
    const struct foreign_key *key;
    bool is_forward; /* the key is of the parent's table */
    bool is_many;
};

struct join_candidates {
    const struct join_candidate *list;
    int count;
};

static const struct join *
make_join(struct arena *a, const struct join_candidate *candidate)
{
    const struct foreign_key *key = candidate->key;
    struct join *join = ARENA_NEW(a, struct join);

    *join = candidate->is_forward
                ? (struct join){ key->to, key->from_columns, key->to_columns, key->count, NULL }
                : (struct join){ key->from, key->to_columns, key->from_columns, key->count, NULL };
    return join;
}

static struct join_candidates
find_candidates(struct arena *a, const struct table *parent, const struct table *target)
{
    size_t most = (size_t)parent->foreign_key_count + (size_t)target->foreign_key_count;
    struct join_candidate *list = ARENA_ARRAY(a, struct join_candidate, most + 1);
    int count = 0;

    for (int i = 0; i < parent->foreign_key_count; i++)
        if (parent->foreign_keys[i].to == target)
            list[count++] = (struct join_candidate){ &parent->foreign_keys[i], true, false };
    for (int i = 0; i < target->foreign_key_count; i++) {
        const struct foreign_key *key = &target->foreign_keys[i];
        bool is_many = !table_is_unique(target, key->from_columns, key->count);
        if (key->to == parent)
            list[count++] = (struct join_candidate){ key, false, is_many };
    }
    return (struct join_candidates){ list, count };
}

/* A list follows a key that leads here; a single row may go either way, if
 * there is but one, but within one table only forward. */
static bool
has_cardinality(const struct bind_site *site, const struct join_candidate *candidate)
{
    bool is_within = candidate->key->from == candidate->key->to;

    return bind_join_wants_many(site)
               ? !candidate->is_forward
               : !candidate->is_many && (candidate->is_forward || !is_within);
}

/* Is each of the names that of a column which refers to the other table? */
static bool
has_columns(const struct foreign_key *key, const struct str *names, int count)
{
    for (int i = 0; i < count; i++) {
        int j = 0;
        while (j < key->count && !str_equal(key->from_columns[j]->name, names[i]))
            j++;
        if (j == key->count)
            return false;
    }
    return true;
}

/* Those of `all` that fit the field: by cardinality, and by the names; and of those the ones
 * that have no other columns, if there are such. */
static struct join_candidates
keep_fitting(const struct bind_site *site, struct join_candidates all, const struct str *names,
             int name_count)
{
    struct join_candidate *list =
        ARENA_ARRAY(site->binder->arena, struct join_candidate, (size_t)all.count + 1);
    int count = 0, exact = 0;

    for (int i = 0; i < all.count; i++)
        if (has_cardinality(site, &all.list[i]) && has_columns(all.list[i].key, names, name_count))
            list[count++] = all.list[i];
    for (int i = 0; i < count; i++)
        if (list[i].key->count == name_count)
            list[exact++] = list[i];
    return (struct join_candidates){ list, exact > 0 ? exact : count };
}

static int
find_key(struct join_candidates candidates, const struct foreign_key *key)
{
    int i = 0;

    while (candidates.list[i].key != key)
        i++;
    return i;
}

/* `links.posted_by, links.edited_by`; of a key of several columns `lines.(order_id, number)`. */
static struct str
list_columns(struct binder *b, struct join_candidates candidates)
{
    struct buf *names = buf_new(b->arena);

    for (int i = 0; i < candidates.count; i++) {
        const struct foreign_key *key = candidates.list[i].key;
        if (find_key(candidates, key) < i) /* of a table to itself: it leads both ways */
            continue;
        buf_put_c(names, i > 0 ? ", " : "");
        buf_put(names, key->from->name);
        buf_put_c(names, key->count > 1 ? ".(" : ".");
        buf_put(names, binder_name_columns(b, key->from_columns, key->count));
        buf_put_c(names, key->count > 1 ? ")" : "");
    }
    return buf_copy(b->arena, names);
}

/* --- by columns --- */

/* @join on columns that are not a foreign key: a table is joined to itself by
 * equal values.  NULL when that is not what the field says. */
static const struct join *
find_self_join(const struct bind_site *site, const struct table *target, const struct str *names,
               int count)
{
    struct str missing;

    if (target != binding_of_type(site->parent)->table)
        return NULL;
    const struct column **columns =
        binder_find_columns(site->binder, target, names, count, &missing);
    if (!columns)
        return NULL;
    if (!bind_join_wants_many(site) && !binder_is_unique(site->named, target, columns, count))
        return NULL;
    struct join *join = ARENA_NEW(site->binder->arena, struct join);
    *join = (struct join){ target, columns, columns, count, NULL };
    return join;
}

/* --- through a table between --- */

/* The first column that the join starts from and may be null, or NULL. */
static const struct column *
find_nullable(const struct join *join)
{
    for (int i = 0; i < join->count; i++)
        if (!join->from[i]->is_not_null)
            return join->from[i];
    return NULL;
}

/* The foreign key of the table between that leads to the table of `type` and has the columns
 * that `argument` names, and is not `other`; where there is none, what these columns equal.
 * NULL after a misfit. */
static const struct foreign_key *
find_leg(const struct bind_site *site, const struct ast_directive *directive,
         const struct table *between, const struct type *type, const char *argument,
         const struct foreign_key *other)
{
    const struct table *table = binding_of_type(type)->table;
    int name_count, count = 0;
    const struct str *names =
        binder_directive_texts(site->binder, directive, argument, &name_count);
    const struct foreign_key *found = NULL;

    for (int i = 0; i < between->foreign_key_count; i++) {
        const struct foreign_key *key = &between->foreign_keys[i];
        if (key->to != table || key == other || !has_columns(key, names, name_count))
            continue;
        found = key;
        count++;
    }
    if (count == 0 && name_count > 0)
        return bind_join_key_by_columns(site, directive, between, type, names, name_count);
    if (count == 0)
        binder_site_misfit(site, directive,
                           "no foreign key of %.*s leads to %.*s; add one, name another table, or "
                           "say with @through(%s:) which columns equal the key of %.*s.",
                           STR_PRINT(between->name), STR_PRINT(table->name), argument,
                           STR_PRINT(table->name));
    if (count > 1)
        binder_site_misfit(site, directive,
                           "%d foreign keys of %.*s lead to %.*s; say with @through(%s:) which "
                           "columns are meant.",
                           count, STR_PRINT(between->name), STR_PRINT(table->name), argument);
    return count == 1 ? found : NULL;
}

/* @through(table:) */
static const struct join *
find_through(const struct bind_site *site, const struct ast_directive *directive,
             const struct table *target)
{
    struct arena *a = site->binder->arena;
    struct str name = binder_directive_text(site->binder, directive, "table");
    const struct table *between = catalog_find_table(site->binder->catalog, name);

    if (!between) {
        binder_site_misfit(site, directive,
                           "there is no table \"%.*s\"; create it, or name another with "
                           "@through(table:).%.*s",
                           STR_PRINT(name), STR_PRINT(binder_suggest_table(site->binder, name)));
        return NULL;
    }
    const struct foreign_key *here =
        find_leg(site, directive, between, site->parent, "column", NULL);
    const struct foreign_key *there =
        here ? find_leg(site, directive, between, site->named, "to", here) : NULL;
    if (!there)
        return NULL;
    struct join *through = ARENA_NEW(a, struct join), *join = ARENA_NEW(a, struct join);
    *through = (struct join){ between, here->to_columns, here->from_columns, here->count, NULL };
    *join = (struct join){ target, there->from_columns, there->to_columns, there->count, through };
    return join;
}

/* --- by foreign keys --- */

static bool
has_key_to(const struct table *table, const struct table *target)
{
    for (int i = 0; i < table->foreign_key_count; i++)
        if (table->foreign_keys[i].to == target)
            return true;
    return false;
}

/* ` Did you mean @through(table: "link_tag")?`: a table that refers to both; or "". */
static struct str
suggest_through(const struct bind_site *site, const struct table *parent,
                const struct table *target)
{
    const struct catalog *catalog = site->binder->catalog;

    for (int i = 0; site->is_list && i < catalog->table_count; i++)
        if (has_key_to(&catalog->tables[i], parent) && has_key_to(&catalog->tables[i], target))
            return str_format(site->binder->arena, " Did you mean @through(table: \"%.*s\")?",
                              STR_PRINT(catalog->tables[i].name));
    return STR("");
}

static void
report_none(const struct bind_site *site, const struct table *target, struct join_candidates all,
            struct str column)
{
    struct str names = list_columns(site->binder, all);
    const struct ast_directive *directive = binder_site_directive(site, "join");
    const struct table *parent = binding_of_type(site->parent)->table;

    if (column.ptr && all.count > 0)
        binder_site_misfit(
            site, directive,
            "\"%.*s\" is not a foreign key that leads to %s of %.*s; between the two "
            "tables there is: %.*s.",
            STR_PRINT(column), bind_join_wants_many(site) ? "rows" : "one row",
            STR_PRINT(target->name), STR_PRINT(names));
    else if (column.ptr)
        binder_site_misfit(
            site, directive,
            "\"%.*s\" is not a foreign key between %.*s and %.*s; add one, or name the "
            "column that it equals with @join(to:).",
            STR_PRINT(column), STR_PRINT(parent->name), STR_PRINT(target->name));
    else if (all.count > 0)
        binder_site_misfit(
            site, NULL, "the foreign key %.*s leads to %s of %.*s; make the field %s.",
            STR_PRINT(names), bind_join_wants_many(site) ? "one row" : "many rows",
            STR_PRINT(target->name), bind_join_wants_many(site) ? "a single object" : "a list");
    else if (bind_row_is(parent))
        binder_site_misfit(site, NULL,
                           "the result of %.*s has no foreign keys; name the columns that join "
                           "%.*s with @join(column:, to:).",
                           STR_PRINT(parent->name), STR_PRINT(target->name));
    else
        binder_site_misfit(site, NULL,
                           "no foreign key joins %.*s and %.*s; add one, or name the columns with "
                           "@join(column:, to:).%.*s",
                           STR_PRINT(parent->name), STR_PRINT(target->name),
                           STR_PRINT(suggest_through(site, parent, target)));
}

/* A foreign key that rows may break is followed. */
static const struct join *
follow(const struct bind_site *site, const struct join_candidate *candidate)
{
    const struct foreign_key *key = candidate->key;
    struct str columns = binder_name_columns(site->binder, key->from_columns, key->count);

    if (key->is_not_valid) {
        struct buf *statement = buf_new(site->binder->arena);
        buf_put_c(statement, "ALTER TABLE ");
        identifier_write_table(statement, site->binder->catalog, key->from);
        buf_put_c(statement, " VALIDATE CONSTRAINT ");
        if (key->name.ptr)
            identifier_write(statement, key->name);
        else
            buf_put_c(statement, "...");
        binder_site_note(site, NULL,
                         "the foreign key %.*s.%.*s is NOT VALID, so rows may refer to a row that "
                         "does not exist; check them: %.*s;",
                         STR_PRINT(key->from->name), STR_PRINT(columns),
                         STR_PRINT(buf_str(statement)));
    }
    return make_join(site->binder->arena, candidate);
}

static const struct join *
find_by_key(const struct bind_site *site, const struct ast_directive *directive,
            const struct table *target)
{
    struct binder *b = site->binder;
    int name_count;
    const struct str *column = binder_directive_texts(b, directive, "column", &name_count);
    struct join_candidates all =
        find_candidates(b->arena, binding_of_type(site->parent)->table, target);
    struct join_candidates fitting = keep_fitting(site, all, column, name_count);

    if (fitting.count == 1)
        return follow(site, &fitting.list[0]);
    if (fitting.count > 1) {
        struct str names = list_columns(b, fitting);
        binder_site_misfit(site, directive,
                           "%d foreign keys are possible: %.*s; choose one with @join(column:).",
                           fitting.count, STR_PRINT(names));
        return NULL;
    }
    const struct join *join =
        name_count > 0 ? find_self_join(site, target, column, name_count) : NULL;
    if (!join)
        report_none(site, target, all, name_count > 0 ? column[0] : STR_NONE);
    return join;
}

const struct join *
bind_join_find(const struct bind_site *site, const struct table *target)
{
    const struct ast_directive *through = binder_site_directive(site, "through");
    const struct ast_directive *join = binder_site_directive(site, "join");
    int count;

    if (through && bind_join_wants_many(site))
        return find_through(site, through, target);
    if (binder_directive_texts(site->binder, join, "to", &count))
        return bind_join_by_columns(site, join, target);
    return find_by_key(site, join, target);
}

/* Does the database see to it that a row of the target matches? */
static bool
is_referenced(const struct table *parent, const struct join *join)
{
    if (join->table == parent && join->from == join->to)
        return true;
    for (int i = 0; i < parent->foreign_key_count; i++) {
        const struct foreign_key *key = &parent->foreign_keys[i];
        const struct join followed = { key->to, key->from_columns, key->to_columns, key->count,
                                       NULL };
        if (!key->is_not_valid && join_equal(&followed, join))
            return true;
    }
    return false;
}

bool
bind_join_check_non_null(const struct bind_site *site, const struct join *join)
{
    const struct table *parent = binding_of_type(site->parent)->table;
    const struct column *nullable = find_nullable(join);

    if (site->payload)
        binder_site_misfit(site, NULL,
                           "the mutation may have deleted the row that it returns, and then "
                           "nothing is joined to it; remove the \"!\" after %.*s.",
                           STR_PRINT(site->named->name));
    else if (!is_referenced(parent, join))
        binder_site_misfit(site, NULL,
                           "a row of %.*s may have no row of %.*s that refers to it; remove the "
                           "\"!\".",
                           STR_PRINT(parent->name), STR_PRINT(join->table->name));
    else if (nullable)
        binder_site_misfit(site, NULL,
                           "the join column %.*s.%.*s may be null; remove the \"!\", "
                           "or declare the column NOT NULL.",
                           STR_PRINT(parent->name), STR_PRINT(nullable->name));
    else if (site->named->kind == TYPE_OBJECT && binding_of_type(site->named)->discriminator)
        binder_site_misfit(site, NULL,
                           "the row of %.*s may have another type than %.*s; remove the \"!\".",
                           STR_PRINT(join->table->name), STR_PRINT(site->named->name));
    else if (binding_of_type(site->named)->hidden_count > 0)
        binder_site_misfit(site, NULL,
                           "the row of %.*s may have a type that is hidden, and is null then; "
                           "remove the \"!\".",
                           STR_PRINT(join->table->name));
    else if (join->table->may_hide_rows)
        binder_site_misfit(site, NULL,
                           "row-level security may hide the row of %.*s; remove the \"!\", or give "
                           "the table a SELECT policy that is constant true.",
                           STR_PRINT(join->table->name));
    else
        return true;
    return false;
}

bool
bind_join_check_key(const struct bind_site *site, const struct table *table,
                    const struct column *const *columns, int count)
{
    int i = 0;

    while (i < count && !column_kind_is_opaque(columns[i]->kind))
        i++;
    if (i == count)
        return true;
    binder_site_misfit(site, NULL,
                       "the join column %.*s.%.*s is %.*s, which cannot be a key; join by an "
                       "integer, text or uuid column.",
                       STR_PRINT(table->name), STR_PRINT(columns[i]->name),
                       STR_PRINT(columns[i]->type_name));
    return false;
}
