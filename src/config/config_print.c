/*
 * config_print.c - the manual's page of the settings: docs/configuration.md.
 *
 * SPDX-License-Identifier: MIT
 */
#include "config/config_print.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"
#include "config/config_option.h"

static const char introduction[] =
    "# Configuration\n"
    "\n"
    "This page is printed by `linnet print options`: change the tables in the code, not the "
    "page.\n"
    "\n"
    "A setting is an option of every command (`--workers 8`), an environment variable\n"
    "(`LINNET_WORKERS=8`) or a line of the configuration file (`workers = 8`). Options override\n"
    "variables, and variables override the file. A line that begins with `#` is a comment; an\n"
    "indented line continues the line before it. If a name is unknown or a value out of bounds,\n"
    "nothing starts.\n"
    "\n"
    "The configuration file is the one that `--config` or `LINNET_CONFIG` names. Otherwise it is\n"
    "`linnet.conf` in the current folder or, for plain CGI, in the program's folder. "
    "Relative paths\n"
    "in the file are relative to its folder.\n"
    "\n"
    "On SIGHUP `linnet serve` reads all settings again, with the contract and the key. Only "
    "`listen`,\n"
    "`socket_group` and the options on the command line stay as they were at the start.\n";

/* What the mode switches, for the manual; the code asks for the mode at each place. */
static const struct {
    const char *what, *development, *production;
} modes[] = {
    { "introspection (`__schema`, `__type`)", "on",
      "as the setting `introspection` says; off by default" },
    { "suggestions in messages (\"Did you mean ...?\")", "yes",
      "no: they would reveal names of the schema" },
    { "the header `Server-Timing` with the time of each phase", "yes",
      "no: times reveal what is in the database" },
    { "plan, SQL and times in an answer, for the header `Linnet-Explain: 1` "
      "([explain.md](explain.md))",
      "yes", "no: the header is ignored" },
    { "pages of `http://localhost` and `http://127.0.0.1`, with any port, may send requests (CORS)",
      "yes", "no: only those of `origins`" },
    { "a browser that opens the endpoint gets GraphiQL (`graphiql = auto`)", "yes",
      "no: a page that says where the endpoint is" },
    { "changes of files and of the database are loaded by themselves (`watch = on`)", "yes",
      "no: files are loaded on SIGHUP, and the database is read again when a statement does not "
      "fit it" },
    { "the names (`Host`) by which the server may be called",
      "`localhost`, `127.0.0.1`, `[::1]` and `hosts`",
      "any: the web server's `server_name` decides" },
};

static void
print_bounds(struct buf *b, const struct option *option)
{
    switch (option->type) {
    case OPTION_PATH:
        buf_put_c(b, "path");
        break;
    case OPTION_PATHS:
        buf_put_c(b, "paths");
        break;
    case OPTION_TEXT:
        buf_put_c(b, "text");
        break;
    case OPTION_ORIGINS:
        buf_put_c(b, "origins");
        break;
    case OPTION_HOSTS:
        buf_put_c(b, "hosts");
        break;
    case OPTION_HEADERS:
        buf_put_c(b, "headers");
        break;
    case OPTION_ROLES:
        buf_put_c(b, "roles");
        break;
    case OPTION_URL_PATH:
        buf_put_c(b, "path of a URL");
        break;
    case OPTION_RULES:
        buf_put_c(b, "rules");
        break;
    case OPTION_NUMBER:
        buf_printf(b, "%d to %d%s%s", option->least, option->most, option->unit ? " " : "",
                   option->unit ? option->unit : "");
        break;
    case OPTION_MODE:
    case OPTION_LEVEL:
    case OPTION_INTROSPECTION:
    case OPTION_COOKIE_SECURE:
    case OPTION_GRAPHIQL:
    case OPTION_WATCH:
    case OPTION_POOLER:
    case OPTION_PREPARED:
    case OPTION_DOCUMENTS_ONLY:
    case OPTION_SWITCH:
        config_option_write_choices(b, option->type);
        break;
    }
}

static void
print_option(struct buf *b, const struct option *option)
{
    bool is_empty = option->initial[0] == '\0';
    buf_printf(b, "| `%s` | %s%s%s | ", option->name, is_empty ? "" : "`", option->initial,
               is_empty ? "" : "`");
    print_bounds(b, option);
    buf_printf(b, " | %s |\n", option->sentence);
}

void
config_print(struct buf *b)
{
    static const char head[] =
        "| option | default | values | meaning |\n| --- | --- | --- | --- |\n";
    struct arena *a = arena_new("options");
    int count, i;
    const struct option *all = config_option_table(a, &count);

    buf_printf(b, "%s\n## Settings\n\n%s", introduction, head);
    for (i = 0; i < count && all[i].offset < offsetof(struct config, limits); i++)
        print_option(b, &all[i]);
    buf_printf(b,
               "\n## Limits\n\nEach limit is a bound on hostile input, and all of them are on by "
               "default. The table says what is\nbounded, and why. Input that exceeds a limit is "
               "refused with `LIMIT_EXCEEDED`, the limit's name\nand its value.\n\n%s",
               head);
    for (; i < count; i++)
        print_option(b, &all[i]);
    buf_printf(b,
               "\n## Other issuers\n\nA section `[issuer NAME]` of the configuration file "
               "describes tokens that somebody else\nissues: see "
               "[accounts.md](accounts.md#tokens-of-other-issuers). These settings are lines of "
               "such a section;\nthere are no options and no variables for them.\n\n%s",
               head);
    for (i = 0; i < config_issuer_option_count; i++)
        print_option(b, &config_issuer_options[i]);
    buf_put_c(b, "\n## Modes\n\n| `mode` | development | production |\n| --- | --- | --- |\n");
    for (size_t m = 0; m < ARRAY_LENGTH(modes); m++)
        buf_printf(b, "| %s | %s | %s |\n", modes[m].what, modes[m].development,
                   modes[m].production);
    arena_free(a);
}
