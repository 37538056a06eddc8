/*
 * import.c - records of another application are handed to the functions of this one, which take
 * them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "import/import.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "database/db.h"
#include "import/report.h"
#include "import/source.h"

enum {
    BATCH_BYTES = 1024 * 1024, /* of JSON, that are sent at once */
    PROGRESS = 20000,          /* records between two lines */
    OTHERS_MOST = 100          /* models that are counted by name, besides those that are taken */
};

/* What policies of single-role mode ask for lasts as long as the transaction. */
static const char begin_sql[] =
    "BEGIN; SET LOCAL linnet.internal = 'on'; SET LOCAL statement_timeout = 0;"
    " SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL client_min_messages = warning;"
    " CREATE TEMPORARY TABLE import_records (number bigint, record jsonb) ON COMMIT DROP";
static const char find_sql[] = "SELECT to_regprocedure($1) IS NOT NULL,"
                               " has_function_privilege(to_regprocedure($1), 'EXECUTE'),"
                               " current_user";
static const char add_sql[] = "INSERT INTO pg_temp.import_records"
                              " SELECT $2::bigint + place, item"
                              " FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY"
                              " AS items (item, place)";

/* A model whose records nobody takes. */
struct other {
    struct other *next;
    struct str name;
    int64_t count;
};

struct import {
    struct arena *arena;
    struct arena *batch_arena; /* of the batch that is being read */
    struct db *db;
    struct report report;
    struct import_model *models;
    int model_count;
    int64_t read;      /* records that were sent, of the models */
    struct buf *batch; /* a JSON array, without its last bracket; empty: nothing */
    int64_t batched;   /* records in it */
    struct map *others;
    struct other *first_other, **last_other;
};

/* --- the beginning --- */

static void
free_batch(void *arena)
{
    arena_free(arena);
}

/* Are there such functions, and may they be called? */
static bool
find_functions(struct import *i, const char *name)
{
    struct str message;
    struct str function = str_format(i->arena, "import_%s_models()", name);
    const char *values[] = { function.ptr };
    struct rows *rows = db_query(i->db, i->arena, find_sql, 1, values, &message);

    if (!rows)
        return report_error(&i->report, message);
    if (!str_is(rows_get(rows, 0, 0), "t"))
        report_fault(&i->report,
                     "this database has no function %s, which says what to import; "
                     "`linnet migrate` applies migrations that are missing",
                     function.ptr);
    else if (!str_is(rows_get(rows, 0, 1), "t"))
        report_fault(&i->report,
                     "the role \"%.*s\" may not import: connect as the owner of the "
                     "tables, by --owner or --database",
                     STR_PRINT(rows_get(rows, 0, 2)));
    else
        return true;
    return false;
}

static bool
find_models(struct import *i, const char *name)
{
    struct str message;
    struct str sql = str_format(i->arena,
                                "SELECT model, quote_ident(source), quote_ident(function)"
                                " FROM import_%s_models()",
                                name);
    struct rows *rows = db_query(i->db, i->arena, sql.ptr, 0, NULL, &message);

    if (!rows)
        return report_error(&i->report, message);
    i->model_count = rows_count(rows);
    i->models = ARENA_ARRAY(i->arena, struct import_model, (size_t)i->model_count);
    for (int row = 0; row < i->model_count; row++)
        i->models[row] = (struct import_model){ .name = rows_get(rows, row, 0),
                                                .table = rows_get(rows, row, 1),
                                                .function = rows_get(rows, row, 2) };
    return true;
}

struct import *
import_begin(struct arena *a, struct db *db, const char *name, FILE *out, FILE *complaints)
{
    struct import *i = ARENA_NEW(a, struct import);
    struct str message;

    *i = (struct import){ .arena = a,
                          .batch_arena = arena_new("batch of records"),
                          .db = db,
                          .report = { .out = out, .complaints = complaints },
                          .batch = buf_new(a),
                          .others = map_new(a) };
    i->last_other = &i->first_other;
    arena_defer(a, free_batch, i->batch_arena);
    if (!find_functions(i, name))
        return NULL;
    if (!db_script(db, a, begin_sql, &message)) {
        (void)report_error(&i->report, message);
        return NULL;
    }
    return find_models(i, name) ? i : NULL;
}

const struct import_model *
import_models(const struct import *i, int *count)
{
    *count = i->model_count;
    return i->models;
}

/* --- reading --- */

/* Count a record of a model that nobody takes. */
static void
count_other(struct import *i, struct str model)
{
    struct other *other = map_get(i->others, model);

    if (!other) {
        bool is_named = map_count(i->others) < OTHERS_MOST;
        struct str name = is_named ? str_copy(i->arena, model) : STR("other models");
        other = map_get(i->others, name);
        if (!other) {
            other = ARENA_NEW(i->arena, struct other);
            other->name = name;
            map_put(i->others, name, other);
            *i->last_other = other;
            i->last_other = &other->next;
        }
    }
    other->count++;
}

