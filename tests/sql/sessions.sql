-- sessions.sql - sessions and refresh tokens: every way that a token may go.
--
-- SPDX-License-Identifier: MIT

INSERT INTO credentials (user_id, password_hash)
SELECT id, '$argon2id$' FROM users WHERE id IN (1, 2, 3, 4, 5, 6);

-- Time passes.
CREATE FUNCTION test.pass(much interval) RETURNS void
LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC
    UPDATE sessions SET created_at = created_at - much, last_used_at = last_used_at - much,
                        ends_at = ends_at - much, expires_at = expires_at - much,
                        revoked_at = revoked_at - much;
    UPDATE refresh_tokens SET issued_at = issued_at - much, spent_at = spent_at - much;
END;

CREATE FUNCTION test.hash(token text) RETURNS text
LANGUAGE sql IMMUTABLE RETURN encode(sha256(token::bytea), 'hex');

-- Sign in; the session.  A session lasts 14 days without a refresh, and 30 days.
CREATE FUNCTION test.open(owner integer, token text, agent text DEFAULT NULL) RETURNS text
LANGUAGE sql
RETURN (SELECT session_id::text
        FROM account_open_session(owner, test.hash(token), agent, extract(epoch FROM now())::bigint,
                                  1209600, 2592000));

-- Exchange one token for another.
CREATE FUNCTION test.refresh(token text, next text) RETURNS text
LANGUAGE sql
RETURN (SELECT outcome FROM account_refresh(test.hash(token), test.hash(next), 1209600, 2592000));

CREATE FUNCTION test.refresh_by(session text, owner integer) RETURNS text
LANGUAGE sql
RETURN (SELECT outcome FROM account_refresh_session(session, owner, 1209600, 2592000));

CREATE FUNCTION test.is_revoked(session text) RETURNS text
LANGUAGE sql SECURITY DEFINER
RETURN (SELECT (revoked_at IS NOT NULL)::text FROM sessions WHERE id::text = session);

-- --- while somebody signs in -----------------------------------------------------

-- Sign in with a password that was compared with this hash; the role, or nothing.
CREATE FUNCTION test.open_verified(owner integer, token text, hash text) RETURNS text
LANGUAGE sql
RETURN (SELECT role
        FROM account_open_session(owner, test.hash(token), NULL, extract(epoch FROM now())::bigint,
                                  1209600, 2592000, hash));
SELECT password_hash AS hash FROM credentials WHERE user_id = 3 \gset
SELECT test.is(test.open_verified(3, 'v1', :'hash'), 'user', 'a login whose password is the account''s');
SELECT test.is(test.open_verified(3, 'v2', :'hash' || 'x'), NULL, 'or was until just now');
UPDATE credentials SET is_disabled = true WHERE user_id = 3;
SELECT test.is(test.open_verified(3, 'v3', :'hash'), NULL, 'or that has been disabled since');
UPDATE credentials SET is_disabled = false, is_staff = true WHERE user_id = 3;
SELECT test.is(test.open_verified(3, 'v4', :'hash'), 'staff', 'the role is that of now');
SELECT test.is((SELECT count(*)::text FROM sessions WHERE user_id = 3), '2', 'what is refused opens no session');

DELETE FROM sessions;
SELECT set_config('test.internal', '', false);
SELECT test.become('anon');

-- --- a session in use ----------------------------------------------------------

SELECT test.is((SELECT string_agg(ends::text, ' ')
                FROM (VALUES (100, 200), (200, 100)) AS v (idle, most),
                     account_open_session(2, test.hash('a' || idle), NULL, 1700000000, idle, most)),
               '1700000100 1700000100', 'a login says until when it may be refreshed, from its own moment on');
SELECT test.open(1, 'a1', repeat('ä', 300)) AS a \gset
SELECT test.is(test.refresh('a1', 'a2'), 'rotated', 'a refresh token is exchanged');
SELECT test.is((SELECT outcome || ' ' || (session_id::text = :'a') || ' ' || user_id || ' ' || role || ' '
                       || (username = (SELECT username FROM users WHERE id = 1))
                       || ' ' || (ends - login BETWEEN 1209595 AND 1209605)
                FROM account_refresh(test.hash('a2'), test.hash('a3'), 1209600, 2592000)),
               'rotated true 1 user true true', 'and who it is for, and until when, is answered');
