/*
 * checks.h - the table of checks, which is also the manual's.
 *
 * A check's name stays as it is, since scripts know it.  Those of one group stand together, and a
 * check may look at what one above it has found.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCTOR_CHECKS_H
#define DOCTOR_CHECKS_H

struct doctor;

struct doctor_check {
    const char *group, *name;
    void (*run)(struct doctor *d);
    const char *finds, *because, *mend; /* for the manual, in Markdown */
};

/* clang-format off */

/*  group, name, function, what it finds, why that matters, what mends it */
#define DOCTOR_CHECKS(X)                                                                           \
    X("files", "config-writable", doctor_files_writable,                                           \
      "somebody other than root and the user who runs `linnet doctor` may write the "              \
      "configuration, the contract, trusted documents, an issuer's keys or a folder above them",   \
      "they decide what is served, to whom, and as which user",                                    \
      "`chown root`, `chmod go-w`")                                                                \
    X("files", "config-password", doctor_files_password,                                           \
      "the configuration has the database's password, and everybody may read it",                  \
      "every user of the machine can read the database",                                           \
      "`chmod 0600`")                                                                              \
    X("files", "key-file", doctor_files_key,                                                       \
      "`key_file` or one of `old_key_files` is missing or has no good key, or others may read "    \
      "it",                                                                                        \
      "whoever has the key can sign in as anybody",                                                \
      "`chmod 0600`; `linnet key new`")                                                            \
    X("files", "cursor-key-file", doctor_files_cursor_key,                                         \
      "the same for `cursor_key_file`, or it is not a secret",                                     \
      "the server does not start",                                                                 \
      "`linnet key new HS256`")                                                                    \
    X("files", "issuer-keys", doctor_files_issuers,                                                \
      "an issuer's `jwks` has no keys, is a week old, or cannot be read by `linnet doctor` or by " \
      "the workers' user",                                                                         \
      "tokens that are signed with newer keys are refused",                                        \
      "fetch the file by cron ([accounts.md](accounts.md#tokens-of-other-issuers))")               \
    X("settings", "development-mode", doctor_settings_mode,                                        \
      "`mode` is `development`, and the web server listens at a public address",                   \
      "answers show SQL, plans and times to everybody",                                            \
      "`mode = production`")                                                                       \
    X("settings", "introspection", doctor_settings_introspection,                                  \
      "`introspection` is `on` in production",                                                     \
      "everybody may ask for the whole schema",                                                    \
      "`introspection = staff`")                                                                   \
    X("settings", "graphiql", doctor_settings_graphiql,                                            \
      "`graphiql` is `on` in production",                                                          \
      "browsers that open the endpoint get a page to write operations in",                         \
      "`graphiql = auto`")                                                                         \
    X("server", "workers-user", doctor_server_user,                                                \
      "`user` is root or does not exist, or is not set although root runs `linnet doctor`",        \
      "whoever breaks into a worker has the whole machine",                                        \
      "`adduser --system --group linnet`, `user = linnet`")                                        \
    X("server", "socket-folder", doctor_server_folder,                                             \
      "the folder of `listen` is missing, or everybody may write to it",                           \
      "there is no socket; or another program's socket, in place of ours, gets all tokens",        \
      "`RuntimeDirectory=linnet` in the unit")                                                     \
    X("server", "socket", doctor_server_socket,                                                    \
      "no server accepts connections at the socket: it does not run, has left a socket "           \
      "behind, or hangs",                                                                          \
      "every request is answered with 503",                                                        \
      "`systemctl start linnet`; look at its log")                                                 \
    X("server", "socket-group", doctor_server_group,                                               \
      "the web server's user may not open the socket, or a folder above it; or there is no "       \
      "group `socket_group`",                                                                      \
      "every request is answered with 503",                                                        \
      "`socket_group = www-data`")                                                                 \
    X("server", "socket-mode", doctor_server_mode,                                                 \
      "everybody may write to the socket",                                                         \
      "any program of the machine can send requests and claim any client address",                 \
      "`chmod o-rwx`")                                                                             \
    X("server", "ready", doctor_server_ready,                                                      \
      "the server says that it is not ready, or that it is `degraded` after a reload that "        \
      "failed",                                                                                    \
      "requests are answered with 503, or by an old contract",                                     \
      "look at its log")                                                                           \
    X("server", "program", doctor_process_program,                                                 \
      "the program was replaced since the server was started",                                     \
      "the old program still runs, with its faults",                                               \
      "`systemctl restart linnet`")                                                                \
    X("server", "reload", doctor_process_reload,                                                   \
      "the configuration, the contract or a key has changed since the workers read it",            \
      "the server does not use what the file says",                                                \
      "`linnet check`, `systemctl reload linnet`")                                                 \
    X("server", "descriptors", doctor_process_descriptors,                                         \
      "a worker may open fewer files than it needs",                                               \
      "it accepts fewer connections of the web server",                                            \
      "`LimitNOFILE=4096`")                                                                        \
    X("server", "core-dumps", doctor_process_core,                                                 \
      "the kernel may write a worker's memory to a file",                                          \
      "it contains keys, tokens and what users sent",                                              \
      "`LimitCORE=0`")                                                                             \
    X("server", "memory", doctor_process_memory,                                                   \
      "workers × (`limit_cache_bytes` + `limit_request_memory` + `limit_output` + 6 MiB) is "      \
      "more than the memory of the machine or of the control group",                               \
      "the kernel kills workers under load",                                                       \
      "raise the bound, or lower these settings")                                                  \
    X("server", "log-disk", doctor_process_log,                                                    \
      "less than 100 MiB are free where the log is written",                                       \
      "lines of the log are lost, and nobody knows what went wrong",                               \
      "make room; rotate the log")                                                                 \
    X("web", "web-server", doctor_web_found,                                                       \
      "no configuration of nginx or Apache leads to the socket or the program, or the "            \
      "configuration cannot be read",                                                              \
      "nobody reaches the server",                                                                 \
      "[deployment.md](deployment.md); the configurations of lighttpd, Caddy and h2o are not "     \
      "read")                                                                                      \
    X("web", "nginx-default", doctor_nginx_default,                                                \
      "another server is nginx's default at our address, such as Debian's default site, and "      \
      "ours has no `server_name`",                                                                 \
      "requests go there, and are answered with 404",                                              \
      "`rm /etc/nginx/sites-enabled/default`")                                                     \
    X("web", "nginx-parameters", doctor_nginx_parameters,                                          \
      "a `fastcgi_param` that Linnet reads is missing",                                            \
      "requests are not understood, or all seem to come from one address",                         \
      "the lines of `share/linnet/nginx/linnet.conf`")                                             \
    X("web", "nginx-body", doctor_nginx_body,                                                      \
      "`client_max_body_size` is less than `limit_body`, or much more",                            \
      "nginx refuses requests that are allowed, or its disk fills",                                \
      "`client_max_body_size 256k;`")                                                              \
    X("web", "nginx-time", doctor_nginx_time,                                                      \
      "`fastcgi_read_timeout` is not more than `request_time`",                                    \
      "nginx gives up while Linnet still works on the request",                                    \
      "`fastcgi_read_timeout 30s;`")                                                               \
    X("web", "nginx-connections", doctor_nginx_connections,                                        \
      "`worker_connections` is less than four times `limit_conn`, or more than "                   \
      "`worker_rlimit_nofile`",                                                                    \
      "two clients take all connections of a process",                                             \
      "`worker_connections 1024;`")                                                                \
    X("web", "nginx-intercept", doctor_nginx_intercept,                                            \
      "`fastcgi_intercept_errors` is `on`",                                                        \
      "clients get nginx's pages in place of Linnet's errors",                                     \
      "`fastcgi_intercept_errors off;`")                                                           \
    X("web", "nginx-again", doctor_nginx_again,                                                    \
      "`fastcgi_next_upstream` has `non_idempotent`",                                              \
      "a mutation may be done twice",                                                              \
      "`fastcgi_next_upstream error;`")                                                            \
    X("web", "nginx-buffering", doctor_nginx_buffering,                                            \
      "`fastcgi_buffering` or `fastcgi_request_buffering` is `off`",                               \
      "slow clients hold connections to workers",                                                  \
      "set it to `on`")                                                                            \
    X("web", "nginx-version", doctor_nginx_version,                                                \
      "`server_tokens` is `on`",                                                                   \
      "attackers who look for a version with a known fault find this server",                      \
      "`server_tokens off;`")                                                                      \
    X("web", "nginx-health", doctor_nginx_health,                                                  \
      "everybody may ask for `/live`, `/ready` or `/metrics`",                                     \
      "they show how the server is doing, and each `/ready` asks PostgreSQL",                      \
      "`allow 127.0.0.1; deny all;`")                                                              \
    X("web", "nginx-address", doctor_nginx_address,                                                \
      "`set_real_ip_from` trusts every client",                                                    \
      "whoever guesses passwords can claim another address for each attempt",                      \
      "name only your proxies")                                                                    \
    X("web", "nginx-tls", doctor_nginx_tls,                                                        \
      "nginx listens at a public address without TLS, and users sign in",                          \
      "passwords and tokens can be read on the way",                                               \
      "`listen 443 ssl;` and a certificate")                                                       \
    X("web", "nginx-certificate", doctor_nginx_certificate,                                        \
      "the certificate has expired, expires within three weeks or cannot be read; or "             \
      "everybody may read its key",                                                                \
      "browsers refuse the site; or others can pose as it",                                        \
      "renew it, and reload nginx; `chmod 0600`")                                                  \
    X("web", "nginx-origins", doctor_nginx_origins,                                                \
      "nginx does not know one of `origins`",                                                      \
      "its pages see a network error where nginx answers 429 or 503",                              \
      "`linnet print origins`")                                                                    \
    X("web", "nginx-cache", doctor_nginx_cache,                                                    \
      "`fastcgi_cache` keeps answers although `Cache-Control` is ignored, or also answers of "     \
      "signed-in users",                                                                           \
      "one user gets another's answer",                                                            \
      "the lines of `share/linnet/nginx/linnet.conf` ([caching.md](caching.md))")                  \
    X("web", "nginx-log", doctor_nginx_log,                                                        \
      "the access log has query strings",                                                          \
      "a file keeps what users search for",                                                        \
      "the `log_format` of `share/linnet/nginx/linnet.conf`")                                      \
    X("web", "apache-authorization", doctor_apache_authorization,                                  \
      "Apache hides the header `Authorization`",                                                   \
      "nobody is ever signed in",                                                                  \
      "`CGIPassAuth On`; `FcgidPassHeader Authorization`")                                         \
    X("web", "apache-body", doctor_apache_body,                                                    \
      "`LimitRequestBody` or `FcgidMaxRequestLen` is less than `limit_body`",                      \
      "requests that are allowed are refused, or get an error 500",                                \
      "`FcgidMaxRequestLen 262145`")                                                               \
    X("web", "apache-time", doctor_apache_time,                                                    \
      "Apache's time-out is not more than `request_time`",                                         \
      "Apache gives up while Linnet still works on the request",                                   \
      "`ProxySet timeout=30`")                                                                     \
    X("web", "apache-files", doctor_apache_files,                                                  \
      "the program is below `DocumentRoot`, and access to the files beside it is not denied",      \
      "everybody can read the key and the configuration beside it",                                \
      "the `FilesMatch` of `share/linnet/apache/linnet-cgi.conf`")                                 \
    X("database", "database-login", doctor_connection_login,                                       \
      "PostgreSQL cannot be reached, or refuses the login role",                                   \
      "every request is answered with 503",                                                        \
      "`pg_hba.conf`; the password; the setting `database`")                                       \
    X("database", "database-workers", doctor_connection_workers,                                   \
      "the workers' `user` cannot log in, although root can",                                      \
      "`peer` and password files depend on the user who connects",                                 \
      "`pg_ident.conf`")                                                                           \
    X("database", "database-tls", doctor_connection_tls,                                           \
      "PostgreSQL is on another machine, and the connection is not encrypted, or `sslmode` is "    \
      "less than `verify-full`",                                                                   \
      "somebody on the way can read and change all data",                                          \
      "`sslmode=verify-full`")                                                                     \
    X("database", "database-certificate", doctor_connection_certificates,                          \
      "`sslrootcert` or `sslcert` has expired, expires within three weeks or cannot be read",      \
      "no new connection can be made",                                                             \
      "renew it")                                                                                  \
    X("database", "pooler", doctor_connection_pooler,                                              \
      "there is a pooler such as PgBouncer, and `pooler` is not set; or the other way round",      \
      "the server refuses to work; or each transaction costs more",                                \
      "`pooler = transaction` ([poolers.md](poolers.md))")                                         \
    X("database", "connections", doctor_connection_count,                                          \
      "workers × (`connections` + 1) × 2 is more than a CONNECTION LIMIT, or than "                \
      "`max_connections` without the reserved ones and three for people",                          \
      "a reload, or somebody with psql, gets no connection",                                       \
      "raise the bound, or lower `connections`")                                                   \
    X("database", "database-version", doctor_database_version,                                     \
      "PostgreSQL is older than 15, gets no more fixes, or has a known fault of row-level "        \
      "security",                                                                                  \
      "policies may show rows that they hide",                                                     \
      "upgrade it")                                                                                \
    X("database", "database-encoding", doctor_database_encoding,                                   \
      "the encoding is not UTF8",                                                                  \
      "texts of clients are refused",                                                              \
      "a new database")                                                                            \
    X("database", "database-durability", doctor_database_durability,                               \
      "`fsync`, `full_page_writes` or `synchronous_commit` is off",                                \
      "data may be lost at a power failure, although the mutation was answered",                   \
      "`ALTER SYSTEM RESET`")                                                                      \
    X("database", "database-clock", doctor_database_clock,                                         \
      "PostgreSQL's clock and this machine's differ by more than two seconds",                     \
      "tokens and sessions end at the wrong time",                                                 \
      "synchronise both by NTP")                                                                   \
    X("database", "database-collation", doctor_database_collation,                                 \
      "the version of the locale has changed since the indexes were made",                         \
      "pages skip rows, unique keys have duplicates",                                              \
      "`REINDEX DATABASE`")                                                                        \
    X("database", "database-age", doctor_database_age,                                             \
      "rows are more than a thousand million transactions old",                                    \
      "PostgreSQL stops accepting writes at 2,144 million",                                        \
      "`vacuumdb --freeze`")                                                                       \
    X("database", "database-standby", doctor_database_standby,                                     \
      "`database` leads to a standby, and the contract has mutations",                             \
      "each mutation is refused",                                                                  \
      "`target_session_attrs=read-write`")                                                         \
    X("database", "extensions", doctor_database_extensions,                                        \
      "an extension in the database is older than its installed files",                            \
      "the upgrade is only half done: the old faults are still there",                             \
      "`ALTER EXTENSION ... UPDATE`")                                                              \
    X("database", "invalid-indexes", doctor_database_invalid,                                      \
      "an index is not valid",                                                                     \
      "it costs each write, and serves nothing",                                                   \
      "`REINDEX INDEX CONCURRENTLY`")                                                              \
    X("database", "statistics", doctor_database_statistics,                                        \
      "a table of more than 8 MB was never analysed",                                              \
      "PostgreSQL's plans are guesses, and so is `limit_filter_cost`",                             \
      "`ANALYZE`")                                                                                 \
    X("database", "pg-hba", doctor_database_hba,                                                   \
      "a line of `pg_hba.conf` has `trust` or is invalid (checked if the login role may read "     \
      "it)",                                                                                       \
      "with `trust`, everybody can log in as anybody",                                             \
      "`peer`, `scram-sha-256`")                                                                   \
    X("database", "migrations", doctor_database_migrations,                                        \
      "some SQL files have not been applied",                                                      \
      "tables and functions of the contract are missing or old",                                   \
      "`linnet migrate`")                                                                          \
    X("roles", "role-switch", doctor_roles_switch,                                                 \
      "a role that requests take on is missing, or the login role may not take it on",             \
      "requests with this role fail",                                                              \
      "`GRANT`")                                                                                   \
    X("roles", "role-inherit", doctor_roles_inherit,                                               \
      "the login role inherits the rights of the roles of requests",                               \
      "a statement without a role has all their rights",                                           \
      "`NOINHERIT`")                                                                               \
    X("roles", "role-powers", doctor_roles_powers,                                                 \
      "the login role has CREATEROLE, CREATEDB or REPLICATION",                                    \
      "whoever breaks into a worker has the whole cluster",                                        \
      "`ALTER ROLE`")                                                                              \
    X("roles", "role-create", doctor_roles_create,                                                 \
      "PUBLIC may create objects in a schema of the search path",                                  \
      "somebody else's function may be called in place of yours",                                  \
      "`REVOKE CREATE`")                                                                           \
    X("roles", "role-settings", doctor_roles_settings,                                             \
      "`default_transaction_read_only` is on, or a time-out closes the workers' connections",      \
      "mutations are refused; or connections must be made again and again",                        \
      "`ALTER ROLE ... SET`")                                                                      \
    X("roles", "row-level-security", doctor_roles_audit,                                           \
      "what `linnet check` finds about row-level security: superusers, BYPASSRLS, owners, "        \
      "tables and views for which policies are not asked",                                         \
      "somebody sees, or changes, what is not theirs; the server does not start",                  \
      "`linnet check --fix-sql`")                                                                  \
    X("contract", "contract", doctor_contract_read,                                                \
      "the contract cannot be read",                                                               \
      "the server does not start",                                                                 \
      "`linnet check`")                                                                            \
    X("contract", "contract-fit", doctor_contract_fit,                                             \
      "the contract does not fit the database",                                                    \
      "the server does not start; a reload keeps the old contract",                                \
      "`linnet check`")                                                                            \
    X("contract", "documents", doctor_contract_documents,                                          \
      "a trusted document cannot be read or does not fit the contract",                            \
      "the server does not start",                                                                 \
      "`linnet check`")                                                                            \
    X("contract", "snapshot", doctor_contract_snapshot,                                            \
      "`schema.catalog` is of another contract, or differs from what the database has",            \
      "plain CGI answers SCHEMA_RELOADING, or reads the catalog for each request",                 \
      "`linnet check --write`")                                                                    \
    X("contract", "indexes", doctor_contract_indexes,                                              \
      "no index serves the order of a list, a filter, a join or a search (also where "             \
      "`pg_trgm` is missing)",                                                                     \
      "each request reads whole tables",                                                           \
      "`linnet print indexes`")                                                                    \
    X("contract", "policy-indexes", doctor_contract_policies,                                      \
      "a policy compares a column that no index begins with, and the table has more than "         \
      "10,000 rows",                                                                               \
      "each request reads the whole table",                                                        \
      "`CREATE INDEX CONCURRENTLY`")

/* clang-format on */

#define DOCTOR_PROTOTYPE(group, name, function, finds, because, mend)                              \
    void function(struct doctor *d);
DOCTOR_CHECKS(DOCTOR_PROTOTYPE)
#undef DOCTOR_PROTOTYPE

extern const struct doctor_check doctor_checks[];
extern const int doctor_check_count;

#endif
