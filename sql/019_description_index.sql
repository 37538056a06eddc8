-- 019_description_index.sql - the links with just this description: relayLinks(description:).
--
-- A hash index, since an entry of a B-tree holds 2,704 bytes and a description up to 8,000
-- (003_indexes.sql); one of a hash index has four, however long the text is.
--
-- SPDX-License-Identifier: MIT

CREATE INDEX links_description_idx ON links USING hash (description);
