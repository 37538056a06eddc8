/*
 * command_user.c - linnet user: accounts, as the operator manages them.
 *
 * The functions account_*() of SQL know what an account is (docs/accounts.md lists them); this
 * calls them as the owner of the tables.  A password is hashed here, under the rules of createUser.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"
#include "database/db.h"
#include "account/sign_up.h"
#include "auth/auth.h"
#include "auth/password.h"
#include "auth/password_gate.h"
#include "auth/password_rules.h"
#include "auth/token.h"
#include "auth/username.h"
#include "load/load.h"
#include "cgi-bin/command.h"
#include "cgi-bin/input/secret.h"

/* The type of a user's key is the database's own: it is written and read as text. */
static const char create_sql[] = "SELECT account_create($1::text, $2::text, $3::text)::text";
static const char list_sql[] = "SELECT user_id::text, username, role, state, joined::text,"
                               " last_login::text, email FROM account_list($1::text)";
enum { LIST_KEY, LIST_EMAIL = 6, LIST_COLUMNS };
static const char find_sql[] =
    "SELECT user_id::text, username, role, is_disabled::text FROM account_find($1::text)";
static const char set_password_sql[] = "SELECT account_set_password($1, $2::text)::text";
static const char set_disabled_sql[] = "SELECT account_set_disabled($1, $2::boolean)::text";
static const char set_role_sql[] = "SELECT account_set_role($1, $2::text)::text";
static const char sessions_sql[] =
    "SELECT session_id::text, created_at::text, last_used_at::text, expires_at::text, user_agent"
    " FROM account_sessions($1)";
static const char revoke_sql[] = "SELECT account_revoke_session($1, $2::text)::text";
static const char revoke_all_sql[] = "SELECT account_end_sessions($1)::text";

/* What a subcommand is run with. */
struct user_call {
    const struct invocation *invocation;
    struct arena *arena;
    struct auth auth;
    struct db *db;
    const char *name;    /* as it was typed; or NULL */
    struct str username; /* its normal form, unless no account can have it: then as it was typed */
};

/* --- the database --- */

/* PostgreSQL's first line, without its severity and code. */
static struct str
find_words(struct str message)
{
    struct str line = { message.ptr, str_find(message, '\n') };

    for (int i = 0; i < 2; i++) {
        size_t colon = str_find(line, ':');
        bool is_prefix = colon + 2 < line.len && colon <= sizeof("WARNING") &&
                         line.ptr[colon + 1] == ' ' && (i == 0 || colon == 5);
        if (is_prefix)
            line = str_trim((struct str){ line.ptr + colon + 1, line.len - colon - 1 });
    }
    return line;
}

/* Run a query with text parameters; NULL after saying what PostgreSQL said. */
static struct rows *
ask(struct user_call *call, const char *sql, int count, const char *const *values)
{
    struct str message;
    struct rows *rows = db_query(call->db, call->arena, sql, count, values, &message);

    if (!rows)
        fprintf(stderr, "linnet: %.*s\n", STR_PRINT(find_words(message)));
    return rows;
}

/* The same for one that has one cell; NULL after an error. */
static const char *
ask_cell(struct user_call *call, const char *sql, int count, const char *const *values)
{
    struct rows *rows = ask(call, sql, count, values);

    if (rows && rows_count(rows) == 1)
        return str_copy_c(call->arena, rows_get(rows, 0, 0));
    if (rows)
        fputs("linnet: the function returned no row\n", stderr);
    return NULL;
}

/* The account that the command line names, as list_sql has it; NULL after saying that there is
 * none. */
static struct rows *
find_user(struct user_call *call)
{
    const char *values[] = { str_copy_c(call->arena, call->username) };
    struct rows *rows = ask(call, list_sql, 1, values);

    if (rows && rows_count(rows) == 1)
        return rows;
    if (rows)
        fprintf(stderr, "linnet: there is no account %s\n", call->name);
    return NULL;
}

/* Its key; NULL likewise. */
static const char *
find_key(struct user_call *call)
{
    struct rows *rows = find_user(call);

    return rows ? str_copy_c(call->arena, rows_get(rows, 0, LIST_KEY)) : NULL;
}

/* --- output --- */

/* Print a cell of a table: a client may have sent characters that command a terminal. */
static void
print_cell(struct str text)
{
    size_t offset = 0;

    if (text.len == 0)
        putchar('-');
    while (offset < text.len) {
        size_t start = offset;
        if (utf8_is_command(utf8_next(text, &offset)))
            putchar('?');
        else
            fwrite(text.ptr + start, 1, offset - start, stdout);
    }
}

/* Print all rows below a head, with tabs between the cells. */
static void
print_table(const char *head, const struct rows *rows, int columns)
{
    puts(head);
    for (int i = 0; i < rows_count(rows); i++)
        for (int j = 0; j < columns; j++) {
            print_cell(rows_get(rows, i, j));
            putchar(j + 1 < columns ? '\t' : '\n');
        }
}

