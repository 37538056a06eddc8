/*
 * bind_order.c - the order of lists where their arguments ask for none: what @order says.
 *
 * The key of the type breaks ties, so a type that is shown as a list must have one: its
 * table's primary key, or what @table(key:) says.  If it says that there is none, @order
 * alone orders the rows.  Rows that only a function returns need none: they have its order.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>

#include "base/arena.h"
#include "binder/bind_internal.h"

/* More would make cursors long, and no index has as many columns. */
enum { MOST_TERMS = 16 };

void
bind_order_misfit(const struct order_place *place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str message = str_vformat(place->binder->arena, format, args);
    va_end(args);
    binder_misfit(place->binder, place->offset, place->subject, "%.*s", STR_PRINT(message));
}

bool
bind_order_check_column(const struct order_place *place, const struct column *column,
                        struct str name, const char *remedy)
{
    const struct table *table = place->table;

    if (!column)
        bind_order_misfit(place, "%s %.*s has no column \"%.*s\" to order by; %s.%.*s",
                          binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(name), remedy,
                          STR_PRINT(binder_suggest_column(place->binder, table, name)));
    else if (!column->type->has_order)
        bind_order_misfit(place,
                          "column %.*s.%.*s is %.*s, which PostgreSQL cannot sort; order by "
                          "another column.",
                          STR_PRINT(table->name), STR_PRINT(column->name),
                          STR_PRINT(column->type_name));
    return column && column->type->has_order;
}

/* Cut the first of what `separator` separates from `*rest`, trimmed. */
static struct str
cut(struct str *rest, char separator)
{
    size_t end = str_find(*rest, separator);
    struct str first = str_trim((struct str){ rest->ptr, end });
    size_t used = end < rest->len ? end + 1 : end;

    *rest = (struct str){ rest->ptr + used, rest->len - used };
    return first;
}

/* `created_at DESC NULLS LAST` */
static bool
bind_term(const struct order_place *place, struct str text, struct order_term *term)
{
    struct str direction = text;
    struct str name = cut(&direction, ' ');

    direction = str_trim(direction);
    term->column = table_find_column(place->table, name);
    if (!term->column && place->between) {
        term->column = table_find_column(place->between, name);
        term->is_between = term->column != NULL;
    }
    if (!bind_order_check_column(place, term->column, name,
                                 "name columns that it has, separated by commas"))
        return false;
    if (!order_read_direction(direction, ' ', &term->direction)) {
        bind_order_misfit(place,
                          "\"%.*s\" is not a direction; write ASC or DESC after the column, and "
                          "NULLS FIRST or NULLS LAST after that.",
                          STR_PRINT(direction));
        return false;
    }
    return true;
}

bool
bind_order_text(const struct order_place *place, struct str text, struct order *order)
{
    struct order_term *terms = ARENA_ARRAY(place->binder->arena, struct order_term, MOST_TERMS);
    bool fits = true;

    order->terms = terms;
    order->count = 0;
    do {
        struct str term = cut(&text, ',');
        if (order->count == MOST_TERMS) {
            bind_order_misfit(place, "an order has at most %d columns.", MOST_TERMS);
            return false;
        }
        fits = bind_term(place, term, &terms[order->count++]) && fits;
    } while (text.len > 0);
    return fits;
}

static bool
bind_directive(struct bind_site *site, const struct ast_directive *directive)
{
    struct binder *b = site->binder;
    struct bound_rows *rows = binder_site_rows(site);
    const struct join *through = rows->join ? rows->join->through : NULL;
    const struct order_place place = {
        .binder = b,
        .offset = directive->node.start,
        .subject = str_format(b->arena, "%.*s.%.*s", STR_PRINT(site->parent->name),
                              STR_PRINT(site->field->name)),
        .table = rows->table,
        .between = through ? through->table : NULL,
    };

    return bind_order_text(&place, binder_directive_text(b, directive, "by"), &rows->order);
}

bool
bind_order_default(struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "order");
    const struct table *table = binder_site_rows(site)->table;
    bool fits = true;

    if (binding_of_type(site->named)->is_keyless && !directive) {
        binder_site_misfit(site, NULL,
                           "%.*s has no key (@table(key: [])), so nothing orders its rows; "
                           "give the list an @order(by:).",
                           STR_PRINT(site->named->name));
        fits = false;
    } else if (!bind_row_is(table) && binding_of_type(site->named)->key.count == 0 &&
               !binding_of_type(site->named)->is_keyless) {
        binder_site_misfit(
            site, NULL,
            "table %.*s has no primary key, which a list needs for its order; add one, or "
            "name columns that identify a row with @table(key:).",
            STR_PRINT(table->name));
        fits = false;
    }
    return (!directive || bind_directive(site, directive)) && fits;
}