SELECT test.is(test.refresh('a2', 'x'), 'shared', 'again at once: another tab');
SELECT test.is(test.refresh('a1', 'x'), 'shared', 'also when what came of it was used');
SELECT test.is(test.refresh('x', 'y'), 'invalid', 'whose own new token counts for nothing');
SELECT test.pass('9 seconds');
SELECT test.is(test.refresh('a2', 'x'), 'shared', 'after 9 seconds');
SELECT test.pass('2 seconds');
SELECT test.is(test.refresh('a1', 'x'), 'reused', 'after 11 seconds it is reuse');
SELECT test.is(test.is_revoked(:'a'), 'true', 'the session is revoked');
SELECT test.is(test.refresh('a3', 'x'), 'invalid', 'and its last token is of no use');
SELECT test.is(test.refresh('a1', 'x'), 'invalid', 'nor any other');
SELECT test.is(test.refresh_by(:'a', 1), 'invalid', 'nor its access tokens');
SELECT test.is(test.refresh('nothing', 'x'), 'invalid', 'a token that was never given');

-- --- a lost answer ---------------------------------------------------------------

SELECT test.open(1, 'b1') AS b \gset
SELECT test.refresh('b1', 'b2') AS ignored \gset
SELECT test.pass('3 days');
SELECT test.is(test.refresh('b1', 'b3'), 'rotated', 'what came of it was never used: once more, days later');
SELECT test.is(test.refresh('b1', 'x'), 'shared', 'and then another tab');
SELECT test.pass('1 minute');
SELECT test.is(test.refresh('b1', 'b4'), 'rotated', 'and once more');
SELECT test.is(test.refresh('b4', 'b5'), 'rotated', 'the last answer came');
SELECT test.is(test.is_revoked(:'b'), 'false', 'nobody is signed out');
SELECT test.is(test.refresh('b2', 'x'), 'reused', 'what became void is reuse, be it the first use');
SELECT test.is(test.is_revoked(:'b'), 'true', 'of the whole session');

SELECT test.open(1, 'c1') AS c \gset
SELECT test.refresh('c1', 'c2') AS ignored \gset
SELECT test.pass('1 minute');
SELECT test.refresh('c1', 'c3') AS ignored \gset
SELECT test.is(test.refresh('c2', 'x'), 'reused', 'void at once, without a window');
SELECT test.is(test.refresh('c3', 'x'), 'invalid', 'for the one that came instead, too');

-- --- its end ---------------------------------------------------------------------

SELECT test.open(1, 'd1') AS d \gset
SELECT test.pass('13 days 23 hours');
SELECT test.is(test.refresh('d1', 'd2'), 'rotated', 'within 14 days');
SELECT test.pass('14 days 1 minute');
SELECT test.is(test.refresh('d2', 'x'), 'expired', 'after 14 days without a refresh it is over');
SELECT test.is(test.refresh('d1', 'x'), 'expired', 'for tokens that were exchanged, too');
SELECT test.is(test.refresh_by(:'d', 1), 'expired', 'and by access token');
SELECT test.is(test.is_revoked(:'d'), 'false', 'which is no reason to revoke anything');

SELECT test.open(1, 'e1') AS e \gset
SELECT test.pass('10 days');
SELECT test.is(test.refresh('e1', 'e2'), 'rotated', 'after 10 days');
SELECT test.pass('10 days');
SELECT test.is(test.refresh_by(:'e', 1), 'refreshed', 'after 20, by access token');
SELECT test.is((SELECT (ends - login BETWEEN 2591995 AND 2592005)::text
                FROM account_refresh(test.hash('e2'), test.hash('e3'), 1209600, 2592000)),
               'true', 'the end is that of 30 days');
SELECT test.is((SELECT outcome FROM account_refresh(test.hash('e3'), test.hash('x'), 1209600, 1000000)),
               'expired', 'or of the setting, when that has become less');
SELECT test.pass('10 days 1 minute');
SELECT test.is(test.refresh('e3', 'x'), 'expired', 'after 30 days');

