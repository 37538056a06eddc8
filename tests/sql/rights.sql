-- rights.sql - every table, verb and role, held against a model of who may do what.
--
-- The model says the rows by a condition in which $me is the signed-in user's key; all
-- others must stay untouched.  Each case is tried for many users and taken back.  In
-- single-role mode there are no rights to columns or verbs, so policies alone must do: where
-- the model says `denied`, a verb finds no row there and an INSERT is refused all the same.
--
-- SPDX-License-Identifier: MIT

-- --- a bit of everything -----------------------------------------------------

INSERT INTO credentials (user_id, password_hash, is_staff)
SELECT id, '$argon2id$' || id, id = 2 FROM users WHERE id <= 60;
INSERT INTO login_failures VALUES ('\x01', 7, now(), now(), now()), ('\x02', 1, now(), now(), now());
INSERT INTO sign_ups VALUES ('\x01', 7, now());
-- One ends a session, and no more: all have ended.
INSERT INTO sessions (user_id, created_at, last_used_at, ends_at, expires_at, revoked_at)
SELECT id, now(), now(), now(), now(), now() FROM users WHERE id <= 60;
INSERT INTO refresh_tokens (token_hash, session_id, issued_at)
SELECT sha256(id::text::bytea), id, now() FROM sessions;
INSERT INTO django_imports VALUES ('auth.user', '{[1,8)}');
INSERT INTO subjects (issuer, subject, user_id) SELECT 'https://a.example', 'a' || id, id FROM users WHERE id <= 60;
UPDATE links SET posted_by = 2 WHERE id = 100;

-- --- the model ---------------------------------------------------------------

CREATE TABLE test.model (
    who       text,
    verb      text,
    target    text,
    is_column boolean NOT NULL DEFAULT false, -- rights are of columns, which single-role mode has not
    expected  text      -- the condition that rows meet, or `denied`
);

-- Reading.
INSERT INTO test.model
SELECT who, 'select', target, false,
       CASE WHEN who = 'owner' THEN 'true'
            WHEN who = 'login' OR target IN ('credentials', 'login_failures', 'sign_ups', 'refresh_tokens', 'subjects',
                                                 'django_imports')
            THEN 'denied'
            WHEN target IN ('user_private', 'sessions') THEN 'user_id = $me'
            ELSE 'true' END
FROM unnest(ARRAY['login', 'anon', 'user', 'staff', 'owner']) AS who,
     unnest(ARRAY['users', 'user_private', 'credentials', 'login_failures', 'sign_ups', 'sessions',
                  'refresh_tokens', 'subjects', 'django_imports', 'links', 'votes']) AS target;

-- Deleting.
INSERT INTO test.model
SELECT who, 'delete', target, false,
       CASE WHEN who = 'owner' THEN 'true'
            WHEN who = 'user' AND target = 'links' THEN 'posted_by = $me'
            WHEN who = 'staff' AND target = 'links' THEN 'true'
            WHEN who IN ('user', 'staff') AND target = 'votes' THEN 'user_id = $me'
            ELSE 'denied' END
FROM unnest(ARRAY['login', 'anon', 'user', 'staff', 'owner']) AS who,
     unnest(ARRAY['users', 'user_private', 'credentials', 'login_failures', 'sign_ups', 'sessions',
                  'refresh_tokens', 'subjects', 'django_imports', 'links', 'votes']) AS target;

-- Updating, column by column: `links.url`.
INSERT INTO test.model
SELECT who, 'update', relname || '.' || attname,
       -- of one's own rows there are columns that one may not write
       who IN ('user', 'staff') AND CASE relname WHEN 'links' THEN attname NOT IN ('url', 'description')
                                                 WHEN 'sessions' THEN attname <> 'revoked_at'
                                                 ELSE false END,
       CASE WHEN who = 'owner' THEN 'true'
            WHEN who IN ('user', 'staff') AND relname = 'sessions' AND attname = 'revoked_at'
            THEN 'user_id = $me'
            WHEN who IN ('user', 'staff') AND relname = 'links' AND attname IN ('url', 'description')
            THEN 'posted_by = $me'
            ELSE 'denied' END
FROM unnest(ARRAY['login', 'anon', 'user', 'staff', 'owner']) AS who,
     pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = '';

-- --- trying it ---------------------------------------------------------------

