-- database.sql - the database of tests/corpus/orders: links that are sorted in many ways.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_orders WITH (FORCE);
CREATE DATABASE linnet_orders OWNER linnet_owner;
\connect linnet_orders
SET ROLE linnet_owner;

CREATE TABLE teams (id integer PRIMARY KEY, title text NOT NULL);
CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, team_id integer REFERENCES teams);
CREATE TABLE links (
    id        integer PRIMARY KEY,
    posted_by integer REFERENCES users,
    url       text NOT NULL,
    seen_at   timestamptz,
    score     integer NOT NULL
);
CREATE INDEX ON links (posted_by);
CREATE TABLE votes (id integer PRIMARY KEY, link_id integer NOT NULL REFERENCES links);
CREATE INDEX ON votes (link_id);

CREATE FUNCTION heat(links) RETURNS integer LANGUAGE sql STABLE RETURN $1.score % 3;

INSERT INTO teams VALUES (1, 'Red'), (2, 'Blue');
INSERT INTO users VALUES (1, 'Ada', 1), (2, 'Bo', 2), (3, 'Cy', NULL);
INSERT INTO links VALUES
    (1, 1, 'a', '2026-01-01 00:00:00.000001Z', 4),
    (2, 2, 'b', NULL, 5),
    (3, 3, 'c', '2026-01-01 00:00:00.000002Z', 6),
    (4, NULL, 'd', NULL, 4),
    (5, 1, 'e', '2026-01-02 00:00:00Z', 7);
INSERT INTO votes VALUES (1, 2), (2, 2), (3, 5), (4, 3), (5, 3), (6, 3);

DO $$
DECLARE one regclass;
BEGIN
    FOREACH one IN ARRAY ARRAY['teams', 'users', 'links', 'votes']::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true)', one);
        EXECUTE format('CREATE POLICY read ON %s FOR SELECT USING (true)', one);
    END LOOP;
END
$$;
GRANT SELECT ON teams, users, links, votes TO linnet_anon, linnet_user, linnet_staff;
