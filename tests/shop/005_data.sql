-- 005_data.sql - some hundred rows, the same at each load: ties, nulls, odd texts, the ends
-- of what a column holds.  The rows of specimens stand in 006_specimens.sql.
--
-- Numbers that look random come from a multiplication modulo a prime.
--
-- SPDX-License-Identifier: MIT

SET TimeZone = 'UTC';

INSERT INTO tenants VALUES
    ('aaaaaaaa-0000-4000-8000-000000000001', 'Acme', 'ACM'),
    ('bbbbbbbb-0000-4000-8000-000000000002', 'Bäcker & Söhne', 'B'),
    ('cccccccc-0000-4000-8000-000000000003', '', '   ');

INSERT INTO users VALUES
    ('10000000-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000001', 'Ada@Example.com', 'ada', 'owner', true,
     '1815-12-10', '{"theme": "dark", "n": 1.50, "deep": [1, null, {"a": "ü"}]}', '10.0.0.1', '2024-01-01 00:00:00Z', '2024-06-01 12:00:00'),
    ('10000000-0000-4000-8000-000000000002', 'aaaaaaaa-0000-4000-8000-000000000001', 'bob@example.com', 'Bob', 'Ordinary user', NULL,
     NULL, '[]', '::1', '2024-01-01 00:00:00.000001Z', NULL),
    ('10000000-0000-4000-8000-000000000003', 'bbbbbbbb-0000-4000-8000-000000000002', 'öTTO@example.com', 'Äpfel', 'read-only', false,
     '0044-03-15 BC', 'null', '192.168.0.0/16', '2024-01-01 00:00:00.999999Z', '2024-06-01 12:00:00.5'),
    ('10000000-0000-4000-8000-000000000004', 'bbbbbbbb-0000-4000-8000-000000000002', 'zoë@example.com', 'apfel', 'owner', true,
     '2000-02-29', '"text"', 'fe80::1', '2023-12-31 23:59:59.9999Z', NULL),
    ('ffffffff-ffff-ffff-ffff-ffffffffffff', 'cccccccc-0000-4000-8000-000000000003', '', 'Zz', 'owner', true,
     '9999-12-31', '12345678901234567890.1234567890', NULL, '1969-12-31 23:59:59.999Z', '1970-01-01');

INSERT INTO customers (id, tenant_id, user_id, name, code, country, email, phone, credit, is_vip, born, seen_at, loyalty,
                       "postalCode", address2, "w1", "#0", "order", "Select From",
                       "a name of sixty-three bytes, which is as long as PostgreSQL has")
SELECT CASE i WHEN 39 THEN 9223372036854775807 WHEN 40 THEN -9223372036854775808 WHEN 38 THEN 4294967296 ELSE i END,
       CASE WHEN i % 3 = 0 THEN 'bbbbbbbb-0000-4000-8000-000000000002' ELSE 'aaaaaaaa-0000-4000-8000-000000000001' END::uuid,
       CASE i % 5 WHEN 0 THEN NULL WHEN 4 THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff'
                  ELSE '10000000-0000-4000-8000-00000000000' || i % 5 END::uuid,
       (ARRAY['Zebra', 'zebra', 'Äpfel', 'Apfel', 'apfel', 'straße', 'Strasse', '', 'O''Hara "x" \ y', '漢字 🏃', E'tab\there', 'co-op', 'coop', 'Ångström'])[1 + i * 37 % 14],
       'C' || i,
       (ARRAY['SE', 'DE', NULL, 'N', 'de'])[1 + i % 5],
       (ARRAY['a@x.org', 'A@X.org', NULL, 'b@x.org'])[1 + i % 4],
       (ARRAY['+46 8 1', '', NULL])[1 + i % 3],
       (ARRAY[0, -0.0001, 99999999.9999, 1.5, 1.5000, 100, -12345678.9])[1 + i % 7],
       i % 4 = 0,
       (ARRAY['1990-01-01', NULL, '2000-02-29', 'infinity', '0001-01-01'])[1 + i % 5]::date,
       (ARRAY['2024-02-29 12:34:56.789123Z', NULL, '2024-02-29 12:34:56.789Z', '2024-02-29 12:34:56.789999Z', '1969-12-31 23:59:59.9996Z'])[1 + i % 5]::timestamptz,
       (ARRAY['1 day', '24:00:00', NULL, '-1 year 2 mons -3 days 04:05:06.7'])[1 + i % 4]::interval,
       '1' || i % 6, nullif('c/o ' || i % 3, 'c/o 0'), i % 8, '#' || i % 3, i % 7, 'from ' || i % 2, i % 2
FROM generate_series(1, 40) AS i;

INSERT INTO suppliers VALUES
    (1, 'First', '(1,2)'), (2, 'second', '(-0.5,1e100)'), (3, 'Second', NULL), (2147483647, 'the last int', '(0,0)'),
    (2147483648, 'beyond an int', '(0,0)'), (9007199254740993, 'beyond a double', NULL), (-1, '', NULL), (9223372036854775807, 'Last', NULL);

