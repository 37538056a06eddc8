/*
 * mock_internal.h - what the files of mock.h share.
 *
 *     mock.c             comparable values; the start of lifelike ones
 *     mock_field.c       a lifelike field
 *     mock_entity.c      the objects with ids: how many, and which refers to which
 *     mock_index.c       the objects that refer to a parent
 *     mock_page.c        the objects that a list shows
 *     mock_match.c       which of them its arguments ask for
 *     mock_filter.c      the same of filters; mock_operator.c compares
 *     mock_json.c        what is in lists and in values of JSON
 *     mock_sort.c        in which order
 *     mock_value.c       values, to be compared
 *     mock_connection.c  pages as Relay's connections
 *     mock_aggregate.c   what objects have together; mock_group.c: in groups
 *     mock_group_sort.c  in which order groups are shown
 *     mock_mutation.c    the answers of mutations; mock_write.c: of those that write rows
 *     mock_names.h       what names usually mean
 *     mock_leaf.h        scalars, by names; mock_make.h makes them, of mock_words.h
 *     mock_seed.h        the numbers that choose
 *
 * Nothing is stored: everything that an object shows follows from its type and its id.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_MOCK_INTERNAL_H
#define MOCK_MOCK_INTERNAL_H

#include <stdint.h>

#include "schema/schema.h"
#include "value/value.h"
#include "codec/cursor.h"
#include "mock_binding/bind_mock.h"
#include "response/write.h"
#include "mock/mock.h"

/* Mutations create objects with ids from here on; there is an object for each of these ids. */
enum { MOCK_FRESH = 1000000 };

/* One of the objects of a type with ids. */
struct mock_entity {
    const struct type *type; /* NULL: none */
    int64_t id;
};

/* A page of a list. */
struct mock_page {
    struct mock_entity *list; /* all; of a list of keys, one without type for an unknown key */
    int count;                /* of all */
    int start, end;           /* the places that are shown */
    bool has_next, has_previous;
    const struct value *by;             /* of a group: the keys that tell it from others */
    uint32_t cursors;                   /* cursor_place() of the list and its order */
    const struct value *after, *before; /* what was given, or NULL */
};

/* The object that fields are written of. */
struct mock_object {
    const struct type *type;
    uint64_t seed;                /* the object's number */
    int64_t id;                   /* an entity's; of a mutation's answer: that of what it creates */
    const struct value *given;    /* an object: known values by the fields' names; or NULL */
    const struct mock_page *page; /* of a connection, its edges and its page info */
    int index;                    /* of an edge; of what a function makes: enum mock_function */
    const struct field *mutation; /* whose answer the object is, or is in; or NULL */
};

/* A field that is being written. */
struct mock_call {
    struct writer *w;
    const struct plan_field *field;
    const struct mock *mock;
    const struct mock_object *parent; /* never NULL: at the root, one of the root type */
    const struct value *arguments;    /* an object; absent ones are not in it */
    const struct path *path;
    uint64_t seed; /* the number of this field of this object */
};

/* --- mock_field.c --- */

/* Write a lifelike field. */
bool mock_field_write(struct mock_call *call);
/* Write an object of the field, which may be one of its list. */
bool mock_field_object(struct mock_call *call, const struct mock_object *object,
                       const struct path *path);
/* Write one leaf of the named type, made up for item `index` of the field's list, 0 for none. */
void mock_field_leaf(struct run *run, struct buf *b, const struct mock_object *object,
                     const struct field *field, uint64_t index);
/* Write the items of a list of leaves. */
void mock_field_items(struct run *run, struct buf *b, const struct mock_object *object,
                      const struct field *field);

/* --- mock_entity.c --- */

/* How many objects there are of a type, or of all possible types. */
int mock_entity_count(const struct type *type);
/* One of them, by its place from 0. */
struct mock_entity mock_entity_at(const struct type *type, int index);
struct mock_object mock_entity_object(struct mock_entity entity);
/* The entity that a field of an object leads to: always the same.  None where the field is null,
 * or the target has no ids. */
struct mock_entity mock_entity_refer(const struct mock_object *object, const struct field *field);
/* The entity with that key; without type when there is none. */
struct mock_entity mock_entity_find(struct arena *a, const struct type *type, struct str key);
/* The same of a mutation's argument, which may have the key where ids are global. */
struct mock_entity mock_entity_find_given(struct arena *a, const struct type *type, struct str key);
bool mock_entity_equal(struct mock_entity one, struct mock_entity other);
/* Write the key as JSON. */
void mock_entity_write_key(struct buf *b, struct mock_entity entity);
/* Write what the key of the object is beside its global id, as the scalar shows it. */
void mock_entity_write_number(struct buf *b, const struct mock_object *object,
                              const struct type *scalar);
