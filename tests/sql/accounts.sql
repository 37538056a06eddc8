-- accounts.sql - signing up, signing in, and being slowed down.
--
-- SPDX-License-Identifier: MIT

-- Time passes.
CREATE FUNCTION test.pass(much interval) RETURNS void
LANGUAGE sql SECURITY DEFINER
BEGIN ATOMIC
    UPDATE login_failures
    SET since = since - much, failed_at = failed_at - much, closed_until = closed_until - much;
    UPDATE sign_ups SET since = since - much;
END;

-- What account_failed answers to so many attempts, each made as soon as it may be.
CREATE FUNCTION test.fail(times integer, name text, address text) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    answers text := '';
BEGIN
    FOR i IN 1 .. times LOOP
        answers := answers || account_failed(name, address) || '/' || account_delay(name, address) || ' ';
        PERFORM test.pass(account_delay(name, address) * interval '1 second');
    END LOOP;
    RETURN trim(answers);
END
$$;

-- How many of so many guesses, from as many addresses, are tried.
CREATE FUNCTION test.guess(times integer, name text, pattern text DEFAULT '10.%1$s.%2$s.1')
RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    tried integer := 0;
    address text;
BEGIN
    FOR i IN 1 .. times LOOP
        address := format(pattern, i % 4, i / 4 % 250);
        IF account_delay(name, address) = 0 AND account_failed(name, address) = 0 THEN
            tried := tried + 1;
        END IF;
    END LOOP;
    RETURN tried;
END
$$;

-- What account_may_create answers to so many, three in a minute being allowed.
CREATE FUNCTION test.sign_up(times integer, address text) RETURNS text
LANGUAGE sql
RETURN (SELECT string_agg(account_may_create('newcomer' || n, address, 3, 60)::text, ' ')
        FROM generate_series(1, times) AS n);

-- As every connection starts.
SELECT test.become('anon');

-- --- account_create, account_find --------------------------------------------

SELECT account_create('ünï.code@+-_', '$argon2id$one', 'a@example.org') AS one \gset
SELECT test.is(test.run($$SELECT * FROM account_find('ünï.code@+-_')$$),
               format('%s,ünï.code@+-_,$argon2id$one,f,user', :one), 'an account is found');
SELECT test.is(test.run(format('SELECT * FROM account_find(%L)', normalize('ünï.code@+-_', NFKD))),
               format('%s,ünï.code@+-_,$argon2id$one,f,user', :one), 'its name composed otherwise finds it too');
SELECT test.is(test.run($$SELECT * FROM account_find('Ünï.code@+-_')$$), '', 'with another case it is another');
SELECT test.is(test.run($$SELECT * FROM account_find('ada')$$), '', 'a user without a password cannot sign in');
SELECT test.is(test.run($$SELECT * FROM account_find(repeat('x', 100000))$$), '', 'nor can a long name');

SELECT test.refused(format($$SELECT account_create(%L, '$argon2id$two', '')$$, name),
                    'LN409 A user with that username already exists. username', format('"%s" is taken', name))
FROM unnest(ARRAY['ada', 'ünï.code@+-_', normalize('ünï.code@+-_', NFKD)]) AS name;
SELECT test.refused(format($$SELECT account_create(%L, '$argon2id$two', '')$$, name),
                    'LN400 A username is 1 to 150 letters, digits and @.+-_. username', 'no name: ' || title)
FROM (VALUES ('', 'empty'), ('a b', 'a blank'), (repeat('x', 151), '151 letters'), ('a/b', 'a slash'),
             (E'a\nb', 'a line end'), ('<b>', 'angles'), (E'a\u200Bb', 'a space without width'),
             (E'\u093Fका', 'a mark at the beginning'), (E'1\u0301', 'a mark after a digit'),
             (E'a\u20DD', 'an enclosing mark'), (E'a\u034Fb', 'a mark that is not shown'),
             (E'a\uFE0F', 'a variation selector'), (E'\u3164a', 'a letter that is not shown'),
             (E'क्\u200Dष', 'a joiner')) AS bad (name, title);
