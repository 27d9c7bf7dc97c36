"""The story: writes through every node, the leader killed in the middle, and the count at the end."""

import time

import invitation
from load import Load
from processes import wait_until
from screen import Claims, paint, say, title

WRITES = 6000


def run(cluster):
    """Runs it and returns whether every claim in it held."""
    claims = Claims()
    title("One leader, two followers")
    say(cluster.status())
    first, term = cluster.await_leader(), cluster.term()

    title(f"{WRITES} writes through all three nodes at once; {first.name} is killed in the middle")
    load = write_and_kill(cluster, first)
    say(f"  {load.rate():.0f} writes a second in all; {load.asked_again} were asked again with the same write id")
    say(f"  longest pause without any answer: {paint('1', f'{load.longest_pause() * 1000:.0f} ms')}; slowest write: {load.slowest * 1000:.0f} ms")

    title("Every acknowledged write, exactly once")
    count(cluster, load, claims)

    title("The next term")
    succession(cluster, first, term, claims)

    title("What you can paste")
    broken = invitation.failures(cluster)
    claims.check(not broken, "every line shown below was run just now, and worked")
    for line in broken:
        say("    " + line)
    claims.check(invitation.is_new(cluster), "and the first of them will write something new: its write id is yours")
    return claims.failed == 0


def write_and_kill(cluster, leader):
    load = Load(cluster.nodes, WRITES)
    load.start()
    wait_until("a third of the writes are answered", lambda: load.done() >= WRITES // 3, seconds=120)
    leader.process.kill()
    say(f"  after {time.monotonic() - load.begun:.1f} s and {load.done()} answers: kill -9 {leader.name}")
    if not load.join(seconds=180):
        raise RuntimeError(f"only {load.done()} of {WRITES} writes were answered within three minutes")
    return load


def count(cluster, load, claims):
    value = int(cluster.database.sql("SELECT value FROM counter WHERE id = 1"))
    rows, distinct = map(int, cluster.database.sql("SELECT count(*), count(DISTINCT write) FROM entries").split("|"))
    increments, inserts = load.acknowledged["increment"], load.acknowledged["insert"]
    claims.check(not load.refused, f"every write was committed: {increments + inserts} of {WRITES}"
                 + (f"; not so: {load.refused[:5]}" if load.refused else ""))
    claims.check(value == increments, f"{increments} increments acknowledged, and the counter says {value}")
    claims.check(rows == inserts and distinct == inserts,
                 f"{inserts} inserts acknowledged, and the table has {rows} rows, {distinct} of them different")


def succession(cluster, dead, term, claims):
    next_leader, next_term = cluster.await_leader(), cluster.term()
    dead.process.start()
    wait_until(f"{dead.name} is ready again", dead.ready, process=dead.process)
    say(cluster.status())
    claims.check(next_leader is not dead, f"{next_leader.name} took over from {dead.name}")
    claims.check(next_term > term, f"term {next_term} follows term {term}")
    claims.check(not dead.leads(), f"{dead.name}, started again, follows")