/* Write the global id of the object that the field refers to: whose key the mutation was given, or
 * any. */
void mock_entity_write_referred(struct arena *a, struct buf *b, const struct mock_object *object,
                                const struct field *field);
/* The type, or the possible type, of that name that has ids; or NULL. */
const struct type *mock_entity_named(const struct type *type, struct str name);

/* --- mock_index.c --- */

/* Places of mock_entity_at(). */
struct mock_places {
    const int *list;
    int count;
};

/* The objects of `list` that refer back to the parent; none to one that a mutation created. */
struct mock_places
mock_index_find(struct run *run, const struct mock_object *parent, const struct field *list);

/* --- mock_page.c --- */

/* Find the page of the field's list, filtered, ordered and cut by its arguments.  False after
 * adding an error. */
bool mock_page_find(const struct mock_call *call, struct mock_page *page, struct errors *errors)
    MUST_CHECK;
/* The objects of a list without arguments, and how many they are. */
struct mock_places
mock_page_places(struct run *run, const struct mock_object *parent, const struct field *list);
int mock_page_count(struct run *run, const struct mock_object *object, const struct field *list);
/* Write the cursor of an object on the page, as JSON. */
void mock_page_write_cursor(struct buf *b, const struct mock_page *page, struct mock_entity entity);

/* All objects that are in the field's list, or that it counts, and pass its filters. */
void mock_page_take(const struct mock_call *call, struct mock_page *page);

/* --- mock_aggregate.c --- */

/* Write what the objects of the field have together. */
bool mock_aggregate_totals(struct mock_call *call);
/* Write a member of an aggregate, or of an object within.  `*is_written` is false when it is made
 * up. */
bool mock_aggregate_write(struct mock_call *call, bool *is_written);
/* What such a leaf shows of the objects, as JSON; STR_NONE: null. */
struct str mock_aggregate_text(struct run *run, const struct field *field,
                               const struct mock_page *page, int function);

/* --- mock_group.c --- */

/* Objects that are alike in the keys. */
struct mock_group {
    struct mock_page page;
    struct str *keys; /* mock_group_key() */
    int order;        /* in which it was met */
};

struct mock_grouping {
    struct run *run;
    const struct type *type;
    const struct field **keys; /* that `by` names */
    int key_count;
    struct mock_group *list;
    int count;
};

/* Write the groups of the field's objects. */
bool mock_group_write(struct mock_call *call);
/* The text of a key of an object, as JSON; STR_NONE: null. */
struct str mock_group_key(struct run *run, const struct field *field, struct mock_entity entity);
/* Does an argument `by` name the key that the field shows? */
bool mock_group_is_named(struct arena *a, const struct value *by, const struct field *field);

/* --- mock_group_sort.c --- */

/* Sort groups by what `order` says, which may be NULL, and then by their keys.  False: it has a
 * key that `by` does not name, and `*unnamed` is its name. */
bool mock_group_sort(struct mock_grouping *g, const struct value *order, struct str *unnamed);

/* --- mock_match.c --- */

/* The value of an argument; NULL when it is absent or null. */
const struct value *
mock_match_argument(const struct mock_call *call, const struct input_value *argument);
/* Is the text in one of the fields that are searched? */
bool mock_match_is_found(struct run *run, struct mock_entity entity,
                         const struct argument_binding *binding, const struct value *value);
/* Do the arguments ask for the object, whatever its place? */
bool mock_match_passes(const struct mock_call *call, struct mock_entity entity);
/* The one object that the arguments ask for; without type when there is none. */
struct mock_entity mock_match_one(const struct mock_call *call);

/* --- mock_filter.c --- */

bool mock_filter_passes(struct run *run, const struct mock_filter *filter,
                        const struct value *value, struct mock_entity entity);

/* --- mock_operator.c --- */

/* A leaf, or a field that leads to one object, and what it is compared with. */
struct mock_comparison {
    struct run *run;
    struct mock_entity entity;
    const struct field *field;
    struct str leaf; /* JSON; STR_NONE: null */
    const struct value *value;
};

