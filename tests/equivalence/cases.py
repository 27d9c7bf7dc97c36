"""Inputs that once went wrong, each with what PostgreSQL does with the same writes alone. A case passes if some order of
lone transactions explains its answers and its effects, and if nobody else was held up."""

import dataclasses

from writes import Direct, Ref, Round, Script, Statement, Write, one, several


@dataclasses.dataclass
class Case:
    """Limits besides the explanation: the longest gap between others' commits in seconds, ends of server and backends, the
    nodes' memory, and the seconds within which writes are answered. `raw` are bodies as bytes, with further headers, the
    status and what the reply has to hold."""

    script: Script
    gap_s: float = None
    crashes: int = None
    terminations: int = None
    memory_mb: int = None
    within_s: dict = dataclasses.field(default_factory=dict)
    raw: tuple = ()


ALL = {}


def case(name):
    def add(make):
        ALL[name] = make
        return make
    return add


def alone(name, schema, *writes, **how):
    """A script in which each write is a round of its own."""
    return Script(name, schema, [Round([write], blocked=False) for write in writes], **how)


def together(name, schema, *steps, **how):
    return Script(name, schema, [Round(list(steps))], **how)


# What is nobody else's business, next to the writes in question.
MATES = """CREATE TABLE mates (name text PRIMARY KEY, n int NOT NULL DEFAULT 0);
INSERT INTO mates SELECT 'm' || g FROM generate_series(1, 9) g;
"""


def mate(n, **how):
    return one(f"mate-{n}", "UPDATE mates SET n = n + 1 WHERE name = $1 RETURNING n", f"m{n}", **how)


def mates(count):
    return [mate(n) for n in range(1, count + 1)]


@case("W1-parameters")
def most_parameters():
    def insert(name, count, **how):
        return one(name, "INSERT INTO t VALUES " + ",".join(f"(${n})" for n in range(1, count + 1)), *([0] * count), **how)
    return Case(alone("W1", "CREATE TABLE t (v int)", insert("most", 65535, refusable=True, warm=False),
                      insert("again", 65535, refusable=True, warm=False), insert("fewer", 32000, warm=False),
                      one("count", "SELECT count(*) FROM t")))


@case("W2-missing-parameter")
def missing_parameter():
    update = "UPDATE stock SET qty = qty - $1 WHERE id = $2"
    return Case(Script("W2", "CREATE TABLE stock (id int PRIMARY KEY, qty int); INSERT INTO stock SELECT g, 10 FROM "
                             "generate_series(0, 9) g", [
        *[Round([one(f"good-{n}", update, 1, 2)], blocked=False, warm=False) for n in range(3)],
        *[Round([one(f"missing-{n}", update, n)], blocked=False, warm=False) for n in (7, 8)],
        Round([one("expecting", update, 7, expect=1)], blocked=False, warm=False),
        Round([one("good", update, 1, 2), one("one", update, 7), one("none", update), one("three", update, 7, 1, 5),
               one("keyed", update, 7, key="w2"), one("also good", update, 1, 2)]),
        Round([one("two of one", "UPDATE stock SET qty = 0 WHERE id = 3", 1), one("$2 only", "SELECT $2::int", 1)])]))


@case("W3-altered-types")
def altered_types():
    schema = """CREATE TABLE ints (id int PRIMARY KEY, v int); CREATE TABLE texts (id int PRIMARY KEY, v int);
        CREATE TABLE reals (id int PRIMARY KEY, v real); CREATE TABLE days (id int PRIMARY KEY, at date);
        INSERT INTO days SELECT g, date '2026-01-01' + g FROM generate_series(1, 40) g"""
    inserts = {"ints": [5, "3000000000"], "texts": [5, "abc"], "reals": ["0.5", "0.123456789012345"]}

    def writes(turn):
        of = [one(f"{table}-{turn}-{n}", f"INSERT INTO {table} VALUES ($1, $2)", 10 * turn + n, values[0 if turn < 2 else 1])
              for table, values in inserts.items() for n in range(3)]
        of += [one(f"keyed-{turn}", "UPDATE ints SET v = $1 WHERE id = $2 RETURNING v", "7" if turn < 2 else "5000000000", 10,
                   key=f"w3-{turn}")]
        return of + [one(f"days-{turn}", "DELETE FROM days WHERE at < $1 RETURNING id",
                         "2026-01-05" if turn < 2 else "2026-01-20 12:00:00+00")]
    alter = Direct("alter", "ALTER TABLE ints ALTER v TYPE bigint; ALTER TABLE texts ALTER v TYPE text; "
                            "ALTER TABLE reals ALTER v TYPE float8; ALTER TABLE days ALTER at TYPE timestamptz")
    return Case(Script("W3", schema, [Round(writes(0)), Round(writes(1)), Round([alter], blocked=False),
                                      Round(writes(2), warm=False), Round(writes(3))]))


