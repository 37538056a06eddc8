-- dataset.sql - what is measured on: 1,000 users, 10,000 links, 100,000 votes; and of user 1
-- 5,000 links more, older than all others, with 0 to 5 votes each.
--
-- Plain rows without a story, the same at every run; `-v scale=K` multiplies them.  For
-- an empty database, after `linnet migrate`.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
\if :{?scale} \else \set scale 1 \endif

BEGIN;

INSERT INTO users (username, date_joined)
SELECT 'user' || i, timestamptz '2024-01-01 00:00:00Z' + i * interval '1 minute'
FROM generate_series(1, 1000 * :scale) AS i;

INSERT INTO user_private (user_id, email)
SELECT id, username || '@example.com' FROM users;

INSERT INTO links (url, description, posted_by, created_at)
SELECT 'https://example.com/article/' || i || '?ref=hn',
       'Article "' || i || '": a short description of the linked page',
       1 + i::bigint * 7919 % (1000 * :scale),
       timestamptz '2024-02-01 00:00:00Z' + i * interval '1 minute'
FROM generate_series(1, 10000 * :scale) AS i;

INSERT INTO votes (user_id, link_id, created_at)
SELECT 1 + (i::bigint * 31 + j * 97) % (1000 * :scale), i,
       timestamptz '2024-03-01 00:00:00Z' + (i * 10 + j) * interval '1 second'
FROM generate_series(1, 10000 * :scale) AS i, generate_series(0, 9) AS j;

INSERT INTO links (url, description, posted_by, created_at)
SELECT 'https://example.org/note/' || i, 'Note ' || i, 1,
       timestamptz '2023-01-01 00:00:00Z' + i * interval '1 minute'
FROM generate_series(1, 5000) AS i;

INSERT INTO votes (user_id, link_id, created_at)
SELECT 2 + j, links.id, links.created_at + j * interval '1 second'
FROM links, generate_series(0, 4) AS j
WHERE links.created_at < '2024-01-01' AND j < links.id % 6;

COMMIT;

VACUUM (ANALYZE) users, user_private, links, votes;