/* Does it hold?  What a word does that nobody knows, nobody knows: it holds. */
bool mock_operator_holds(struct str word, const struct mock_comparison *c);

/* --- mock_json.c --- */

/* Does the JSON have the value in it, as PostgreSQL's `@>` of jsonb has it? */
bool mock_json_contains(struct arena *a, struct str json, const struct value *part);
/* Is the text a name of the object, or an item of the list? */
bool mock_json_has_key(struct arena *a, struct str json, struct str key);
/* Is each item of the list in JSON one of the given items? */
bool mock_json_is_within(struct arena *a, struct str json, const struct value *items);

/* --- mock_sort.c --- */

struct mock_sorting {
    const struct type *target;
    struct mock_orders orders;
    bool is_descending; /* of the last term: how ids break ties */
};

/* The order that the arguments ask for, or else that of the field. */
struct mock_sorting mock_sort_find(const struct mock_call *call);
void
mock_sort_apply(struct run *run, struct mock_sorting *sorting, struct mock_entity *list, int count);
/* The first place in a list that is sorted so at which the object stands, or would; or the first
 * behind it. */
int
mock_sort_find_place(struct run *run, struct mock_sorting *sorting, const struct mock_entity *list,
                     int count, struct mock_entity entity, bool is_behind);
/* What all cursors of the field's list in this order have in common: cursor_place(). */
uint32_t mock_sort_describe(const struct mock_call *call, const struct mock_sorting *sorting);

/* --- mock_value.c --- */

/* The field of the type that is it, or has its name where it is an interface's; or NULL. */
const struct field *mock_value_field(const struct type *type, const struct field *field);
/* The entity that such a field of an entity leads to; none where there is none. */
struct mock_entity mock_value_refer(struct mock_entity entity, const struct field *field);
/* The entity's value of a field, or of the one of the same name that its type has, as JSON; a null
 * is STR_NONE. */
struct str mock_value_leaf(struct run *run, struct mock_entity entity, const struct field *field);
bool mock_value_is_null(const struct mock_object *object, const struct field *field);
/* A value that a document has, as JSON. */
struct str mock_value_text(struct arena *a, const struct value *value);
/* JSON without the quotes of a string. */
struct str mock_value_bare(struct str json);
/* Numbers by their size, also those in quotes; and texts by their bytes. */
int mock_value_compare(struct str one, struct str other);
/* Is this the value of the entity's field, or the key of the entity that it leads to? */
bool mock_value_equals(struct run *run, struct mock_entity entity, const struct field *field,
                       const struct value *value);
/* Is the text a part of the JSON, whatever the case of its letters? */
bool mock_value_contains(struct str json, const struct value *part, struct arena *a);

/* --- mock_connection.c --- */

/* Write a field of a connection, an edge or a page info.  `*is_written` is false when it is not
 * a field that Relay gives them. */
bool mock_connection_write(struct mock_call *call, bool *is_written);

/* --- mock_mutation.c --- */

/* Write the value that the mutation was given for the field, if there is one and it fits. */
bool mock_mutation_write(struct mock_call *call, bool *is_written);
/* The values that a mutation was given: its arguments, and the fields of input objects. */
const struct value *mock_mutation_given(struct arena *a, const struct value *arguments);
/* The first of so many new ids. */
int64_t mock_mutation_fresh(int count);
/* The entity that a mutation's answer shows in the field, with the values that were given. */
struct mock_object mock_mutation_entity(const struct mock_call *call);
/* The signed-in user; without type when nobody is signed in, or users are not of `type`. */
struct mock_entity mock_mutation_viewer(const struct mock_call *call, const struct type *type);

/* --- mock_write.c --- */

/* How many rows the mutation adds; 1 of one that adds none. */
int mock_write_count(const struct field *mutation, const struct value *given);
/* What the server would refuse of the field's arguments before any SQL; NULL: nothing. */
const struct error *
mock_write_judge(struct run *run, const struct field *field, const struct value *arguments);
/* Write the rows that were written, or what is said of them.  `*is_written` is false when it is
 * another field. */
bool mock_write_write(struct mock_call *call, bool *is_written);
/* A field that a payload has in common with its one row: let it be the row's, which is put into
 * `*row`. */
void mock_write_enter(struct mock_call *call, struct mock_object *row);
/* Write the rows, or the row, that were given within the row that the field is of; `*is_written`
 * is false for any other field. */
bool mock_write_within(struct mock_call *call, bool *is_written);

#endif
