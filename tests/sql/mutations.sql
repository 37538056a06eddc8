-- mutations.sql - posting, changing, deleting, voting: what is returned, and what is refused.
--
-- User 1 posts; user 2 is somebody else; 2147483647 is a user and a link that are not there.
--
-- SPDX-License-Identifier: MIT

-- --- createLink --------------------------------------------------------------

SELECT test.become('user', 1);
SELECT test.is(test.run($$SELECT url, description, posted_by, vote_count, created_at = now()
                          FROM create_link('https://example.org/a?b#c', 'A link')$$),
               'https://example.org/a?b#c,"A link",1,0,t', 'a link is its poster''s');
SELECT test.is(test.run($$SELECT description FROM create_link('http://x')$$), '""',
               'its description is empty unless given');
SELECT test.is(test.run($$SELECT l.hot > m.hot FROM create_link('http://new') AS l,
                          (SELECT max(hot) AS hot FROM links) AS m$$), 't', 'a new link is hot');
SELECT max(id) AS mine FROM links WHERE posted_by = 1 \gset
SELECT id AS others FROM links WHERE posted_by = 7 ORDER BY id LIMIT 1 \gset
SELECT id AS nobodys FROM links WHERE posted_by IS NULL ORDER BY id LIMIT 1 \gset

CREATE TEMPORARY TABLE bad AS
SELECT title, url, description, 'LN400 The url is longer than 2,048 characters. url' AS message
FROM (VALUES ('2,049 characters', 'http://x/' || repeat('u', 2040), ''),
             ('more bytes than it may have on the wire', 'http://x/' || repeat('漢', 1000), '')
     ) AS case_of (title, url, description)
UNION ALL
SELECT format('"%s"', url), url, '', 'LN400 The url is not one of http or https. url'
FROM unnest(ARRAY['', 'x', 'http://', 'https:///path', 'ftp://x', 'javascript:alert(1)', ' http://x',
                  'http://x y', E'http://x\ny', 'data:text/html,<script>', '//x', 'http:x',
                  E'\x01http://x', 'http://?q', 'http://#f', E'http://x/\u0085']) AS url
UNION ALL
SELECT '2,001 characters', 'http://x', repeat('é', 2001),
       'LN400 The description is longer than 2,000 characters. description';

SELECT test.refused(format('SELECT create_link(%L, %L)', url, description), message,
                    'createLink: ' || translate(title, E'\n\x01', '  ')) FROM bad;
SELECT test.refused(format('SELECT update_link(%s, %L, %L)', :mine, url, description), message,
                    'updateLink: ' || translate(title, E'\n\x01', '  ')) FROM bad;
SELECT test.is(test.run(format('SELECT char_length(url), char_length(description) FROM create_link(%L, %L)',
                               url, repeat('漢', 2000))), char_length(url) || ',2000', 'what just fits')
FROM (VALUES ('http://x/' || repeat('u', 2039)), ('HTTPS://x/é')) AS fits (url);

-- --- updateLink --------------------------------------------------------------

SELECT test.is(test.run(format('SELECT url, description, posted_by FROM update_link(%s, %L)', :mine, 'http://2')),
               'http://2,"",1', 'the url changes, the description stays');
SELECT test.is(test.run(format('SELECT url, description FROM update_link(%s, description => %L)', :mine, 'two')),
               'http://2,two', 'the description changes, the url stays');
SELECT test.is(test.run(format('SELECT url, description FROM update_link(%s, NULL, NULL)', :mine)),
               'http://2,two', 'null is as it was');
SELECT test.is(test.run(format('SELECT url, description FROM update_link(%s, NULL, %L)', :mine, '')),
               'http://2,""', 'empty is empty');

SELECT test.refused(format('SELECT update_link(%s, %L)', link, 'http://mine'),
                    'LN403 Only the user who posted this link may change it.', 'a link of others, or of nobody')
FROM unnest(ARRAY[:others, :nobodys]) AS link;
SELECT test.refused(format('SELECT update_link(%s, %L)', link, 'http://mine'), 'LN404 Invalid Link!',
                    'no link ' || link)
FROM unnest(ARRAY['2147483647', '-1', '0', 'NULL']) AS link;

-- --- deleteLink --------------------------------------------------------------

SELECT test.refused(format('SELECT delete_link(%s)', link),
                    'LN403 Only the user who posted this link may delete it.', 'a link of others, or of nobody')
