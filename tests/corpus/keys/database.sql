-- database.sql - the database of tests/corpus/keys: keys of several columns, many to many, views,
-- tables without a key, partitions, and relations that no foreign key says.
--
--     psql -d postgres -f database.sql
--
-- makes it anew, by a superuser of a cluster that ./up has made.
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on
SET client_min_messages = warning;
DROP DATABASE IF EXISTS linnet_keys WITH (FORCE);
CREATE DATABASE linnet_keys OWNER linnet_owner;
\connect linnet_keys
SET ROLE linnet_owner;
CREATE SCHEMA sales;

CREATE TABLE orders (id bigint PRIMARY KEY, customer text NOT NULL);

CREATE TABLE products (
    id integer PRIMARY KEY,
    name text NOT NULL,
    is_old boolean NOT NULL,
    -- Narrower than the key that it leads to, and not validated.
    first_order smallint
);
ALTER TABLE products ADD CONSTRAINT products_first FOREIGN KEY (first_order) REFERENCES orders NOT VALID;

CREATE TABLE lines (
    order_id bigint NOT NULL REFERENCES orders,
    number smallint NOT NULL,
    product_id integer NOT NULL REFERENCES products,
    quantity integer NOT NULL,
    PRIMARY KEY (order_id, number)
);
CREATE INDEX ON lines (product_id);

-- Narrower in one column, wider in the other, and either may be null.
CREATE TABLE events (
    id integer PRIMARY KEY,
    order_id integer,
    line_number bigint,
    what text NOT NULL,
    FOREIGN KEY (order_id, line_number) REFERENCES lines
);
CREATE INDEX ON events (order_id, line_number, id);

-- A key whose columns are joined by different foreign keys.
CREATE TABLE packings (
    order_id bigint NOT NULL,
    number smallint NOT NULL,
    box text NOT NULL,
    PRIMARY KEY (order_id, number, box),
    FOREIGN KEY (order_id, number) REFERENCES lines
);

CREATE TABLE tags (id smallint PRIMARY KEY, name text NOT NULL);
-- Without a key and without foreign keys: some of its rows refer to nothing, and one is there twice.
CREATE TABLE marks (product bigint, tag integer);
CREATE TABLE product_tags (
    product_id integer NOT NULL REFERENCES products,
    tag_id smallint NOT NULL REFERENCES tags,
    place integer NOT NULL,
    PRIMARY KEY (product_id, tag_id)
);
CREATE INDEX ON product_tags (tag_id, product_id);
CREATE INDEX ON product_tags (product_id, place, tag_id);

-- Between rows of one table; and a row may be joined more than once.
CREATE TABLE replacements (
    id integer PRIMARY KEY,
    old_id integer NOT NULL REFERENCES products,
    new_id integer REFERENCES products,
    why text
);

-- Between keys of several columns, with rows that are hidden.
CREATE TABLE notes (
    author text NOT NULL,
    number integer NOT NULL,
    body text NOT NULL,
    is_secret boolean NOT NULL,
    PRIMARY KEY (author, number)
);
CREATE TABLE line_notes (
    order_id bigint NOT NULL,
    line_number smallint NOT NULL,
    author text NOT NULL,
    note_number integer NOT NULL,
    PRIMARY KEY (order_id, line_number, author, note_number),
    FOREIGN KEY (order_id, line_number) REFERENCES lines,
    FOREIGN KEY (author, note_number) REFERENCES notes
);

CREATE TABLE visits (at integer NOT NULL, path text NOT NULL);

CREATE TABLE payments (
    id integer NOT NULL,
    year integer NOT NULL,
    order_id bigint REFERENCES orders,
    PRIMARY KEY (id, year)
) PARTITION BY RANGE (year);
CREATE TABLE payments_old PARTITION OF payments FOR VALUES FROM (0) TO (2025);
CREATE TABLE payments_new PARTITION OF payments FOR VALUES FROM (2025) TO (3000);

CREATE TABLE sales.people (id integer PRIMARY KEY, name text NOT NULL);

CREATE VIEW stats WITH (security_invoker = true) AS
    SELECT products.id AS product_id, count(lines.order_id) AS lines
    FROM products LEFT JOIN lines ON lines.product_id = products.id GROUP BY products.id;
CREATE VIEW line_stats WITH (security_invoker = true) AS
    SELECT lines.order_id, lines.number AS line, count(events.id) AS events
    FROM lines LEFT JOIN events ON (events.order_id, events.line_number) = (lines.order_id, lines.number)
    GROUP BY lines.order_id, lines.number;