@case("W4-added-column")
def added_column():
    update = "UPDATE t SET v = v + 1 WHERE id = $1 RETURNING *"
    return Case(Script("W4", "CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1), (2, 2)", [
        Round([one(f"before-{n}", update, 1, key=f"w4-before-{n}") for n in range(3)]),
        Round([Direct("add", "ALTER TABLE t ADD COLUMN added text DEFAULT 'new'")], blocked=False),
        Round([one(f"after-{n}", update, 1 + n % 2, key=f"w4-after-{n}") for n in range(4)],
              warm=False),
        Round([one("unkeyed", update, 1), Direct("drop", "ALTER TABLE t DROP COLUMN added"), one("without", update, 1)])]))


@case("W5-kills-its-server")
def kills_its_server():
    admin = """CREATE FUNCTION crash() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'kill -9 ' || pg_backend_pid()); PERFORM pg_sleep(5); END $$"""
    poison = one("poison", "SELECT crash()", deadline_ms=30000, warm=False, poison=True, key="w5")
    return Case(Script("W5", MATES, [Round([mate(1), poison, mate(2), mate(3)])], admin=admin, listens=False), gap_s=10, crashes=2)


@case("W6-ends-its-backend")
def ends_its_backend():
    end = "SELECT pg_terminate_backend(pg_backend_pid())"
    return Case(Script("W6", MATES, [Round([mate(1), one("poison", end, deadline_ms=4000, warm=False), mate(2)]),
                                     Round([mate(3), one("keyed", end, deadline_ms=4000, warm=False, key="w6"), mate(4)])]),
                gap_s=2.5, terminations=4)


@case("W7-read-only")
def read_only():
    set_it = "SELECT set_config('transaction_read_only', 'on', true)"
    inside = "DO $$ BEGIN PERFORM set_config('transaction_read_only', 'on', true); END $$"
    insert = "INSERT INTO mates VALUES ('never')"
    return Case(Script("W7", MATES, [Round([mate(1), one("set", set_it, read_only=True), mate(2),
                                            one("inside", inside, read_only=True), mate(3)]),
                                     Round([mate(4), several("then insert", set_it, insert), mate(5),
                                            several("inside, then insert", inside, insert, key="w7"), mate(6)])]), gap_s=2)


@case("W8-sleeps-past-its-deadline")
def sleeps_past_its_deadline():
    sleep = several("sleeper", "INSERT INTO mates VALUES ('sleeper')", "SET LOCAL statement_timeout = 0",
                    "SELECT pg_sleep(600)", deadline_ms=1000, expires=True, warm=False)
    inside = several("inside", "INSERT INTO mates VALUES ('inside')",
                     "DO $$ BEGIN PERFORM set_config('statement_timeout', '0', true); PERFORM pg_sleep(600); END $$",
                     "SELECT pg_sleep(600)", deadline_ms=1000, expires=True, warm=False, key="w8")
    return Case(Script("W8", MATES, [Round([mate(1), sleep, mate(2)]), Round([mate(3), inside, mate(4)])]),
                gap_s=2, within_s={"sleeper": 3, "inside": 3})


