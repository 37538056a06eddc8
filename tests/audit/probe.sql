-- probe.sql - what a role sees and changes, tried.
--
-- SPDX-License-Identifier: MIT
CREATE SCHEMA probe;
GRANT USAGE ON SCHEMA probe TO PUBLIC;

-- All rows, as a superuser sees them: `table|id|name|note`.
CREATE FUNCTION probe.state() RETURNS text[]
LANGUAGE plpgsql
AS $$
DECLARE
    relation regclass;
    one      text[];
    found    text[] := '{}';
BEGIN
    FOR relation IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'side') ORDER BY c.oid LOOP
        EXECUTE format('SELECT array_agg(concat_ws(''|'', %L, id, name, note)) FROM %s',
                       relation, relation) INTO one;
        found := found || one;
    END LOOP;
    RETURN found;
END
$$;

-- Run a statement as somebody, and undo it: the names it gave, and the rows that were there
-- afterwards; or the error.
CREATE FUNCTION probe.try(who text, kind text, statement text) RETURNS jsonb
LANGUAGE plpgsql
AS $$
DECLARE
    found text[];
    after text[];
BEGIN
    PERFORM set_config('role', who, true);
    IF kind IN ('read', 'call') THEN
        EXECUTE format('SELECT array_agg(s.name) FROM (%s) s(name)', statement) INTO found;
    ELSIF kind = 'returning' THEN
        EXECUTE format('WITH w AS (%s RETURNING name) SELECT array_agg(w.name) FROM w', statement) INTO found;
    ELSE
        EXECUTE statement;
    END IF;
    PERFORM set_config('role', 'none', true);
    IF kind <> 'read' THEN
        after := probe.state();
    END IF;
    RAISE SQLSTATE 'UNDO1';
EXCEPTION
    WHEN SQLSTATE 'UNDO1' THEN
        RETURN jsonb_build_object('found', coalesce(found, '{}'), 'after', after);
    WHEN OTHERS THEN
        RETURN jsonb_build_object('error', SQLSTATE);
END
$$;

-- The tables with their policies, the rows, and who belongs to whom.
CREATE FUNCTION probe.model() RETURNS jsonb
LANGUAGE sql
AS $$
    SELECT jsonb_build_object(
        'state', probe.state(),
        'tables', (SELECT jsonb_object_agg(c.oid::regclass, jsonb_build_object(
                'isEnabled', c.relrowsecurity,
                'parent', (SELECT i.inhparent::regclass FROM pg_inherits i WHERE i.inhrelid = c.oid),
                'policies', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'verb', p.polcmd, 'isPermissive', p.polpermissive,
                        'roles', (SELECT jsonb_agg(CASE WHEN o = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(o) END)
                                  FROM unnest(p.polroles) o),
                        'using', pg_get_expr(p.polqual, p.polrelid),
                        'check', pg_get_expr(p.polwithcheck, p.polrelid))), '[]')
                    FROM pg_policy p WHERE p.polrelid = c.oid)))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'side')),
        'members', (SELECT coalesce(jsonb_agg(jsonb_build_array(pg_get_userbyid(member), pg_get_userbyid(roleid),
                        pg_has_role(member, roleid, 'USAGE'))), '[]')
                    FROM pg_auth_members))
$$;
