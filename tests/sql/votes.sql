-- votes.sql - links.vote_count and links.hot follow votes, whoever writes how many.
--
-- SPDX-License-Identifier: MIT

CREATE FUNCTION test.miscounted() RETURNS text
LANGUAGE sql SECURITY DEFINER
RETURN (SELECT string_agg(format('link %s: %s', id, vote_count), ', ' ORDER BY id) FROM links
        WHERE vote_count <> (SELECT count(*) FROM votes WHERE link_id = links.id));

SELECT test.is(test.miscounted(), NULL, 'the seed''s votes are counted');

-- --- by those who may not touch the links ------------------------------------

SELECT test.become('user', 3);
SELECT test.is((SELECT count(create_vote(id))::text FROM links
                WHERE NOT EXISTS (SELECT FROM votes WHERE link_id = links.id AND user_id = 3)
                  AND posted_by IS DISTINCT FROM 3),
               (SELECT count(*)::text FROM links
                WHERE NOT EXISTS (SELECT FROM votes WHERE link_id = links.id AND user_id = 3)
                  AND posted_by IS DISTINCT FROM 3), 'a vote for each link of others');
SELECT test.is(test.miscounted(), NULL, 'is counted');
DELETE FROM votes;
SELECT test.is((SELECT count(*) > 0 FROM votes)::text, 'true', 'others'' votes stay');
SELECT test.is(test.miscounted(), NULL, 'many that go at once are counted');
INSERT INTO votes (user_id, link_id) SELECT 3, id FROM links;
SELECT test.is(test.miscounted(), NULL, 'and many that come');
-- --- by the owner ------------------------------------------------------------

SELECT test.become('owner');
INSERT INTO links (url, description) VALUES ('http://much', 'ten thousand votes');
INSERT INTO users (username) SELECT 'voter' || n FROM generate_series(1, 10000) AS n;
ANALYZE users;
SELECT max(id) AS much FROM links \gset
SELECT hot AS cold FROM links WHERE id = :much \gset
INSERT INTO votes (user_id, link_id) SELECT id, :much FROM users WHERE username LIKE 'voter%';
SELECT test.is(format('%s %s', vote_count, round((hot - :cold)::numeric, 9)), '10000 4.000000000',
               'ten thousand at once count, and are hot') FROM links WHERE id = :much;
SELECT test.is((current_setting('linnet.internal', true))::text, 'on', 'the owner''s work goes on');
UPDATE links SET posted_by = 3 WHERE id = :much;
INSERT INTO votes (user_id, link_id) SELECT 3, :much;

-- --- what goes with others ---------------------------------------------------

SELECT test.become('user', 3);
SELECT clock_timestamp() AS start \gset
SELECT test.is(test.run(format('SELECT id, vote_count FROM delete_link(%s)', :much)),
               format('%s,10001', :much), 'a link with 10,001 votes is deleted');
SELECT test.is((extract(epoch FROM clock_timestamp() - :'start') < 1)::text, 'true', 'within a second');
SELECT test.is((SELECT count(*) FROM votes WHERE link_id = :much)::text, '0', 'with its votes');
SELECT test.is(test.miscounted(), NULL, 'and no other link''s');

SELECT test.become('owner');
DELETE FROM users WHERE id IN (3, 4, 5);
SELECT test.is(test.miscounted(), NULL, 'the votes of users who go are not counted any more');
SELECT test.is((SELECT count(*) FROM votes WHERE user_id IN (3, 4, 5))::text, '0', 'and are not there');
SELECT test.refused('UPDATE links SET vote_count = -1 WHERE id = 1 RETURNING id',
                    '23514 new row for relation "links" violates check constraint "links_vote_count_positive"',
                    'there are no negative votes');

-- A statement that meets a vote that is there already counts what it has written.
SELECT link_id AS voted, user_id AS voter FROM votes ORDER BY id LIMIT 1 \gset
INSERT INTO votes (user_id, link_id) SELECT id, :voted FROM users ON CONFLICT DO NOTHING;
SELECT test.is(test.miscounted(), NULL, 'ON CONFLICT DO NOTHING');
BEGIN;
DELETE FROM votes WHERE link_id = :voted;
ROLLBACK;
SELECT test.is(test.miscounted(), NULL, 'ROLLBACK');
SELECT test.superuser();
