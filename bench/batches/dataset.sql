-- dataset.sql - what the forms of a batch are measured on: votes of :people people for posts.
--
-- Posts 1 to 1000 have one vote each, 1001 to 2000 ten, 2001 to 2200 a hundred, and 2201 to 2205 ten
-- thousand.  No two votes that follow each other are of one person, or of one post.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on

CREATE TABLE people (
    id integer PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO people SELECT i, 'person' || i FROM generate_series(1, :people) AS i;

CREATE TABLE votes (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id integer NOT NULL REFERENCES people,
    post_id integer NOT NULL,
    created_at timestamptz NOT NULL
);
INSERT INTO votes (person_id, post_id, created_at)
SELECT 1 + (post::bigint * 31 + i * 97) % :people, post,
       timestamptz '2024-01-01 00:00:00Z' + (i * 3000 + post) * interval '1 second'
FROM generate_series(1, 2205) AS post,
     generate_series(1, CASE WHEN post <= 1000 THEN 1 WHEN post <= 2000 THEN 10
                             WHEN post <= 2200 THEN 100 ELSE 10000 END) AS i
ORDER BY i, post;
CREATE INDEX ON votes (post_id, created_at, id) INCLUDE (person_id);

ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE votes ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_read ON people FOR SELECT USING (true);
CREATE POLICY votes_read ON votes FOR SELECT USING (true);
GRANT SELECT ON people, votes TO linnet_user;
VACUUM (ANALYZE) people, votes;
