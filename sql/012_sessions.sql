-- 012_sessions.sql - where users are signed in, and the refresh tokens of that.
--
-- A login opens a session.  Its access tokens name it (the claim `sid`), and its refresh tokens
-- are exchanged, one after the other, until it ends:
--
--     account_open_session     after account_succeeded: the session, and its first refresh token
--     account_refresh          a refresh token for the next one
--     account_refresh_session  for whoever shows an access token of the session instead
--     account_revoke           the session of a refresh token ends
--     account_end_sessions     those of a user end, but for one
--     account_check_session    before everything that is written: may this token still write?
--
-- For the command line, as the owner: account_sessions(user) lists a user's sessions, and
-- account_revoke_session(user, session) ends one.
--
-- A refresh token is 256 random bits that the server makes; here stands the SHA-256 of its text,
-- and the server sends it as hexadecimal digits.  Each is exchanged once.  Whoever
-- shows one again has a copy, or is the owner of a copy: then the whole session ends.  But
--
--     - within 10 seconds it is another tab, which gets an access token and no refresh token;
--     - when the one that came next was never used, its answer may have been lost: it becomes
--       void, and another one takes its place.
--
-- Times are set by clock_timestamp(), after the session's row is locked: each exchange sees what
-- the one before has done.  Nothing here raises an error once it has something to remember.
--
-- A token from before this migration has no `sid`: it is good until it ends, and is not refreshed.
--
-- SPDX-License-Identifier: MIT

CREATE TABLE sessions (
    -- Random: whoever knows one session cannot name another.
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      integer NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL, -- the login, or the last refresh
    ends_at      timestamptz NOT NULL, -- at the latest
    expires_at   timestamptz NOT NULL, -- unless it is refreshed before
    revoked_at   timestamptz,
    -- Of the client that signed in.
    user_agent   text
        CONSTRAINT sessions_user_agent_length CHECK (char_length(user_agent) <= 200)
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id, created_at);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY
        CONSTRAINT refresh_tokens_token_hash_length CHECK (octet_length(token_hash) = 32),
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    issued_at  timestamptz NOT NULL,
    spent_at   timestamptz,                 -- it was exchanged last, or became void; null: neither
    successor  bytea,                       -- what it was last exchanged for
    is_void    boolean NOT NULL DEFAULT false
);
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_spent_at_idx ON refresh_tokens (spent_at) WHERE spent_at IS NOT NULL;

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_owner ON sessions TO CURRENT_USER USING (is_internal());
CREATE POLICY refresh_tokens_owner ON refresh_tokens TO CURRENT_USER USING (is_internal());
CREATE POLICY sessions_read ON sessions FOR SELECT USING (user_id = viewer_id());
-- A session that has ended does not begin again.
CREATE POLICY sessions_revoke ON sessions FOR UPDATE USING (user_id = viewer_id())
    WITH CHECK (user_id = viewer_id() AND revoked_at IS NOT NULL);

-- --- what they share ---------------------------------------------------------

-- The key of the session that a token or a person names; null: none can have it.
CREATE FUNCTION session_key(name text) RETURNS uuid
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN name ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN name::uuid END;

-- May the user act: is the account there and not disabled?
CREATE FUNCTION session_has_user(wanted integer) RETURNS boolean
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM users WHERE users.id = wanted)
       AND NOT EXISTS (SELECT FROM credentials WHERE credentials.user_id = wanted AND is_disabled);
END;

-- The session's last moment, if sessions take `most` seconds at most.
CREATE FUNCTION session_end(session sessions, most integer) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN least(session.ends_at, session.created_at + most * interval '1 second');

-- Why the session may not be refreshed: `invalid` or `expired`; null: it may.
CREATE FUNCTION session_refusal(session sessions, most integer) RETURNS text
LANGUAGE sql VOLATILE
RETURN CASE
    WHEN session.id IS NULL OR session.revoked_at IS NOT NULL
         OR NOT session_has_user(session.user_id) THEN 'invalid'
    WHEN clock_timestamp() >= least(session.expires_at, session_end(session, most))
    THEN 'expired' END;

