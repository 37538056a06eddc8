/*
 * db_fake_rows.c - rows such as PostgreSQL could send.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/db_fake_rows.h"

#include <endian.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "schema/schema.h"
#include "database/db.h"
#include "database/statement.h"
#include "plan/plan.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_bytes.h"
#include "tests/fuzz/fuzz_readable.h"

enum { LIST_ROWS = 6, BATCH_ROWS = 4, OTHER_COLUMNS = 8 };

struct rows {
    int count, columns;
    struct str *cells; /* row by row */
};

static const char *const texts[] = {
    "a",
    "",
    "1",
    "true",
    "user",
    "staff",
    "\"\\/\b\f\n\r\t\x01\x7f",
    "\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80",
    "2147483648",
    "-1",
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA",
    "</script>",
};
static const char *const numerics[] = { "0",         "-1.50",
                                        "NaN",       "Infinity",
                                        "-Infinity", "123456789012345678901234567890.123" };
static const char *const jsons[] = { "{}", "[1, \"a\", null]", "null", "1.0e5",
                                     "\"\\ud83d\\ude00\"" };
static const int64_t times[] = {
    0, 1, -1, INT64_MAX, INT64_MIN, 847377220000000, -211813488000000000, 999, 9223371331200000000
};

#define PICK(bytes, table) (table)[fuzz_pick((bytes), ARRAY_LENGTH(table))]

int
rows_count(const struct rows *rows)
{
    return rows->count;
}

size_t
rows_size(const struct rows *rows)
{
    return (size_t)rows->count * (size_t)rows->columns * sizeof(struct str);
}

bool
rows_fit(const struct rows *rows, const struct statement *statement)
{
    (void)rows;
    (void)statement;
    return true;
}

struct str
rows_get(const struct rows *rows, int row, int column)
{
    if (row < 0 || row >= rows->count || column < 0 || column >= rows->columns)
        fuzz_fail("a cell that the rows do not have", STR_NONE, STR_NONE);
    return rows->cells[row * rows->columns + column];
}

/* The last `size` bytes of the number in network byte order. */
static struct str
make_binary(struct arena *a, uint64_t number, size_t size)
{
    uint64_t raw = htobe64(number);

    return str_copy(a, (struct str){ (const char *)&raw + sizeof(raw) - size, size });
}

struct str
fake_text(struct fuzz_bytes *bytes, struct arena *a)
{
    return fuzz_once(bytes, 8) ? STR_NONE : str_copy(a, str_from(PICK(bytes, texts)));
}

/* A small number mostly, so that keys meet. */
static uint64_t
make_number(struct fuzz_bytes *bytes)
{
    return fuzz_once(bytes, 6) ? fuzz_number(bytes) : (uint64_t)fuzz_pick(bytes, 4);
}

static struct str
make_array(struct fuzz_bytes *bytes, struct arena *a, const struct column_type *element);

static struct str
make_cell(struct fuzz_bytes *bytes, struct arena *a, const struct column_type *type)
{
    switch (type->kind) {
    case COLUMN_ARRAY:
        return make_array(bytes, a, type->element);
    case COLUMN_BOOLEAN:
        return make_binary(a, (uint64_t)fuzz_pick(bytes, 2), 1);
    case COLUMN_INT2:
        return make_binary(a, make_number(bytes), 2);
    case COLUMN_INT4:
        return make_binary(a, make_number(bytes), 4);
    case COLUMN_INT8:
        return make_binary(a, make_number(bytes), 8);
    case COLUMN_FLOAT4:
        return make_binary(a, fuzz_number(bytes), 4);
    case COLUMN_FLOAT8:
        return make_binary(a, fuzz_number(bytes), 8);
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
        return make_binary(
            a, fuzz_once(bytes, 2) ? fuzz_number(bytes) : (uint64_t)PICK(bytes, times), 8);
    case COLUMN_NUMERIC:
        return str_copy(a, str_from(PICK(bytes, numerics)));
    case COLUMN_JSON:
    case COLUMN_JSONB:
        return str_copy(a, str_from(PICK(bytes, jsons)));
    default:
        return str_copy(a, str_from(PICK(bytes, texts)));
    }
}

