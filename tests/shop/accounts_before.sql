-- accounts_before.sql - what the application's accounts (sql/008_accounts.sql and so on) stand on,
-- for users whose key is a uuid.  load.sh loads it, then those files with that type for the
-- user's key, and then accounts_after.sql.
--
-- SPDX-License-Identifier: MIT

-- The shop's functions are everybody's; these are granted one by one.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC, linnet_anon, linnet_user, linnet_staff;

CREATE FUNCTION is_single_role() RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN false;

CREATE FUNCTION is_internal() RETURNS boolean
LANGUAGE sql STABLE
RETURN NOT is_single_role() OR coalesce(current_setting('linnet.internal', true) = 'on', false);

CREATE FUNCTION set_internal(value text) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    before text := coalesce(current_setting('linnet.internal', true), '');
BEGIN
    PERFORM set_config('linnet.internal', value, true);
    RETURN before;
END
$$;

CREATE TABLE user_private (
    user_id    uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    email      text NOT NULL,
    last_login timestamptz
);
CREATE TABLE credentials (
    user_id       uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    password_hash text NOT NULL,
    is_staff      boolean NOT NULL DEFAULT false,
    is_disabled   boolean NOT NULL DEFAULT false
);
CREATE TABLE login_failures (
    key          bytea PRIMARY KEY,
    failures     integer NOT NULL,
    allowed      integer NOT NULL,
    closed_until timestamptz NOT NULL
);
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['user_private', 'credentials', 'login_failures'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (is_internal())', name);
    END LOOP;
END
$$;

-- The user who acts, as every mutation asks.
CREATE FUNCTION acting_user() RETURNS uuid
LANGUAGE sql STABLE
RETURN viewer_id();
GRANT EXECUTE ON FUNCTION acting_user(), is_internal(), is_single_role()
    TO linnet_anon, linnet_user, linnet_staff;
