# database.sh - ./up --database: a database of somebody's own, read and never changed.
#
# The connection string that it is given is used to read the catalog.  What serves is a role that
# can do nothing but read what the contract shows: the one that it is given, if that is such a
# role, or one that reader.sql makes, which is shown and run only after a yes.
#
#     STATE/database/source            the connection string
#     STATE/database/schema.graphql    the contract, from linnet init: kept when it is there
#     STATE/database/rights.sql indexes.sql    what it would need in production
#     STATE/database/reader.sql        makes the role
#     STATE/database/reader.password   its password
#
# Sourced after instance.sh, by bash.
#
# SPDX-License-Identifier: MIT

# database_linnet CONNECTION WORD... - linnet on that database; not as a word, which others see.
database_linnet() {
    local connection=$1
    shift
    (cd "$database_folder" && LINNET_DATABASE=$connection LINNET_CONTRACT=schema.graphql \
        LINNET_MODE=development "$PROGRAM" "$@")
}

# database_as_reader CONNECTION WORD... - the same with one role for all requests.
database_as_reader() {
    local connection=$1
    shift
    LINNET_ROLE='' database_linnet "$connection" "$@"
}

# database_role - the name of the role that serves.
database_role() { sed -n "s/.*\\<user='\\([^']*\\)'.*/\\1/p" <<< "${LINNET_DATABASE//\\\'/}"; }

# The role belongs to the cluster: one for each instance and database.
database_reader_name() {
    local identity
    identity=$(printf '%s\n%s' "$STATE" "$(cat "$database_folder/source")" | cksum)
    printf 'linnet_reader_%08x' "${identity%% *}"
}

database_password() {
    [ -s "$database_folder/reader.password" ] ||
        head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' > "$database_folder/reader.password"
}

# database_agrees ANSWER - may reader.sql be run?
database_agrees() {
    local words=''
    [ "$1" != yes ] || return 0
    [ -t 0 ] || return 1
    printf 'Run it now, as the role of the connection string? [yes/no] '
    read -r words || say '' # Ctrl-D leaves the line as it is
    [[ $words =~ ^[yY]([eE][sS])?$ ]]
}

# database_make_reader DSN ANSWER - show reader.sql and run it, or say what to do.
database_make_reader() {
    local file=$database_folder/reader.sql
    database_linnet "$1" reader sql "$reader" --password-file reader.password > "$file" ||
        die "no role can be made for it"
    say "
--- $file
$(cat "$file")
---
"
    if ! database_agrees "$2"; then
        say "Nothing was changed. Read it, and have it run by somebody who may, such as with

    psql -v ON_ERROR_STOP=1 -f $file ...

Then run the same ./up again, which finds the role; or give --yes."
        exit 1
    fi
    database_linnet "$1" reader run reader.sql ||
        die "reader.sql was not run; have it run by somebody who may, then run ./up again"
}

# database_find_reader DSN ANSWER - set `connection` to that of a role that may serve.
database_find_reader() {
    local why status=0
    why=$(database_linnet "$1" reader check) || status=$?
    if [ "$status" = 0 ]; then
        connection=$(database_linnet "$1" reader conninfo)
        return
    fi
    [ "$status" = 1 ] || die "that database cannot be read"
    database_password
    connection=$(database_linnet "$1" reader conninfo "$reader" --password-file reader.password)
    # An earlier ./up, or somebody who was asked, has made it.
    if ! database_as_reader "$connection" reader check > /dev/null 2>&1; then
        say "The role of this connection string is used to read the catalog, and not to serve:
$why"
        database_make_reader "$1" "$2"
        database_as_reader "$connection" reader check ||
            die "the role $reader was made, but does not serve; is there a line for it in pg_hba.conf?"
    fi
}

# database_prepare DSN ANSWER - write the contract, find a role to serve as, and check both.
database_prepare() {
    local reader connection file
    database_folder=$STATE/database
    mkdir -p "$database_folder"
    if [ -s "$database_folder/source" ] && [ "$1" != "$(cat "$database_folder/source")" ]; then
        die "$database_folder is about another connection string: choose another --state, or remove it"
    fi
    # The workers' user reads the contract, and nobody but us what has a password.
    for file in source reader.password reader.sql; do
        (umask 077 && touch "$database_folder/$file")
    done
    printf '%s\n' "$1" > "$database_folder/source"
    reader=$(database_reader_name)
    if [ ! -e "$database_folder/schema.graphql" ]; then
        database_linnet "$1" init --out schema.graphql || die "no contract was written"
    fi
    database_find_reader "$1" "$2"
    if ! database_as_reader "$connection" check; then
        # The contract shows more than it did: the role needs further rights.
        [ -s "$database_folder/reader.password" ] || die "see above: the contract is $database_folder/schema.graphql"
        database_make_reader "$1" "$2"
        database_as_reader "$connection" check ||
            die "see above: the contract is $database_folder/schema.graphql"
    fi
    export LINNET_DATABASE=$connection LINNET_CONTRACT=$database_folder/schema.graphql
    IS_SINGLE_ROLE=yes
}
