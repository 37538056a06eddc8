/*
 * command.c - the table of subcommands, and the command line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/command.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "contract/contract.h"
#include "document/trusted.h"
#include "config/config_option.h"
#include "load/load.h"
#include "load/load_documents.h"

struct command {
    const char *name;
    const char *usage; /* after the name */
    const char *sentence;
    const char *flags[COMMAND_FLAGS]; /* of its own; `name=` takes a value; `name==`
                                         too, and is not the setting of that name */
    int least, most;                  /* arguments */
    int (*run)(const struct invocation *invocation);
};

static const struct command commands[] = {
    { "serve",
      "--listen SOCKET [--workers N]",
      "Serve FastCGI from a pool of workers, in the foreground. SIGHUP reloads configuration and "
      "contract. SIGUSR2 upgrades to the program that is now in the file. SIGTERM finishes the "
      "requests and stops.",
      { NULL },
      0,
      0,
      command_serve },
    { "status",
      "[--json]",
      "Print what the server on the socket `listen` has counted: requests, errors, connections.",
      { "json" },
      0,
      0,
      command_status },
    { "init",
      "[--schema SCHEMA] [--include PATTERN,...] [--exclude PATTERN,...] [--relay | --plain-lists] "
      "[--read-only | --writes] [--update] [-o FILE]",
      "Write a contract for a database that is there already: docs/init.md. Nothing is written to "
      "the database. PATTERN names tables or columns: orders, sales.*, users.email. --writes adds "
      "mutations. --update adds what is new in the database to a contract that is there, and "
      "prints it.",
      { "schema=", "include=", "exclude=", "relay", "plain-lists", "read-only", "writes", "update",
        "out=" },
      0,
      0,
      command_init },
    { "propose",
      "TABLE [--schema SCHEMA] [--include PATTERN,...] [--exclude PATTERN,...] [--relay | "
      "--plain-lists] [--writes]",
      "Print what `linnet init` would write for one table, except what the contract has already. "
      "Paste it into the contract, and cut what you do not want.",
      { "schema=", "include=", "exclude=", "relay", "plain-lists", "writes" },
      1,
      1,
      command_propose },
    { "check",
      "[--offline] [--strict] [--write] [--fix-sql] | --log FILE",
      "Check the contract against the database. --offline only reads the catalog, and tries no "
      "statements. --strict counts notes as misfits, and looks for rows that violate a declared "
      "key. --write saves the catalog beside the contract. --fix-sql prints the SQL that makes "
      "row-level security effective. --log reads a log of the server, and says what documents_only "
      "= on would have refused. (--takes-over is for the server itself, before an upgrade.)",
      { "offline", "strict", "write", "fix-sql", "log==", "takes-over=" },
      0,
      0,
      command_check },
    { "doctor",
      "[--verbose] [--json] [--nginx FILE] [--apache FILE]",
      "Say what is wrong with this installation, why that matters and what mends it: "
      "docs/doctor.md. Nothing is changed. --verbose also lists the checks that found nothing.",
      { "verbose", "json", "nginx=", "apache=" },
      0,
      0,
      command_doctor },
    { "diff",
      "OLD NEW [--fail-on breaking|dangerous|log] [--log FILE] [--format text|json] [--role ROLE] "
      "| --batch [FILE]",
      "Say what clients notice when NEW takes the place of OLD: docs/diff.md. The exit status is 1 "
      "if something breaks them. OLD and NEW are contracts, other schemas, or JSON that answers "
      "the request of `linnet print introspection`. --log says which documents of a log would "
      "break. --role compares what a role sees. --batch reads JSON lines.",
      { "fail-on=", "format=", "role==", "batch", "log==" },
      0,
      2,
      command_diff },
    { "validate",
      "[--role ROLE] [--batch] [FILE]",
      "Validate a document against the contract; with --role, against what a role sees of it. "
      "--batch reads JSON lines: docs/batch.md.",
      { "role=", "batch" },
      0,
      1,
      command_validate },
    { "print",
      "schema|introspection|bindings|document|ast|plan|sql|rights|indexes|options|commands|"
      "doctor|origins|hosts|usernames [--role ROLE] [--for ROLE] [--batch] [FILE | --document ID]",
      "Print one of the forms between the contract or a document and the SQL. schema is the "
      "contract as clients see it; with --role, as a role sees it. (For the other forms, --role is "
      "the setting `role`.) introspection is the request whose answer `linnet diff` reads. rights "
      "and indexes are SQL that the contract needs: read it, and then run it. With --for, rights "
      "gives the rights only to this role and to those after it in `roles`. --document names a "
      "trusted document, instead of a file. --batch reads JSON lines.",
      { "variables=", "operation=", "role=", "batch", "document=", "for=" },
      1,
      2,
      command_print },
    { "query",
      "FILE | --document ID [--as KEY [--as-role ROLE]] [--variables JSON] [--operation NAME] "
      "[--explain]",
      "Run one operation, anonymously or as the user with that key, and print the response. "
      "--explain adds the plan, the SQL and the times.",
      { "variables=", "operation=", "as=", "as-role=", "explain", "document=" },
      0,
      1,
      command_query },
    { "mock",
      "--listen SOCKET [--workers N] | --batch [FILE]",
      "Serve the contract with made-up values, without a database. --batch reads JSON lines.",
      { "batch", "takes-over=" },
      0,
      1,
      command_mock },
    { "reader",
      "check | sql ROLE --password-file FILE | run FILE | conninfo [ROLE --password-file FILE]",
      "Used by ./up --database, to serve a database with a role that can only read. check says why "
      "the role of `database` must not serve, if so. sql prints SQL that makes a role which can "
      "read what the contract shows, and do nothing else. run runs that file. conninfo prints the "
      "connection string for that role, or for the role of `database`, with transactions that only "
      "read.",
      { "password-file=" },
      1,
      2,
      command_reader },
    { "key",
      "new RS256|ES256|EdDSA|HS256 [--out FILE] | list",
      "new makes a key that signs tokens, in a new file. list lists the keys that are in use.",
      { "out=" },
      1,
      2,
      command_key },
    { "migrate",
      "",
      "Apply the numbered SQL files that have not been applied yet.",
      { NULL },
      0,
      0,
      command_migrate },
    { "user",
      "add NAME [--email ADDRESS] [--role ROLE] | passwd NAME | list [NAME] | disable NAME | "
      "enable NAME | role NAME --role ROLE | token NAME [--lifetime SECONDS] | sessions NAME | "
      "revoke NAME SESSION | revoke NAME --all",
      "Manage accounts, as the owner of the tables: docs/accounts.md. A password is read from the "
      "terminal, or from the first line of standard input. token prints a token of that user, for "
      "tests and scripts.",
      { "email=", "role=", "lifetime=", "all" },
      1,
      3,
      command_user },
    { "import",
      "NAME --from FILE|DSN [--dry-run]",
      "Import the records of another application, as the owner of the tables: docs/django.md. "
      "--dry-run says what would become of them, and changes nothing.",
      { "from=", "dry-run" },
      1,
      1,
      command_import },
};

