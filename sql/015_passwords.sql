-- 015_passwords.sql - changePassword: what the server asks and says.
--
-- Before it, the server asks account_delay, account_find and so on, as for a login: whoever tries
-- old passwords is counted like whoever tries to sign in.
--
-- SPDX-License-Identifier: MIT

-- Whose account that key is, so that a new password is not like them; no row: there is none.
CREATE FUNCTION account_owner(user_id integer) RETURNS TABLE (username text, email text)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
BEGIN
    RETURN QUERY
        SELECT users.username, user_private.email
        FROM users LEFT JOIN user_private ON user_private.user_id = users.id
        WHERE users.id = account_owner.user_id;
    PERFORM set_internal(before);
END
$$;

-- Keep the hash of another password, and end the account's sessions but for `kept`, which may be
-- null.  False when the old hash is not there any more: then nothing is done.
CREATE FUNCTION account_change_password(user_id integer, old_hash text, new_hash text, kept text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    is_done boolean;
BEGIN
    UPDATE credentials SET password_hash = new_hash
    WHERE credentials.user_id = account_change_password.user_id AND password_hash = old_hash
      AND NOT is_disabled;
    is_done := FOUND;
    IF is_done THEN
        PERFORM account_end_sessions(account_change_password.user_id, kept);
    END IF;
    PERFORM set_internal(before);
    RETURN is_done;
END
$$;

DO $$
BEGIN
    IF NOT is_single_role() THEN
        GRANT EXECUTE ON FUNCTION account_owner(integer),
            account_change_password(integer, text, text, text) TO linnet_anon;
    END IF;
END
$$;