static int
tell(const struct user_call *call, const char *what, const char *ended)
{
    printf("%.*s: %s", STR_PRINT(call->username), what);
    if (ended && strcmp(ended, "0") != 0)
        printf("; %s of its sessions ended", ended);
    putchar('\n');
    return 0;
}

/* --- passwords --- */

static void
print_errors(const struct errors *errors)
{
    for (const struct error *e = errors->first; e; e = e->next)
        fprintf(stderr, "linnet: %.*s\n", STR_PRINT(e->message));
}

/* Read a password that the rules allow, and hash it.  NULL after saying why not. */
static const char *
read_hash(struct user_call *call, struct str email)
{
    struct arena *a = call->arena;
    struct errors errors = { .arena = a };
    const struct password_owner owner = { call->username, email };
    const struct password_visitor visitor = { .descriptor = -1, .deadline = INT64_MAX };
    struct str password;

    if (!secret_read(a, call->name, &password))
        return NULL;
    if (utf8_check(password) != password.len) {
        fputs("linnet: a password must be UTF-8, since clients can send no other\n", stderr);
        return NULL;
    }
    if (!password_rules_check(a, &call->auth.password_rules, STR("password"), password, &owner,
                              &errors)) {
        print_errors(&errors);
        return NULL;
    }
    return password_hash(a, &visitor, password).ptr;
}

/* --- subcommands --- */

/* How many sessions that has ended; NULL after saying why it cannot be done. */
static const char *
set_role(struct user_call *call, const char *key, const char *role)
{
    const char *values[] = { key, role };

    if (auth_find_role(&call->auth, str_from(role)))
        return ask_cell(call, set_role_sql, 2, values);
    fprintf(stderr, "linnet: there is no role %s in the setting `roles`\n", role);
    return NULL;
}

static int
add_user(struct user_call *call)
{
    const char *email = command_flag(call->invocation, "email");
    const char *role = command_flag(call->invocation, "role");
    struct str message;

    if (!username_is_good(call->username)) {
        fputs("linnet: a username must be 1 to 150 letters, digits and @.+-_\n", stderr);
        return COMMAND_FAILED;
    }
    if (email && *email && !sign_up_is_email(str_from(email))) {
        fputs("linnet: an e-mail address must have one @ and at most 254 characters\n", stderr);
        return COMMAND_FAILED;
    }
    email = email ? email : "";
    const char *hash = read_hash(call, str_from(email));
    if (!hash)
        return COMMAND_FAILED;
    const char *values[] = { str_copy_c(call->arena, call->username), hash, email };
    if (!db_script(call->db, call->arena, "BEGIN", &message))
        return EX_UNAVAILABLE;
    const char *key = ask_cell(call, create_sql, 3, values);
    if (!key || (role && !set_role(call, key, role)))
        return COMMAND_FAILED; /* the transaction goes with the connection */
    if (!db_script(call->db, call->arena, "COMMIT", &message))
        return EX_UNAVAILABLE;
    return tell(call, str_format(call->arena, "added, with the key %s", key).ptr, NULL);
}

static int
set_password(struct user_call *call)
{
    struct rows *rows = find_user(call);
    const char *values[2] = { NULL, NULL };

    if (rows) {
        values[0] = str_copy_c(call->arena, rows_get(rows, 0, LIST_KEY));
        values[1] = read_hash(call, rows_get(rows, 0, LIST_EMAIL));
    }
    const char *ended = values[1] ? ask_cell(call, set_password_sql, 2, values) : NULL;

    return ended ? tell(call, "has a new password", ended) : COMMAND_FAILED;
}

static int
list_users(struct user_call *call)
{
    const char *values[] = { call->name ? str_copy_c(call->arena, call->username) : NULL };
    struct rows *rows = ask(call, list_sql, 1, values);

    if (!rows)
        return COMMAND_FAILED;
    print_table("key\tname\trole\tstate\tjoined\tlast login\temail", rows, LIST_COLUMNS);
    return 0;
}

static int
set_disabled(struct user_call *call, const char *value, const char *what)
{
    const char *values[] = { find_key(call), value };
    const char *ended = values[0] ? ask_cell(call, set_disabled_sql, 2, values) : NULL;

    return ended ? tell(call, what, ended) : COMMAND_FAILED;
}

static int
disable_user(struct user_call *call)
{
    return set_disabled(call, "true", "disabled");
}

static int
enable_user(struct user_call *call)
{
    return set_disabled(call, "false", "enabled");
}

static int
change_role(struct user_call *call)
{
    const char *role = command_flag(call->invocation, "role");

    if (!role)
        return command_misused(call->invocation);
    const char *key = find_key(call);
    const char *ended = key ? set_role(call, key, role) : NULL;
    if (!ended)
        return COMMAND_FAILED;
    return tell(call, str_format(call->arena, "has the role %s", role).ptr, ended);
}

