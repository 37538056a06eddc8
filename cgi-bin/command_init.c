/*
 * command_init.c - linnet init: a contract for a database that is there already.
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
#include "base/buf.h"
#include "base/error.h"
#include "language/ast.h"
#include "language/parser.h"
#include "language/source.h"
#include "database/db.h"
#include "catalog/catalog.h"
#include "init/init.h"
#include "init/init_update.h"
#include "load/load.h"
#include "cgi-bin/command.h"

/* Nothing is written, and no view is waited for that takes long. */
static const char session_sql[] =
    "SET default_transaction_read_only = on; SET statement_timeout = '5s'";

/* The patterns of a list, with commas between. */
static const struct str *
split(struct arena *a, const char *list, int *count)
{
    struct str rest = str_from(list ? list : "");
    struct str *patterns = ARENA_ARRAY(a, struct str, rest.len + 1);

    *count = 0;
    while (rest.len > 0) {
        size_t end = str_find(rest, ',');
        struct str one = str_trim((struct str){ rest.ptr, end });
        if (one.len > 0)
            patterns[(*count)++] = one;
        end += end < rest.len;
        rest = (struct str){ rest.ptr + end, rest.len - end };
    }
    return patterns;
}

static bool
has_flag(const struct invocation *invocation, const char *name)
{
    return command_flag(invocation, name) != NULL;
}

static struct init_options
read_options(const struct invocation *invocation, const struct ast_document *kept)
{
    struct init_options options = { .schema = str_from(command_flag(invocation, "schema")),
                                    .kept = kept };

    options.includes =
        split(invocation->arena, command_flag(invocation, "include"), &options.include_count);
    options.excludes =
        split(invocation->arena, command_flag(invocation, "exclude"), &options.exclude_count);
    options.style = has_flag(invocation, "relay")         ? INIT_RELAY
                    : has_flag(invocation, "plain-lists") ? INIT_LISTS
                                                          : INIT_CONNECTIONS;
    options.has_writes = has_flag(invocation, "writes");
    return options;
}

/* Read the database; NULL with the exit status after saying why not. */
static struct init_model *
read_database(const struct invocation *invocation, const struct ast_document *kept, int *status)
{
    struct arena *a = invocation->arena;
    const struct init_options options = read_options(invocation, kept);
    /* Without a role, which a stranger's cluster does not have. */
    const struct db_settings settings = load_session_settings(&invocation->config);
    struct str message;

    struct db *db = db_open(&settings, NULL);
    *status = EX_UNAVAILABLE;
    if (!db)
        return NULL;
    struct init_model *model =
        db_script(db, a, session_sql, &message) ? init_new(a, db, &options, &message) : NULL;
    db_close(db);
    if (!model)
        fprintf(stderr, "linnet: cannot read the database: %.*s\n", STR_PRINT(message));
    return model;
}

static bool
has_tables(const struct init_model *model)
{
    for (int i = 0; i < model->table_count; i++)
        if (init_is_shown(&model->tables[i]))
            return true;
    return false;
}

/* Write the file, which must not be there; the exit status. */
static int
write_new(const char *path, struct str text)
{
    bool is_standard = strcmp(path, "-") == 0;
    int descriptor =
        is_standard ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool is_written = descriptor >= 0;

    for (size_t at = 0; is_written && at < text.len;) {
        ssize_t n = write(descriptor, text.ptr + at, text.len - at);
        is_written = n > 0;
        at += is_written ? (size_t)n : 0;
    }
    int reason = errno;
    if (descriptor >= 0 && !is_standard)
        is_written &= close(descriptor) == 0;
    if (is_written)
        return 0;
    if (descriptor < 0 && reason == EEXIST)
        fprintf(stderr,
                "linnet: %s: there is such a file; name another with -o, or add what is new with "
                "--update\n",
                path);
    else
        fprintf(stderr, "linnet: %s: %s\n", path, strerror(reason));
    return EX_CANTCREAT;
}

