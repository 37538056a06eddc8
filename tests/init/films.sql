-- Films and their rental, as Pagila has it: enums with labels that are no names, domains, arrays, a tsvector,
-- partitions, inheritance, views with and without a key, a materialized view, policies.

CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');
COMMENT ON TYPE mpaa_rating IS 'Who may see it.';
CREATE TYPE bulk AS ENUM ('in progress', 'true', 'null', '', 'IN_PROGRESS', '3d');
CREATE TYPE place AS (street text, town text);
CREATE DOMAIN year AS integer CHECK (VALUE BETWEEN 1901 AND 2155);
CREATE DOMAIN tag AS text;

CREATE TABLE language (language_id integer PRIMARY KEY, name character(20) NOT NULL, last_update timestamptz NOT NULL DEFAULT now());
CREATE TABLE film (
    film_id integer PRIMARY KEY,
    title text NOT NULL,
    release_year year,
    language_id integer NOT NULL REFERENCES language,
    original_language_id integer REFERENCES language,
    rental_rate numeric(4, 2) NOT NULL DEFAULT 4.99,
    length smallint,
    rating mpaa_rating DEFAULT 'G',
    stage bulk,
    special_features text[],
    ratings mpaa_rating[],
    tag tag,
    made_at place,
    map point,
    shown int4range,
    fulltext tsvector NOT NULL,
    tags text[] CHECK (array_position(tags, NULL) IS NULL)
);
CREATE INDEX ON film USING gist (fulltext);
CREATE INDEX ON film USING gin (tags);
CREATE INDEX ON film (rating, film_id);
CREATE INDEX ON film (lower(title));
CREATE INDEX ON film (length) WHERE length > 100;
CREATE INDEX ON film USING hash (tag);
CREATE INDEX ON film (language_id);

CREATE TABLE actor (actor_id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL);
CREATE INDEX ON actor (last_name);
CREATE TABLE film_actor (
    actor_id integer NOT NULL REFERENCES actor,
    film_id integer NOT NULL REFERENCES film,
    last_update timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, film_id)
);
CREATE INDEX ON film_actor (film_id);

CREATE TABLE payment (
    payment_id integer NOT NULL,
    film_id integer NOT NULL REFERENCES film,
    amount numeric(5, 2) NOT NULL,
    payment_date timestamptz NOT NULL,
    PRIMARY KEY (payment_date, payment_id)
) PARTITION BY RANGE (payment_date);
CREATE TABLE payment_2024 PARTITION OF payment FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE payment_2025 PARTITION OF payment FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

CREATE TABLE medium (medium_id integer PRIMARY KEY, label text);
CREATE TABLE tape (minutes integer) INHERITS (medium);
CREATE TABLE log (line text, at timestamptz);
CREATE TABLE blobs (body json);

CREATE VIEW film_list AS SELECT film_id AS fid, title, rating FROM film;
CREATE VIEW cast_list WITH (security_invoker = true) AS SELECT film_id, actor_id FROM film_actor;
CREATE MATERIALIZED VIEW sales_by_month AS SELECT date_trunc('month', payment_date) AS month, sum(amount) AS total FROM payment GROUP BY 1;

CREATE TABLE rental (rental_id integer PRIMARY KEY, film_id integer NOT NULL REFERENCES film, price numeric NOT NULL);
CREATE INDEX ON rental (film_id, rental_id);
CREATE INDEX ON rental (price);
ALTER TABLE rental ENABLE ROW LEVEL SECURITY;
CREATE POLICY cheap ON rental FOR SELECT USING (price < 10);
CREATE TABLE club (clubid integer PRIMARY KEY);
CREATE TABLE membership (membership_id integer PRIMARY KEY, rental_id integer NOT NULL REFERENCES rental, clubid integer REFERENCES club);

INSERT INTO language SELECT n, 'Language ' || n FROM generate_series(1, 3) n;
INSERT INTO film SELECT n, 'Film ' || n, 1980 + n, 1 + n % 3, CASE WHEN n % 2 = 0 THEN 1 END, 2.99, 80 + n,
        (enum_range(NULL::mpaa_rating))[1 + n % 5], (enum_range(NULL::bulk))[1 + n % 6], '{Trailers,NULL}', '{PG-13}', 'x', '(a,b)', '(1,2)',
        '[1,5)', to_tsvector('english', 'film number ' || n), CASE WHEN n % 3 = 0 THEN '{a,b}'::text[] END
    FROM generate_series(1, 25) n;
INSERT INTO actor SELECT n, 'First ' || n, 'Last ' || n % 4 FROM generate_series(1, 10) n;
INSERT INTO film_actor SELECT a, f FROM generate_series(1, 10) a, generate_series(1, 25) f WHERE (a + f) % 4 = 0;
INSERT INTO payment SELECT n, 1 + n % 25, n, timestamptz '2024-12-01Z' + n * interval '1 day' FROM generate_series(1, 60) n;
INSERT INTO medium VALUES (1, 'disc');
INSERT INTO tape VALUES (2, 'tape', 90);
INSERT INTO log VALUES ('a', '2024-01-01Z'), ('a', '2024-01-01Z'), ('b', NULL);
INSERT INTO blobs VALUES ('{}');
REFRESH MATERIALIZED VIEW sales_by_month;
INSERT INTO rental SELECT n, n, n FROM generate_series(1, 15) n;
INSERT INTO membership SELECT n, n FROM generate_series(1, 15) n;