-- The clock is set back by an hour: what was exchanged then is no tab of now.
SELECT test.open(1, 'f1') AS f \gset
SELECT test.refresh('f1', 'f2') AS ignored \gset
SELECT test.pass('1 minute');
SELECT test.refresh('f2', 'f3') AS ignored \gset
SELECT test.pass('-1 hour');
SELECT test.is(test.refresh('f1', 'x'), 'reused', 'a clock that is set back makes no long window');

-- --- ending it -------------------------------------------------------------------

SELECT test.open(1, 'g1') AS g \gset
SELECT test.refresh('g1', 'g2') AS ignored \gset
SELECT test.is((account_revoke(test.hash('g1')) - extract(epoch FROM now())::bigint BETWEEN -2 AND 2)::text,
               'true', 'a refresh token ends its session, also one that was exchanged');
SELECT test.is(test.refresh('g2', 'x'), 'invalid', 'so that none is exchanged');
SELECT test.pass('1 hour');
SELECT test.is((account_revoke(test.hash('g2')) - extract(epoch FROM now())::bigint BETWEEN -3602 AND -3598)::text,
               'true', 'twice is like once');
SELECT test.is(account_revoke(test.hash('nothing'))::text, NULL, 'no such token');

SELECT test.open(2, 'h1') AS h \gset
SELECT test.open(2, 'h2') AS kept \gset
SELECT test.open(3, 'h3') AS others \gset
SELECT test.become('owner');
SELECT test.is(account_end_sessions(2, :'kept')::text, '1', 'all sessions but one');
SELECT test.is(test.is_revoked(:'h') || ' ' || test.is_revoked(:'kept') || ' ' || test.is_revoked(:'others'),
               'true false false', 'are those of the user');
SELECT test.is(account_end_sessions(2, 'no session')::text, '1', 'and all');
SELECT test.is(account_end_sessions(2)::text, '0', 'none are left');
SELECT test.become('anon');

-- --- may it write? ---------------------------------------------------------------

SELECT test.open(4, 'i1') AS i \gset
SELECT test.is(account_check_session(:'i', 4)::text, 'true', 'a session may write');
SELECT test.is(account_check_session(NULL, 4)::text, 'true', 'a token without one, too');
SELECT test.refused($$SELECT account_check_session($$ || quote_literal(:'i') || $$, 5)$$,
                    'LN498 Invalid token', 'not that of another user');
SELECT test.refused(format('SELECT account_check_session(%L, 4)', wrong), 'LN498 Invalid token',
                    'nor ' || wrong)
FROM unnest(ARRAY['', 'x', '00000000-0000-0000-0000-000000000000', '------------------------------------']) AS wrong;
SELECT test.refused('SELECT account_check_session(NULL, 2147483647)', 'LN401 Not logged in!', 'nobody');
SELECT account_revoke(test.hash('i1')) AS ignored \gset
SELECT test.refused(format('SELECT account_check_session(%L, 4)', :'i'), 'LN498 Invalid token',
                    'nor one that was revoked');
SELECT test.open(4, 'i2') AS i \gset
SELECT test.pass('13 days');
SELECT test.is(account_check_session(:'i', 4)::text, 'true', 'after 13 days it may');
SELECT test.pass('1 day 1 minute');
SELECT test.refused(format('SELECT account_check_session(%L, 4)', :'i'), 'LN498 Invalid token',
                    'after 14 days without a refresh it is over');
SELECT test.open(4, 'i3') AS i \gset

-- What a check has said holds for its user, until the transaction ends.
BEGIN;
SELECT account_check_session(:'i', 4) AS ignored \gset
SELECT test.become('user', 4);
SELECT test.is(checked_user()::text || ' ' || acting_user(), '4 4', 'who was checked is not checked again');
SELECT test.become('user', 5);
SELECT test.is(checked_user()::text, NULL, 'nobody else is taken for checked');
SELECT test.is(acting_user()::text, '5', 'but is checked then');
COMMIT;
SELECT test.become('user', 4);
SELECT test.is(checked_user()::text, NULL, 'nor is anybody in the next transaction');
SELECT test.become('anon');
BEGIN;
SELECT test.refused('SELECT account_check_session(NULL, 2147483647)', 'LN401 Not logged in!', 'who is refused');
SELECT test.become('user', 2147483647);
SELECT test.is(checked_user()::text, NULL, 'has not been checked');
SELECT test.refused('SELECT acting_user()', 'LN401 Not logged in!', 'and is refused again');
ROLLBACK;
SELECT test.become('user');
SELECT test.is(checked_user()::text, NULL, 'nor has nobody');
SELECT test.become('anon');

