-- 001_types.sql - the shop's types: what a database has that its authors never saw ours.
--
-- Made by its owner, who is no superuser: the extensions are trusted ones.
--
-- SPDX-License-Identifier: MIT

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO linnet_anon, linnet_user, linnet_staff;

CREATE EXTENSION citext;
CREATE SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
CREATE SCHEMA sales;

-- Labels that are no names of GraphQL, beside some that are.
CREATE TYPE order_status AS ENUM ('new', 'in progress', 'SHIPPED', 'PG-13', 'très bien', '', 'lost');
CREATE TYPE user_role AS ENUM ('owner', 'Ordinary user', 'read-only');
-- All of them names.
CREATE TYPE colour AS ENUM ('RED', 'green', 'Blue', '_4');
-- The discriminator of activities.
CREATE TYPE activity_kind AS ENUM ('CALL', 'visit', 'LongLetter');

-- Domains upon domains.
CREATE DOMAIN whole AS integer CHECK (VALUE > -1000000);
CREATE DOMAIN positive AS whole CHECK (VALUE > 0);
CREATE DOMAIN quantity AS positive CHECK (VALUE <= 10000);
CREATE DOMAIN percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN phone AS text CHECK (VALUE ~ '^[0-9 +-]*$');
CREATE DOMAIN currency AS char(3) CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN moment AS timestamptz;
CREATE DOMAIN shade AS colour;
CREATE DOMAIN bright AS shade CHECK (VALUE::colour <> '_4');

-- Texts that are equal and not the same.
CREATE COLLATION accents (provider = icu, locale = 'de-u-ks-level1', deterministic = false);

CREATE TYPE dimensions AS (width integer, height integer, label text);
