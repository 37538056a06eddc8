# hashes.sh - is_password_hash() has the verdicts that the server has: those of
# tests/unit/stored_hash_case.h.
#
# SPDX-License-Identifier: MIT

cases=$(dirname "$0")/../unit/stored_hash_case.h
sed -n -e '
    # A continued line is one.
    :join
    /\\$/ { N; s/\\\n//; b join }
    s/^#define \([A-Z0-9]*_KEY\) *\(".*"\)$/\1 \2/p' "$cases" > "$PGHOST/keys"

# Put the keys in, take the quotes off, and write `text<tab>verdict`.
sed -n 's/^    { \(.*\), \(true\|false\) },$/\1\t\2/p' "$cases" |
    awk -v keys="$PGHOST/keys" '
        BEGIN {
            while ((getline line < keys) > 0) {
                name = line; sub(/ .*/, "", name)
                sub(/^[^ ]* /, "", line)
                key[name] = line
            }
        }
        {
            for (name in key)
                gsub(name, key[name])
            gsub(/" *"/, "")
            gsub(/"/, "")
            print
        }' > "$PGHOST/cases"

psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 << SQL
CREATE TEMPORARY TABLE cases (hash text, is_good boolean);
\copy cases FROM '$PGHOST/cases'
SELECT test.is(string_agg(hash, ' ' ORDER BY hash), NULL, 'is_password_hash() and the server agree')
FROM cases WHERE is_password_hash(hash) IS DISTINCT FROM is_good;
SELECT test.is((count(*) FILTER (WHERE is_good) >= 20 AND count(*) FILTER (WHERE NOT is_good) >= 50)::text, 'true',
               'the cases were read')
FROM cases;
SQL
