-- A shop of music: the shape of the Chinook sample, with names of its own.

COMMENT ON SCHEMA public IS 'A shop of music';
CREATE TABLE artists (
    artist_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(120) NOT NULL UNIQUE
);
COMMENT ON TABLE artists IS 'Who makes the music: a person or a band.';
COMMENT ON COLUMN artists.name IS 'As it stands on the record; "quoted", with a \ and """ in it.';

CREATE TABLE albums (
    album_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title varchar(160) NOT NULL,
    artist_id integer NOT NULL REFERENCES artists,
    released date
);
CREATE INDEX ON albums (artist_id, album_id);
CREATE INDEX ON albums (title, album_id);
CREATE INDEX ON albums (released DESC NULLS LAST, album_id DESC);

CREATE DOMAIN flag AS boolean NOT NULL;
CREATE TABLE genres (genre_id integer PRIMARY KEY, name varchar(120));
CREATE TABLE media_types (media_type_id integer PRIMARY KEY, name varchar(120));

CREATE TABLE tracks (
    track_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(200) NOT NULL,
    album_id integer REFERENCES albums,
    media_type_id integer NOT NULL REFERENCES media_types,
    genre_id integer REFERENCES genres,
    composer varchar(220),
    milliseconds integer NOT NULL,
    bytes bigint,
    unit_price numeric(10, 2) NOT NULL,
    is_live flag DEFAULT false
);
CREATE INDEX ON tracks (album_id);

CREATE TABLE playlists (playlist_id integer PRIMARY KEY, name varchar(120));
CREATE TABLE playlist_track (
    playlist_id integer REFERENCES playlists,
    track_id integer REFERENCES tracks,
    PRIMARY KEY (playlist_id, track_id)
);
CREATE INDEX ON playlist_track (track_id);

CREATE TABLE employees (
    employee_id integer PRIMARY KEY,
    last_name varchar(20) NOT NULL,
    first_name varchar(20) NOT NULL,
    reports_to integer REFERENCES employees,
    birth_date timestamp,
    hired_at timestamptz
);
CREATE INDEX ON employees (last_name, first_name);

CREATE TABLE customers (
    customer_id integer PRIMARY KEY,
    email varchar(60) NOT NULL UNIQUE,
    password_hash text,
    support_rep_id integer REFERENCES employees
);
CREATE TABLE invoices (
    invoice_id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers,
    invoice_date timestamp NOT NULL,
    total numeric(10, 2) NOT NULL
);
CREATE TABLE invoice_lines (
    invoice_line_id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    track_id integer NOT NULL REFERENCES tracks,
    unit_price numeric(10, 2) NOT NULL,
    quantity integer NOT NULL
);

INSERT INTO artists (name) SELECT 'Artist ' || n FROM generate_series(1, 12) n;
INSERT INTO albums (title, artist_id, released)
    SELECT 'Album ' || n, 1 + n % 12, CASE WHEN n % 4 > 0 THEN date '2001-01-01' + n END FROM generate_series(1, 30) n;
INSERT INTO genres VALUES (1, 'Rock'), (2, 'Jazz'), (3, NULL);
INSERT INTO media_types VALUES (1, 'MPEG'), (2, 'AAC');
INSERT INTO tracks (name, album_id, media_type_id, genre_id, composer, milliseconds, bytes, unit_price)
    SELECT 'Track ' || n, CASE WHEN n % 9 > 0 THEN 1 + n % 30 END, 1 + n % 2, 1 + n % 3, NULL, n * 1000, n * 5000000000, 0.99
    FROM generate_series(1, 150) n;
INSERT INTO playlists VALUES (1, 'All'), (2, 'Nothing'), (3, 'Some');
INSERT INTO playlist_track SELECT 1, n FROM generate_series(1, 150) n UNION ALL SELECT 3, n * 3 FROM generate_series(1, 20) n;
INSERT INTO employees VALUES (1, 'Adams', 'Andrew', NULL, '1962-02-18', '2002-08-14 09:00Z'), (2, 'Edwards', 'Nancy', 1, NULL, NULL),
    (3, 'Peacock', 'Jane', 2, '1973-08-29', NULL);
INSERT INTO customers SELECT n, 'c' || n || '@example.com', '$2b$12$' || repeat('x', 53), 1 + n % 3 FROM generate_series(1, 9) n;
INSERT INTO invoices SELECT n, 1 + n % 9, timestamp '2024-01-01' + n * interval '1 hour', n * 1.1 FROM generate_series(1, 20) n;
INSERT INTO invoice_lines SELECT n, 1 + n % 20, n, 0.99, n FROM generate_series(1, 50) n;
