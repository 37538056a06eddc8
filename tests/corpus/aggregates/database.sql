-- database.sql - the database of tests/corpus/aggregates: what is made of many rows.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_aggregates WITH (FORCE);
CREATE DATABASE linnet_aggregates OWNER linnet_owner;
\connect linnet_aggregates
SET ROLE linnet_owner;

CREATE TYPE state AS ENUM ('open', 'paid');
CREATE DOMAIN pieces AS integer CHECK (VALUE >= 0);

CREATE TABLE shops (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE sales (
    id       integer PRIMARY KEY,
    shop_id  integer REFERENCES shops,
    state    state NOT NULL,
    label    varchar(20),
    pieces   pieces,
    weight   bigint,
    price    numeric,
    rate     double precision,
    share    real,
    took     interval,
    paid     money,
    due_on   date,
    wall_at  timestamp,
    sold_at  timestamptz NOT NULL,
    notes    integer[],
    raw      json,
    is_secret boolean NOT NULL DEFAULT false
);
CREATE INDEX ON sales (shop_id, sold_at);

CREATE TABLE tags (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE sale_tags (
    sale_id integer NOT NULL REFERENCES sales,
    tag_id  integer NOT NULL REFERENCES tags,
    PRIMARY KEY (tag_id, sale_id)
);

INSERT INTO shops VALUES (1, 'North'), (2, 'South'), (3, 'Empty');
INSERT INTO sales (id, shop_id, state, label, pieces, weight, price, rate, share, took, paid, due_on, wall_at, sold_at, notes, is_secret) VALUES
    (1, 1, 'open', 'a', 2, 9223372036854775807, 1234567890123456789012345678901234567890, 0.1, 0.5,
     '1 day 2 hours', '$1.50', '2026-01-31', '2026-01-31 23:30:00', '2026-01-31 23:59:59.999999Z', '{1,2}', false),
    (2, 1, 'paid', 'B', 3, 9223372036854775807, 0.000000000000000000000000000000000000000001, 0.2, 0.25,
     '3 hours', '$2.25', '2026-02-01', '2026-02-01 00:00:00', '2026-02-01 00:00:00Z', '{3}', false),
    (3, 2, 'open', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-02-01 12:00:00Z', NULL, false),
    (4, NULL, 'paid', 'c', 4, -5, 7, '-0', 1, '-1 month', '-$4.00', '2027-03-01', '2027-03-01 01:00:00',
     '2027-03-01 00:30:00Z', '{}', false),
    (5, 2, 'paid', 'hidden', 1000, 1000, 1000, 1000, 1000, '1 year', '$1000.00', '2020-01-01', '2020-01-01 00:00:00',
     '2020-01-01 00:00:00Z', '{9}', true);
INSERT INTO tags VALUES (1, 'new'), (2, 'old');
INSERT INTO sale_tags VALUES (1, 1), (2, 1), (5, 1), (4, 2);

-- Numbers whose sums their types do not hold, and those that are none.
CREATE TABLE extremes (id integer PRIMARY KEY, kind text NOT NULL, huge double precision, odd numeric);
INSERT INTO extremes VALUES
    (1, 'large', 1.7e308, 1), (2, 'large', 1.7e308, 2),
    (3, 'none', 'NaN', 'NaN'), (4, 'none', 1, 1),
    (5, 'endless', 'Infinity', 'Infinity'), (6, 'endless', 1, 1);

GRANT SELECT ON ALL TABLES IN SCHEMA public TO linnet_anon, linnet_user, linnet_staff;
ALTER TABLE shops ENABLE ROW LEVEL SECURITY;
ALTER TABLE sales ENABLE ROW LEVEL SECURITY;
ALTER TABLE tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE sale_tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE extremes ENABLE ROW LEVEL SECURITY;
CREATE POLICY shops_read ON shops FOR SELECT USING (true);
CREATE POLICY tags_read ON tags FOR SELECT USING (true);
CREATE POLICY sale_tags_read ON sale_tags FOR SELECT USING (true);
CREATE POLICY extremes_read ON extremes FOR SELECT USING (true);
CREATE POLICY sales_read ON sales FOR SELECT USING (NOT is_secret);
