# parallel.sh - many at once: votes, deletions, guesses, refreshes.
#
# In $PGDATABASE, as run says; $TEST_MODE is `roles` or `single`.
#
# SPDX-License-Identifier: MIT

if [ "$TEST_MODE" = single ]; then role=linnet_single; else role=linnet_user; fi

ask() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 -c "$1"; }

# is ACTUAL EXPECTED TITLE
is() {
    if [ "$1" = "$2" ]; then
        echo "ok - $3"
    else
        printf 'not ok - %s\n# is: %s\n# not: %s\n' "$3" "$1" "$2"
    fi
}

# together CLIENTS TIMES SCRIPT - let that many run a script of pgbench so often each.  To connect
# costs PostgreSQL more than what the scripts do: so twenty clients do what a hundred would.
together() {
    local script
    script=$(mktemp "$PGHOST/script.XXXXXX")
    printf '%s\n' "$3" > "$script"
    pgbench --no-vacuum --client="$1" --jobs=4 --transactions="$2" --file="$script" "$PGDATABASE" \
        > /dev/null 2> "$script.err" || head -n 4 "$script.err"
}

# as_viewer USER STATEMENT - a script that does it as that user and notes what came of it.
as_viewer() {
    cat << SQL
BEGIN;
SELECT set_config('role', '$role', true), set_config('linnet.user_id', ($1)::text, true),
       set_config('linnet.role', 'user', true);
SELECT test.note(test.run(\$\$$2\$\$));
COMMIT;
SQL
}

miscounted() {
    ask "SELECT count(*) FROM links WHERE vote_count <> (SELECT count(*) FROM votes WHERE link_id = links.id)"
}

ask "CREATE TABLE test.said (what text);
     CREATE SEQUENCE test.turn MINVALUE 0;
     GRANT USAGE ON SEQUENCE test.turn TO PUBLIC;
     CREATE FUNCTION test.note(what text) RETURNS void LANGUAGE sql SECURITY DEFINER
     BEGIN ATOMIC INSERT INTO test.said VALUES (left(what, 5)); END;
     INSERT INTO links (url, description) SELECT 'http://parallel/' || n, '' FROM generate_series(1, 6) AS n;
     INSERT INTO users (id, username) OVERRIDING SYSTEM VALUE
         SELECT 5000 + n, 'parallel' || n FROM generate_series(0, 99) AS n"
said() { ask "SELECT string_agg(what || ' ' || n, ', ' ORDER BY what) FROM
                  (SELECT what, count(*) AS n FROM test.said GROUP BY what) AS s; TRUNCATE test.said"; }
link() { ask "SELECT id FROM links WHERE url = 'http://parallel/$1'"; }

together 20 5 "$(as_viewer "5000 + nextval('test.turn')" "SELECT 'voted' FROM create_vote($(link 1))")"
is "$(said)" 'voted 100' 'a hundred users vote for a link, twenty at once'
is "$(ask "SELECT vote_count FROM links WHERE id = $(link 1)")" 100 'and all are counted'

together 20 5 "$(as_viewer 5000 "SELECT 'voted' FROM create_vote($(link 2))")"
is "$(said)" 'LN409 99, voted 1' 'a user votes a hundred times, twenty at once, and once it counts'
is "$(ask "SELECT vote_count FROM links WHERE id = $(link 2)")" 1 'so there is one vote'

together 20 15 "$(as_viewer '5000 + (:client_id + floor(random() * 2)::integer) % 20' \
    "SELECT 'fine.' FROM create_vote($(link 3))")
$(as_viewer '5000 + (:client_id + floor(random() * 2)::integer) % 20' "SELECT 'fine.' FROM delete_vote($(link 3))")"
is "$(ask "SELECT string_agg(DISTINCT what, ' ') FROM test.said")" 'LN409 fine.' 'votes come and go'
said > /dev/null
is "$(miscounted)" 0 'and the count goes with them'

# Some vote for what the poster deletes: the vote is there first, or the link is gone.
ask "UPDATE links SET posted_by = 5000 WHERE url = 'http://parallel/4'"
gone=$(link 4)
together 20 1 "\\if :client_id = 10
$(as_viewer 5000 "SELECT 'gone.' FROM delete_link($gone)")
\\else
$(as_viewer '5000 + :client_id' "SELECT 'voted' FROM create_vote($gone)")
\\endif"
is "$(ask "SELECT bool_and(what IN ('LN404', 'gone.', 'voted')) AND count(*) = 20
               AND count(*) FILTER (WHERE what = 'gone.') = 1 FROM test.said")" t \
    'a link is deleted while others vote for it'
said > /dev/null
is "$(ask "SELECT count(*) FROM votes WHERE link_id = $gone")" 0 'and no vote is left over'
is "$(miscounted)" 0 'nor miscounted'

# A hundred addresses of a network guess at once: twenty learn that they were wrong.
together 20 5 "SELECT test.note(CASE account_failed('target', '192.0.2.' || nextval('test.turn') - 100)
    WHEN 0 THEN 'wrong' ELSE 'later' END);"
