-- Version 1 of schema penholder: the fence and the ledger.
-- Run by `penholder init` in one transaction, as the role that shall own the schema. The lane's role is another one: it
-- executes these functions and has no right on the tables. Every function runs as its owner with a pinned search_path.

CREATE SCHEMA penholder;

CREATE TABLE penholder.schema_version (version integer NOT NULL, since timestamptz NOT NULL DEFAULT now());
INSERT INTO penholder.schema_version (version) VALUES (1);

-- The newest term of each group, one row a group. HOT updates need room on the page.
CREATE TABLE penholder.fence (
    grp text PRIMARY KEY,
    term bigint NOT NULL DEFAULT 0,
    leader text NOT NULL DEFAULT '',
    endpoint text NOT NULL DEFAULT '',
    fenced_at timestamptz
) WITH (fillfactor = 50);

-- Answers to writes with an application's own id.
CREATE TABLE penholder.keys (
    grp text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    receipt bytea NOT NULL,
    term bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (grp, key)
);
CREATE INDEX keys_by_age ON penholder.keys (grp, at);

-- Answers to writes with ids that nodes give: one row for each incarnation of a node.
CREATE TABLE penholder.origins (
    grp text NOT NULL,
    origin text NOT NULL,
    state bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (grp, origin)
) WITH (fillfactor = 50);

CREATE FUNCTION penholder.version() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'SELECT max(version) FROM penholder.schema_version';

CREATE FUNCTION penholder.standing(in_group text)
RETURNS TABLE (term bigint, leader text, endpoint text, fenced_at text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.term, f.leader, f.endpoint,
           coalesce(to_char(f.fenced_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '')
    FROM penholder.fence f WHERE f.grp = in_group
$$;

CREATE FUNCTION penholder.enroll(in_group text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'INSERT INTO penholder.fence (grp) VALUES (in_group) ON CONFLICT DO NOTHING';

-- True when the fence now stands at the term asked for. The update waits for every transaction that holds the guard, so
-- when it returns true nothing of an older term, nor of an earlier connection of the same leader, can still commit.
CREATE FUNCTION penholder.raise_fence(in_group text, in_term bigint, in_leader text, in_endpoint text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE penholder.fence f
    SET term = in_term, leader = in_leader, endpoint = in_endpoint,
        fenced_at = CASE WHEN f.term = in_term THEN f.fenced_at ELSE clock_timestamp() END
    WHERE f.grp = in_group
      AND (f.term < in_term OR (f.term = in_term AND f.leader = in_leader AND f.endpoint = in_endpoint));
    RETURN FOUND;
END
$$;

-- Locks the group's fence for this transaction, and refuses where it does not stand at the term.
CREATE FUNCTION penholder.guard(in_group text, in_term bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    standing bigint;
BEGIN
    SELECT f.term INTO standing FROM penholder.fence f WHERE f.grp = in_group FOR SHARE;
    IF standing IS DISTINCT FROM in_term THEN
        RAISE EXCEPTION USING ERRCODE = 'PH001',
            MESSAGE = format('group %s is fenced at term %s, not %s', in_group, standing, in_term);
    END IF;
END
$$;

-- What the ledger keeps of these keys (kind 'k') and origins (kind 'o').
CREATE FUNCTION penholder.look_up(in_group text, in_keys text[], in_origins text[])
RETURNS TABLE (kind text, id text, fingerprint bytea, content bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT 'k', k.key, k.fingerprint, k.receipt FROM penholder.keys k WHERE k.grp = in_group AND k.key = ANY (in_keys)
    UNION ALL
    SELECT 'o', o.origin, NULL, o.state FROM penholder.origins o WHERE o.grp = in_group AND o.origin = ANY (in_origins)
$$;

-- Everything that one batch adds to the ledger.
CREATE FUNCTION penholder.record(in_group text, in_term bigint, in_keys text[], in_fingerprints bytea[],
                                 in_receipts bytea[], in_origins text[], in_states bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF cardinality(in_keys) > 0 THEN
        INSERT INTO penholder.keys (grp, key, fingerprint, receipt, term)
        SELECT in_group, k.key, k.fingerprint, k.receipt, in_term
        FROM unnest(in_keys, in_fingerprints, in_receipts) AS k (key, fingerprint, receipt);
    END IF;
    IF cardinality(in_origins) > 0 THEN
        INSERT INTO penholder.origins AS o (grp, origin, state)
        SELECT in_group, n.origin, n.state FROM unnest(in_origins, in_states) AS n (origin, state)
        ON CONFLICT (grp, origin) DO UPDATE SET state = excluded.state, at = excluded.at;
    END IF;
END
$$;

-- Forgets at most `in_most` keys and as many origins that are older than their retention; answers how many it forgot.
CREATE FUNCTION penholder.sweep(in_group text, in_key_age interval, in_origin_age interval, in_most integer)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
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

REVOKE ALL ON SCHEMA penholder FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA penholder FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA penholder FROM PUBLIC;