SELECT test.is((account_create(name, '$argon2id$', '') > 0)::text, 'true', format('"%s" is a name', name))
FROM unnest(ARRAY['हिन्दी', 'ภาษาไทยที่นี่', 'தமிழ்', 'עִבְרִית', 'عَرَبِي٣', 'Việt', '日本語', '〇', E'e\u0323\u0302']) AS name;
SELECT test.refused($$SELECT account_create(E'\u1EC7', '$argon2id$', '')$$,
                    'LN409 A user with that username already exists. username', 'composed it is the same name');
SELECT test.refused(format($$SELECT account_create('long', '$argon2id$', %L)$$, repeat('e', 255)),
                    'LN400 The email is longer than 254 characters. email', 'an e-mail of 255');
SELECT test.is(test.run(format($$SELECT 1 FROM account_create(%L, '$argon2id$', %L)$$,
                               repeat('é', 150), repeat('e', 254))), '1', 'what just fits');
SELECT test.is(left(test.run($$SELECT account_create('plain', 'password', '')$$), 5), '23514',
               'a password is stored by its hash alone');

SELECT test.become('user', :one);
SELECT test.is(test.run('SELECT email, last_login FROM user_private'), 'a@example.org,', 'the e-mail is one''s own');
SELECT test.become('anon');
SELECT test.is((account_set_hash(:one, '$argon2id$no', '$argon2id$two'))::text, 'false', 'not the old hash');
SELECT test.is((account_set_hash(:one, '$argon2id$one', '$argon2id$two'))::text, 'true', 'the old hash');
SELECT test.is((SELECT password_hash FROM account_find('ünï.code@+-_')), '$argon2id$two', 'the new hash');
SELECT test.superuser();
UPDATE credentials SET is_staff = true, is_disabled = true WHERE user_id = :one;
SELECT test.become('anon');
SELECT test.is(test.run($$SELECT is_disabled, role FROM account_find('ünï.code@+-_')$$), 't,staff', 'staff, disabled');

-- --- nothing stays of being the owner ----------------------------------------