enum { COMMAND_COUNT = ARRAY_LENGTH(commands) };

/* What commands end with, for the manual; those above 1 are of <sysexits.h>. */
static const struct {
    int status;
    const char *meaning;
} statuses[] = {
    { 0, "It is done." },
    { COMMAND_FAILED, "A check has found something." },
    { EX_USAGE, "The command line is wrong." },
    { EX_DATAERR, "The data that was read is not valid." },
    { EX_NOINPUT, "A file cannot be read." },
    { EX_NOUSER, "There is no user with that name." },
    { EX_UNAVAILABLE, "PostgreSQL, or the server, does not answer or refuses the request." },
    { EX_SOFTWARE, "The program has a fault." },
    { EX_OSERR, "The system has no memory, processes or random bytes left." },
    { EX_CANTCREAT, "A file or a socket cannot be created." },
    { EX_IOERR, "A file cannot be written." },
    { EX_TEMPFAIL, "Another server listens on the socket." },
    { EX_NOPERM, "A right is missing." },
    { EX_CONFIG,
      "The configuration, the contract, the key or the database is not as Linnet needs it." },
};

static void
print_usage(FILE *out)
{
    fputs("usage: linnet COMMAND [OPTION]...\n\n", out);
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %s%s%s\n      %s\n", commands[i].name, *commands[i].usage ? " " : "",
                commands[i].usage, commands[i].sentence);
    fputs("\nWithout FILE, or with `-`, standard input is read.\n"
          "Every setting is also an option of every command; `linnet print options` lists them.\n",
          out);
}

enum { USAGE_COLUMNS = 76, USAGE_INDENT = 8 };

