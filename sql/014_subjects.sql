-- 014_subjects.sql - who signs in elsewhere: which of our users a subject of another issuer is.
--
-- The server asks account_of_subject() for a token of another issuer, and remembers the answer
-- for at most a minute.  Whom it does not know is nobody here; a function that signs such users up
-- finds them in the settings linnet.issuer and linnet.subject.
--
-- SPDX-License-Identifier: MIT

CREATE TABLE subjects (
    issuer     text        NOT NULL CHECK (issuer <> '' AND char_length(issuer) <= 1023),
    subject    text        NOT NULL CHECK (subject <> '' AND octet_length(subject) <= 255),
    user_id    integer     NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX ON subjects (user_id);
COMMENT ON TABLE subjects IS 'users of other issuers, who are users here';

-- Only the functions below read and write it.
ALTER TABLE subjects ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY subjects_owner ON subjects TO CURRENT_USER USING (is_internal());

-- The user that the subject is; null when there is none, or the account is disabled.
CREATE FUNCTION account_of_subject(issuer text, subject text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
    key    integer;
BEGIN
    SELECT credentials.user_id INTO key
    FROM subjects JOIN credentials USING (user_id)
    WHERE subjects.issuer = account_of_subject.issuer
      AND subjects.subject = account_of_subject.subject
      AND NOT credentials.is_disabled;
    PERFORM set_internal(before);
    RETURN key;
END
$$;

-- For the operator: from now on the subject is this user.  LN404 when there is no such user.
CREATE FUNCTION account_link_subject(username text, issuer text, subject text) RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
DECLARE
    before text := set_internal('on');
    key    integer := (SELECT id FROM users
                       WHERE users.username = normalize(account_link_subject.username, NFKC));
BEGIN
    IF key IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LN404', MESSAGE = 'There is no such user.';
    END IF;
    INSERT INTO subjects (issuer, subject, user_id)
    VALUES (account_link_subject.issuer, account_link_subject.subject, key)
    ON CONFLICT ON CONSTRAINT subjects_pkey DO UPDATE SET user_id = key;
    PERFORM set_internal(before);
    RETURN key;
END
$$;

DO $$
BEGIN
    IF NOT is_single_role() THEN
        GRANT EXECUTE ON FUNCTION account_of_subject(text, text) TO linnet_anon;
    END IF;
END
$$;
