-- 021_requests.sql - what was answered to requests that may be sent again.
--
-- A field of Mutation with @idempotent may be sent with a key, which the client makes up.  The
-- write's transaction first claims the key, and at its end keeps the answer with it:
--
--     linnet_claim_request   is the key new, or what was answered to it?
--     linnet_keep_answer     before COMMIT: the answer
--
-- So both are there or neither is, whatever becomes of the connection.  Whoever claims a key that
-- another transaction has claimed waits until that one ends.
--
-- The file needs nothing but this: it serves any database that Linnet serves.  Grant both functions
-- to each role that signed-in users have, and name them in the contract's @trusted.
--
-- SPDX-License-Identifier: MIT

CREATE TABLE linnet_requests (
    user_id    text COLLATE "C" NOT NULL,       -- linnet.user_id
    key        text COLLATE "C" NOT NULL,
    field      integer NOT NULL,                -- its place in the operation, from 0
    hash       text COLLATE "C" NOT NULL,       -- of the document and the variables
    answer     text,                            -- the field's value as JSON; null until it is known
    errors     text,                            -- members of `errors`, as JSON; null: there was none
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key, field)
);
CREATE INDEX linnet_requests_created_at_idx ON linnet_requests (created_at);

-- No role of a request has any right to the table.  Where the owner serves, too, its functions see
-- the signed-in user's rows and those that are to be removed.
ALTER TABLE linnet_requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY linnet_requests_own ON linnet_requests
    USING (user_id = current_setting('linnet.user_id', true)
           OR created_at < now() - interval '24 hours')
    WITH CHECK (user_id = current_setting('linnet.user_id', true));

-- Claim the key for the signed-in user.  `outcome`:
--
--     new     nobody has: the write is to be done
--     same    it was done: `answer` and `errors` are what was answered
--     other   the key was sent with another document or other variables
--
-- Keys are kept for 24 hours at least; more of them are removed here than one.  (No row: the key's
-- row was removed just now.)
CREATE FUNCTION linnet_claim_request(key text, field integer, hash text)
RETURNS TABLE (outcome text, answer text, errors text)
LANGUAGE sql ROWS 1 SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    DELETE FROM linnet_requests WHERE ctid = ANY (ARRAY(
        SELECT old.ctid FROM linnet_requests AS old
        WHERE old.created_at < now() - interval '24 hours'
        ORDER BY old.created_at LIMIT 10 FOR UPDATE SKIP LOCKED));
    INSERT INTO linnet_requests (user_id, key, field, hash)
    VALUES (current_setting('linnet.user_id', true), linnet_claim_request.key,
            linnet_claim_request.field, linnet_claim_request.hash)
    ON CONFLICT DO NOTHING;
    SELECT CASE WHEN r.answer IS NULL THEN 'new'
                WHEN r.hash = linnet_claim_request.hash THEN 'same'
                ELSE 'other' END,
           CASE WHEN r.hash = linnet_claim_request.hash THEN r.answer END,
           CASE WHEN r.hash = linnet_claim_request.hash THEN r.errors END
    FROM linnet_requests AS r
    WHERE r.user_id = current_setting('linnet.user_id', true)
      AND r.key = linnet_claim_request.key AND r.field = linnet_claim_request.field;
END;

-- Keep what is answered to the key, which the transaction has claimed.
CREATE FUNCTION linnet_keep_answer(key text, field integer, answer text, errors text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    UPDATE linnet_requests AS r
    SET answer = linnet_keep_answer.answer, errors = linnet_keep_answer.errors
    WHERE r.user_id = current_setting('linnet.user_id', true)
      AND r.key = linnet_keep_answer.key AND r.field = linnet_keep_answer.field
      AND r.answer IS NULL;
END;

REVOKE ALL ON FUNCTION linnet_claim_request(text, integer, text),
                       linnet_keep_answer(text, integer, text, text) FROM PUBLIC;
DO $$
DECLARE
    role text;
BEGIN
    FOR role IN SELECT rolname FROM pg_roles WHERE rolname IN ('linnet_user', 'linnet_staff') LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION linnet_claim_request(text, integer, text), '
                       'linnet_keep_answer(text, integer, text, text) TO %I', role);
    END LOOP;
END
$$;
