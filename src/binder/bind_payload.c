/*
 * bind_payload.c - types without @table: what a mutation answers with.
 *
 * Such a type is what its first user says.  Shown by a mutation's SQL function
 * it stands for the row that was returned, and its fields are bound as those of
 * a type with the row's table; shown by a write it stands for the row, or the
 * rows, that were written, and has fields for these; shown by a resolver it has
 * one field for each output.  Others may show it too, as long as they give the same.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binder/bind_internal.h"
#include "binder_write/bind_write.h"

const struct payload *
bind_payload_find(const struct binder *b, const struct type *type)
{
    for (const struct payload *payload = b->payloads; payload; payload = payload->next)
        if (payload->type == type)
            return payload;
    return NULL;
}

/* The table of the row that a field writes, or its function returns; NULL: there is no such
 * table or function, or it returns none. */
static const struct table *
returned_table(struct binder *b, const struct field *field)
{
    int count;
    enum write_action action;
    if (bind_write_directive(field, &action))
        return bind_write_table(b, field);
    const struct function *function = bind_function_find(b, b->schema->mutation, field, &count);

    if (!function)
        return NULL;
    return function->returns_table ? function->returns_table : function->returns_row;
}

/* One more field shows the type: the first makes it a payload, and the first
 * function that returns a row gives it its table. */
static void
add_user(struct binder *b, struct type *type, const struct field *field)
{
    const struct ast_directive *resolver = ast_find_directive(field->ast->directives, "resolver");
    const struct payload *known = bind_payload_find(b, type);
    enum write_action action;

    if (!known) {
        struct payload *payload = ARENA_NEW(b->arena, struct payload);
        *payload = (struct payload){ .type = type,
                                     .field = field,
                                     .is_of_resolver = resolver != NULL,
                                     .is_of_write = bind_write_directive(field, &action) != NULL,
                                     .is_many = bind_write_is_many(field),
                                     .resolver = binder_find_resolver(b, resolver),
                                     .next = b->payloads };
        b->payloads = payload;
        known = payload;
    }
    if (!known->is_of_resolver && !resolver && !binding_of_type(type)->table)
        binder_set_table(b, type, returned_table(b, field), NULL);
}

bool
bind_payload(struct binder *b, struct type *type)
{
    const struct type *mutation = b->schema->mutation;

    for (int i = 0; mutation && i < mutation->field_count; i++) {
        const struct field *field = &mutation->fields[i];
        enum write_action action;
        bool is_bound = ast_find_directive(field->ast->directives, "function") ||
                        ast_find_directive(field->ast->directives, "resolver") ||
                        bind_write_directive(field, &action);
        if (is_bound && type_named(field->type) == type)
            add_user(b, type, field);
    }
    return bind_payload_find(b, type) != NULL;
}

void
bind_payload_misfit(const struct bind_site *site, const struct payload *payload)
{
    binder_site_misfit(site, NULL,
                       "%.*s is already the payload of %.*s.%.*s, which returns something else; "
                       "give this field a type of its own.",
                       STR_PRINT(site->named->name),
                       STR_PRINT(site->binder->schema->mutation->name),
                       STR_PRINT(payload->field->name));
}

bool
bind_payload_is_written(const struct bind_site *site)
{
    const struct type *mutation = site->binder->schema->mutation;

    enum write_action action;

    for (int i = 0; mutation && i < mutation->field_count; i++) {
        const struct field *field = &mutation->fields[i];
        if (type_is_possible(type_named(field->type), site->parent) &&
            ast_find_directive(field->ast->directives, "function"))
            return true;
        if (bind_write_directive(field, &action) &&
            bind_write_table(site->binder, field) == binding_of_type(site->parent)->table)
            return true;
    }
    return false;
}

/* --- writes --- */

bool
bind_payload_write(struct bind_site *site)
{
    const struct payload *payload = bind_payload_find(site->binder, site->named);

    if (!bind_write(site))
        return false;
    if (!payload || (payload->is_of_write && payload->is_many == site->binding->as.write.is_many))
        return true;
    bind_payload_misfit(site, payload);
    return false;
}

static bool
is_inserted(const struct bind_site *site)
{
    return str_is(site->field->name, "inserted") && str_is(site->named->name, "Boolean") &&
           !site->is_list &&
           !table_find_column(binding_of_type(site->parent)->table, STR("inserted"));
}

/* `inserted`: of all that show the payload, each writes a row that may be there already. */
static bool
check_inserted(const struct bind_site *site)
{
    const struct type *mutation = site->binder->schema->mutation;
    enum write_action action;

    if (site->payload->is_many) {
        binder_site_misfit(
            site, NULL,
            "it says whether one row was there already, but %.*s.%.*s writes several; remove it.",
            STR_PRINT(mutation->name), STR_PRINT(site->payload->field->name));
        return false;
    }
    for (int i = 0; i < mutation->field_count; i++) {
        const struct field *field = &mutation->fields[i];
        if (type_named(field->type) != site->parent ||
            (bind_write_directive(field, &action) && action == WRITE_UPSERT))
            continue;
        binder_site_misfit(site, NULL,
                           "it says whether @upsert inserted the row, but %.*s.%.*s has no "
                           "@upsert; give that field a payload of its own.",
                           STR_PRINT(mutation->name), STR_PRINT(field->name));
        return false;
    }
    return true;
}

bool
bind_payload_shows(const struct bind_site *site)
{
    bool is_count = (str_is(site->field->name, "count") && str_is(site->named->name, "Int")) ||
                    is_inserted(site);
    const struct table *table = binding_of_type(site->named)->table;

    if (!site->payload || !site->payload->is_of_write)
        return false;
    if (site->payload->is_many)
        return true;
    return is_count || (table && table == binding_of_type(site->parent)->table && !site->is_list &&
                        !binder_site_directive(site, "join"));
}

bool
bind_payload_part(struct bind_site *site)
{
    const struct table *table = binding_of_type(site->parent)->table;
    bool is_count = str_is(site->named->name, "Int") && !site->is_list;

    site->binding->kind = BINDING_WRITTEN;
    if (is_inserted(site)) {
        site->binding->as.written = (struct bound_written){
            WRITTEN_INSERTED,
            bind_codec_field(site, STR("inserted"), column_kind_type(COLUMN_BOOLEAN)),
        };
        return check_inserted(site) && site->binding->as.written.codec;
    }
    site->binding->as.written.part = is_count ? WRITTEN_COUNT : WRITTEN_ROWS;
    if (is_count && str_is(site->field->name, "count"))
        return true;
    if (!is_count && binding_of_type(site->named)->table == table && table &&
        site->is_list == site->payload->is_many)
        return true;
    binder_site_misfit(site, NULL,
                       "several rows were written: a field of %.*s can show their number, `count: "
                       "Int!`, or a list of them; make it one of these.",
                       STR_PRINT(site->parent->name));
    return false;
}
