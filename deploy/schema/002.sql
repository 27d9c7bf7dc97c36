-- Version 2 of schema penholder: a slot of the fence for each connection that writes, and a stamp of the catalogue.
-- Everything that version 1 holds stays as it is.

INSERT INTO penholder.schema_version (version) VALUES (2);

-- Slot 0 is the lane's, the others are the sessions': each transaction that writes locks its connection's slot, so no
-- two share a lock on one row. Slot 0 carries the whole record, the others the term only. The holder is the backend of
-- the connection that took the slot last: what an earlier one of the same term still receives is refused.
ALTER TABLE penholder.fence ADD COLUMN slot integer NOT NULL DEFAULT 0, ADD COLUMN holder integer;
ALTER TABLE penholder.fence DROP CONSTRAINT fence_pkey;
ALTER TABLE penholder.fence ADD CONSTRAINT fence_pkey PRIMARY KEY (grp, slot);
INSERT INTO penholder.fence (grp, slot, term)
SELECT f.grp, s.slot, f.term FROM penholder.fence f, pg_catalog.generate_series(1, 64) AS s (slot);

-- Which database this is. A standby is the same one as its primary, and stays so when it is promoted; one that was made
-- anew, on another server or on this one, is another, whatever was copied into it.
CREATE FUNCTION penholder.identity() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s/%s', (SELECT c.system_identifier FROM pg_control_system() c), d.oid)
    FROM pg_database d WHERE d.datname = current_database()
$$;