@case("W9-settings-of-functions")
def settings_of_functions():
    schema = """CREATE SCHEMA other; CREATE TABLE notes (v text); CREATE TABLE other.notes (v text);
        CREATE TABLE days (d date, t text); CREATE TABLE seen (who text, setting text);
        CREATE FUNCTION put(name text, value text) RETURNS void LANGUAGE plpgsql AS
            $$ BEGIN PERFORM set_config(name, value, true); END $$;
        CREATE FUNCTION put_path() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET LOCAL search_path = other; END $$"""

    def setting(name, value):
        return [one(f"put-{name}", "SELECT put($1, $2)", name, value),
                one(f"see-{name}", "INSERT INTO seen VALUES ($1, current_setting($1)) RETURNING setting", name),
                one(f"note-after-{name}", "INSERT INTO notes VALUES ($1)", f"é after {name}"),
                one(f"day-after-{name}", "INSERT INTO days VALUES ($1, $1) RETURNING d::text", "01/02/2026")]
    settings = {"synchronous_commit": "off", "search_path": "other", "client_encoding": "LATIN1", "DateStyle": "German, DMY"}
    rounds = [Round(setting(name, value)) for name, value in settings.items()]
    path = [one("path", "SELECT put_path()"), one("stranger", "INSERT INTO notes VALUES ('stranger')"),
            one("reader", "SELECT count(*) FROM notes")]
    return Case(Script("W9", schema, [*rounds, Round(path)]))


@case("W10-temporary-tables-of-functions")
def temporary_tables():
    schema = """CREATE TABLE totals (n int, total int);
        CREATE FUNCTION totalled(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
            CREATE TEMP TABLE work (v int) ON COMMIT DROP; INSERT INTO work SELECT generate_series(1, n);
            INSERT INTO totals SELECT n, sum(v) FROM work; RETURN (SELECT sum(v) FROM work); END $$;
        CREATE FUNCTION kept() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
            CREATE TEMP TABLE kept_work AS SELECT 1 AS v; RETURN (SELECT count(*) FROM kept_work); END $$"""
    return Case(Script("W10", schema, [Round([one(f"call-{n}", "SELECT totalled($1)", n) for n in range(1, 5)]),
                                       Round([one(f"kept-{n}", "SELECT kept()") for n in range(1, 5)])]))


@case("W11-temporary-table-hides-another")
def hiding_table():
    schema = "CREATE TABLE stock (id int PRIMARY KEY, qty int); INSERT INTO stock SELECT g, 10 FROM generate_series(1, 5) g"
    hide = lambda turn: one(f"hide-{turn}", "DO $$ BEGIN CREATE TEMP TABLE stock AS SELECT * FROM public.stock; END $$", warm=False)
    take = lambda turn, text: [one(f"take-{turn}-{n}", text, n, expect=1) for n in (1, 2, 3)]
    return Case(Script("W11", schema, [
        Round([hide(1), *take(1, "UPDATE stock SET qty = qty - 1 WHERE id = $1")]),
        # A text that nobody has sent yet has no plan yet either.
        Round([hide(2), *take(2, "UPDATE stock SET qty = qty - 2 WHERE id = $1")], warm=False),
        Round([one("later", "UPDATE stock SET qty = 0 WHERE id = 5")])]))


@case("W12-definitions-beside-deferred-keys")
def definitions():
    schema = """CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE dropped (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
        INSERT INTO parent SELECT generate_series(1, 20)"""
    insert = lambda n: one(f"insert-{n}", "INSERT INTO child VALUES ($1, $2)", n, n)
    later = lambda n: one(f"later-{n}", "INSERT INTO dropped VALUES ($1)", n)
    how = {"warm": False}
    return Case(Script("W12", schema, [
        Round([insert(1), one("truncate", "TRUNCATE child", **how), insert(2)]),
        Round([insert(3), one("alter", "ALTER TABLE child ADD COLUMN more int", **how), insert(4)]),
        Round([insert(5), one("index", "CREATE INDEX by_parent ON child (parent)", **how), insert(6)]),
        Round([later(7), one("drop", "DROP TABLE dropped", **how), insert(8)])]))


@case("W13-transaction-as-version")
def transaction_as_version():
    schema = "CREATE TABLE doc (id int PRIMARY KEY, body text); INSERT INTO doc VALUES (1, 'as it was')"
    return Case(Script("W13", schema, [
        Round([one("a reads", "UPDATE doc SET body = body || '+a' WHERE id = 1 RETURNING xmin::text AS row_tx, body"),
               one("b changes", "UPDATE doc SET body = body || '+b' WHERE id = 1 RETURNING body")]),
        Round([one("a writes", "UPDATE doc SET body = 'a over b' WHERE id = 1 AND xmin::text = $1 RETURNING body", Ref("a reads"))]),
        Round([one("ids-1", "INSERT INTO doc VALUES (2, 'x') RETURNING pg_current_xact_id()::text AS own_tx"),
               one("ids-2", "INSERT INTO doc VALUES (3, 'x') RETURNING pg_current_xact_id()::text AS own_tx")])]))


