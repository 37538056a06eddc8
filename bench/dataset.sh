# dataset.sh - the data set of the benchmarks, in an instance of its own.  Sourced after
# scripts/instance.sh, by bash.
#
# SPDX-License-Identifier: MIT

# dataset_fill SCALE - make it, unless it is there.
dataset_fill() {
    instance_psql postgres --dbname=postgres --file="$ROOT/scripts/roles.sql"
    "$PROGRAM" migrate --config "$STATE/linnet.conf" --migrations "$ROOT/sql" \
        --database "host=$SOCKETS/postgresql dbname=linnet user=linnet_owner"
    if [ "$(instance_psql postgres -At -c 'SELECT EXISTS (SELECT FROM users)')" = f ]; then
        step "$STATE/log/dataset.log" "Making the data set" \
            instance_psql linnet_owner --set=scale="$1" --file="$ROOT/bench/dataset.sql"
    fi
}

# bench_start PORT SCALE DIRECTORY - start Linnet in production mode, on the data set and with a contract
# that has the fields of all workloads; build it, unless PROGRAM says which one to start.
bench_start() {
    # What a variable says goes before the file that instance.sh writes.
    export LINNET_MODE=production LINNET_INTROSPECTION=on
    instance_locate "$3"
    port_check "$1"
    instance_prepare
    # The example's contract, and what only W7, W8, W10 and W11 ask for.
    cat "$ROOT/sql/schema.graphql" "$ROOT/bench/lists.graphql" > "$STATE/bench.graphql"
    export LINNET_CONTRACT=$STATE/bench.graphql
    python3 "$ROOT/bench/measure.py" --write-manifest > "$STATE/documents.json"
    export LINNET_DOCUMENTS=$STATE/documents.json
    # In place of instance.sh's own, which loads the sample data.
    database_fill() {
        dataset_fill "$1"
        instance_psql linnet_owner --file="$ROOT/bench/writes.sql"
    }
    if [ -z "$PROGRAM" ]; then
        step "$ROOT/build/log/build.log" "Building" build "$ROOT/build"
        PROGRAM=$ROOT/build/linnet
    fi
    instance_start "$1" "$2"
}

# first_process FILE - the id that a file of a process has.
first_process() { head -n 1 "$1"; }

# bench_python FILE ARGUMENT... - run it beside the instance, and tell it where that is.
bench_python() {
    PGHOST=$SOCKETS/postgresql PGUSER=linnet_owner PGDATABASE=linnet PATH=$POSTGRESQL:$PATH \
        python3 "$ROOT/bench/$1" --key "$STATE/key" \
        --postgresql "$(first_process "$STATE/postgresql/postmaster.pid")" "${@:2}"
}