-- Two roots, a chain, a fan; and one that is its own parent.
INSERT INTO categories VALUES
    (1, NULL, 'Tools', 'tools', 1), (2, NULL, 'tools', 'Tools', 1), (3, 1, 'Hand tools', 'hand-tools', 2),
    (4, 3, 'Hammers', 'hammers', -1), (5, 4, 'Small hammers', 'hammers/small', 32767), (6, 1, 'Power tools', 'power_tools', 2),
    (7, 1, 'Écrous', 'écrous', -32768), (8, 8, 'Itself', 'itself', 0), (9, 2, '100%', '100%', 0), (10, 2, '_', '_', 0),
    (2147483647, 5, 'last', 'last', 0), (-5, NULL, 'negative', 'negative', 0);

INSERT INTO products (id, sku, category_id, supplier_id, name, description, price, weight, volume, colour, barcode, released,
                      sizes, colours, keywords, attributes, flags, stock)
SELECT CASE i WHEN 60 THEN 9007199254740993 WHEN 59 THEN 2147483648 ELSE i END,
       (ARRAY['SKU-', 'sku_', 'Sku%'])[1 + i % 3] || i,
       (ARRAY[1, 3, 4, 5, NULL, 8, 9, 2147483647, -5])[1 + i * 11 % 9],
       (ARRAY[1, 2, 2147483647, NULL, -1])[1 + i * 7 % 5],
       (ARRAY['Hammer', 'hammer', 'Saw', 'Bolt 100%', 'a_b', 'Écrou', E'line\nbreak', 'Straße', 'STRASSE', 'x', '', '🏃 shoes'])[1 + i * 5 % 12],
       (ARRAY['A "quoted" \ text', NULL, '', 'hammer and saw', E'\u2028 and \u2029', repeat('long ', 200)])[1 + i % 6],
       (ARRAY[0, 9.99, 10, 10.0000, 99999999.9999, 0.0001, 12.5, -1])[1 + i * 3 % 8],
       (ARRAY[0.1, NULL, 1e38, -1e-45, 16777216, 0.3333333])[1 + i % 6]::real,
       (ARRAY[0.1, 1e308, 5e-324, NULL, 123456789.123456789, 1e21, -0.0])[1 + i % 7]::double precision,
       (ARRAY['RED', 'green', 'Blue', '_4', NULL])[1 + i % 5]::colour,
       (ARRAY['4006381333931', '12', NULL])[1 + i % 3],
       (ARRAY['2019-12-31', '2020-01-01', NULL, '2024-02-29', '1999-01-01'])[1 + i % 5]::date,
       (ARRAY['{1,2,3}', '{}', NULL, '{NULL,42}', '{-2147483648,2147483647}'])[1 + i % 5]::integer[],
       (ARRAY['{RED}', '{}', '{green,Blue,_4,RED}', '{RED,RED}'])[1 + i % 4]::colour[],
       (ARRAY['{a,"b,c","d\"e",""}', NULL, '{NULL,"NULL"}', '{}'])[1 + i % 4]::text[],
       (ARRAY['{"a": 1, "b": {"c": [true, false, null]}}', '[]', '1.0', '"é"', NULL, 'null', '{"big": 123456789012345678901234567890.5}'])[1 + i % 7]::jsonb,
       (i % 16)::bit(4),
       nullif(i % 7, 0)
FROM generate_series(1, 60) AS i;

INSERT INTO tags VALUES (1, 'New'), (2, 'sale'), (3, 'Größe'), (4, '%'), (-32768, 'least'), (32767, 'most'), (7, 'nobody''s');

INSERT INTO product_tags
SELECT products.id, tags.id, timestamptz '2024-01-01 00:00:00Z' + (products.id % 5) * interval '1 ms', nullif(products.id % 4, 0)
FROM products CROSS JOIN tags
WHERE tags.id <> 7 AND (products.id * 31 + tags.id * 17 + 32768 * 17) % 5 < 2;

INSERT INTO orders (id, tenant_id, customer_id, paid_by, status, placed_at, shipped_on, "window", eta, total, currency, client_ip, note)
SELECT i, customer.tenant_id, customer.id, CASE WHEN i % 3 > 0 THEN (i * 13) % 30 + 1 END,
       (ARRAY['new', 'in progress', 'SHIPPED', 'PG-13', 'très bien', ''])[1 + i % 6]::order_status,
       timestamptz '2024-01-01 00:00:00Z' + (i * 7919 % 50) * interval '1 hour' + (i % 3) * interval '1 microsecond',
       (ARRAY[NULL, '2024-02-29', '2025-12-31'])[1 + i % 3]::date,
       (ARRAY[NULL, '[2024-01-01 00:00Z,2024-01-02 00:00Z)', 'empty', '(,2024-01-01 00:00Z]'])[1 + i % 4]::tstzrange,
       (ARRAY['3 days', NULL, '2 hours', '72 hours'])[1 + i % 4]::interval,
       (i * 7919 % 1000) / 7.0,
       (ARRAY['EUR', 'SEK', 'USD'])[1 + i % 3],
       (ARRAY['10.0.0.1', '10.0.0.1/24', '::1', NULL])[1 + i % 4]::inet,
       (ARRAY[NULL, '', 'please hurry', 'PLEASE wait'])[1 + i % 4]
