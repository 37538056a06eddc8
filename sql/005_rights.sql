-- 005_rights.sql - who may do what, with which rows and columns.
--
-- Two walls.  Rights say which verbs and columns a role has at all; policies say which rows,
-- by the signed-in user, for every role alike, so that they hold in single-role mode too.
-- There is nothing in them that the contract does not offer:
--
--                  everybody   a signed-in user                 staff also
--     users        read
--     user_private             read: one's own
--     credentials
--     login_failures
--     links        read        post; change and delete: own     delete: any
--     votes        read        give; take back: own
--
-- Staff keep the place clean; they do not write in other people's names.
--
-- What everybody may read has a policy that is constantly true.  Under any other, PostgreSQL
-- asks the policy of each row before ILIKE, which is not leakproof, and so no longer uses
-- links_search_idx.
--
-- A table that is added later wants all of this: rights, ENABLE and FORCE, a policy for its
-- owner as those at the end.  `linnet serve` refuses one without FORCE.
--
-- SPDX-License-Identifier: MIT

-- --- rights ------------------------------------------------------------------

DO $$
BEGIN
    IF is_single_role() THEN
        RETURN;
    END IF;
    -- user_private, so that it can be joined: e-mail and last login of others are null, and
    -- not an error.
    GRANT SELECT ON users, links, votes, user_private TO linnet_anon, linnet_user, linnet_staff;
    GRANT EXECUTE ON FUNCTION
        viewer_id(), viewer_is_staff(), me(), has_vote(integer, integer), viewer_has_voted(links)
        TO linnet_anon, linnet_user, linnet_staff;

    -- Keys, times, vote_count and hot are nobody's to say.
    GRANT EXECUTE ON FUNCTION is_web_url(text) TO linnet_user, linnet_staff;
    GRANT INSERT (url, description, posted_by), UPDATE (url, description), DELETE ON links
        TO linnet_user, linnet_staff;
    GRANT INSERT (user_id, link_id), DELETE ON votes TO linnet_user, linnet_staff;
END
$$;

-- --- rows --------------------------------------------------------------------

CREATE POLICY users_read ON users FOR SELECT USING (true);

CREATE POLICY user_private_read ON user_private FOR SELECT USING (user_id = viewer_id());

CREATE POLICY links_read ON links FOR SELECT USING (true);
CREATE POLICY links_post ON links FOR INSERT WITH CHECK (posted_by = viewer_id());
CREATE POLICY links_change ON links FOR UPDATE USING (posted_by = viewer_id());
CREATE POLICY links_delete ON links FOR DELETE
    USING (posted_by = viewer_id() OR viewer_is_staff());

CREATE POLICY votes_read ON votes FOR SELECT USING (true);
CREATE POLICY votes_give ON votes FOR INSERT WITH CHECK (user_id = viewer_id());
CREATE POLICY votes_take_back ON votes FOR DELETE USING (user_id = viewer_id());

-- --- the owner, and FORCE ----------------------------------------------------

CREATE POLICY users_owner ON users TO CURRENT_USER USING (is_internal());
CREATE POLICY user_private_owner ON user_private TO CURRENT_USER USING (is_internal());
CREATE POLICY credentials_owner ON credentials TO CURRENT_USER USING (is_internal());
CREATE POLICY login_failures_owner ON login_failures TO CURRENT_USER USING (is_internal());
CREATE POLICY links_owner ON links TO CURRENT_USER USING (is_internal());
CREATE POLICY votes_owner ON votes TO CURRENT_USER USING (is_internal());

ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE user_private ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE credentials ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE login_failures ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE links ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE votes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
