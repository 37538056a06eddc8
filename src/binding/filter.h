/*
 * filter.h - what the fields of a filter compare, once it is bound.
 *
 * A filter is an input object whose fields are conditions on a row of a table: columns,
 * compared by operators; rows that are joined to it; and `and`, `or`, `not` of further
 * conditions.  An input type is bound once for each table whose rows it filters, since the
 * same name may mean another column there.
 *
 * What an operator takes and which columns have it is one table.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_FILTER_H
#define BINDING_FILTER_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct codec;
struct column;
struct column_type;
struct function;
struct input_value;
struct join;
struct table;
struct type;

/* What an operator asks of the column's type. */
enum filter_domain {
    DOMAIN_ANY,
    DOMAIN_EQUALITY, /* there is an `=` */
    DOMAIN_ORDER,    /* and an order */
    DOMAIN_TEXT,     /* a text in a collation that is deterministic */
    DOMAIN_ARRAY,    /* of elements that have an `=` */
    DOMAIN_JSONB,
    DOMAIN_DOCUMENT /* what full-text search finds words in: a tsvector, or texts */
};

/* What an operator takes. */
enum filter_operand {
    OPERAND_TRUTH,   /* a Boolean, which the condition itself depends on */
    OPERAND_VALUE,   /* a value of the column */
    OPERAND_VALUES,  /* a list of such */
    OPERAND_TEXT,    /* a String */
    OPERAND_TEXTS,   /* a list of such */
    OPERAND_ELEMENT, /* a value of the column's elements */
    OPERAND_ELEMENTS /* a list of such */
};

/*  constant, name, domain, operand, in SQL, how long its plan holds: is it planned anew? */
#define FILTER_OPERATORS(X)                                                                        \
    X(EQ, "eq", EQUALITY, VALUE, " = ", false)                                                     \
    X(NE, "ne", EQUALITY, VALUE, " = ", false)                                                     \
    X(IN, "in", EQUALITY, VALUES, " = ANY (", false)                                               \
    X(NIN, "nin", EQUALITY, VALUES, " = ANY (", false)                                             \
    X(LT, "lt", ORDER, VALUE, " < ", true)                                                         \
    X(LTE, "lte", ORDER, VALUE, " <= ", true)                                                      \
    X(GT, "gt", ORDER, VALUE, " > ", true)                                                         \
    X(GTE, "gte", ORDER, VALUE, " >= ", true)                                                      \
    X(IS_NULL, "isNull", ANY, TRUTH, " IS NULL", false)                                            \
    X(STARTS_WITH, "startsWith", TEXT, TEXT, " LIKE ", true)                                       \
    X(ENDS_WITH, "endsWith", TEXT, TEXT, " LIKE ", true)                                           \
    X(CONTAINS, "contains", TEXT, TEXT, " LIKE ", true)                                            \
    X(LIKE, "like", TEXT, TEXT, " LIKE ", true)                                                    \
    X(I_EQ, "iEq", TEXT, TEXT, " ILIKE ", true)                                                    \
    X(I_STARTS_WITH, "iStartsWith", TEXT, TEXT, " ILIKE ", true)                                   \
    X(I_ENDS_WITH, "iEndsWith", TEXT, TEXT, " ILIKE ", true)                                       \
    X(I_CONTAINS, "iContains", TEXT, TEXT, " ILIKE ", true)                                        \
    X(I_LIKE, "iLike", TEXT, TEXT, " ILIKE ", true)                                                \
    X(HAS, "has", ARRAY, ELEMENT, " @> ", false)                                                   \
    X(HAS_ALL, "hasAll", ARRAY, ELEMENTS, " @> ", false)                                           \
    X(HAS_ANY, "hasAny", ARRAY, ELEMENTS, " && ", false)                                           \
    X(WITHIN, "within", ARRAY, ELEMENTS, " <@ ", false)                                            \
    X(IS_EMPTY, "isEmpty", ARRAY, TRUTH, " = '{}'", false)                                         \
    X(INCLUDES, "contains", JSONB, VALUE, " @> ", false)                                           \
    X(HAS_KEY, "hasKey", JSONB, TEXT, " ? ", false)                                                \
    X(HAS_ANY_KEY, "hasAnyKey", JSONB, TEXTS, " ?| ", false)                                       \
    X(HAS_ALL_KEYS, "hasAllKeys", JSONB, TEXTS, " ?& ", false)                                     \
    X(MATCHES, "matches", DOCUMENT, TEXT, " @@ ", true)

