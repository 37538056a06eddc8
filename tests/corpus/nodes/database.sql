-- database.sql - the database of tests/corpus/nodes: objects with global ids, of keys of all kinds.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_nodes WITH (FORCE);
CREATE DATABASE linnet_nodes OWNER linnet_owner;
\connect linnet_nodes
SET ROLE linnet_owner;

CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL UNIQUE, manager_id bigint REFERENCES people);

-- Tasks and notes in one table.
CREATE TABLE items (
    id integer PRIMARY KEY,
    kind text NOT NULL,
    title text NOT NULL,
    owner_id bigint NOT NULL REFERENCES people
);
CREATE INDEX ON items (owner_id, id);

-- A key of several columns, one of them with any text.
CREATE TABLE lines (
    person_id bigint NOT NULL REFERENCES people,
    code text NOT NULL,
    day date NOT NULL,
    amount integer NOT NULL UNIQUE,
    PRIMARY KEY (person_id, code, day)
);

CREATE TABLE tags (name text PRIMARY KEY, uses integer NOT NULL);

-- Each document has a key that no other row has, of whatever table.
CREATE TABLE documents (id uuid PRIMARY KEY, text text NOT NULL);
CREATE TABLE pictures (id uuid PRIMARY KEY, width integer NOT NULL);

-- Only even ones are for anybody.
CREATE TABLE secrets (id smallint PRIMARY KEY, text text NOT NULL);

CREATE VIEW managers WITH (security_invoker) AS
    SELECT p.id, p.name FROM people p WHERE EXISTS (SELECT FROM people q WHERE q.manager_id = p.id);

INSERT INTO people
    SELECT n, (ARRAY['ada', 'bob', 'cyd', 'dot', 'eve'])[n], nullif(n / 2, 0) FROM generate_series(1, 5) n;
INSERT INTO items
    SELECT n, (ARRAY['task', 'note'])[1 + n % 2], 'item ' || n, 1 + n % 5 FROM generate_series(1, 12) n;
INSERT INTO lines VALUES
    (1, 'a', '2025-01-01', 1), (1, 'b"\,]é', '2025-01-02', 2), (2, '', '2025-01-03', 3),
    (1, 'a', '2025-01-02', 4);
INSERT INTO people VALUES (9007199254740993, 'far', 1);
INSERT INTO lines VALUES (9007199254740993, 'a', '2025-01-01', 5);
INSERT INTO tags VALUES ('c++', 1), ('a:b', 2), ('', 3), ('日本', 4);
INSERT INTO documents VALUES ('11111111-1111-4111-8111-111111111111', 'one'), ('22222222-2222-4222-8222-222222222222', 'two');
INSERT INTO pictures VALUES ('33333333-3333-4333-8333-333333333333', 300);
INSERT INTO secrets SELECT n, 'secret ' || n FROM generate_series(1, 4) n;

CREATE FUNCTION person_of(id bigint) RETURNS SETOF people LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT * FROM people WHERE people.id = person_of.id; END;
CREATE FUNCTION count_of(ids bigint[]) RETURNS integer LANGUAGE sql STABLE
    RETURN (SELECT count(*) FROM people WHERE id = ANY (ids));
CREATE FUNCTION add_item(kind text, title text, owner_id bigint DEFAULT 2, note text DEFAULT 'none')
    RETURNS items LANGUAGE plpgsql AS $$
DECLARE
    item items;
BEGIN
    IF title = '' THEN
        RAISE EXCEPTION 'No title!' USING ERRCODE = 'LN400', COLUMN = 'title';
    END IF;
    INSERT INTO items
        SELECT (SELECT greatest(max(id), 100) + 1 FROM items), add_item.kind,
            add_item.title || ' (' || coalesce(note, 'null') || ')', add_item.owner_id
        RETURNING * INTO item;
    RETURN item;
END
$$;
CREATE FUNCTION no_item(title text) RETURNS items LANGUAGE sql VOLATILE
    BEGIN ATOMIC SELECT * FROM items WHERE false AND items.title = no_item.title; END;
CREATE FUNCTION remove_line(amount integer) RETURNS SETOF lines LANGUAGE sql
    BEGIN ATOMIC DELETE FROM lines WHERE lines.amount = remove_line.amount RETURNING *; END;
CREATE FUNCTION move_person(person bigint, manager bigint DEFAULT NULL) RETURNS SETOF people LANGUAGE sql
    BEGIN ATOMIC UPDATE people SET manager_id = manager WHERE people.id = person RETURNING *; END;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO linnet_anon, linnet_user, linnet_staff;
GRANT INSERT ON items TO linnet_anon, linnet_user, linnet_staff;
GRANT DELETE ON lines TO linnet_anon, linnet_user, linnet_staff;
GRANT UPDATE ON people TO linnet_anon, linnet_user, linnet_staff;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['people', 'items', 'lines', 'tags', 'documents', 'pictures', 'secrets'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY reading ON %I FOR SELECT USING (%s)', name,
            CASE name WHEN 'secrets' THEN 'id % 2 = 0' ELSE 'true' END);
    END LOOP;
END
$$;
CREATE POLICY adding ON items FOR INSERT WITH CHECK (true);
CREATE POLICY removing ON lines FOR DELETE USING (true);
CREATE POLICY moving ON people FOR UPDATE USING (true);
