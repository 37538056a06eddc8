/*
 * conninfo.c - libpq's connection strings.
 *
 * SPDX-License-Identifier: MIT
 */
#include "conninfo/conninfo.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

static const char read_only[] = "-c default_transaction_read_only=on";

/* ` name='value'`, with backslashes as libpq wants them (34.1.1.1). */
static void
write_option(struct buf *b, const char *name, const char *value)
{
    buf_put_c(b, b->len > 0 ? " " : "");
    buf_put_c(b, name);
    buf_put_c(b, "='");
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\')
            buf_byte(b, '\\');
        buf_byte(b, *value);
    }
    buf_byte(b, '\'');
}

/* Is it written anew below? */
static bool
is_replaced(const char *name, bool has_user)
{
    if (strcmp(name, "options") == 0)
        return true;
    return has_user && (strcmp(name, "user") == 0 || strcmp(name, "password") == 0 ||
                        strcmp(name, "passfile") == 0);
}

struct str
conninfo_reading(struct arena *a, const char *conninfo, const char *user, const char *password,
                 struct str *message)
{
    struct buf *b = buf_new(a);
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &why);
    const char *given = "";

    PQfreemem(why); /* it may quote a password that it has misread */
    if (!options) {
        *message = STR("it is no connection string of libpq");
        return STR_NONE;
    }
    for (const PQconninfoOption *o = options; o->keyword; o++) {
        if (o->val && strcmp(o->keyword, "options") == 0)
            given = str_copy_c(a, str_from(o->val));
        if (o->val && !is_replaced(o->keyword, user != NULL))
            write_option(b, o->keyword, o->val);
    }
    PQconninfoFree(options);
    if (user)
        write_option(b, "user", user);
    if (user && password)
        write_option(b, "password", password);
    write_option(b, "options", str_format(a, "%s%s%s", given, given[0] ? " " : "", read_only).ptr);
    return buf_copy(a, b);
}

static struct str
find_option(struct arena *a, const PQconninfoOption *options, const char *name)
{
    for (const PQconninfoOption *o = options; o && o->keyword; o++)
        if (strcmp(o->keyword, name) == 0 && o->val && *o->val)
            return str_copy(a, str_from(o->val));
    return STR_NONE;
}

struct str
conninfo_get(struct arena *a, const char *conninfo, const char *name)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    struct str value = find_option(a, options, name);

    if (options && !value.ptr) {
        PQconninfoFree(options);
        options = PQconndefaults();
        value = find_option(a, options, name);
    }
    PQconninfoFree(options);
    return value;
}

/* PostgreSQL is not asked: the connection, which is none, only has the settings of libpq. */
struct str
conninfo_verifier(struct arena *a, const char *user, const char *password)
{
    PGconn *none = PQconnectStart("is=none");
    char *text = none ? PQencryptPasswordConn(none, password, user, "scram-sha-256") : NULL;
    struct str verifier = text ? str_copy(a, str_from(text)) : STR_NONE;

    PQfreemem(text);
    PQfinish(none);
    return verifier;
}
