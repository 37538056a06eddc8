-- 008_accounts.sql - accounts, for createUser and tokenAuth: what the server asks and says.
--
-- The server hashes and compares, PostgreSQL remembers.  A login is
--
--     account_delay      is it too early for another attempt?  Then nothing is hashed.
--     account_find       the hash to compare with; no row: with another one, all the same
--     account_succeeded  or account_failed, whose answer counts: see there
--
-- each in a transaction of its own, so that what it remembers outlives the request.
--
-- All of them act as the owner, since no other role has any right to the tables; the
-- anonymous role may call them, as whom every connection starts.
--
-- A username is what NFKC makes of what was typed: names that look alike because one is
-- composed otherwise are one.  Case counts.
--
-- SPDX-License-Identifier: MIT

-- --- accounts ----------------------------------------------------------------

-- Refuse in words what the tables would refuse (002_tables.sql).
CREATE FUNCTION check_account(username text, email text) RETURNS void
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF NOT is_username(username) THEN
        RAISE EXCEPTION USING ERRCODE = 'LN400', COLUMN = 'username',
            MESSAGE = 'A username is 1 to 150 letters, digits and @.+-_.';
    ELSIF char_length(email) > 254 THEN
        RAISE EXCEPTION USING ERRCODE = 'LN400', COLUMN = 'email',
            MESSAGE = 'The email is longer than 254 characters.';
    END IF;
END
$$;

