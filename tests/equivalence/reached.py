"""Cases about code that a statement runs without naming it. Each way stores the id of its transaction, or a time as a
version, so that writes which were taken for plain show that they shared one."""

from cases import Case, case
from writes import Direct, Ref, Round, Script, one

HEAD = """CREATE FUNCTION own_tx() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN txid_current()::text; END $$;
CREATE FUNCTION own_tx_sql() RETURNS text LANGUAGE sql AS 'SELECT own_tx()';
CREATE FUNCTION said_pure(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 || ' by ' || txid_current(); END $$;
CREATE FUNCTION pure_tx(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN txid_current()::text; END $$;
CREATE FUNCTION stamp_tx() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.by_tx := txid_current()::text; RETURN NEW; END $$;
CREATE TABLE log (what text, by_tx text);
CREATE FUNCTION logged(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO log VALUES (what, txid_current()::text); RETURN true; END $$;
CREATE FUNCTION log_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO log VALUES (TG_TABLE_NAME, txid_current()::text); RETURN NULL; END $$;
"""
# (name, schema, statement with one parameter that no other write has).
WAYS = [
    ("default", "CREATE TABLE r1 (v int, by_tx text DEFAULT own_tx())", "INSERT INTO r1 (v) VALUES ($1)"),
    ("default through sql", "CREATE TABLE r2 (v int, by_tx text DEFAULT own_tx_sql())", "INSERT INTO r2 (v) VALUES ($1)"),
    ("trigger", "CREATE TABLE r3 (v int, by_tx text); CREATE TRIGGER s BEFORE INSERT ON r3 FOR EACH ROW EXECUTE FUNCTION stamp_tx()",
     "INSERT INTO r3 (v) VALUES ($1)"),
    ("statement trigger", "CREATE TABLE r4 (v int); CREATE TRIGGER s AFTER INSERT ON r4 EXECUTE FUNCTION log_row()", "INSERT INTO r4 VALUES ($1)"),
    ("generated", "CREATE TABLE r5 (v text, by_tx text GENERATED ALWAYS AS (pure_tx(v)) STORED)", "INSERT INTO r5 (v) VALUES ($1)"),
    ("check", "CREATE TABLE r6 (v int CHECK (logged('check')))", "INSERT INTO r6 VALUES ($1)"),
    ("domain", "CREATE DOMAIN watched AS int CHECK (logged('domain')); CREATE TABLE r7 (v watched)", "INSERT INTO r7 VALUES ($1)"),
    ("cast to domain", "", "SELECT ($1::int)::watched"),
    ("array of domain", "CREATE TABLE r8 (v watched[])", "INSERT INTO r8 VALUES (ARRAY[$1::int])"),
    ("field of a domain", "CREATE TYPE pair AS (a int, b watched); CREATE TABLE r9 (v pair)", "INSERT INTO r9 VALUES (ROW(1, $1::int))"),
    ("operator", "CREATE OPERATOR @# (RIGHTARG = text, FUNCTION = pure_tx); CREATE TABLE r10 (v text, by_tx text)",
     "INSERT INTO r10 SELECT $1::text, @# $1::text"),
    ("index", "CREATE FUNCTION indexed(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM logged('index'); RETURN 1; END $$;"
     "CREATE TABLE r12 (v int); CREATE INDEX ON r12 (indexed(v))", "INSERT INTO r12 VALUES ($1)"),
    ("partial index", "CREATE TABLE r13 (v int); CREATE INDEX ON r13 (v) WHERE indexed(v) = 1", "INSERT INTO r13 VALUES ($1)"),
    ("view", "CREATE VIEW r14 AS SELECT own_tx() AS own_tx", "SELECT own_tx, $1::int AS n FROM r14"),
    ("instead of", "CREATE VIEW r15 AS SELECT 1 AS v; CREATE FUNCTION instead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
     "PERFORM logged('instead'); RETURN NEW; END $$; CREATE TRIGGER i INSTEAD OF INSERT ON r15 FOR EACH ROW EXECUTE FUNCTION instead()",
     "INSERT INTO r15 VALUES ($1)"),
    ("cascade", "CREATE TABLE r16 (id int PRIMARY KEY); CREATE TABLE r16_child (id int REFERENCES r16 ON DELETE CASCADE);"
     "INSERT INTO r16 SELECT generate_series(1, 99); INSERT INTO r16_child SELECT * FROM r16;"
     "CREATE TRIGGER l AFTER DELETE ON r16_child FOR EACH ROW EXECUTE FUNCTION log_row()", "DELETE FROM r16 WHERE id = $1"),
    ("partition's default", "CREATE TABLE r17 (v int, by_tx text) PARTITION BY RANGE (v); CREATE TABLE r17_all PARTITION OF r17 DEFAULT;"
     "CREATE TRIGGER s BEFORE INSERT ON r17_all FOR EACH ROW EXECUTE FUNCTION stamp_tx()", "INSERT INTO r17 (v) VALUES ($1)"),
    ("partition key", "CREATE FUNCTION keyed(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM logged('key'); RETURN 1; END $$;"
     "CREATE TABLE r18 (v int) PARTITION BY RANGE (keyed(v)); CREATE TABLE r18_all PARTITION OF r18 DEFAULT", "INSERT INTO r18 VALUES ($1)"),
    ("inherited", "CREATE TABLE r19 (id int, by_tx text); CREATE TABLE r19_child () INHERITS (r19);"
     "INSERT INTO r19_child SELECT generate_series(1, 99); CREATE TRIGGER s BEFORE UPDATE ON r19_child FOR EACH ROW EXECUTE FUNCTION stamp_tx()",
     "UPDATE r19 SET id = id WHERE id = $1"),
    ("aggregate", "CREATE FUNCTION state(text, text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM logged('aggregate'); RETURN 's'; END $$;"
     "CREATE AGGREGATE watching(text) (SFUNC = state, STYPE = text)", "SELECT watching(v) FROM (VALUES ($1::text), ('x')) x (v)"),
    ("returning", "CREATE TABLE r20 (v int)", "INSERT INTO r20 VALUES ($1) RETURNING own_tx() AS own_tx"),
    ("ordering", "CREATE TABLE r21 (v int); INSERT INTO r21 VALUES (1), (2)", "SELECT v, $1::int AS n FROM r21 ORDER BY said_pure(v::text) <> '', v"),
    ("on conflict", "CREATE TABLE r22 (id int PRIMARY KEY, by_tx text); INSERT INTO r22 SELECT generate_series(1, 99)",
     "INSERT INTO r22 VALUES ($1) ON CONFLICT (id) DO UPDATE SET by_tx = own_tx()"),
    ("merge", "CREATE TABLE r23 (id int PRIMARY KEY, by_tx text); INSERT INTO r23 SELECT generate_series(1, 99)",
     "MERGE INTO r23 USING (VALUES ($1::int)) n (id) ON r23.id = n.id WHEN MATCHED THEN UPDATE SET by_tx = own_tx()"),
    ("query to xml", "", "SELECT $1::int AS n, query_to_xml('SELECT logged(''xml'')', true, true, '') IS NOT NULL"),
    ("overload", "CREATE FUNCTION abs(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM logged('overload'); RETURN $1; END $$", "SELECT abs($1::text)"),
    ("snapshot", "", "SELECT $1::int AS n, pg_snapshot_xmax(pg_current_snapshot()) IS NOT NULL AS s, pg_current_xact_id()::text AS own_tx"),
    ("large object", "", "SELECT $1::int AS n, lo_get(lo_from_bytea(0, $1::text::bytea)) IS NOT NULL"),
]
# By itself: with a cast of its own, nothing that gives or takes an int is plain.
CAST = (
    "assignment cast", "CREATE TYPE boxed AS (t text); CREATE FUNCTION unbox(boxed) RETURNS int LANGUAGE plpgsql AS "
    "$$ BEGIN PERFORM logged('cast'); RETURN 1; END $$; CREATE CAST (boxed AS int) WITH FUNCTION unbox(boxed) AS ASSIGNMENT;"
    "CREATE TABLE r11 (v int, t text)", "INSERT INTO r11 SELECT ROW($1)::boxed, $1::text")


