-- dataset.sql - what the forms of a page are measured on: :rows items under a policy.
--
-- Each fourth has no `seen_at`, each hundredth is hidden by the policy, each parent has ten (the
-- first has ten thousand), and `rank` has one value for each fifth of the rows, so that a page
-- may begin deep within rows that are equal.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on

CREATE TYPE state AS ENUM ('new', 'open', 'closed');
CREATE TABLE items (
    id integer PRIMARY KEY,
    parent_id integer NOT NULL,
    author_id integer NOT NULL,
    rank integer NOT NULL,
    price numeric(12, 2) NOT NULL,
    state state NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz,
    is_hidden boolean NOT NULL,
    title text NOT NULL
);
INSERT INTO items
SELECT i, CASE WHEN i % 1000 < 10 AND i <= 1000000 THEN 1 ELSE 1 + i / 10 END,
       CASE WHEN i % 20 = 0 THEN 1 ELSE 2 + i % (:rows / 100) END,
       i % 5, (i::bigint * 7919 % :rows) / 100.0, (enum_range(NULL::state))[1 + i % 3],
       timestamptz '2024-01-01 00:00:00Z' + i * interval '1 second',
       CASE WHEN i % 4 > 0 THEN timestamptz '2024-01-01 00:00:00Z' + i::bigint * 7919 % :rows * interval '1 second' END,
       i % 100 = 7, 'An item of no great length, number ' || i
FROM generate_series(1, :rows) AS i;
CREATE INDEX ON items (created_at, id);
CREATE INDEX ON items (rank DESC, created_at, id);
CREATE INDEX ON items (seen_at, id);
CREATE INDEX ON items (rank, seen_at, id);
CREATE INDEX ON items (parent_id, created_at, id);
CREATE INDEX ON items (parent_id, seen_at, id);
CREATE INDEX ON items (author_id);
CREATE INDEX ON items (price, id);
CREATE INDEX ON items (state, id);

ALTER TABLE items ENABLE ROW LEVEL SECURITY;
CREATE POLICY items_read ON items FOR SELECT
USING (NOT is_hidden OR author_id = nullif(current_setting('linnet.user_id', true), '')::integer);
GRANT SELECT ON items TO linnet_user;
VACUUM (ANALYZE) items;
