-- accounts_after.sql - how a user of the shop is made: one of the first tenant.
--
-- SPDX-License-Identifier: MIT

DROP FUNCTION account_create(text, text, text);
CREATE FUNCTION account_create(username text, password_hash text, email text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, extensions, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    before text := set_internal('on');
    key    uuid := gen_random_uuid();
BEGIN
    INSERT INTO users (id, tenant_id, email, username, role, is_active, created_at)
    SELECT key, id, account_create.email, account_create.username, 'Ordinary user', true, now()
    FROM tenants ORDER BY id LIMIT 1;
    INSERT INTO user_private (user_id, email) VALUES (key, account_create.email);
    INSERT INTO credentials (user_id, password_hash) VALUES (key, account_create.password_hash);
    PERFORM set_internal(before);
    RETURN key;
END
$$;
GRANT EXECUTE ON FUNCTION account_create(text, text, text) TO linnet_anon;
