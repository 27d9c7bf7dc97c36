-- Version 3 of schema penholder: a key whose write was rejected can be forgotten on purpose.
-- Everything that version 2 holds stays as it is.

INSERT INTO penholder.schema_version (version) VALUES (3);

-- Forgets a key, where the ledger keeps this very receipt for it. The fence is locked as by a write, so that this is
-- done under the leader's own term or not at all (PH001).
CREATE FUNCTION penholder.forget(in_group text, in_term bigint, in_key text, in_receipt bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    standing bigint;
BEGIN
    SELECT f.term INTO standing FROM penholder.fence f WHERE f.grp = in_group AND f.slot = 0 FOR SHARE;
    IF standing IS DISTINCT FROM in_term THEN
        RAISE EXCEPTION USING ERRCODE = 'PH001',
            MESSAGE = format('group %s is fenced at term %s, not %s', in_group, standing, in_term);
    END IF;
    DELETE FROM penholder.keys k WHERE k.grp = in_group AND k.key = in_key AND k.receipt = in_receipt;
    RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION penholder.forget(text, bigint, text, bytea) FROM PUBLIC;

-- Whoever could use version 2 can use this one.
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
        EXECUTE 'GRANT EXECUTE ON FUNCTION penholder.forget(text, bigint, text, bytea) TO ' || role;
    END LOOP;
END
$$;
