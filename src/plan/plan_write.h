/*
 * plan_write.h - what a plan says of rows that are written.
 *
 * The objects of an input have shapes: which columns they give values to.  A statement writes all
 * of its objects, whatever shapes they have, and its rows are in the order of the objects; a
 * column that an object does not give has its default.  Objects of one shape that follow each other
 * are written together, so that rows are made in their order, too.  The plan holds for objects
 * whose shapes follow each other like this, however many there are of each (row_shape.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_WRITE_H
#define PLAN_PLAN_WRITE_H

#include <stdbool.h>

struct argument_binding;
struct bound_write;
struct column;
struct input_value;
struct plan_relation;
struct table;
struct value;

/* What the objects of a shape set a column to. */
struct plan_setting {
    const struct column *column;
    int parameter; /* of the statement: its number; an array where rows may be many */
};

struct plan_shape {
    const bool *given; /* by the fields of the input object: does it set a column? */
    struct plan_setting *settings;
    int setting_count;
    /* The number of the parameter that says which of the rows these are, from 1, as an array;
     * -1: all of them.  Of rows that say nothing, and of those that are found, it is there. */
    int places;
};

struct plan_write {
    const struct bound_write *bound;
    const struct table *table;
    const struct argument_binding *values; /* what fields of the objects do; NULL: DELETE */
    bool is_many;                          /* of a list, or within others: any number of them */
    struct plan_shape *shapes;             /* one, unless it is many; of a DELETE none */
    int shape_count;
    const struct plan_relation *doubt; /* what is asked where no row was written; or NULL */
    /* By a filter, whose rows are all in the result, written or not: the cell that is null of one
     * that was not. */
    int written;
    /* Nested: the objects are those that a field of another write's objects has. */
    const struct plan_relation *outer; /* that write; NULL: they are the argument's own */
    const struct input_value *within;  /* the field */
    struct plan_relation *inner;       /* the writes of objects within these, by next_inner */
    struct plan_relation *next_inner;
};

/* The objects in a value, which is one, a list of them, null or absent (NULL): how many, and the
 * one after `last`; NULL: there is no other. */
int plan_object_count(const struct value *value);
const struct value *plan_next_object(const struct value *value, const struct value *last);
/* The object's value for the field: what the client says, or the default of one that it does not
 * see; NULL: none. */
const struct value *plan_given(const struct value *object, const struct input_value *field);
/* Does it give values to the columns of that field, by its number?  Where there is no
 * object (NULL) nothing is sent, whatever the statement sets. */
bool plan_write_is_given(const struct plan_write *write, const struct value *object, int field);
/* The number of the shape that the object has, that of the object before it, `last`, or the next;
 * -1: neither, or, of `last`, there is none. */
int plan_write_shape(const struct plan_write *write, const struct value *object, int last);
/* Of an upsert: does a row that is there get what this sets; and does it get anything? */
bool plan_setting_changes(const struct plan_write *write, const struct plan_setting *setting);
bool plan_shape_changes(const struct plan_write *write, const struct plan_shape *shape);
/* Of an upsert: is a row that is there found by its key, and shown as it is? */
bool plan_shape_finds(const struct plan_write *write, const struct plan_shape *shape);
/* What it gives the column, which is one of a row that is there; never NULL. */
const struct plan_setting *
plan_shape_setting(const struct plan_shape *shape, const struct column *column);

#endif