SELECT test.superuser();
UPDATE credentials SET is_disabled = true WHERE user_id = 4;
SELECT test.become('anon');
SELECT test.refused(format('SELECT account_check_session(%L, 4)', :'i'), 'LN403 This account is disabled.',
                    'nor a disabled user');
SELECT test.refused('SELECT account_check_session(NULL, 4)', 'LN403 This account is disabled.',
                    'with or without a session');
SELECT test.is(test.refresh('i3', 'i4'), 'invalid', 'who cannot refresh either');
SELECT test.is(test.refresh_by(:'i', 4), 'invalid', 'in any way');
SELECT test.superuser();
UPDATE credentials SET is_disabled = false, is_staff = true WHERE user_id = 4;
SELECT test.become('anon');
SELECT test.is((SELECT outcome || ' ' || role
                FROM account_refresh(test.hash('i3'), test.hash('i4'), 1209600, 2592000)),
               'rotated staff', 'who is enabled goes on, as what he is now');

-- --- what a user sees --------------------------------------------------------------

SELECT test.open(5, 'j1', 'A browser') AS old \gset
SELECT test.pass('1 day');
SELECT test.open(5, 'j2', repeat('ä', 300)) AS new \gset
SELECT test.open(5, 'j3') AS gone \gset
SELECT account_revoke(test.hash('j3')) AS ignored \gset
SELECT test.become('user', 5);
SELECT set_config('linnet.session_id', :'new', false) AS ignored \gset
SELECT test.is((SELECT string_agg(is_current(s) || ' ' || left(user_agent, 9) || ' ' || char_length(user_agent), ', '
                                  ORDER BY created_at DESC) FROM my_sessions() AS s),
               'true äääääääää 200, false A browser 9', 'a user sees where he is signed in');
SELECT test.is((SELECT count(*)::text FROM sessions WHERE user_id <> 5), '0', 'and nobody else');
SELECT test.is(test.run(format('SELECT id FROM revoke_session(%L)', :'old')), :'old', 'he ends one');
SELECT test.refused(format('SELECT id FROM revoke_session(%L)', :'old'), 'LN404 Invalid Session!', 'once');
SELECT test.refused(format('SELECT id FROM revoke_session(%L)', :'gone'), 'LN404 Invalid Session!', 'none that has ended');
SELECT test.refused(format('SELECT id FROM revoke_session(%L)', :'others'), 'LN404 Invalid Session!', 'none of others');
SELECT test.is((SELECT count(*)::text FROM my_sessions()), '1', 'it is not shown any more');
SELECT test.is(left(test.run(format('UPDATE sessions SET revoked_at = NULL WHERE id = %L RETURNING id', :'old')), 5), '42501',
               'and does not begin again');
SELECT test.become('anon');
SELECT test.is((SELECT count(*)::text FROM my_sessions()), '0', 'nobody has no sessions');
SELECT set_config('linnet.session_id', '', false) AS ignored \gset
SELECT test.superuser();
SELECT test.become('owner');
SELECT test.is((SELECT string_agg(session_id::text, ' ') FROM account_sessions(5)), :'new', 'the command line lists them');
SELECT test.is(account_revoke_session(5, :'new') || ' ' || account_revoke_session(5, :'new') || ' '
               || account_revoke_session(5, 'x') || ' ' || account_revoke_session(5, :'others'),
               'true false false false', 'and ends one');
SELECT test.superuser();

-- --- what is removed ---------------------------------------------------------------

