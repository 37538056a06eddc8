-- 009_attempts.sql - what is counted, so that nobody can guess passwords, and nobody can keep
-- others out by guessing: logins that fail, and accounts that an address creates.
--
-- A failed login is counted for
--
--     address   this account, from this address: 5 failures, then pauses that double
--     network   this account, from this network: 20 failures an hour
--     account   this account, from anywhere: 100 failures an hour
--     client    any account, from this address: 100 failures, then pauses that double
--     session   this account, by who shows a token of it: 5 failures, then pauses that double
--
-- A login is tried when the first four are open; or when it shows a token and `session` is open,
-- so that its owner gets in whatever others do.  It is counted where it was tried.  One address
-- that guesses all the time fails 17 times in the first hour, which leaves its network open.
--
-- When the clock is set back, what was counted before lies in the future.  Its times are then
-- moved back as much, so that no pause gets longer.
--
-- SPDX-License-Identifier: MIT

DROP FUNCTION account_delay(text, text);
DROP FUNCTION account_failed(text, text);
DROP FUNCTION account_succeeded(integer, text);
DROP FUNCTION login_counters(text, text);
DROP FUNCTION login_pause(integer, integer);
DROP FUNCTION login_seconds(timestamptz);

-- What was counted by the former rules is forgotten.
DELETE FROM login_failures;
ALTER TABLE login_failures
    DROP COLUMN allowed,
    ADD COLUMN since timestamptz NOT NULL,     -- of the first failure that is counted
    ADD COLUMN failed_at timestamptz NOT NULL; -- the last one

-- Accounts that were created, counted for each address.
CREATE TABLE sign_ups (
    key   bytea PRIMARY KEY,
    count integer NOT NULL,
    since timestamptz NOT NULL -- of the first one that is counted
);
CREATE INDEX sign_ups_since_idx ON sign_ups (since);

ALTER TABLE sign_ups ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_ups_owner ON sign_ups TO CURRENT_USER USING (is_internal());

-- --- keys --------------------------------------------------------------------

