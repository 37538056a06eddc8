-- 022_writes.sql - what a write costs (docs/performance.md).
--
-- SPDX-License-Identifier: MIT

-- --- who is asked once ----------------------------------------------------------

-- The signed-in user, if account_check_session() has let that user write in this transaction;
-- otherwise null.
CREATE FUNCTION checked_user() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN current_setting('linnet.checked_user', true)
                 = current_setting('linnet.user_id', true) THEN viewer_id() END;

-- May a token of this session, or one without a session, still write for this user?  True, or an
-- error: LN498 is the token's own, as if it were not valid; LN401 and LN403 are the user's, as
-- acting_user() has them.  Until the transaction ends, the account stays, and the functions that
-- write need not ask again.
CREATE OR REPLACE FUNCTION account_check_session(session text, user_id integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    before      text := CASE WHEN is_single_role() THEN set_internal('on') END;
    is_there    boolean;
    is_disabled boolean;
    is_good     boolean := session IS NULL;
BEGIN
    -- Small statements: one that joined the tables and locked a row would take longer to start than
    -- all of these.
    PERFORM FROM users WHERE id = account_check_session.user_id FOR KEY SHARE;
    is_there := FOUND;
    is_disabled := EXISTS (SELECT FROM credentials
                           WHERE credentials.user_id = account_check_session.user_id
                             AND is_disabled);
    IF NOT is_good THEN
        is_good := EXISTS (SELECT FROM sessions
                           WHERE id = session_key(session)
                             AND sessions.user_id = account_check_session.user_id
                             AND revoked_at IS NULL AND expires_at > clock_timestamp());
    END IF;
    IF is_single_role() THEN
        PERFORM set_internal(before);
    END IF;
    IF is_disabled THEN
        RAISE EXCEPTION USING ERRCODE = 'LN403', MESSAGE = 'This account is disabled.';
    ELSIF NOT is_good THEN
        RAISE EXCEPTION USING ERRCODE = 'LN498', MESSAGE = 'Invalid token';
    ELSIF NOT is_there THEN
        RAISE EXCEPTION USING ERRCODE = 'LN401', MESSAGE = 'Not logged in!';
    END IF;
    before := set_config('linnet.checked_user', account_check_session.user_id::text, true);
    RETURN true;
END
$$;

-- The signed-in user's key, of an account that may act, as before (007_mutations.sql).
CREATE OR REPLACE FUNCTION acting_user() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    viewer   integer := checked_user();
    before   text;
    is_there boolean;
    is_open  boolean;
BEGIN
    IF viewer IS NOT NULL THEN
        RETURN viewer;
    END IF;
    viewer := viewer_id();
    before := CASE WHEN is_single_role() THEN set_internal('on') END;
    PERFORM FROM users WHERE id = viewer FOR KEY SHARE;
    is_there := FOUND;
    is_open := NOT EXISTS (SELECT FROM credentials WHERE user_id = viewer AND is_disabled);
    IF is_single_role() THEN
        PERFORM set_internal(before);
    END IF;
    IF NOT is_there THEN
        RAISE EXCEPTION USING ERRCODE = 'LN401', MESSAGE = 'Not logged in!';
    ELSIF NOT is_open THEN
        RAISE EXCEPTION USING ERRCODE = 'LN403', MESSAGE = 'This account is disabled.';
    END IF;
    RETURN viewer;
END
$$;

-- As before; acting_user() is not even called for a user who has been checked.
CREATE OR REPLACE FUNCTION create_link(url text, description text DEFAULT '') RETURNS links
LANGUAGE plpgsql
AS $$
DECLARE
    link links;
BEGIN
    PERFORM check_link(create_link.url, create_link.description);
    INSERT INTO links (url, description, posted_by)
    VALUES (create_link.url, create_link.description, coalesce(checked_user(), acting_user()))
    RETURNING * INTO link;
    RETURN link;
END
$$;

CREATE OR REPLACE FUNCTION create_vote(link_id integer) RETURNS votes
LANGUAGE plpgsql
AS $$
DECLARE
    vote votes;
BEGIN
    -- No look at what is there before: others may be at it, and the constraints know.
    INSERT INTO votes (user_id, link_id)
    VALUES (coalesce(checked_user(), acting_user()), create_vote.link_id)
    RETURNING * INTO vote;
    RETURN vote;
EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION USING ERRCODE = 'LN409', MESSAGE = 'You have voted for this link already.';
    WHEN foreign_key_violation OR not_null_violation THEN
        RAISE EXCEPTION USING ERRCODE = 'LN404', MESSAGE = 'Invalid Link!';
END
$$;

DO $$
BEGIN
    IF NOT is_single_role() THEN
        GRANT EXECUTE ON FUNCTION checked_user() TO linnet_anon, linnet_user, linnet_staff;
    END IF;
END
$$;

-- --- constraints ------------------------------------------------------------------

-- In plpgsql, since a constraint is planned at each INSERT: a function in SQL would be read and
-- inlined each time, for more than it costs to call this one.
CREATE OR REPLACE FUNCTION is_web_url(url text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    RETURN url ~* '^https?://[^[:space:][:cntrl:]/?#]+[^[:space:][:cntrl:]]*$';
END
$$;

-- --- indexes ----------------------------------------------------------------------

-- The links with just this description.  A hash index keeps equal values in a chain of pages, which
-- each INSERT of one more walks: many links have no description.  SP-GiST has a tree of them, and
-- places for texts of any length.
DROP INDEX links_description_idx;
CREATE INDEX links_description_idx ON links USING spgist (description);