-- What each definer function does it does for the owner; in single-role mode the caller, in the
-- same transaction, would be the owner from then on.
SELECT test.superuser();
CREATE TABLE test.call AS
SELECT statement, split_part(split_part(statement, ' ', 2), '(', 1) AS name
FROM unnest(ARRAY['SELECT account_create(''stays'', ''$argon2id$'', '''')', 'SELECT account_find(''ada'')',
                  'SELECT account_set_hash(1, '''', '''')', 'SELECT account_delay(''ada'', NULL)',
                  'SELECT account_failed(''stays'', NULL)', 'SELECT account_succeeded(1, NULL)',
                  'SELECT account_may_create(''stays-too'', ''192.0.2.1'', 1, 60)',
                  'SELECT account_not_created(''192.0.2.1'')',
                  'SELECT account_open_session(1, repeat(''0'', 64), NULL, 0, 60, 60)',
                  'SELECT account_refresh(repeat(''0'', 64), repeat(''1'', 64), 60, 60)',
                  'SELECT account_refresh_session(NULL, 1, 60, 60)',
                  'SELECT account_revoke(repeat(''0'', 64))', 'SELECT account_end_sessions(1)',
                  'SELECT account_check_session(NULL, 1)', 'SELECT account_owner(1)',
                  'SELECT account_change_password(1, ''x'', ''y'', NULL)',
                  'SELECT account_of_subject(''a'', ''b'')',
                  'SELECT account_list()', 'SELECT account_set_password(1, ''$argon2id$'')',
                  'SELECT account_set_disabled(1, false)', 'SELECT account_set_role(1, ''user'')',
                  'SELECT account_sessions(1)', 'SELECT account_revoke_session(1, NULL)',
                  'SELECT linnet_claim_request(''key'', 0, ''hash'') FROM set_config(''linnet.user_id'', ''1'', true)',
                  'SELECT linnet_keep_answer(''key'', 0, ''null'', NULL)',
                  'SELECT acting_user()', 'SELECT create_vote(100)']) AS statement;
DELETE FROM votes WHERE user_id = 1 AND link_id = 100;
GRANT SELECT ON test.call TO PUBLIC;

SELECT test.is(string_agg(proname, ' ' ORDER BY proname), NULL, 'all definer functions are called here')
FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prosecdef
  AND proname NOT IN (SELECT name FROM test.call) AND prorettype <> 'trigger'::regtype;

BEGIN;
SELECT CASE WHEN name ~ '^account_(list|set_[^h]|sessions|revoke_|end_)' THEN test.superuser()
            ELSE test.become(CASE WHEN name LIKE 'account%' THEN 'anon' ELSE 'user' END, 1) END,
       test.is(CASE WHEN test.run(statement) ~ '^[0-9A-Z]{5} ' THEN 'refused'
                    ELSE current_setting('linnet.internal') END, '', 'nothing stays of it after ' || name)
FROM test.call \g (format=unaligned fieldsep='')
ROLLBACK;

-- --- the operator ------------------------------------------------------------

SELECT test.superuser();
INSERT INTO credentials (user_id, password_hash) VALUES (2, '$argon2id$old');
SELECT test.become('anon');
SELECT test.is((SELECT username || ' ' || coalesce(email, 'null') FROM account_owner(:one)),
               'ünï.code@+-_ a@example.org', 'whose a key is');
SELECT test.is((SELECT count(*)::text FROM account_owner(-1)), '0', 'nobody''s');
SELECT test.is(account_change_password(2, '$argon2id$no', '$argon2id$new', NULL)::text, 'false', 'not the old hash');
SELECT test.is(account_change_password(2, '$argon2id$old', '$argon2id$new', NULL)::text, 'true', 'the old hash');
SELECT test.is(CASE WHEN test.is_single_role() THEN '42501' ELSE left(test.run(statement), 5) END, '42501',
               'is not for requests: ' || statement)
FROM unnest(ARRAY['SELECT account_list()', 'SELECT account_set_password(2, ''$argon2id$'')',
                  'SELECT account_set_disabled(2, true)', 'SELECT account_set_role(2, ''staff'')',
                  'SELECT account_sessions(2)', 'SELECT account_revoke_session(2, NULL)',
                  'SELECT account_end_sessions(2)']) AS statement;
SELECT test.superuser();
SELECT test.is((SELECT role || ' ' || state FROM account_list((SELECT username FROM users WHERE id = 2))),
               'user enabled', 'one account');
SELECT test.is((SELECT string_agg(state, ' ' ORDER BY user_id) FROM account_list() WHERE user_id IN (2, 3)),
               'enabled no password', 'among all');
SELECT test.is(account_set_role(2, 'staff')::text, '0', 'a role');
SELECT test.refused($$SELECT account_set_role(2, 'keeper')$$, 'LN400 The roles are user and staff.', 'no other role');
SELECT test.is((account_set_disabled(2, true) + account_set_disabled(3, true) + account_set_password(4, '$argon2id$new'))::text, '0', 'no sessions');
SELECT test.is((SELECT string_agg(role || ' ' || state, ', ' ORDER BY user_id) FROM account_list()
                WHERE user_id IN (2, 3, 4)), 'staff disabled, user disabled, user enabled', 'what was done');
SELECT test.become('anon');
SELECT test.is(account_change_password(2, '$argon2id$new', '$argon2id$no', NULL)::text, 'false', 'not who is disabled');

-- --- failures ----------------------------------------------------------------

SELECT test.is(account_delay('who', '192.0.2.1')::text, '0', 'nothing has failed yet');
SELECT test.is(test.fail(18, 'who', '192.0.2.1'),
               '0/0 0/0 0/0 0/0 0/1 0/2 0/4 0/8 0/16 0/32 0/64 0/128 0/256 0/512 0/900 0/900 0/900 0/900',
               'an address is slowed down at an account, whether there is one or not');
SELECT test.is(account_delay(normalize('who', NFKD), '192.0.2.1')::text, '0', 'after the time it is open');
SELECT test.is(account_failed('who', '192.0.2.1')::text, '0', 'for one attempt');
SELECT test.is(account_delay('who', '::ffff:192.0.2.1')::text, '900', 'however the address is written');
SELECT test.is(account_delay('who', address)::text, '0', 'from ' || address || ' others may sign in')
FROM unnest(ARRAY['192.0.2.2', '198.51.100.7']) AS address;
SELECT test.is(account_delay('who', NULL)::text, '0', 'also where the address is not known');
SELECT test.is(account_delay('Who', '192.0.2.1')::text, '0', 'other accounts are not concerned');
SELECT test.is(account_failed('who', '192.0.2.1')::text, '900', 'an attempt that came too late learns nothing');
SELECT test.pass('900 seconds');
SELECT test.is(account_delay('who', '192.0.2.1')::text, '0', 'and does not count');
SELECT test.pass('1 hour');
SELECT test.is(test.fail(5, 'who', '192.0.2.1'), '0/0 0/0 0/0 0/0 0/1', 'an hour later it is forgotten');

SELECT account_create('good', '$argon2id$', '') AS good \gset
SELECT test.is(test.fail(4, 'good', '203.0.113.1'), '0/0 0/0 0/0 0/0', 'four wrong ones');
SELECT test.is(account_succeeded(:good, '203.0.113.1')::text, '0', 'then the right one');
SELECT test.is(test.fail(4, 'good', '203.0.113.1'), '0/0 0/0 0/0 0/0', 'four are allowed again');
SELECT test.is(account_failed('good', '203.0.113.1')::text, '0', 'and a fifth');
SELECT test.is(account_succeeded(:good, '203.0.113.1')::text, '1', 'right, but too late');
SELECT test.is(account_delay('good', '203.0.113.1')::text, '1', 'so nothing is forgotten');
SELECT test.become('user', :good);
SELECT test.is(test.run('SELECT last_login = now() FROM user_private'), 'f', 'the login of before is remembered');
SELECT test.become('anon');
BEGIN;
SELECT test.pass('1 second');
SELECT test.is(account_succeeded(:good, '203.0.113.1')::text, '0', 'right, in time');
SELECT test.become('user', :good);
SELECT test.is(test.run('SELECT last_login = now() FROM user_private'), 't', 'is the last login');
COMMIT;
SELECT test.become('anon');

-- --- many networks at one account --------------------------------------------

SELECT account_create('target', '$argon2id$', '') AS target \gset
SELECT test.is(test.guess(10000, 'target')::text, '100', 'of 10,000 guesses from 1,000 networks 100 are tried');
SELECT test.is((account_delay('target', '198.51.100.1') BETWEEN 3500 AND 3600)::text, 'true', 'for an hour');
SELECT test.is(account_delay('target', NULL)::text, account_delay('target', '198.51.100.1')::text,
               'also where the address is not known');
SELECT test.is((account_succeeded(:target, '198.51.100.1') > 3500)::text, 'true', 'nor the right one is told');
SELECT test.pass('1 hour');
SELECT test.is(account_succeeded(:target, '198.51.100.1')::text, '0', 'then it is right');
SELECT test.is(test.guess(200, 'target')::text, '100', 'and there are another hundred guesses');
SELECT test.is((account_succeeded(:target, '198.51.100.1') > 3500)::text, 'true', 'which a login does not make more');

SELECT test.is(test.guess(500, 'network', '10.0.0.%2$s')::text, '20', 'of 500 from one network 20 are tried');
SELECT test.is((account_delay('network', '10.0.0.255') BETWEEN 3500 AND 3600)::text, 'true', 'an hour');
SELECT test.is(account_delay('network', '10.0.1.1')::text, '0', 'while other networks may');
SELECT test.is(test.guess(500, 'network', '2001:db8:9:%2$s::1')::text, '20', 'of IPv6 likewise');
SELECT test.is(account_delay('network', '2001:db8:10::1')::text, '0', 'by the first 48 bits');

-- --- who shows a token -------------------------------------------------------

SELECT test.is(account_delay('target', '198.51.100.1', :'target', '1700000000')::text, '0', 'whoever shows a token may');
SELECT test.is((account_delay('target', '198.51.100.1', '1', '1700000000') > 3500)::text, 'true', 'not one of others');
SELECT test.is((account_delay('target', '198.51.100.1', 'x', 'y') > 3500)::text, 'true', 'nor nonsense');
SELECT test.is(account_succeeded(:target, '198.51.100.1', :'target', '1700000000')::text, '0', 'and is right');
SELECT test.is((account_delay('target', '198.51.100.1') > 3500)::text, 'true', 'which opens it for nobody else');
SELECT test.is((SELECT string_agg(account_failed('target', '198.51.100.1', :'target', '1700000000')::text, ' ')
                FROM generate_series(1, 5)), '0 0 0 0 0', 'five may be wrong');
SELECT test.is((account_delay('target', '198.51.100.1', :'target', '1700000000') > 3500)::text, 'true',
               'then it is as without');
SELECT test.is((account_failed('target', '198.51.100.1', :'target', '1700000000') > 3500)::text, 'true', 'in every way');
SELECT test.is(account_delay('target', '198.51.100.1', :'target', '1700000001')::text, '0', 'another session is not concerned');
SELECT test.pass('1 second');
SELECT test.is(account_delay('target', '198.51.100.1', :'target', '1700000000')::text, '0', 'after the pause it may again');

-- --- addresses ---------------------------------------------------------------

SELECT test.is((SELECT string_agg(account_failed('user' || n, '192.0.2.99')::text, '')
                FROM generate_series(1, 100) AS n), repeat('0', 100), 'a hundred accounts from one address');
SELECT test.is(account_delay('another', '192.0.2.99')::text, '1', 'close the address');
SELECT test.is(account_delay('another', '::ffff:192.0.2.99')::text, '1', 'however it is written');
SELECT test.is(account_delay('user1', '192.0.2.98')::text, '0', 'and no other');
SELECT test.is(account_succeeded(:good, '192.0.2.99', :'good', '1')::text, '0', 'but not for who shows a token');
SELECT account_create('better', '$argon2id$', '') AS better \gset
SELECT test.is(account_succeeded(:better, '192.0.2.99')::text, '1', 'also for the right password');
SELECT test.pass('1 second');
SELECT test.is(account_succeeded(:better, '192.0.2.99')::text, '0', 'later it is right');
SELECT test.is(test.fail(1, 'user1', '192.0.2.99'), '0/2', 'which is not an excuse');

SELECT test.is((SELECT string_agg(account_failed('six' || n, '2001:db8:1:2::' || to_hex(n))::text, '')
                FROM generate_series(1, 100) AS n), repeat('0', 100), 'a hundred addresses of one network');
SELECT test.is(account_delay('another', '2001:DB8:1:2:ffff::1')::text, '1', 'close the network');
SELECT test.is(account_delay('another', '2001:db8:1:3::1')::text, '0', 'and no other');
SELECT test.is(account_delay('another', address)::text, '0', format('"%s" is allowed', address))
FROM unnest(ARRAY['', 'unix:', '::ffff:192.0.2.1', 'nonsense', ':::', '999.0.0.1', '::ffff:1.2']) AS address;

-- --- the clock is set back ---------------------------------------------------

-- What was counted lies an hour in the future.
SELECT test.is(account_failed('clock', '203.0.113.50')::text, '0', 'one mistyped password');
SELECT test.pass('-1 hour');
SELECT test.is(account_delay('clock', '203.0.113.50')::text, '0', 'keeps nobody waiting when the clock is set back');
SELECT test.is(account_delay('another', '203.0.113.50')::text, '0', 'nor others at the address');
SELECT test.is(test.fail(4, 'clock', '203.0.113.50'), '0/0 0/0 0/0 0/1', 'and still counts');
SELECT test.is(account_failed('clock', '203.0.113.50')::text, '0', 'a sixth');
SELECT test.is(account_delay('clock', '203.0.113.50')::text, '2', 'has a pause');
SELECT test.pass('-1 hour');
SELECT test.is(account_failed('clock', '203.0.113.50')::text, '2', 'that does not get longer');
SELECT test.pass('2 seconds');
SELECT test.is(account_delay('clock', '203.0.113.50')::text, '0', 'and ends');
SELECT test.is(test.guess(200, 'clocks')::text, '100', 'the hour of an account');
SELECT test.pass('-1 day');
SELECT test.is((account_delay('clocks', '203.0.113.50') BETWEEN 3500 AND 3600)::text, 'true', 'does not get longer');
SELECT test.pass('1 hour');
SELECT test.is(account_delay('clocks', '203.0.113.50')::text, '0', 'and ends');

-- --- sign-ups ----------------------------------------------------------------

SELECT test.is(test.sign_up(5, '192.0.2.1'), '0 0 0 60 60', 'an address may create so many accounts');
SELECT test.is(test.sign_up(1, '192.0.2.2'), '0', 'another one too');
SELECT test.is(test.sign_up(2, '::ffff:192.0.2.1'), '60 60', 'however it is written');
SELECT test.is(test.sign_up(4, NULL), '0 0 0 0', 'where addresses are not known, nothing is counted');
SELECT test.is(test.sign_up(2, '2001:db8::1') || test.sign_up(2, '2001:db8::2'), '0 00 60', 'IPv6 by its network');
SELECT test.pass('59 seconds');
SELECT test.is(test.sign_up(1, '192.0.2.1'), '1', 'until the time is over');
SELECT test.pass('1 second');
SELECT test.is(test.sign_up(4, '192.0.2.1'), '0 0 0 60', 'then as many again');
SELECT account_not_created('192.0.2.1');
SELECT test.is(test.sign_up(2, '192.0.2.1'), '0 60', 'what is taken back is not counted');
SELECT test.pass('-1 hour');
SELECT test.is(test.sign_up(1, '192.0.2.1'), '60', 'the clock set back makes no pause longer');
SELECT test.pass('60 seconds');
SELECT test.is(test.sign_up(1, '192.0.2.1'), '0', 'and it ends');
SELECT test.refused($$SELECT account_may_create('good', '192.0.2.2', 3, 60)$$,
                    'LN409 A user with that username already exists. username', 'a name that is taken');
SELECT test.refused($$SELECT account_may_create('a b', '192.0.2.2', 3, 60)$$,
                    'LN400 A username is 1 to 150 letters, digits and @.+-_. username', 'no name');
SELECT test.is(test.sign_up(3, '192.0.2.2'), '0 0 0', 'neither of which counts');

-- --- what is kept ------------------------------------------------------------

SELECT test.superuser();
SELECT test.is((SELECT bool_and(octet_length(key) = 32)::text FROM login_failures), 'true', 'only digests');
SELECT test.is((SELECT bool_and(octet_length(key) = 32)::text FROM sign_ups), 'true', 'of addresses too');
SELECT test.pass('2 days');
SELECT count(*) AS kept FROM login_failures \gset
SELECT test.is((SELECT sum(account_failed('late', '192.0.2.250'))::text FROM generate_series(1, 3)), '0', 'new ones');
SELECT test.is((SELECT :kept - count(*) FROM login_failures)::text, '26', 'clear old ones away, ten each');
SELECT test.is(test.sign_up(1, '192.0.2.250'), '0', 'a new account');
SELECT test.is((SELECT count(*) FROM sign_ups)::text, '1', 'likewise');

-- However many counters there are, a failure reads few of them.
INSERT INTO login_failures (key, failures, since, failed_at, closed_until)
SELECT sha256(n::text::bytea), 1, now(), now(), now() FROM generate_series(1, 5000) AS n;
ANALYZE login_failures;
BEGIN;
SELECT coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0) AS rows_before
FROM pg_stat_xact_user_tables WHERE relname = 'login_failures' \gset
SELECT test.is(account_failed('few', '192.0.2.251')::text, '0', 'a failure among thousands');
SELECT test.is((coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0) - :rows_before < 100)::text, 'true',
               'reads few of them')
FROM pg_stat_xact_user_tables WHERE relname = 'login_failures';
COMMIT;
