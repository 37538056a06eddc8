-- database.sql - the database of tests/corpus/abstract: items of three types in one table,
-- and a list of rows of several tables.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_abstract WITH (FORCE);
CREATE DATABASE linnet_abstract OWNER linnet_owner;
\connect linnet_abstract
SET ROLE linnet_owner;

CREATE TYPE item_kind AS ENUM ('task', 'NOTE', 'Event');

CREATE TABLE people (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE items (
    id bigint PRIMARY KEY,
    kind item_kind NOT NULL,
    title text NOT NULL,
    owner_id bigint NOT NULL REFERENCES people,
    parent_id bigint REFERENCES items,
    body text,
    assignee_id bigint REFERENCES people,
    due timestamptz,
    created_at timestamptz NOT NULL,
    shape text NOT NULL
);
CREATE INDEX ON items (created_at, id);
CREATE INDEX ON items (kind, created_at, id);
CREATE INDEX ON items (owner_id, kind, created_at, id);
CREATE INDEX ON items (parent_id, id);

-- The review of a task, for the eyes of who wrote it.
CREATE TABLE reviews (
    task_id bigint PRIMARY KEY REFERENCES items,
    reviewer_id bigint NOT NULL REFERENCES people,
    verdict text NOT NULL
);

CREATE TABLE comments (
    id integer PRIMARY KEY,
    item_id bigint NOT NULL REFERENCES items,
    author_id bigint NOT NULL REFERENCES people,
    body text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ON comments (created_at, id);
CREATE INDEX ON comments (item_id, id);
CREATE INDEX ON comments (author_id, id);

-- What tells the types is a text here, and a row may have one that no type has.
CREATE TABLE notices (
    id uuid PRIMARY KEY,
    sort text NOT NULL,
    text text NOT NULL,
    person_id bigint NOT NULL REFERENCES people,
    urgency integer
);

INSERT INTO people
SELECT n, (ARRAY['ada', 'bob', 'cyd', 'dot'])[n], timestamptz '2025-01-01Z' + n * interval '1 hour'
FROM generate_series(1, 4) n;

-- Tasks, notes and events take turns; one note in five has no body.
INSERT INTO items
SELECT n, (ARRAY['task', 'NOTE', 'Event'])[1 + n % 3]::item_kind,
    (ARRAY['wash', 'read', 'meet'])[1 + n % 3] || ' ' || n, 1 + n % 4, nullif(n / 10, 0),
    CASE WHEN n % 3 = 1 AND n % 5 <> 0 THEN 'body of ' || n END,
    CASE WHEN n % 2 = 0 THEN 1 + n % 3 END,
    CASE WHEN n % 3 = 0 THEN timestamptz '2025-03-01Z' + n * interval '1 day' END,
    timestamptz '2025-02-01Z' + n / 4 * interval '1 minute',
    (ARRAY['round', 'flat'])[1 + n % 2]
FROM generate_series(1, 6000) n;

INSERT INTO reviews SELECT n, 1 + n % 4, 'good' FROM generate_series(3, 30, 3) n;

-- At the times of items, so that many are at the same.
INSERT INTO comments
SELECT n, 1 + n % 600, 1 + n % 4, 'on ' || 1 + n % 600, timestamptz '2025-02-01Z' + n / 2 * interval '1 minute'
FROM generate_series(1, 6000) n;

INSERT INTO notices VALUES
    ('00000000-0000-0000-0000-000000000001', 'birthday', 'ada''s', 1, NULL),
    ('00000000-0000-0000-0000-000000000002', 'it''s\a "fire"', 'run', 2, 9),
    ('00000000-0000-0000-0000-000000000003', 'riddle', '?', 3, NULL),
    ('00000000-0000-0000-0000-000000000004', 'it''s\a "fire"', 'walk', 3, NULL);

CREATE FUNCTION items_like(title text) RETURNS SETOF items
    LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT * FROM items WHERE items.title LIKE items_like.title || '%';
    END;

CREATE FUNCTION item_of(id bigint) RETURNS items
    LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT * FROM items WHERE items.id = item_of.id;
    END;

-- Null where the contract promises a text.
CREATE FUNCTION item_label(items) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN $1.id <> 21 THEN $1.kind || ' ' || $1.id END;

CREATE FUNCTION comment_label(comments) RETURNS text
    LANGUAGE sql STABLE
    RETURN 'comment ' || $1.id;

CREATE FUNCTION retitle_item(id bigint, title text) RETURNS SETOF items
    LANGUAGE sql
    BEGIN ATOMIC
        UPDATE items SET title = retitle_item.title WHERE items.id = retitle_item.id RETURNING *;
    END;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO linnet_anon, linnet_user, linnet_staff;
GRANT UPDATE ON items TO linnet_anon, linnet_user;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['people', 'items', 'comments', 'notices', 'reviews'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON %I TO linnet_owner USING (true)', name);
        IF name <> 'reviews' THEN
            EXECUTE format('CREATE POLICY read ON %I FOR SELECT USING (true)', name);
        END IF;
    END LOOP;
END
$$;
CREATE POLICY read ON reviews FOR SELECT
    USING (reviewer_id = nullif(current_setting('linnet.user_id', true), '')::bigint);
CREATE POLICY retitle ON items FOR UPDATE USING (true);
ANALYZE people, items, comments, reviews, notices;
