"""Parts of generated schemas, with writes over them. A trial takes some and mixes their writes.

The order that explains a round is one of lone transactions one after the other, but what PostgreSQL promises at READ
COMMITTED is less: transactions that overlap may do what no such order does. So that everything found is a fault, no
write here can show that: besides inserting rows that nobody else names, a write has one statement that meets what
others change, and that one finds its rows by a key, or reads one snapshot and nothing else."""

import dataclasses

from writes import Ref


@dataclasses.dataclass
class Island:
    """`writes` are functions of a Draw that give a list of statements, each a text or (text, parameter, …). `changes` are
    definitions that somebody may change while writes go on."""

    schema: str
    writes: list
    changes: list = dataclasses.field(default_factory=list)
    admin: str = ""


class Draw:
    """What one write is made with: chance, numbers that no other write has, and earlier writes' names by their kind."""

    def __init__(self, chance, numbers, earlier):
        self.chance, self.numbers, self.earlier, self.kind = chance, numbers, earlier, ""

    def key(self, most=6):
        return self.chance.randint(1, most)

    def fresh(self):
        return next(self.numbers)

    def either(self, *values):
        return self.chance.choice(values)

    def read(self, kind):
        """The name of an earlier write of this kind, or nothing."""
        return self.chance.choice(self.earlier[kind]) if self.earlier.get(kind) else None


ALL = []


def island(make):
    ALL.append(make)
    return make


@island
def plain(chance):
    """Nothing special: most writes of most applications."""
    schema = """CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL CHECK (qty >= 0), note text);
        INSERT INTO stock SELECT g, 5, 'n' FROM generate_series(1, 6) g;
        CREATE TABLE sums (id int PRIMARY KEY, v numeric NOT NULL DEFAULT 0);"""
    take = "UPDATE stock SET qty = qty - $1 WHERE id = $2 RETURNING qty"
    upsert = ("INSERT INTO sums (id, v) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET v = sums.v + excluded.v RETURNING v")
    writes = [
        lambda d: [(take, d.either(1, 1, 2, 9), d.key(7))],
        lambda d: [f"UPDATE stock SET note = note || '{d.fresh()}' WHERE id = {d.key()} RETURNING note"],
        lambda d: [(upsert, d.key(), f"{d.key()}.50")],
        lambda d: [("INSERT INTO sums (id) VALUES ($1) RETURNING id, v", d.either(d.key(), d.fresh() + 100))],
        lambda d: [("DELETE FROM sums WHERE id = $1 RETURNING v", d.key())],
        lambda d: ["SELECT count(*), sum(v) FROM sums"],
        lambda d: [("INSERT INTO sums (id, v) VALUES ($1, $2)", d.fresh() + 1000, "7"), (take, 1, d.key())],
        lambda d: [("WITH gone AS (DELETE FROM sums WHERE id = $1 RETURNING id, v) INSERT INTO sums "
                    "SELECT id + $2::int, v FROM gone RETURNING v", d.key(), 2000 + 100 * d.fresh())],
        lambda d: [("MERGE INTO stock s USING (VALUES ($1::int, $2::int)) AS n (id, qty) ON s.id = n.id "
                    "WHEN MATCHED THEN UPDATE SET qty = s.qty + n.qty WHEN NOT MATCHED THEN "
                    "INSERT VALUES (n.id, n.qty, 'merged')", d.either(d.key(), d.fresh() + 100), 3)],
        # What is wrong: parameters missing and too many, no number, no table, no column, division, a cast.
        lambda d: [d.either((take, 1), (take, 1, 2, 3), (take, "many", 1), "UPDATE stocks SET qty = 0",
                            "UPDATE stock SET quantity = 0", f"UPDATE stock SET qty = 1 / ({d.key()} - qty / qty * 3) WHERE id = 1",
                            ("INSERT INTO sums VALUES ($1, $2)", d.fresh() + 5000, "1e9999999"))],
    ]
    changes = ["ALTER TABLE stock ADD COLUMN IF NOT EXISTS added int DEFAULT 3", "ALTER TABLE stock ALTER qty TYPE bigint",
               "ALTER TABLE sums ALTER v TYPE float8", "CREATE INDEX ON stock (qty)",
               "ALTER TABLE stock ADD CONSTRAINT most CHECK (qty < 12) NOT VALID"]
    return Island(schema, writes, changes)


