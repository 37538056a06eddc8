-- 003_indexes.sql - one index for each order that a list may have, and each foreign key.
--
-- An order ends in the key, which breaks its ties, and so does its index: then a page is
-- read off the index and nothing is sorted.  A batch - the first hundred votes of each of
-- twenty links - reads (parent, order, key); the columns that it joins by are INCLUDEd, so
-- that it never visits the table (measured: a fifth less work for the same rows).
--
-- There is none for links in the order of their description: an entry of a B-tree holds
-- 2,704 bytes and a description up to 8,000, so that a long one could not be posted.  That
-- order is rare; it sorts, within the time that a statement may take.
--
-- SPDX-License-Identifier: MIT

-- Query.links, allLinks; User.linkSet
CREATE INDEX links_created_at_id_idx ON links (created_at, id);
CREATE INDEX links_hot_id_idx ON links (hot, id);
CREATE INDEX links_vote_count_id_idx ON links (vote_count, id);
CREATE INDEX links_url_id_idx ON links (url, id);
CREATE INDEX links_posted_by_created_at_id_idx ON links (posted_by, created_at, id);

-- Query.votes; Link.votes; User.voteSet
CREATE INDEX votes_created_at_id_idx ON votes (created_at, id);
CREATE INDEX votes_link_id_created_at_id_idx ON votes (link_id, created_at, id) INCLUDE (user_id);
CREATE INDEX votes_user_id_created_at_id_idx ON votes (user_id, created_at, id) INCLUDE (link_id);

-- What of login_failures can be forgotten
CREATE INDEX login_failures_closed_until_idx ON login_failures (closed_until);

-- Query.links(search:), where the extension is at hand; without it a search reads the table.
-- The extension gets a schema of its own, out of the way of what a contract can bind to.
DO $$
DECLARE
    home text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        RAISE NOTICE 'pg_trgm is not installed here: searches will read every link';
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE SCHEMA IF NOT EXISTS extensions;
        CREATE EXTENSION pg_trgm SCHEMA extensions;
    END IF;
    SELECT nspname INTO STRICT home
    FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'pg_trgm';
    EXECUTE format('CREATE INDEX links_search_idx ON links USING gin'
                   ' (url %1$I.gin_trgm_ops, description %1$I.gin_trgm_ops)', home);
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'role "%" may not use pg_trgm (%): searches will read every link',
        current_user, SQLERRM;
END
$$;