/* As PostgreSQL sends one: of no dimension or of one, with nulls. */
static struct str
make_array(struct fuzz_bytes *bytes, struct arena *a, const struct column_type *element)
{
    int count = fuzz_pick(bytes, 4);
    struct buf *b = buf_new(a);

    buf_put(b, make_binary(a, count > 0, 4));
    buf_put(b, make_binary(a, 0, 4));
    buf_put(b, make_binary(a, column_kind_oid(element->kind), 4));
    if (count > 0) {
        buf_put(b, make_binary(a, (uint64_t)count, 4));
        buf_put(b, make_binary(a, 1, 4));
    }
    for (int i = 0; i < count; i++) {
        bool is_null = fuzz_once(bytes, 4);
        struct str cell = is_null ? STR("") : make_cell(bytes, a, element);
        buf_put(b, make_binary(a, is_null ? UINT32_MAX : cell.len, 4));
        buf_put(b, cell);
    }
    return buf_copy(a, b);
}

static const struct plan_statement *
find_statement(const struct plan *plan, const struct db_call *call)
{
    for (int i = 0; plan && i < plan->statement_count; i++)
        if (&plan->statements[i]->statement == call->statement)
            return plan->statements[i];
    return NULL;
}

bool
fake_is_of_plan(const struct plan *plan, const struct db_call *call)
{
    return find_statement(plan, call) != NULL;
}

/* How many elements has the text of an array of at least one? */
static int
count_elements(const char *array)
{
    int count = 1;
    bool is_quoted = false;

    for (const char *at = array; *at; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '"')
            is_quoted = !is_quoted;
        else if (*at == ',' && !is_quoted)
            count++;
    }
    return count;
}

static int
count_keys(const struct plan_statement *statement, const struct db_call *call)
{
    for (int i = 0; i < statement->parameter_count; i++)
        if (statement->parameters[i].form == PLAN_KEYS)
            return count_elements(call->values[i]);
    fuzz_fail("a batch has keys", statement->statement.sql, STR_NONE);
}

/* The object type of a row of the relation, which is of an abstract type. */
static const struct type *
pick_type(struct fuzz_bytes *bytes, const struct plan_relation *relation)
{
    return relation->type->possible[fuzz_pick(bytes, relation->type->possible_count)];
}

/* What tells of which type a row is; now and then of none. */
static struct str
make_label(struct fuzz_bytes *bytes, struct arena *a, const struct plan_relation *relation,
           const struct type *type)
{
    return fuzz_once(bytes, 20) ? fake_text(bytes, a) : plan_label(relation, type);
}

static bool
is_type_cell(const struct plan_cell *cell, int number)
{
    return cell->relation->type && type_is_abstract(cell->relation->type) &&
           cell->relation->type_cell == number;
}

/* Is it a cell of another branch than that of the row's type? */
static bool
is_of_other_branch(const struct plan_cell *cell, const struct type *type)
{
    return cell->relation->kind == PLAN_BRANCH && !str_equal(cell->relation->name, type->name);
}

static void
add_row(struct fuzz_bytes *bytes, struct arena *a, const struct plan_statement *statement, int key,
        struct rows *rows)
{
    struct str *cells = &rows->cells[rows->count++ * rows->columns];
    const struct plan_relation *relation = statement->relation;
    const struct type *type = relation->source == PLAN_UNION ? pick_type(bytes, relation) : NULL;

