-- database.sql - the database of tests/corpus/connections: pages of rows.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_connections WITH (FORCE);
CREATE DATABASE linnet_connections OWNER linnet_owner;
\connect linnet_connections
SET ROLE linnet_owner;

CREATE TABLE authors (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE books (
    id        integer PRIMARY KEY,
    author_id integer REFERENCES authors,
    title     text NOT NULL,
    pages     integer NOT NULL,
    rating    double precision,
    added_at  timestamptz NOT NULL,
    is_secret boolean NOT NULL DEFAULT false
);
CREATE INDEX ON books (added_at, id);
CREATE INDEX ON books (author_id, added_at, id);

CREATE TABLE shelves (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE shelf_books (
    shelf_id integer NOT NULL REFERENCES shelves,
    book_id  integer NOT NULL REFERENCES books,
    place    integer NOT NULL,
    note     text,
    put_at   timestamptz NOT NULL,
    PRIMARY KEY (shelf_id, book_id)
);
CREATE INDEX ON shelf_books (book_id, shelf_id);

CREATE TABLE letters (
    id        integer PRIMARY KEY,
    author_id integer NOT NULL REFERENCES authors,
    body      text NOT NULL,
    added_at  timestamptz NOT NULL
);

-- Rows of two types in one table.
CREATE TABLE media (
    id        integer PRIMARY KEY,
    kind      text NOT NULL,
    author_id integer NOT NULL REFERENCES authors,
    title     text NOT NULL
);
CREATE INDEX ON media (author_id, id);

CREATE FUNCTION search_books(word text) RETURNS SETOF books
LANGUAGE sql STABLE
AS $$SELECT * FROM books WHERE title ILIKE '%' || word || '%' ORDER BY pages DESC$$;

INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bo'), (3, 'Cy');
INSERT INTO books VALUES
    (1, 1, 'Ants',   90,  4.5,  '2026-01-01 00:00:00.000001Z', false),
    (2, 1, 'Bees',   120, NULL, '2026-01-01 00:00:00.000002Z', false),
    (3, 2, 'Cats',   90,  3.5,  '2026-01-02 00:00:00Z', false),
    (4, 1, 'Dogs',   120, 4.5,  '2026-01-02 00:00:00Z', false),
    (5, 2, 'Eels',   300, NULL, '2026-01-03 00:00:00Z', false),
    (6, NULL, 'Foxes', 90, 5,   '2026-01-04 00:00:00Z', true),
    (7, 1, 'Gnats',  90,  1,    '2026-01-04 00:00:00Z', false);
INSERT INTO shelves VALUES (1, 'Old'), (2, 'New'), (3, 'Empty');
INSERT INTO shelf_books VALUES
    (1, 1, 1, 'torn', '2026-02-01Z'), (1, 3, 2, NULL, '2026-02-02Z'), (1, 6, 3, 'lent', '2026-02-03Z'),
    (1, 4, 4, NULL, '2026-02-03Z'), (2, 1, 1, NULL, '2026-02-04Z'), (2, 7, 2, 'new', '2026-02-05Z');
INSERT INTO media VALUES (1, 'film', 1, 'Jaws'), (2, 'song', 1, 'Hey'), (3, 'film', 2, 'Alien'), (4, 'song', 1, 'Yes');
INSERT INTO letters VALUES
    (1, 1, 'Dear Bo', '2026-01-01 12:00:00Z'), (2, 2, 'Dear Ada', '2026-01-02 00:00:00Z'),
    (3, 1, 'Dear Cy', '2026-01-05 00:00:00Z');

DO $$
DECLARE one regclass;
BEGIN
    FOREACH one IN ARRAY ARRAY['authors', 'books', 'shelves', 'shelf_books', 'letters', 'media']::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true)', one);
    END LOOP;
END
$$;
CREATE POLICY read ON authors FOR SELECT USING (true);
-- A page shows as many as were asked for, whatever is hidden.
CREATE POLICY read ON books FOR SELECT USING (NOT is_secret);
CREATE POLICY read ON shelves FOR SELECT USING (true);
CREATE POLICY read ON shelf_books FOR SELECT USING (true);
CREATE POLICY read ON letters FOR SELECT USING (true);
CREATE POLICY read ON media FOR SELECT USING (true);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO linnet_anon, linnet_user, linnet_staff;