/* --- --update --- */

/* The contract that is there already; NULL after saying why not. */
static const struct ast_document *
read_old(const struct invocation *invocation, const char *path)
{
    struct arena *a = invocation->arena;
    struct source *source = ARENA_NEW(a, struct source);
    struct errors errors = { .arena = a };

    source->name = str_from(path);
    if (!load_text(a, path, &source->text))
        return NULL;
    const struct ast_document *document = parser_parse(a, source, NULL, &errors);
    if (!document)
        load_complain(stderr, path, &errors);
    return document;
}

/* Replace the file: a reader sees the old one or the new one. */
static int
write_over(struct arena *a, const char *path, struct str text)
{
    const char *draft = str_format(a, "%s.new", path).ptr;
    int status = write_new(draft, text);

    if (status == 0 && rename(draft, path) != 0) {
        fprintf(stderr, "linnet: %s: %s\n", path, strerror(errno));
        unlink(draft);
        status = EX_CANTCREAT;
    }
    return status;
}

static int
update(const struct invocation *invocation, const char *path, const struct ast_document *old,
       struct str written)
{
    struct arena *a = invocation->arena;
    struct errors errors = { .arena = a };
    struct buf *text = buf_new(a), *summary = buf_new(a);

    if (!init_update(a, old, written, text, summary, &errors)) {
        load_complain(stderr, "linnet init", &errors);
        return EX_SOFTWARE;
    }
    if (summary->len == 0) {
        printf("%s: nothing is new\n", path);
        return 0;
    }
    int status = write_over(a, path, buf_str(text));
    if (status == 0)
        printf("%s: with what is new\n%.*s", path, STR_PRINT(buf_str(summary)));
    return status;
}

/* --- all --- */

static int
count_shown(const struct init_model *model)
{
    int count = 0;

    for (int i = 0; i < model->table_count; i++)
        count += init_is_shown(&model->tables[i]);
    return count;
}

static int
create(const char *path, const struct init_model *model, struct str written)
{
    int status = write_new(path, written);

    if (status == 0 && strcmp(path, "-") != 0)
        printf("%s: written, with %d of %d tables and views\n", path, count_shown(model),
               model->table_count);
    return status;
}

int
command_init_write(const struct invocation *invocation, const struct ast_document *kept,
                   const struct init_model **written, struct buf *text)
{
    struct errors errors = { .arena = invocation->arena };
    int status;

    if (has_flag(invocation, "relay") && has_flag(invocation, "plain-lists"))
        return command_misused(invocation);
    struct init_model *model = read_database(invocation, kept, &status);
    if (!model)
        return status;
    *written = model;
    init_choose(model);
    if (!has_tables(model)) {
        fprintf(stderr, "linnet: there is no table to show; look at --schema, --include and "
                        "--exclude, and at the rights of the role that connects\n");
        return COMMAND_FAILED;
    }
    if (init_write(model, text, &errors))
        return 0;
    load_complain(stderr, "linnet init", &errors);
    return EX_SOFTWARE;
}

int
command_init(const struct invocation *invocation)
{
    const char *out = command_flag(invocation, "out");
    const char *path = out ? out : invocation->config.contract;
    const struct ast_document *old = NULL;
    bool is_update = has_flag(invocation, "update");
    struct buf *text = buf_new(invocation->arena);
    const struct init_model *model;

    if ((is_update && strcmp(path, "-") == 0) ||
        (has_flag(invocation, "read-only") && has_flag(invocation, "writes")))
        return command_misused(invocation);
    if (is_update && !(old = read_old(invocation, path)))
        return EX_NOINPUT;
    int status = command_init_write(invocation, old, &model, text);
    if (status)
        return status;
    status = is_update ? update(invocation, path, old, buf_str(text))
                       : create(path, model, buf_str(text));
    return status == 0 && strcmp(path, "-") != 0 ? command_write_scripts(invocation, path) : status;
}