@case("R1-code-that-is-not-named")
def not_named():
    return reaching("R1", WAYS)


@case("R4-a-cast-that-is-not-named")
def cast_not_named():
    return reaching("R4", [CAST])


def reaching(name, ways):
    schema = HEAD + "".join(f"{made};\n" for _, made, _ in ways if made)
    return Case(Script(name, schema, [Round([one(f"{way} {n}", sql, n) for n in (1, 2, 3)]) for way, _, sql in ways]))


@case("R2-times-as-versions")
def times():
    """A second change of the same table waits for a transaction of its own, however the time gets into the row."""
    schema = """CREATE TABLE d (id int PRIMARY KEY, n int DEFAULT 0, d_version timestamptz DEFAULT now());
        INSERT INTO d SELECT g, 0, NULL FROM generate_series(1, 3) g; CREATE TABLE e (id int PRIMARY KEY, n int DEFAULT 0, e_version float8);
        INSERT INTO e SELECT generate_series(1, 3); CREATE FUNCTION moment() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT now()';
        CREATE VIEW clock AS SELECT now() AS t; CREATE VIEW dv AS SELECT * FROM d;"""
    returning = "RETURNING n, d_version"
    ways = [f"UPDATE d SET n = n + 1, d_version = {value} WHERE id = $1 {returning}" for value in
            ["now()", "current_timestamp", "transaction_timestamp()", "DEFAULT", "moment()", "(SELECT t FROM clock)", "'now'",
             "'now'::text::timestamptz", "now() + interval '1 day'", "localtimestamp", "coalesce(NULL, now())"]]
    ways += ["UPDATE e SET n = n + 1, e_version = extract(epoch FROM now()) WHERE id = $1 RETURNING n, e_version",
             f"INSERT INTO d (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET n = d.n + 1, d_version = excluded.d_version {returning.replace('n,', 'd.n,')}",
             f"UPDATE d SET n = n + 1, d_version = clock.t FROM clock WHERE id = $1 {returning}",
             f"WITH c AS (SELECT t FROM clock) UPDATE d SET n = n + 1, d_version = c.t FROM c WHERE id = $1 {returning}",
             f"UPDATE d SET n = n + 1, d_version = x.t FROM (SELECT max(t) AS t FROM (SELECT now() AS t) y) x WHERE id = $1 {returning}",
             f"UPDATE d SET n = n + 1, d_version = x.t FROM LATERAL (VALUES (now())) x (t) WHERE id = $1 {returning}",
             f"UPDATE d SET n = n + 1, d_version = x.t FROM moment() x (t) WHERE id = $1 {returning}",
             f"UPDATE d SET (n, d_version) = (SELECT n + 1, now()) WHERE id = $1 {returning}",
             f"MERGE INTO d USING (SELECT 1 AS id, now() AS t) s ON d.id = s.id AND s.id = $1 WHEN MATCHED THEN UPDATE SET d_version = s.t, n = d.n + 1",
             f"UPDATE dv SET n = n + 1, d_version = now() WHERE id = $1 {returning}",
             f"WITH u AS (UPDATE d SET n = n + 1, d_version = now() WHERE id = $1 {returning}) SELECT * FROM u"]
    rounds = [Round([one(f"{number}.{n}", sql, 1) for n in range(3)]) for number, sql in enumerate(ways)]
    given = "UPDATE d SET n = n + 1, d_version = $2 WHERE id = $1 RETURNING n, d_version"
    rounds.append(Round([one(f"given.{n}", given, 1, "now") for n in range(3)]))
    rounds.append(Round([one("late", "UPDATE d SET n = 0 WHERE id = 1 AND d_version = $1 RETURNING n", Ref("0.0", column=1))]))
    return Case(Script("R2", schema, rounds))


