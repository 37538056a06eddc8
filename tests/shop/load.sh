#!/usr/bin/env bash
# load.sh - make the shop's database in the cluster that PGHOST names: as its superuser the
# database, as linnet_owner all that is in it.  One that is there already is made anew.
#
#     tests/shop/load.sh [DATABASE]       (shop)
#
# SPDX-License-Identifier: MIT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
database=${1:-shop}
psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1)
export PGOPTIONS='-c client_min_messages=warning'

"${psql[@]}" --username=postgres --dbname=postgres --command="DROP DATABASE IF EXISTS $database WITH (FORCE)"
"${psql[@]}" --username=postgres --dbname=postgres --command="CREATE DATABASE $database OWNER linnet_owner TEMPLATE template0 ENCODING 'UTF8'"
for file in "$here"/0*.sql; do
    "${psql[@]}" --username=linnet_owner --dbname="$database" --single-transaction --file="$file"
done
"${psql[@]}" --username=postgres --dbname="$database" --command=ANALYZE
