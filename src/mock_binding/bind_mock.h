/*
 * bind_mock.h - a contract without a database: every field of it is made up.
 *
 * A type that the query can reach and that has an `id` stands for so many
 * objects, numbered from 1; everything that can be asked of one follows from its
 * type and number.  Lists of them, filters, orders and connections are known by
 * the names and shapes that the contract's manual gives them.  docs/mock.md is
 * the manual of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_BINDING_BIND_MOCK_H
#define MOCK_BINDING_BIND_MOCK_H

#include <stdbool.h>

#include "base/str.h"
#include "binding/binding.h"
#include "mock_binding/mock_argument.h"

struct arena;
struct errors;
struct field;
struct schema;
struct type;

enum mock_values {
    MOCK_COMPARABLE, /* the same for every field of a type, so that two servers can be compared */
    MOCK_LIFELIKE    /* as they might come from a database, by field, type and id */
};

/* The most objects of a type, or items of a list, that @mock(count:) may say. */
enum { MOCK_MOST = 10000 };

enum mock_shape {
    MOCK_VALUE,      /* an object that is part of another, or what a mutation answers */
    MOCK_ENTITY,     /* one of many, each with an id of its own */
    MOCK_CONNECTION, /* a page of them: `edges` or `nodes`, and `pageInfo` */
    MOCK_EDGE,       /* one place of it: `node` and `cursor` */
    MOCK_PAGE_INFO,  /* what is before and after it */
    MOCK_AGGREGATE   /* what many of them have together: `count`, `sum { ... }` */
};

/* An object type, bound to LIFELIKE values. */
struct mock_type {
    enum mock_shape shape;
    int count;               /* ENTITY: how many there are */
    const struct field *key; /* ENTITY: `id` */
    bool is_global;          /* ENTITY: its key tells the type too, since it is a Node */
    bool has_plain_ids;      /* its global ids are keys alone: UUIDs */
    struct str prefix;       /* what global ids begin with, where they have a prefix; or STR_NONE */
    const struct type *node; /* CONNECTION, EDGE: of what; it may be abstract */
};

enum mock_role {
    MOCK_LEAF,   /* a scalar or an enum, or lists of them */
    MOCK_KEY,    /* the object's id */
    MOCK_NUMBER, /* what its id has of the key, where that is global */
    MOCK_ID,     /* the global id of an object that it refers to */
    MOCK_COUNT,  /* how many a list of the same object has: `voteCount` of `votes` */
    MOCK_OBJECT, /* one object, or nested lists of objects without an id */
    MOCK_LIST,   /* objects with ids */
    MOCK_PAGE,   /* a connection */
    MOCK_TOTALS, /* what objects have together */
    MOCK_GROUPS  /* the same for each group of them */
};

/* A field of Mutation that writes rows: @insert, @upsert, @update, @delete. */
struct mock_write {
    enum write_action action;
    const struct type *target;        /* what shows the rows; NULL: no type does */
    const struct input_value *values; /* what goes into them; NULL: the field deletes */
    const struct input_value *where;  /* UPDATE, DELETE: a filter that finds them; or NULL */
    const struct mock_filter *filter; /* of `where` */
    bool is_many;                     /* the values are a list, or a filter finds them */
};

/* How the values of a field are made up; what the contract says with @mock first. */
struct mock {
    enum mock_role role;
    int nulls;                   /* of a hundred objects, for how many it is null */
    const struct str *values;    /* LEAF: JSON texts to choose from */
    int value_count;             /* 0: by name */
    int count;                   /* items of a list, or rows of all pages; -1: not said */
    int at_most;                 /* of a connection's number of rows: how far it counts; -1: all */
    const struct field *counted; /* COUNT: the list */
    /* LIST, PAGE, OBJECT, ID: whose objects; it may be abstract.  TOTALS, GROUPS: of what
     * objects. */
    const struct type *target;
    const struct field *inverse;    /* LIST, PAGE: the field of theirs that leads back; or NULL */
    const struct field *summed;     /* of an AGGREGATE's members: the field of the objects */
    struct str unit;                /* likewise: what its time is cut to, `DAY`; or STR_NONE */
    struct mock_orders order;       /* LIST, PAGE: @order */
    const struct mock_write *write; /* NULL: it writes none */
};

/* Bind every field of the object types to MOCK, and their arguments.  False after
 * adding VALIDATION_FAILED errors: @mock says what cannot be. */
bool bind_mock(struct arena *a, struct schema *schema, enum mock_values values,
               struct errors *errors) MUST_CHECK;

#endif
