-- data.sql - rows that the sample data has not: ties, odd characters, the ends of what a
-- column holds.  Beside the sample data, with keys of their own; loading it twice is fine.
--
-- SPDX-License-Identifier: MIT

BEGIN;

INSERT INTO users (id, username, first_name, last_name, date_joined) OVERRIDING SYSTEM VALUE VALUES
    (900001, 'http.poster', 'Post', 'Er "the \ first"', '2024-02-01 00:00:00.999999Z'),
    (900002, 'http.empty', '', '', '2024-02-01 00:00:00Z'),
    (900003, 'http.zoë@+-_', 'Zoë 🏃', E'new\nline', '1970-01-01 00:00:00Z'),
    (900004, rpad('http.long', 150, 'g'), repeat('é', 150), 'x', '2024-02-29 23:59:59.9995Z'),
    (2147483647, 'http.last', '', '', '9999-12-31 23:59:59.999999Z')
ON CONFLICT DO NOTHING;

-- A hundred voters, and some: more than a page.
INSERT INTO users (id, username, date_joined) OVERRIDING SYSTEM VALUE
SELECT 901000 + n, 'http.voter' || n, timestamptz '2024-03-01 00:00:00Z' + n * interval '1 ms'
FROM generate_series(1, 105) AS n
ON CONFLICT DO NOTHING;

INSERT INTO user_private (user_id, email, last_login) VALUES
    (900001, 'poster@example.com', '2025-01-01 00:00:00Z')
ON CONFLICT DO NOTHING;

INSERT INTO links (id, url, description, posted_by, created_at) OVERRIDING SYSTEM VALUE VALUES
    -- what LIKE takes for its own, and what it must not fold
    (910001, 'https://http.example/percent%20sign', 'zebra 100% sure', 900001, '2025-06-01 00:00:00Z'),
    (910002, 'https://http.example/under_score', 'zebra snake_case', 900001, '2025-06-01 00:00:00Z'),
    (910003, 'https://http.example/back\slash', 'zebra C:\temp\new', 900001, '2025-06-01 00:00:00Z'),
    (910004, 'https://http.example/plain', 'ZEBRA Crossing', 900001, '2025-06-01 00:00:01Z'),
    (910005, 'https://HTTP.example/zebra-in-url', 'ÄRGER in Straße', NULL, '2025-06-01 00:00:02Z'),
    (910006, 'https://http.example/quotes', $$zebra's "; DROP TABLE users; -- $1 %s $$, NULL, '2025-06-02 12:34:56.123999Z'),
    -- what a writer of JSON must escape, and what not
    (910007, 'https://http.example/controls', E'tab\there\nline\rreturn\bback\ffeed\x01one\x1funit\x7fdel "quote" \\ / </script>', 900003, '2025-06-02 12:34:56.1Z'),
    (910008, 'https://http.example/unicode', U&'\2028\2029 \00A0 \FEFF é 漢字 🏃 \+01F3CA \+10FFFF', 900003, '2025-06-02 12:34:56.000001Z'),
    (910009, 'https://http.example/empty', '', 900003, '0001-01-01 00:00:00Z'),
    (910010, 'https://http.example/' || repeat('u', 2027), repeat('d', 2000), 900003, '9999-12-31 23:59:59.999999Z'),
    -- the same place twice, and orders that tie to the last
    (910011, 'https://http.example/twice', 'tie', 900001, '2025-06-03 00:00:00Z'),
    (910012, 'https://http.example/twice', 'tie', 900001, '2025-06-03 00:00:00Z'),
    (910013, 'https://http.example/twice', 'Tie', 900001, '2025-06-03 00:00:00Z'),
    (910020, 'https://http.example/voted', 'more than a page of votes', 900001, '2025-06-04 00:00:00Z'),
    (2147483647, 'https://http.example/last', 'the last key there is', NULL, '1969-12-31 23:59:59.999Z')
ON CONFLICT DO NOTHING;

-- Votes in bunches of the same moment.
INSERT INTO votes (id, user_id, link_id, created_at) OVERRIDING SYSTEM VALUE
SELECT 920000 + n, 901000 + n, 910020, timestamptz '2025-06-05 00:00:00Z' + (n / 10) * interval '1 second'
FROM generate_series(1, 105) AS n
ON CONFLICT DO NOTHING;

INSERT INTO votes (id, user_id, link_id, created_at) OVERRIDING SYSTEM VALUE
SELECT 921000 + n, 900001, 910000 + n, '2025-06-06 00:00:00Z'
FROM generate_series(1, 13) AS n
ON CONFLICT DO NOTHING;

UPDATE links SET vote_count = (SELECT count(*) FROM votes WHERE link_id = links.id)
WHERE id >= 910000 AND vote_count <> (SELECT count(*) FROM votes WHERE link_id = links.id);

COMMIT;
