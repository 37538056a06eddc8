/*
 * mock_internal.h - what the files of mock.h share.
 *
 *     mock.c             comparable values; the start of lifelike ones
 *     mock_field.c       a lifelike field
 *     mock_entity.c      the objects with ids: how many, and which refers to which
 *     mock_index.c       the objects that refer to a parent
 *     mock_page.c        the objects that a list shows
 *     mock_connection.c  the same as Relay's connections
 *     mock_mutation.c    the answers of mutations
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
};

/* The object that fields are written of. */
struct mock_object {
    const struct type *type;
    uint64_t seed;                /* the object's number */
    int64_t id;                   /* an entity's; of a mutation's answer: that of what it creates */
    const struct value *given;    /* an object: known values by the fields' names; or NULL */
    const struct mock_page *page; /* of a connection, its edges and its page info */
    int index;                    /* of an edge */
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
bool mock_entity_equal(struct mock_entity one, struct mock_entity other);
/* Write the key as JSON. */
void mock_entity_write_key(struct buf *b, struct mock_entity entity);
/* Write the cursor that stands for it, as JSON. */
void mock_entity_write_cursor(struct buf *b, struct mock_entity entity);

/* --- mock_page.c --- */

/* Find the page of the field's list, filtered, ordered and cut by its arguments.  False after
 * adding an error. */
bool mock_page_find(const struct mock_call *call, struct mock_page *page, struct errors *errors)
    MUST_CHECK;
/* How many objects a list has without arguments. */
int mock_page_count(struct run *run, const struct mock_object *object, const struct field *list);
/* The one object that the arguments ask for; without type when there is none. */
struct mock_entity mock_page_one(const struct mock_call *call);

/* --- mock_index.c --- */

/* Places of mock_entity_at(). */
struct mock_places {
    const int *list;
    int count;
};

/* The objects of `list` that refer back to the parent; none to one that a mutation created. */
struct mock_places
mock_index_find(struct run *run, const struct mock_object *parent, const struct field *list);

/* --- mock_connection.c --- */

/* Write a field of a connection, an edge or a page info.  `*is_written` is false when it is not
 * a field that Relay gives them. */
bool mock_connection_write(struct mock_call *call, bool *is_written);

/* --- mock_mutation.c --- */

/* Write the value that the mutation was given for the field, if there is one and it fits. */
bool mock_mutation_write(struct mock_call *call, bool *is_written);
/* The values that a mutation was given: its arguments, and the fields of input objects. */
const struct value *mock_mutation_given(struct arena *a, const struct value *arguments);
/* A new id. */
int64_t mock_mutation_fresh(void);
/* The entity that a mutation's answer shows in the field, with the values that were given. */
struct mock_object mock_mutation_entity(const struct mock_call *call);
/* The signed-in user; without type when nobody is signed in, or users are not of `type`. */
struct mock_entity mock_mutation_viewer(const struct mock_call *call, const struct type *type);

#endif