FROM unnest(ARRAY[:others, :nobodys]) AS link;
SELECT test.refused(format('SELECT delete_link(%s)', link), 'LN404 Invalid Link!', 'no link ' || link)
FROM unnest(ARRAY['2147483647', 'NULL']) AS link;
SELECT test.is(test.run(format('SELECT link_id FROM create_vote(%s)', :mine)), :'mine', 'a vote for one''s own link');
SELECT test.is(test.run(format('SELECT id, url FROM delete_link(%s)', :mine)), format('%s,http://2', :mine),
               'a link that is deleted is shown once more');
SELECT test.is((SELECT count(*) FROM votes WHERE link_id = :mine)::text, '0', 'its votes go with it');
SELECT test.refused(format('SELECT delete_link(%s)', :mine), 'LN404 Invalid Link!', 'and then it is not there');

SELECT test.become('staff', 2);
SELECT test.refused(format('SELECT update_link(%s, %L)', :others, 'http://mine'),
                    'LN403 Only the user who posted this link may change it.', 'staff do not write for others');
SELECT test.is(test.run(format('SELECT id FROM delete_link(%s)', link)), link::text, 'staff delete any link')
FROM unnest(ARRAY[:others, :nobodys]) AS link;

-- --- createVote, deleteVote --------------------------------------------------

SELECT test.become('user', 1);
SELECT id AS link, vote_count AS votes FROM links
WHERE NOT EXISTS (SELECT FROM votes WHERE link_id = links.id AND user_id = 1) AND posted_by <> 1
ORDER BY id LIMIT 1 \gset
SELECT test.is(test.run(format('SELECT viewer_has_voted(links) FROM links WHERE id = %s', :link)), 'f', 'no vote yet');
SELECT test.refused(format('SELECT delete_vote(%s)', :link), 'LN409 You have not voted for this link.',
                    'no vote to take back');
SELECT test.is(test.run(format('SELECT user_id, link_id, created_at = now() FROM create_vote(%s)', :link)),
               format('1,%s,t', :link), 'a vote');
SELECT test.is(test.run(format('SELECT vote_count, viewer_has_voted(links) FROM links WHERE id = %s', :link)),
               format('%s,t', :votes + 1), 'is counted');
SELECT test.refused(format('SELECT create_vote(%s)', :link), 'LN409 You have voted for this link already.',
                    'a second one is not');
SELECT test.is(test.run(format('SELECT vote_count FROM links WHERE id = %s', :link)), (:votes + 1)::text,
               'and not counted');
SELECT test.is(test.run(format('SELECT user_id, link_id FROM delete_vote(%s)', :link)), format('1,%s', :link),
               'a vote that is taken back is shown once more');
SELECT test.is(test.run(format('SELECT vote_count, viewer_has_voted(links) FROM links WHERE id = %s', :link)),
               format('%s,f', :votes), 'and no more counted');
SELECT test.refused(format('SELECT %s(%s)', name, link), 'LN404 Invalid Link!', format('%s: no link %s', name, link))
FROM unnest(ARRAY['create_vote', 'delete_vote']) AS name, unnest(ARRAY['2147483647', '-1', 'NULL']) AS link;

-- --- who may at all ----------------------------------------------------------

CREATE TEMPORARY TABLE call AS
SELECT format(call, :link) AS statement, split_part(call, '(', 1) AS name
FROM unnest(ARRAY['SELECT create_link(''http://x'')', 'SELECT update_link(%s, ''http://x'')',
                  'SELECT delete_link(%s)', 'SELECT create_vote(%s)', 'SELECT delete_vote(%s)']) AS call;
SELECT test.superuser();
GRANT SELECT ON call, bad TO PUBLIC;
INSERT INTO credentials (user_id, password_hash, is_disabled) VALUES (1, '$argon2id$', true);

SELECT test.become('user', 1);
SELECT test.refused(statement, 'LN403 This account is disabled.', name || ' of a disabled account') FROM call;
SELECT test.become('user', 2147483647);
SELECT test.refused(statement, 'LN401 Not logged in!', name || ' of an account that is gone') FROM call;
SELECT test.become('anon');
SELECT test.is(left(test.run(statement), 5), CASE WHEN test.is_single_role() THEN 'LN401' ELSE '42501' END,
               name || ' of nobody') FROM call;
SELECT test.superuser();
SELECT test.is(string_agg(id::text, ' '), NULL, 'all votes are counted') FROM links
WHERE vote_count <> (SELECT count(*) FROM votes WHERE link_id = links.id);
