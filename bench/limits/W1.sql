-- The rows of W1, and no more.
SELECT id, url, description FROM links WHERE id = 42;
