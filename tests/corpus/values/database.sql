-- database.sql - the database of tests/corpus/values: columns of every kind, in tables of
-- several schemas, and functions that take and give them.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_values WITH (FORCE);
CREATE DATABASE linnet_values OWNER linnet_owner;
-- Texts of values do not depend on what somebody has set for the database.
ALTER DATABASE linnet_values SET bytea_output = 'escape';
ALTER DATABASE linnet_values SET intervalstyle = 'sql_standard';
ALTER DATABASE linnet_values SET datestyle = 'German, DMY';
ALTER DATABASE linnet_values SET timezone = 'Asia/Kolkata';
ALTER DATABASE linnet_values SET extra_float_digits = -3;
\connect linnet_values
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';
SET intervalstyle = 'iso_8601';
CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE COLLATION ignoring_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SET ROLE linnet_owner;

CREATE TYPE rating AS ENUM ('G', 'PG-13');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN small AS integer CHECK (VALUE < 100);
CREATE DOMAIN smaller AS small CHECK (VALUE < 10);
CREATE DOMAIN code AS char(3);
CREATE DOMAIN codes AS code;

CREATE TABLE things (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    truth boolean,
    two smallint,
    eight bigint,
    four4 real,
    four8 double precision,
    amount numeric(12, 4),
    letters char(3),
    short varchar(5),
    nocase citext,
    collated text COLLATE ignoring_case,
    code codes,
    digit smaller,
    key uuid,
    day date,
    clock time,
    clock_zone time with time zone,
    moment timestamptz,
    local timestamp,
    length interval,
    bytes bytea,
    host inet,
    net cidr,
    mac macaddr,
    object oid,
    cash money,
    bits bit(8),
    varbits bit varying(8),
    numbers int4range,
    days daterange,
    document xml,
    text_json json,
    json jsonb,
    rating rating,
    label text,
    place point,
    composite pair,
    one "char",
    doubled integer GENERATED ALWAYS AS (digit * 2) STORED,
    flags boolean[],
    tags text[] NOT NULL DEFAULT '{}' CHECK (array_position(tags, NULL) IS NULL),
    grid integer[],
    ratings rating[],
    moments timestamptz[],
    keys uuid[],
    "camelCase" text,
    address2 text
);

INSERT INTO things (truth, two, eight, four4, four8, amount, letters, short, nocase, collated, code,
    digit, key, day, clock, clock_zone, moment, local, length, bytes, host, net, mac, object, cash,
    bits, varbits, numbers, days, document, text_json, json, rating, label, place, composite, one,
    flags, tags, grid, ratings, moments, keys, "camelCase", address2)
VALUES
    (true, -2, 9007199254740993, 0.1, 1e300, 1.5, 'SW', 'abc', 'Alice', 'Q', 'SWE', 3,
        '0191ab3c-5d6e-7f80-9a1b-2c3d4e5f6071', '2024-02-29', '12:30', '12:30+02',
        '2024-02-29 12:34:56.789123+00', '2024-02-29 12:34:56.5', '-1 year -2 days +03:00',
        '\xdead00ff', '10.0.0.1', '10.0.0.0/8', '08:00:2b:01:02:03', 4294967295, -1234.5,
        B'10101010', B'101', '[1,10)', '[2024-01-01,)', '<a/>', '{"a":1.50}', '{"a": 1.50}',
        'PG-13', 'PG-13', '(1,2)', '(1,"b c")', 'x', '{t,NULL,f}', '{a,"b c"}', '{1,NULL,-3}',
        '{G,PG-13}', '{2024-02-29 12:34:56.789123+00,NULL}',
        '{0191ab3c-5d6e-7f80-9a1b-2c3d4e5f6071}', 'camel', 'two'),
    (false, 2, 2, 'NaN', '-Infinity', 'NaN', 'S', '', '', '', 'S', 4,
        '00000000-0000-0000-0000-000000000000', 'infinity', '24:00', '00:00-11:30', 'infinity',
        '-infinity', '0', '', '::1', '::/0', '00:00:00:00:00:00', 0, 0, B'00000000', B'',
        'empty', '(-infinity,infinity)', '<b/>', '[]', '"x"', 'G', 'R', '(0,0)', '(,)', '',
        '{}', '{}', '{{1,2},{3,4}}', '{}', '{}', '{}', '', '');
INSERT INTO things (day, moment, local)
VALUES ('0044-03-15 BC', '0044-03-15 12:00:00.000001+00 BC', '10000-01-01 00:00:00');
INSERT INTO things (amount) VALUES ((repeat('9', 8))::numeric);

