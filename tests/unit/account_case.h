/*
 * account_case.h - calls of the accounts' resolvers, on a database of one account
 * that notes what it is asked.
 *
 * resolver_query() and the rows are made here, so that no PostgreSQL is linked.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_ACCOUNT_CASE_H
#define TESTS_ACCOUNT_CASE_H

#include "token_case.h"

#include <stdio.h>
#include <time.h>

#include "base/buf.h"
#include "event/clock.h"
#include "base/error.h"
#include "value/value.h"
#include "database/db.h"
#include "account/account.h"
#include "auth/auth.h"
#include "auth/password.h"
#include "auth/password_gate.h"
#include "auth/token.h"

struct rows {
    int count;
    const char *cells[5];
};

/* The account, what the functions answer, and what they were asked. */
static struct {
    const char *username, *hash, *is_disabled, *role;
    const char *delay, *failed, *succeeded, *may_create, *created; /* NULL: PostgreSQL is away */
    char asked[1024];                                              /* "delay(ada,::1) find(ada)" */
    char new_hash[200];
} database;

/* --- hashes, counted (the Makefile wraps libsodium's functions) --- */

static int hash_count; /* of the last call */

int __real_crypto_pwhash_str(char *out, const char *password, unsigned long long len,
                             unsigned long long passes, size_t memory);
int __wrap_crypto_pwhash_str(char *out, const char *password, unsigned long long len,
                             unsigned long long passes, size_t memory);
int
__wrap_crypto_pwhash_str(char *out, const char *password, unsigned long long len,
                         unsigned long long passes, size_t memory)
{
    hash_count++;
    return __real_crypto_pwhash_str(out, password, len, passes, memory);
}

int __real_crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long len);
int __wrap_crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long len);
int
__wrap_crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long len)
{
    hash_count++;
    return __real_crypto_pwhash_str_verify(hash, password, len);
}

/* --- what execution/ would do --- */

int
rows_count(const struct rows *rows)
{
    return rows->count;
}

struct str
rows_get(const struct rows *rows, int row, int column)
{
    (void)row;
    return str_from(rows->cells[column]);
}

static bool is_gone; /* the client */

bool
resolver_is_awaited(const struct resolver_call *call)
{
    (void)call;
    return !is_gone;
}

/* The SQL function that a statement calls: what follows `account_`. */
static struct str
find_function(const char *sql)
{
    const char *name = strstr(sql, "account_");

    assert_non_null(name);
    name += strlen("account_");
    return (struct str){ name, strcspn(name, "(") };
}

/* All that is given but hashes, up to the last that is not NULL. */
static void
note(struct str function, int count, const char *const *values)
{
    char *end = database.asked + strlen(database.asked);
    size_t room = (size_t)(database.asked + sizeof(database.asked) - end);
    bool has_hash = str_is(function, "create") || str_is(function, "set_hash");
    int shown = has_hash ? 1 : count;

    while (shown > 2 && !values[shown - 1])
        shown--;
    int len = snprintf(end, room, "%s%.*s(", *database.asked ? " " : "", STR_PRINT(function));
    for (int i = 0; i < shown; i++)
        len += snprintf(end + len, room - (size_t)len, "%s%s", i ? "," : "",
                        values[i] ? values[i] : "NULL");
    snprintf(end + len, room - (size_t)len, ")");
}

struct rows *
resolver_query(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    struct rows *rows = ARENA_NEW(call->arena, struct rows);
    struct str function = find_function(sql);
    const char *answer = NULL;

    note(function, count, values);
    rows->count = 1;
    if (str_is(function, "find")) {
        bool is_it = database.username && strcmp(values[0], database.username) == 0;
        *rows = (struct rows){ is_it,
                               { "7", "Ada", database.hash, database.is_disabled, database.role } };
        return rows;
    }
    if (str_is(function, "delay"))
        answer = database.delay;
    if (str_is(function, "failed"))
        answer = database.failed;
    if (str_is(function, "succeeded"))
        answer = database.succeeded;
    if (str_is(function, "may_create"))
        answer = database.may_create;
    if (str_is(function, "not_created"))
        answer = "";
    if (str_is(function, "create") || str_is(function, "set_hash")) {
        answer = database.created;
        snprintf(database.new_hash, sizeof(database.new_hash), "%s",
                 values[str_is(function, "create") ? 1 : 2]);
    }
    if (!answer) {
        errors_add(call->errors, ERROR_SERVICE_UNAVAILABLE, "The database is not available.");
        return NULL;
    }
    rows->cells[0] = answer;
    return rows;
}

