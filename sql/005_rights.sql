-- 005_rights.sql - what may be seen, and by whom.
--
-- SPDX-License-Identifier: MIT

GRANT SELECT ON users, links, votes, user_private TO linnet_anon;
GRANT EXECUTE ON FUNCTION viewer_id(), me(), has_vote(integer, integer), viewer_has_voted(links)
    TO linnet_anon;

-- linnet_anon may read user_private so that it can be joined, and no policy shows it a
-- row: e-mail and last login are null, and not an error.
ALTER TABLE user_private ENABLE ROW LEVEL SECURITY;
-- FORCE binds the owner too, which fills the table.
ALTER TABLE user_private FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
    EXECUTE format('CREATE POLICY user_private_owner ON user_private TO %I'
                   ' USING (true) WITH CHECK (true)', current_user);
END
$$;