-- The primary key's column.
CREATE FUNCTION test.key(target text) RETURNS text
LANGUAGE sql
RETURN CASE WHEN target IN ('user_private', 'credentials') THEN 'user_id'
            WHEN target IN ('login_failures', 'sign_ups') THEN 'key'
            WHEN target = 'linnet_requests' THEN 'key'
            WHEN target = 'refresh_tokens' THEN 'token_hash'
            WHEN target = 'subjects' THEN 'subject'
            WHEN target = 'django_imports' THEN 'model' ELSE 'id' END;

-- The statement that does it to all rows that it may.
CREATE FUNCTION test.statement(verb text, target text) RETURNS text
LANGUAGE sql
RETURN CASE verb
    WHEN 'select' THEN format('SELECT %s FROM %s', test.key(target), target)
    WHEN 'delete' THEN format('DELETE FROM %s RETURNING %s', target, test.key(target))
    WHEN 'update' THEN format('UPDATE %1$s SET %2$s = %2$s RETURNING %3$s', split_part(target, '.', 1),
                              split_part(target, '.', 2), test.key(split_part(target, '.', 1))) END;

-- What the model says that it returns.
CREATE FUNCTION test.expected(m test.model, me integer) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    target text := split_part(m.target, '.', 1);
BEGIN
    IF m.expected = 'denied' THEN
        RETURN CASE WHEN test.is_single_role() THEN '' ELSE 'denied' END;
    END IF;
    RETURN test.run(format('SELECT %s FROM %s WHERE %s', test.key(target), target,
                           replace(m.expected, '$me', coalesce(me::text, 'null'))));
END
$$;

-- A line for each row of the model, and each user in some hundred.
DO $$
DECLARE
    m        test.model;
    me       integer;
    actual   text;
    expected text;
    cases    integer := 0;
BEGIN
    CREATE TABLE test.wrong (who text, verb text, target text, me integer, actual text, expected text);
    FOR m IN SELECT * FROM test.model
             WHERE NOT (test.is_single_role() AND (is_column OR who = 'login')) LOOP
        FOR me IN SELECT id FROM users
                  -- nobody is signed in as `login`, `anon` and `owner`; 2147483647 is not there
                  WHERE m.who IN ('user', 'staff') AND (id <= 20 OR id % 23 = 0)
                  UNION ALL SELECT CASE WHEN m.who IN ('user', 'staff') THEN 2147483647 END LOOP
            expected := test.expected(m, me);
            PERFORM test.become(m.who, me);
            actual := test.try(test.statement(m.verb, m.target));
            PERFORM test.superuser();
            actual := CASE WHEN actual LIKE '42501 permission denied for %' THEN 'denied' ELSE actual END;
            cases := cases + 1;
            IF actual IS DISTINCT FROM expected THEN
                INSERT INTO test.wrong
                VALUES (m.who, m.verb, m.target, me, left(actual, 200), left(expected, 200));
            END IF;
        END LOOP;
    END LOOP;
    RAISE NOTICE '% cases of verb, table and user', cases;
END
$$;

SELECT test.is((SELECT format('%s as %s %s: %s instead of %s', count(*), min(me), min(target), min(actual),
                              min(expected))
                FROM test.wrong WHERE wrong.who = m.who AND wrong.verb = m.verb HAVING count(*) > 0),
               NULL, format('%s may %s what the model says, and nothing else', m.who, m.verb))
FROM (SELECT DISTINCT who, verb FROM test.model) AS m
WHERE NOT (test.is_single_role() AND who = 'login')
ORDER BY verb, who;

-- --- inserting, truncating ---------------------------------------------------

CREATE TABLE test.insert (title text, statement text, by_column boolean);
GRANT SELECT ON test.insert TO PUBLIC;
INSERT INTO test.insert VALUES
    ('an account', $q$INSERT INTO users (username) VALUES ('new') RETURNING 1$q$, false),
    ('an e-mail of one''s own', 'INSERT INTO user_private VALUES (3, ''x'') RETURNING 1', false),
    ('a password', 'INSERT INTO credentials VALUES (3, ''$argon2id$'') RETURNING 1', false),
    ('a failure', $q$INSERT INTO login_failures VALUES ('\x03', 1, now(), now(), now()) RETURNING 1$q$, false),
    ('somebody else''s link', $q$INSERT INTO links (url, description, posted_by)
        VALUES ('http://a', '', 4) RETURNING 1$q$, false),
    ('nobody''s link', $q$INSERT INTO links (url, description) VALUES ('http://a', '') RETURNING 1$q$, false),
    ('somebody else''s vote', 'INSERT INTO votes (user_id, link_id) VALUES (4, 100) RETURNING 1', false),
    ('a link with votes', $q$INSERT INTO links (url, description, posted_by, vote_count)
        VALUES ('http://a', '', 3, 1000) RETURNING 1$q$, true),
    ('a link of tomorrow', $q$INSERT INTO links (url, description, posted_by, created_at)
        VALUES ('http://a', '', 3, '9999-01-01') RETURNING 1$q$, true),
    ('a vote of yesterday', $q$INSERT INTO votes (user_id, link_id, created_at)
        VALUES (3, 100, '2000-01-01') RETURNING 1$q$, true);