struct rows *
resolver_write(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    return resolver_query(call, sql, count, values);
}

/* --- a call --- */

static struct auth auth = { .ring = { NULL, 0 },
                            .issuer = STR_INIT("linnet"),
                            .audience = STR_INIT("graphql"),
                            .token_time = 900,
                            .refresh_time = 1209600,
                            .refresh_idle_time = 1209600,
                            .sign_ups = 20,
                            .sign_up_time = 3600,
                            .roles = test_roles,
                            .role_count = 2 };
static struct auth_request request = { .auth = &auth, .address = STR_INIT("192.0.2.1") };
static const struct password_visitor unbound = { .descriptor = -1, .deadline = INT64_MAX };
static struct errors errors;
static struct resolver_call call;
static struct arena *arena;
static struct str hash;

static const struct resolver *
find_resolver(const char *name)
{
    const struct resolver *resolver = account_resolvers;

    while (strcmp(resolver->signature.name, name) != 0)
        resolver++;
    return resolver;
}

/* Call with arguments by the signature's names; NULL: absent.  True when it
 * succeeds; else one error was added. */
static bool
resolve(const char *name, const struct str *texts)
{
    static const struct viewer nobody;
    const struct resolver *resolver = find_resolver(name);
    struct value *arguments = ARENA_NEW(arena, struct value), **end = &arguments->items;

    arguments->kind = VALUE_OBJECT;
    for (int i = 0; resolver->signature.arguments[i]; i++) {
        struct value value = { .kind = VALUE_STRING, .text = texts[i] };
        if (texts[i].ptr)
            end = value_append(arena, arguments, end, &value,
                               str_from(resolver->signature.arguments[i]));
    }
    database.asked[0] = database.new_hash[0] = '\0';
    hash_count = 0;
    errors = (struct errors){ .arena = arena };
    call = (struct resolver_call){ .arena = arena,
                                   .descriptor = -1,
                                   .deadline = clock_now() + 60000,
                                   .context = &request,
                                   .asking = &nobody,
                                   .arguments = arguments,
                                   .errors = &errors };
    bool is_done = resolver->resolve(&call);
    assert_int_equal(errors.count, is_done ? 0 : 1);
    return is_done;
}

static bool
sign_in(struct str username, struct str password)
{
    return resolve("token_auth", (struct str[]){ username, password });
}

static bool
sign_up(struct str username, struct str password, struct str email)
{
    return resolve("create_user", (struct str[]){ username, password, email });
}

static bool
verify(struct str token)
{
    return resolve("verify_token", (struct str[]){ token });
}

static void
assert_error(enum error_code code, const char *message)
{
    assert_string_equal(error_code_name(errors.first->code), error_code_name(code));
    assert_string_equal(errors.first->message.ptr, message);
    assert_null(call.viewer.user_id.ptr);
    for (int i = 0; i < RESOLVER_OUTPUTS; i++)
        assert_null(call.outputs[i]);
}

static const char *
json_of(const struct value *value)
{
    struct buf *b = buf_new(arena);

    value_write_json(b, value);
    return buf_copy(arena, b).ptr;
}

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    auth.ring = test_ring;
    hash = password_hash(arena, &unbound, STR("correct horse"));
    database.username = "ada";
    database.hash = hash.ptr;
    database.is_disabled = "false";
    database.role = "user";
    database.delay = database.failed = database.succeeded = database.may_create = "0";
    database.created = "8";
    request.token = STR_NONE;
    is_gone = false;
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

#endif
