-- The row of W10, in one statement.
INSERT INTO bench_notes (title, body) VALUES ('Note 1 of a hundred'::text, 'What the note with the number 1 says.'::text) RETURNING id, title, created_at;
