#pragma once

namespace penholder::postgres {

// Questions to the catalogue about objects of the oids in $1 (an array); each row is the JSON that catalogue_rows
// reads.

inline constexpr const char* relations_query = R"sql(
SELECT json_build_object(
    'id', c.oid::int8, 'name', quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'kind', c.relkind,
    'temporary', c.relpersistence = 't', 'row_security', c.relrowsecurity OR c.relforcerowsecurity,
    'view_tree', (SELECT r.ev_action::text FROM pg_rewrite r
                  WHERE r.ev_class = c.oid AND c.relkind = 'v' AND r.rulename = '_RETURN'),
    'rules', (SELECT json_agg(r.rulename) FROM pg_rewrite r
              WHERE r.ev_class = c.oid AND NOT (c.relkind IN ('v', 'm') AND r.rulename = '_RETURN')),
    'not_built_in', (SELECT json_agg(what) FROM (
        SELECT 'the access method' AS what WHERE c.relam >= 16384
        UNION ALL
        SELECT 'index ' || quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indrelid = c.oid AND (x.relam >= 16384 OR 16384 <= ANY (i.indclass::oid[]))
        UNION ALL
        SELECT 'the partition key' FROM pg_partitioned_table p
        WHERE p.partrelid = c.oid AND 16384 <= ANY (p.partclass::oid[])) AS odd),
    'deferrable', (SELECT json_agg(k.conname) FROM pg_constraint k
                   WHERE k.conrelid = c.oid AND k.condeferrable AND k.contype <> 'f'),
    'triggers', (SELECT json_agg(json_build_object(
            'name', t.tgname, 'function', t.tgfoid::int8, 'deferrable', t.tgdeferrable,
            'insert', t.tgtype::int & 4 <> 0, 'delete', t.tgtype::int & 8 <> 0, 'update', t.tgtype::int & 16 <> 0))
        FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
        WHERE t.tgrelid = c.oid AND t.tgenabled <> 'D'
          AND NOT (f.oid < 16384 AND f.proname ~ '^(RI_FKey_|unique_key_recheck$)')),
    'keys', (SELECT json_agg(json_build_object(
            'name', k.conname, 'child', k.conrelid::int8, 'parent', k.confrelid::int8,
            'on_delete', k.confdeltype, 'on_update', k.confupdtype, 'deferrable', k.condeferrable))
        FROM pg_constraint k WHERE k.contype = 'f' AND (k.conrelid = c.oid OR k.confrelid = c.oid)),
    'columns', (SELECT json_agg(json_build_object(
            'name', quote_ident(a.attname), 'type', a.atttypid::int8, 'generated', a.attgenerated <> '',
            'default_tree', d.adbin::text))
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'trees', (SELECT json_agg(tree) FROM (
        SELECT k.conbin::text AS tree FROM pg_constraint k WHERE k.conrelid = c.oid AND k.conbin IS NOT NULL
        UNION ALL SELECT i.indexprs::text FROM pg_index i WHERE i.indrelid = c.oid AND i.indexprs IS NOT NULL
        UNION ALL SELECT i.indpred::text FROM pg_index i WHERE i.indrelid = c.oid AND i.indpred IS NOT NULL
        UNION ALL SELECT p.partexprs::text FROM pg_partitioned_table p
                  WHERE p.partrelid = c.oid AND p.partexprs IS NOT NULL
        UNION ALL SELECT s.stxexprs::text FROM pg_statistic_ext s WHERE s.stxrelid = c.oid AND s.stxexprs IS NOT NULL
        UNION ALL SELECT y.polqual::text FROM pg_policy y WHERE y.polrelid = c.oid AND y.polqual IS NOT NULL
        UNION ALL SELECT y.polwithcheck::text FROM pg_policy y WHERE y.polrelid = c.oid AND y.polwithcheck IS NOT NULL
        UNION ALL SELECT t.tgqual::text FROM pg_trigger t
                  WHERE t.tgrelid = c.oid AND t.tgqual IS NOT NULL AND t.tgenabled <> 'D') AS expressions),
    'operators', (SELECT json_agg(DISTINCT o::int8) FROM pg_constraint k,
            unnest(coalesce(k.conpfeqop, '{}') || coalesce(k.conppeqop, '{}') || coalesce(k.conffeqop, '{}') ||
                   coalesce(k.conexclop, '{}')) AS o
        WHERE k.conrelid = c.oid OR k.confrelid = c.oid),
    'children', (SELECT json_agg(i.inhrelid::int8) FROM pg_inherits i WHERE i.inhparent = c.oid),
    'parents', (SELECT json_agg(i.inhparent::int8) FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[]))sql";

inline constexpr const char* functions_query = R"sql(
SELECT json_build_object(
    'id', p.oid::int8, 'name', quote_ident(n.nspname) || '.' || quote_ident(p.proname),
    'built_in', p.oid < 16384 AND n.nspname = 'pg_catalog' AND l.lanname IN ('internal', 'c'),
    'volatility', p.provolatile, 'language', CASE WHEN p.prokind = 'f' THEN l.lanname ELSE 'none' END,
    'tree', p.prosqlbody::text, 'defaults', p.proargdefaults::text,
    'source', CASE WHEN l.lanname IN ('sql', 'plpgsql') THEN p.prosrc END,
    'definition', CASE WHEN l.lanname = 'plpgsql' AND p.prokind = 'f' THEN pg_get_functiondef(p.oid) END,
    'configured', p.proconfig IS NOT NULL, 'definer', p.prosecdef,
    'plain_arguments', p.proallargtypes IS NULL AND p.provariadic = 0 AND NOT EXISTS (
        SELECT FROM pg_type t WHERE t.oid = ANY (p.proargtypes::oid[]) AND t.typtype = 'p'),
    'argument_names', p.proargnames,
    'argument_types', (SELECT json_agg(format_type(a.type, NULL) ORDER BY a.at)
                       FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a (type, at)),
    'returns', p.prorettype::int8)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid = ANY ($1::oid[]))sql";

inline constexpr const char* operators_query = R"sql(
SELECT json_build_object('id', o.oid::int8, 'name', quote_ident(n.nspname) || '.' || o.oprname,
                         'function', o.oprcode::oid::int8)
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = ANY ($1::oid[]))sql";

