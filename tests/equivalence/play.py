"""Plays a script through Penholder, round by round, and has every round explained by lone transactions."""

import dataclasses
import itertools
import threading
import time

from bystander import Bystander
from door import Sending
from explanation import Explainer
from lone import Lone, listen, read_contents
from processes import wait_until
from world import ROLE
from writes import COMMITTED, UNMET, Direct, Ref, Statement, Write, one, resolved

# Plain, and busy for some tenths of a second: what is sent meanwhile shares the next batch.
BLOCKER = "SELECT count(*) FROM generate_series(1, 1200000) g WHERE g % 7 = 3"
BLOCKING_S, APART_S, JUDGING_S = 0.06, 0.002, 0.25
IMPOSSIBLE = 987654
CLEAN = """\
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace
                WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'penholder') LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
END $$"""
LEFT = """\
SELECT 'temporary table ' || relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'
UNION ALL SELECT 'advisory lock ' || objid FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def decided(answer):
    """True when this is the answer for ever."""
    return answer.outcome == COMMITTED or bool(answer.sqlstate) or answer.code == UNMET


def same_answer(first, again):
    return (first.outcome, first.sqlstate, first.statements) == (again.outcome, again.sqlstate, again.statements)


_plays = itertools.count(1)


class Play:
    def __init__(self, world, script, seed=1, bystander=False, say=lambda text: None):
        self.world, self.script, self.seed, self.say = world, script, seed, say
        self.group, self.server = script.database, world.server
        self.number = next(_plays)
        self.answers, self.warmed, self.contradictions = {}, set(), []
        self.listener, self.news = None, []
        self.lone = Lone(world.server, script)
        self.bystander = Bystander(world, self.group) if bystander else None

    def run(self):
        """What is wrong, with the round's writes; an empty list where lone transactions explain everything."""
        self._prepare()
        explainer = Explainer(self.lone, self.answers, self.seed)
        if self.bystander:
            self.bystander.start()
        try:
            for number, part in enumerate(self.script.rounds):
                self._play(part)
                with self.server.connect(self.group) as connection:
                    contents = read_contents(connection)
                verdict = explainer.explain(part.steps, contents, self._news_that_differ)
                if verdict.wrong or self.contradictions:
                    return self._report(number, part, verdict.wrong + self.contradictions)
            before = contents if self.script.rounds else {}
            self._ask_again()
        finally:
            if self.bystander:
                self.bystander.stop()
            if self.listener:
                self.listener.close()
        return self.contradictions + self._in_the_end(before)

    def remove(self):
        self.lone.remove()

    def _prepare(self):
        self._wait_for_a_leader()
        self._make(self.group)
        self.lone.prepare(self._make)
        if self.script.listens:
            self.listener = self.server.connect(self.group)
            listen(self.listener)

    def _wait_for_a_leader(self):
        probe = Write("probe", [Statement("SELECT 1")], deadline_ms=20000)
        wait_until("a write is committed by each node", lambda: all(
            self.world.submit(self.group, dataclasses.replace(probe, node=at), probe.statements).outcome == COMMITTED
            for at in range(len(self.world.nodes))))

    def _make(self, database):
        sql = lambda text, user="postgres": self.server.sql(database, text, user)
        sql(f"{CLEAN}; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO {ROLE}; "
            f"GRANT CREATE ON DATABASE {database} TO {ROLE}")
        if database == self.group and self.bystander:
            sql(self.bystander.TABLE)
        if self.script.schema:
            sql(self.script.schema, ROLE)
        if self.script.admin:
            sql(self.script.admin)

    def _play(self, part):
        if part.warm:
            self._warm(part)
        sending = []
        if part.blocked:
            blocker = Sending(self.world, self.group, one("blocker", BLOCKER), [Statement(BLOCKER)])
            time.sleep(BLOCKING_S)
        for step in part.steps:
            if isinstance(step, Direct):
                self._direct(step)
            elif (statements := resolved(step, self.answers)) is not None:
                sending += [(step, Sending(self.world, self.group, sent, statements)) for sent in self._copies(step)]
            time.sleep(APART_S)
        if part.takeover:
            self.world.replace_leader(self.group)
        for step, one_sending in sending:
            one_sending.join()
            self._note(step, one_sending.answer)
        if part.blocked:
            blocker.join()

    def _copies(self, step):
        return [self._sent(step), self._sent(step, 1)] if step.twin else [self._sent(step)]

    def _sent(self, step, further=0):
        """The write by this node or a further one, with a key that no other play has."""
        return dataclasses.replace(step, key=step.key and f"{self.number}.{step.key}", node=step.node + further)

    def _note(self, step, answer):
        """All answers to one key are the first one."""
        first = self.answers.setdefault(step.name, answer)
        if first is not answer and not same_answer(first, answer):
            self.contradictions.append(f"{step.name} has two answers: {first.brief()}, and {answer.brief()}")

    def _ask_again(self):
        """Every key once more, when all is over: nothing may run again."""
        for step in self.script.writes():
            if step.key and step.name in self.answers and decided(self.answers[step.name]):
                statements = resolved(step, self.answers)
                self._note(step, self.world.submit(self.group, self._sent(step, 1), statements))

    def _direct(self, step):
        connection = self.server.connect(self.group, "postgres" if step.admin else ROLE)
        if step.held_s:
            connection.script(f"BEGIN; {step.sql}")
            threading.Timer(step.held_s, connection.close).start()
            return
        connection.script(step.sql)
        connection.close()
        self.warmed.clear()

    def _warm(self, part):
        """Every statement is tried once in vain, so that the leader knows it: it is rolled back for its number of rows."""
        new = []
        for step in part.steps:
            if isinstance(step, Write) and step.warm and not self._known(step):
                self.warmed.update(each.sql for each in step.statements)
                vain = [Statement(each.sql, [None if isinstance(value, Ref) else value for value in each.params])
                        for each in step.statements]
                vain[-1].expect_rows = IMPOSSIBLE
                new.append(Sending(self.world, self.group, Write("warm", vain), vain))
        for sending in new:
            sending.join()
        if new:
            time.sleep(JUDGING_S)

    def _known(self, step):
        return all(each.sql in self.warmed for each in step.statements)

    def _news_that_differ(self):
        self.news += self.listener.notifications() if self.listener else []
        here, there = sorted(self.news), self.lone.notifications()
        return [] if here == there else [f"notifications were {here}, and lone {there}"]

    def _in_the_end(self, before):
        with self.server.connect(self.group) as connection:
            wrong = [] if not before or read_contents(connection) == before else ["asking for keys again changed tables"]
        try:
            wait_until("", lambda: not self.server.sql(self.group, LEFT).rows, seconds=3)
        except RuntimeError:
            wrong += [f"left behind: {row[0]}" for row in self.server.sql(self.group, LEFT).rows]
        with self.server.connect(self.group) as connection:
            asked = [connection.script(query).rows for query in self.script.also]
        for query, here, there in zip(self.script.also, asked, self.lone.asked(self.script.also)):
            if here != there:
                wrong.append(f"`{query}` gives {here}, and lone {there}")
        return wrong

    def _report(self, number, part, wrong):
        lines = [f"no order of lone transactions explains round {number + 1} of {len(self.script.rounds)}:"]
        for step in part.steps:
            if isinstance(step, Direct):
                lines.append(f"  {step.name}: direct: {shortened(step.sql)}")
            elif step.name in self.answers:
                lines += [f"  {step.name}{' key ' + step.key if step.key else ''}: "
                          + "\n      ".join(f"{shortened(each.sql)} {shortened(repr(list(each.params))) if each.params else ''}"
                                            for each in step.statements),
                          f"      -> {self.answers[step.name].brief()}"]
        return ["\n".join(lines), *wrong]


def shortened(text, most=300):
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
