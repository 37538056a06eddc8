# server.sh - a server for tests: an instance of its own, made by ./up in a
# temporary directory and on a free port, so that an ./up that runs meanwhile is
# not disturbed.  Sourced after scripts/common.sh, by bash.
#
# SPDX-License-Identifier: MIT

server_directory=

# server_start BUILD LOG [--web] - start one from the linnet in the directory BUILD, what
# ./up says in LOG; with --web it has the site and GraphiQL.  Those that run at once have
# a CHECK_LANE each, 0 to 9.  Tests find the server in the environment:
#
#     LINNET_URL        http://127.0.0.1:PORT/graphql
#     LINNET_PROGRAM    the program that serves
#     LINNET_STATE      the instance's directory: linnet.pid, nginx/nginx.pid, log/ ...
#     LINNET_UP         the command that brings all of it back after a fault
#     LINNET_DATABASE   a connection string, as the workers' role
#     PGHOST ...        so that psql is the superuser of its database
server_start() {
    local build port web=--no-web
    [ "${3-}" != --web ] || web=
    build=$(realpath "$1")
    # Two runs at once hardly meet, and the lanes of one never.
    port=$((18080 + RANDOM % 100 * 10 + ${CHECK_LANE:-0}))
    while is_port_open "$port"; do
        port=$((port + 10))
    done
    server_directory=$(mktemp -d /tmp/linnet-test.XXXXXX)
    chmod 755 "$server_directory"
    export LINNET_STATE=$server_directory/state
    export LINNET_PROGRAM=$build/linnet
    export LINNET_URL=http://127.0.0.1:$port/graphql
    export LINNET_UP="$ROOT/up --detach $web --port $port --state $LINNET_STATE --program $LINNET_PROGRAM"
    # Tests create accounts as they like, all from one address.
    export LINNET_SIGN_UPS=1000000
    # On a busy machine all takes longer.  What tests bounds of time sets its own.
    export LINNET_REQUEST_TIME=25000 LINNET_LIMIT_DATABASE_TIME=20000
    # Tests change files and tables, and say themselves when they are to be read again.  Those of
    # watching turn it on.
    export LINNET_WATCH=off
    step "$2" "Starting a server ($(basename "$build"))" $LINNET_UP
    # Debian's psql is a program in Perl that finds this one, and takes twice as long.
    PATH=$(postgresql_newest):$PATH
    PGHOST=$(sed -n "s/^unix_socket_directories = '\(.*\)'/\1/p" "$LINNET_STATE/postgresql.conf")
    export PGHOST PGUSER=postgres PGDATABASE=linnet
    export LINNET_DATABASE="host=$PGHOST dbname=linnet user=linnet_login"
    # ./up has waited for the first worker; what the others do to start is not to be seen by tests.
    step "${2%.log}-workers.log" "Waiting for all workers" server_wait_workers
    # No test cuts the machine's power.
    psql --no-psqlrc --quiet --command='ALTER SYSTEM SET fsync = off' --command='SELECT pg_reload_conf()' > /dev/null
}

# server_wait_workers - until each worker, one per core and at least two, has connected and has nothing to do.
server_wait_workers() {
    local workers deadline=$((SECONDS + 300))
    workers=$(nproc)
    [ "$workers" -ge 2 ] || workers=2
    until "$LINNET_PROGRAM" status --json --config "$LINNET_STATE/linnet.conf" | grep "\"idleConnections\":$workers,"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

# server_stop [LOG] - stop it and remove all of it; keep what Linnet logged in LOG.
server_stop() {
    [ -n "$server_directory" ] || return 0
    [ -z "${1-}" ] || cp "$LINNET_STATE/log/linnet.log" "$1" 2> /dev/null || true
    "$ROOT/down" --purge --state "$LINNET_STATE" > /dev/null || true
    rm -rf "$server_directory"
    server_directory=
}