@case("W14-equal-notifications")
def equal_notifications():
    return Case(Script("W14", MATES, [
        Round([one(f"call-{n}", "SELECT pg_notify('news', 'changed')") for n in range(3)]),
        Round([one(f"statement-{n}", "NOTIFY other, 'changed'") for n in range(3)]),
        Round([several(f"with-{n}", ("UPDATE mates SET n = n + 1 WHERE name = $1", "m1"), "SELECT pg_notify('news', 'm1')")
               for n in range(4)])]))


@case("W15-time-as-key")
def time_as_key():
    schema = """CREATE TABLE readings (device int, taken_at timestamptz DEFAULT now(), v int, PRIMARY KEY (device, taken_at));
        CREATE TABLE doc (id int PRIMARY KEY, body text, doc_version timestamptz);
        INSERT INTO doc VALUES (1, 'as it was')"""
    change = "UPDATE doc SET body = body || $1, doc_version = now() WHERE id = 1 RETURNING body, doc_version"
    return Case(Script("W15", schema, [
        Round([one(f"reading-{n}", "INSERT INTO readings (device, v) VALUES (1, $1)", n) for n in range(3)]),
        Round([one("a reads", change, "+a"), one("b changes", change, "+b"), one("c changes", change, "+c")]),
        Round([one("a writes", "UPDATE doc SET body = 'a over c' WHERE id = 1 AND doc_version = $1 RETURNING body",
                   Ref("a reads", column=1))])]))


@case("W16-halves-of-a-booking")
def halves():
    schema = """CREATE TABLE debit (id int PRIMARY KEY); CREATE TABLE credit (id int PRIMARY KEY);
        ALTER TABLE debit ADD FOREIGN KEY (id) REFERENCES credit DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE credit ADD FOREIGN KEY (id) REFERENCES debit DEFERRABLE INITIALLY DEFERRED;
        CREATE TABLE bookings (txn int, amount int);
        CREATE FUNCTION balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF (SELECT sum(amount) FROM bookings WHERE txn = NEW.txn) <> 0 THEN
                RAISE EXCEPTION 'not balanced' USING ERRCODE = '23514'; END IF; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON bookings DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION balanced()"""
    both = several("both", "INSERT INTO debit VALUES (9)", "INSERT INTO credit VALUES (9)")
    book = "INSERT INTO bookings VALUES ($1, $2)"
    return Case(Script("W16", schema, [
        Round([one("debit", "INSERT INTO debit VALUES (1)"), one("credit", "INSERT INTO credit VALUES (1)"), both]),
        Round([one("plus", book, 1, 5), one("minus", book, 1, -5), several("whole", (book, 2, 5), (book, 2, -5))])]))


RAISED = ["08006", "08000", "25006", "25P02", "26000", "40001", "40P01", "53400", "53200", "55P03", "57014", "57P01", "57P03",
          "58030", "58P01", "XX000", "XX001", "0A000", "P0001", "ZZ999"]
AGAIN = {"40001", "40P01", "55P03"}


@case("W17-raises-any-state")
def raises_any_state():
    schema = MATES + """CREATE TABLE guarded (state text);
        CREATE FUNCTION fail(state text) RETURNS void LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = state; END $$;
        CREATE FUNCTION fail_late() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'at the end' USING ERRCODE = NEW.state; END $$;
        CREATE CONSTRAINT TRIGGER late AFTER INSERT ON guarded DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION fail_late()"""
    admin = """CREATE FUNCTION absent() RETURNS text LANGUAGE sql SECURITY DEFINER AS
            $$ SELECT pg_read_file('/nowhere/at/all') $$;
        CREATE FUNCTION sorted() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET temp_file_limit = '1MB' SET work_mem = '64kB'
            AS $$ BEGIN RETURN (SELECT sum(g) FROM (SELECT g FROM generate_series(1, 300000) g ORDER BY -g OFFSET 1) x); END $$"""
    # A conflict may be tried again until the deadline, and is answered with its SQLSTATE then.
    deadline = lambda state: 1500 if state in AGAIN else 6000
    raised = [Round([mate(1), one(f"raises-{state}", "SELECT fail($1)", state, deadline_ms=deadline(state),
                                              expires=state in AGAIN), mate(2),
                     one(f"late-{state}", "INSERT INTO guarded VALUES ($1)", state, deadline_ms=deadline(state),
                         expires=state in AGAIN, key=f"w17-{state}"), mate(3)]) for state in RAISED]
    return Case(Script("W17", schema, [*_renamed(raised), Round([mate(1), one("absent", "SELECT absent()"),
                                                                 one("sorted", "SELECT sorted()"), mate(2)])],
                       admin=admin), gap_s=2)