inline constexpr const char* types_query = R"sql(
SELECT json_build_object(
    'id', t.oid::int8, 'name', quote_ident(n.nspname) || '.' || quote_ident(t.typname), 'kind', t.typtype,
    'parts', (SELECT json_agg(part::int8) FROM (
        SELECT t.typelem AS part WHERE t.typelem <> 0
        UNION ALL SELECT t.typbasetype WHERE t.typbasetype <> 0
        UNION ALL SELECT a.atttypid FROM pg_attribute a
                  WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
        UNION ALL SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = t.oid) AS parts),
    'functions', (SELECT json_agg(function::int8) FROM (
        SELECT unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze,
                            t.typsubscript]::oid[]) AS function
        UNION ALL SELECT unnest(ARRAY[r.rngcanonical, r.rngsubdiff]::oid[]) FROM pg_range r WHERE r.rngtypid = t.oid)
        AS functions WHERE function >= 16384),
    'trees', (SELECT json_agg(tree) FROM (
        SELECT k.conbin::text AS tree FROM pg_constraint k WHERE k.contypid = t.oid AND k.conbin IS NOT NULL
        UNION ALL SELECT t.typdefaultbin::text WHERE t.typdefaultbin IS NOT NULL) AS expressions),
    'own_operator_class', EXISTS (SELECT FROM pg_opclass o WHERE o.opcintype = t.oid AND o.oid >= 16384) OR
        EXISTS (SELECT FROM pg_range r WHERE r.rngtypid = t.oid AND r.rngsubopc >= 16384),
    'own_json_cast', EXISTS (SELECT FROM pg_cast c WHERE c.castsource = t.oid AND c.casttarget IN (114, 3802)
                                                     AND c.castfunc <> 0))
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = ANY ($1::oid[]))sql";

/// Without a parameter: what holds for the whole database.
inline constexpr const char* database_query = R"sql(
SELECT json_build_object(
    'own_text_search', EXISTS (SELECT FROM pg_ts_parser WHERE oid >= 16384) OR
                       EXISTS (SELECT FROM pg_ts_template WHERE oid >= 16384),
    'own_operators_in_families', EXISTS (SELECT FROM pg_amop WHERE oid >= 16384 AND amopfamily < 16384) OR
                                 EXISTS (SELECT FROM pg_amproc WHERE oid >= 16384 AND amprocfamily < 16384),
    'resolves_conflicts', coalesce(current_setting('plpgsql.variable_conflict', true), '') NOT IN ('', 'error'),
    'cast_targets', (SELECT json_agg(DISTINCT casttarget::int8) FROM pg_cast WHERE oid >= 16384 AND castfunc <> 0)))sql";

}  // namespace penholder::postgres
