/*
 * mock_internal.h - what the files of mock.h share.
 *
 * mock.c tells comparable values from lifelike ones; mock_field.c writes a lifelike
 * field; mock_entity.c knows the objects that have an id, mock_index.c who refers to
 * whom, mock_page.c which objects a list shows; mock_connection.c shows them as Relay
 * does, and mock_mutation.c is what mutations answer.  mock_leaf.h makes up scalars.
 *
 * Nothing is remembered: all that an object shows follows from its type and its id.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_MOCK_INTERNAL_H
#define MOCK_MOCK_INTERNAL_H

#include <stdint.h>

#include "schema/schema.h"
#include "value/value.h"
#include "binding/bind_mock.h"
#include "execution/write.h"
#include "mock/mock.h"

/* Ids from here on are those of what mutations create: there is an object of each. */
enum { MOCK_FRESH = 1000000 };

/* One of the objects of a type with ids. */
struct mock_entity {
    const struct type *type; /* NULL: none */
    int64_t id;
};

/* A page of a list: what is shown of all that there are. */
struct mock_page {
    struct mock_entity *list; /* of a list of keys, none where there is none */
    int count;                /* in all */
    int start, end;           /* shown */
};

/* What fields are written of. */
struct mock_object {
    const struct type *type;
    uint64_t seed;             /* a number of its own */
    int64_t id;                /* of an entity; of what a mutation answers: of what it creates */
    const struct value *given; /* an object: values that are known, by the fields' names; or NULL */
    const struct mock_page *page; /* of a connection, its edges and its page info */
    int index;                    /* of an edge */
    const struct field *mutation; /* that answers with the object, or with what it is in; or NULL */
};

/* A field that is being written. */
struct mock_call {
    struct writer *w;
    const struct plan_field *field;
    const struct mock *mock;
    const struct mock_object *parent; /* never NULL: at the root, one of the root type */
    const struct value *arguments;    /* an object; absent ones are not in it */
    const struct path *path;
    uint64_t seed; /* a number of this field of this object */
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
/* The one that a field shows which leads to one: always the same of the same object.  None
 * where it is null, or where the objects have no ids. */
struct mock_entity mock_entity_refer(const struct mock_object *object, const struct field *field);
/* The one with that key; none when there is none. */
struct mock_entity mock_entity_find(struct arena *a, const struct type *type, struct str key);
bool mock_entity_equal(struct mock_entity one, struct mock_entity other);
/* Write the key as JSON. */
void mock_entity_write_key(struct buf *b, struct mock_entity entity);
/* Write the cursor that stands for it, as JSON. */
void mock_entity_write_cursor(struct buf *b, struct mock_entity entity);

/* --- mock_page.c --- */

/* Find what the field's arguments, which may filter, order and cut, want of the list `field`
 * of the object.  False after adding an error. */
bool mock_page_find(const struct mock_call *call, struct mock_page *page, struct errors *errors)
    MUST_CHECK;
/* How many a list of the object has, without arguments. */
int mock_page_count(struct run *run, const struct mock_object *object, const struct field *list);
/* The one object that the arguments ask for: found, made up, or none. */
struct mock_entity mock_page_one(const struct mock_call *call);

/* --- mock_index.c --- */

/* Places of mock_entity_at(). */
struct mock_places {
    const int *list;
    int count;
};

/* The objects of a list that leads back to the parent, whose id is none that was created. */
struct mock_places
mock_index_find(struct run *run, const struct mock_object *parent, const struct field *list);

/* --- mock_connection.c --- */

/* Write a field of a connection, an edge or a page info.  False in `*is_written` when it is
 * none that they have. */
bool mock_connection_write(struct mock_call *call, bool *is_written);

/* --- mock_mutation.c --- */

/* Write what was given for the field, if anything fits it. */
bool mock_mutation_write(struct mock_call *call, bool *is_written);
/* The values that a mutation was given: its arguments, and the fields of those that are objects. */
const struct value *mock_mutation_given(struct arena *a, const struct value *arguments);
/* An id that no object had. */
int64_t mock_mutation_fresh(void);
/* The object with an id that a mutation's answer shows in the field, and what is known of it. */
struct mock_object mock_mutation_entity(const struct mock_call *call);
/* The signed-in user as an object of `type`; none when nobody is, or when users are of another. */
struct mock_entity mock_mutation_viewer(const struct mock_call *call, const struct type *type);

#endif
