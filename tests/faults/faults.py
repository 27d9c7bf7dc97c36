"""What a fault is. Each is a generator: what is before a `yield` happens, the number that it yields is how many seconds
it stays so, and at its end everything is mended, also when the run is broken off. So several can go on at once."""

from history import now
from sidecar import SESSION_MS

# Longer than a session, so that the next leader is elected meanwhile.
SILENCE = SESSION_MS / 1000 * 2.5

ALL = {}


class Fault:
    def __init__(self, run, needs, alone, writes_go_on):
        self.run, self.name, self.what = run, run.__name__.replace("_", "-"), run.__doc__
        self.needs, self.alone, self.writes_go_on = needs, alone, writes_go_on


def fault(needs="", alone=False, writes_go_on=False):
    """`needs`: "proxies" or "disk". `alone`: it cannot go on together with another. `writes_go_on`: it is no reason for
    a pause."""
    def add(run):
        made = Fault(run, needs, alone, writes_go_on)
        ALL[made.name] = made
        return run
    return add


def until(what, condition, seconds=60):
    """Waits in a fault without holding up the others, and returns what the condition does."""
    end = now() + seconds
    while not (value := condition()):
        if now() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        yield 0.1
    return value


def leading(cluster):
    return (yield from until("a leader serves", cluster.leader))
