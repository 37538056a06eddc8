/*
 * change.h - what differs between two schemas, as a list.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DIFF_CHANGE_H
#define DIFF_CHANGE_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/str.h"

struct arena;

/* What a change means to clients of the old schema, the worst first. */
enum severity {
    SEVERITY_BREAKING,  /* an operation that was valid is not, or its answer has another shape */
    SEVERITY_DANGEROUS, /* operations are still valid, but what they do may differ */
    SEVERITY_SAFE,
    SEVERITY_COUNT
};

/* Kinds of changes and what each means.  Those of the first part have the names and the
 * meanings of the reference implementation's findSchemaChanges(). */
/* clang-format off */
#define CHANGE_KINDS(X)                          \
    X(TYPE_REMOVED, BREAKING)                    \
    X(TYPE_CHANGED_KIND, BREAKING)               \
    X(TYPE_REMOVED_FROM_UNION, BREAKING)         \
    X(VALUE_REMOVED_FROM_ENUM, BREAKING)         \
    X(REQUIRED_INPUT_FIELD_ADDED, BREAKING)      \
    X(IMPLEMENTED_INTERFACE_REMOVED, BREAKING)   \
    X(FIELD_REMOVED, BREAKING)                   \
    X(FIELD_CHANGED_KIND, BREAKING)              \
    X(REQUIRED_ARG_ADDED, BREAKING)              \
    X(ARG_REMOVED, BREAKING)                     \
    X(ARG_CHANGED_KIND, BREAKING)                \
    X(DIRECTIVE_REMOVED, BREAKING)               \
    X(DIRECTIVE_ARG_REMOVED, BREAKING)           \
    X(REQUIRED_DIRECTIVE_ARG_ADDED, BREAKING)    \
    X(DIRECTIVE_REPEATABLE_REMOVED, BREAKING)    \
    X(DIRECTIVE_LOCATION_REMOVED, BREAKING)      \
    X(VALUE_ADDED_TO_ENUM, DANGEROUS)            \
    X(TYPE_ADDED_TO_UNION, DANGEROUS)            \
    X(OPTIONAL_INPUT_FIELD_ADDED, DANGEROUS)     \
    X(OPTIONAL_ARG_ADDED, DANGEROUS)             \
    X(IMPLEMENTED_INTERFACE_ADDED, DANGEROUS)    \
    X(ARG_DEFAULT_VALUE_CHANGE, DANGEROUS)       \
    X(INPUT_FIELD_DEFAULT_VALUE_CHANGE, DANGEROUS) \
    X(DESCRIPTION_CHANGED, SAFE)                 \
    X(TYPE_ADDED, SAFE)                          \
    X(DIRECTIVE_ADDED, SAFE)                     \
    X(FIELD_ADDED, SAFE)                         \
    X(DIRECTIVE_REPEATABLE_ADDED, SAFE)          \
    X(DIRECTIVE_LOCATION_ADDED, SAFE)            \
    X(OPTIONAL_DIRECTIVE_ARG_ADDED, SAFE)        \
    X(FIELD_CHANGED_KIND_SAFE, SAFE)             \
    X(ARG_CHANGED_KIND_SAFE, SAFE)               \
    X(ARG_DEFAULT_VALUE_ADDED, SAFE)             \
    X(INPUT_FIELD_DEFAULT_VALUE_ADDED, SAFE)     \
    /* What the reference implementation does not look at. */ \
    X(ROOT_TYPE_REMOVED, BREAKING)               \
    X(ROOT_TYPE_CHANGED, BREAKING)               \
    X(ROOT_TYPE_ADDED, SAFE)                     \
    X(ARG_BECAME_REQUIRED, BREAKING)             \
    X(INPUT_FIELD_BECAME_REQUIRED, BREAKING)     \
    X(ONE_OF_ADDED, BREAKING)                    \
    X(ONE_OF_REMOVED, SAFE)                      \
    X(SPECIFIED_BY_CHANGED, DANGEROUS)           \
    X(DEPRECATION_ADDED, SAFE)                   \
    X(DEPRECATION_REMOVED, SAFE)                 \
    X(DEPRECATION_CHANGED, SAFE)                 \
    /* Of binding directives (diff_binding.c). */ \
    X(RIGHTS_REMOVED, BREAKING)                  \
    X(RIGHTS_ADDED, DANGEROUS)                   \
    X(ID_FORM_CHANGED, BREAKING)                 \
    X(VALUE_FORM_CHANGED, BREAKING)              \
    X(ARGUMENTS_NARROWED, BREAKING)              \
    X(ARGUMENTS_WIDENED, SAFE)                   \
    X(ORDER_CHANGED, DANGEROUS)                  \
    X(LIMIT_CHANGED, DANGEROUS)                  \
    X(WRITE_CHANGED, DANGEROUS)                  \
    X(VERSION_CHANGED, DANGEROUS)                \
    X(IDEMPOTENCY_REMOVED, BREAKING)             \
    X(IDEMPOTENCY_ADDED, SAFE)                   \
    X(SOURCE_CHANGED, DANGEROUS)                 \
    X(REMARK_CHANGED, SAFE)
/* clang-format on */

enum change_kind {
#define CHANGE_CONSTANT(constant, severity) CHANGE_##constant,
    CHANGE_KINDS(CHANGE_CONSTANT)
#undef CHANGE_CONSTANT
        CHANGE_KIND_COUNT
};

struct change {
    enum change_kind kind;
    /* What has changed, as a schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`,
     * `@directive(argument:)`; or `schema`. */
    struct str coordinate;
    struct str message;         /* a sentence */
    struct place before, after; /* in the old text and in the new one; line 0: not there */
    struct change *next;        /* in the order in which they were found */
};

struct changes {
    struct arena *arena; /* where they live */
    struct change *first, *last;
    int counts[SEVERITY_COUNT];
};

/* Add a change without places, and return it. */
struct change *changes_vadd(struct changes *c, enum change_kind kind, struct str coordinate,
                            const char *format, va_list args) PRINTF(4, 0);

/* "TYPE_REMOVED" */
const char *change_kind_name(enum change_kind kind);
enum severity change_severity(const struct change *change);
/* "breaking", "dangerous", "safe"; and back: SEVERITY_COUNT for none. */
const char *severity_name(enum severity severity);
enum severity severity_find(struct str name);

#endif
