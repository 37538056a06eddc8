/*
 * doctor_facts.c - PostgreSQL, as the server's login role finds it; the contract, and the catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "config/config.h"
#include "contract/contract.h"
#include "database/db.h"
#include "doctor/doctor_internal.h"
#include "load/load.h"

static const char facts_sql[] = "SELECT "
#define DOCTOR_COLUMN(name, sql) "(" sql ")::text, "
    DOCTOR_FACTS(DOCTOR_COLUMN)
#undef DOCTOR_COLUMN
        "''"
        " FROM pg_database d, pg_roles r"
        " WHERE d.datname = current_database() AND r.rolname = session_user";

static int64_t
milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
ask(struct doctor *d)
{
    int64_t before = milliseconds();
    const struct rows *rows = db_query(d->db, d->arena, facts_sql, 0, NULL, &d->db_message);
    int64_t after = milliseconds();

    if (!rows || rows_count(rows) != 1)
        return;
    struct doctor_facts *facts = ARENA_NEW(d->arena, struct doctor_facts);
    for (int i = 0; i < DOCTOR_FACT_COUNT; i++)
        facts->texts[i] = rows_get(rows, 0, i);
    facts->asked_at = before + (after - before) / 2;
    d->facts = facts;
}

/* Behind a pooler that the configuration does not know, the server's own way to connect fails: then
 * `db` is a connection that sets nothing for the session, which may be somebody else's next. */
static void
connect_twice(struct doctor *d, struct db_settings *settings)
{
    struct db_settings *probe = ARENA_NEW(d->arena, struct db_settings);

    *probe = *settings;
    probe->pooler = DB_POOLER_TRANSACTION;
    probe->is_unprepared = true;
    d->db = db_open(probe, d->db_sqlstate);
    d->has_pooler = d->db && db_has_pooler(d->db);
    if (!d->db || (d->has_pooler && d->config->pooler == POOLER_NONE))
        return;
    db_close(d->db);
    d->db = db_open(settings, d->db_sqlstate);
}

bool
doctor_facts_read(struct doctor *d)
{
    struct db_settings *settings = ARENA_NEW(d->arena, struct db_settings);

    if (d->is_connected)
        return d->facts != NULL;
    d->is_connected = true;
    *settings = load_settings(d->config);
    settings->role = NULL; /* whether it may be taken on is asked later */
    doctor_listen(d);
    connect_twice(d, settings);
    d->db_message = d->heard;
    if (d->db)
        ask(d);
    doctor_listen_end(d);
    return d->facts != NULL;
}

bool
doctor_facts_need(struct doctor *d)
{
    if (doctor_facts_read(d))
        return true;
    doctor_skip(d, "PostgreSQL has not been asked: see database-login.");
    return false;
}

struct str
doctor_fact(const struct doctor *d, enum doctor_fact fact)
{
    return d->facts->texts[fact];
}

int64_t
doctor_fact_number(const struct doctor *d, enum doctor_fact fact)
{
    int64_t number;

    return str_read_int64(doctor_fact(d, fact), &number) ? number : 0;
}

bool
doctor_fact_is(const struct doctor *d, enum doctor_fact fact)
{
    return str_is(doctor_fact(d, fact), "true") || str_is(doctor_fact(d, fact), "on");
}

bool
doctor_facts_take_role(struct doctor *d, bool is_wanted)
{
    const char *role = is_wanted && *d->config->role ? d->config->role : "none";
    struct str message;

    if (d->has_pooler) /* nothing is set for longer than a transaction */
        return d->config->pooler != POOLER_NONE;
    return db_query(d->db, d->arena, "SELECT set_config('role', $1, false)", 1, &role, &message) !=
           NULL;
}

void
doctor_facts_read_contract(struct doctor *d)
{
    struct errors errors = { .arena = d->arena };
    struct str text, message = STR_NONE;

    if (d->is_contract_read)
        return;
    d->is_contract_read = true;
    doctor_listen(d);
    if (load_text_or_log(d->arena, d->config->contract, &text))
        d->contract = contract_build(d->arena, str_from(d->config->contract), text, &errors);
    if (d->contract && !load_views(d->arena, d->config, d->contract, &errors))
        d->contract = NULL;
    if (doctor_facts_read(d) && doctor_facts_take_role(d, true)) {
        d->catalog = load_catalog(d->arena, d->config, d->db, &message);
        if (!doctor_facts_take_role(d, false))
            d->catalog = NULL; /* the connection is lost */
    }
    doctor_listen_end(d);
    if (d->contract && d->catalog)
        d->is_bound = load_bind(d->arena, d->config, d->contract, d->catalog, &errors);
    d->misfits = errors.first;
    d->misfit_count = errors.count;
    if (!d->contract && !errors.first)
        d->contract_message = d->heard;
}