FROM generate_series(1, 120) AS i
CROSS JOIN LATERAL (SELECT * FROM customers WHERE id BETWEEN 1 AND 37 ORDER BY id OFFSET i * 17 % 31 LIMIT 1) AS customer;
INSERT INTO orders (id, tenant_id, customer_id, status, placed_at, currency) VALUES
    (9223372036854775806, 'aaaaaaaa-0000-4000-8000-000000000001', 9223372036854775807, 'new', '2024-01-01 00:00Z', 'EUR');

-- The next one is none of these.
ALTER TABLE orders ALTER id RESTART WITH 1001;

INSERT INTO order_lines (order_id, line_no, product_id, quantity, unit_price, discount)
SELECT orders.id, line_no, 1 + (orders.id * 31 + line_no * 7) % 58, 1 + (orders.id * line_no) % 40, (orders.id * 7919 % 500) / 3.0,
       (ARRAY[NULL, 0, 12.5, 100])[1 + (orders.id + line_no) % 4]
FROM orders CROSS JOIN generate_series(1, 6) AS line_no
WHERE orders.id < 1000 AND line_no <= orders.id % 7;

INSERT INTO line_events
SELECT row_number() OVER (ORDER BY order_id, line_no)::integer, order_id, line_no,
       (ARRAY['packed', 'sent', 'packed'])[1 + line_no % 3],
       time '00:00' + (order_id * 977 % 1440) * interval '1 minute'
FROM order_lines WHERE (order_id + line_no) % 5 = 0;
INSERT INTO line_events VALUES (-1, NULL, NULL, '', '24:00'), (-2, NULL, 1, 'lost', '23:59:59.999999');

INSERT INTO reviews
SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 1 + i % 20,
       CASE WHEN i % 4 > 0 THEN ('10000000-0000-4000-8000-00000000000' || 1 + i / 20)::uuid END,
       1 + i % 5, (ARRAY['good', 'GOOD', 'bad', '', 'Größe'])[1 + i * 3 % 5],
       timestamptz '2025-01-01 00:00:00Z' + (i % 6) * interval '1 ms' + (i % 2) * interval '1 microsecond'
FROM generate_series(0, 79) AS i;

INSERT INTO activities
SELECT i, (ARRAY['CALL', 'visit', 'LongLetter'])[1 + i * 5 % 3]::activity_kind, CASE WHEN i % 4 > 0 THEN 1 + i * 11 % 37 END,
       timestamptz '2024-05-01 00:00:00Z' + (i % 9) * interval '1 day', (ARRAY['hello', 'Hello', 'bye', ''])[1 + i % 4],
       CASE WHEN i % 2 = 0 THEN i END, 'Street ' || i % 3, i % 5
FROM generate_series(1, 50) AS i;

-- A customer that is not there; the key is added afterwards, as Rails does.
INSERT INTO notes VALUES (1, 1, 'first'), (2, 987654321, 'of a customer who is not there'), (3, NULL, NULL), (4, 1, '');
ALTER TABLE notes ADD CONSTRAINT notes_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers NOT VALID;

INSERT INTO coupons VALUES
    ('ten', 10, NULL), ('used', 20, 3), ('locked', 50, NULL), ('hidden', 99, NULL), ('hidden too', NULL, 5), ('', 0, NULL), ('Größe', 12.5, 9223372036854775807);

INSERT INTO visits
SELECT timestamptz '2024-01-01 00:00:00Z' + (i % 3) * interval '1 day', '/p/' || i % 4, ('10.0.0.' || i)::inet
FROM generate_series(1, 10) AS i;
INSERT INTO visits SELECT * FROM visits LIMIT 2;

INSERT INTO payments
SELECT i, (ARRAY['2024-01-01', '2024-12-31', '2025-06-01', '1999-01-01', 'infinity'])[1 + i % 5]::date,
       CASE WHEN i % 3 > 0 THEN 1 + i * 7 % 120 END, i * 1.11, (ARRAY['card', NULL, 'cash'])[1 + i % 3]
FROM generate_series(1, 40) AS i;

INSERT INTO sales.invoices
SELECT i, 1 + i * 7 % 120, '2024/' || i, date '2024-01-31' + i, i * 100.01 FROM generate_series(1, 40) AS i;
INSERT INTO sales.notes SELECT i, 1 + i % 40, 'note ' || i FROM generate_series(1, 20) AS i;

INSERT INTO audit_log (who, what) VALUES (NULL, 'loaded');

CREATE MATERIALIZED VIEW category_sales AS
    SELECT categories.id AS category_id, categories.name, count(order_lines.order_id)::integer AS lines,
           coalesce(sum(order_lines.total), 0) AS total
    FROM categories
    LEFT JOIN products ON products.category_id = categories.id
    LEFT JOIN order_lines ON order_lines.product_id = products.id
    GROUP BY categories.id;
CREATE UNIQUE INDEX ON category_sales (category_id);
GRANT SELECT ON category_sales TO linnet_anon, linnet_user, linnet_staff;
