/*
 * plan_path.c - for which field of the response a statement is sent.
 *
 * The tree of fields is walked from the top; the first field that is met with a statement has it.
 * What several types share (planner/plan_shared.c) is walked once.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/plan_path.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "plan/plan.h"

struct paths {
    struct arena *arena;
    const struct path **of; /* by the statements' numbers; NULL: not met yet */
    struct map *walked;     /* the lists of fields and variants, by their addresses */
};

static void walk_fields(struct paths *p, const struct plan_field *fields, const struct path *above);

static const struct path *
make_path(struct arena *a, const struct plan_field *field, const struct path *above)
{
    struct path *path = ARENA_NEW(a, struct path);

    *path = (struct path){ .parent = above, .name = field->name };
    return path;
}

static void
note(struct paths *p, const struct plan_relation *relation, const struct path *path)
{
    if (relation && !p->of[relation->statement->number])
        p->of[relation->statement->number] = path;
}

/* What a write needs besides: the writes within it, and what is asked if there is no row. */
static void
note_write(struct paths *p, const struct plan_write *write, const struct path *path)
{
    note(p, write->doubt, path);
    for (const struct plan_relation *inner = write->inner; inner;
         inner = inner->of.write.next_inner) {
        note(p, inner, path);
        note_write(p, plan_write_of(inner), path);
    }
}

/* Has the list been walked before? */
static bool
is_walked(struct paths *p, const void *list)
{
    const void **key = ARENA_NEW(p->arena, const void *);

    *key = list;
    return map_add(p->walked, (struct str){ (const char *)key, sizeof(*key) }, p) != NULL;
}

static void
walk_field(struct paths *p, const struct plan_field *field, const struct path *above)
{
    const struct path *path = make_path(p->arena, field, above);

    note(p, field->relation, path);
    if (field->relation && plan_write_of(field->relation))
        note_write(p, plan_write_of(field->relation), path);
    if (field->kind == PLAN_CONNECTION) {
        note(p, field->page->rows, path);
        note(p, field->page->probe, path);
        note(p, field->page->count, path);
    }
    if (field->fields && !is_walked(p, field->fields))
        walk_fields(p, field->fields, path);
    if (!field->variants || is_walked(p, field->variants))
        return;
    for (const struct plan_variant *v = field->variants; v; v = v->next) {
        note(p, v->relation, path);
        walk_fields(p, v->fields, path);
    }
}

static void
walk_fields(struct paths *p, const struct plan_field *fields, const struct path *above)
{
    for (const struct plan_field *field = fields; field; field = field->next)
        walk_field(p, field, above);
}

const struct path **
plan_paths(struct arena *a, const struct plan *plan)
{
    struct paths p = { .arena = a, .walked = map_new(a) };

    p.of = ARENA_ARRAY(a, const struct path *, (size_t)plan->statement_count);
    walk_fields(&p, plan->fields, NULL);
    for (int i = 0; i < plan->statement_count; i++)
        if (!p.of[i]) /* its field was refused after it was planned */
            p.of[i] = make_path(a, plan->statements[i]->root, NULL);
    return p.of;
}

static void
print_path(struct buf *b, const struct path *path)
{
    if (path->parent) {
        print_path(b, path->parent);
        buf_byte(b, '.');
    }
    buf_put(b, path->name);
}

void
plan_path_print(struct buf *b, const struct plan *plan, const struct path *const *paths)
{
    for (int i = 0; i < plan->statement_count; i++) {
        buf_printf(b, "wave %d: ", plan->statements[i]->wave);
        print_path(b, paths[i]);
        buf_byte(b, '\n');
    }
}
