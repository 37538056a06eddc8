-- database.sql - the database of tests/corpus/filters: columns with every operator.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_filters WITH (FORCE);
CREATE DATABASE linnet_filters OWNER linnet_owner;
\connect linnet_filters
CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
SET ROLE linnet_owner;

CREATE TYPE cover AS ENUM ('hard', 'soft');
CREATE TABLE authors (
    id    integer PRIMARY KEY,
    name  text NOT NULL UNIQUE,
    email citext
);
CREATE INDEX ON authors USING gin (lower(name) gin_trgm_ops);
CREATE TABLE books (
    id        integer PRIMARY KEY,
    title     text NOT NULL,
    subtitle  text,
    author_id integer NOT NULL REFERENCES authors,
    editor_id integer REFERENCES authors,
    prequel   integer REFERENCES books,
    price     numeric,
    pages     smallint,
    stock     bigint NOT NULL,
    sold_at   timestamptz,
    tags      text[] NOT NULL,
    codes     integer[],
    extra     jsonb,
    cover     cover,
    is_out    boolean NOT NULL,
    words     tsvector
);
CREATE TABLE reviews (
    id        integer PRIMARY KEY,
    book_id   integer NOT NULL REFERENCES books,
    author_id integer REFERENCES authors,
    stars     integer,
    is_hidden boolean NOT NULL DEFAULT false
);
CREATE TABLE genres (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE book_genres (
    book_id  integer REFERENCES books,
    genre_id integer REFERENCES genres,
    PRIMARY KEY (book_id, genre_id)
);
CREATE FUNCTION cheap_books(most numeric) RETURNS SETOF books
LANGUAGE sql STABLE AS $$SELECT * FROM books WHERE price <= most$$;

CREATE FUNCTION length_of(books) RETURNS integer
LANGUAGE sql IMMUTABLE RETURN length($1.title);
CREATE INDEX ON books (length_of(books.*));
CREATE FUNCTION look(books) RETURNS cover LANGUAGE sql STABLE RETURN $1.cover;
CREATE FUNCTION stars(books) RETURNS numeric
LANGUAGE sql STABLE AS $$SELECT avg(stars) FROM reviews WHERE book_id = $1.id$$;

ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;
CREATE POLICY shown ON reviews USING (NOT is_hidden);

INSERT INTO authors VALUES (1, 'Ann O''Neil', 'Ann@example.org'), (2, 'Bob_1', NULL), (3, 'Cy 100%', 'cy@example.org');
INSERT INTO books VALUES
    (1, 'Cats', NULL, 1, 2, NULL, 10, 100, 1, '2026-01-01 10:00:00.123456Z', '{pet,cat}', '{1,2}',
     '{"a": 1, "b": {"c": [1, 2]}}', 'hard', true, to_tsvector('english', 'cats and dogs')),
    (2, 'Dogs and cats', 'A tale', 1, NULL, 1, 20.5, 200, 9223372036854775807, '2026-01-01 10:00:00.124Z', '{}', NULL,
     '{"b": null}', 'soft', false, to_tsvector('english', 'a dog')),
    (3, 'Eels 100%', 'cats', 2, 3, 2, NULL, NULL, -9223372036854775808, NULL, '{pet}', '{}',
     NULL, NULL, true, NULL),
    (4, E'Fish\\_', '', 3, 3, NULL, 0, -1, 0, 'infinity', '{fish,NULL}', '{NULL,3}',
     '[1, "a"]', 'soft', true, to_tsvector('english', 'fishing'));
INSERT INTO reviews VALUES (1, 1, 2, 5, false), (2, 1, NULL, 1, false), (3, 2, 1, NULL, false), (4, 3, 1, 5, true), (5, 4, 3, 2, false);
INSERT INTO genres VALUES (1, 'Nature'), (2, 'Humour');
INSERT INTO book_genres VALUES (1, 1), (1, 2), (2, 2), (4, 1);

GRANT SELECT ON ALL TABLES IN SCHEMA public TO linnet_anon, linnet_user, linnet_staff;
