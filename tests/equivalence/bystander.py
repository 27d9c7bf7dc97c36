"""A client that only wants to go on: one small plain write after the other, while something else happens."""

import threading
import time

from writes import COMMITTED, REJECTED, Statement, Write


class Bystander(threading.Thread):
    TABLE = ("CREATE SCHEMA bystander; GRANT USAGE ON SCHEMA bystander TO orders_service; "
             "CREATE TABLE bystander.beats (n int); GRANT ALL ON bystander.beats TO orders_service")
    SQL = "INSERT INTO bystander.beats VALUES ($1)"

    def __init__(self, world, group):
        super().__init__(daemon=True)
        self.world, self.group = world, group
        self.ended, self.committed, self.rejected, self.moments = threading.Event(), [], [], []

    def run(self):
        n = 0
        while not self.ended.is_set():
            n += 1
            write = Write(f"beat {n}", [Statement(self.SQL, (n,))], deadline_ms=20000)
            answer = self.world.submit(self.group, write, write.statements)
            if answer.outcome == COMMITTED:
                self.committed.append(n)
                self.moments.append(time.monotonic())
            elif answer.outcome == REJECTED:
                self.rejected.append((n, answer.brief()))
            time.sleep(0.005)

    def start(self):
        self.began = time.monotonic()
        super().start()

    def stop(self):
        # A beat that comes to nothing shall be seen as the gap that it is.
        self.until = time.monotonic()
        self.ended.set()
        self.join(60)

    def longest_gap(self):
        moments = [self.began, *self.moments, self.until]
        return max(after - before for before, after in zip(moments, moments[1:]))

    def wrong(self, most_s):
        found = [row[0] for row in self.world.server.sql(self.group, "SELECT n FROM bystander.beats").rows]
        lost = set(map(str, self.committed)) - set(found)
        wrong = [f"others waited {gap:.1f} s, which is over {most_s} s"] if (gap := self.longest_gap()) > most_s else []
        wrong += [f"others' write {n} was rejected: {why}" for n, why in self.rejected[:3]]
        wrong += [f"others' committed writes are lost: {sorted(lost)[:5]}"] if lost else []
        return wrong + (["others' writes were done twice"] if len(found) != len(set(found)) else [])