@island
def versioned(chance):
    """A time as the row's version, set by a trigger or by the statement."""
    trigger = chance.random() < 0.6
    schema = """CREATE TABLE doc (id int PRIMARY KEY, body text NOT NULL DEFAULT '', doc_version timestamptz);
        INSERT INTO doc SELECT g FROM generate_series(1, 3) g;
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.doc_version := now(); RETURN NEW; END $$;"""
    if trigger:
        schema += "CREATE TRIGGER touch BEFORE UPDATE ON doc FOR EACH ROW EXECUTE FUNCTION touch();"
    now = "" if trigger else ", doc_version = now()"
    change = f"UPDATE doc SET body = body || $1{now} WHERE id = $2 RETURNING body, doc_version"

    def versioned_write(d):
        d.kind = "versioned"
        return [(change, f"+{d.fresh()}", d.key(3))]

    def optimistic(d):
        read = d.read("versioned")
        return [(f"UPDATE doc SET body = body || $1{now} WHERE doc_version = $2 RETURNING body", f"!{d.fresh()}",
                 Ref(read, column=1))] if read else versioned_write(d)
    return Island(schema, [versioned_write, versioned_write, optimistic],
                  ["CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
                   "$$ BEGIN NEW.doc_version := now(); NEW.body := NEW.body || '*'; RETURN NEW; END $$"])


@island
def audited(chance):
    """History by an AFTER trigger, with the transaction's id; a version by xmin."""
    own = chance.choice(["txid_current()::text", "pg_current_xact_id()::text"])
    level = chance.choice(["", "SECURITY DEFINER"])
    schema = f"""CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL);
        INSERT INTO account SELECT g, 100 FROM generate_series(1, 4) g;
        CREATE TABLE history (history_seq bigserial, id int, was int, is_now int, by_tx text, logged_at timestamptz DEFAULT now());
        CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql {level} AS $$ BEGIN
            INSERT INTO history (id, was, is_now, by_tx) VALUES (NEW.id, OLD.balance, NEW.balance, {own}); RETURN NULL; END $$;
        CREATE TRIGGER log_it AFTER UPDATE ON account FOR EACH ROW EXECUTE FUNCTION log_it();"""

    def reads_xmin(d):
        d.kind = "xmin"
        return [("UPDATE account SET balance = balance + $1 WHERE id = $2 RETURNING xmin::text AS row_tx, balance", d.key(), d.key(4))]

    def by_xmin(d):
        read = d.read("xmin")
        return [("UPDATE account SET balance = balance - 50 WHERE xmin::text = $1 RETURNING balance", Ref(read))] if read else reads_xmin(d)
    writes = [lambda d: [("UPDATE account SET balance = balance + $1 WHERE id = $2 RETURNING balance", d.key(), d.key(4))],
              lambda d: ["UPDATE account SET balance = balance + 1 WHERE id <= 2"], reads_xmin, by_xmin,
              lambda d: [("INSERT INTO history (id, by_tx) VALUES ($1, pg_current_xact_id()::text) RETURNING by_tx", d.fresh() + 100)]]
    return Island(schema, writes, ["ALTER TABLE history ADD COLUMN IF NOT EXISTS note text DEFAULT 'later'",
                                   "ALTER TABLE account ALTER balance TYPE numeric(12, 2)"])


