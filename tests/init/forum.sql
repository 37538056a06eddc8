-- A forum as Rails makes it: timestamps without time zone, polymorphic associations, single-table inheritance,
-- join tables without keys, records of migrations and of sessions, foreign keys that are only names.

CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
CREATE TABLE ar_internal_metadata (key varchar NOT NULL PRIMARY KEY, value varchar, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL);
CREATE TABLE sessions (id bigserial PRIMARY KEY, session_id varchar NOT NULL, data text);

CREATE TABLE users (
    id bigserial PRIMARY KEY,
    type varchar,
    username varchar NOT NULL,
    encrypted_password varchar NOT NULL DEFAULT '',
    reset_password_token varchar,
    api_key varchar,
    admin boolean NOT NULL DEFAULT false,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX ON users (username);
CREATE UNIQUE INDEX ON users (reset_password_token);
CREATE TABLE posts (
    id bigserial PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES users,
    editor_id bigint REFERENCES users,
    parent_id bigint REFERENCES posts,
    title varchar NOT NULL,
    status integer NOT NULL DEFAULT 0,
    created_at timestamp(6) NOT NULL,
    updated_at timestamp(6) NOT NULL
);
CREATE INDEX ON posts (author_id);
CREATE INDEX ON posts (created_at, id);
CREATE TABLE categories (id bigserial PRIMARY KEY, name varchar);
CREATE TABLE categories_posts (category_id bigint NOT NULL, post_id bigint NOT NULL);
CREATE TABLE comments (
    id bigserial PRIMARY KEY,
    commentable_type varchar NOT NULL,
    commentable_id bigint NOT NULL,
    user_id bigint,
    body text,
    checksum varchar,
    created_at timestamp(6) NOT NULL
);
CREATE INDEX ON comments (commentable_type, commentable_id);
CREATE INDEX ON comments (user_id);
CREATE TABLE follows (
    id bigserial PRIMARY KEY,
    follower_id bigint NOT NULL REFERENCES users,
    followee_id bigint NOT NULL REFERENCES users,
    created_at timestamp(6) NOT NULL
);
CREATE UNIQUE INDEX ON follows (follower_id, followee_id);
CREATE TABLE taggings (tag_id bigint REFERENCES categories, post_id bigint REFERENCES posts);
CREATE TABLE profiles (user_id bigint PRIMARY KEY REFERENCES users, bio text);
CREATE TABLE statuses (id bigserial PRIMARY KEY, label varchar);
CREATE TABLE people (id bigserial PRIMARY KEY, name varchar);
CREATE TABLE addresses (id bigserial PRIMARY KEY, person_id bigint NOT NULL REFERENCES people, line varchar);

INSERT INTO schema_migrations VALUES ('20240101000000');
INSERT INTO users (username, encrypted_password, api_key, created_at, updated_at)
    SELECT 'user' || n, '$2a$12$' || repeat('a', 53), 'canary' || n, '2024-01-01 10:00', '2024-01-02' FROM generate_series(1, 8) n;
INSERT INTO posts (author_id, editor_id, parent_id, title, created_at, updated_at)
    SELECT 1 + n % 8, CASE WHEN n % 2 = 0 THEN 1 END, CASE WHEN n > 5 THEN n - 5 END, 'Post ' || n, timestamp '2024-01-01' + n * interval '1 hour',
        '2024-02-01' FROM generate_series(1, 20) n;
INSERT INTO categories (name) VALUES ('a'), ('b');
INSERT INTO categories_posts SELECT 1 + n % 2, n FROM generate_series(1, 20) n;
INSERT INTO comments (commentable_type, commentable_id, user_id, body, checksum, created_at)
    SELECT 'Post', 1 + n % 20, 1 + n % 8, 'Body', md5(n::text), '2024-03-01' FROM generate_series(1, 30) n;
INSERT INTO follows (follower_id, followee_id, created_at) SELECT n, 1 + n % 8, '2024-01-01' FROM generate_series(1, 8) n;
INSERT INTO taggings SELECT 1 + n % 2, n FROM generate_series(1, 10) n;
INSERT INTO profiles VALUES (1, 'bio');
INSERT INTO statuses (label) VALUES ('open');
INSERT INTO people (name) VALUES ('Ada');
INSERT INTO addresses (person_id, line) VALUES (1, 'A street');