-- The session is in use.
CREATE FUNCTION session_use(wanted uuid, idle integer, most integer) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE sessions
    SET last_used_at = clock_timestamp(),
        expires_at = least(clock_timestamp() + idle * interval '1 second', session_end(sessions, most))
    WHERE id = wanted;
END
$$;

-- Remove what is of no use any more: more than is added where this is called.  A token that was
-- spent so long ago has expired, whatever it was exchanged for.  A session is kept as long after
-- its end, so that its tokens have been removed before, in steps as small as these.
CREATE FUNCTION session_sweep(idle integer) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    -- A variable, since no index serves a comparison with clock_timestamp() itself.
    long_ago timestamptz := clock_timestamp() - idle * interval '1 second';
BEGIN
    -- Tokens last: whoever has locked some waits for nothing any more, so that two never wait for
    -- each other.
    DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE expires_at < long_ago
        ORDER BY expires_at LIMIT 3 FOR UPDATE SKIP LOCKED);
    DELETE FROM refresh_tokens WHERE token_hash IN (
        SELECT token_hash FROM refresh_tokens WHERE spent_at < long_ago
        ORDER BY spent_at LIMIT 10 FOR UPDATE SKIP LOCKED);
END
$$;

-- --- opening and refreshing ---------------------------------------------------

-- Open a session for a user who has signed in at `login`, in seconds since 1970.  `idle` and
-- `most` are the seconds that it lasts without a refresh, and at all.  A user has at most a
-- hundred: the one that was not used for longest makes room.  `ends` is when the session ends
-- unless it is refreshed, in seconds since 1970.
CREATE FUNCTION account_open_session(user_id integer, token_hash text, user_agent text,
                                     login bigint, idle integer, most integer)
RETURNS TABLE (session_id uuid, ends bigint)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    now     timestamptz := clock_timestamp();
    session sessions;
BEGIN
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
    PERFORM set_internal(before);
    RETURN QUERY SELECT session.id, floor(extract(epoch FROM session.expires_at))::bigint;
END
$$;

-- What a refresh answers: the user as of now.
CREATE FUNCTION session_answer(result text, wanted uuid)
RETURNS TABLE (outcome text, session_id uuid, user_id integer, username text, role text,
               login bigint, ends bigint)
LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT result, sessions.id, users.id, users.username,
           CASE WHEN credentials.is_staff THEN 'staff' ELSE 'user' END,
           floor(extract(epoch FROM sessions.created_at))::bigint,
           floor(extract(epoch FROM sessions.expires_at))::bigint
    FROM (SELECT) AS always
         LEFT JOIN sessions ON sessions.id = wanted
         LEFT JOIN users ON users.id = sessions.user_id
         LEFT JOIN credentials ON credentials.user_id = users.id;
END;

-- Exchange a refresh token for the next one, whose hash the server has made.  `outcome`:
--
--     rotated   the new token is the session's
--     shared    it was exchanged less than 10 seconds ago: the new token counts for nothing
--     expired   the session has ended
--     invalid   there is no such token, its session was revoked, or its user may not act
--     reused    it was exchanged before, or has become void: its session is revoked now
--
-- The other columns are null for `expired`, `invalid` and `reused`.
CREATE FUNCTION account_refresh(token_hash text, new_hash text, idle integer, most integer)
RETURNS TABLE (outcome text, session_id uuid, user_id integer, username text, role text,
               login bigint, ends bigint)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    before   text := set_internal('on');
    shown    bytea := decode(account_refresh.token_hash, 'hex');
    next     bytea := decode(account_refresh.new_hash, 'hex');
    session  sessions;
    token    refresh_tokens;
    is_fresh boolean; -- what it was exchanged for was never used
    now      timestamptz;
    result   text;