@island
def defaults(chance):
    """Sequences, random values, enums, domains, generated columns."""
    schema = """CREATE TYPE mood AS ENUM ('low', 'high'); CREATE DOMAIN small AS int CHECK (VALUE < 10);
        CREATE TABLE entry (entry_seq bigserial PRIMARY KEY, mark_uuid uuid DEFAULT gen_random_uuid(), made_at timestamptz DEFAULT now(),
            m mood DEFAULT 'low', s small, doubled int GENERATED ALWAYS AS (s * 2) STORED, txt text);
        CREATE TABLE line (id int, entry_seq bigint);"""
    writes = [
        lambda d: [("INSERT INTO entry (s, txt) VALUES ($1, $2) RETURNING entry_seq, mark_uuid, made_at, doubled", d.either(1, 5, 10), f"t{d.fresh()}")],
        lambda d: [("INSERT INTO entry (m, txt) VALUES ($1, $2)", d.either("low", "high", "none"), f"t{d.fresh()}")],
        lambda d: [("INSERT INTO entry (txt) VALUES ($1)", f"t{d.fresh()}"),
                   (f"INSERT INTO line VALUES ($1, {d.either('lastval()', 'currval(pg_get_serial_sequence($$entry$$, $$entry_seq$$))')}) "
                    "RETURNING entry_seq", d.fresh())],
        lambda d: [d.either("SELECT lastval()", "SELECT currval('entry_entry_seq_seq')")],
        lambda d: [("WITH e AS (INSERT INTO entry (txt) VALUES ($1) RETURNING entry_seq) INSERT INTO line SELECT $2, entry_seq FROM e "
                    "RETURNING entry_seq", f"t{d.fresh()}", d.fresh())],
        lambda d: ["SELECT random() AS r_uuid, random() AS other_uuid"],
        lambda d: [f"SELECT setseed({d.either('0.25', '0.5')})", "SELECT random() AS seeded"],
    ]
    return Island(schema, writes, ["ALTER DOMAIN small ADD CONSTRAINT not_five CHECK (VALUE <> 5) NOT VALID",
                                   "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'none'",
                                   "ALTER TABLE entry ALTER m SET DEFAULT 'high'"])


@island
def related(chance):
    """Foreign keys, deferred and not, with cascades; a deferred check that somebody's halves could meet."""
    when = chance.choice(["DEFERRABLE INITIALLY DEFERRED", "DEFERRABLE INITIALLY DEFERRED", "DEFERRABLE", ""])
    delete = chance.choice(["CASCADE", "SET NULL", "NO ACTION"])
    schema = f"""CREATE TABLE parent (id int PRIMARY KEY, name text);
        CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE {delete} ON UPDATE CASCADE {when}, v int DEFAULT 0);
        INSERT INTO parent SELECT g, 'p' || g FROM generate_series(1, 5) g; INSERT INTO child SELECT g, g FROM generate_series(1, 5) g;
        CREATE TABLE leg (txn int, amount int);
        CREATE FUNCTION balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF (SELECT sum(amount) FROM leg WHERE txn = NEW.txn) <> 0 THEN
                RAISE EXCEPTION 'not balanced' USING ERRCODE = '23514'; END IF; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON leg DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION balanced();"""
    leg = "INSERT INTO leg VALUES ($1, $2)"

    def whole(d):
        n, amount = d.fresh(), d.key()
        return [(leg, n, amount), (leg, n, -amount)]
    writes = [
        lambda d: [("INSERT INTO child (id, parent) VALUES ($1, $2)", d.fresh() + 10, d.either(d.key(5), d.key(5), 77))],
        lambda d: [("INSERT INTO child (id, parent) VALUES ($1, $2)", d.fresh() + 10, 1000 + d.key(3))],
        lambda d: [("INSERT INTO parent VALUES ($1, 'late') ON CONFLICT DO NOTHING", 1000 + d.key(3))],
        lambda d: (lambda n: [("INSERT INTO child (id, parent) VALUES ($1, $1)", n), ("INSERT INTO parent VALUES ($1, 'own')", n)])(2000 + d.fresh()),
        lambda d: [("DELETE FROM parent WHERE id = $1 RETURNING name", d.key(5))],
        lambda d: [("UPDATE child SET v = v + 1 WHERE id = $1 RETURNING v", d.key(5))],
        whole, lambda d: [(leg, 1, d.either(5, 7))], lambda d: [(leg, 1, d.either(-5, -7))],
        lambda d: [f"ALTER TABLE child ADD COLUMN IF NOT EXISTS extra{d.key(2)} int"],
    ]
    return Island(schema, writes, ["ALTER TABLE child ALTER v SET DEFAULT 9"])


