"""Stand-ins for Penholder, to try the harness itself: one that runs every write alone, with which no trial may fail, and
careless ones, each of which has to be caught: what waits runs in one transaction with a savepoint for each write, or
writes follow each other on one connection, or on one that was reset with DISCARD ALL."""

import queue
import threading
import time

from lone import run_alone
from world import ROLE, Server, World
from writes import COMMITTED, REJECTED, Answer

CONFLICTS = {"40001", "40P01", "55P03"}


class Imitation(World):
    """PostgreSQL without nodes."""

    def __init__(self):
        super().__init__("")
        self.keys, self.lock = {}, threading.Lock()

    def start(self):
        self.server = Server(self.home)
        self.make_databases()

    def submit(self, group, write, statements):
        """The first answer to a key is that of every later one, also while it is being made."""
        if not write.key:
            return self.apply(group, write, statements)
        with self.lock:
            mine = write.key not in self.keys
            done, answers = self.keys.setdefault(write.key, (threading.Event(), []))
        if mine:
            answers.append(self.apply(group, write, statements))
            done.set()
        done.wait()
        return answers[0]


class Alone(Imitation):
    def apply(self, group, write, statements):
        end = time.monotonic() + write.deadline_ms / 1000
        while True:
            answer = self._once(group, statements)
            if answer.sqlstate not in CONFLICTS or time.monotonic() > end:
                return answer

    def _once(self, group, statements):
        with self.server.connect(group, ROLE) as connection:
            answer = run_alone(connection, statements, lambda _: True)
            if answer.outcome == COMMITTED:
                answer.lsn = _position(connection)
            return answer


class Kept(Alone):
    """A transaction for each write, one after the other on one connection."""

    RESET = None

    def __init__(self):
        super().__init__()
        self.turn, self.kept = threading.Lock(), None

    def _once(self, group, statements):
        with self.turn:
            self.kept = self.kept or self.server.connect(group, ROLE)
            answer = run_alone(self.kept, statements, lambda _: True)
            if answer.outcome == COMMITTED:
                answer.lsn = _position(self.kept)
            else:
                self.kept.execute("ROLLBACK")
            if self.RESET:
                self.kept.script(self.RESET)
            return answer


class Discarded(Kept):
    RESET = "DISCARD ALL"


class Together(Alone):
    """One connection for all, which is as new after each batch. What fails with its batch is tried alone."""

    def __init__(self):
        super().__init__()
        self.waiting = queue.Queue()

    def start(self):
        super().start()
        threading.Thread(target=self._work, daemon=True).start()

    def apply(self, group, write, statements):
        done = queue.Queue()
        self.waiting.put((group, write, statements, done))
        return done.get()

    def _work(self):
        while True:
            batch = [self.waiting.get()]
            while not self.waiting.empty():
                batch.append(self.waiting.get())
            for each, answer in zip(batch, self._batch(batch)):
                each[3].put(answer)

    def _batch(self, batch):
        with self.server.connect(batch[0][0], ROLE) as connection:
            connection.execute("BEGIN")
            answers = [self._within(connection, statements) for _, _, statements, _ in batch]
            committed = connection.execute("COMMIT")
            if committed.sqlstate or committed.tag != "COMMIT":
                return [super(Together, self).apply(group, write, statements) for group, write, statements, _ in batch]
            lsn = _position(connection)
        for answer in answers:
            answer.lsn = lsn
        return answers

    @staticmethod
    def _within(connection, statements):
        connection.execute("SAVEPOINT one")
        answer = Answer(COMMITTED)
        for each in statements:
            result = connection.execute(each.sql, each.params)
            if result.sqlstate or each.expect_rows not in (None, result.affected):
                connection.execute("ROLLBACK TO one")
                return Answer(REJECTED, sqlstate=result.sqlstate, code="" if result.sqlstate else "expect_rows", message=result.message)
            answer.statements.append((result.affected, result.columns, result.rows))
        return answer


def _position(connection):
    high, low = connection.script("SELECT pg_current_wal_insert_lsn()").rows[0][0].split("/")
    return (int(high, 16) << 32) + int(low, 16)


ALL = {"alone": Alone, "together": Together, "kept": Kept, "discarded": Discarded}
