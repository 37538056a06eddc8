-- 007_mutations.sql - posting and voting: the fields of Mutation that are SQL.
--
-- Each is the work of whoever calls it, under the policies of 005_rights.sql, and returns one
-- row, which the field's payload shows.  Parameters are the field's arguments in snake case.
--
-- A refusal is an error of the class LN, whose message the client sees as it is, with the
-- code that docs/contract.md has for it: LN400 BAD_USER_INPUT (COLUMN: the argument), LN401
-- UNAUTHENTICATED, LN403 FORBIDDEN, LN404 NOT_FOUND, LN409 CONFLICT.  Of any other error the
-- client learns nothing.
--
-- SPDX-License-Identifier: MIT

-- The signed-in user's key, of an account that may act: a token outlives both the
-- account and the decision to close it.  Until the transaction ends, the account stays.
CREATE FUNCTION acting_user() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before   text := CASE WHEN is_single_role() THEN set_internal('on') END;
    viewer   integer := viewer_id();
    is_there boolean;
    is_open  boolean;
BEGIN
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

-- Refuse in words what the table would refuse (002_tables.sql).  Null passes.
CREATE FUNCTION check_link(url text, description text) RETURNS void
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF char_length(url) > 2048 OR octet_length(url) > 2600 THEN
        RAISE EXCEPTION USING ERRCODE = 'LN400', COLUMN = 'url',
            MESSAGE = 'The url is longer than 2,048 characters.';
    ELSIF NOT is_web_url(url) THEN
        RAISE EXCEPTION USING ERRCODE = 'LN400', COLUMN = 'url',
            MESSAGE = 'The url is not one of http or https.';
    ELSIF char_length(description) > 2000 THEN
        RAISE EXCEPTION USING ERRCODE = 'LN400', COLUMN = 'description',
            MESSAGE = 'The description is longer than 2,000 characters.';
    END IF;
END
$$;

-- Say why a link that was named was not found among those that one may change or delete.
CREATE FUNCTION refuse_link(link_id integer, message text) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (SELECT FROM links WHERE links.id = link_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'LN403', MESSAGE = message;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'LN404', MESSAGE = 'Invalid Link!';
END
$$;

CREATE FUNCTION create_link(url text, description text DEFAULT '') RETURNS links
LANGUAGE plpgsql
AS $$
DECLARE
    link links;
BEGIN
    PERFORM check_link(create_link.url, create_link.description);
    INSERT INTO links (url, description, posted_by)
    VALUES (create_link.url, create_link.description, acting_user())
    RETURNING * INTO link;
    RETURN link;
END
$$;

-- Null is as it was.
CREATE FUNCTION update_link(id integer, url text DEFAULT NULL, description text DEFAULT NULL)
RETURNS links
LANGUAGE plpgsql
AS $$
DECLARE
    link links;
BEGIN
    PERFORM acting_user();
    PERFORM check_link(update_link.url, update_link.description);
    UPDATE links SET url = coalesce(update_link.url, links.url),
                     description = coalesce(update_link.description, links.description)
    WHERE links.id = update_link.id
    RETURNING * INTO link;
    IF NOT FOUND THEN
        PERFORM refuse_link(update_link.id, 'Only the user who posted this link may change it.');
    END IF;
    RETURN link;
END
$$;

-- Its votes go with it.
CREATE FUNCTION delete_link(id integer) RETURNS links
LANGUAGE plpgsql
AS $$
DECLARE
    link links;
BEGIN
    PERFORM acting_user();
    DELETE FROM links WHERE links.id = delete_link.id RETURNING * INTO link;
    IF NOT FOUND THEN
        PERFORM refuse_link(delete_link.id, 'Only the user who posted this link may delete it.');
    END IF;
    RETURN link;
END
$$;

CREATE FUNCTION create_vote(link_id integer) RETURNS votes
LANGUAGE plpgsql
AS $$
DECLARE
    vote votes;
BEGIN
    -- No look at what is there before: others may be at it, and the constraints know.
    INSERT INTO votes (user_id, link_id) VALUES (acting_user(), create_vote.link_id)
    RETURNING * INTO vote;
    RETURN vote;
EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION USING ERRCODE = 'LN409', MESSAGE = 'You have voted for this link already.';
    WHEN foreign_key_violation OR not_null_violation THEN
        RAISE EXCEPTION USING ERRCODE = 'LN404', MESSAGE = 'Invalid Link!';
END
$$;

CREATE FUNCTION delete_vote(link_id integer) RETURNS votes
LANGUAGE plpgsql
AS $$
DECLARE
    voter integer := acting_user();
    vote  votes;
BEGIN
    DELETE FROM votes
    WHERE votes.user_id = voter AND votes.link_id = delete_vote.link_id
    RETURNING * INTO vote;
    IF FOUND THEN
        RETURN vote;
    ELSIF EXISTS (SELECT FROM links WHERE links.id = delete_vote.link_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'LN409', MESSAGE = 'You have not voted for this link.';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'LN404', MESSAGE = 'Invalid Link!';
END
$$;

DO $$
BEGIN
    IF NOT is_single_role() THEN
        GRANT EXECUTE ON FUNCTION
            acting_user(), check_link(text, text), refuse_link(integer, text),
            create_link(text, text), update_link(integer, text, text), delete_link(integer),
            create_vote(integer), delete_vote(integer)
            TO linnet_user, linnet_staff;
    END IF;
END
$$;