@island
def excluded(chance):
    """Constraints that are checked at the end: unique places that are swapped, ranges that exclude each other."""
    when = chance.choice(["DEFERRABLE INITIALLY DEFERRED", "DEFERRABLE INITIALLY IMMEDIATE"])
    schema = f"""CREATE TABLE place (id int PRIMARY KEY, pos int UNIQUE {when});
        INSERT INTO place SELECT g, g FROM generate_series(1, 4) g;
        CREATE TABLE stay (id int PRIMARY KEY, during int4range, EXCLUDE USING gist (during WITH &&) {chance.choice(['', when])});"""
    writes = [
        lambda d: ["UPDATE place SET pos = 5 - pos WHERE id IN (1, 2, 3, 4) RETURNING id, pos"],
        lambda d: [("UPDATE place SET pos = $1 WHERE id = $2", d.either(d.key(4), d.fresh() + 10), d.key(4))],
        lambda d: [("INSERT INTO place VALUES ($1, $2)", d.fresh() + 10, d.either(d.key(4), d.fresh() + 10))],
        lambda d: (lambda at: [("INSERT INTO stay VALUES ($1, int4range($2, $3)) RETURNING during", d.fresh(), at, at + d.key())])(d.key(40)),
        lambda d: [("DELETE FROM stay WHERE during @> $1::int RETURNING during", d.key(40))],
    ]
    return Island(schema, writes)


@island
def ruled(chance):
    """Rules that add to a statement or replace it."""
    schema = """CREATE TABLE thing (id int PRIMARY KEY, v int, gone bool DEFAULT false);
        INSERT INTO thing SELECT g, 0 FROM generate_series(1, 5) g; CREATE TABLE thing_log (id int, what text, log_tx text);
        CREATE RULE log_insert AS ON INSERT TO thing DO ALSO INSERT INTO thing_log VALUES (NEW.id, 'insert', pg_current_xact_id()::text);
        CREATE RULE keep AS ON DELETE TO thing DO INSTEAD UPDATE thing SET gone = true WHERE id = OLD.id AND NOT gone;
        CREATE VIEW low AS SELECT * FROM thing WHERE v < 3 WITH CHECK OPTION;"""
    writes = [
        lambda d: [("INSERT INTO thing VALUES ($1, $2)", d.either(d.key(5), d.fresh() + 10), d.key())],
        lambda d: [("DELETE FROM thing WHERE id = $1", d.key(5))],
        lambda d: [("DELETE FROM thing WHERE id = $1 RETURNING id", d.key(5))],
        lambda d: [("UPDATE low SET v = v + 1 WHERE id = $1 RETURNING v", d.key(5))],
    ]
    return Island(schema, writes, ["DROP RULE IF EXISTS log_insert ON thing"])


@island
def secured(chance):
    """Row security by a setting that each write sets for itself."""
    schema = """CREATE TABLE secret (id int PRIMARY KEY, owner text, v int DEFAULT 0);
        INSERT INTO secret SELECT g, CASE WHEN g < 3 THEN 'ann' ELSE 'bob' END FROM generate_series(1, 4) g;
        ALTER TABLE secret ENABLE ROW LEVEL SECURITY; ALTER TABLE secret FORCE ROW LEVEL SECURITY;
        CREATE POLICY own ON secret USING (owner = current_setting('app.who', true));
        CREATE FUNCTION as_user(who text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.who', who, true); END $$;
        CREATE FUNCTION stay_user(who text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('app.who', who, false); END $$;"""
    change = "UPDATE secret SET v = v + 1 WHERE id = $1 RETURNING v, owner"
    insert = "INSERT INTO secret (id, owner) VALUES ($1, $2)"
    writes = [
        lambda d: [("SELECT set_config('app.who', $1, true)", d.either("ann", "bob")), (change, d.key(4))],
        lambda d: [("SELECT as_user($1)", d.either("ann", "bob")), (insert, d.fresh() + 10, d.either("ann", "bob"))],
        lambda d: [f"SET LOCAL app.who = '{d.either('ann', 'bob')}'", (change, d.key(4))],
        lambda d: [("SELECT stay_user($1)", d.either("ann", "bob"))],
        lambda d: [(change, d.key(4))], lambda d: [(insert, d.fresh() + 10, "ann")],
        lambda d: ["SELECT current_setting('app.who', true), (SELECT count(*) FROM secret WHERE id < 10)"],
    ]
    return Island(schema, writes)


