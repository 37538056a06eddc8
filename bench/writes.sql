-- writes.sql - the table that W10 and W11 write to, empty at each start of bench/run.
--
-- SPDX-License-Identifier: MIT

SET client_min_messages = warning;
DROP TABLE IF EXISTS bench_notes;
CREATE TABLE bench_notes (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title      text NOT NULL,
    body       text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE bench_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY bench_notes_read ON bench_notes FOR SELECT USING (true);
CREATE POLICY bench_notes_make ON bench_notes FOR INSERT WITH CHECK (title <> '');
GRANT SELECT, INSERT ON bench_notes TO linnet_anon;
