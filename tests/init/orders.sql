-- A wholesaler, as Northwind has it: keys of several columns, names in capitals and with spaces, words
-- that mean something to GraphQL, several schemas, several foreign keys between two
-- tables, one that not all rows obey.

CREATE SCHEMA "Purchasing";

CREATE TABLE categories (id smallint PRIMARY KEY, "Category Name" text NOT NULL UNIQUE, picture bytea);
CREATE TABLE products (
    "ProductID" integer PRIMARY KEY,
    "ProductName" text NOT NULL,
    category_id smallint REFERENCES categories,
    "unitsInStock" smallint NOT NULL DEFAULT 0 CHECK ("unitsInStock" >= 0),
    state text NOT NULL DEFAULT 'sold' CHECK (state IN ('sold', 'discontinued')),
    "type" text,
    "true" boolean,
    "select" text,
    "größe" numeric
);
CREATE INDEX ON products ("ProductName", "ProductID");
CREATE INDEX ON products (category_id, "ProductID");

CREATE TABLE companies (code char(5) PRIMARY KEY, name text NOT NULL, country text, country_id integer);
CREATE TABLE orders (
    order_no integer PRIMARY KEY,
    buyer_code char(5) NOT NULL REFERENCES companies,
    seller_code char(5) NOT NULL REFERENCES companies,
    ship_via integer,
    placed_at timestamptz NOT NULL
);
CREATE INDEX ON orders (buyer_code, order_no);
CREATE INDEX ON orders (placed_at, order_no);
CREATE TABLE order_lines (
    order_no integer REFERENCES orders,
    line_no smallint,
    product_id integer NOT NULL REFERENCES products,
    quantity integer NOT NULL,
    PRIMARY KEY (order_no, line_no)
);
CREATE TABLE order_line_notes (
    order_no integer,
    line_no smallint,
    "position" integer,
    note text NOT NULL,
    PRIMARY KEY (order_no, line_no, "position"),
    FOREIGN KEY (order_no, line_no) REFERENCES order_lines
);
CREATE TABLE "Purchasing".orders (id uuid PRIMARY KEY, order_no integer REFERENCES public.orders, data jsonb NOT NULL);
CREATE INDEX ON "Purchasing".orders USING gin (data);
CREATE TABLE queries (id bigint PRIMARY KEY, text text NOT NULL);
CREATE TABLE news (id bigint PRIMARY KEY, headline text NOT NULL, published timestamptz);
CREATE TABLE "page info" (id integer PRIMARY KEY, title text);
CREATE TABLE company_details (code char(5) PRIMARY KEY REFERENCES companies, founded integer);

INSERT INTO categories VALUES (1, 'Tea', '\x00ff'), (2, 'Spices', NULL);
INSERT INTO products SELECT n, 'Product ' || n, 1 + n % 2, n, CASE n % 5 WHEN 0 THEN 'discontinued' ELSE 'sold' END, 'a', n % 2 = 0, NULL, n / 3.0
    FROM generate_series(1, 15) n;
INSERT INTO companies VALUES ('ALFKI', 'Alfreds', 'DE', 1), ('BONAP', 'Bon app''', 'FR', 2), ('XY', 'Short', NULL, NULL);
INSERT INTO orders SELECT n, CASE n % 2 WHEN 0 THEN 'ALFKI' ELSE 'XY' END, 'BONAP', 3, timestamptz '2024-05-01Z' + n * interval '1 day'
    FROM generate_series(1, 12) n;
INSERT INTO order_lines SELECT o, l, 1 + (o + l) % 15, l FROM generate_series(1, 12) o, generate_series(1, 3) l;
INSERT INTO order_line_notes SELECT o, 1, p, 'note' FROM generate_series(1, 3) o, generate_series(1, 2) p;
INSERT INTO "Purchasing".orders SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n, jsonb_build_object('n', n)
    FROM generate_series(1, 5) n;
INSERT INTO queries VALUES (9007199254740993, 'large'), (2, 'small');
INSERT INTO news VALUES (1, 'First', now()), (2, 'Second', NULL);
INSERT INTO "page info" VALUES (1, 'A page');
INSERT INTO company_details VALUES ('ALFKI', 1971);

CREATE TABLE countries (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO countries VALUES (1, 'Germany');
ALTER TABLE companies ADD CONSTRAINT company_country FOREIGN KEY (country_id) REFERENCES countries NOT VALID;