    for (int i = 0; i < rows->columns; i++) {
        const struct plan_cell *cell = &statement->cells[i];
        if (key > 0 && i == 0)
            cells[i] = make_binary(a, (uint64_t)key, 8);
        else if (fuzz_once(bytes, 10) || is_of_other_branch(cell, type))
            cells[i] = STR_NONE;
        else if (is_type_cell(cell, i))
            cells[i] =
                make_label(bytes, a, cell->relation,
                           cell->kind == PLAN_CELL_TYPE ? type : pick_type(bytes, cell->relation));
        else if (cell->kind == PLAN_CELL_COLUMN)
            cells[i] = make_cell(bytes, a, cell->of.column->type);
        else if (cell->kind == PLAN_CELL_FUNCTION)
            cells[i] = make_cell(bytes, a, cell->of.function->returns);
    }
}

/* How many rows at once: what the statement's own LIMIT allows. */
static int
pick_count(struct fuzz_bytes *bytes, const struct plan_relation *relation, int most)
{
    if (!relation->slice->is_list)
        most = 1;
    if (relation->slice->has_limit && relation->slice->limit < most)
        most = relation->slice->limit;
    return most - fuzz_pick(bytes, most + 1); /* all of them when there are no more bytes */
}

static struct rows *
make_rows(struct arena *a, int columns, int maximum)
{
    struct rows *rows = ARENA_NEW(a, struct rows);

    rows->columns = columns;
    rows->cells = ARENA_ARRAY(a, struct str, (size_t)columns * (size_t)maximum);
    return rows;
}

/* What transaction/outcome.h asks for; NULL: something else is asked. */
static const char *
find_outcome(struct fuzz_bytes *bytes, const char *sql)
{
    static const char *const outcomes[] = { "committed", "aborted", "in progress", "" };

    if (strstr(sql, "pg_xact_status("))
        return PICK(bytes, outcomes);
    return strstr(sql, "system_identifier") ? "the same" : NULL;
}

/* Of a statement that is not in the plan: all texts.  One that is FROM nowhere has a row. */
static struct rows *
make_other_rows(struct fuzz_bytes *bytes, struct arena *a, const struct db_call *call)
{
    struct rows *rows = make_rows(a, OTHER_COLUMNS, 1);
    bool may_find_none = strstr(call->statement->sql.ptr, " FROM ") != NULL;

    rows->count = may_find_none && fuzz_once(bytes, 4) ? 0 : 1;
    for (int i = 0; i < OTHER_COLUMNS; i++)
        rows->cells[i] = fake_text(bytes, a);
    const char *outcome = find_outcome(bytes, call->statement->sql.ptr);
    if (outcome) {
        rows->count = 1;
        rows->cells[0] = str_from(outcome);
    }
    return rows;
}

struct rows *
fake_rows(struct fuzz_bytes *bytes, struct arena *a, const struct plan *plan,
          const struct db_call *call)
{
    const struct plan_statement *statement = find_statement(plan, call);

    if (!statement)
        return make_other_rows(bytes, a, call);
    bool is_batch = statement->relation->kind == PLAN_BATCH;
    int keys = is_batch ? count_keys(statement, call) : 1;
    int most = is_batch ? BATCH_ROWS : LIST_ROWS;
    struct rows *rows = make_rows(a, statement->cell_count, keys * most);

    for (int key = 1; key <= keys; key++)
        for (int i = pick_count(bytes, statement->relation, most); i > 0; i--)
            add_row(bytes, a, statement, is_batch ? key : 0, rows);
    return rows;
}

void
fake_check_parameters(const struct plan *plan, const struct db_call *call)
{
    const struct plan_statement *statement = find_statement(plan, call);

    for (int i = 0; i < call->statement->parameter_count; i++) {
        struct str text = str_from(call->values[i]);
        if (!text.ptr)
            continue;
        if (utf8_check(text) != text.len)
            fuzz_fail("a parameter is UTF-8", call->statement->sql, text);
        if (!statement || statement->parameters[i].form == PLAN_KEYS)
            continue;
        const struct codec *codec = statement->parameters[i].codec; /* of values */
        if (codec && !fuzz_is_readable(codec->type->kind, text))
            fuzz_fail("PostgreSQL reads a parameter", call->statement->sql, text);
    }
}