CREATE OR REPLACE FUNCTION penholder.standing(in_group text)
RETURNS TABLE (term bigint, leader text, endpoint text, fenced_at text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.term, f.leader, f.endpoint,
           coalesce(to_char(f.fenced_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '')
    FROM penholder.fence f WHERE f.grp = in_group AND f.slot = 0
$$;

CREATE OR REPLACE FUNCTION penholder.enroll(in_group text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'INSERT INTO penholder.fence (grp, slot) SELECT in_group, generate_series(0, 64) ON CONFLICT DO NOTHING';

-- True when the fence now stands at the term asked for. A newer term waits for every transaction that holds a slot, so
-- when it returns true nothing of an older term can still commit. The term that stands, confirmed by its own leader,
-- waits for slot 0 only: no earlier connection of the lane can still commit, and the sessions go on. Who raises the
-- fence or confirms it holds slot 0. Nothing is raised in another database than the one that is meant, where one is.
DROP FUNCTION penholder.raise_fence(text, bigint, text, text);
CREATE FUNCTION penholder.raise_fence(in_group text, in_term bigint, in_leader text, in_endpoint text,
                                      in_database text DEFAULT '')
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before bigint;
BEGIN
    IF in_database <> '' AND in_database <> penholder.identity() THEN
        RETURN false;
    END IF;
    SELECT f.term INTO before FROM penholder.fence f
    WHERE f.grp = in_group AND f.slot = 0
      AND (f.term < in_term OR (f.term = in_term AND f.leader = in_leader AND f.endpoint = in_endpoint))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF before = in_term THEN
        UPDATE penholder.fence f SET holder = pg_backend_pid() WHERE f.grp = in_group AND f.slot = 0;
        RETURN true;
    END IF;
    PERFORM FROM penholder.fence f WHERE f.grp = in_group AND f.slot > 0 ORDER BY f.slot FOR NO KEY UPDATE;
    UPDATE penholder.fence f SET term = in_term WHERE f.grp = in_group AND f.slot > 0;
    UPDATE penholder.fence f
    SET term = in_term, leader = in_leader, endpoint = in_endpoint, fenced_at = clock_timestamp(),
        holder = pg_backend_pid()
    WHERE f.grp = in_group AND f.slot = 0;
    RETURN true;
END
$$;

-- As before, with plans that a session keeps: one made for each call took longer than the work.
CREATE OR REPLACE FUNCTION penholder.look_up(in_group text, in_keys text[], in_origins text[])
RETURNS TABLE (kind text, id text, fingerprint bytea, content bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
BEGIN
    RETURN QUERY
    SELECT 'k', k.key, k.fingerprint, k.receipt FROM penholder.keys k WHERE k.grp = in_group AND k.key = ANY (in_keys)
    UNION ALL
    SELECT 'o', o.origin, NULL, o.state FROM penholder.origins o WHERE o.grp = in_group AND o.origin = ANY (in_origins);
END
$$;

-- Raises (PH004) where the key is decided already.
CREATE FUNCTION penholder.expect_new(in_group text, in_key text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
BEGIN
    IF EXISTS (SELECT FROM penholder.keys k WHERE k.grp = in_group AND k.key = in_key) THEN
        RAISE EXCEPTION USING ERRCODE = 'PH004', MESSAGE = format('key %s of group %s is decided', in_key, in_group);
    END IF;
END
$$;
ALTER FUNCTION penholder.record(text, bigint, text[], bytea[], bytea[], text[], bytea[])
    SET plan_cache_mode = force_generic_plan;

-- Waits until no transaction holds the slot, and makes it this connection's: nothing of an earlier one, under way or
-- still on its way, can commit.
CREATE FUNCTION penholder.take_slot(in_group text, in_slot integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'UPDATE penholder.fence f SET holder = pg_backend_pid() WHERE f.grp = in_group AND f.slot = in_slot';

-- Locks this connection's slot of the group's fence for this transaction, and refuses where it does not stand at the
-- term (PH001) or is another connection's by now (PH003).
DROP FUNCTION penholder.guard(text, bigint);
CREATE FUNCTION penholder.guard(in_group text, in_term bigint, in_slot integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    standing bigint;
    held_by integer;
BEGIN
    SELECT f.term, f.holder INTO standing, held_by
    FROM penholder.fence f WHERE f.grp = in_group AND f.slot = in_slot FOR SHARE;
    IF standing IS DISTINCT FROM in_term THEN
        RAISE EXCEPTION USING ERRCODE = 'PH001',
            MESSAGE = format('group %s is fenced at term %s, not %s', in_group, standing, in_term);
    END IF;
    IF held_by IS DISTINCT FROM pg_backend_pid() THEN
        RAISE EXCEPTION USING ERRCODE = 'PH003',
            MESSAGE = format('slot %s of group %s is held by backend %s', in_slot, in_group, held_by);
    END IF;
END
$$;

-- What nodes keep of the catalogue is true while this table is as it was: each change of the catalogue adds a row, in
-- its own transaction. Rows are only ever added, or folded into one of the same weight, so the sum changes with every
-- set of changes that becomes visible, in whatever order they commit, and nobody waits for anybody. The weights are
-- random: a server that was promoted without the last changes does not come to the same sum by others.
CREATE TABLE penholder.catalogue (weight bigint NOT NULL);

CREATE FUNCTION penholder.mark_catalogue() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO penholder.catalogue (weight)
    SELECT 1 + (hashtextextended(gen_random_uuid()::text, 0) & 4294967295)
$$;
DO 'BEGIN PERFORM penholder.mark_catalogue(); END';

-- Every change of what statements mean, and nothing else: temporary objects are their session's own, and comments, rows
-- of materialised views, statistics, publications and rights to other things than schemas change no meaning. An index
-- that is built concurrently runs its expressions before the command ends, so its beginning counts too.
CREATE FUNCTION penholder.note_catalogue_change() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (CASE TG_EVENT
           WHEN 'ddl_command_start' THEN current_query() ILIKE '%concurrently%'
           WHEN 'sql_drop' THEN EXISTS (
               SELECT FROM pg_event_trigger_dropped_objects() o
               WHERE NOT o.is_temporary AND o.address_names[1] IS DISTINCT FROM 'pg_temp')
           ELSE TG_TAG = 'DROP OWNED' OR EXISTS (
               SELECT FROM pg_event_trigger_ddl_commands() c
               WHERE c.schema_name IS DISTINCT FROM 'pg_temp'
                 AND c.command_tag NOT IN ('COMMENT', 'SECURITY LABEL', 'REFRESH MATERIALIZED VIEW', 'REINDEX',
                                           'CREATE STATISTICS', 'ALTER STATISTICS', 'ALTER DEFAULT PRIVILEGES',
                                           'CREATE PUBLICATION', 'ALTER PUBLICATION', 'CREATE SUBSCRIPTION',
                                           'ALTER SUBSCRIPTION')
                 AND (c.command_tag NOT IN ('GRANT', 'REVOKE') OR c.object_type = 'SCHEMA')
                 AND NOT EXISTS (
                     SELECT FROM pg_class r
                     WHERE r.relpersistence = 't'
                       AND r.oid = CASE c.classid
                               WHEN 'pg_trigger'::regclass THEN (SELECT t.tgrelid FROM pg_trigger t WHERE t.oid = c.objid)
                               WHEN 'pg_rewrite'::regclass THEN (SELECT w.ev_class FROM pg_rewrite w WHERE w.oid = c.objid)
                               WHEN 'pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_policy p WHERE p.oid = c.objid)
                           END))
        END)
    THEN
        PERFORM penholder.mark_catalogue();
    END IF;
END
$$;

-- 0 where the event triggers are not all there and enabled. Whoever switches one off and on again changes the stamp.
CREATE FUNCTION penholder.catalogue_stamp() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN coalesce((SELECT sum(c.weight) FROM penholder.catalogue c) +
                    (SELECT sum(e.xmin::text::bigint) FROM pg_event_trigger e
                     WHERE e.evtfoid = 'penholder.note_catalogue_change'::regproc AND e.evtenabled = 'A'
                     HAVING count(*) = 3), 0);
END
$$;

CREATE FUNCTION penholder.check_catalogue(in_stamp bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF in_stamp IS DISTINCT FROM
        coalesce((SELECT sum(c.weight) FROM penholder.catalogue c) +
                 (SELECT sum(e.xmin::text::bigint) FROM pg_event_trigger e
                  WHERE e.evtfoid = 'penholder.note_catalogue_change'::regproc AND e.evtenabled = 'A'
                  HAVING count(*) = 3), 0)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'PH002',
            MESSAGE = 'the catalogue changed: what was known of the statements of this transaction may be true no more';
    END IF;
END
$$;

-- What roles and databases set for new connections; no event trigger sees it change.
CREATE TABLE penholder.known_settings (digest bigint NOT NULL);
INSERT INTO penholder.known_settings VALUES (0);

-- Keeps the table small, and takes up changed settings of roles and of this database, and a changed search path of the
-- server, as a change of the catalogue.
CREATE FUNCTION penholder.tend_catalogue() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    standing bigint;
BEGIN
    WITH folded AS (
        DELETE FROM penholder.catalogue WHERE (SELECT count(*) > 1 FROM penholder.catalogue) RETURNING weight)
    INSERT INTO penholder.catalogue (weight) SELECT sum(f.weight) FROM folded f HAVING count(*) > 0;
    SELECT hashtextextended(string_agg(w.what, ' ' ORDER BY w.what COLLATE "C"), 0) INTO standing
    FROM (SELECT format('%s %s %s', s.setdatabase, s.setrole, s.setconfig)
          FROM pg_db_role_setting s JOIN pg_database d ON d.datname = current_database() AND s.setdatabase IN (0, d.oid)
          UNION ALL SELECT format('%s %s', s.name, s.reset_val)
          FROM pg_settings s WHERE s.name IN ('search_path', 'plpgsql.variable_conflict')) AS w (what);
    UPDATE penholder.known_settings SET digest = standing WHERE digest <> standing;
    IF FOUND THEN
        PERFORM penholder.mark_catalogue();
    END IF;
END
$$;
DO 'BEGIN PERFORM penholder.tend_catalogue(); END';

-- As before, and tends the catalogue's stamp.
CREATE OR REPLACE FUNCTION penholder.sweep(in_group text, in_key_age interval, in_origin_age interval, in_most integer)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT penholder.tend_catalogue();
    WITH old_keys AS (
        DELETE FROM penholder.keys WHERE ctid = ANY (ARRAY(
            SELECT k.ctid FROM penholder.keys k
            WHERE k.grp = in_group AND k.at < now() - in_key_age ORDER BY k.at LIMIT in_most)) RETURNING 1),
    old_origins AS (
        DELETE FROM penholder.origins WHERE ctid = ANY (ARRAY(
            SELECT o.ctid FROM penholder.origins o
            WHERE o.grp = in_group AND o.at < now() - in_origin_age LIMIT in_most)) RETURNING 1)
    SELECT (SELECT count(*) FROM old_keys) + (SELECT count(*) FROM old_origins)
$$;

-- Makes the event triggers where they are not all there and enabled. Answers nothing, or why it could not.
CREATE FUNCTION penholder.watch_catalogue() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF penholder.catalogue_stamp() <> 0 THEN
        RETURN '';
    END IF;
    DROP EVENT TRIGGER IF EXISTS penholder_catalogue_start;
    DROP EVENT TRIGGER IF EXISTS penholder_catalogue_end;
    DROP EVENT TRIGGER IF EXISTS penholder_catalogue_drop;
    CREATE EVENT TRIGGER penholder_catalogue_start ON ddl_command_start WHEN TAG IN ('CREATE INDEX')
        EXECUTE FUNCTION penholder.note_catalogue_change();
    CREATE EVENT TRIGGER penholder_catalogue_end ON ddl_command_end
        EXECUTE FUNCTION penholder.note_catalogue_change();
    CREATE EVENT TRIGGER penholder_catalogue_drop ON sql_drop
        EXECUTE FUNCTION penholder.note_catalogue_change();
    ALTER EVENT TRIGGER penholder_catalogue_start ENABLE ALWAYS;
    ALTER EVENT TRIGGER penholder_catalogue_end ENABLE ALWAYS;
    ALTER EVENT TRIGGER penholder_catalogue_drop ENABLE ALWAYS;
    RETURN '';
EXCEPTION WHEN insufficient_privilege THEN
    RETURN SQLERRM;
END
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA penholder FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA penholder FROM PUBLIC;

-- Whoever could use version 1 can use this one.
DO $$
DECLARE
    role text;
BEGIN
    FOR role IN
        SELECT DISTINCT a.grantee::regrole::text
        FROM pg_catalog.pg_proc p, pg_catalog.aclexplode(p.proacl) a
        WHERE p.oid = 'penholder.look_up(text, text[], text[])'::pg_catalog.regprocedure
          AND a.grantee NOT IN (0, p.proowner)
    LOOP
        EXECUTE 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA penholder TO ' || role;
    END LOOP;
END
$$;
