/*
 * mock_index.c - for a list that leads back to its parent, the objects that refer to each
 * parent.
 *
 * The index follows from the schema alone.  A request makes it once, when it first needs it,
 * so that lists within lists do not look through all objects again and again.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"

struct mock_index {
    const struct field *list;
    int parent_count;
    int *first; /* by the parent's id, from 0: its first place in `members`; one more at the end */
    int *members; /* places of mock_entity_at() */
    struct mock_index *next;
};

/* The id of the parent that the candidate refers to; 0 when that is of another type. */
static int64_t
find_parent(const struct mock *mock, const struct type *parent, int place)
{
    const struct mock_object object = mock_entity_object(mock_entity_at(mock->target, place));
    const struct mock_entity other = mock_entity_refer(&object, mock->inverse);

    return other.type == parent ? other.id : 0;
}

static struct mock_index *
make_index(struct run *run, const struct type *parent, const struct field *list)
{
    struct mock_index *index = ARENA_NEW(run->arena, struct mock_index);
    const struct mock *mock = binding_mock(list->binding);
    int count = mock_entity_count(mock->target), parents = binding_of_type(parent)->mock->count;
    int *parent_of = ARENA_ARRAY(run->arena, int, (size_t)count);

    *index = (struct mock_index){ .list = list,
                                  .parent_count = parents,
                                  .first = ARENA_ARRAY(run->arena, int, (size_t)parents + 2),
                                  .members = ARENA_ARRAY(run->arena, int, (size_t)count),
                                  .next = run->mock_indexes };
    run->mock_indexes = index;
    for (int i = 0; i < count; i++) {
        parent_of[i] = (int)find_parent(mock, parent, i);
        assert(parent_of[i] >= 0 && parent_of[i] <= parents);
        index->first[parent_of[i] + 1]++;
    }
    for (int id = 0; id <= parents; id++)
        index->first[id + 1] += index->first[id];
    int *end = ARENA_ARRAY(run->arena, int, (size_t)parents + 1);
    for (int i = 0; i < count; i++)
        index->members[index->first[parent_of[i]] + end[parent_of[i]]++] = i;
    return index;
}

struct mock_places
mock_index_find(struct run *run, const struct mock_object *parent, const struct field *list)
{
    struct mock_index *index = run->mock_indexes;

    while (index && index->list != list)
        index = index->next;
    if (!index)
        index = make_index(run, parent->type, list);
    if (parent->id < 1 || parent->id > index->parent_count)
        return (struct mock_places){ NULL, 0 };
    int first = index->first[parent->id];
    return (struct mock_places){ index->members + first, index->first[parent->id + 1] - first };
}
