/*
 * command.h - the subcommands of the program.
 *
 * A command is a row of the table in command.c and a function in a file of its
 * own, command_NAME.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_COMMAND_H
#define CGI_BIN_COMMAND_H

#include <stdbool.h>

#include "config/config.h"
#include "config/config_read.h"

struct arena;
struct ast_document;
struct buf;
struct command;
struct contract;
struct init_model;

/* What commands end with: 0, 1 for a check that failed, or one of <sysexits.h>. */
enum { COMMAND_FAILED = 1 };

enum { COMMAND_ARGUMENTS = 3, COMMAND_FLAGS = 9 };

/* A command line that has been read. */
struct invocation {
    struct arena *arena; /* until the program ends */
    const struct command *command;
    struct config config;
    /* What the configuration was read from, besides its file. */
    struct config_flag *settings;
    int setting_count;
    char **environment;
    char **words;                             /* all of the command line, ended by NULL */
    const char *arguments[COMMAND_ARGUMENTS]; /* those after the command that are not options */
    int argument_count;
    const char *flags[COMMAND_FLAGS]; /* values of the command's own options; NULL: not given */
};

/* Read the command line and run its command; the program's exit status. */
int command_main(int argc, char **argv, char **environment);

/* The value of the command's own option, "" when it has none; NULL: it is not given. */
const char *command_flag(const struct invocation *invocation, const char *name);
/* Is there a role of that name, one of the setting `roles` or "anon"?  False after saying that
 * there is none. */
bool command_has_role(const struct invocation *invocation, const char *name);
/* The contract as the role of --role sees it; all of it without that option.  NULL after saying
 * that there is no such role. */
const struct contract *
command_seen_contract(const struct invocation *invocation, const struct contract *contract);
/* The text of the file, or of the trusted document of --document, which the
 * command has as an option.  0, or the exit status after saying why there is none. */
int command_read_document(const struct invocation *invocation, const char *file, struct str *text)
    MUST_CHECK;
/* The manual's page of the commands: docs/commands.md. */
void command_print_manual(struct buf *b);
/* Say on standard error how the command is used, and return EX_USAGE. */
int command_misused(const struct invocation *invocation);

/* command_init.c: Read the database, and write a contract for it, as the options of linnet init
 * say, with the names of the one that is there already; NULL: there is none.  0, or the exit status
 * after saying why not. */
int command_init_write(const struct invocation *invocation, const struct ast_document *kept,
                       const struct init_model **written, struct buf *text) MUST_CHECK;
/* check_documents.c: Read the trusted documents, if there are any, hold them against the contract,
 * and print what was found.  False: one of them does not fit.  `*note_count` is how many notes were
 * printed. */
bool check_documents(const struct invocation *invocation, const struct contract *contract,
                     int *note_count) MUST_CHECK;
/* log/check_log.c: Read a log of the server, and print what documents_only = on would have refused.
 * The exit status. */
int check_log(const struct invocation *invocation, const char *file);

/* init_scripts.c: Write rights.sql and indexes.sql beside the contract, which is there; the exit
 * status. */
int command_write_scripts(const struct invocation *invocation, const char *contract);

/* With the option --takes-over: can this program take over from the one that asks?  0, or the exit
 * status after saying that it cannot. */
int command_takes_over(const struct invocation *invocation) MUST_CHECK;
/* Open the socket and run the pool, with made-up data if `is_mock`; the exit status. */
int command_run_pool(const struct invocation *invocation, bool is_mock);

int command_serve(const struct invocation *invocation);
int command_status(const struct invocation *invocation);
int command_init(const struct invocation *invocation);
int command_check(const struct invocation *invocation);
int command_doctor(const struct invocation *invocation);
int command_diff(const struct invocation *invocation);
int command_validate(const struct invocation *invocation);
int command_print(const struct invocation *invocation);
int command_propose(const struct invocation *invocation);
int command_query(const struct invocation *invocation);
int command_mock(const struct invocation *invocation);
int command_key(const struct invocation *invocation);
int command_migrate(const struct invocation *invocation);
int command_user(const struct invocation *invocation);
int command_reader(const struct invocation *invocation);
int command_import(const struct invocation *invocation);

#endif
