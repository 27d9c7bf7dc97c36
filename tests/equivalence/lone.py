"""The right answers: each write alone, in a transaction and on a connection of its own, by PostgreSQL itself."""

from libpq import Connection
from world import GROUPS, ROLE
from writes import COMMITTED, REJECTED, UNMET, Answer, Direct, resolved

CONTENTS = """\
SELECT n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'penholder', 'bystander')
ORDER BY 1"""
CHANNELS = ("news", "other")


def read_contents(connection):
    """{table: (columns, rows)} of everything that an application may have written; a partitioned table by its parts."""
    found = {}
    for name, quoted in connection.script(CONTENTS).rows:
        rows = connection.script(f"SELECT * FROM {quoted}")
        found[name] = (rows.columns, rows.rows)
    return found


def listen(connection):
    for channel in CHANNELS:
        connection.script(f"LISTEN {channel}")


def run_alone(connection, statements, accept):
    """The lone answer to these statements. They are committed only if it is `committed` and `accept(answer)` holds."""
    if opened := _failed(connection.execute("BEGIN"), None):
        return opened
    answer = Answer(COMMITTED)
    for number, each in enumerate(statements):
        result = connection.execute(each.sql, each.params)
        if failed := _failed(result, number):
            return failed
        answer.statements.append((result.affected, result.columns, result.rows))
        if each.expect_rows not in (None, result.affected):
            return Answer(REJECTED, code=UNMET, at=number, message=f"{result.affected} rows, not {each.expect_rows}")
    if not accept(answer):
        return _deferred(connection) or answer
    return _failed(connection.execute("COMMIT"), None) or answer


def _deferred(connection):
    """What COMMIT would have raised, where the transaction is not to be committed."""
    return _failed(connection.execute("SET CONSTRAINTS ALL IMMEDIATE"), None)


def _failed(result, number):
    if result.sqlstate:
        return Answer(REJECTED, sqlstate=result.sqlstate, at=number, message=result.message, lost=result.lost)
    return None


class Lone:
    """A database made from a script's first state, once for each order that is tried."""

    def __init__(self, server, script):
        self.server, self.script = server, script
        self.initial, self.name = f"initial_{script.database}", f"lone_{script.database}"
        self.answers, self.listener, self.news = {}, None, []

    def prepare(self, make):
        """`make(database)` brings a new database into the script's first state."""
        self.close()
        self._drop(self.initial)
        encoding = GROUPS[self.script.database]
        self.server.sql("postgres", f"CREATE DATABASE {self.initial} TEMPLATE template0 ENCODING '{encoding}'")
        make(self.initial)
        self.restore([])

    def _drop(self, name):
        self.server.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def restore(self, done):
        """The first state, and then these orders of steps, which are known to have had their effect."""
        self.close()
        self._drop(self.name)
        self.server.sql("postgres", f"CREATE DATABASE {self.name} TEMPLATE {self.initial}")
        self.answers, self.news = {}, []
        if self.script.listens:
            self.listener = self.server.connect(self.name)
            listen(self.listener)
        for step in (step for order in done for step in order):
            if isinstance(step, Direct):
                self.direct(step)
            else:
                self.attempt(step, lambda _: True)

    def attempt(self, step, accept):
        """The lone answer; the write is in the database only if it committed and was accepted."""
        statements = resolved(step, self.answers)
        if statements is None:
            return Answer(REJECTED, code="unresolved", message="it refers to rows that no lone transaction returned")
        with Connection(self.server.conninfo(self.name, ROLE)) as connection:
            answer = run_alone(connection, statements, accept)
        if accept(answer):
            self.answers[step.name] = answer
        return answer

    def direct(self, step):
        if not step.held_s:
            self.server.sql(self.name, step.sql, "postgres" if step.admin else ROLE)

    def contents(self):
        with self.server.connect(self.name) as connection:
            return read_contents(connection)

    def notifications(self):
        self.news += self.listener.notifications() if self.listener else []
        return sorted(self.news)

    def asked(self, queries):
        with self.server.connect(self.name) as connection:
            return [connection.script(query).rows for query in queries]

    def close(self):
        if self.listener:
            self.listener.close()
        self.listener = None

    def remove(self):
        self.close()
        self._drop(self.name)
        self._drop(self.initial)