@island
def partitioned(chance):
    """Partitions with rows that move, and one of them with a trigger that the others do not have."""
    schema = """CREATE TABLE event (id int, region text, v int DEFAULT 0, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
        CREATE TABLE event_eu PARTITION OF event FOR VALUES IN ('eu', 'uk'); CREATE TABLE event_us PARTITION OF event FOR VALUES IN ('us');
        CREATE TABLE event_log (id int, log_tx text);
        CREATE FUNCTION log_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO event_log VALUES (NEW.id, txid_current()::text); RETURN NEW; END $$;
        CREATE TRIGGER log_event BEFORE INSERT ON event_us FOR EACH ROW EXECUTE FUNCTION log_event();
        INSERT INTO event SELECT g, 'eu' FROM generate_series(1, 5) g;"""
    writes = [
        lambda d: [("INSERT INTO event VALUES ($1, $2) RETURNING tableoid::regclass::text", d.fresh() + 10, d.either("eu", "uk", "us", "us", "mars"))],
        lambda d: [("UPDATE event SET v = v + 1 WHERE id = $1 RETURNING v, region", d.key(5))],
        lambda d: [("UPDATE event SET region = $1 WHERE id = $2 RETURNING id", d.either("us", "uk"), d.key(5))],
    ]
    return Island(schema, writes, ["CREATE TABLE IF NOT EXISTS event_mars PARTITION OF event FOR VALUES IN ('mars')",
                                   "DROP TRIGGER IF EXISTS log_event ON event_us"])


