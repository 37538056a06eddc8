-- 018_end_sessions.sql - account_end_sessions() is for the owner alone.
--
-- Other functions of accounts call it, which act as the owner, and so does `linnet user`: no role
-- of a request needs it.
--
-- SPDX-License-Identifier: MIT

DO $$
BEGIN
    IF NOT is_single_role() THEN
        REVOKE EXECUTE ON FUNCTION account_end_sessions(integer, text) FROM linnet_anon;
    END IF;
END
$$;
