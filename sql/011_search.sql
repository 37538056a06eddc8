-- 011_search.sql - the index of Query.links(search:) is on the lower-case texts.
--
-- A search then compares lower(url) with a pattern that is made lower-case once; ILIKE makes the
-- pattern lower-case again for every row that it looks at.  Where the former index is not there,
-- since the extension is not at hand, there is none now.
--
-- SPDX-License-Identifier: MIT

DO $$
DECLARE
    home text;
BEGIN
    IF to_regclass('links_search_idx') IS NULL THEN
        RETURN;
    END IF;
    SELECT nspname INTO STRICT home
    FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'pg_trgm';
    DROP INDEX links_search_idx;
    EXECUTE format('CREATE INDEX links_search_idx ON links USING gin'
                   ' (lower(url) %1$I.gin_trgm_ops, lower(description) %1$I.gin_trgm_ops)', home);
END
$$;
