-- 017_logins.sql - a login opens a session only while its password is still the account's.
--
-- Between account_find() and account_open_session() a password is hashed, which takes time. Others
-- may meanwhile have changed the password or the role, or disabled the account, and ended its
-- sessions.
--
-- SPDX-License-Identifier: MIT

DROP FUNCTION account_open_session(integer, text, text, bigint, integer, integer);

-- Open a session for a user who has signed in at `login`, in seconds since 1970.  `idle` and
-- `most` are the seconds that it lasts without a refresh, and at all.  A user has at most a
-- hundred: the one that was not used for longest makes room.  `ends` is when the session ends
-- unless it is refreshed, in seconds since 1970; `role` is the user's as of now.  No row:
-- `verified_hash`, which the password was compared with, is not the account's any more, or the
-- account is disabled.  A hash that is null is not compared.
CREATE FUNCTION account_open_session(user_id integer, token_hash text, user_agent text,
                                     login bigint, idle integer, most integer,
                                     verified_hash text DEFAULT NULL)
RETURNS TABLE (session_id uuid, ends bigint, role text)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    now     timestamptz;
    session sessions;
BEGIN
    -- Like account_end_sessions(): who changes the account before this is seen by the next
    -- statement, and who does so after it sees the session.
    PERFORM FROM users WHERE users.id = account_open_session.user_id FOR NO KEY UPDATE;
    IF verified_hash IS NOT NULL AND NOT EXISTS (
        SELECT FROM credentials
        WHERE credentials.user_id = account_open_session.user_id
          AND credentials.password_hash = verified_hash AND NOT credentials.is_disabled)
    THEN
        PERFORM set_internal(before);
        RETURN;
    END IF;
    now := clock_timestamp();
    DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE sessions.user_id = account_open_session.user_id
        ORDER BY revoked_at IS NULL DESC, last_used_at DESC OFFSET 99 FOR UPDATE SKIP LOCKED);
    INSERT INTO sessions (user_id, created_at, last_used_at, ends_at, expires_at, user_agent)
    SELECT account_open_session.user_id, start, now, start + most * interval '1 second',
           start + least(idle, most) * interval '1 second',
           left(account_open_session.user_agent, 200)
    FROM to_timestamp(login) AS start
    RETURNING * INTO session;
    INSERT INTO refresh_tokens (token_hash, session_id, issued_at)
    VALUES (decode(account_open_session.token_hash, 'hex'), session.id, now);
    PERFORM session_sweep(idle);
    RETURN QUERY
        SELECT session.id, floor(extract(epoch FROM session.expires_at))::bigint,
               CASE WHEN credentials.is_staff THEN 'staff' ELSE 'user' END
        FROM (SELECT) AS always
             LEFT JOIN credentials ON credentials.user_id = account_open_session.user_id;
    PERFORM set_internal(before);
END
$$;

DO $$
BEGIN
    IF NOT is_single_role() THEN
        GRANT EXECUTE ON FUNCTION
            account_open_session(integer, text, text, bigint, integer, integer, text)
            TO linnet_anon;
    END IF;
END
$$;
