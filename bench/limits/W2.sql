-- The rows of W2: the page first, then who posted it.
SELECT page.id, page.url, page.description, page.created_at, users.id, users.username FROM (SELECT * FROM links ORDER BY created_at DESC, id DESC LIMIT 20) AS page LEFT JOIN users ON users.id = page.posted_by ORDER BY page.created_at DESC, page.id DESC;
