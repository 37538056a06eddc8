/*
 * tables.c - the rows of some tables of another database, as records.
 *
 * SPDX-License-Identifier: MIT
 */
#include "import/tables.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "database/db.h"
#include "import/import.h"

/* Fetched at once. */
#define ROWS "500"

static const char begin_sql[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0;"
    " SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL TimeZone = 'UTC'";
static const char fetch_sql[] = "FETCH " ROWS " FROM import_rows";
static const char close_sql[] = "CLOSE import_rows";

struct tables {
    struct import_source source; /* the first member */
    struct db *db;
    const struct import_model *models;
    int count;
    int model; /* whose table is read; -1: nothing has begun */
    struct arena *fetched;
    struct rows *rows; /* in `fetched`; NULL: none */
    int row;           /* the next of them */
};

/* Go on with the next table.  False after an error, and when there is none: then the message stays
 * as it is. */
static bool
open_table(struct tables *t, struct arena *a, struct str *message)
{
    if (t->model < 0 && !db_script(t->db, a, begin_sql, message))
        return false;
    if (t->model >= 0 && !db_script(t->db, a, close_sql, message))
        return false;
    if (++t->model == t->count)
        return false;
    struct str sql = str_format(a,
                                "DECLARE import_rows NO SCROLL CURSOR FOR "
                                "SELECT to_jsonb(source)::text FROM %.*s AS source",
                                STR_PRINT(t->models[t->model].table));
    return db_script(t->db, a, sql.ptr, message);
}

/* Fetch rows, of this table or of the next one that has some. */
static enum source_state
fetch(struct tables *t, struct arena *a, struct str *message)
{
    *message = STR_NONE;
    for (;;) {
        if (t->model >= 0) {
            arena_reset(t->fetched);
            t->row = 0;
            t->rows = db_query(t->db, t->fetched, fetch_sql, 0, NULL, message);
            if (!t->rows) {
                *message = str_copy(a, *message);
                return SOURCE_FAULT;
            }
            if (rows_count(t->rows) > 0)
                return SOURCE_RECORD;
            t->rows = NULL;
        }
        if (!open_table(t, a, message))
            return message->ptr ? SOURCE_FAULT : SOURCE_END;
    }
}

static enum source_state
next(struct import_source *source, struct arena *a, struct import_record *record,
     struct str *message)
{
    struct tables *t = (struct tables *)source;

    if (!t->rows || t->row == rows_count(t->rows)) {
        enum source_state state = fetch(t, a, message);
        if (state != SOURCE_RECORD)
            return state;
    }
    struct buf *b = buf_new(a);
    record->model = t->models[t->model].name;
    buf_byte(b, '{');
    json_write_name(b, STR("model"));
    json_write_string(b, record->model);
    buf_byte(b, ',');
    json_write_name(b, STR("fields"));
    buf_put(b, rows_get(t->rows, t->row++, 0));
    buf_byte(b, '}');
    record->json = buf_str(b);
    return SOURCE_RECORD;
}

static void
free_fetched(void *fetched)
{
    arena_free(fetched);
}

struct import_source *
tables_open(struct arena *a, struct db *db, const struct import_model *models, int count)
{
    struct tables *t = ARENA_NEW(a, struct tables);

    *t = (struct tables){ .source = { next },
                          .db = db,
                          .models = models,
                          .count = count,
                          .model = -1,
                          .fetched = arena_new("fetched rows") };
    arena_defer(a, free_fetched, t->fetched);
    return &t->source;
}