/* An indented line, or several where one would be too long. */
static void
print_folded(struct buf *b, const struct command *command)
{
    struct str rest = str_from(command->usage), word;
    size_t column = strlen("    linnet ") + strlen(command->name);

    buf_printf(b, "    linnet %s", command->name);
    while (str_next_word(&rest, &word)) {
        bool is_full = column + 1 + word.len > USAGE_COLUMNS;
        if (is_full)
            buf_byte(b, '\n');
        buf_repeat(b, ' ', is_full ? USAGE_INDENT : 1);
        buf_put(b, word);
        column = (is_full ? USAGE_INDENT : column + 1) + word.len;
    }
}

void
command_print_manual(struct buf *b)
{
    buf_put_c(b,
              "# Commands\n"
              "\n"
              "This page is printed by `linnet print commands`: change the table in the code, not "
              "the page.\n"
              "\n"
              "    linnet COMMAND [OPTION]...\n"
              "    linnet --help | --version\n"
              "\n"
              "Without FILE, or with `-`, a command reads standard input. Every setting of the\n"
              "[configuration](configuration.md) is also an option of every command, and has "
              "the same\nmeaning in each.\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        buf_printf(b, "\n## %s\n\n", commands[i].name);
        print_folded(b, &commands[i]);
        buf_printf(b, "\n\n%s\n", commands[i].sentence);
    }
    buf_put_c(b, "\n## Exit status\n\n| status | meaning |\n| --- | --- |\n");
    for (size_t i = 0; i < ARRAY_LENGTH(statuses); i++)
        buf_printf(b, "| %d | %s |\n", statuses[i].status, statuses[i].meaning);
}

int
command_misused(const struct invocation *invocation)
{
    if (invocation->command)
        fprintf(stderr, "usage: linnet %s %s\n", invocation->command->name,
                invocation->command->usage);
    else
        print_usage(stderr);
    return EX_USAGE;
}

/* The place of the option `name` in the command's own list; or -1, and
 * `*takes_value` stays as it is, as does `*is_setting` unless it cannot be one. */
static int
find_flag(const struct command *command, struct str name, bool *takes_value, bool *is_setting)
{
    for (int i = 0; command && i < COMMAND_FLAGS && command->flags[i]; i++) {
        struct str flag = str_from(command->flags[i]);
        bool has_value = str_ends_with(flag, STR("=")), hides = str_ends_with(flag, STR("=="));
        flag.len -= (size_t)has_value + hides;
        if (!str_equal(flag, name))
            continue;
        *takes_value = has_value;
        *is_setting &= !hides;
        return i;
    }
    return -1;
}

const char *
command_flag(const struct invocation *invocation, const char *name)
{
    bool takes_value = false, is_setting = false;
    int flag = find_flag(invocation->command, str_from(name), &takes_value, &is_setting);
    assert(flag >= 0); /* else the table of commands lacks it */
    return invocation->flags[flag];
}

/* The trusted document of that id; the exit status, with NULL after saying why not. */
static int
find_trusted(const struct invocation *invocation, const char *id,
             const struct trusted_document **document)
{
    struct errors errors = { .arena = invocation->arena };
    const struct trusted *documents;

    *document = NULL;
    if (!load_documents(invocation->arena, &invocation->config, &documents, &errors)) {
        fprintf(stderr, "%.*s\n", STR_PRINT(errors.first->message));
        return EX_CONFIG;
    }
    if (documents)
        *document = trusted_find(documents, str_from(id));
    if (*document)
        return 0;
    fprintf(stderr, "linnet: there is no document with the id %s in `documents`\n", id);
    return EX_NOINPUT;
}

int
command_read_document(const struct invocation *invocation, const char *file, struct str *text)
{
    const char *id = command_flag(invocation, "document");
    const struct trusted_document *document;

    if (!id)
        return load_text(invocation->arena, file, text) ? 0 : EX_NOINPUT;
    int status = find_trusted(invocation, id, &document);
    if (document)
        *text = document->text;
    return status;
}

bool
command_has_role(const struct invocation *invocation, const char *name)
{
    struct str rest = str_from(invocation->config.roles);
    struct config_role role;

    if (strcmp(name, "anon") == 0)
        return true;
    while (config_next_role(&rest, &role))
        if (str_is(role.name, name))
            return true;
    fprintf(stderr,
            "linnet: there is no role \"%s\"; a role is \"anon\" or one of the setting `roles`\n",
            name);
    return false;
}

const struct contract *
command_seen_contract(const struct invocation *invocation, const struct contract *contract)
{
    const char *role = command_flag(invocation, "role");

    if (!role)
        return contract;
    return command_has_role(invocation, role) ? contract_seen_by(contract, str_from(role)) : NULL;
}