static struct import_model *
find_model(struct import *i, struct str name)
{
    for (int m = 0; m < i->model_count; m++)
        if (str_equal(i->models[m].name, name))
            return &i->models[m];
    return NULL;
}

/* Send the batch to PostgreSQL. */
static bool
send_batch(struct import *i)
{
    struct str message;

    if (i->batched == 0)
        return true;
    buf_byte(i->batch, ']');
    struct str text = buf_copy(i->batch_arena, i->batch);
    const char *values[] = { text.ptr, str_format(i->batch_arena, "%lld", (long long)i->read).ptr };
    bool is_sent = db_query(i->db, i->batch_arena, add_sql, 2, values, &message) != NULL;
    if (!is_sent)
        (void)report_error(&i->report, message);
    i->read += i->batched;
    i->batched = 0;
    buf_truncate(i->batch, 0);
    arena_reset(i->batch_arena);
    return is_sent;
}

static bool
add_record(struct import *i, const struct import_record *record)
{
    struct import_model *model = find_model(i, record->model);

    if (!model) {
        count_other(i, record->model);
        return true;
    }
    model->count++;
    buf_byte(i->batch, i->batched == 0 ? '[' : ',');
    buf_put(i->batch, record->json);
    i->batched++;
    int64_t read = i->read + i->batched;
    if (read % PROGRESS == 0)
        report_progress(&i->report, "%lld records read", (long long)read);
    return i->batch->len < BATCH_BYTES || send_batch(i);
}

static bool
read_records(struct import *i, struct import_source *source)
{
    struct import_record record;
    struct str message;
    enum source_state state;

    while ((state = source->next(source, i->batch_arena, &record, &message)) == SOURCE_RECORD) {
        if (!add_record(i, &record))
            return false;
        if (arena_size(i->batch_arena) > BATCH_BYTES)
            arena_reset(i->batch_arena);
    }
    return state == SOURCE_FAULT ? report_error(&i->report, message) : send_batch(i);
}

/* Whatever was printed before: the transaction will not be committed. */
static bool
give_up(struct import *i)
{
    report_fault(&i->report, "nothing was imported");
    return false;
}

bool
import_read(struct import *i, struct import_source *source)
{
    if (!read_records(i, source))
        return give_up(i);
    for (int m = 0; m < i->model_count; m++)
        report_progress(&i->report, "%.*s: %lld records read", STR_PRINT(i->models[m].name),
                        (long long)i->models[m].count);
    return true;
}

/* --- taking --- */

/* Let the records of a model be taken. */
static bool
take_model(struct import *i, const struct import_model *model)
{
    struct str message;
    struct str sql = str_format(i->arena,
                                "DECLARE import_report NO SCROLL CURSOR FOR"
                                " SELECT outcome, count, key, reason FROM %.*s()",
                                STR_PRINT(model->function));

    if (!db_script(i->db, i->arena, sql.ptr, &message))
        return report_error(&i->report, message);
    report_begin(&i->report, model->name);
    for (;;) {
        arena_reset(i->batch_arena);
        struct rows *rows =
            db_query(i->db, i->batch_arena, "FETCH 1000 FROM import_report", 0, NULL, &message);
        if (!rows)
            return report_error(&i->report, message);
        if (rows_count(rows) == 0)
            break;
        report_rows(&i->report, rows);
    }
    report_end(&i->report, model->count);
    return db_script(i->db, i->arena, "CLOSE import_report", &message) ||
           report_error(&i->report, message);
}

/* Is there anything to take?  Else names of models are others than the functions know. */
static bool
has_records(struct import *i)
{
    struct buf *b = buf_new(i->arena);

    for (int m = 0; m < i->model_count; m++) {
        if (i->models[m].count > 0)
            return true;
        buf_printf(b, "%s%.*s", m == 0 ? "" : ", ", STR_PRINT(i->models[m].name));
    }
    report_fault(&i->report, "there are no records of these models: %.*s", STR_PRINT(buf_str(b)));
    return false;
}

bool
import_finish(struct import *i, bool is_kept)
{
    struct str message;

    if (!has_records(i))
        return give_up(i);
    for (int m = 0; m < i->model_count; m++)
        if (!take_model(i, &i->models[m]))
            return give_up(i);
    for (const struct other *other = i->first_other; other; other = other->next)
        report_other(&i->report, other->name, other->count);
    if (!db_script(i->db, i->arena, is_kept ? "COMMIT" : "ROLLBACK", &message)) {
        (void)report_error(&i->report, message);
        report_fault(&i->report,
                     "it is not known whether this was imported: import it again, which "
                     "takes what is missing");
        return false;
    }
    if (!is_kept)
        report_note(&i->report, "this was a trial: nothing has changed");
    return true;
}
