-- database.sql - the tables of the walks: a column of every kind that has an order, NOT NULL (x_) and
-- nullable (n_).  Their rows are made by walk/rows.mjs.
--
-- SPDX-License-Identifier: MIT
CREATE TYPE grade AS ENUM ('low', 'high', 'middle');
CREATE DOMAIN short AS varchar(5);
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

CREATE TABLE groups (id integer PRIMARY KEY, title text NOT NULL);
CREATE TABLE owners (
    id integer PRIMARY KEY, name text, rank integer NOT NULL, group_id integer REFERENCES groups
);

CREATE TABLE items (
    id bigint PRIMARY KEY,
    owner_id integer REFERENCES owners,
    is_hidden boolean NOT NULL DEFAULT false,
    x_boolean boolean NOT NULL, n_boolean boolean,
    x_small smallint NOT NULL, n_small smallint,
    x_integer integer NOT NULL, n_integer integer,
    x_double double precision NOT NULL, n_double double precision,
    x_real real NOT NULL, n_real real,
    x_numeric numeric NOT NULL, n_numeric numeric,
    x_text text NOT NULL, n_text text,
    x_case text COLLATE any_case NOT NULL, n_case text COLLATE any_case,
    x_char character(3) NOT NULL, n_char character(3),
    x_short short NOT NULL, n_short short,
    x_uuid uuid NOT NULL, n_uuid uuid,
    x_date date NOT NULL, n_date date,
    x_time time NOT NULL, n_time time,
    x_moment timestamptz NOT NULL, n_moment timestamptz,
    x_stamp timestamp NOT NULL, n_stamp timestamp,
    x_span interval NOT NULL, n_span interval,
    x_bytes bytea NOT NULL, n_bytes bytea,
    x_grade grade NOT NULL, n_grade grade,
    x_address inet NOT NULL, n_address inet,
    x_range int4range NOT NULL, n_range int4range,
    x_numbers integer[] NOT NULL, n_numbers integer[],
    x_json jsonb NOT NULL, n_json jsonb,
    x_words text NOT NULL, n_words text
);

-- As a list of its own.
CREATE FUNCTION items_to(most integer) RETURNS SETOF items LANGUAGE sql STABLE
AS 'SELECT * FROM items WHERE x_integer <= most';

CREATE FUNCTION digits(items) RETURNS numeric LANGUAGE sql STABLE
RETURN nullif($1.x_integer % 7, 0) + $1.x_small;

CREATE TABLE marks (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, item_id bigint NOT NULL, is_hidden boolean NOT NULL
);

-- Ties end in a key of two columns.
CREATE TABLE pieces (
    kind text, number integer, x_moment timestamptz NOT NULL, n_text text,
    PRIMARY KEY (kind, number)
);

ALTER TABLE owners ENABLE ROW LEVEL SECURITY;
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
ALTER TABLE pieces ENABLE ROW LEVEL SECURITY;
ALTER TABLE groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE marks ADD FOREIGN KEY (item_id) REFERENCES items ON DELETE CASCADE;
CREATE INDEX ON marks (item_id);
CREATE POLICY read ON groups FOR SELECT USING (true);
CREATE POLICY read ON marks FOR SELECT USING (NOT is_hidden);
CREATE POLICY read ON owners FOR SELECT USING (rank < 900);
CREATE POLICY read ON items FOR SELECT USING (NOT is_hidden);
CREATE POLICY read ON pieces FOR SELECT USING (true);
GRANT SELECT ON owners, items, pieces, groups, marks TO linnet_anon, linnet_user, linnet_staff;