/* Read the option argv[*i], `--name value` or `--name=value`. */
static bool
read_option(struct invocation *invocation, int argc, char **argv, int *i)
{
    struct str name = str_from(argv[*i] + 2);
    size_t equals = str_find(name, '=');
    const char *value = equals < name.len ? name.ptr + equals + 1 : NULL;
    name.len = equals;

    bool takes_value = true, is_setting = config_option_exists(name);
    int flag = find_flag(invocation->command, name, &takes_value, &is_setting);
    if (flag < 0 && !is_setting) {
        fprintf(stderr, "linnet: unknown option --%.*s\n", STR_PRINT(name));
        return false;
    }
    if (takes_value && !value && *i + 1 < argc)
        value = argv[++*i];
    if (takes_value != (value != NULL)) {
        fprintf(stderr, "linnet: --%.*s %s a value\n", STR_PRINT(name),
                takes_value ? "needs" : "does not take");
        return false;
    }
    if (flag >= 0)
        invocation->flags[flag] = value ? value : "";
    if (is_setting) /* --role is both: what it means depends on what is printed */
        invocation->settings[invocation->setting_count++] = (struct config_flag){ name, value };
    return true;
}

/* Read a word that is not an option: the command, or an argument of it. */
static bool
read_word(struct invocation *invocation, const char *word)
{
    if (invocation->command) {
        if (invocation->argument_count == COMMAND_ARGUMENTS)
            return false;
        invocation->arguments[invocation->argument_count++] = word;
        return true;
    }
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, word) == 0)
            invocation->command = &commands[i];
    if (!invocation->command)
        fprintf(stderr, "linnet: unknown command \"%s\"\n", word);
    return invocation->command != NULL;
}

/* Read all of the command line.  False after saying what is wrong. */
static bool
read_command_line(struct invocation *invocation, int argc, char **argv)
{
    bool are_words = false;
    invocation->settings = ARENA_ARRAY(invocation->arena, struct config_flag, (size_t)argc);
    for (int i = 1; i < argc; i++) {
        static char out[] = "--out";
        if (!are_words && strcmp(argv[i], "-o") == 0)
            argv[i] = out;
        bool is_option = !are_words && strncmp(argv[i], "--", 2) == 0;
        if (is_option && argv[i][2] == '\0')
            are_words = true;
        else if (is_option ? !read_option(invocation, argc, argv, &i)
                           : !read_word(invocation, argv[i]))
            return false;
    }
    const struct command *command = invocation->command;
    return command && invocation->argument_count >= command->least &&
           invocation->argument_count <= command->most;
}

/* Does the command serve?  Then it logs what it does; the others have their output. */
static bool
is_serving(const struct invocation *invocation)
{
    return invocation->command->run == command_serve || invocation->command->run == command_mock;
}

static int
read_config(struct invocation *invocation)
{
    struct buf messages = { 0 };
    enum config_result result =
        config_read(invocation->arena, invocation->settings, invocation->setting_count,
                    invocation->environment, &invocation->config, &messages);
    if (result != CONFIG_OK && is_serving(invocation))
        log_error_lines(buf_str(&messages));
    else if (result != CONFIG_OK)
        fprintf(stderr, "%.*s", STR_PRINT(buf_str(&messages)));
    buf_free(&messages);
    return result == CONFIG_OK ? 0 : result == CONFIG_BAD_USAGE ? EX_USAGE : EX_CONFIG;
}

static void
set_log_level(const struct invocation *invocation)
{
    enum log_level level = (enum log_level)invocation->config.log;
    bool is_quiet = level == LOG_INFO && !is_serving(invocation);
    log_set_level(is_quiet ? LOG_WARNING : level);
}

/* --help and --version, wherever they stand. */
static bool
read_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_usage(stdout);
            return true;
        }
        if (strcmp(argv[i], "--version") == 0) {
            puts("linnet " PACKAGE_VERSION); /* of configure.ac */
            return true;
        }
    }
    return false;
}

int
command_main(int argc, char **argv, char **environment)
{
    if (read_help(argc, argv))
        return 0;

    struct arena *a = arena_new("command");
    struct invocation invocation = { .arena = a, .environment = environment, .words = argv };
    int status = EX_USAGE;
    if (!read_command_line(&invocation, argc, argv))
        command_misused(&invocation);
    else
        status = read_config(&invocation);
    if (status == 0) {
        set_log_level(&invocation);
        status = invocation.command->run(&invocation);
    }
    arena_free(a);
    return status;
}