-- As its owner, since a materialized view has no policies.
CREATE MATERIALIZED VIEW totals AS SELECT order_id, sum(quantity) AS quantity FROM lines GROUP BY order_id WITH NO DATA;
CREATE UNIQUE INDEX ON totals (order_id);

CREATE FUNCTION add_lines(order_id bigint, product_id integer, quantities integer[]) RETURNS SETOF lines
LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO lines (order_id, number, product_id, quantity)
    SELECT add_lines.order_id, 100 + n, add_lines.product_id, q
    FROM unnest(quantities) WITH ORDINALITY AS u(q, n)
    RETURNING *;
END;

CREATE FUNCTION add_line(order_id bigint, product_id integer) RETURNS lines
LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO lines (order_id, number, product_id, quantity) VALUES (add_line.order_id, 200, add_line.product_id, 1)
    RETURNING *;
END;

CREATE FUNCTION best_stats() RETURNS SETOF stats
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM stats ORDER BY lines DESC, product_id LIMIT 1;
END;

INSERT INTO orders VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Edsger'), (5000000000, 'Barbara');
INSERT INTO products VALUES (1, 'pen', false, 1), (2, 'ink', false, NULL), (3, 'slate', true, 2), (4, 'chalk', true, NULL);
INSERT INTO lines VALUES (1, 1, 1, 10), (1, 2, 2, 5), (2, 1, 2, 7), (2, 2, 3, 1), (5000000000, 1, 1, 3);
INSERT INTO events VALUES (1, 1, 1, 'packed'), (2, 1, 1, 'sent'), (3, 1, 2, 'packed'), (4, 2, 2, 'lost'), (5, NULL, 1, 'odd'), (6, 2, NULL, 'odd');
INSERT INTO packings VALUES (1, 1, 'a'), (1, 1, 'b'), (2, 2, 'a');
INSERT INTO tags VALUES (1, 'wet'), (2, 'dry'), (3, 'blue'), (4, 'nobody''s');
INSERT INTO product_tags VALUES (1, 1, 2), (1, 3, 1), (2, 1, 1), (2, 2, 2), (2, 3, 3), (3, 2, 1);
INSERT INTO marks VALUES (1, 2), (1, 1), (1, 2), (2, 3), (NULL, 1), (3, NULL), (9, 1), (1, 99999999);
INSERT INTO replacements VALUES (1, 3, 1, 'lighter'), (2, 3, 2, 'cheaper'), (3, 3, 1, 'again'), (4, 4, NULL, 'none'), (5, 1, 2, NULL);
INSERT INTO notes VALUES ('ada', 1, 'first', false), ('ada', 2, 'secret', true), ('bob', 1, 'third', false);
INSERT INTO line_notes VALUES (1, 1, 'ada', 1), (1, 1, 'ada', 2), (1, 1, 'bob', 1), (1, 2, 'ada', 2), (2, 1, 'bob', 1);
INSERT INTO visits VALUES (2, '/b'), (1, '/a'), (2, '/b'), (2, '/a');
INSERT INTO payments VALUES (1, 2024, 1), (1, 2025, 1), (2, 2025, 2);
INSERT INTO sales.people VALUES (1, 'Ada'), (2, 'Grace');

DO $$
DECLARE
    one regclass;
BEGIN
    FOR one IN SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'p')
            AND relnamespace IN ('public'::regnamespace, 'sales'::regnamespace) LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one);
        EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true)', one);
        EXECUTE format('CREATE POLICY write ON %s FOR INSERT WITH CHECK (true)', one);
        IF one <> 'notes'::regclass THEN
            EXECUTE format('CREATE POLICY read ON %s FOR SELECT USING (true)', one);
        END IF;
    END LOOP;
END
$$;
CREATE POLICY read ON notes FOR SELECT USING (NOT is_secret);
GRANT USAGE ON SCHEMA sales TO linnet_anon, linnet_user, linnet_staff;
GRANT SELECT ON ALL TABLES IN SCHEMA public, sales TO linnet_anon, linnet_user, linnet_staff;
GRANT INSERT ON lines TO linnet_anon, linnet_user, linnet_staff;
REFRESH MATERIALIZED VIEW totals;
-- Only for rows: ALL of @through.
DROP POLICY read ON marks;
ALTER TABLE marks DISABLE ROW LEVEL SECURITY;
REVOKE INSERT ON marks FROM PUBLIC;
