-- 016_users.sql - accounts, for `linnet user`: what the operator asks and does.
--
-- The command line acts as the owner, as `linnet migrate` does: no other role may call these
-- functions.  What changes an account returns how many of its sessions that has ended.
--
-- SPDX-License-Identifier: MIT

-- The accounts, or the one of that name.
CREATE FUNCTION account_list(name text DEFAULT NULL)
RETURNS TABLE (user_id integer, username text, email text, role text, state text,
               joined timestamptz, last_login timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    before text := set_internal('on');
BEGIN
    RETURN QUERY
        SELECT users.id, users.username, user_private.email,
               CASE WHEN credentials.is_staff THEN 'staff' ELSE 'user' END,
               CASE WHEN credentials.is_disabled THEN 'disabled'
                    WHEN credentials.user_id IS NULL THEN 'no password'
                    ELSE 'enabled' END,
               users.date_joined, user_private.last_login
        FROM users
             LEFT JOIN user_private ON user_private.user_id = users.id
             LEFT JOIN credentials ON credentials.user_id = users.id
        WHERE account_list.name IS NULL OR users.username = normalize(account_list.name, NFKC)
        ORDER BY users.id;
    PERFORM set_internal(before);
END
$$;

-- Give an account a new password, also one that has none yet.
CREATE FUNCTION account_set_password(user_id integer, password_hash text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
    ended  integer;
BEGIN
    INSERT INTO credentials (user_id, password_hash)
    VALUES (account_set_password.user_id, account_set_password.password_hash)
    ON CONFLICT ON CONSTRAINT credentials_pkey
    DO UPDATE SET password_hash = excluded.password_hash;
    ended := account_end_sessions(account_set_password.user_id);
    PERFORM set_internal(before);
    RETURN ended;
END
$$;

-- Disable or enable an account.  One that is disabled cannot sign in, and what it writes is
-- refused.
CREATE FUNCTION account_set_disabled(user_id integer, is_disabled boolean) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
    ended  integer := 0;
BEGIN
    -- Who has no password gets a hash that no password has.
    INSERT INTO credentials (user_id, password_hash, is_disabled)
    VALUES (account_set_disabled.user_id, '$argon2id$', account_set_disabled.is_disabled)
    ON CONFLICT ON CONSTRAINT credentials_pkey
    DO UPDATE SET is_disabled = excluded.is_disabled;
    IF account_set_disabled.is_disabled THEN
        ended := account_end_sessions(account_set_disabled.user_id);
    END IF;
    PERFORM set_internal(before);
    RETURN ended;
END
$$;

-- Give an account a role; a token that it has says the old one until it ends, and so its
-- sessions end.  LN400: there is no such role.
CREATE FUNCTION account_set_role(user_id integer, role text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
    ended  integer;
BEGIN
    IF account_set_role.role IS NULL OR account_set_role.role NOT IN ('user', 'staff') THEN
        RAISE EXCEPTION USING ERRCODE = 'LN400', MESSAGE = 'The roles are user and staff.';
    END IF;
    INSERT INTO credentials (user_id, password_hash, is_staff)
    VALUES (account_set_role.user_id, '$argon2id$', account_set_role.role = 'staff')
    ON CONFLICT ON CONSTRAINT credentials_pkey DO UPDATE SET is_staff = excluded.is_staff;
    ended := account_end_sessions(account_set_role.user_id);
    PERFORM set_internal(before);
    RETURN ended;
END
$$;