@case("R3-definitions-that-change-between-batches")
def definitions_that_change():
    schema = HEAD + """CREATE TABLE t (v int, by_tx text); CREATE TABLE p (v int, by_tx text) PARTITION BY RANGE (v);
        CREATE TABLE p_low PARTITION OF p FOR VALUES FROM (0) TO (100); CREATE DOMAIN small AS int; CREATE TABLE s (v small);
        CREATE FUNCTION plain_one() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'one'::text $$;
        CREATE TABLE late (v int, by_tx text); CREATE TABLE f (v text, by_tx text);"""
    changes = ["CREATE TRIGGER s BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp_tx()",
               "CREATE TRIGGER s BEFORE INSERT ON p_low FOR EACH ROW EXECUTE FUNCTION stamp_tx()",
               "ALTER DOMAIN small ADD CONSTRAINT c CHECK (logged('domain'))",
               "CREATE OR REPLACE FUNCTION plain_one() RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN txid_current()::text; END $$",
               "ALTER TABLE late ALTER by_tx SET DEFAULT own_tx()",
               "CREATE TABLE p_high (v int, by_tx text); CREATE TRIGGER s BEFORE INSERT ON p_high FOR EACH ROW EXECUTE FUNCTION stamp_tx();"
               "ALTER TABLE p ATTACH PARTITION p_high FOR VALUES FROM (100) TO (200)",
               "ALTER TABLE t DISABLE TRIGGER s", "ALTER FUNCTION plain_one() SET search_path = 'pg_catalog'"]

    def burst(turn):
        return [one(f"{what} {turn}.{n}", sql, turn * 10 + n) for n in range(3) for what, sql in
                [("t", "INSERT INTO t (v) VALUES ($1)"), ("p", "INSERT INTO p (v) VALUES ($1)"), ("s", "INSERT INTO s VALUES ($1)"),
                 ("f", "INSERT INTO f VALUES ($1, plain_one())"), ("late", "INSERT INTO late (v) VALUES ($1)")]]
    rounds = [Round(burst(0)), Round(burst(1))]
    for number, change in enumerate(changes):
        rounds += [Round([Direct(f"change {number}", change), *burst(2 * number + 2)], warm=False), Round(burst(2 * number + 3))]
    return Case(Script("R3", schema, rounds))
