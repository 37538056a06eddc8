/*
 * config.h - every setting of the program, from one table.
 *
 * A setting is an option `--listen S`, a variable LINNET_LISTEN or a line
 * `listen = S` of the file, and holds in this order; below them is the default.
 * The bounds on hostile input are settings too: `limit_body` and so on, from
 * base/limits.h.  docs/configuration.md is printed from the table
 * (config_print.c).
 *
 * The file is the one that --config or LINNET_CONFIG names, or else ./linnet.conf
 * if there is one.  Relative paths count from the folder of the file that they
 * stand in, and those of options and variables from the current folder.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/str.h"

struct arena;
struct buf;

enum config_mode { MODE_DEVELOPMENT, MODE_PRODUCTION };

/* Who may ask for the schema, in production. */
enum config_introspection {
    INTROSPECTION_OFF,  /* nobody */
    INTROSPECTION_ON,   /* everybody */
    INTROSPECTION_USER, /* who is signed in */
    INTROSPECTION_STAFF /* who is signed in and of the staff */
};

/* clang-format off */

/*  member, type, default, least, most, sentence.  Least and most are bytes of a text or
 *  path, and what a number may be; of choices, the default is one of the words. */
#define CONFIG_OPTIONS(X)                                                                          \
    X(config, PATH, "", 0, 4095,                                                                   \
      "The configuration file. Default: `linnet.conf` in the current folder, if there is one.")    \
    X(listen, PATH, "", 0, 107,                                                                    \
      "The Unix socket that the web server connects to. Not needed when a listening socket is "    \
      "inherited.")                                                                                \
    X(socket_group, TEXT, "", 0, 64,                                                               \
      "The group that may connect to the socket. Empty: the group of the process.")                \
    X(user, TEXT, "", 0, 64,                                                                       \
      "The user that the workers run as when the server is started as root. Empty: root.")         \
    X(workers, NUMBER, "0", 0, 1024,                                                               \
      "The number of worker processes. 0: one per core, at least two; one if the socket is "       \
      "descriptor 0, since a process manager then starts several.")                                \
    X(connections, NUMBER, "4", 1, 64,                                                             \
      "The most connections to PostgreSQL that a worker opens, each for one request at a time. "   \
      "Every worker has one more for signing up and in.")                                          \
    X(database, TEXT, "", 0, 4096,                                                                 \
      "The connection string for libpq. What it leaves out gets libpq's own defaults.")            \
    X(role, TEXT, "linnet_anon", 0, 63,                                                            \
      "The role for requests of anybody who is not signed in. Empty: roles are never switched "    \
      "(single-role mode).")                                                                       \
    X(role_user, TEXT, "linnet_user", 0, 63,                                                       \
      "The role for requests of signed-in users.")                                                 \
    X(role_staff, TEXT, "linnet_staff", 0, 63,                                                     \
      "The role for requests of the staff.")                                                       \
    X(contract, PATH, "schema.graphql", 1, 4095,                                                   \
      "The contract.")                                                                             \
    X(migrations, PATH, "", 0, 4095,                                                               \
      "The folder of numbered SQL files for `linnet migrate`. Empty: the contract's folder.")      \
    X(key_file, PATH, "", 0, 4095,                                                                 \
      "The file with the key that signs tokens: at least 32 bytes, readable by the master "        \
      "only. Empty: nobody can sign in.")                                                          \
    X(issuer, TEXT, "linnet", 1, 255,                                                              \
      "The issuer of tokens: their claim `iss`.")                                                  \
    X(audience, TEXT, "linnet", 1, 255,                                                            \
      "The audience of tokens: their claim `aud`. Servers that share a key must differ in it.")    \
    X(token_time, NUMBER, "900", 10, 86400,                                                        \
      "The lifetime of a token, in seconds. A replaced key is accepted for as long.")              \
    X(refresh_time, NUMBER, "1209600", 60, 31536000,                                               \
      "Seconds after a login during which its tokens may be refreshed.")                           \
    X(mode, MODE, "production", 0, 0,                                                              \
      "What differs between a developer's machine and a server: see \"Modes\" below.")             \
    X(introspection, INTROSPECTION, "off", 0, 0,                                                   \
      "Who may query the schema (`__schema`, `__type`) in production: `off` nobody, `on` "         \
      "everybody, `user` signed-in users, `staff` the staff.")                                     \
    X(origins, ORIGINS, "", 0, 4096,                                                               \
      "The origins of the sites whose pages may send requests, such as `https://example.org`, "    \
      "separated by spaces. They are compared exactly.")                                           \
    X(log, LEVEL, "info", 0, 0,                                                                    \
      "The least severe level that is written to standard error.")                                 \
    X(connect_time, NUMBER, "3000", 100, 60000,                                                    \
      "Milliseconds to wait for a connection to PostgreSQL.")                                      \
    X(peer_time, NUMBER, "1000", 50, 60000,                                                        \
      "Milliseconds that the web server may take to send a piece of a request or to read a "       \
      "piece of a response.")                                                                      \
    X(request_time, NUMBER, "8000", 10, 600000,                                                    \
      "Milliseconds that a request may take. What is not finished by then is an error.")           \
    X(drain_time, NUMBER, "10000", 0, 600000,                                                      \
      "Milliseconds that workers have to finish their requests when the server stops.")

/* clang-format on */

#define CONFIG_TYPE_PATH          const char *
#define CONFIG_TYPE_TEXT          const char *
#define CONFIG_TYPE_ORIGINS       const char *
#define CONFIG_TYPE_NUMBER        int
#define CONFIG_TYPE_MODE          int /* enum config_mode */
#define CONFIG_TYPE_LEVEL         int /* enum log_level */
#define CONFIG_TYPE_INTROSPECTION int /* enum config_introspection */

struct config {
#define CONFIG_MEMBER(member, type, value, least, most, sentence) CONFIG_TYPE_##type member;
    CONFIG_OPTIONS(CONFIG_MEMBER)
#undef CONFIG_MEMBER
    struct limits limits;
};

/* An option of the command line: `name` without dashes in front. */
struct config_flag {
    struct str name;
    const char *value;
};

enum config_result {
    CONFIG_OK,
    CONFIG_BAD_USAGE, /* an option is wrong */
    CONFIG_BAD        /* the file or the environment is wrong */
};

/* Is there an option of that name, `-` counting as `_`? */
bool config_has(struct str name);

/* Read the settings; texts live in the arena.  On failure `messages` has a
 * line for each thing that is wrong: where it stands, and what would be right. */
enum config_result
config_read(struct arena *a, const struct config_flag *flags, int flag_count,
            char *const *environment, struct config *config, struct buf *messages) MUST_CHECK;

/* Why somebody, who may be signed in and of the staff, must not ask for the schema; or NULL. */
const char *config_refuse_introspection(const struct config *config, bool is_user, bool is_staff);

/* Write the manual's page of the settings, in Markdown. */
void config_print(struct buf *b);

#endif