def _renamed(rounds):
    """Mates of different rounds get names of their own."""
    for number, part in enumerate(rounds):
        for step in part.steps:
            if step.name.startswith("mate-"):
                step.name = f"{step.name} of {number}"
    return rounds


@case("W18-long-insert-runs-once")
def long_insert():
    insert = "INSERT INTO t (v) VALUES " + ",".join(f"('value {n:05}')" for n in range(1000))
    short = [one(f"short-{n}", "INSERT INTO t (v) VALUES ($1)", "v", warm=False) for n in range(30)]
    return Case(alone("W18", "CREATE TABLE t (id_seq bigserial, v text)", *short, *[one(f"long-{n}", insert, warm=False) for n in range(4)],
                      also=("SELECT last_value FROM t_id_seq_seq",)))


@case("W19-latin-1")
def latin_1():
    insert = "INSERT INTO t VALUES ($1) RETURNING v, length(v), octet_length(v)"
    return Case(Script("W19", "CREATE TABLE t (v text)", [
        Round([one("parameter", insert, "é"), one("literal", "INSERT INTO t VALUES ('é') RETURNING v, length(v)"),
               one("forwarded", insert, "ü", node=1), one("foreign", insert, "€", key="w19")]),
        Round([one("read", "SELECT v FROM t ORDER BY v")], blocked=False)], database="latin"))


@case("W20-rows-over-the-bound")
def rows_over_the_bound():
    schema = "CREATE TABLE t (id int PRIMARY KEY, v text); " + MATES
    insert = "INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series($1::int, $1::int + 17999) g RETURNING v"
    small = one("small", "INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(900001, 901000) g RETURNING v", node=1)
    return Case(Script("W20", schema, [
        Round([mate(1), one("by the follower", insert, 1, refused=True, warm=False, node=1, deadline_ms=10000), mate(2)]),
        Round([mate(3), one("by the leader", insert, 100001, refused=True, warm=False, deadline_ms=10000), mate(4)]),
        Round([mate(5), one("keyed", insert, 200001, refused=True, warm=False, key="w20", deadline_ms=10000), mate(6)]),
        Round([small])]), gap_s=2)


@case("W21-an-answer-of-700-MB")
def huge_answer():
    huge = "SELECT repeat('x', 1000000) FROM generate_series(1, 700)"
    return Case(Script("W21", MATES, [Round([mate(1), one("huge", huge, refused=True, warm=False, deadline_ms=30000), mate(2)]),
                                      Round([one("wide", "SELECT repeat('x', 300000000)", refused=True, warm=False, node=1)])]),
                gap_s=3, memory_mb=256)


@case("W22-deeply-nested")
def deeply_nested():
    nested = "SELECT " + "set_config(" * 47500 + "'a'" + ",'b',true)" * 47500
    brackets = "SELECT " + "(" * 50000 + "1" + ")" * 50000
    return Case(Script("W22", MATES, [Round([mate(1), one("nested", nested, refusable=True, warm=False), mate(2)]),
                                      Round([mate(3), one("brackets", brackets, refusable=True, warm=False), mate(4)])]),
                gap_s=2, within_s={"nested": 2, "brackets": 2})


