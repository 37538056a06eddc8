-- The rows of W8.
SELECT users.username, groups.count, groups.sum FROM (SELECT posted_by, count(*), sum(vote_count) FROM links GROUP BY posted_by ORDER BY 2 DESC, 1 LIMIT 10) AS groups LEFT JOIN users ON users.id = groups.posted_by ORDER BY groups.count DESC, groups.posted_by;