@island
def functions(chance):
    """What applications' own code does: temporary tables, settings, notifications, locks, errors caught and raised."""
    schema = """CREATE TABLE result (id int, what text, n bigint); CREATE TABLE tally (id int PRIMARY KEY, n int DEFAULT 0);
        INSERT INTO tally SELECT g FROM generate_series(1, 4) g;
        CREATE FUNCTION worked(a int, drop_it bool) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE s bigint; BEGIN
            IF drop_it THEN CREATE TEMP TABLE work (v int) ON COMMIT DROP; ELSE CREATE TEMP TABLE work (v int); END IF;
            INSERT INTO work SELECT generate_series(1, a); SELECT sum(v) INTO s FROM work;
            INSERT INTO result VALUES (a, 'work', s); RETURN s; END $$;
        CREATE FUNCTION hide(a int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
            CREATE TEMP TABLE tally AS SELECT * FROM public.tally; UPDATE tally SET n = a; END $$;
        CREATE FUNCTION put(name text, value text, local bool) RETURNS text LANGUAGE plpgsql AS
            $$ BEGIN RETURN set_config(name, value, local); END $$;
        CREATE FUNCTION told(channel text, what text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify(channel, what); END $$;
        CREATE FUNCTION fail(state text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = state; END $$;
        CREATE FUNCTION caught(a int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
            BEGIN UPDATE tally SET n = n + 1 WHERE id = a; PERFORM 1 / (a - 2); EXCEPTION WHEN division_by_zero THEN RETURN 'caught'; END;
            RETURN 'none'; END $$;
        CREATE FUNCTION run_it(text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE $1; END $$;
        CREATE FUNCTION add_one(a int) RETURNS int LANGUAGE sql AS 'UPDATE tally SET n = n + 1 WHERE id = a RETURNING n';"""
    # Whatever is set shows in what strangers do; see there.
    settings = [("search_path", "elsewhere"), ("TimeZone", "Asia/Tokyo"), ("DateStyle", "German, DMY"), ("app.who", "ann"),
                ("synchronous_commit", "off"), ("client_encoding", "LATIN1"), ("transaction_read_only", "on"),
                ("session_replication_role", "replica"), ("bytea_output", "escape"), ("IntervalStyle", "iso_8601"),
                ("extra_float_digits", "-10"), ("standard_conforming_strings", "off"), ("default_transaction_isolation", "serializable"),
                ("statement_timeout", "3600000"), ("lock_timeout", "0"), ("row_security", "off"), ("check_function_bodies", "off")]
    # Not those of conflicts: they are tried again until the deadline.
    states = ["08006", "22012", "25P02", "42P01", "53400", "57014", "57P01", "58030", "P0001", "XX000"]
    text = lambda d: d.either("CREATE TEMP TABLE left_behind (v int)", "LISTEN somewhere", "DEALLOCATE ALL", "PREPARE mine AS SELECT 1",
                              "DISCARD PLANS", "SET TimeZone = 'Asia/Tokyo'", "SET search_path = elsewhere", "LOCK TABLE result IN SHARE ROW EXCLUSIVE MODE",
                              "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "COMMIT", "SET CONSTRAINTS ALL IMMEDIATE", "SET LOCAL work_mem = '64kB'")
    writes = [
        lambda d: [("SELECT worked($1, $2)", d.key(), d.either(True, False))],
        lambda d: [("SELECT hide($1)", d.key())],
        lambda d: [("SELECT put($1, $2, $3)", *d.either(*settings), d.either(True, True, False))],
        lambda d: [("SELECT told($1, $2)", d.either("news", "other"), d.either("a", "b"))],
        lambda d: [f"NOTIFY {d.either('news', 'other')}, '{d.either('a', 'b')}'"],
        lambda d: [("INSERT INTO result VALUES ($1, 'before', 0)", d.fresh()), ("SELECT fail($1)", d.either(*states))],
        lambda d: [("SELECT caught($1)", d.key(4))],
        lambda d: [("SELECT add_one($1)", d.key(4))],
        lambda d: [("UPDATE tally SET n = n + 1 WHERE id = $1 RETURNING n", d.key(4))],
        lambda d: [("SELECT run_it($1)", text(d))],
        lambda d: [f"DO $do$ BEGIN EXECUTE $x${text(d)}$x$; END $do$"],
        lambda d: [("SELECT pg_advisory_xact_lock($1)", d.key(3)), ("INSERT INTO result VALUES ($1, 'locked', 0)", d.fresh())],
        lambda d: [("SELECT run_it($1)", f"SELECT pg_advisory_lock({d.key(3)})")],
    ]
    return Island(schema, writes, ["CREATE OR REPLACE FUNCTION add_one(a int) RETURNS int LANGUAGE sql AS "
                                   "'UPDATE tally SET n = n + 100 WHERE id = a RETURNING n'"])


def strangers(chance):
    """Plain writes in which what somebody else left behind would show. Every trial has them."""
    schema = """CREATE SCHEMA elsewhere; CREATE TABLE note (v text); CREATE TABLE elsewhere.note (v text);
        CREATE TABLE moment (who text, m timestamptz, d date, i interval, f float8, b bytea);
        CREATE TABLE seen (who text, name text, value text); CREATE TABLE beat (id int PRIMARY KEY, n int DEFAULT 0);
        INSERT INTO beat SELECT g FROM generate_series(1, 4) g;"""
    names = ["search_path", "TimeZone", "DateStyle", "app.who", "synchronous_commit", "client_encoding", "transaction_read_only",
             "session_replication_role", "row_security", "default_transaction_isolation", "work_mem", "transaction_isolation"]
    writes = [
        lambda d: [("INSERT INTO note VALUES ($1) RETURNING v, length(v)", f"é {d.fresh()}")],
        lambda d: [f"INSERT INTO note VALUES ('ü\\{d.fresh()}') RETURNING v, length(v)"],
        lambda d: [("INSERT INTO moment VALUES ($1, $2, $3, $4, $5, $6) RETURNING m, d, i, f, b", f"w{d.fresh()}", "2026-01-02 03:04:05",
                    "01/02/2026", "1 day 2 hours", "0.1234567890123456", "\\x6162ff")],
        lambda d: [f"INSERT INTO moment VALUES ('w{d.fresh()}', '2026-01-02 03:04:05', '03/04/2026', '1 mon', 0.1, '\\x00ff') RETURNING m, d, i, f, b"],
        lambda d: [("INSERT INTO seen VALUES ($1, $2, current_setting($2, true)) RETURNING value", f"w{d.fresh()}", d.either(*names))],
        lambda d: [("UPDATE beat SET n = n + 1 WHERE id = $1 RETURNING n", d.key(4))],
        lambda d: [("SELECT count(*) FROM note WHERE v <> $1", "")],
    ]
    return Island(schema, writes, ["ALTER TABLE note ADD COLUMN IF NOT EXISTS more int DEFAULT 1"])
