/*
 * build_document.h - what the files of the rules on type system documents share.
 *
 *     build_document.c            the walk; types, schemas, extensions
 *     build_document_unique.c     names that are defined once
 *     build_document_directive.c  directives that are applied
 *
 * Only these include it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SDL_BUILD_DOCUMENT_H
#define SDL_BUILD_DOCUMENT_H

#include <stdbool.h>

#include "base/str.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "sdl/build_stage.h"

struct document_check {
    struct build *build;
    struct map *types;      /* what the contract defines, by name: ast_type_definition */
    struct map *directives; /* what may be applied, by name: ast_directive_definition */
    struct str *type_names; /* the contract's, each once, then the built-in ones */
    int own_type_count, type_count;
    int64_t suggested;                /* what suggestions of types have cost: pairs of characters */
    bool is_type_system;              /* what is walked is not an operation or fragment */
    enum directive_location location; /* of the node that a directive would be applied to */
    struct map *seen_fields; /* in the object literal that is walked: names in the source */
    /* What the walk has seen so far: names in the source. */
    struct map *seen_types, *seen_directives;
    struct map *seen_members, *seen_values; /* by `Type.member`: of enums, and of all others */
    struct map *seen_applied;               /* by the type's name: a map of the directives on it */
    struct map *schema_applied;
    const struct ast_node *schema_definition;
    const struct ast_node *root_types[OPERATION_SUBSCRIPTION + 1];
};

/* What is said of a name that is there twice, around the name. */
struct sentence {
    const char *before, *after;
};

/* --- build_document_unique.c --- */

/* Remember `key`, which stands at `name`, or report that it is there already. */
void build_document_unique(struct document_check *c, struct map *seen, struct str key,
                           struct str name, const struct sentence *sentence);
/* The definition's members, its extensions' included, and the arguments of each, have
 * different names. */
void build_document_unique_members(struct document_check *c, const struct ast_type_definition *ast);
/* The arguments of the directive definition have different names. */
void build_document_unique_parameters(struct document_check *c,
                                      const struct ast_directive_definition *ast);
/* 5.4.2: the arguments that are given have different names. */
void build_document_unique_arguments(struct document_check *c, const struct ast_node *arguments);

/* --- build_document_redefined.c --- */

/* In a contract, a directive of a built-in one's name is defined as that is. */
void build_document_redefined(struct document_check *c, const struct ast_directive_definition *ast);

/* --- build_document_directive.c --- */

/* The location of a node that directives may be applied to; of any other, `outer`, the
 * location of what it stands in. */
enum directive_location
build_document_location(const struct ast_node *node, enum directive_location outer);
/* 5.7.3: directives that are not repeatable are unique at a location. */
void build_document_unique_directives(struct document_check *c, const struct ast_node *node);
/* 5.7.1, 5.7.2, 5.4.1: the directive is known, stands where it may, and has arguments that
 * it knows. */
void build_document_directive(struct document_check *c, const struct ast_node *node);
/* 5.4.3: what the directive requires is given. */
void build_document_required(struct document_check *c, const struct ast_node *node);

#endif