/* The seconds that a token is to live; 0 after saying why not. */
static int
read_lifetime(struct user_call *call)
{
    const char *text = command_flag(call->invocation, "lifetime");
    int64_t seconds = call->auth.token_time;

    if (!text || (str_read_int64(str_from(text), &seconds) && seconds > 0 &&
                  seconds <= call->auth.token_time))
        return (int)seconds;
    fprintf(stderr,
            "linnet: --lifetime must be from 1 to %d seconds: no token may be valid for longer "
            "(token_time)\n",
            call->auth.token_time);
    return 0;
}

static int
print_token(struct user_call *call)
{
    const char *values[] = { str_copy_c(call->arena, call->username) };
    int lifetime = read_lifetime(call);
    struct rows *rows = lifetime > 0 ? ask(call, find_sql, 1, values) : NULL;

    if (!rows)
        return COMMAND_FAILED;
    if (rows_count(rows) == 0 || str_is(rows_get(rows, 0, 3), "true")) {
        fprintf(stderr, "linnet: there is no account %s that can sign in\n", call->name);
        return COMMAND_FAILED;
    }
    int64_t now = time(NULL);
    struct token_claims token = { .user_id = rows_get(rows, 0, 0),
                                  .username = rows_get(rows, 0, 1),
                                  .role = rows_get(rows, 0, 2),
                                  .login = now };
    call->auth.token_time = lifetime;
    struct str text = token_issue(call->arena, &call->auth, now, &token);
    if (!text.ptr)
        return EX_CONFIG;
    printf("%.*s\n", STR_PRINT(text));
    return 0;
}

static int
list_sessions(struct user_call *call)
{
    const char *values[] = { find_key(call) };
    struct rows *rows = values[0] ? ask(call, sessions_sql, 1, values) : NULL;

    if (!rows)
        return COMMAND_FAILED;
    print_table("session\tcreated\tlast used\texpires\tclient", rows, 5);
    return 0;
}

static int
revoke_session(struct user_call *call)
{
    bool is_all = command_flag(call->invocation, "all") != NULL;
    const char *values[] = { NULL, call->invocation->arguments[2] };

    if (is_all != (call->invocation->argument_count == 2))
        return command_misused(call->invocation);
    values[0] = find_key(call);
    const char *answer = !values[0] ? NULL
                         : is_all   ? ask_cell(call, revoke_all_sql, 1, values)
                                    : ask_cell(call, revoke_sql, 2, values);
    if (!answer)
        return COMMAND_FAILED;
    if (is_all)
        return tell(call, "signed out", answer);
    if (strcmp(answer, "true") == 0)
        return tell(call, "the session has ended", NULL);
    fprintf(stderr, "linnet: %s has no such session\n", call->name);
    return COMMAND_FAILED;
}

static const struct subcommand {
    const char *name;
    int least, most; /* arguments after the name */
    int (*run)(struct user_call *call);
    const char *flags[2]; /* those of its own; or NULL */
} subcommands[] = {
    { "add", 1, 1, add_user, { "email", "role" } }, { "passwd", 1, 1, set_password, { NULL } },
    { "list", 0, 1, list_users, { NULL } },         { "disable", 1, 1, disable_user, { NULL } },
    { "enable", 1, 1, enable_user, { NULL } },      { "role", 1, 1, change_role, { "role" } },
    { "token", 1, 1, print_token, { "lifetime" } }, { "sessions", 1, 1, list_sessions, { NULL } },
    { "revoke", 1, 2, revoke_session, { "all" } },
};

/* Is no flag of another subcommand given?  It would be taken for done. */
static bool
has_own_flags(const struct invocation *invocation, const struct subcommand *own)
{
    static const char *const flags[] = { "email", "role", "lifetime", "all" };

    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++) {
        bool is_own = false;
        for (size_t j = 0; j < ARRAY_LENGTH(own->flags); j++)
            is_own |= own->flags[j] && strcmp(own->flags[j], flags[i]) == 0;
        if (!is_own && command_flag(invocation, flags[i]))
            return false;
    }
    return true;
}

int
command_user(const struct invocation *invocation)
{
    const struct subcommand *found = NULL;
    int count = invocation->argument_count - 1;
    struct user_call call = { .invocation = invocation,
                              .arena = invocation->arena,
                              .name = count > 0 ? invocation->arguments[1] : NULL };

    for (size_t i = 0; i < ARRAY_LENGTH(subcommands); i++)
        if (strcmp(subcommands[i].name, invocation->arguments[0]) == 0)
            found = &subcommands[i];
    if (!found || count < found->least || count > found->most || !has_own_flags(invocation, found))
        return command_misused(invocation);
    if (!load_auth(call.arena, &invocation->config, &call.auth))
        return EX_CONFIG;
    if (call.name)
        call.username = username_read(call.arena, str_from(call.name));
    if (call.name && !call.username.ptr)
        call.username = str_from(call.name);
    const struct db_settings settings = load_owner_settings(&invocation->config);
    call.db = db_open(&settings, NULL);
    if (!call.db)
        return EX_UNAVAILABLE;
    int status = found->run(&call);
    db_close(call.db);
    return status;
}