-- The network of an address.  A text that is not an address stands for itself.
CREATE FUNCTION client_network(address text, bits_of_4 integer, bits_of_6 integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    parsed inet;
BEGIN
    -- An IPv4 address that is written as IPv6 is that IPv4 address.
    parsed := regexp_replace(address, '^::ffff:(?=[0-9.]+$)', '', 'i');
    RETURN network(set_masklen(parsed, CASE family(parsed) WHEN 4 THEN bits_of_4 ELSE bits_of_6 END));
EXCEPTION WHEN data_exception THEN
    RETURN address;
END
$$;

-- A client: an IPv4 address.  One who has an IPv6 address has 2^64 of them, and they count as one.
CREATE FUNCTION client_address(address text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN client_network(address, 32, 64);

-- The key of a counter: a digest, since people type passwords where a name belongs.
CREATE FUNCTION counter_key(kind text, VARIADIC parts text[]) RETURNS bytea
LANGUAGE sql STABLE
RETURN sha256(convert_to(array_to_string(array_prepend(kind, parts), ' '), 'UTF8'));

-- --- failed logins -----------------------------------------------------------

-- The counters that a login concerns, each with the failures that it allows: in an hour, or before
-- its pauses begin.  Whether there is such an account makes a difference to `session` alone, which
-- needs a token of it.
CREATE FUNCTION login_counters(username text, address text, shown_user text, shown_login text)
RETURNS TABLE (key bytea, kind text, allowed integer, is_hourly boolean)
LANGUAGE sql STABLE ROWS 5
BEGIN ATOMIC
    WITH login (name, client, network) AS (
        SELECT normalize(login_counters.username, NFKC),
               coalesce(client_address(address), ''), coalesce(client_network(address, 24, 48), ''))
    SELECT counter_key('address', client, name), 'address', 5, false FROM login
    UNION ALL
    SELECT counter_key('network', network, name), 'network', 20, true FROM login
    UNION ALL
    SELECT counter_key('account', name), 'account', 100, true FROM login
    UNION ALL
    SELECT counter_key('client', client), 'client', 100, false FROM login WHERE client <> ''
    UNION ALL
    SELECT counter_key('session', shown_user, shown_login), 'session', 5, false
    FROM login JOIN users ON users.username = name WHERE users.id::text = shown_user;
END;

-- Until when a counter is closed after that many failures, the last of them at `failed_at`.
CREATE FUNCTION login_closed_until(allowed integer, is_hourly boolean, failures integer,
                                   since timestamptz, failed_at timestamptz)
RETURNS timestamptz
LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN failures < allowed THEN failed_at
    WHEN is_hourly THEN since + interval '1 hour'
    ELSE failed_at + least(power(2, least(failures - allowed, 10)), 900) * interval '1 second' END;

-- Move counters whose last failure lies in the future to the present.
CREATE FUNCTION login_set_back(keys bytea[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM FROM login_failures WHERE key = ANY (keys) AND failed_at > clock_timestamp();
    IF FOUND THEN
        UPDATE login_failures
        SET since = since - ahead, failed_at = failed_at - ahead, closed_until = closed_until - ahead
        FROM (SELECT late.key, late.failed_at - clock_timestamp() AS ahead FROM login_failures AS late
              WHERE late.key = ANY (keys) AND late.failed_at > clock_timestamp()
              ORDER BY late.key FOR UPDATE) AS late
        WHERE login_failures.key = late.key;
    END IF;
END
$$;

-- Seconds that this login has to wait; 0: go on.
CREATE FUNCTION account_delay(username text, address text,
                              shown_user text DEFAULT NULL, shown_login text DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    seconds integer;
BEGIN
    PERFORM login_set_back(array_agg(key))
    FROM login_counters(username, address, shown_user, shown_login);
    SELECT CASE WHEN bool_or(kind = 'session' AND wait = 0) THEN 0
                ELSE max(wait) FILTER (WHERE kind <> 'session') END INTO seconds
    FROM (SELECT kind, ceil(greatest(extract(epoch FROM closed_until - clock_timestamp()), 0))
          FROM login_counters(username, address, shown_user, shown_login)
               LEFT JOIN login_failures USING (key)) AS counters (kind, wait);
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;

-- Take the counters for writing, and count a failure in each if all are open; whether they were.
CREATE FUNCTION login_count(keys bytea[], limits integer[], hourly boolean[]) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    now timestamptz := clock_timestamp();
BEGIN
    -- In one order for all, or two would wait for each other.
    INSERT INTO login_failures (key, failures, since, failed_at, closed_until)
    SELECT counter, 0, now, now, now FROM unnest(keys) AS counter ORDER BY counter
    ON CONFLICT (key) DO UPDATE SET key = excluded.key;
    PERFORM login_set_back(keys);
    now := clock_timestamp();
    PERFORM FROM login_failures WHERE key = ANY (keys) AND closed_until > now;
    IF FOUND THEN
        RETURN false;
    END IF;
    UPDATE login_failures AS known
    SET (failures, since, failed_at, closed_until) = (
        SELECT n, start, now, login_closed_until(allowed, is_hourly, n, start, now)
        FROM (SELECT CASE WHEN is_first THEN 1 ELSE known.failures + 1 END,
                     CASE WHEN is_first THEN now ELSE known.since END
              FROM (SELECT known.failures = 0
                        -- It has been open for an hour, or its hour is over.
                        OR CASE WHEN is_hourly THEN known.since ELSE known.closed_until END
                            <= now - interval '1 hour') AS beginning (is_first)
             ) AS next (n, start))
    FROM unnest(keys, limits, hourly) AS counter (key, allowed, is_hourly)
    WHERE known.key = counter.key;
    RETURN true;
END
$$;

-- Remember that a login has failed, for whatever reason.  0: say so.  Otherwise others
-- have used up the attempts since account_delay was asked; then say only that it has to wait
-- so many seconds, and not what came out, or else many at once would be as good as many.
CREATE FUNCTION account_failed(username text, address text,
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
    DELETE FROM login_failures WHERE key IN (
        SELECT key FROM login_failures WHERE closed_until < an_hour_ago AND failed_at < an_hour_ago
        ORDER BY closed_until LIMIT 10 FOR UPDATE SKIP LOCKED);
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;

-- Remember that a user has logged in, and forget what failed with this token, or at this account
-- from this address.  0: the login stands.  Otherwise nothing is done, and it has to wait as
-- account_failed says.  All other failures stay: an account of one's own does not help to guess at
-- others', and each login of an owner does not allow others to guess more often.
CREATE FUNCTION account_succeeded(user_id integer, address text,
                                  shown_user text DEFAULT NULL, shown_login text DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    name    text := (SELECT username FROM users WHERE id = account_succeeded.user_id);
    seconds integer;
BEGIN
    PERFORM FROM login_failures JOIN login_counters(name, address, shown_user, shown_login) USING (key)
    ORDER BY kind = 'session' DESC, key FOR UPDATE OF login_failures;
    seconds := account_delay(name, address, shown_user, shown_login);
    IF seconds = 0 THEN
        DELETE FROM login_failures WHERE key IN (
            SELECT key FROM login_counters(name, address, shown_user, shown_login)
            WHERE kind IN ('session', 'address'));
        UPDATE user_private SET last_login = now()
        WHERE user_private.user_id = account_succeeded.user_id;
    END IF;
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;

-- --- accounts that are created -----------------------------------------------

-- May this address create an account of that name?  Before the password is hashed: 0 means yes,
-- and that it is counted.  Otherwise the address has created `most` accounts within `span` seconds,
-- and has to wait as many seconds as are returned.  LN409 and LN400 as account_create.
CREATE FUNCTION account_may_create(username text, address text, most integer, span integer)
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
        DELETE FROM sign_ups WHERE key IN (
            SELECT key FROM sign_ups WHERE since < now - span * interval '1 second'
            ORDER BY since LIMIT 10 FOR UPDATE SKIP LOCKED);
    END IF;
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;

-- Take back what account_may_create has counted, since nothing was hashed.
CREATE FUNCTION account_not_created(address text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
BEGIN
    UPDATE sign_ups SET count = count - 1
    WHERE key = counter_key('sign-up', client_address(address)) AND count > 0;
    PERFORM set_internal(before);
END
$$;

-- --- rights ------------------------------------------------------------------

DO $$
BEGIN
    IF NOT is_single_role() THEN
        GRANT EXECUTE ON FUNCTION
            account_delay(text, text, text, text), account_failed(text, text, text, text),
            account_succeeded(integer, text, text, text),
            account_may_create(text, text, integer, integer), account_not_created(text)
            TO linnet_anon;
    END IF;
END
$$;
