-- 002_tables.sql - users with their secrets, links and votes.
--
-- Names bind the contract by convention (schema.graphql): a field's name in snake case is
-- its column's.  The constraints keep the lengths and forms that the contract promises, so
-- that no path into the database goes around them; they have names, for those who must
-- tell a client which one it broke.
--
-- SPDX-License-Identifier: MIT

CREATE FUNCTION is_username(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN name ~ '^[[:alnum:]@.+_-]{1,150}$';

CREATE TABLE users (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username    text NOT NULL
        CONSTRAINT users_username_key UNIQUE
        CONSTRAINT users_username_form CHECK (is_username(username))
        -- Two names that look alike because one is composed otherwise are one name.
        CONSTRAINT users_username_normal CHECK (username IS NFKC NORMALIZED),
    first_name  text NOT NULL DEFAULT ''
        CONSTRAINT users_first_name_length CHECK (char_length(first_name) <= 150),
    last_name   text NOT NULL DEFAULT ''
        CONSTRAINT users_last_name_length CHECK (char_length(last_name) <= 150),
    date_joined timestamptz NOT NULL DEFAULT now()
);

-- What a user alone may see.  In a table of its own, since policies guard rows and not
-- columns: joined to users, it is null for everybody else.
CREATE TABLE user_private (
    user_id    integer PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    email      text NOT NULL
        CONSTRAINT user_private_email_length CHECK (char_length(email) <= 254),
    last_login timestamptz
);

-- What nobody may see.  No role has any right to it; the functions of 008_accounts.sql, which
-- act as the owner, are the only way in.  A user without a row cannot sign in.
CREATE TABLE credentials (
    user_id       integer PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    -- argon2id, with its parameters and salt, as libsodium writes it
    password_hash text NOT NULL
        CONSTRAINT credentials_password_hash_form CHECK (password_hash LIKE '$argon2id$%'),
    is_staff      boolean NOT NULL DEFAULT false,
    is_disabled   boolean NOT NULL DEFAULT false
);

-- Logins that failed, counted for each account and each address.  Whether there is such an
-- account makes no difference; and since people type passwords where a name belongs, what
-- is counted stands here as a digest.
CREATE TABLE login_failures (
    key          bytea PRIMARY KEY,
    failures     integer NOT NULL,
    -- So many slow nobody down.
    allowed      integer NOT NULL,
    -- No attempt is made before this.
    closed_until timestamptz NOT NULL
);

CREATE FUNCTION is_web_url(url text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN url ~* '^https?://[^[:space:][:cntrl:]/?#]+[^[:space:][:cntrl:]]*$';

CREATE TABLE links (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url         text NOT NULL
        CONSTRAINT links_url_length CHECK (char_length(url) <= 2048)
        -- What is longer is over 2,048 characters as it goes over the wire, each of its
        -- non-ASCII bytes written %XX; and an entry of links_url_id_idx holds 2,704 bytes.
        CONSTRAINT links_url_bytes CHECK (octet_length(url) <= 2600)
        CONSTRAINT links_url_form CHECK (is_web_url(url)),
    description text NOT NULL
        CONSTRAINT links_description_length CHECK (char_length(description) <= 2000),
    -- Null for links from before accounts existed, and when their user is no more.
    posted_by   integer REFERENCES users ON DELETE SET NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- Kept by a trigger (006_vote_count.sql), so that no list has to count them.
    vote_count  integer NOT NULL DEFAULT 0
        CONSTRAINT links_vote_count_positive CHECK (vote_count >= 0),
    -- Votes against age: ten times the votes are worth 12.5 hours.  The age is that of
    -- the link at a fixed moment, so that the score changes with a vote and never with
    -- the clock, and pages keep their place.
    hot         double precision NOT NULL GENERATED ALWAYS AS (
        log10(greatest(vote_count, 1)) + extract(epoch FROM created_at AT TIME ZONE 'UTC') / 45000
    ) STORED
);

CREATE TABLE votes (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    integer NOT NULL REFERENCES users ON DELETE CASCADE,
    link_id    integer NOT NULL REFERENCES links ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT votes_user_id_link_id_key UNIQUE (user_id, link_id)
);