enum filter_operator {
#define FILTER_CONSTANT(constant, name, domain, operand, sql, is_custom) FILTER_##constant,
    FILTER_OPERATORS(FILTER_CONSTANT)
#undef FILTER_CONSTANT
        FILTER_OPERATOR_COUNT
};

struct filter_operator_row {
    const char *name; /* of an input field, or in @operator(name:) */
    enum filter_domain domain;
    enum filter_operand operand;
    const char *sql;
    bool is_custom; /* PostgreSQL plans it for its value: no plan is good for all of them */
};

extern const struct filter_operator_row filter_operators[];

/* Has a column of the type the operator?  MATCHES: as it is, without further columns. */
bool filter_has_operator(const struct column *column, enum filter_operator op);

/* Does the condition itself depend on the Boolean that the input of a filter takes? */
bool filter_is_truth(const struct input_value *input);

/* Is the operator a bound of whole numbers?  Then its parameter is the last number that is within:
 * of `lt` the one before what the filter says. */
bool filter_is_whole_bound(enum filter_operator op, const struct column *column);

/* A column, an operator, and how values become texts of its parameter. */
struct bound_comparison {
    enum filter_operator op;
    const struct column **columns; /* one; of @search, all that are searched */
    int column_count;
    /* Or NULL: what it makes of the row is compared, as if it were the only one of `columns`, which
     * then is of no table. */
    const struct function *function;
    struct str config;         /* MATCHES: the text search configuration; STR_NONE: the server's */
    const struct codec *codec; /* VALUE(S): of the column; ELEMENT(S): of its elements; or NULL */
};

/* Are words found in the same columns, by the same configuration? */
bool filter_has_same_words(const struct bound_comparison *a, const struct bound_comparison *b);

enum filter_quantifier { FILTER_SOME, FILTER_EVERY, FILTER_NONE };

/* `some: VoteFilter` */
struct bound_quantifier {
    enum filter_quantifier quantifier;
    const struct bound_filter *filter;
};

enum filter_field_kind {
    FILTER_AND,    /* a list of filters of the same row */
    FILTER_OR,     /* likewise */
    FILTER_NOT,    /* a filter of the same row */
    FILTER_COLUMN, /* a value that a column equals, or an input object of operators */
    FILTER_TO_ONE, /* a filter of the row that is joined */
    FILTER_TO_MANY /* some, every, none: a filter of rows that are joined */
};

/* A field of a filter. */
struct filter_field {
    enum filter_field_kind kind;
    const struct bound_filter *filter;          /* AND, OR, NOT; TO_ONE: of the joined row */
    const struct bound_comparison *comparisons; /* COLUMN: one, or by the inputs of its type */
    const struct bound_quantifier *quantifiers; /* TO_MANY: by the inputs of its type */
    const struct join *join;                    /* TO_ONE, TO_MANY */
    const struct type *rows; /* TO_ONE, TO_MANY: the type that shows the joined rows, or NULL */
};

/* An input type as a filter of the rows of a table. */
struct bound_filter {
    const struct type *type;
    const struct table *table;
    const struct filter_field *fields; /* by the type's inputs; NULL while they are bound */
    bool has_misfit;
    struct bound_filter *next;
};

/* Can a document name words at the top of the filter, or within `and` of the same filter, that are
 * found where `words` finds them? */
bool filter_may_find(const struct bound_filter *filter, const struct bound_comparison *words);

/* A condition that documents may write: `field` of the filter says where, with `op`, the input of
 * its type that has an operator, or NULL; `comparison` what.  Joins are visited without either. */
typedef void filter_visit_fn(void *context, const struct bound_filter *filter,
                             const struct input_value *field, const struct input_value *op,
                             const struct bound_comparison *comparison, const struct join *join);

/* Visit every comparison and every join of the filter and of those within it, each once; the
 * arena is for the walk alone. */
void filter_visit(struct arena *a, const struct bound_filter *filter, filter_visit_fn *visit,
                  void *context);

#endif