@case("W23-time-zone")
def time_zone():
    schema = """CREATE TABLE t (who text, moment timestamptz); CREATE FUNCTION tokyo() RETURNS void LANGUAGE plpgsql AS
        $$ BEGIN SET LOCAL TIME ZONE 'Asia/Tokyo'; END $$"""
    literal = "INSERT INTO t VALUES ('literal', '2026-01-02 03:04:05') RETURNING moment AT TIME ZONE 'UTC'"
    given = "INSERT INTO t VALUES ('given', $1) RETURNING moment AT TIME ZONE 'UTC'"
    own = [one("own-literal", literal), one("own-given", given, "2026-01-02 03:04:05")]
    return Case(Script("W23", schema, [
        Round([several("tokyo", "SET LOCAL TIME ZONE 'Asia/Tokyo'", literal, (given, "2026-01-02 03:04:05")), *own]),
        Round([several(f"again-{n}", "SELECT tokyo()", literal) for n in range(3)]),
        Round([one(f"later-{n}", literal) for n in range(8)])]))


@case("W24-prepared-statements")
def prepared_statements():
    schema = MATES
    do = lambda name, sql: one(name, f"DO $do$ DECLARE s text; BEGIN {sql} END $do$", warm=False, refusable=True)
    every = "FOR s IN SELECT name FROM pg_prepared_statements LOOP EXECUTE format('DEALLOCATE %I', s); {} END LOOP;"
    replaced = every.format("EXECUTE format('PREPARE %I AS SELECT 1', s);")
    keyed = lambda n, turn: one(f"keyed-{n}-{turn}", "UPDATE mates SET n = n + 10 WHERE name = $1 RETURNING n", f"m{n}",
                                key=f"w24-{n}")
    return Case(Script("W24", schema, [
        Round([mate(1), mate(2), mate(3)]),
        Round([keyed(4, 0), do("all", "EXECUTE 'DEALLOCATE ALL';"), keyed(5, 0)]),
        Round([keyed(6, 0), do("each", every.format("")), keyed(7, 0)]),
        Round([keyed(8, 0), do("replaced", replaced), keyed(9, 0)]),
        Round([one(f"after-{n}", "UPDATE mates SET n = n + 1 WHERE name = $1 RETURNING n", f"m{n}") for n in range(1, 10)])]),
        gap_s=2)


@case("W25-continued-string")
def continued_string():
    hidden = "SELECT E'a'\n'b\\'' , set_config('app.leak', 'leaked', false) --'"
    inside = "SELECT E'a'\n'b\\' , set_config(''app.leak'', ''no code'', false)'"
    see = [one(f"see-{n}", "INSERT INTO seen VALUES (coalesce(nullif(current_setting('app.leak', true), ''), 'nothing')) RETURNING v")
           for n in range(8)]
    return Case(Script("W25", "CREATE TABLE seen (v text)", [
        Round([one("hidden", hidden, refusable=True, warm=False)]), Round(see),
        Round([one("in a string", inside, warm=False)])]))


@case("W26-locked-rows")
def locked_rows():
    update = "UPDATE mates SET n = n + 1 WHERE name = $1 RETURNING n"
    warm = Round([one(f"before-{n}", update, f"m{n}") for n in range(1, 10)])
    locks = Direct("somebody's locks", "SELECT 1 FROM mates WHERE name <= 'm8' FOR UPDATE", held_s=4)
    return Case(Script("W26", MATES, [warm, Round([locks, *[one(f"locked-{n}", update, f"m{n}") for n in range(1, 9)],
                                                   one("free", update, "m9")], blocked=False)]),
                gap_s=1.5, within_s={"free": 1.5})


@case("W27-as-it-was-sent")
def as_it_was_sent():
    insert = b'"sql": "INSERT INTO t VALUES ($1, $2) RETURNING v, s", "params": [%s, %s]'
    good = b'{"statements": [{' + insert + b"}]}"
    double = b'{"statements": [{"sql": "SELECT 1", ' + insert % (b"2", b"2") + b"}]}"
    return Case(Script("W27", "CREATE TABLE t (v float8, s text)", []), raw=(
        (good % (b"-0", b"-0"), (), 200, [["-0", "-0"]]),
        (good % (b"1.50", b"1.50"), (), 200, [["1.5", "1.50"]]),
        (good % (b"1e2", b"12345678901234567890123.10"), (), 200, [["100", "12345678901234567890123.10"]]),
        (double, (), 400, None),
        (good % (b"3", b"3"), [("Idempotency-Key", "w27-a"), ("Idempotency-Key", "w27-b")], 400, None)))
