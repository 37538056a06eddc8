-- audit.sql - what lets a request see or change rows that no policy is asked about.
--
--     $1  single-role mode: requests have the login role
--     $2  else the names of their roles          \
--     $3  the tables that have `rows: ALL`        > arrays of JSON; names as contracts have them
--     $4  the functions that are @trusted        /
--     $5  with the statements of --fix-sql
--
-- A row is a finding: its kind (audit.c), whom it is about, what it is about, the statement
-- that mends it, and its part of the script, where a line that begins with `--? ` is a
-- statement that somebody has to decide on.
--
-- SPDX-License-Identifier: MIT
WITH me AS (
    -- The login role, whatever role the connection has by now, and all that it may become.
    -- A superuser may become everybody: then it is itself alone.
    SELECT r.oid, r.rolname, r.rolsuper, r.rolbypassrls, r.oid = l.oid AS is_login
    FROM pg_roles l JOIN pg_roles r
        ON r.oid = l.oid OR NOT l.rolsuper AND pg_has_role(l.oid, r.oid, 'MEMBER')
    WHERE l.rolname = session_user
),
request AS (
    SELECT oid, rolname FROM pg_roles
    WHERE NOT rolsuper AND CASE WHEN $1::boolean THEN rolname = session_user
                                ELSE rolname IN (SELECT jsonb_array_elements_text($2::jsonb)) END
),
-- Each of them with all whose rights it has or may take on.
power AS (
    SELECT q.oid AS request, q.rolname, m.oid AS role
    FROM request q JOIN pg_roles m ON pg_has_role(q.oid, m.oid, 'MEMBER')
),
space AS (
    SELECT oid, nspname, coalesce(nspname = current_schema(), false) AS is_first
    FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
),
relation AS (
    SELECT c.oid, c.relkind, c.relowner, c.relacl, c.relrowsecurity AS is_enabled,
           c.relforcerowsecurity AS is_forced,
           CASE WHEN s.is_first THEN '' ELSE s.nspname || '.' END || c.relname AS name,
           format('%I.%I', s.nspname, c.relname) AS sql_name, c.relname,
           $1::boolean AND c.relowner IN (SELECT oid FROM me) AS needs_force,
           EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attacl IS NOT NULL)
               AS has_column_rights,
           coalesce((SELECT option_value::boolean FROM pg_options_to_table(c.reloptions)
                     WHERE option_name = 'security_invoker'), false) AS is_invoker
    FROM pg_class c JOIN space s ON s.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.objid = c.oid AND d.deptype = 'e')
),
verb (verb, is_by_column) AS (
    VALUES ('SELECT', true), ('INSERT', true), ('UPDATE', true), ('DELETE', false),
           ('TRUNCATE', false)
),
-- Who may do what, by itself, by PUBLIC, by membership, as owner, or in some columns.
may AS MATERIALIZED (
    SELECT DISTINCT r.oid, p.request, p.rolname, v.verb
    FROM relation r CROSS JOIN power p CROSS JOIN verb v
    WHERE CASE WHEN has_table_privilege(p.role, r.oid, v.verb) THEN true
               WHEN r.has_column_rights AND v.is_by_column
               THEN has_any_column_privilege(p.role, r.oid, v.verb) ELSE false END
),
reached AS MATERIALIZED (
    SELECT r.*, m.who, m.readers, m.writers, m.truncaters, m.strangers,
           EXISTS (SELECT FROM jsonb_array_elements_text($3::jsonb) AS n(name) WHERE n.name = r.name
                   OR n.name IN (SELECT a.name FROM pg_partition_ancestors(r.oid) AS p(oid)
                                 JOIN relation a ON a.oid = p.oid AND NOT a.is_enabled))
               AS is_for_all
    FROM relation r JOIN (
        SELECT m.oid,
               string_agg(DISTINCT quote_ident(m.rolname), ', ') FILTER (WHERE verb <> 'TRUNCATE') AS who,
               string_agg(DISTINCT quote_ident(m.rolname), ', ') FILTER (WHERE verb = 'SELECT') AS readers,
               string_agg(DISTINCT quote_ident(m.rolname), ', ') FILTER (WHERE verb <> 'SELECT') AS writers,
               string_agg(DISTINCT quote_ident(m.rolname), ', ') FILTER (
                   WHERE verb = 'TRUNCATE' AND NOT pg_has_role(m.request, o.relowner, 'MEMBER')) AS truncaters,
               -- Those whom a view gives rights that they do not have.
               string_agg(DISTINCT quote_ident(m.rolname), ', ')
                   FILTER (WHERE NOT pg_has_role(m.request, o.relowner, 'MEMBER')) AS strangers
        FROM may m JOIN relation o ON o.oid = m.oid GROUP BY m.oid
    ) m ON m.oid = r.oid
),
-- --- rights as they were granted ---
given AS MATERIALIZED (
    SELECT r.oid, a.grantee, a.privilege_type AS verb, NULL AS in_column
    FROM reached r CROSS JOIN LATERAL aclexplode(coalesce(r.relacl, acldefault('r', r.relowner))) a
    WHERE $5::boolean
    UNION ALL
    SELECT r.oid, a.grantee, a.privilege_type, t.attname
    FROM reached r JOIN pg_attribute t ON t.attrelid = r.oid AND t.attacl IS NOT NULL
    CROSS JOIN LATERAL aclexplode(t.attacl) a WHERE $5::boolean AND t.attname !~ '[\n\r]'
    UNION ALL
    SELECT r.oid, o.oid, v.verb, NULL
    FROM reached r CROSS JOIN pg_roles o JOIN verb v
        ON o.rolname = CASE WHEN v.verb = 'SELECT' THEN 'pg_read_all_data'
                            WHEN v.verb <> 'TRUNCATE' THEN 'pg_write_all_data' END
    WHERE $5::boolean AND EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = o.oid)
),
in_columns AS MATERIALIZED (
    SELECT c.oid, c.grantee,
           string_agg(format('%s (%s)', c.verb, c.columns), ', ' ORDER BY c.verb) AS on_columns
    FROM (SELECT oid, grantee, verb,
                 string_agg(quote_ident(in_column), ', ' ORDER BY in_column) AS columns
          FROM given WHERE in_column IS NOT NULL GROUP BY oid, grantee, verb) c
    GROUP BY c.oid, c.grantee
),
-- Everybody who has rights: a request's role itself, one that such a role belongs to, PUBLIC,
-- or somebody else, for whom all is to stay as it was.
grantee AS MATERIALIZED (
    SELECT g.oid, g.grantee,
           CASE WHEN g.grantee = 0 THEN 'public'
                WHEN g.grantee IN (SELECT oid FROM request) THEN 'request'
                WHEN g.grantee IN (SELECT role FROM power) THEN 'shared'
                WHEN g.grantee IN (SELECT oid FROM me WHERE is_login) THEN 'login'
                WHEN g.grantee = o.relowner THEN 'owner' ELSE 'other' END AS class,
           CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END
               AS name,
           array_agg(DISTINCT g.verb) AS verbs,
           string_agg(DISTINCT g.verb, ', ') FILTER (WHERE g.in_column IS NULL) AS on_all,
           min(c.on_columns) AS on_columns
    FROM given g JOIN relation o ON o.oid = g.oid
    LEFT JOIN in_columns c ON c.oid = g.oid AND c.grantee = g.grantee
    GROUP BY g.oid, g.grantee, o.relowner
),
-- Whom PUBLIC stands for besides those that requests have.
others AS (
    SELECT string_agg(quote_ident(rolname), ', ' ORDER BY rolname) AS names
    FROM pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_'
      AND oid NOT IN (SELECT oid FROM request) AND oid NOT IN (SELECT oid FROM me WHERE is_login)
),
-- --- what is said of a relation in the script ---
-- Policies that keep for a class of roles what each of them does now.
kept AS (
    SELECT g.oid, g.class, g.sort, format('CREATE POLICY %I ON %s%s TO %s%s%s;',
        'as_before' || CASE g.class WHEN 'other' THEN '' ELSE '_' || g.class END
            || coalesce('_' || lower(g.verb), '')
            || (SELECT CASE WHEN count(*) > 0 THEN '_' || count(*) ELSE '' END
                FROM pg_policy p WHERE p.polrelid = g.oid AND p.polname ~ '^as_before'),
        r.sql_name, coalesce(' FOR ' || g.verb, ''), string_agg(g.name, ', ' ORDER BY g.name),
        CASE WHEN g.verb = 'INSERT' THEN '' ELSE ' USING (true)' END,
        CASE WHEN g.verb IN ('SELECT', 'DELETE') THEN '' ELSE ' WITH CHECK (true)' END) AS line
    FROM (SELECT g.oid, CASE g.class WHEN 'owner' THEN 'other' ELSE g.class END AS class,
                 CASE WHEN g.class = 'public' THEN (SELECT names FROM others) ELSE g.name END AS name,
                 v.verb, v.sort
          FROM grantee g JOIN reached o ON o.oid = g.oid CROSS JOIN (VALUES (NULL, 0), ('SELECT', 1), ('INSERT', 2), ('UPDATE', 3),
                                            ('DELETE', 4)) v(verb, sort)
          WHERE (g.class IN ('other', 'shared', 'public') OR g.class = 'owner' AND o.is_forced)
            AND CASE WHEN g.verbs @> '{SELECT,INSERT,UPDATE,DELETE}' THEN v.verb IS NULL
                     ELSE v.verb = ANY (g.verbs) END) g
    JOIN reached r ON r.oid = g.oid
    WHERE g.name IS NOT NULL
    GROUP BY g.oid, g.class, g.verb, g.sort, r.sql_name
),
keeping AS (
    SELECT oid,
           coalesce(string_agg(line || E'\n', '' ORDER BY sort)
                    FILTER (WHERE class = 'other'), '') AS policies,
           coalesce(E'-- Linnet''s requests belong to a role that has rights here. Once they do '
                    || E'not any more:\n' || string_agg('--? ' || line || E'\n', '' ORDER BY sort)
                    FILTER (WHERE class = 'shared'), '')
           || coalesce(E'-- PUBLIC has rights here. Who uses them besides requests? These could:\n'
                    || string_agg('--? ' || line || E'\n', '' ORDER BY sort)
                    FILTER (WHERE class = 'public'), '') AS questions
    FROM kept GROUP BY oid
),
-- Statements that take a relation from requests, with these rights alone (NULL: all).
taking AS (
    SELECT r.oid, w.rights,
           coalesce('REVOKE ' || coalesce(w.rights, 'ALL') || ' ON ' || r.sql_name || ' FROM '
               || string_agg(g.name, ', ' ORDER BY g.name) FILTER (WHERE g.class = 'request')
               || E';\n', '')
           || CASE WHEN bool_or(g.class = 'public') THEN
                  format(E'-- PUBLIC has rights on it. Who uses them besides requests?\n'
                      || E'--? REVOKE %s ON %s FROM PUBLIC;\n', coalesce(w.rights, 'ALL'), r.sql_name)
                  || CASE WHEN o.names IS NULL THEN '' ELSE format(E'--? GRANT %s ON %s TO %s;\n',
                      min(concat_ws(', ', g.on_all, g.on_columns)) FILTER (WHERE g.class = 'public'),
                      r.sql_name, o.names) END ELSE '' END AS lines
    FROM reached r JOIN grantee g ON g.oid = r.oid CROSS JOIN others o
    CROSS JOIN (VALUES (NULL), ('INSERT, UPDATE, DELETE, TRUNCATE')) w(rights)
    WHERE g.class IN ('request', 'public')
      AND (w.rights IS NULL OR g.verbs && '{INSERT,UPDATE,DELETE,TRUNCATE}')
    GROUP BY r.oid, w.rights, r.sql_name, o.names
),
-- --- functions that run with the rights of their owner ---
-- An aggregate asks its owner, and nobody else, whether its functions may be called.
definer AS (
    SELECT f.oid, f.proowner FROM pg_proc f WHERE f.prosecdef
    UNION
    SELECT a.aggfnoid::oid, f.proowner FROM pg_aggregate a JOIN pg_proc f
        ON f.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
                     a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)
    WHERE f.prosecdef
),
callable AS MATERIALIZED (
    SELECT f.oid, f.proacl, f.proowner,
           CASE WHEN s.is_first THEN '' ELSE s.nspname || '.' END || f.proname AS name,
           oidvectortypes(f.proargtypes) AS types,
           format('%I.%I(%s)', s.nspname, f.proname, pg_get_function_identity_arguments(f.oid))
               AS sql_name,
           (SELECT string_agg(DISTINCT quote_ident(p.rolname), ', ') FROM power p
            WHERE has_function_privilege(p.role, f.oid, 'EXECUTE')
              AND NOT pg_has_role(p.request, d.proowner, 'MEMBER')) AS who
    FROM definer d JOIN pg_proc f ON f.oid = d.oid JOIN space s ON s.oid = f.pronamespace
    WHERE f.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                      AND d.objid = f.oid AND d.deptype = 'e')
),
untrusted AS (
    SELECT f.*, format('%s(%s)', f.name, f.types) AS signature
    FROM callable f WHERE f.who IS NOT NULL AND NOT EXISTS (
        SELECT FROM jsonb_array_elements_text($4::jsonb) AS t(name)
        WHERE t.name = f.name
           OR replace(t.name, ' ', '') = replace(format('%s(%s)', f.name, f.types), ' ', ''))
),
untaking AS (
    SELECT u.oid,
           coalesce('REVOKE EXECUTE ON ROUTINE ' || u.sql_name || ' FROM '
               || string_agg(quote_ident(q.rolname), ', ' ORDER BY q.rolname) || E';\n', '')
           || CASE WHEN bool_or(a.grantee = 0) THEN
               format(E'-- PUBLIC may call it. Who does besides requests?\n'
                      || E'--? REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC;\n', u.sql_name)
               || CASE WHEN o.names IS NULL THEN ''
                  ELSE format(E'--? GRANT EXECUTE ON ROUTINE %s TO %s;\n', u.sql_name, o.names) END
              ELSE '' END AS lines
    FROM untrusted u
    CROSS JOIN LATERAL aclexplode(coalesce(u.proacl, acldefault('f', u.proowner))) a
    LEFT JOIN request q ON q.oid = a.grantee CROSS JOIN others o
    WHERE $5::boolean
    GROUP BY u.oid, u.sql_name, o.names
),
-- --- memberships of the roles that are Linnet's own ---
link AS (
    SELECT q.oid AS member, q.rolname AS member_name, m.roleid,
           format('REVOKE %I FROM %I;', pg_get_userbyid(m.roleid), q.rolname) AS line
    FROM (SELECT oid, rolname FROM request UNION SELECT oid, rolname FROM me WHERE is_login) q
    JOIN pg_auth_members m ON m.member = q.oid
    WHERE m.roleid NOT IN (SELECT oid FROM request)
),
finding (kind, who, what, mend, script) AS (
    SELECT CASE WHEN m.rolsuper THEN 'superuser' ELSE 'bypass' END, '', m.rolname,
           CASE WHEN m.is_login THEN format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS;', m.rolname)
                ELSE (SELECT min(l.line) FROM link l WHERE pg_has_role(l.roleid, m.oid, 'MEMBER')) END,
           CASE WHEN m.is_login THEN
               format(E'-- Log in as another role, or change this one:\n'
                      || E'--? ALTER ROLE %I NOSUPERUSER NOBYPASSRLS;\n', m.rolname)
                ELSE (SELECT string_agg(l.line || E'\n', '' ORDER BY l.line) FROM link l
                      WHERE pg_has_role(l.roleid, m.oid, 'MEMBER')) END
    FROM me m WHERE m.rolsuper OR m.rolbypassrls
    UNION ALL
    SELECT 'owner', m.rolname, r.name,
           CASE WHEN m.is_login THEN format('ALTER TABLE %s OWNER TO ...;', r.sql_name)
                ELSE (SELECT min(l.line) FROM link l WHERE pg_has_role(l.roleid, m.oid, 'MEMBER')) END,
           CASE WHEN m.is_login THEN
               format(E'-- Log in as a role that owns nothing, or give this one''s table to another:\n'
                      || E'-- ALTER TABLE %s OWNER TO ...;\n', r.sql_name)
                ELSE (SELECT string_agg(l.line || E'\n', '' ORDER BY l.line) FROM link l
                      WHERE pg_has_role(l.roleid, m.oid, 'MEMBER')) END
    FROM me m JOIN relation r ON r.relowner = m.oid
    WHERE NOT $1::boolean AND r.relkind IN ('r', 'p')
    UNION ALL
    SELECT 'open', r.who, r.name,
           format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY%s;', r.sql_name,
                  CASE WHEN r.needs_force THEN ', FORCE ROW LEVEL SECURITY' ELSE '' END),
           format(E'ALTER TABLE %s ENABLE ROW LEVEL SECURITY%s;\n%s'
                  || E'-- Which rows do requests see?\n'
                  || E'-- CREATE POLICY %I ON %s FOR SELECT TO %s USING (...);\n%s',
                  r.sql_name, CASE WHEN r.needs_force THEN ', FORCE ROW LEVEL SECURITY' ELSE '' END,
                  k.policies, r.relname || '_read', r.sql_name, r.who,
                  coalesce(k.questions, '')
                  || CASE WHEN EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = r.oid)
                          THEN E'-- It has policies already, and they hold from now on.\n' ELSE '' END)
    FROM reached r LEFT JOIN keeping k ON k.oid = r.oid
    WHERE r.relkind IN ('r', 'p') AND r.who IS NOT NULL AND NOT r.is_enabled AND NOT r.is_for_all
    UNION ALL
    SELECT 'unforced', r.who, r.name, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY;', r.sql_name),
           format(E'ALTER TABLE %s FORCE ROW LEVEL SECURITY;\n', r.sql_name)
    FROM reached r
    WHERE r.relkind IN ('r', 'p') AND r.who IS NOT NULL AND r.needs_force AND r.is_enabled
      AND NOT r.is_forced
    UNION ALL
    SELECT 'writable', r.writers, r.name,
           format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %s FROM %s;', r.sql_name, r.writers),
           t.lines
    FROM reached r LEFT JOIN taking t ON t.oid = r.oid AND t.rights IS NOT NULL
    WHERE r.writers IS NOT NULL AND r.is_for_all
      AND CASE WHEN r.relkind IN ('r', 'p') THEN NOT r.is_enabled
               WHEN r.relkind = 'v' THEN NOT r.is_invoker AND r.strangers IS NOT NULL
               ELSE r.relkind = 'f' END
    UNION ALL
    -- A view that nobody else uses can be made to ask for the rights of who reads it.
    SELECT 'view', r.strangers, r.name,
           CASE WHEN v.is_ours_alone THEN format('ALTER VIEW %s SET (security_invoker = true);', r.sql_name)
                ELSE format('REVOKE ALL ON %s FROM %s;', r.sql_name, r.strangers) END,
           CASE WHEN v.is_ours_alone
                THEN format(E'ALTER VIEW %s SET (security_invoker = true);\n', r.sql_name)
                ELSE E'-- Others use it too, and with security_invoker they might see less.\n' || t.lines END
    FROM reached r LEFT JOIN taking t ON t.oid = r.oid AND t.rights IS NULL
    CROSS JOIN LATERAL (
        SELECT current_setting('server_version_num')::integer >= 150000
           AND NOT EXISTS (SELECT FROM aclexplode(coalesce(r.relacl, acldefault('r', r.relowner))) a
                           WHERE a.grantee <> r.relowner AND a.grantee NOT IN (SELECT oid FROM request))
           AND NOT r.has_column_rights
           AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
                           WHERE d.classid = 'pg_rewrite'::regclass
                             AND d.refclassid = 'pg_class'::regclass AND d.refobjid = r.oid
                             AND w.ev_class <> r.oid) AS is_ours_alone) v
    WHERE r.relkind = 'v' AND NOT r.is_invoker AND r.strangers IS NOT NULL AND NOT r.is_for_all
    UNION ALL
    SELECT 'stored', r.who, r.name, format('REVOKE ALL ON %s FROM %s;', r.sql_name, r.who), t.lines
    FROM reached r LEFT JOIN taking t ON t.oid = r.oid AND t.rights IS NULL
    WHERE r.relkind IN ('m', 'f') AND r.who IS NOT NULL AND NOT r.is_for_all
    UNION ALL
    SELECT 'rule', string_agg(DISTINCT quote_ident(m.rolname), ', '), r.name || '.' || w.rulename,
           format('DROP RULE %I ON %s;', w.rulename, r.sql_name),
           format(E'-- Make it a trigger, or do without it:\n--? DROP RULE %I ON %s;\n',
                  w.rulename, r.sql_name)
    FROM reached r JOIN pg_rewrite w ON w.ev_class = r.oid AND w.ev_type IN ('2', '3', '4')
    JOIN may m ON m.oid = r.oid
        AND m.verb = CASE w.ev_type WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT' ELSE 'DELETE' END
    WHERE r.relkind IN ('r', 'p', 'f') AND NOT pg_has_role(m.request, r.relowner, 'MEMBER')
    GROUP BY r.name, r.sql_name, w.rulename
    UNION ALL
    SELECT 'definer', u.who, u.signature,
           format('REVOKE EXECUTE ON ROUTINE %s FROM %s;', u.sql_name, 'PUBLIC, ' || u.who),
           format(E'-- If requests may call it, say so in the contract: @trusted on its field, or\n'
                  || E'-- extend schema @trusted(functions: ["%s"]). If not:\n', u.signature)
           || t.lines
    FROM untrusted u LEFT JOIN untaking t ON t.oid = u.oid
    UNION ALL
    SELECT 'truncate', r.truncaters, r.name, format('REVOKE TRUNCATE ON %s FROM %s;', r.sql_name, r.truncaters),
           NULL
    FROM reached r
    WHERE r.truncaters IS NOT NULL AND NOT r.is_for_all AND r.relkind IN ('r', 'p', 'f')
    UNION ALL
    SELECT 'closed', r.readers, r.name,
           format('CREATE POLICY %I ON %s FOR SELECT TO %s USING (...);', r.relname || '_read',
                  r.sql_name, r.readers), NULL
    FROM reached r
    WHERE r.is_enabled AND r.readers IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_policy p JOIN power w ON 0 = ANY (p.polroles) OR EXISTS (
            SELECT FROM unnest(p.polroles) AS o(oid)
            WHERE o.oid <> 0 AND pg_has_role(w.request, o.oid, 'USAGE'))
        WHERE p.polrelid = r.oid AND p.polcmd IN ('r', '*') AND p.polpermissive
          AND pg_get_expr(p.polqual, p.polrelid) IS DISTINCT FROM 'false')
    UNION ALL
    -- A policy that is for everybody, or for a role that the owner belongs to, may hide its rows.
    SELECT 'forced', quote_ident(o.rolname), r.name,
           format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY;', r.sql_name), NULL
    FROM reached r JOIN pg_roles o ON o.oid = r.relowner
    WHERE NOT $1::boolean AND r.is_enabled AND r.is_forced AND r.who IS NOT NULL
      AND r.relkind IN ('r', 'p') AND NOT (o.rolsuper OR o.rolbypassrls) AND NOT EXISTS (
        SELECT FROM pg_policy p
        WHERE p.polrelid = r.oid AND p.polcmd IN ('r', '*') AND p.polpermissive
          AND (r.relowner = ANY (p.polroles) OR pg_get_expr(p.polqual, p.polrelid) = 'true'
               AND (0 = ANY (p.polroles) OR EXISTS (
                   SELECT FROM unnest(p.polroles) AS q(oid)
                   WHERE q.oid <> 0 AND pg_has_role(r.relowner, q.oid, 'USAGE')))))
    UNION ALL
    SELECT 'guarded', r.who, r.name, NULL, NULL
    FROM reached r WHERE r.is_for_all AND r.is_enabled AND r.who IS NOT NULL
    UNION ALL
    SELECT 'encoding', '', pg_encoding_to_char(encoding), NULL, NULL
    FROM pg_database WHERE datname = current_database() AND pg_encoding_to_char(encoding) <> 'UTF8'
    UNION ALL
    SELECT 'ctype', '', datctype, NULL, NULL
    FROM pg_database d WHERE datname = current_database() AND datctype IN ('C', 'POSIX')
      AND coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c'
)
-- A line break in a name would end the comments that the script has.
SELECT f.kind, f.who, regexp_replace(f.what, '[\n\r]+', ' ', 'g'), f.mend,
       CASE WHEN $5::boolean AND f.what ~ '[\n\r]'
            THEN E'-- Its name has a line break: write the statements for it by hand.\n'
            WHEN $5::boolean THEN f.script END
FROM (
    SELECT * FROM finding
    UNION ALL
    SELECT 'member', '', l.member_name, l.line,
           format(E'-- %s belongs to another role, and so has its rights. Need it?\n--? %s\n',
                  l.member_name, l.line)
    FROM link l
    WHERE $5::boolean AND l.member IN (SELECT oid FROM request)
      AND EXISTS (SELECT FROM finding WHERE kind IN ('open', 'view', 'stored', 'writable', 'definer',
                                                     'rule'))
) f
ORDER BY array_position('{superuser,bypass,member,owner,open,unforced,writable,view,stored,rule,definer,encoding,ctype,truncate,closed,forced,guarded}',
                        f.kind), f.who, f.what COLLATE "C"
