-- subjects.sql - users of other issuers: which user a subject is, and who may ask.
--
-- SPDX-License-Identifier: MIT
INSERT INTO credentials (user_id, password_hash) SELECT id, '$argon2id$' || id FROM users WHERE id <= 3;

SELECT test.is(account_link_subject((SELECT username FROM users WHERE id = 1), 'https://a.example', 'x|1')::text,
               '1', 'an operator links a user');
SELECT test.is(account_link_subject((SELECT username FROM users WHERE id = 2), 'https://b.example', 'x|1')::text,
               '2', 'and another one');

SELECT test.become('anon', NULL);
SELECT test.is(account_of_subject('https://a.example', 'x|1')::text, '1', 'a subject is the user that it was linked to');
SELECT test.is(account_of_subject('https://b.example', 'x|1')::text, '2', 'the same subject of another issuer is another user');
SELECT test.is(account_of_subject('https://c.example', 'x|1')::text, NULL, 'an issuer that nobody has linked knows nobody');
SELECT test.is(account_of_subject('https://a.example', '1')::text, NULL, 'a subject that is a key here is not that user');
SELECT test.is(account_of_subject('https://a.example', 'X|1')::text, NULL, 'case counts');
SELECT test.superuser();

UPDATE credentials SET is_disabled = true WHERE user_id = 1;
SELECT test.is(account_of_subject('https://a.example', 'x|1')::text, NULL, 'an account that is disabled is nobody');
UPDATE credentials SET is_disabled = false WHERE user_id = 1;

SELECT test.is(account_link_subject((SELECT username FROM users WHERE id = 3), 'https://a.example', 'x|1')::text,
               '3', 'a subject may be linked anew');
SELECT test.is(account_of_subject('https://a.example', 'x|1')::text, '3', 'and is then that user');
SELECT test.refused($q$SELECT account_link_subject('nobody at all', 'https://a.example', 'x|2')$q$,
                    'LN404 There is no such user.', 'a user who is not there is not linked');
