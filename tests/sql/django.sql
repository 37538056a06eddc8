-- django.sql - records of Django are taken, or refused with a reason.
--
-- SPDX-License-Identifier: MIT

SELECT test.become('owner') AS ignored \gset
SELECT test.is(test.run('SELECT * FROM import_django_models()'),
               'LN409 This database has users or links that did not come from Django.', 'sample data is not mixed with');
SELECT test.superuser() AS ignored \gset
SET client_min_messages = warning;
TRUNCATE users, links, votes RESTART IDENTITY CASCADE;

-- What becomes of these records, each a row of jsonb.
CREATE FUNCTION test.take(function text, records jsonb) RETURNS text
LANGUAGE plpgsql
AS $$
BEGIN
    DROP TABLE IF EXISTS import_records;
    CREATE TEMPORARY TABLE import_records AS
    SELECT place AS number, item AS record
    FROM jsonb_array_elements(records) WITH ORDINALITY AS items (item, place);
    RETURN (SELECT string_agg(line, E'\n') FROM test.lines(function) AS line);
END
$$;
CREATE FUNCTION test.lines(function text) RETURNS SETOF text
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT concat_ws('' '', outcome, coalesce(key, count::text), reason) FROM %s()', function);
END
$$;
-- Records of a model from keys and fields.
CREATE FUNCTION test.user(key jsonb, fields jsonb) RETURNS jsonb
LANGUAGE sql
RETURN jsonb_build_object('model', 'auth.user', 'pk', key, 'fields',
    '{"password": "!", "is_staff": false, "is_superuser": false, "is_active": true, "first_name": "",
      "last_name": "", "email": "", "last_login": null, "date_joined": "2020-01-01T00:00:00Z"}' || fields);
CREATE FUNCTION test.link(key jsonb, fields jsonb) RETURNS jsonb
LANGUAGE sql
RETURN jsonb_build_object('model', 'links.link', 'pk', key, 'fields',
    '{"url": "https://a.example/", "description": "", "posted_by": null}' || fields);
CREATE FUNCTION test.vote(key jsonb, fields jsonb) RETURNS jsonb
LANGUAGE sql
RETURN jsonb_build_object('model', 'links.vote', 'pk', key, 'fields', fields);

SELECT test.become('owner') AS ignored \gset
BEGIN;
SELECT test.is(test.run('SELECT model FROM import_django_models()'), 'auth.user links.link links.vote', 'an empty one is filled');

-- --- users -------------------------------------------------------------------

SELECT test.is(test.take('import_django_users', jsonb_build_array(
        test.user('7', '{"username": "ada", "email": "ada@example.com", "date_joined": "2020-01-02T03:04:05.678+02:00"}'),
        test.user('3', '{"username": "grace", "is_superuser": true, "date_joined": "2020-01-01"}'),
        test.user('4', '{"username": "staff", "is_staff": true, "is_active": false, "date_joined": "9999-01-01T00:00:00Z"}'),
        test.user('5', '{"username": "one", "password": "pbkdf2_sha256$1000$salt$PwpcJFR8Qhd3cIA7lSpr2yHzIjR7QvCTX0WdGxyYXhY=",
                         "date_joined": "2020-99-99T00:00:00Z"}'),
        test.user('6', jsonb_build_object('username', 'long', 'email', repeat('e', 255), 'first_name', repeat('f', 151))),
        test.user('7', '{"username": "again"}'),
        test.user('null', '{"username": "natural"}'),
        test.user('0', '{"username": "zero"}'),
        test.user('"8"', '{"username": "text"}'),
        test.user('1.5', '{"username": "fraction"}'),
        test.user('2147483648', '{"username": "big"}'),
        test.user('20', '{"username": null}'),
        test.user('21', '{"username": 5}'),
        test.user('22', '{"username": ""}'),
        test.user('23', '{"username": "a b"}'),
        test.user('24', jsonb_build_object('username', repeat('x', 151))),
        test.user('31', '{"username": "e\u0301ric"}'),
        test.user('30', '{"username": "\ufb01ona"}'), test.user('33', '{"username": "fiona"}'),
        test.user('34', '{"username": "\ufb02ora"}'), test.user('35', '{"username": "\ufb02\u006fra"}'),
        '{"model": "auth.user", "pk": 40, "fields": []}'::jsonb, '{"model": "auth.user"}'::jsonb,
        test.user('41', '{"username": "weird", "is_active": "yes", "is_staff": "yes", "password": 5, "first_name": {}, "date_joined": []}')
    )),
    $$taken 9
changed 6 the email, longer than 254 characters, is left out
changed 6 a name is cut at 150 characters
changed 31 the username is now "éric", in normal form (NFKC)
changed 34 the username is now "flora", in normal form (NFKC)
changed 41 the password is lost: its hash (unknown) is of a kind that is not read, or costs too much
refused 7 its key comes twice
refused 20 it has no username
refused 21 it has no username
refused 22 the username "" is not 1 to 150 letters, digits and @.+-_
refused 23 the username "a b" is not 1 to 150 letters, digits and @.+-_
refused 24 the username "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" is not 1 to 150 letters, digits and @.+-_
refused 30 the username "fiona" is that of user 33 in normal form (NFKC)
refused 35 the username "flora" is that of user 34 in normal form (NFKC)
refused 40 it has no username
refused 1 it has no key; dump without --natural-primary
refused 0 its key is not a whole number from 1 to 2147483647
refused 8 its key is not a whole number from 1 to 2147483647
refused 1.5 its key is not a whole number from 1 to 2147483647
refused 2147483648 its key is not a whole number from 1 to 2147483647
refused 1 it has no key; dump without --natural-primary$$, 'users are taken, or refused with a reason');
SELECT test.is(test.run('SELECT id, username FROM users'),
               '3,grace 31,éric 33,fiona 34,flora 4,staff 41,weird 5,one 6,long 7,ada', 'with their keys');