BEGIN
    SELECT sessions.* INTO session
    FROM sessions JOIN refresh_tokens ON refresh_tokens.session_id = sessions.id
    WHERE refresh_tokens.token_hash = shown FOR UPDATE OF sessions;
    -- Others may have exchanged it while this waited for the lock.
    SELECT * INTO token FROM refresh_tokens WHERE refresh_tokens.token_hash = shown;
    is_fresh := token.spent_at IS NULL OR EXISTS (
        SELECT FROM refresh_tokens
        WHERE refresh_tokens.token_hash = token.successor AND spent_at IS NULL);
    now := clock_timestamp();
    result := session_refusal(session, most);
    IF result IS NULL THEN
        result := CASE
            WHEN token.is_void THEN 'reused'
            -- Both ways: a clock that was set back makes no long window.
            WHEN token.spent_at BETWEEN now - interval '10 seconds' AND now + interval '10 seconds'
            THEN 'shared'
            WHEN is_fresh THEN 'rotated'
            ELSE 'reused' END;
    END IF;
    IF result = 'rotated' THEN
        UPDATE refresh_tokens SET is_void = true, spent_at = now
        WHERE refresh_tokens.token_hash = token.successor;
        INSERT INTO refresh_tokens (token_hash, session_id, issued_at) VALUES (next, session.id, now);
        UPDATE refresh_tokens SET spent_at = now, successor = next
        WHERE refresh_tokens.token_hash = shown;
        PERFORM session_use(session.id, idle, most);
        PERFORM session_sweep(idle);
    ELSIF result = 'reused' THEN
        UPDATE sessions SET revoked_at = now WHERE id = session.id;
    END IF;
    RETURN QUERY SELECT * FROM session_answer(
        result, CASE WHEN result IN ('rotated', 'shared') THEN session.id END);
    PERFORM set_internal(before);
END
$$;

-- The same for an access token of the session, which stays as it is: `refreshed`, `expired` or
-- `invalid`.  The session's refresh tokens stay, too.
CREATE FUNCTION account_refresh_session(session text, owner integer, idle integer, most integer)
RETURNS TABLE (outcome text, session_id uuid, user_id integer, username text, role text,
               login bigint, ends bigint)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    before text := set_internal('on');
    found  sessions;
    result text;
BEGIN
    SELECT * INTO found FROM sessions
    WHERE id = session_key(session) AND sessions.user_id = owner FOR UPDATE;
    result := session_refusal(found, most);
    IF result IS NULL THEN
        PERFORM session_use(found.id, idle, most);
        result := 'refreshed';
    END IF;
    RETURN QUERY SELECT * FROM session_answer(
        result, CASE WHEN result = 'refreshed' THEN found.id END);
    PERFORM set_internal(before);
END
$$;

-- --- ending -------------------------------------------------------------------

