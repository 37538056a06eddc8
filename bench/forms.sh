# forms.sh - measure forms of SQL with PostgreSQL alone, on a data set of their own.  Sourced by bash,
# with the folder's measure.py and dataset.sql beside the script that does it.
#
# SPDX-License-Identifier: MIT
. "$ROOT/scripts/packages.sh"
. "$ROOT/scripts/instance.sh"

# forms_measure FOLDER NAME TABLE NUMBER LEAST ARGUMENT... - in a cluster of its own, fill it unless it
# has the table, and measure.  NAME is what dataset.sql and the option call the number, `rows`, which is
# at least LEAST.
forms_measure() {
    local folder=$1 name=$2 table=$3 rows=$4 least=$5 state='' measure=()
    shift 5
    while [ $# -gt 1 ]; do
        case $1 in
            "--$name") rows=$2 ;;
            --state) state=$2 ;;
            --seconds) measure=(--seconds "$2") ;;
            *) break ;;
        esac
        shift 2
    done
    if [ $# -gt 0 ]; then
        say "usage: bench/$folder/run [--$name N] [--seconds S] [--state DIRECTORY]" >&2
        exit 2
    fi
    [[ $rows =~ ^[1-9][0-9]{0,7}$ ]] && [ "$rows" -ge "$least" ] ||
        die "--$name: a number from $least to 99999999, not \"$rows\""

    packages_install "${packages_to_run[@]}" "python3 /usr/bin/python3"
    instance_locate "${state:-$ROOT/build/bench-$folder-$rows}"
    instance_prepare
    trap postgresql_stop EXIT
    postgresql_start
    instance_psql postgres --dbname=postgres --file="$ROOT/scripts/roles.sql"
    if [ "$(instance_psql postgres -At -c "SELECT to_regclass('$table') IS NULL")" = t ]; then
        step "$STATE/log/dataset.log" "Making the data set" \
            instance_psql postgres --set="$name=$rows" --file="$ROOT/bench/$folder/dataset.sql"
    fi
    PGHOST=$SOCKETS/postgresql PGUSER=postgres PGDATABASE=linnet PATH=$POSTGRESQL:$PATH \
        python3 "$ROOT/bench/$folder/measure.py" "${measure[@]}"
}