SELECT test.is(test.run('SELECT user_id, is_staff, is_disabled, left(password_hash, 6) FROM credentials WHERE user_id IN (3, 4, 5, 41)'),
               '3,t,f,! 4,t,t,! 41,f,t,! 5,f,f,pbkdf2', 'staff, disabled users, hashes');
SELECT test.is((date_joined = '2020-01-02 01:04:05.678Z')::text, 'true', 'a time with its zone') FROM users WHERE id = 7;
SELECT test.is((date_joined = now())::text, 'true', format('a time that is none or not yet: user %s', id)) FROM users
WHERE id IN (3, 4, 5, 41);
SELECT test.is(nextval('users_id_seq')::text, '42', 'the next key is a new one');

-- --- links -------------------------------------------------------------------

UPDATE users SET date_joined = '2020-01-01Z' WHERE id = 3;
SELECT test.is(test.take('import_django_links', jsonb_build_array(
        test.link('5', '{"url": "https://five.example/", "posted_by": 7}'),
        test.link('2', '{"url": "http://two.example/", "description": null}'),
        test.link('9', '{"url": "HTTPS://nine.example/", "posted_by": 3}'),
        test.link('12', '{"url": "https://twelve.example/", "posted_by": 30}'),
        test.link('13', '{"url": "https://thirteen.example/", "posted_by": ["ada"]}'),
        test.link('14', '{"url": "ftp://a.example/"}'), test.link('15', '{"url": "javascript:alert(1)"}'),
        test.link('16', '{"url": null}'), test.link('17', '{"url": 7}'), test.link('18', '{"url": ""}'),
        test.link('19', jsonb_build_object('url', 'https://a.example/' || repeat('x', 2031))),
        test.link('20', jsonb_build_object('description', repeat('x', 2001))),
        test.link('21', jsonb_build_object('description', repeat('ü', 2000), 'posted_by', 0)))),
    $$taken 5
changed 12 posted by nobody, since there is no user 30 here
changed 21 posted by nobody, since there is no user 0 here
refused 13 posted_by is not a key; dump without --natural-foreign
refused 14 the url is not one of http or https: ftp://a.example/
refused 15 the url is not one of http or https: javascript:alert(1)
refused 16 it has no url
refused 17 it has no url
refused 18 the url is not one of http or https: 
refused 19 the url is longer than 2,048 characters
refused 20 the description is longer than 2,000 characters$$, 'links are taken, or refused with a reason');
SELECT test.is(test.run('SELECT id, url, posted_by FROM links'),
               '12,https://twelve.example/, 2,http://two.example/, 21,https://a.example/, 5,https://five.example/,7 '
               '9,HTTPS://nine.example/,3', 'with their keys');
SELECT test.is(string_agg(id::text, ' ' ORDER BY created_at), '2 5 9 12 21', 'they are as old as their keys') FROM links;
SELECT test.is(bool_and(created_at > date_joined AND created_at <= now())::text, 'true', 'but younger than their users')
FROM links JOIN users ON users.id = posted_by;

-- --- votes -------------------------------------------------------------------