is "$(said)" 'later 80, wrong 20' 'of a hundred guesses of a network, twenty at once, twenty learn something'

# A hundred guess at once from one address: one learns something, since the pause after it is a minute.
ask "DO \$\$ BEGIN
         FOR i IN 1 .. 10 LOOP
             PERFORM account_failed('another', '198.51.100.1');
             UPDATE login_failures SET closed_until = clock_timestamp();
         END LOOP;
     END \$\$"
together 20 5 "SELECT test.note(CASE account_failed('another', '198.51.100.1')
    WHEN 0 THEN 'wrong' ELSE 'later' END);"
is "$(said)" 'later 99, wrong 1' 'of a hundred guesses of an address, twenty at once, one learns something'
is "$(ask "SELECT string_agg(failures::text, ' ') FROM login_failures
           WHERE key = sha256('account another')")" 11 'and the others are not counted'

# Fifty tabs show the same refresh token at once: it is exchanged once, and the others share.
ask "SELECT account_open_session(5000, encode(sha256('tab'), 'hex'), NULL, extract(epoch FROM now())::bigint, 1209600, 2592000)" > /dev/null
together 10 5 "SELECT test.note(outcome) FROM account_refresh(encode(sha256('tab'), 'hex'),
    encode(sha256(nextval('test.turn')::text::bytea), 'hex'), 1209600, 2592000);"
is "$(said)" 'rotat 1, share 49' 'of fifty exchanges of a refresh token, ten at once, one counts'
ask "UPDATE refresh_tokens SET spent_at = spent_at - interval '1 day' WHERE spent_at IS NOT NULL"
together 10 5 "SELECT test.note(outcome) FROM account_refresh(encode(sha256('tab'), 'hex'),
    encode(sha256(nextval('test.turn')::text::bytea), 'hex'), 1209600, 2592000);"
is "$(said)" 'rotat 1, share 49' 'also when the answer to it was lost'
is "$(ask "SELECT count(*) || ' ' || count(*) FILTER (WHERE is_void) || ' ' || count(*) FILTER (WHERE spent_at IS NULL)
           FROM refresh_tokens")" '3 1 1' 'one token is the session'"'"'s'

# And while others log in, refresh and are swept away, nobody waits for another in a circle.
ask "UPDATE sessions SET expires_at = expires_at - interval '60 days'; UPDATE refresh_tokens SET spent_at = spent_at - interval '60 days'"
together 20 30 "SELECT account_open_session(5000 + :client_id % 7, encode(sha256(gen_random_uuid()::text::bytea), 'hex'), NULL,
    extract(epoch FROM now())::bigint - 86400 * (:client_id % 3) * 30, 1209600, 2592000);
SELECT test.note(CASE WHEN outcome = 'rotated' THEN 'fine.' ELSE outcome END) FROM account_refresh(
    (SELECT encode(token_hash, 'hex') FROM refresh_tokens WHERE spent_at IS NULL ORDER BY random() LIMIT 1),
    encode(sha256(gen_random_uuid()::text::bytea), 'hex'), 1209600, 2592000);
SELECT account_end_sessions(5000 + floor(random() * 7)::integer);"
is "$(ask "SELECT count(*) FROM test.said")" 600 'logins, refreshes and ends of many at once do not wait in a circle'
said > /dev/null
