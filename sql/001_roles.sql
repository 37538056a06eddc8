-- 001_roles.sql - who may connect, and as what.
--
-- Roles belong to the whole cluster, and so are made only where absent:
--
--     the owner       whoever runs `linnet migrate`: owns the database and all in it,
--                     and serves no request.  Not a superuser.
--     linnet_login    whom `linnet serve` logs in as.  NOINHERIT, and owns nothing: it
--                     may do nothing but become one of the three below.
--     linnet_anon     whoever is not signed in
--     linnet_user     whoever is
--     linnet_staff    who also keeps the place clean
--
-- An owner without CREATEROLE finds them made by a superuser (scripts/roles.sql is how
-- ./up does it), or is told here what is missing.
--
-- Single-role mode, for a host that gives one role and lets it make none: there the owner
-- also serves.  The first `linnet migrate` is told so by its connection, and it stays so:
--
--     database = dbname=linnet user=me options='-c linnet.single_role=on'
--
-- SPDX-License-Identifier: MIT

-- A function is nobody's until it is granted: PostgreSQL's default is everybody.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Does the owner serve, for want of other roles?
DO $$
BEGIN
    EXECUTE format('CREATE FUNCTION is_single_role() RETURNS boolean'
                   ' LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %L::boolean',
                   coalesce(nullif(current_setting('linnet.single_role', true), ''), 'off'));
END
$$;

-- Is this the owner's own work, which no policy hides a row from?  FORCE binds the owner
-- too, and so every table has a policy for it that asks this.  An owner that serves nobody
-- does nothing else.  In single-role mode it is what definer functions, migrations and the
-- seed do, which say so by a setting that lasts no longer than their transaction.
CREATE FUNCTION is_internal() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NOT is_single_role() OR current_setting('linnet.internal', true) = 'on';

-- Begin such work, or end it with what this has returned.  (A function cannot SET a setting
-- that PostgreSQL does not know, unless a superuser makes it.)
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

DO $$
DECLARE
    role text;
BEGIN
    IF is_single_role() THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linnet_login') THEN
        CREATE ROLE linnet_login LOGIN NOINHERIT;
        -- A second wall behind Linnet's own bounds: no request of its takes so long, and
        -- none outlives the worker that sent it.
        ALTER ROLE linnet_login SET statement_timeout = '30s';
        ALTER ROLE linnet_login SET idle_in_transaction_session_timeout = '30s';
        ALTER ROLE linnet_login SET client_connection_check_interval = '1s';
    END IF;
    FOREACH role IN ARRAY ARRAY['linnet_anon', 'linnet_user', 'linnet_staff'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        END IF;
        IF NOT pg_has_role('linnet_login', role, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO linnet_login', role);
        END IF;
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'role "%" may not make the roles that Linnet needs', current_user
        USING HINT = 'As a superuser: CREATE ROLE linnet_login LOGIN NOINHERIT; '
                     'CREATE ROLE linnet_anon; CREATE ROLE linnet_user; CREATE ROLE linnet_staff; '
                     'GRANT linnet_anon, linnet_user, linnet_staff TO linnet_login; '
                     'or, where there can be one role alone, say linnet.single_role=on.';
END
$$;

-- PUBLIC may connect to any new database and make temporary tables in it.
DO $$
DECLARE
    database text := current_database();
BEGIN
    IF EXISTS (SELECT FROM pg_database
               WHERE datname = database AND pg_get_userbyid(datdba) = current_user) THEN
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', database);
        IF NOT is_single_role() THEN
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO linnet_login', database);
        END IF;
    END IF;
END
$$;
