-- Version 4 of schema penholder: the fence says where in the server's history it was raised, so that an old primary that
-- came back can be told from its successor; a step of the sweep costs half. What version 3 holds stays as it is.

INSERT INTO penholder.schema_version (version) VALUES (4);

-- Of slot 0. Timeline 0 where the fence was not raised since version 4.
ALTER TABLE penholder.fence ADD COLUMN timeline integer NOT NULL DEFAULT 0,
    ADD COLUMN raised_at pg_lsn NOT NULL DEFAULT '0/0';

-- The timeline that this server writes; the name of a file of the log begins with it. Fails on a standby.
CREATE FUNCTION penholder.current_timeline() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer $$;

-- How this server stands in the database's history: its timeline, and the last raise of the group's fence that it holds.
-- One row: with the planner's thousand, beside those of another function, it would be worth compiling the query.
CREATE FUNCTION penholder.lineage(in_group text)
RETURNS TABLE (timeline integer, raised_term bigint, raised_timeline integer, raised_at text)
LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT penholder.current_timeline(), coalesce(f.term, 0), coalesce(f.timeline, 0), coalesce(f.raised_at, '0/0')::text
    FROM (SELECT) AS one LEFT JOIN penholder.fence f ON f.grp = in_group AND f.slot = 0
$$;

-- As before, and each raise says where it was done, one of the same term on a newer timeline, too.
CREATE OR REPLACE FUNCTION penholder.raise_fence(in_group text, in_term bigint, in_leader text, in_endpoint text,
                                                 in_database text DEFAULT '')
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before bigint;
    raised_on integer;
    now_on integer;
BEGIN
    IF in_database <> '' AND in_database <> penholder.identity() THEN
        RETURN false;
    END IF;
    SELECT f.term, f.timeline INTO before, raised_on FROM penholder.fence f
    WHERE f.grp = in_group AND f.slot = 0
      AND (f.term < in_term OR (f.term = in_term AND f.leader = in_leader AND f.endpoint = in_endpoint))
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    now_on := penholder.current_timeline();
    IF before = in_term THEN
        UPDATE penholder.fence f
        SET holder = pg_backend_pid(), timeline = now_on,
            raised_at = CASE WHEN raised_on = now_on THEN f.raised_at ELSE pg_current_wal_insert_lsn() END
        WHERE f.grp = in_group AND f.slot = 0;
        RETURN true;
    END IF;
    PERFORM FROM penholder.fence f WHERE f.grp = in_group AND f.slot > 0 ORDER BY f.slot FOR NO KEY UPDATE;
    UPDATE penholder.fence f SET term = in_term WHERE f.grp = in_group AND f.slot > 0;
    UPDATE penholder.fence f
    SET term = in_term, leader = in_leader, endpoint = in_endpoint, fenced_at = clock_timestamp(),
        holder = pg_backend_pid(), timeline = now_on, raised_at = pg_current_wal_insert_lsn()
    WHERE f.grp = in_group AND f.slot = 0;
    RETURN true;
END
$$;

-- As before, and what the server's configuration says of how literals are read and values written: plans that are kept
-- hold what it was.
CREATE OR REPLACE FUNCTION penholder.tend_catalogue() RETURNS void
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
          FROM pg_settings s
          WHERE s.name IN ('search_path', 'plpgsql.variable_conflict')
             OR (s.source IN ('default', 'command line', 'configuration file', 'environment variable')
                 AND s.name IN ('TimeZone', 'DateStyle', 'IntervalStyle', 'timezone_abbreviations', 'array_nulls',
                                'backslash_quote', 'transform_null_equals', 'extra_float_digits', 'bytea_output',
                                'xmlbinary', 'xmloption', 'lc_monetary', 'lc_numeric', 'lc_time',
                                'default_text_search_config', 'quote_all_identifiers'))) AS w (what);
    UPDATE penholder.known_settings SET digest = standing WHERE digest <> standing;
    IF FOUND THEN
        PERFORM penholder.mark_catalogue();
    END IF;
END
$$;
DO 'BEGIN PERFORM penholder.tend_catalogue(); END';

-- A step forgets at most `in_most` keys that are older than their retention and not older than `in_from`, and as many
-- origins where they have an age. Times are microseconds since 1970. `swept_to`: nothing older is left; where the next
-- step goes on, so that it need not pass what was forgotten before and waits for VACUUM. `more`: there is more to forget.
DROP FUNCTION penholder.sweep(text, interval, interval, integer);
CREATE FUNCTION penholder.sweep(in_group text, in_key_age interval, in_origin_age interval, in_most integer,
                                in_from bigint, OUT forgotten bigint, OUT swept_to bigint, OUT more boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    since constant timestamptz := timestamptz 'epoch' + in_from * interval '1 microsecond';
    young constant timestamptz := now() - in_key_age;
    before timestamptz;
    origins bigint := 0;
BEGIN
    SELECT k.at INTO before FROM penholder.keys k
    WHERE k.grp = in_group AND k.at >= since AND k.at < young ORDER BY k.at OFFSET in_most LIMIT 1;
    more := FOUND;
    before := coalesce(before, young);
    DELETE FROM penholder.keys k WHERE k.grp = in_group AND k.at >= since AND k.at < before;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    IF more AND forgotten = 0 THEN  -- More than a step takes are of one moment.
        DELETE FROM penholder.keys WHERE ctid = ANY (ARRAY(
            SELECT k.ctid FROM penholder.keys k WHERE k.grp = in_group AND k.at = before LIMIT in_most));
        GET DIAGNOSTICS forgotten = ROW_COUNT;
    END IF;
    swept_to := extract(epoch FROM before) * 1000000;
    IF in_origin_age IS NOT NULL THEN
        DELETE FROM penholder.origins WHERE ctid = ANY (ARRAY(
            SELECT o.ctid FROM penholder.origins o
            WHERE o.grp = in_group AND o.at < now() - in_origin_age LIMIT in_most));
        GET DIAGNOSTICS origins = ROW_COUNT;
    END IF;
    forgotten := forgotten + origins;
END
$$;

REVOKE ALL ON FUNCTION penholder.current_timeline(), penholder.lineage(text),
    penholder.sweep(text, interval, interval, integer, bigint) FROM PUBLIC;

-- Whoever could use version 3 can use this one.
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
        EXECUTE 'GRANT EXECUTE ON FUNCTION penholder.current_timeline(), penholder.lineage(text), '
            'penholder.sweep(text, interval, interval, integer, bigint) TO ' || role;
    END LOOP;
END
$$;
