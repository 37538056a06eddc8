/*
 * init_scripts.c - what linnet init writes beside the contract: rights.sql and indexes.sql.
 *
 * They are made of the contract as it is now, and written anew each time.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "database/db.h"
#include "load/load_script.h"
#include "script/script.h"
#include "cgi-bin/command.h"

/* A reader sees the old file or the new one. */
static int
write_beside(struct arena *a, const char *contract, const char *name, const struct buf *text)
{
    const char *slash = strrchr(contract, '/');
    size_t len = slash ? (size_t)(slash - contract) + 1 : 0;
    const char *path = str_format(a, "%.*s%s", (int)len, contract, name).ptr;
    const char *draft = str_format(a, "%s.new", path).ptr;
    FILE *out = fopen(draft, "we");
    bool is_written = out && fwrite(text->ptr, 1, text->len, out) == text->len;

    if (out)
        is_written &= fclose(out) == 0;
    if (!is_written || rename(draft, path) != 0) {
        fprintf(stderr, "linnet: %s: %s\n", path, strerror(errno));
        return EX_CANTCREAT;
    }
    printf("%s: written, to be read and run by you\n", path);
    return 0;
}

int
command_write_scripts(const struct invocation *invocation, const char *contract)
{
    struct arena *a = invocation->arena;
    struct config config = invocation->config;
    struct buf *rights = buf_new(a), *indexes = buf_new(a);
    struct script_scope scope;
    struct str message;
    struct db *db;

    config.contract = contract;
    int status = load_script(a, &config, NULL, &db, &scope);
    if (status != 0)
        return status;
    bool is_read = script_rights_print(a, rights, db, &scope, &message);
    db_close(db);
    if (!is_read) {
        fprintf(stderr, "linnet: %.*s\n", STR_PRINT(str_trim(message)));
        return EX_UNAVAILABLE;
    }
    script_indexes_print(a, indexes, &scope);
    status = write_beside(a, contract, "rights.sql", rights);
    return status != 0 ? status : write_beside(a, contract, "indexes.sql", indexes);
}
