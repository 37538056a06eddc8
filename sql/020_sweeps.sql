-- 020_sweeps.sql - what is of no use any more is removed in steps that are as small as they say.
--
-- `DELETE ... WHERE key IN (SELECT ... LIMIT 10 FOR UPDATE SKIP LOCKED)` may remove more than ten:
-- in some plans the subquery runs again for each row of the table, and skips what was deleted.
-- ARRAY(SELECT ...) runs once.
--
-- SPDX-License-Identifier: MIT

-- Remove what is of no use any more: more than is added where this is called.  A token that was
-- spent so long ago has expired, whatever it was exchanged for.  A session is kept as long after
-- its end, so that its tokens have been removed before, in steps as small as these.
CREATE OR REPLACE FUNCTION session_sweep(idle integer) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    -- A variable, since no index serves a comparison with clock_timestamp() itself.
    long_ago timestamptz := clock_timestamp() - idle * interval '1 second';
BEGIN
    -- Tokens last: whoever has locked some waits for nothing any more, so that two never wait for
    -- each other.
    DELETE FROM sessions WHERE id = ANY (ARRAY(
        SELECT id FROM sessions WHERE expires_at < long_ago
        ORDER BY expires_at LIMIT 3 FOR UPDATE SKIP LOCKED));
    DELETE FROM refresh_tokens WHERE token_hash = ANY (ARRAY(
        SELECT token_hash FROM refresh_tokens WHERE spent_at < long_ago
        ORDER BY spent_at LIMIT 10 FOR UPDATE SKIP LOCKED));
END
$$;

-- Remember that a login has failed, for whatever reason.  0: say so.  Otherwise others
-- have used up the attempts since account_delay was asked; then say only that it has to wait
-- so many seconds, and not what came out, or else many at once would be as good as many.
CREATE OR REPLACE FUNCTION account_failed(username text, address text,
                                          shown_user text DEFAULT NULL, shown_login text DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before      text := set_internal('on');
    is_counted  boolean := false;
    seconds     integer := 0;
    counter     record;
    -- A variable, since no index serves a comparison with clock_timestamp() itself.
    an_hour_ago timestamptz := clock_timestamp() - interval '1 hour';
BEGIN
    -- First by the token that it shows, then by all others.
    FOR counter IN SELECT array_agg(key) AS keys, array_agg(allowed) AS limits,
                          array_agg(is_hourly) AS hourly
                   FROM login_counters(username, address, shown_user, shown_login)
                   GROUP BY kind = 'session' ORDER BY kind = 'session' DESC LOOP
        IF NOT is_counted THEN
            is_counted := login_count(counter.keys, counter.limits, counter.hourly);
        END IF;
    END LOOP;
    IF NOT is_counted THEN
        -- If the pause has just ended, the next attempt is free; this one was too early.
        seconds := greatest(account_delay(username, address, shown_user, shown_login), 1);
    END IF;
    -- What has been open for an hour is forgotten, more of it than has been added here.
    DELETE FROM login_failures WHERE key = ANY (ARRAY(
        SELECT key FROM login_failures WHERE closed_until < an_hour_ago AND failed_at < an_hour_ago
        ORDER BY closed_until LIMIT 10 FOR UPDATE SKIP LOCKED));
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;

-- May this address create an account of that name?  Before the password is hashed: 0 means yes,
-- and that it is counted.  Otherwise the address has created `most` accounts within `span` seconds,
-- and has to wait as many seconds as are returned.  LN409 and LN400 as account_create.
CREATE OR REPLACE FUNCTION account_may_create(username text, address text, most integer, span integer)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    name    text := normalize(username, NFKC);
    counter bytea := counter_key('sign-up', client_address(address));
    now     timestamptz := clock_timestamp();
    seconds integer := 0;
BEGIN
    PERFORM check_account(name, '');
    PERFORM FROM users WHERE users.username = name;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'LN409', COLUMN = 'username',
            MESSAGE = 'A user with that username already exists.';
    END IF;
    IF address <> '' THEN
        -- A beginning in the future is one of before the clock was set back.
        INSERT INTO sign_ups AS known (key, count, since) VALUES (counter, 0, now)
        ON CONFLICT (key) DO UPDATE
        SET since = CASE WHEN known.since > now - span * interval '1 second'
                         THEN least(known.since, now) ELSE now END,
            count = CASE WHEN known.since > now - span * interval '1 second'
                         THEN known.count ELSE 0 END;
        UPDATE sign_ups SET count = count + 1 WHERE key = counter AND count < most;
        IF NOT FOUND THEN
            SELECT greatest(ceil(span - extract(epoch FROM now - since)), 1) INTO seconds
            FROM sign_ups WHERE key = counter;
        END IF;
        DELETE FROM sign_ups WHERE key = ANY (ARRAY(
            SELECT key FROM sign_ups WHERE since < now - span * interval '1 second'
            ORDER BY since LIMIT 10 FOR UPDATE SKIP LOCKED));
    END IF;
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;
