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
