/*
 * command_reader.c - linnet reader: the role that a stranger's database is read as.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "conninfo/conninfo.h"
#include "database/db.h"
#include "load/load.h"
#include "load/load_script.h"
#include "script/script.h"
#include "cgi-bin/command.h"

/* May the role of `database` serve?  Say why not. */
static int
judge(const struct invocation *invocation)
{
    struct db_settings settings = load_settings(&invocation->config);
    struct str message;

    settings.role = NULL;
    struct db *db = db_open(&settings, NULL);
    if (!db)
        return EX_UNAVAILABLE;
    struct str why = script_judge_role(invocation->arena, db, &message);
    db_close(db);
    if (message.ptr) {
        fprintf(stderr, "linnet: %.*s\n", STR_PRINT(str_trim(message)));
        return EX_UNAVAILABLE;
    }
    if (!why.ptr)
        return 0;
    printf("%.*s", STR_PRINT(why));
    return COMMAND_FAILED;
}

/* The password of --password-file; 0, or the exit status after saying what is wrong. */
static int
read_password(const struct invocation *invocation, const char **password)
{
    const char *file = command_flag(invocation, "password-file");
    struct str text;

    if (!file)
        return command_misused(invocation);
    if (!load_text(invocation->arena, file, &text))
        return EX_NOINPUT;
    *password = str_copy_c(invocation->arena, str_trim(text));
    if (**password && !strpbrk(*password, "\r\n"))
        return 0;
    fprintf(stderr, "%s: must have one line, which is the password\n", file);
    return EX_DATAERR;
}

/* Print the connection string that reads: as the role, or as the one that there is. */
static int
print_conninfo(const struct invocation *invocation, const char *role)
{
    const char *password = NULL;
    struct str message;
    int status = role ? read_password(invocation, &password) : 0;

    if (status != 0)
        return status;
    struct str text =
        conninfo_reading(invocation->arena, invocation->config.database, role, password, &message);
    if (!text.ptr) {
        fprintf(stderr, "linnet: database: %.*s\n", STR_PRINT(message));
        return EX_CONFIG;
    }
    printf("%.*s\n", STR_PRINT(text));
    return 0;
}

static int
write_sql(const struct invocation *invocation, struct db *db, const struct script_scope *given,
          const struct script_reader *reader)
{
    struct arena *a = invocation->arena;
    struct script_role role = { STR("anon"), reader->role, given->contract, true, false };
    struct script_scope scope = { given->file, given->contract, &role, 1 };
    struct buf *b = buf_new(a);
    struct str message;

    if (!script_reader_print(a, b, db, &scope, reader, &message)) {
        fprintf(stderr, "linnet: %.*s\n", STR_PRINT(str_trim(message)));
        return EX_UNAVAILABLE;
    }
    fwrite(b->ptr, 1, b->len, stdout);
    return 0;
}

static int
print_sql(const struct invocation *invocation, const char *name)
{
    struct arena *a = invocation->arena;
    struct script_reader reader = { .role = str_from(name) };
    const char *password = NULL;
    struct script_scope scope;
    struct db *db;
    int status = read_password(invocation, &password);

    if (status != 0)
        return status;
    reader.verifier = conninfo_verifier(a, name, password);
    if (!reader.verifier.ptr) {
        fputs("linnet: libpq cannot make a verifier of that password\n", stderr);
        return EX_SOFTWARE;
    }
    status = load_script(a, &invocation->config, NULL, &db, &scope);
    if (status != 0)
        return status;
    status = write_sql(invocation, db, &scope, &reader);
    db_close(db);
    return status;
}

/* Run the file as the role of `database`, in one go. */
static int
run_sql(const struct invocation *invocation, const char *file)
{
    struct arena *a = invocation->arena;
    /* A lock may be waited for. */
    const struct db_settings settings = load_session_settings(&invocation->config);
    struct str text, message;

    if (!load_text(a, file, &text))
        return EX_NOINPUT;
    struct db *db = db_open(&settings, NULL);
    if (!db)
        return EX_UNAVAILABLE;
    bool is_run = db_script(db, a, text.ptr, &message);
    db_close(db); /* which rolls back a transaction that has failed */
    if (is_run)
        return 0;
    fprintf(stderr, "%s: %.*s\n", file, STR_PRINT(str_trim(message)));
    return COMMAND_FAILED;
}

int
command_reader(const struct invocation *invocation)
{
    const char *what = invocation->arguments[0];
    const char *name = invocation->argument_count > 1 ? invocation->arguments[1] : NULL;

    if (strcmp(what, "check") == 0 && !name)
        return judge(invocation);
    if (strcmp(what, "sql") == 0 && name)
        return print_sql(invocation, name);
    if (strcmp(what, "run") == 0 && name)
        return run_sql(invocation, name);
    if (strcmp(what, "conninfo") == 0)
        return print_conninfo(invocation, name);
    return command_misused(invocation);
}