SELECT test.is(test.take('import_django_votes', jsonb_build_array(
        test.vote('4', '{"user": 7, "link": 2}'), test.vote('1', '{"user": 3, "link": 9}'),
        test.vote('8', '{"user": 7, "link": 2}'), test.vote('3', '{"user": 7, "link": 2}'),
        test.vote('9', '{"user_id": 3, "link_id": 2}'),
        test.vote('10', '{"user": 30, "link": 2}'), test.vote('11', '{"user": 3, "link": 14}'),
        test.vote('12', '{"user": null, "link": 2}'), test.vote('13', '{"user": 3}'),
        test.vote('14', '{"user": ["ada"], "link": 2}'))),
    $$taken 3
merged 4 it repeats vote 3
merged 8 it repeats vote 3
refused 10 there is no user 30 here
refused 11 there is no link 14 here
refused 12 user is not a key; dump without --natural-foreign
refused 13 link is not a key; dump without --natural-foreign
refused 14 user is not a key; dump without --natural-foreign$$, 'votes are taken, merged, or refused with a reason');
SELECT test.is(test.run('SELECT id, user_id, link_id FROM votes'), '1,3,9 3,7,2 9,3,2', 'with their keys');
SELECT test.is(test.run('SELECT id, vote_count FROM links WHERE vote_count > 0'), '2,2 9,1', 'and counted');
SELECT test.is(string_agg(id::text, ' ' ORDER BY created_at), '1 3 9', 'they are as old as their keys') FROM votes;
SELECT test.is(bool_and(votes.created_at >= links.created_at)::text, 'true', 'but younger than their links')
FROM votes JOIN links ON links.id = link_id;

-- --- again -------------------------------------------------------------------

COMMIT;
BEGIN;
SELECT test.is((count(*))::text, '3', 'what an import has filled takes another one') FROM import_django_models();
-- Meanwhile here: a new user and link, another vote, and what was taken is changed and deleted.
INSERT INTO users (username) VALUES ('newcomer') RETURNING id AS newcomer \gset
INSERT INTO links (url, description, posted_by) VALUES ('https://here.example/', '', :newcomer) RETURNING id AS here \gset
INSERT INTO votes (user_id, link_id) VALUES (:newcomer, :here), (7, 9);
UPDATE users SET username = 'lovelace' WHERE id = 7;
UPDATE credentials SET password_hash = '$argon2id$new' WHERE user_id = 5;
DELETE FROM users WHERE id = 41;
DELETE FROM links WHERE id = 9;
SELECT test.is(test.take('import_django_users', jsonb_build_array(
        test.user('5', '{"username": "one", "password": "!"}'), test.user('7', '{"username": "ada"}'),
        test.user('41', '{"username": "weird"}'), test.user('30', '{"username": "nora"}'),
        test.user(to_jsonb(:newcomer), '{"username": "other"}'), test.user('50', '{"username": "lovelace"}'),
        test.user('51', '{"username": "newcomer"}'))),
    format($$taken 1
refused %s a user who signed up here has this key
refused 50 the username "lovelace" is that of user 7 here
refused 51 the username "newcomer" is that of user %1$s here
taken before 3$$, :newcomer), 'what was taken is left as it is, changed or deleted');
SELECT test.is(test.run('SELECT id, username FROM users WHERE id IN (5, 7, 30, 41)'), '30,nora 5,one 7,lovelace', 'as here');
SELECT test.is(password_hash, '$argon2id$new', 'a renewed hash stays') FROM credentials WHERE user_id = 5;
SELECT test.is(test.take('import_django_links', jsonb_build_array(
        test.link('12', '{"url": "https://changed.example/", "posted_by": 30}'),
        test.link('9', '{"url": "https://nine.example/", "posted_by": 3}'),
        test.link('2', '{"url": "http://two.example/", "posted_by": 41}'),
        test.link('13', '{"url": "https://thirteen.example/", "posted_by": 7}'))),
    $$taken 1
changed 12 posted by user 30, who is here now
taken before 3$$, 'a link gets its user who was refused before');
SELECT test.is(string_agg(id::text, ' ' ORDER BY created_at, id), format('2 5 12 13 21 %s', :here), 'what comes later finds its place')
FROM links;
SELECT test.is(test.take('import_django_votes', jsonb_build_array(
        test.vote('1', '{"user": 3, "link": 9}'), test.vote('4', '{"user": 7, "link": 2}'),
        test.vote('10', '{"user": 30, "link": 2}'), test.vote('20', format('{"user": %s, "link": %s}', :newcomer, :here)::jsonb))),
    format($$taken 1
merged 20 it repeats vote %s
taken before 2$$, (SELECT id FROM votes WHERE user_id = :newcomer)), 'votes too');
ROLLBACK;

SELECT test.become('anon') AS ignored \gset
SELECT test.is((has_function_privilege(current_user, oid, 'EXECUTE') AND NOT test.is_single_role())::text, 'false',
               format('nobody may call %s()', proname))
FROM pg_proc WHERE proname LIKE 'import\_django\_%' ORDER BY proname;
SELECT test.is(test.run('SELECT FROM django_imports'),
               CASE WHEN test.is_single_role() THEN '' ELSE '42501 permission denied for table django_imports' END,
               'nor see what came');