-- A child's key that is narrower than its parent's, and rows of a relation that nobody validated.
CREATE TABLE wide (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE narrow (id integer PRIMARY KEY, wide_id integer REFERENCES wide, short_id smallint,
    "#0" text);
INSERT INTO wide VALUES (1, 'one'), (70000, 'more'), (1099511627776, 'most');
INSERT INTO narrow VALUES (1, 1, 1, 'x'), (2, 70000, NULL, 'y'), (3, 1, 9, NULL);
ALTER TABLE narrow ADD FOREIGN KEY (short_id) REFERENCES wide NOT VALID;

-- What a function's values may break.
CREATE TABLE limited (
    id integer PRIMARY KEY,
    size integer CHECK (size > 0),
    wide_id bigint REFERENCES wide,
    note varchar(3) NOT NULL
);
INSERT INTO limited VALUES (7, 1, 1, 'x');
CREATE FUNCTION add_limited(id integer, size integer DEFAULT 1, wide_id bigint DEFAULT NULL,
    note text DEFAULT 'x') RETURNS limited
    LANGUAGE sql AS 'INSERT INTO limited VALUES ($1, $2, $3, $4) RETURNING *';
CREATE FUNCTION remove_wide(id bigint) RETURNS bigint LANGUAGE sql
    AS 'DELETE FROM wide WHERE wide.id = remove_wide.id RETURNING wide.id';

CREATE SCHEMA sales;
CREATE TABLE sales.orders (id integer PRIMARY KEY, thing_id integer NOT NULL REFERENCES things,
    o1 text);
INSERT INTO sales.orders VALUES (10, 1, 'x'), (11, 2, NULL);
CREATE VIEW sales.first_orders AS SELECT * FROM sales.orders WHERE id = 10;
CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id, 2 AS total;
CREATE UNIQUE INDEX ON totals (id);
CREATE TABLE readings (id integer, day date, value real, PRIMARY KEY (id, day))
    PARTITION BY RANGE (day);
CREATE TABLE readings_2024 PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

CREATE FUNCTION sales.doubled(sales.orders) RETURNS integer LANGUAGE sql STABLE
    RETURN $1.id * 2;
CREATE FUNCTION sales.w_count(w sales.orders) RETURNS integer LANGUAGE sql STABLE
    RETURN length(w.o1);
-- Indexes of every sort; one is not valid.
CREATE TABLE indexed (
    id integer PRIMARY KEY,
    a integer,
    "Odd, b" text,
    name character varying(20) NOT NULL,
    note text COLLATE "C",
    active boolean NOT NULL DEFAULT true,
    extra jsonb
);
CREATE INDEX ON indexed (a DESC, "Odd, b" NULLS FIRST, id DESC NULLS LAST) INCLUDE (note);
CREATE INDEX ON indexed ("Odd, b" COLLATE "C", note);
CREATE INDEX ON indexed (name varchar_pattern_ops, note COLLATE "und-x-icu");
CREATE INDEX ON indexed (lower(name), (a + 1)) WHERE active;
CREATE INDEX ON indexed (a) WHERE a IS NOT NULL;
CREATE INDEX ON indexed USING gin (name gin_trgm_ops, extra);
CREATE INDEX ON indexed USING gin (extra jsonb_path_ops);
CREATE INDEX ON indexed USING brin (a);
CREATE INDEX ON indexed USING hash (a);
CREATE INDEX broken ON indexed (active);
RESET ROLE;
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass;
SET ROLE linnet_owner;

CREATE FUNCTION twice(numbers integer[]) RETURNS integer[] LANGUAGE sql IMMUTABLE
    RETURN numbers || numbers;
CREATE FUNCTION reversed(letters char(3), digit smaller, bits bit(3)) RETURNS text LANGUAGE sql STABLE
    RETURN reverse(letters) || digit || reverse(bits::text);
CREATE FUNCTION many(VARIADIC xs integer[]) RETURNS integer LANGUAGE sql STABLE
    RETURN cardinality(xs);
CREATE FUNCTION top(n integer DEFAULT 1) RETURNS TABLE (id integer, score double precision)
    LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT 1, 2.0';
CREATE FUNCTION bounds(x integer, OUT low integer, OUT high text) LANGUAGE sql IMMUTABLE
    AS $$SELECT x, 'x'$$;
CREATE FUNCTION pairs() RETURNS SETOF pair LANGUAGE sql STABLE AS 'SELECT 1, $$x$$';
CREATE FUNCTION overloaded(integer) RETURNS integer LANGUAGE sql STABLE RETURN 1;
CREATE FUNCTION overloaded(text) RETURNS integer LANGUAGE sql STABLE RETURN 2;
CREATE FUNCTION shown_time(moment timestamptz) RETURNS text LANGUAGE sql STABLE
    RETURN to_char(moment AT TIME ZONE 'UTC', 'HH24:MI:SS.US');
CREATE FUNCTION shown_document(document xml) RETURNS text LANGUAGE sql STABLE
    RETURN xmlserialize(CONTENT document AS text);
CREATE FUNCTION shown_places(places point[]) RETURNS text LANGUAGE sql STABLE RETURN places::text;
CREATE FUNCTION divided(number integer, by integer) RETURNS integer LANGUAGE sql IMMUTABLE
    RETURN number / by;
CREATE FUNCTION erase(id integer) RETURNS integer LANGUAGE sql
    AS 'SELECT CASE WHEN erase.id IS NULL THEN 1000 ELSE 0 END';

GRANT INSERT ON limited TO linnet_anon;
GRANT DELETE ON wide TO linnet_anon;
GRANT USAGE ON SCHEMA sales TO linnet_anon, linnet_user, linnet_staff;
GRANT SELECT ON ALL TABLES IN SCHEMA public, sales TO linnet_anon, linnet_user, linnet_staff;

DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT oid FROM pg_class
        WHERE relkind IN ('r', 'p') AND relnamespace IN ('public'::regnamespace, 'sales'::regnamespace)
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY read ON %s USING (true)', name);
    END LOOP;
END
$$;