DELETE FROM user_private WHERE user_id = 3;
DELETE FROM credentials WHERE user_id = 3;
DELETE FROM votes WHERE user_id IN (3, 4) AND link_id = 100;

SELECT test.become(who, CASE WHEN who IN ('user', 'staff') THEN 3 END),
       test.is(left(test.try(statement), 5), '42501', who || ' may not insert ' || title),
       test.superuser()
FROM test.insert, unnest(ARRAY['login', 'anon', 'user', 'staff']) AS who
WHERE NOT (test.is_single_role() AND (by_column OR who = 'login'))
ORDER BY title, who \g (format=unaligned fieldsep='')

SELECT test.become(who, 3),
       test.is(test.try($q$INSERT INTO links (url, description, posted_by)
                           VALUES ('http://a', '', 3) RETURNING vote_count$q$), '0',
               who || ' may post a link'),
       test.is(test.try('INSERT INTO votes (user_id, link_id) VALUES (3, 100) RETURNING link_id'), '100',
               who || ' may give a vote'),
       test.superuser()
FROM unnest(ARRAY['user', 'staff']) AS who \g (format=unaligned fieldsep='\n')

-- What asks no policy, so that only rights keep it away.
SELECT test.is(string_agg(format('%s %s %s', rolname, verb, relname), ', '), NULL,
               'nobody but the owner may truncate, refer to a table or put triggers on it')
FROM pg_roles, pg_class, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS verb
WHERE rolname LIKE 'linnet\_%' AND relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND rolname <> pg_get_userbyid(relowner) AND has_table_privilege(rolname, pg_class.oid, verb);

-- --- settings that are not there ---------------------------------------------

SELECT test.become('user', 3);
SELECT set_config('linnet.user_id', '', false) \g /dev/null
SELECT test.is(test.try('SELECT user_id FROM user_private'), '', 'an empty setting is nobody');
SELECT test.is(test.try('DELETE FROM votes RETURNING id'), '', 'and has no votes');
SELECT test.superuser();

-- --- what the catalog says ---------------------------------------------------

SELECT test.is(string_agg(relname, ' ' ORDER BY relname), NULL, 'every table has FORCE')
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  AND NOT (relrowsecurity AND relforcerowsecurity);

SELECT test.is(string_agg(proname, ' ' ORDER BY proname), NULL, 'no function is everybody''s')
FROM pg_proc CROSS JOIN LATERAL aclexplode(coalesce(proacl, acldefault('f', proowner))) AS acl
WHERE pronamespace = 'public'::regnamespace AND grantee = 0;

SELECT test.is(string_agg(proname, ' ' ORDER BY proname), NULL,
               'every definer function has a search path that ends in pg_temp')
FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prosecdef
  AND proconfig IS DISTINCT FROM ARRAY['search_path=public, pg_temp'];

SELECT test.is(has_schema_privilege('public', 'public', 'CREATE')::text, 'false',
               'not everybody may make things in the schema');

-- Roles belong to the cluster, and the other mode has none.
SELECT test.is(format('%s %s %s %s %s', rolcanlogin, rolinherit, rolsuper, rolbypassrls,
                      array_to_string(rolconfig, ' ')),
               't f f f statement_timeout=30s idle_in_transaction_session_timeout=30s'
               ' client_connection_check_interval=1s', 'linnet_login owns nothing and is nobody')
FROM pg_roles WHERE rolname = 'linnet_login' AND NOT test.is_single_role();
SELECT test.is(string_agg(rolname, ' ' ORDER BY rolname), 'linnet_anon linnet_login linnet_staff linnet_user',
               'linnet_login may become the three roles and nobody else')
FROM pg_roles WHERE pg_has_role('linnet_login', oid, 'MEMBER') AND NOT test.is_single_role()
HAVING count(*) > 0;
