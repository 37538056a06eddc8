-- roles.sql - what only a superuser can create, once for a cluster: roles and database.
--
-- Roles belong to the whole cluster, so each is created only if it does not exist.  The
-- owner makes everything else: `linnet migrate`.
--
--     psql -d postgres -f roles.sql
--
-- SPDX-License-Identifier: MIT

\set ON_ERROR_STOP on

-- linnet_owner owns the database and all in it; it is used for migrations alone.
SELECT 'CREATE ROLE linnet_owner LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linnet_owner') \gexec

-- Workers log in as linnet_login; it owns nothing and may only switch to one of the roles
-- below.  The time-outs come after Linnet's own, which are shorter: no request takes so long,
-- and no statement outlives the worker that sent it.
SELECT 'CREATE ROLE linnet_login LOGIN NOINHERIT;
        ALTER ROLE linnet_login SET statement_timeout = ''30s'';
        ALTER ROLE linnet_login SET idle_in_transaction_session_timeout = ''30s'';
        ALTER ROLE linnet_login SET client_connection_check_interval = ''1s'''
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'linnet_login') \gexec

-- For requests that are not signed in, for users, and for the staff.  The owner may grant them.
SELECT format('CREATE ROLE %I NOLOGIN ADMIN linnet_owner', role)
FROM unnest(ARRAY['linnet_anon', 'linnet_user', 'linnet_staff']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

SELECT format('GRANT %I TO linnet_login', role)
FROM unnest(ARRAY['linnet_anon', 'linnet_user', 'linnet_staff']) AS role
WHERE NOT pg_has_role('linnet_login', role, 'MEMBER') \gexec

-- In UTF8, whatever template1 is; in a cluster of another encoding its locale would not do.
SELECT 'CREATE DATABASE linnet OWNER linnet_owner TEMPLATE template0 ENCODING ''UTF8'''
    || CASE WHEN pg_encoding_to_char(encoding) = 'UTF8' THEN '' ELSE ' LOCALE ''C.UTF-8''' END
FROM pg_database
WHERE datname = 'template0' AND NOT EXISTS (SELECT FROM pg_database WHERE datname = 'linnet') \gexec
