-- 001_roles.sql - who may connect, and as what.
--
-- Three roles, which belong to the whole cluster and so are made only where absent:
--
--     the owner       whoever runs `linnet migrate`: owns the database and all in it,
--                     and serves no request.  Not a superuser.
--     linnet_login    whom `linnet serve` logs in as.  NOINHERIT, and owns nothing: it
--                     may do nothing but become one of the roles below.
--     linnet_anon     whoever is not signed in.  What it may see is granted to it here.
--
-- An owner without CREATEROLE finds them made by a superuser (scripts/roles.sql is how
-- ./up does it), or is told here what is missing.
--
-- SPDX-License-Identifier: MIT

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linnet_login') THEN
        CREATE ROLE linnet_login LOGIN NOINHERIT;
        -- A second wall behind Linnet's own bounds: no request of its takes so long.
        ALTER ROLE linnet_login SET statement_timeout = '30s';
        ALTER ROLE linnet_login SET idle_in_transaction_session_timeout = '30s';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linnet_anon') THEN
        CREATE ROLE linnet_anon NOLOGIN;
    END IF;
    IF NOT pg_has_role('linnet_login', 'linnet_anon', 'MEMBER') THEN
        GRANT linnet_anon TO linnet_login;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'role "%" may not make the roles that Linnet needs', current_user
        USING HINT = 'As a superuser: CREATE ROLE linnet_login LOGIN NOINHERIT; '
                     'CREATE ROLE linnet_anon; GRANT linnet_anon TO linnet_login;';
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
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO linnet_login', database);
    END IF;
END
$$;

-- A function is nobody's until it is granted: PostgreSQL's default is everybody.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
