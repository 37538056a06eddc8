#!/usr/bin/env bash
# load.sh - make the shop's database in the cluster that PGHOST names: as its superuser the
# database, as linnet_owner all that is in it.  One that is there already is made anew.
#
#     tests/shop/load.sh [DATABASE [accounts]]       (shop)
#
# With `accounts`, users can sign up and in: the application's own functions (sql/008_accounts.sql and
# so on), but that the user's key is a uuid.  The contract is then schema.graphql and
# accounts.graphql, one after the other.
#
# SPDX-License-Identifier: MIT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
database=${1:-shop}
psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1)
export PGOPTIONS='-c client_min_messages=warning'

"${psql[@]}" --username=postgres --dbname=postgres --command="DROP DATABASE IF EXISTS $database WITH (FORCE)"
"${psql[@]}" --username=postgres --dbname=postgres --command="CREATE DATABASE $database OWNER linnet_owner TEMPLATE template0 ENCODING 'UTF8'"
# Joined by hash, rows come in another order than they were sorted in, as those of large tables do.
"${psql[@]}" --username=postgres --dbname=postgres --command="ALTER DATABASE $database SET enable_nestloop = off"
for file in "$here"/0*.sql; do
    "${psql[@]}" --username=linnet_owner --dbname="$database" --single-transaction --file="$file"
done

# The application's migrations, with a uuid for the key of a user.
migrations_by_uuid() {
    sed --regexp-extended \
        -e 's/\b(user_id|owner|wanted|viewer)( +)integer\b/\1\2uuid/g' \
        -e 's/\b(account_(set_hash|succeeded|end_sessions|open_session|owner|change_password))\(integer/\1(uuid/g' \
        -e 's/\b(account_(check|refresh)_session)\(text, integer/\1(text, uuid/g' \
        -e 's/\busers\.date_joined\b/users.created_at/g' \
        "$here"/../../sql/{008_accounts,009_attempts,012_sessions,015_passwords,016_users,017_logins,018_end_sessions}.sql
}
if [ "${2-}" = accounts ]; then
    { cat "$here/accounts_before.sql" "$here/../../sql/010_usernames.sql"; migrations_by_uuid; cat "$here/accounts_after.sql"; } |
        "${psql[@]}" --username=linnet_owner --dbname="$database" --single-transaction --file=-
fi
"${psql[@]}" --username=postgres --dbname="$database" --command=ANALYZE