DELETE FROM sessions;
SELECT test.is((SELECT count(*)::text FROM refresh_tokens), '0', 'tokens go with their session');
SELECT test.become('anon');
SELECT test.open(6, 'k' || n) FROM generate_series(1, 20) AS n \g /dev/null
SELECT test.refresh('k' || n, 'l' || n) FROM generate_series(1, 20) AS n \g /dev/null
SELECT test.pass('28 days 1 minute');
-- Also by plans in which a subquery runs again for each row.
SET enable_hashagg = off;
SET enable_sort = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
DISCARD PLANS;
SELECT test.open(6, 'm1') AS m \gset
RESET enable_hashagg;
RESET enable_sort;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
DISCARD PLANS;
SELECT test.superuser();
SELECT test.is((SELECT count(*) FROM refresh_tokens) || ' ' || (SELECT count(*) FROM sessions), '25 18',
               'a login removes some tokens and sessions that are long over');
SELECT test.become('anon');
SELECT test.refresh('m' || n, 'm' || n + 1) FROM generate_series(1, 8) AS n \g /dev/null
SELECT test.superuser();
SELECT test.is((SELECT count(*) FROM refresh_tokens) || ' ' || (SELECT count(*) FROM sessions), '9 1',
               'and refreshes the rest');
SELECT test.become('anon');
SELECT test.open(6, 'n' || n) FROM generate_series(1, 150) AS n \g /dev/null
SELECT test.superuser();
SELECT test.is((SELECT count(*)::text FROM sessions), '100', 'a user has a hundred sessions at most');
SELECT test.become('anon');
SELECT test.is(test.refresh('n150', 'x') || ' ' || test.refresh('n1', 'y'), 'rotated invalid', 'the last ones');
SELECT test.superuser();
DELETE FROM users WHERE id = 6;
SELECT test.is((SELECT count(*)::text FROM refresh_tokens), '0', 'a user''s go with the user');

-- --- at random, from a fixed seed ----------------------------------------------------

-- A browser whose tabs share one place for the refresh token: they ask at the same time, answers
-- are lost, days pass.  It is never signed out before its session is over.  After that walk a
-- thief has one of the tokens that it ever had, and both go on: as soon as both have used what
-- comes of the same token, the session is revoked.
CREATE FUNCTION test.walk(owner integer, number integer) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    session text;
    held    text := format('walk %s', number);
    given   text[] := ARRAY[held];
    next    text;
    result  text;
    idle    interval := '0';
    age     interval := '0';
    much    interval;
BEGIN
    DELETE FROM sessions;
    session := test.open(owner, held);
    FOR step IN 1 .. 40 LOOP
        much := CASE floor(random() * 4) WHEN 0 THEN '0' WHEN 1 THEN '9 seconds' WHEN 2 THEN '12 seconds'
                ELSE random() * interval '3 days' END;
        PERFORM test.pass(much);
        idle := idle + much;
        age := age + much;
        next := format('walk %s %s', number, step);
        result := test.refresh(held, next);
        IF result = 'expired' AND (age >= '30 days' OR idle >= '14 days') THEN
            EXIT;
        ELSIF result = 'rotated' THEN
            idle := '0';
            IF random() < 0.6 THEN
                held := next;
                given := given || next;
            END IF;
        ELSIF result <> 'shared' THEN
            RETURN format('step %s: %s', step, result);
        END IF;
        IF (SELECT count(*) <> 1 FROM refresh_tokens
            WHERE session_id::text = session AND spent_at IS NULL) THEN
            RETURN format('step %s: not one token', step);
        END IF;
    END LOOP;
    -- A thief comes, with a token that was used long ago.
    session := test.open(owner, held || 'x');
    given := ARRAY[held || 'x'];
    held := given[1];
    FOR step IN 1 .. 5 LOOP
        PERFORM test.pass('1 minute');
        next := format('thief %s %s', number, step);
        PERFORM test.refresh(held, next);
        held := next;
        given := given || next;
    END LOOP;
    PERFORM test.pass('1 minute');
    result := test.refresh(given[1 + floor(random() * 4)::integer], 'stolen' || number);
    IF result <> 'reused' OR test.is_revoked(session) <> 'true' THEN
        RETURN format('the thief: %s', result);
    END IF;
    RETURN 'fine';
END
$$;
SELECT setseed(0.25) AS ignored \gset
SELECT test.is((SELECT string_agg(DISTINCT test.walk(1, n), ', ') FROM generate_series(1, 30) AS n), 'fine',
               'a browser that loses answers is never signed out, and a thief always');
