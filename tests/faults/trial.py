"""One run: a cluster, its clients, some faults one after another or together, and what must hold in the end."""

import dataclasses
import random
import re
import signal
import subprocess
import time

import checkers
import workloads
from clients import Asker, Crowd, resolve, send
from cluster import Cluster
from history import COMMITTED, History, now
from processes import wait_until
from watch import Watch

CALM, HEALING, CLEARING = 1.5, 60, 30
DISK_MB = 130
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Of a fault that is no reason for a pause: shorter than all of these last.
LONGEST_PAUSE = 3.5
BAD_LINE = re.compile(r"(Address|Leak|Thread)Sanitizer|runtime error:|Assertion|terminate called|code=internal")


@dataclasses.dataclass
class Happened:
    """A fault that was: when, and how long after it every node had a write committed."""

    name: str
    began: float
    ended: float = 0.0
    healed_after: float = 0.0


class Trial:
    """`steps` are lists of faults; those of one list go on at the same time."""

    def __init__(self, name, steps, seed, binaries, kept, kinds=tuple(workloads.ALL), **cluster):
        self.name, self.steps, self.seed, self.kept, self.kinds = name, steps, seed, kept, kinds
        needs = {fault.needs for step in steps for fault in step}
        self.cluster = Cluster(binaries, kept, proxied="proxies" in needs, disk_mb=DISK_MB if "disk" in needs else None,
                               **cluster)
        self.chance = random.Random(f"{seed}-{name}")
        self.history, self.happened, self.wrong = History(), [], {}
        self.watch, self.probes = None, 0

    def run(self):
        """{check: what is wrong}; empty lists where all is well."""
        self.began = now()
        try:
            self.cluster.start()
            self._play()
            self._settle()
            self.wrong.update(checkers.check(self.history.calls, self.cluster.found()))
            self._leave()
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as failure:
            self.wrong["the run itself"] = [str(failure)]
        finally:
            self.ended = now()
            self._remove()
        return self.wrong

    def _remove(self):
        """Not to be broken off by a second Ctrl-C."""
        before = {number: signal.signal(number, signal.SIG_IGN) for number in INTERRUPTIONS}
        self.cluster.remove()
        self.kept.mkdir(parents=True, exist_ok=True)
        self.history.write(self.kept / "history.jsonl")
        for number, handler in before.items():
            signal.signal(number, handler)

    def failed(self):
        return any(self.wrong.values())

    def broke_a_promise(self):
        """True when the histories prove it; a cluster that is only slow does not."""
        return any(self.wrong.get(name) for name in checkers.ALL)

    def _play(self):
        crowd = Crowd(self.cluster.nodes, self.history, self.kinds, self.seed)
        self.watch = Watch(self.cluster.nodes)
        self.watch.start()
        self.wrong["liveness"] = []
        crowd.start()
        self.started = now()
        try:
            for step in self.steps:
                time.sleep(CALM)
                self._inject(step)
                self._heal()
            time.sleep(CALM)
        finally:
            stuck = crowd.stop()
            self.stopped = now()
            self.watch.stop()
        self.wrong["liveness"] += [f"client {name} hangs or broke" for name in stuck]

    def _inject(self, step):
        now_happening = [Happened(fault.name, now()) for fault in step]
        self.happened += now_happening
        going = [(now(), at, fault.run(self.cluster, self.chance)) for at, fault in enumerate(step)]
        try:
            while going:
                due, at, generator = going.pop(going.index(min(going, key=lambda one: one[:2])))
                time.sleep(max(0.0, due - now()))
                seconds = next(generator, None)
                if seconds is None:
                    now_happening[at].ended = now()
                else:
                    going.append((now() + seconds, at, generator))
        finally:
            for *_, generator in going:
                generator.close()
        for fault, what in zip(step, now_happening):
            if fault.writes_go_on and len(step) == 1:
                self._expect_no_pause(what)

    def _expect_no_pause(self, what):
        longest = max((b - a for a, b in self.history.pauses(what.began, what.ended)), default=0.0)
        if longest > LONGEST_PAUSE:
            self.wrong["liveness"].append(f"{what.name} is no reason to commit nothing for {longest:.1f} s")

    def _heal(self):
        """Every node commits a write again."""
        healed = now()
        for node in self.cluster.nodes:
            if not self._probe(node, healed + HEALING):
                last = self.happened[-1].name
                self.wrong["liveness"].append(f"{node.name} commits nothing {HEALING} s after the end of {last}")
        self.happened[-1].healed_after = now() - healed

    def _probe(self, node, until):
        asker = Asker(node)
        try:
            while now() < until:
                self.probes += 1
                call = send(asker, workloads.Wanted(f"probe-{self.probes}", []), "probe", "probe")
                self.history.add(call)
                if call.outcome == COMMITTED:
                    return True
                time.sleep(0.05)
            return False
        finally:
            asker.close()

    def _settle(self):
        for call in self.history.unknown():
            if call.id():
                call.resolved = resolve(call, self.cluster.nodes)

    def _leave(self):
        """After a graceful end of all nodes nothing of them is in ensemble and database, nothing bad in their logs."""
        self.cluster.stop_nodes()
        self.wrong["nothing left"] = [f"{node.name} ended with {code}"
                                      for node in self.cluster.nodes for code in node.codes if code != 0]
        for what, look in (("znode", self.cluster.zookeeper.ephemerals), ("backend", self.cluster.backends)):
            try:
                wait_until(f"no {what} is left", lambda: look() == [], seconds=CLEARING)
            except RuntimeError:
                self.wrong["nothing left"].append(f"{what} left behind: {look()}")
        self.wrong["logs"] = [f"{node.name}: {line}" for node in self.cluster.nodes
                              for line in node.log.read_text(errors="replace").splitlines() if BAD_LINE.search(line)]
