-- database.sql - the database of tests/corpus/functions: functions of every kind.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_functions WITH (FORCE);
CREATE DATABASE linnet_functions OWNER linnet_owner;
\connect linnet_functions
SET ROLE linnet_owner;

CREATE TABLE genres (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE films (
    id       integer PRIMARY KEY,
    title    text NOT NULL UNIQUE,
    genre_id integer REFERENCES genres,
    extra    jsonb NOT NULL
);
INSERT INTO genres VALUES (1, 'Drama'), (2, 'Comedy');
INSERT INTO films VALUES (1, 'Cat', 1, '{}'), (2, 'Cat, cat, cat', 2, 'null'), (3, 'Cat, cat', NULL, '1');

-- The best hit first, which is not the one with the least key.
CREATE FUNCTION search(word text) RETURNS SETOF films
LANGUAGE sql STABLE
AS $$SELECT * FROM films WHERE title ILIKE '%' || word || '%' ORDER BY char_length(title) DESC$$;
CREATE FUNCTION between_ids(low integer DEFAULT NULL, high integer DEFAULT NULL) RETURNS SETOF films
LANGUAGE sql STABLE
AS $$SELECT * FROM films WHERE (low IS NULL OR id >= low) AND (high IS NULL OR id < high)$$;
CREATE FUNCTION lengths(minimum integer DEFAULT 0) RETURNS SETOF integer
LANGUAGE sql STABLE
AS $$SELECT NULLIF(char_length(title), 3) FROM films WHERE char_length(title) >= minimum ORDER BY id DESC$$;
-- A plan that is made once finds no index for a condition on a parameter that may be null.
CREATE FUNCTION plan_mode(low integer DEFAULT NULL) RETURNS SETOF text
LANGUAGE sql STABLE AS $$SELECT current_setting('plan_cache_mode')$$;
CREATE FUNCTION minus(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 - $2;
CREATE FUNCTION greatest_of(VARIADIC numbers integer[]) RETURNS integer
LANGUAGE sql IMMUTABLE RETURN (SELECT max(number) FROM unnest(numbers) AS number);
CREATE FUNCTION find(id integer) RETURNS films
LANGUAGE sql STABLE AS $$SELECT * FROM films WHERE films.id = find.id$$;
CREATE FUNCTION find(title text) RETURNS films
LANGUAGE sql STABLE AS $$SELECT * FROM films WHERE films.title = find.title$$;
CREATE FUNCTION divide(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a / b;

-- Rows that are not those of a table.
CREATE FUNCTION title_lengths(minimum integer DEFAULT 0)
RETURNS TABLE (film_id integer, title_length integer, words text[], "at" timestamp, genre_id integer)
LANGUAGE sql STABLE
AS $$SELECT id, NULLIF(char_length(title), 3), string_to_array(title, ', '), '2026-01-02'::timestamp, genre_id
     FROM films WHERE char_length(title) >= minimum ORDER BY id DESC$$;
CREATE FUNCTION shortest_titles()
RETURNS TABLE (title_length integer, film_id integer, words text[], "at" timestamp, genre_id integer)
LANGUAGE sql STABLE
AS $$SELECT char_length(title), id, NULL::text[], NULL::timestamp, NULL::integer FROM films ORDER BY char_length(title)$$;
CREATE FUNCTION id_range(OUT lowest integer, OUT highest integer)
LANGUAGE sql STABLE AS $$SELECT min(id), max(id) FROM films$$;
CREATE FUNCTION initials() RETURNS TABLE (letter text)
LANGUAGE sql STABLE AS $$SELECT DISTINCT left(title, 1) FROM films$$;
CREATE FUNCTION rename_nothing(film integer, OUT film_id integer, OUT renamed boolean)
LANGUAGE sql VOLATILE AS $$SELECT film, false$$;

-- A composite type: of one row, of several, of a single OUT parameter, of a domain, of one column, with a
-- column that was dropped.
CREATE TYPE point3 AS (x integer, gone text, y integer, "Z axis" double precision);
ALTER TYPE point3 DROP ATTRIBUTE gone;
CREATE TYPE lone AS (n integer);
CREATE DOMAIN any_point AS point3;
CREATE FUNCTION origin() RETURNS point3 LANGUAGE sql STABLE AS $$SELECT 0, 0, 0.5::float8$$;
CREATE FUNCTION nowhere() RETURNS point3 LANGUAGE sql STABLE AS $$SELECT NULL::point3$$;
CREATE FUNCTION path(steps integer DEFAULT 3) RETURNS SETOF point3 LANGUAGE sql STABLE
AS $$SELECT i, -i, i / 2.0::float8 FROM generate_series(1, steps) AS i ORDER BY i DESC$$;
CREATE FUNCTION out_point(OUT point point3) LANGUAGE sql STABLE AS $$SELECT ROW(1, 2, 3)::point3$$;
CREATE FUNCTION table_point() RETURNS TABLE (point point3) LANGUAGE sql STABLE AS $$SELECT ROW(4, 5, 6)::point3$$;
CREATE FUNCTION domain_point() RETURNS any_point LANGUAGE sql STABLE AS $$SELECT ROW(7, 8, 9)::point3::any_point$$;
CREATE FUNCTION loners() RETURNS SETOF lone LANGUAGE sql STABLE AS $$SELECT generate_series(1, 2)$$;
CREATE FUNCTION table_films() RETURNS TABLE (film films) LANGUAGE sql STABLE AS $$SELECT films FROM films ORDER BY id DESC$$;
CREATE FUNCTION place(film films) RETURNS point3 LANGUAGE sql STABLE AS $$SELECT film.id, 0, 0.5::float8$$;
CREATE FUNCTION move(to_id integer) RETURNS point3 LANGUAGE sql VOLATILE AS $$SELECT to_id, 0, 0::float8$$;
CREATE FUNCTION pair_of(INOUT integer, OUT integer) LANGUAGE sql STABLE AS $$SELECT $1, 2 * $1$$;

DO $$
DECLARE one regclass;
BEGIN
    FOREACH one IN ARRAY ARRAY['genres', 'films']::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true)', one);
        EXECUTE format('CREATE POLICY read ON %s FOR SELECT USING (true)', one);
    END LOOP;
END
$$;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO linnet_anon, linnet_user, linnet_staff;
