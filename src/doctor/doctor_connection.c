/*
 * doctor_connection.c - the way to PostgreSQL: logging in, TLS, poolers, how many connections.
 *
 * SPDX-License-Identifier: MIT
 */
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/config.h"
#include "conninfo/conninfo.h"
#include "database/db.h"
#include "doctor/certificate.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "load/load.h"

enum {
    SPARE_CONNECTIONS = 3, /* for people, backups and migrations */
    MESSAGE_MAXIMUM = 1024
};

/* What PostgreSQL answers a login, and what mends it (appendix A of its manual). */
static const struct {
    const char *sqlstate, *mend;
} logins[] = {
    { "28000", "A line of pg_hba.conf (and of pg_ident.conf, for `peer map=`) that lets this user "
               "log in as the role, before those that do not; then reload PostgreSQL: "
               "docs/deployment.md, \"The database\"." },
    { "28P01", "The password in `database`, its `passfile` or PGPASSWORD is not that of the role: "
               "ALTER ROLE ... PASSWORD, or mend the file." },
    { "3D000", "There is no such database: psql -d postgres -f roles.sql, or mend `dbname`." },
    { "53300", "All connections are taken: see connections." },
    { "57P03", "PostgreSQL starts or recovers: wait, and look at its log." },
};

static struct str
mend_login(const char *sqlstate)
{
    for (size_t i = 0; i < ARRAY_LENGTH(logins); i++)
        if (strcmp(logins[i].sqlstate, sqlstate) == 0)
            return str_from(logins[i].mend);
    return STR("Start PostgreSQL, or mend `host` and `port` in `database`.");
}

void
doctor_connection_login(struct doctor *d)
{
    if (!doctor_facts_read(d))
        doctor_fail(d, mend_login(d->db_sqlstate), "PostgreSQL cannot be used: %.*s",
                    STR_PRINT(d->db_message));
}

/* In the child: become the user, connect, and write why that failed. */
static _Noreturn void
log_in_as(struct doctor *d, const struct passwd *user, int out)
{
    struct db_settings settings = load_settings(d->config);

    settings.role = NULL;
    settings.pooler = DB_POOLER_TRANSACTION; /* what else is wrong is found elsewhere */
    settings.is_unprepared = true;
    doctor_listen(d);
    bool is_in = initgroups(user->pw_name, user->pw_gid) == 0 && setgid(user->pw_gid) == 0 &&
                 setuid(user->pw_uid) == 0 && setenv("HOME", user->pw_dir, 1) == 0 &&
                 db_open(&settings, d->db_sqlstate) != NULL;
    if (!is_in && write(out, d->db_sqlstate, sizeof(d->db_sqlstate)) > 0 && d->heard.len > 0)
        is_in = write(out, d->heard.ptr, d->heard.len) < 0;
    _exit(is_in ? 0 : 1);
}

/* PostgreSQL may ask the kernel who connects (`peer`), and a file of passwords has an owner. */
void
doctor_connection_workers(struct doctor *d)
{
    const struct passwd *user = *d->config->user ? getpwnam(d->config->user) : NULL;
    char text[6 + MESSAGE_MAXIMUM] = { 0 };
    int ends[2], status = 0;

    if (!user || geteuid() != 0) {
        doctor_skip(d, "Only root can try this, and only if the workers run as another user.");
        return;
    }
    if (!doctor_facts_need(d))
        return;
    if (pipe(ends) != 0) {
        doctor_skip(d, "It could not be tried: no pipe could be made.");
        return;
    }
    pid_t child = fork();
    if (child == 0)
        log_in_as(d, user, ends[1]);
    close(ends[1]);
    ssize_t got, len = 0;
    while (child > 0 && len < (ssize_t)sizeof(text) - 1 &&
           (got = read(ends[0], text + len, sizeof(text) - 1 - (size_t)len)) > 0)
        len += got;
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child)
        doctor_skip(d, "It could not be tried.");
    else if (status != 0)
        doctor_fail(d, mend_login(len >= 6 ? text : ""),
                    "The workers run as the user %s, who cannot log in: %s", user->pw_name,
                    len > 6 ? text + 6 : "it may not become that user");
}

void
doctor_connection_tls(struct doctor *d)
{
    if (!doctor_facts_need(d))
        return;
    if (!doctor_fact_is(d, DOCTOR_IS_REMOTE)) {
        doctor_skip(d, "PostgreSQL runs on this machine.");
        return;
    }
    struct str mode = conninfo_get(d->arena, d->config->database, "sslmode");
    static const struct str mend = STR_INIT("in `database`: sslmode=verify-full sslrootcert=FILE");
    if (!doctor_fact_is(d, DOCTOR_HAS_TLS))
        doctor_fail(d, mend,
                    "The connection to PostgreSQL on another machine is not encrypted: somebody on "
                    "the way can read and change all data.");
    else if (!str_is(mode, "verify-full"))
        doctor_warn(d, mend, "sslmode is %.*s: another machine on the way can pose as PostgreSQL.",
                    STR_PRINT(mode));
}

void
doctor_connection_certificates(struct doctor *d)
{
    static const char *const names[] = { "sslrootcert", "sslcert" };
    int found = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        struct str path = conninfo_get(d->arena, d->config->database, names[i]);
        if (path.len == 0 || str_is(path, "system"))
            continue;
        found++;
        certificate_judge(d, names[i], path.ptr);
    }
    if (!found)
        doctor_skip(d, "`database` names no certificate.");
}

void
doctor_connection_count(struct doctor *d)
{
    int workers = doctor_workers(d), each = d->config->connections + 1;

    if (!doctor_facts_need(d))
        return;
    if (d->has_pooler) {
        doctor_skip(d, "A pooler makes the connections to PostgreSQL.");
        return;
    }
    int64_t need = (int64_t)workers * each * 2;
    int64_t most = doctor_fact_number(d, DOCTOR_MAX_CONNECTIONS) -
                   doctor_fact_number(d, DOCTOR_RESERVED) - SPARE_CONNECTIONS;
    const struct {
        const char *what;
        int64_t most;
    } bounds[] = {
        { "max_connections, less what is reserved and three for people,", most },
        { "CONNECTION LIMIT of the database", doctor_fact_number(d, DOCTOR_DATABASE_LIMIT) },
        { "CONNECTION LIMIT of the login role", doctor_fact_number(d, DOCTOR_LOGIN_LIMIT) },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(bounds); i++)
        if (bounds[i].most >= 0 && need > bounds[i].most)
            doctor_warn(d, STR("Raise it, or lower `workers` or `connections`."),
                        "%d workers with %d connections each need %lld connections during a "
                        "reload, when two generations of workers run; %s allows %lld.",
                        workers, each, (long long)need, bounds[i].what, (long long)bounds[i].most);
}

void
doctor_connection_pooler(struct doctor *d)
{
    if (!doctor_facts_need(d))
        return;
    if (d->has_pooler && d->config->pooler == POOLER_NONE)
        doctor_fail(
            d,
            STR("in linnet.conf: pooler = transaction (and prepared = off for PgBouncer "
                "before 1.21): docs/poolers.md"),
            "A pooler stands between this machine and PostgreSQL, but `pooler` is none: the server "
            "refuses to work, since other clients of the pooler would get its sessions.");
    else if (!d->has_pooler && d->config->pooler != POOLER_NONE)
        doctor_warn(d, STR("in linnet.conf: pooler = none, if nothing is in between"),
                    "No pooler is found, but `pooler` is set: each transaction sets again what a "
                    "session would keep.");
}