-- End the session of a refresh token, whether or not that may still be exchanged.  When it ended,
-- in seconds since 1970: now, or when it was revoked before; null: there is no such token.
CREATE FUNCTION account_revoke(token_hash text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
    ended  timestamptz;
BEGIN
    UPDATE sessions SET revoked_at = coalesce(revoked_at, clock_timestamp())
    FROM refresh_tokens
    WHERE refresh_tokens.token_hash = decode(account_revoke.token_hash, 'hex')
      AND sessions.id = refresh_tokens.session_id
    RETURNING revoked_at INTO ended;
    PERFORM set_internal(before);
    RETURN floor(extract(epoch FROM ended));
END
$$;

-- End all sessions of a user but `kept`, which may be null; how many there were.
CREATE FUNCTION account_end_sessions(user_id integer, kept text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
    number integer;
BEGIN
    -- One at a time, or two would wait for each other's sessions.
    PERFORM FROM users WHERE users.id = account_end_sessions.user_id FOR NO KEY UPDATE;
    UPDATE sessions SET revoked_at = clock_timestamp()
    WHERE sessions.user_id = account_end_sessions.user_id AND revoked_at IS NULL
      AND expires_at > clock_timestamp() AND id IS DISTINCT FROM session_key(kept);
    GET DIAGNOSTICS number = ROW_COUNT;
    PERFORM set_internal(before);
    RETURN number;
END
$$;

-- --- what the command line asks -------------------------------------------------

-- Where a user is signed in, newest first.
CREATE FUNCTION account_sessions(user_id integer)
RETURNS TABLE (session_id uuid, created_at timestamptz, last_used_at timestamptz,
               expires_at timestamptz, user_agent text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    before text := set_internal('on');
BEGIN
    RETURN QUERY
        SELECT id, created_at, last_used_at, expires_at, user_agent FROM sessions
        WHERE sessions.user_id = account_sessions.user_id
          AND revoked_at IS NULL AND expires_at > clock_timestamp()
        ORDER BY created_at DESC, id DESC;
    PERFORM set_internal(before);
END
$$;

-- End one of them; false: it is not one of them.
CREATE FUNCTION account_revoke_session(user_id integer, session text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    is_done boolean;
BEGIN
    UPDATE sessions SET revoked_at = clock_timestamp()
    WHERE id = session_key(session) AND sessions.user_id = account_revoke_session.user_id
      AND revoked_at IS NULL AND expires_at > clock_timestamp();
    is_done := FOUND;
    PERFORM set_internal(before);
    RETURN is_done;
END
$$;

-- --- asked before everything that is written -------------------------------------

-- May a token of this session, or one without a session, still write for this user?  True, or an
-- error: LN498 is the token's own, as if it were not valid; LN401 and LN403 are the user's, as
-- acting_user() has them.
CREATE FUNCTION account_check_session(session text, user_id integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    before      text := CASE WHEN is_single_role() THEN set_internal('on') END;
    is_there    boolean;
    is_disabled boolean;
    is_good     boolean;
BEGIN
    -- One statement, since this is asked so often.
    SELECT users.id IS NOT NULL, credentials.is_disabled, session IS NULL OR EXISTS (
               SELECT FROM sessions
               WHERE id = session_key(session) AND sessions.user_id = wanted
                 AND revoked_at IS NULL AND expires_at > clock_timestamp())
    INTO is_there, is_disabled, is_good
    FROM (VALUES (account_check_session.user_id)) AS asked (wanted)
         LEFT JOIN users ON users.id = wanted
         LEFT JOIN credentials ON credentials.user_id = wanted;
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
    RETURN true;
END
$$;

-- --- fields of the contract -----------------------------------------------------

-- Query.mySessions
CREATE FUNCTION my_sessions() RETURNS SETOF sessions
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT * FROM sessions
    WHERE user_id = viewer_id() AND revoked_at IS NULL AND expires_at > now();
END;

-- Session.isCurrent
CREATE FUNCTION is_current(session sessions) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(session.id::text = current_setting('linnet.session_id', true), false);

-- Mutation.revokeSession
CREATE FUNCTION revoke_session(id uuid) RETURNS sessions
LANGUAGE plpgsql
AS $$
DECLARE
    viewer  integer := acting_user();
    session sessions;
BEGIN
    UPDATE sessions SET revoked_at = clock_timestamp()
    WHERE sessions.id = revoke_session.id AND user_id = viewer
      AND revoked_at IS NULL AND expires_at > clock_timestamp()
    RETURNING * INTO session;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'LN404', MESSAGE = 'Invalid Session!';
    END IF;
    RETURN session;
END
$$;

-- --- rights ------------------------------------------------------------------

DO $$
BEGIN
    IF is_single_role() THEN
        RETURN;
    END IF;
    GRANT EXECUTE ON FUNCTION
        account_open_session(integer, text, text, bigint, integer, integer),
        account_refresh(text, text, integer, integer),
        account_refresh_session(text, integer, integer, integer), account_revoke(text),
        account_end_sessions(integer, text), account_check_session(text, integer)
        TO linnet_anon;
    GRANT SELECT ON sessions TO linnet_anon, linnet_user, linnet_staff;
    GRANT EXECUTE ON FUNCTION my_sessions(), is_current(sessions)
        TO linnet_anon, linnet_user, linnet_staff;
    GRANT UPDATE (revoked_at) ON sessions TO linnet_user, linnet_staff;
    GRANT EXECUTE ON FUNCTION revoke_session(uuid) TO linnet_user, linnet_staff;
END
$$;