-- Make an account, and return its key.  LN409 when the name is taken, LN400 when name or
-- e-mail is out of form.
CREATE FUNCTION account_create(username text, password_hash text, email text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
    name   text := normalize(username, NFKC);
    key    integer;
BEGIN
    PERFORM check_account(name, email);
    INSERT INTO users (username) VALUES (name) ON CONFLICT DO NOTHING RETURNING id INTO key;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'LN409', COLUMN = 'username',
            MESSAGE = 'A user with that username already exists.';
    END IF;
    INSERT INTO user_private (user_id, email) VALUES (key, account_create.email);
    INSERT INTO credentials (user_id, password_hash) VALUES (key, account_create.password_hash);
    PERFORM set_internal(before);
    RETURN key;
END
$$;

-- The account of that name, if there is one that can sign in.
CREATE FUNCTION account_find(name text)
RETURNS TABLE (user_id integer, username text, password_hash text, is_disabled boolean, role text)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
BEGIN
    RETURN QUERY
        SELECT users.id, users.username, credentials.password_hash, credentials.is_disabled,
               CASE WHEN credentials.is_staff THEN 'staff' ELSE 'user' END
        FROM users JOIN credentials ON credentials.user_id = users.id
        WHERE users.username = normalize(name, NFKC);
    PERFORM set_internal(before);
END
$$;

-- Keep a hash of the same password that is made with other parameters; false when the
-- old one is not there any more.
CREATE FUNCTION account_set_hash(user_id integer, old_hash text, new_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    is_done boolean;
BEGIN
    UPDATE credentials SET password_hash = new_hash
    WHERE credentials.user_id = account_set_hash.user_id AND password_hash = old_hash;
    is_done := FOUND;
    PERFORM set_internal(before);
    RETURN is_done;
END
$$;

-- --- failed logins -----------------------------------------------------------

-- The counters that a login concerns: its account's and its address's, if that is known.
-- One who has an IPv6 address has 2^64 of them, and they count as one.
CREATE FUNCTION login_counters(username text, address text)
RETURNS TABLE (key bytea, allowed integer)
LANGUAGE sql STABLE ROWS 2
BEGIN ATOMIC
    SELECT sha256(convert_to('account ' || normalize(login_counters.username, NFKC), 'UTF8')), 5
    UNION ALL
    SELECT sha256(convert_to('address ' || CASE
               WHEN login_counters.address ~ '^[[:xdigit:]:]*:[[:xdigit:]:]*$'
               THEN network(set_masklen(login_counters.address::inet, 64))::text
               ELSE login_counters.address END, 'UTF8')), 100
    WHERE login_counters.address <> '';
END;

-- How long a counter is closed: not at all for the failures that are allowed, then for
-- 1, 2, 4 and so on up to 900 seconds.
CREATE FUNCTION login_pause(failures integer, allowed integer) RETURNS interval
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN failures < allowed THEN interval '0'
            ELSE least(power(2, least(failures - allowed, 10)), 900) * interval '1 second' END;

-- The whole seconds until then, at least 0.
CREATE FUNCTION login_seconds(closed_until timestamptz) RETURNS integer
LANGUAGE sql VOLATILE
RETURN ceil(greatest(extract(epoch FROM closed_until - clock_timestamp()), 0));

-- Seconds that this login has to wait; 0: go on.
CREATE FUNCTION account_delay(username text, address text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    seconds integer;
BEGIN
    SELECT coalesce(max(login_seconds(closed_until)), 0) INTO seconds
    FROM login_failures JOIN login_counters(username, address) USING (key);
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;

-- Remember that a login has failed, for whatever reason.  0: say so.  Otherwise others
-- have used up the attempts since account_delay was asked; then say only that it has to wait
-- so many seconds, and not what came out, or else many at once would be as good as many.
CREATE FUNCTION account_failed(username text, address text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    seconds integer := 0;
    counter record;
BEGIN
    -- In one order for all, or two would wait for each other.
    FOR counter IN SELECT * FROM login_counters(username, address) ORDER BY key LOOP
        INSERT INTO login_failures AS known (key, failures, allowed, closed_until)
        VALUES (counter.key, 1, counter.allowed,
                clock_timestamp() + login_pause(1, counter.allowed))
        ON CONFLICT (key) DO UPDATE
        SET (failures, closed_until) = (
            SELECT n, clock_timestamp() + login_pause(n, known.allowed)
            FROM (SELECT CASE WHEN known.closed_until < clock_timestamp() - interval '1 hour'
                              THEN 1 ELSE known.failures + 1 END) AS next (n))
        WHERE known.closed_until <= clock_timestamp();
        IF NOT FOUND THEN
            SELECT greatest(seconds, login_seconds(closed_until)) INTO seconds
            FROM login_failures WHERE key = counter.key;
        END IF;
    END LOOP;
    -- What has been open for an hour is forgotten, more of it than has been added here.
    DELETE FROM login_failures WHERE key IN (
        SELECT key FROM login_failures
        WHERE closed_until < clock_timestamp() - interval '1 hour'
        ORDER BY closed_until LIMIT 10 FOR UPDATE SKIP LOCKED);
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;

-- Remember that a user has logged in, and forget the account's failures.  0: the login
-- stands.  Otherwise nothing is done, and it has to wait as account_failed says.  The
-- address's failures stay: an account of one's own is no way to guess at others'.
CREATE FUNCTION account_succeeded(user_id integer, address text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before  text := set_internal('on');
    name    text := (SELECT username FROM users WHERE id = account_succeeded.user_id);
    seconds integer;
BEGIN
    PERFORM FROM login_failures JOIN login_counters(name, address) USING (key)
    ORDER BY key FOR UPDATE OF login_failures;
    seconds := account_delay(name, address);
    IF seconds = 0 THEN
        DELETE FROM login_failures WHERE key IN (SELECT key FROM login_counters(name, NULL));
        UPDATE user_private SET last_login = now()
        WHERE user_private.user_id = account_succeeded.user_id;
    END IF;
    PERFORM set_internal(before);
    RETURN seconds;
END
$$;

-- --- rights ------------------------------------------------------------------

DO $$
BEGIN
    IF NOT is_single_role() THEN
        GRANT EXECUTE ON FUNCTION
            account_create(text, text, text), account_find(text),
            account_set_hash(integer, text, text), account_delay(text, text),
            account_failed(text, text), account_succeeded(integer, text)
            TO linnet_anon;
    END IF;
END
$$;
