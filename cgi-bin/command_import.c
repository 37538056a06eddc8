/*
 * command_import.c - linnet import: take the records of another application.
 *
 * What is taken, and how, is said by functions in SQL (import/import.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "database/db.h"
#include "import/dump.h"
#include "import/import.h"
#include "import/tables.h"
#include "load/load.h"
#include "cgi-bin/command.h"

enum { NAME_MOST = 40 };

/* The name becomes part of a function's. */
static bool
is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!str_is_digit(name.ptr[i]) && name.ptr[i] != '_' &&
            !(name.ptr[i] >= 'a' && name.ptr[i] <= 'z'))
            return false;
    return name.len > 0 && name.len <= NAME_MOST;
}

/* Is it a connection string of libpq? */
static bool
is_database(const char *from)
{
    struct str text = str_from(from);

    return str_starts_with(text, STR("postgresql://")) ||
           str_starts_with(text, STR("postgres://")) ||
           (str_find(text, '=') < text.len && access(from, F_OK) != 0);
}

/* Read the records, and let them be taken. */
static int
run(struct import *import, struct import_source *source, bool is_kept)
{
    if (!import_read(import, source))
        return COMMAND_FAILED;
    return import_finish(import, is_kept) ? 0 : COMMAND_FAILED;
}

/* Open a dump; -1 after saying why it cannot be. */
static int
open_dump(const char *path)
{
    int descriptor = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (descriptor < 0)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return descriptor;
}

static int
import_dump(const struct invocation *invocation, struct import *import, int descriptor,
            const char *path)
{
    const char *name = descriptor == STDIN_FILENO ? "standard input" : path;

    return run(import, dump_open(invocation->arena, descriptor, name),
               !command_flag(invocation, "dry-run"));
}

static int
import_tables(const struct invocation *invocation, struct import *import, const char *conninfo)
{
    const struct db_settings settings = { .conninfo = conninfo,
                                          .connect_time = invocation->config.connect_time };
    struct db *db = db_open(&settings, NULL);
    int count;

    if (!db)
        return EX_UNAVAILABLE;
    const struct import_model *models = import_models(import, &count);
    int status = run(import, tables_open(invocation->arena, db, models, count),
                     !command_flag(invocation, "dry-run"));
    db_close(db);
    return status;
}

int
command_import(const struct invocation *invocation)
{
    const char *name = invocation->arguments[0], *from = command_flag(invocation, "from");
    struct db_settings settings = load_owner_settings(&invocation->config);
    int descriptor = -1, status = COMMAND_FAILED;

    if (!from || !is_name(str_from(name)))
        return command_misused(invocation);
    if (!is_database(from) && (descriptor = open_dump(from)) < 0)
        return EX_NOINPUT;
    settings.limits =
        &invocation->config.limits; /* whoever waits for a lock keeps others waiting */
    struct db *db = db_open(&settings, NULL);
    if (!db)
        return EX_UNAVAILABLE;
    struct import *import = import_begin(invocation->arena, db, name, stdout, stderr);
    if (import)
        status = descriptor < 0 ? import_tables(invocation, import, from)
                                : import_dump(invocation, import, descriptor, from);
    db_close(db); /* and with it what has not been committed */
    return status;
}
