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
      "others than root and who asks may write the configuration, the contract, trusted "          \
      "documents, an issuer's keys or a folder above them",                                        \
      "they decide what is served, to whom, and as which user",                                    \
      "`chown root`, `chmod go-w`")                                                                \
    X("files", "config-password", doctor_files_password,                                           \
      "the configuration has the database's password and may be read by everybody",                \
      "every user of the machine reads the database",                                              \
      "`chmod 0600`")                                                                              \
    X("files", "key-file", doctor_files_key,                                                       \
      "`key_file` or one of `old_key_files` is not there, no good key, or may be read by "         \
      "others",                                                                                    \
      "who has the key signs in as anybody",                                                       \
      "`chmod 0600`; `linnet key new`")                                                            \
    X("files", "cursor-key-file", doctor_files_cursor_key,                                         \
      "the same of `cursor_key_file`, which must be a secret",                                     \
      "the server does not start",                                                                 \
      "`linnet key new HS256`")                                                                    \
    X("files", "issuer-keys", doctor_files_issuers,                                                \
      "an issuer's `jwks` cannot be read, by the workers' user either, has no keys, or is a "      \
      "week old",                                                                                  \
      "tokens that are signed with newer keys are refused",                                        \
      "fetch it by cron ([accounts.md](accounts.md#tokens-of-other-issuers))")                     \
    X("settings", "development-mode", doctor_settings_mode,                                        \
      "`mode = development` behind a web server that listens at a public address",                 \
      "answers tell SQL, plans and times",                                                         \
      "`mode = production`")                                                                       \
    X("settings", "introspection", doctor_settings_introspection,                                  \
      "`introspection = on` in production",                                                        \
      "everybody may ask for the whole schema",                                                    \
      "`introspection = staff`")                                                                   \
    X("settings", "graphiql", doctor_settings_graphiql,                                            \
      "`graphiql = on` in production",                                                             \
      "browsers get a page to write operations in",                                                \
      "`graphiql = auto`")                                                                         \
    X("server", "workers-user", doctor_server_user,                                                \
      "`user` is not set although root asks, is root, or does not exist",                          \
      "a fault of a worker would be one of the whole machine",                                     \
      "`adduser --system --group linnet`, `user = linnet`")                                        \
    X("server", "socket-folder", doctor_server_folder,                                             \
      "the folder of `listen` is not there, or everybody may write to it",                         \
      "somebody else's socket would get all tokens",                                               \
      "`RuntimeDirectory=linnet` in the unit")                                                     \
    X("server", "socket", doctor_server_socket,                                                    \
      "nobody listens there: the server does not run, has left a socket behind, or accepts "       \
      "nothing",                                                                                   \
      "every request is answered with 503",                                                        \
      "`systemctl start linnet`, and its log")                                                     \
    X("server", "socket-group", doctor_server_group,                                               \
      "the web server's user may not open the socket, or a folder above it; there is no such "     \
      "`socket_group`",                                                                            \
      "every request is answered with 503",                                                        \
      "`socket_group = www-data`")                                                                 \
    X("server", "socket-mode", doctor_server_mode,                                                 \
      "everybody may write to the socket",                                                         \
      "any program of the machine says from which address a request comes",                        \
      "`chmod o-rwx`")                                                                             \
    X("server", "ready", doctor_server_ready,                                                      \
      "the server itself says that it is not ready, or `degraded` after a reload that failed",     \
      "requests are answered with 503, or by an old contract",                                     \
      "its log")                                                                                   \
    X("server", "program", doctor_process_program,                                                 \
      "the program was replaced since the server was started",                                     \
      "the old one serves, with its faults",                                                       \
      "`systemctl restart linnet`")                                                                \
    X("server", "reload", doctor_process_reload,                                                   \
      "configuration, contract or key have changed since the workers read them",                   \
      "what the file says is not what is served",                                                  \
      "`linnet check`, `systemctl reload linnet`")                                                 \
    X("server", "descriptors", doctor_process_descriptors,                                         \
      "a worker may open fewer files than it wants",                                               \
      "it takes fewer connections of the web server",                                              \
      "`LimitNOFILE=4096`")                                                                        \
    X("server", "core-dumps", doctor_process_core,                                                 \
      "the kernel may write a worker's memory to a file",                                          \
      "keys, tokens and what users sent are in it",                                                \
      "`LimitCORE=0`")                                                                             \
    X("server", "memory", doctor_process_memory,                                                   \
      "workers × (`limit_cache_bytes` + `limit_request_memory` + `limit_output` + 6 MiB) is "      \
      "more than the machine or the control group has",                                            \
      "the kernel kills workers under load",                                                       \
      "raise the bound, or lower the settings")                                                    \
    X("server", "log-disk", doctor_process_log,                                                    \
      "where the log is written, less than 100 MiB are free",                                      \
      "lines are lost, and with them what went wrong",                                             \
      "make room; rotate it")                                                                      \
    X("web", "web-server", doctor_web_found,                                                       \
      "no configuration of nginx or Apache leads to the socket or the program, or it cannot "      \
      "be read",                                                                                   \
      "nobody reaches the server",                                                                 \
      "[deployment.md](deployment.md); those of lighttpd, Caddy and h2o are not read")             \
    X("web", "nginx-default", doctor_nginx_default,                                                \
      "another server is the default at our address, and ours has no name: Debian's default "      \
      "site",                                                                                      \
      "requests go there, and are answered with 404",                                              \
      "`rm /etc/nginx/sites-enabled/default`")                                                     \
    X("web", "nginx-parameters", doctor_nginx_parameters,                                          \
      "a `fastcgi_param` that Linnet reads is missing",                                            \
      "requests are not understood, or are all counted as of one address",                         \
      "the lines of `share/linnet/nginx/linnet.conf`")                                             \
    X("web", "nginx-body", doctor_nginx_body,                                                      \
      "`client_max_body_size` is less than `limit_body`, or much more",                            \
      "requests are refused that are allowed, or fill nginx's disk",                               \
      "`client_max_body_size 256k;`")                                                              \
    X("web", "nginx-time", doctor_nginx_time,                                                      \
      "`fastcgi_read_timeout` is not more than `request_time`",                                    \
      "nginx gives up requests that are answered",                                                 \
      "`fastcgi_read_timeout 30s;`")                                                               \
    X("web", "nginx-connections", doctor_nginx_connections,                                        \
      "`worker_connections` is less than four times `limit_conn`, or more than "                   \
      "`worker_rlimit_nofile`",                                                                    \
      "two clients take all connections of a process",                                             \
      "`worker_connections 1024;`")                                                                \
    X("web", "nginx-intercept", doctor_nginx_intercept,                                            \
      "`fastcgi_intercept_errors on`",                                                             \
      "clients get nginx's pages for Linnet's errors",                                             \
      "`fastcgi_intercept_errors off;`")                                                           \
    X("web", "nginx-again", doctor_nginx_again,                                                    \
      "`fastcgi_next_upstream` has `non_idempotent`",                                              \
      "a mutation may be done twice",                                                              \
      "`fastcgi_next_upstream error;`")                                                            \
    X("web", "nginx-buffering", doctor_nginx_buffering,                                            \
      "`fastcgi_buffering off` or `fastcgi_request_buffering off`",                                \
      "slow clients hold connections to workers",                                                  \
      "`on`")                                                                                      \
    X("web", "nginx-version", doctor_nginx_version,                                                \
      "`server_tokens` is on",                                                                     \
      "who looks for a version with a known fault finds it",                                       \
      "`server_tokens off;`")                                                                      \
    X("web", "nginx-health", doctor_nginx_health,                                                  \
      "everybody may ask for `/live`, `/ready` or `/metrics`",                                     \
      "they tell how the server is doing, and each `/ready` asks PostgreSQL",                      \
      "`allow 127.0.0.1; deny all;`")                                                              \
    X("web", "nginx-address", doctor_nginx_address,                                                \
      "`set_real_ip_from` believes everybody",                                                     \
      "who guesses passwords is never the same address",                                           \
      "name the proxies alone")                                                                    \
    X("web", "nginx-tls", doctor_nginx_tls,                                                        \
      "no TLS at a public address, where users sign in",                                           \
      "passwords and tokens can be read on the way",                                               \
      "`listen 443 ssl;` and a certificate")                                                       \
    X("web", "nginx-certificate", doctor_nginx_certificate,                                        \
      "the certificate has ended, ends within three weeks or cannot be read; everybody may "       \
      "read its key",                                                                              \
      "browsers refuse the site",                                                                  \
      "renew it, reload nginx")                                                                    \
    X("web", "nginx-origins", doctor_nginx_origins,                                                \
      "nginx does not know one of `origins`",                                                      \
      "its pages see a network error where nginx answers 429 or 503",                              \
      "`linnet print origins`")                                                                    \
    X("web", "nginx-cache", doctor_nginx_cache,                                                    \
      "`fastcgi_cache` goes on although `Cache-Control` is ignored, or for who is signed in",      \
      "one user gets another's answer",                                                            \
      "the lines of `share/linnet/nginx/linnet.conf` ([caching.md](caching.md))")                  \
    X("web", "nginx-log", doctor_nginx_log,                                                        \
      "the access log has query strings",                                                          \
      "what users search for is kept in a file",                                                   \
      "the `log_format` of `share/linnet/nginx/linnet.conf`")                                      \
    X("web", "apache-authorization", doctor_apache_authorization,                                  \
      "Apache hides the header `Authorization`",                                                   \
      "nobody is ever signed in",                                                                  \
      "`CGIPassAuth On`; `FcgidPassHeader Authorization`")                                         \
    X("web", "apache-body", doctor_apache_body,                                                    \
      "`LimitRequestBody` or `FcgidMaxRequestLen` is less than `limit_body`",                      \
      "requests that are allowed are refused, or an error 500",                                    \
      "`FcgidMaxRequestLen 262145`")                                                               \
    X("web", "apache-time", doctor_apache_time,                                                    \
      "Apache's time-out is not more than `request_time`",                                         \
      "it gives up requests that are answered",                                                    \
      "`ProxySet timeout=30`")                                                                     \
    X("web", "apache-files", doctor_apache_files,                                                  \
      "the program lies below `DocumentRoot`, and no file is denied",                              \
      "Apache serves the key and the configuration beside it",                                     \
      "the `FilesMatch` of `share/linnet/apache/linnet-cgi.conf`")                                 \
    X("database", "database-login", doctor_connection_login,                                       \
      "PostgreSQL cannot be reached, or refuses the login role",                                   \
      "every request is answered with 503",                                                        \
      "`pg_hba.conf`, the password, `database`")                                                   \
    X("database", "database-workers", doctor_connection_workers,                                   \
      "the workers' `user` cannot log in, although root can",                                      \
      "`peer` and files of passwords go by the user who connects",                                 \
      "`pg_ident.conf`")                                                                           \
    X("database", "database-tls", doctor_connection_tls,                                           \
      "PostgreSQL is on another machine, and the connection is not encrypted or `sslmode` is "     \
      "less than `verify-full`",                                                                   \
      "who is in between reads, and changes, all data",                                            \
      "`sslmode=verify-full`")                                                                     \
    X("database", "database-certificate", doctor_connection_certificates,                          \
      "`sslrootcert` or `sslcert` has ended, ends within three weeks or cannot be read",           \
      "no connection is made any more",                                                            \
      "renew it")                                                                                  \
    X("database", "pooler", doctor_connection_pooler,                                              \
      "a pooler such as PgBouncer is in between, and `pooler` is not set; or the other way round", \
      "the server refuses to work; each transaction costs more",                                   \
      "`pooler = transaction` ([poolers.md](poolers.md))")                                         \
    X("database", "connections", doctor_connection_count,                                          \
      "workers × (`connections` + 1) × 2 is more than `max_connections` without those "            \
      "reserved and three for people, or than a CONNECTION LIMIT",                                 \
      "a reload, or a person, gets no connection",                                                 \
      "raise it, or lower `connections`")                                                          \
    X("database", "database-version", doctor_database_version,                                     \
      "PostgreSQL is older than 15, no longer mended, or has a known fault of row-level "          \
      "security",                                                                                  \
      "policies may show rows that they hide",                                                     \
      "upgrade it")                                                                                \
    X("database", "database-encoding", doctor_database_encoding,                                   \
      "the encoding is not UTF8",                                                                  \
      "texts of clients are refused",                                                              \
      "a new database")                                                                            \
    X("database", "database-durability", doctor_database_durability,                               \
      "`fsync`, `full_page_writes` or `synchronous_commit` is off",                                \
      "data that was answered for is lost with the power",                                         \
      "`ALTER SYSTEM RESET`")                                                                      \
    X("database", "database-clock", doctor_database_clock,                                         \
      "PostgreSQL's clock and this machine's differ by more than two seconds",                     \
      "tokens and sessions end at the wrong time",                                                 \
      "NTP")                                                                                       \
    X("database", "database-collation", doctor_database_collation,                                 \
      "the locale's version is another than when the indexes were made",                           \
      "pages skip rows, unique keys have duplicates",                                              \
      "`REINDEX DATABASE`")                                                                        \
    X("database", "database-age", doctor_database_age,                                             \
      "rows are more than a thousand million transactions old",                                    \
      "PostgreSQL stops to accept writes",                                                         \
      "`vacuumdb --freeze`")                                                                       \
    X("database", "database-standby", doctor_database_standby,                                     \
      "`database` leads to a standby, and the contract has mutations",                             \
      "each is refused",                                                                           \
      "`target_session_attrs=read-write`")                                                         \
    X("database", "extensions", doctor_database_extensions,                                        \
      "an extension is older than its files",                                                      \
      "a half upgrade: its faults are still there",                                                \
      "`ALTER EXTENSION ... UPDATE`")                                                              \
    X("database", "invalid-indexes", doctor_database_invalid,                                      \
      "an index is not valid",                                                                     \
      "it costs each write, and serves nothing",                                                   \
      "`REINDEX INDEX CONCURRENTLY`")                                                              \
    X("database", "statistics", doctor_database_statistics,                                        \
      "a table of more than 8 MB was never analysed",                                              \
      "plans are guesses, and so is `limit_filter_cost`",                                          \
      "`ANALYZE`")                                                                                 \
    X("database", "pg-hba", doctor_database_hba,                                                   \
      "a line of `pg_hba.conf` has `trust`, or is not understood (where it may be read)",          \
      "anybody logs in as anybody",                                                                \
      "`peer`, `scram-sha-256`")                                                                   \
    X("database", "migrations", doctor_database_migrations,                                        \
      "SQL files have not been applied",                                                           \
      "the contract's tables and functions are old",                                               \
      "`linnet migrate`")                                                                          \
    X("roles", "role-switch", doctor_roles_switch,                                                 \
      "a role that requests take on is not there, or the login role may not take it on",           \
      "its users get nothing",                                                                     \
      "`GRANT`")                                                                                   \
    X("roles", "role-inherit", doctor_roles_inherit,                                               \
      "the login role inherits the rights of requests",                                            \
      "what is asked without a role sees what they see",                                           \
      "`NOINHERIT`")                                                                               \
    X("roles", "role-powers", doctor_roles_powers,                                                 \
      "the login role has CREATEROLE, CREATEDB or REPLICATION",                                    \
      "a fault of the server would be one of the cluster",                                         \
      "`ALTER ROLE`")                                                                              \
    X("roles", "role-create", doctor_roles_create,                                                 \
      "PUBLIC may create in a schema of the search path",                                          \
      "anybody's function is called in the place of yours",                                        \
      "`REVOKE CREATE`")                                                                           \
    X("roles", "role-settings", doctor_roles_settings,                                             \
      "`default_transaction_read_only`, or a time-out that closes the connections of workers",     \
      "mutations are refused, connections made anew",                                              \
      "`ALTER ROLE ... SET`")                                                                      \
    X("roles", "row-level-security", doctor_roles_audit,                                           \
      "what `linnet check` finds: superuser, BYPASSRLS, owners, tables and views past which "      \
      "policies are not asked",                                                                    \
      "somebody sees, or changes, what is not theirs; the server does not start",                  \
      "`linnet check --fix-sql`")                                                                  \
    X("contract", "contract", doctor_contract_read,                                                \
      "the contract cannot be read",                                                               \
      "the server does not start",                                                                 \
      "`linnet check`")                                                                            \
    X("contract", "contract-fit", doctor_contract_fit,                                             \
      "it does not fit the database",                                                              \
      "the server does not start; a reload keeps the old one",                                     \
      "`linnet check`")                                                                            \
    X("contract", "documents", doctor_contract_documents,                                          \
      "a trusted document cannot be read or does not fit the contract",                            \
      "the server does not start",                                                                 \
      "`linnet check`")                                                                            \
    X("contract", "snapshot", doctor_contract_snapshot,                                            \
      "`schema.catalog` is of another contract, or not what the database has",                     \
      "plain CGI answers SCHEMA_RELOADING, or reads the catalog for each request",                 \
      "`linnet check --write`")                                                                    \
    X("contract", "indexes", doctor_contract_indexes,                                              \
      "no index serves a list's order, a filter, a search (also where `pg_trgm` is missing) "      \
      "or a join",                                                                                 \
      "whole tables are read, for each request",                                                   \
      "`linnet print indexes`")                                                                    \
    X("contract", "policy-indexes", doctor_contract_policies,                                      \
      "a policy compares a column of a table of more than 10,000 rows that no index begins "       \
      "with",                                                                                      \
      "the whole table is read, for each request",                                                 \
      "`CREATE INDEX CONCURRENTLY`")

/* clang-format on */

#define DOCTOR_PROTOTYPE(group, name, function, finds, because, mend)                              \
    void function(struct doctor *d);
DOCTOR_CHECKS(DOCTOR_PROTOTYPE)
#undef DOCTOR_PROTOTYPE

extern const struct doctor_check doctor_checks[];
extern const int doctor_check_count;

#endif
