-- 013_django.sql - users, links and votes that come from Django: `linnet import django`.
--
-- The program reads the records of a dump, or of a database, and knows nothing of their models.
-- It calls, in one transaction and as the owner,
--
--     import_django_models   which models there are, and the function of each; or refuse
--     import_django_users    for each model, when its records are in pg_temp.import_records (number,
--     import_django_links    record): a record is {"model": "links.link", "pk": 1, "fields": {...}}, or
--     import_django_votes    has its columns as `fields`, and no `pk`
--
-- and prints what these functions return: how many records had an outcome, or the outcome of one,
-- with its key and the reason.  docs/django.md says what is taken, what is not, and why.
--
-- A record is taken once: what came before is left as it is now, changed or deleted.  It is known by
-- its key, which stays the same.
--
-- SPDX-License-Identifier: MIT

-- --- hashes ------------------------------------------------------------------

-- Can the server verify this hash, at a cost that a login may have?  The server has the same rule
-- (src/hash/stored_hash.c); tests/unit/stored_hash_case.h is what both are held to.
CREATE FUNCTION is_password_hash(hash text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    part  text[];
    costs numeric[];
BEGIN
    IF octet_length(hash) > 256 THEN
        RETURN false;
    ELSIF hash ~ '^\$?argon2' THEN
        part := regexp_match(hash, '^(?:argon2)?\$argon2id?\$v=19\$m=([1-9]\d*),t=([1-9]\d*),p=([1-9]\d*)\$');
        costs := part;
        RETURN part IS NOT NULL AND costs[1] BETWEEN 8 * costs[3] AND 131072 AND costs[1] * costs[2] <= 524288;
    ELSIF hash ~ '^pbkdf2_' THEN
        part := coalesce(regexp_match(hash, '^pbkdf2_sha256\$([1-9]\d*)\$[^$]+\$[0-9A-Za-z+/]{42}[0-9A-Za-z+/=]{2}$'),
                         regexp_match(hash, '^pbkdf2_sha1\$([1-9]\d*)\$[^$]+\$[0-9A-Za-z+/]{26}[0-9A-Za-z+/=]{2}$'));
        RETURN part IS NOT NULL AND part[1]::numeric <= 3000000;
    ELSIF hash ~ '^scrypt' THEN
        part := regexp_match(hash, '^scrypt\$([1-9]\d*)\$[^$]+\$([1-9]\d*)\$([1-9]\d*)\$[0-9A-Za-z+/]{86}[0-9A-Za-z+/=]{2}$');
        costs := part;
        RETURN part IS NOT NULL AND costs[1] * costs[2] * costs[3] <= 1048576
            AND costs[1] > 1 AND costs[1]::bigint & (costs[1]::bigint - 1) = 0
            AND (costs[2] > 1 OR costs[1] < 65536);
    ELSIF hash ~ '^bcrypt' THEN
        part := regexp_match(hash, '^bcrypt(?:_sha256)?\$\$2[aby]\$(\d\d)\$.{53}$');
        RETURN part IS NOT NULL AND part[1]::integer <= 14;
    END IF;
    RETURN false;
END
$$;

-- What is not a hash lets nobody in; `!` is written for a user who has none.
ALTER TABLE credentials
    DROP CONSTRAINT credentials_password_hash_form,
    ADD CONSTRAINT credentials_password_hash_form CHECK (
        password_hash LIKE '$argon2id$%' OR password_hash = '!' OR is_password_hash(password_hash));

-- --- what came before --------------------------------------------------------

CREATE TABLE django_imports (
    model text PRIMARY KEY,
    -- The keys of the records that were taken, or merged into others.
    taken int8multirange NOT NULL
);

ALTER TABLE django_imports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY django_imports_owner ON django_imports TO CURRENT_USER USING (is_internal());

-- The models, in the order in which they are taken; their tables in Django's database; and the
-- functions that take them.  Refuse a database that others have filled.
CREATE FUNCTION import_django_models()
RETURNS TABLE (model text, source text, function text)
LANGUAGE plpgsql ROWS 3
AS $$
BEGIN
    -- Nobody signs up, posts or votes meanwhile.  Signing in writes to other tables.
    BEGIN
        LOCK TABLE users, links, votes, django_imports IN SHARE ROW EXCLUSIVE MODE;
    EXCEPTION WHEN lock_not_available THEN
        RAISE EXCEPTION 'Another import, or a long transaction, is writing to this database.'
            USING ERRCODE = 'LN503',
                  HINT = 'Try again later, or wait longer: --limit-lock-time.';
    END;
    IF NOT EXISTS (SELECT FROM django_imports)
       AND (EXISTS (SELECT FROM users) OR EXISTS (SELECT FROM links)) THEN
        RAISE EXCEPTION 'This database has users or links that did not come from Django.'
            USING ERRCODE = 'LN409',
                  HINT = 'Import into an empty database: ./up --empty makes one without sample data.';
    END IF;
    RETURN QUERY VALUES ('auth.user', 'auth_user', 'import_django_users'),
                        ('links.link', 'links_link', 'import_django_links'),
                        ('links.vote', 'links_vote', 'import_django_votes');
END
$$;

-- The keys that a model has had.
CREATE FUNCTION imported_keys(model text) RETURNS int8multirange
LANGUAGE sql STABLE
RETURN coalesce((SELECT taken FROM django_imports WHERE django_imports.model = imported_keys.model), '{}');

-- Add to them.
CREATE FUNCTION keep_imported_keys(model text, keys int8multirange) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO django_imports AS known (model, taken) VALUES (model, coalesce(keys, '{}'))
    ON CONFLICT ON CONSTRAINT django_imports_pkey DO UPDATE SET taken = known.taken + excluded.taken;
END;

-- The next key that the table gives is greater than this one.  Unlike setval(), this is taken back
-- with the transaction.
CREATE FUNCTION skip_keys(table_name text, last bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    sequence regclass := pg_get_serial_sequence(table_name, 'id');
    next     bigint;
BEGIN
    EXECUTE format('SELECT last_value + is_called::integer FROM %s', sequence) INTO next;
    IF last >= next THEN
        EXECUTE format('ALTER SEQUENCE %s RESTART WITH %s', sequence, least(last + 1, 2147483647));
    END IF;
END
$$;

-- --- values of a record ------------------------------------------------------

-- A key, from 1 to 2,147,483,647; null for anything else.
CREATE FUNCTION import_key(value jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN jsonb_typeof(value) <> 'number' OR value::text !~ '^[1-9]\d{0,9}$' THEN NULL
            WHEN value::text::bigint <= 2147483647 THEN value::text::integer END;

-- A text; null for anything else.
CREATE FUNCTION import_text(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN jsonb_typeof(value) = 'string' THEN value #>> '{}' END;

-- A time, of UTC unless it says otherwise; null for anything else, and for years that a DateTime
-- cannot show.
CREATE FUNCTION import_time(value jsonb) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET TimeZone = 'UTC'
AS $$
DECLARE
    text text := import_text(value);
    time timestamptz;
BEGIN
    IF text ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d(:?\d\d){0,2})?$' THEN
        time := text::timestamptz;
    END IF;
    RETURN CASE WHEN extract(year FROM time) BETWEEN 1 AND 9999 THEN time END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;

-- Make the temporary table import_rows of the records of a model: `reason` says why one cannot be
-- taken, and `is_known` that it was taken before.  Return the greatest key.
CREATE FUNCTION import_records_of(model text) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    known int8multirange := imported_keys(model);
BEGIN
    CREATE TEMPORARY TABLE import_rows ON COMMIT DROP AS
    SELECT coalesce(import_key(record -> 'pk'), import_key(record #> '{fields,id}')) AS key,
           coalesce(record ->> 'pk', record #>> '{fields,id}') AS shown_key,
           record -> 'fields' AS fields, number, false AS is_known, NULL::text AS reason
    FROM pg_temp.import_records
    WHERE record ->> 'model' = import_records_of.model;

    UPDATE import_rows SET reason = CASE WHEN shown_key IS NULL
        THEN 'it has no key; dump without --natural-primary'
        ELSE 'its key is not a whole number from 1 to 2147483647' END
    WHERE key IS NULL;
    UPDATE import_rows SET reason = 'its key comes twice'
    FROM (SELECT key AS twice, min(number) AS first FROM import_rows GROUP BY key HAVING count(*) > 1) AS other
    WHERE key = twice AND number > first;
    UPDATE import_rows SET is_known = true
    WHERE reason IS NULL AND key::bigint <@ known;
    ANALYZE import_rows;
    RETURN (SELECT max(key) FROM import_rows);
END
$$;

-- What became of them, and what was taken is kept in mind.
CREATE FUNCTION import_outcomes(model text)
RETURNS TABLE (outcome text, count bigint, key text, reason text)
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM keep_imported_keys(model, (
        SELECT range_agg(int8range(import_rows.key, import_rows.key, '[]')) FROM import_rows
        WHERE import_rows.reason IS NULL AND NOT is_known));
    RETURN QUERY
        SELECT 'refused', 1::bigint, left(shown_key, 40), import_rows.reason
        FROM import_rows WHERE import_rows.reason IS NOT NULL ORDER BY import_rows.key, number;
    RETURN QUERY
        SELECT 'taken before', count(*), NULL, NULL FROM import_rows WHERE is_known HAVING count(*) > 0;
    DROP TABLE import_rows;
END
$$;

-- --- users -------------------------------------------------------------------

CREATE FUNCTION import_django_users()
RETURNS TABLE (outcome text, count bigint, key text, reason text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    last bigint := import_records_of('auth.user');
BEGIN
    ALTER TABLE import_rows ADD COLUMN name text;
    UPDATE import_rows SET name = normalize(import_text(fields -> 'username'), NFKC);
    UPDATE import_rows SET reason = CASE
        WHEN name IS NULL THEN 'it has no username'
        WHEN NOT is_username(name)
            THEN format('the username "%s" is not 1 to 150 letters, digits and @.+-_', left(name, 60))
        WHEN EXISTS (SELECT FROM users WHERE id = import_rows.key)
            THEN 'a user who signed up here has this key'
        WHEN EXISTS (SELECT FROM users WHERE username = name)
            THEN format('the username "%s" is that of user %s here', left(name, 60),
                        (SELECT id FROM users WHERE username = name)) END
    WHERE reason IS NULL AND NOT is_known;
    -- Of names that are equal in normal form, the one that has this form is taken, or else the first.
    UPDATE import_rows SET reason = format('the username "%s" is that of user %s in normal form (NFKC)',
                                           left(name, 60), first)
    FROM (SELECT name AS taken,
                 (array_agg(key ORDER BY name <> import_text(fields -> 'username'), key))[1] AS first
          FROM import_rows WHERE reason IS NULL AND NOT is_known
          GROUP BY name HAVING count(*) > 1) AS other
    WHERE reason IS NULL AND NOT is_known AND name = taken AND key <> first;

    INSERT INTO users (id, username, first_name, last_name, date_joined) OVERRIDING SYSTEM VALUE
    SELECT key, name, left(coalesce(import_text(fields -> 'first_name'), ''), 150),
           left(coalesce(import_text(fields -> 'last_name'), ''), 150),
           least(coalesce(import_time(fields -> 'date_joined'), now()), now())
    FROM import_rows WHERE reason IS NULL AND NOT is_known;
    INSERT INTO user_private (user_id, email, last_login)
    SELECT key, CASE WHEN char_length(import_text(fields -> 'email')) <= 254
                     THEN import_text(fields -> 'email') ELSE '' END,
           import_time(fields -> 'last_login')
    FROM import_rows WHERE reason IS NULL AND NOT is_known;
    INSERT INTO credentials (user_id, password_hash, is_staff, is_disabled)
    SELECT key, CASE WHEN is_password_hash(import_text(fields -> 'password'))
                     THEN import_text(fields -> 'password') ELSE '!' END,
           fields @> '{"is_staff": true}' OR fields @> '{"is_superuser": true}',
           coalesce(fields -> 'is_active', 'true') <> 'true'
    FROM import_rows WHERE reason IS NULL AND NOT is_known;
    PERFORM skip_keys('users', last);

    RETURN QUERY
        SELECT 'taken', count(*), NULL, NULL FROM import_rows WHERE reason IS NULL AND NOT is_known;
    RETURN QUERY
        SELECT 'changed', 1::bigint, key::text, change
        FROM import_rows CROSS JOIN LATERAL (VALUES
            (CASE WHEN name <> import_text(fields -> 'username')
                  THEN format('the username is now "%s", in normal form (NFKC)', name) END),
            (CASE WHEN char_length(import_text(fields -> 'email')) > 254
                  THEN 'the email, longer than 254 characters, is left out' END),
            (CASE WHEN char_length(import_text(fields -> 'first_name')) > 150
                    OR char_length(import_text(fields -> 'last_name')) > 150
                  THEN 'a name is cut at 150 characters' END),
            (CASE WHEN coalesce(import_text(fields -> 'password'), '') NOT LIKE '!%'
                   AND is_password_hash(import_text(fields -> 'password')) IS NOT TRUE
                  THEN format('the password is lost: its hash (%s) is of a kind that is not read, or'
                              ' costs too much', coalesce(substring(import_text(fields -> 'password')
                              FROM '^([a-z0-9_]{1,20})\$'), 'unknown')) END)) AS changes (change)
        WHERE reason IS NULL AND NOT is_known AND change IS NOT NULL
        ORDER BY import_rows.key;
    RETURN QUERY SELECT * FROM import_outcomes('auth.user');
END
$$;

-- --- links -------------------------------------------------------------------

CREATE FUNCTION import_django_links()
RETURNS TABLE (outcome text, count bigint, key text, reason text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    last bigint := import_records_of('links.link');
BEGIN
    ALTER TABLE import_rows
        ADD COLUMN url text, ADD COLUMN description text, ADD COLUMN poster jsonb,
        ADD COLUMN poster_key integer, ADD COLUMN created_at timestamptz;
    UPDATE import_rows SET
        url = import_text(fields -> 'url'),
        description = coalesce(import_text(fields -> 'description'), ''),
        poster = nullif(coalesce(fields -> 'posted_by', fields -> 'posted_by_id'), 'null'),
        poster_key = (SELECT id FROM users
                      WHERE id = import_key(coalesce(fields -> 'posted_by', fields -> 'posted_by_id')));
    UPDATE import_rows SET reason = CASE
        WHEN url IS NULL THEN 'it has no url'
        WHEN char_length(url) > 2048 OR octet_length(url) > 2600
            THEN 'the url is longer than 2,048 characters'
        WHEN NOT is_web_url(url)
            THEN format('the url is not one of http or https: %s', left(url, 60))
        WHEN char_length(description) > 2000
            THEN 'the description is longer than 2,000 characters'
        WHEN jsonb_typeof(poster) <> 'number'
            THEN 'posted_by is not a key; dump without --natural-foreign'
        WHEN EXISTS (SELECT FROM links WHERE id = import_rows.key)
            THEN 'a link that was posted here has this key' END
    WHERE reason IS NULL AND NOT is_known;

    -- Django's links have no time, but were not posted before their user had joined, nor before a
    -- link with a smaller key.
    UPDATE import_rows SET created_at = least(least(oldest, now() - total) + rank, newest)
    FROM (SELECT id AS link, is_new,
                 coalesce(max(at) OVER (ORDER BY id), (SELECT min(date_joined) FROM users), now()) AS oldest,
                 min(at) FILTER (WHERE NOT is_new) OVER (ORDER BY id DESC) AS newest,
                 count(*) OVER () * interval '1 microsecond' AS total,
                 row_number() OVER (ORDER BY id) * interval '1 microsecond' AS rank
          FROM (SELECT id, links.created_at, false FROM links
                UNION ALL
                SELECT key, (SELECT date_joined FROM users WHERE id = poster_key), true
                FROM import_rows WHERE reason IS NULL AND NOT is_known) AS all_links (id, at, is_new)) AS times
    WHERE key = link AND is_new AND reason IS NULL AND NOT is_known;

    INSERT INTO links (id, url, description, posted_by, created_at) OVERRIDING SYSTEM VALUE
    SELECT key, url, description, poster_key, created_at
    FROM import_rows WHERE reason IS NULL AND NOT is_known;
    PERFORM skip_keys('links', last);

    RETURN QUERY
        SELECT 'taken', count(*), NULL, NULL FROM import_rows WHERE reason IS NULL AND NOT is_known;
    RETURN QUERY
        SELECT 'changed', 1::bigint, key::text,
               format('posted by nobody, since there is no user %s here', left(poster::text, 40))
        FROM import_rows
        WHERE reason IS NULL AND NOT is_known AND poster IS NOT NULL AND poster_key IS NULL
        ORDER BY import_rows.key;
    -- A user who was refused before, and is here now.
    RETURN QUERY
        WITH found AS (
            UPDATE links SET posted_by = poster_key FROM import_rows
            WHERE links.id = key AND is_known AND links.posted_by IS NULL AND poster_key IS NOT NULL
            RETURNING links.id, poster_key)
        SELECT 'changed', 1::bigint, id::text, format('posted by user %s, who is here now', poster_key)
        FROM found ORDER BY found.id;
    RETURN QUERY SELECT * FROM import_outcomes('links.link');
END
$$;

-- --- votes -------------------------------------------------------------------

CREATE FUNCTION import_django_votes()
RETURNS TABLE (outcome text, count bigint, key text, reason text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    last bigint := import_records_of('links.vote');
BEGIN
    ALTER TABLE import_rows
        ADD COLUMN voter integer, ADD COLUMN link integer, ADD COLUMN same_as integer,
        ADD COLUMN created_at timestamptz;
    UPDATE import_rows SET
        voter = import_key(coalesce(fields -> 'user', fields -> 'user_id')),
        link = import_key(coalesce(fields -> 'link', fields -> 'link_id'));
    UPDATE import_rows SET reason = CASE
        WHEN voter IS NULL THEN 'user is not a key; dump without --natural-foreign'
        WHEN link IS NULL THEN 'link is not a key; dump without --natural-foreign'
        WHEN NOT EXISTS (SELECT FROM users WHERE id = voter)
            THEN format('there is no user %s here', voter)
        WHEN NOT EXISTS (SELECT FROM links WHERE id = import_rows.link)
            THEN format('there is no link %s here', link)
        WHEN EXISTS (SELECT FROM votes WHERE id = import_rows.key)
            THEN 'a vote that was given here has this key' END
    WHERE reason IS NULL AND NOT is_known;

    -- Of several votes of a user for a link, the first is taken.
    UPDATE import_rows SET same_as = first
    FROM (SELECT v.voter AS first_voter, v.link AS first_link, coalesce(votes.id, min(v.key)) AS first
          FROM import_rows AS v LEFT JOIN votes ON votes.user_id = v.voter AND votes.link_id = v.link
          WHERE v.reason IS NULL AND NOT v.is_known
          GROUP BY v.voter, v.link, votes.id) AS others
    WHERE reason IS NULL AND NOT is_known AND voter = first_voter AND link = first_link AND key <> first;

    -- As for links: not before the link was posted and its user had joined.
    UPDATE import_rows SET created_at = least(least(oldest, now() - total) + rank, newest)
    FROM (SELECT id AS vote, is_new, max(at) OVER (ORDER BY id) AS oldest,
                 min(at) FILTER (WHERE NOT is_new) OVER (ORDER BY id DESC) AS newest,
                 count(*) OVER () * interval '1 microsecond' AS total,
                 row_number() OVER (ORDER BY id) * interval '1 microsecond' AS rank
          FROM (SELECT id, votes.created_at, false FROM votes
                UNION ALL
                SELECT new.key, greatest(links.created_at, users.date_joined), true
                FROM import_rows AS new JOIN links ON links.id = new.link
                                        JOIN users ON users.id = new.voter
                WHERE new.reason IS NULL AND NOT new.is_known AND new.same_as IS NULL
               ) AS all_votes (id, at, is_new)) AS times
    WHERE key = vote AND is_new AND reason IS NULL AND NOT is_known AND same_as IS NULL;

    INSERT INTO votes (id, user_id, link_id, created_at) OVERRIDING SYSTEM VALUE
    SELECT key, voter, link, created_at
    FROM import_rows WHERE reason IS NULL AND NOT is_known AND same_as IS NULL;
    PERFORM skip_keys('votes', last);
    ANALYZE users, user_private, credentials, links, votes;

    RETURN QUERY
        SELECT 'taken', count(*), NULL, NULL FROM import_rows
        WHERE reason IS NULL AND NOT is_known AND same_as IS NULL;
    RETURN QUERY
        SELECT 'merged', 1::bigint, key::text, format('it repeats vote %s', same_as)
        FROM import_rows WHERE same_as IS NOT NULL ORDER BY import_rows.key;
    RETURN QUERY SELECT * FROM import_outcomes('links.vote');
END
$$;
