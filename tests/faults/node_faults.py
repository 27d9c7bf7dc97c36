"""Faults of the nodes: killed, paused, restarted, upgraded, with a wrong clock, and handed over all the time."""

from pathlib import Path

from faults import SILENCE, fault, leading, until
from sidecar import SESSION_MS


def start_again(node):
    if node.process.ended():
        node.start()


@fault()
def leader_killed(cluster, _):
    """kill -9 of the leader; started again after its session"""
    leader = yield from leading(cluster)
    leader.kill()
    try:
        yield SILENCE
    finally:
        start_again(leader)


@fault()
def leader_paused(cluster, _):
    """SIGSTOP of the leader for longer than its session; then it wakes up and thinks that it leads"""
    leader = yield from leading(cluster)
    leader.pause()
    try:
        yield SILENCE
    finally:
        leader.resume()


@fault()
def leader_paused_often(cluster, _):
    """SIGSTOP of whoever leads, four times, for a little more than its session"""
    for _ in range(4):
        leader = yield from leading(cluster)
        leader.pause()
        try:
            yield SESSION_MS / 1000 * 1.4
        finally:
            leader.resume()
        yield 0.5


@fault(writes_go_on=True)
def follower_killed(cluster, chance):
    """kill -9 of a follower with writes under way; started again"""
    follower = chance.choice(cluster.followers((yield from leading(cluster))))
    follower.kill()
    try:
        yield 2
    finally:
        start_again(follower)


@fault(writes_go_on=True)
def follower_paused(cluster, chance):
    """SIGSTOP of a follower for longer than its session"""
    follower = chance.choice(cluster.followers((yield from leading(cluster))))
    follower.pause()
    try:
        yield SILENCE
    finally:
        follower.resume()


@fault(alone=True)
def all_killed(cluster, _):
    """kill -9 of all five nodes at once; started again at once, while their old sessions last"""
    for node in cluster.nodes:
        node.kill()
    yield 0.5
    for node in cluster.nodes:
        start_again(node)
    yield SILENCE


@fault(alone=True)
def all_paused(cluster, _):
    """SIGSTOP of all five nodes for longer than their sessions"""
    for node in cluster.nodes:
        node.pause()
    try:
        yield SILENCE
    finally:
        for node in cluster.nodes:
            node.resume()


@fault()
def handover_storm(cluster, chance):
    """the leadership is handed to somebody else every third of a second"""
    for _ in range(12):
        asked = chance.choice([node for node in cluster.nodes if node.alive()])
        heir = chance.choice(cluster.nodes).name
        connection = asked.connect(timeout=0.3)
        try:
            connection.request("POST", "/v1/groups/orders/handover", f'{{"to": "{heir}", "within_ms": 200}}',
                               {"Content-Type": "application/json"})
            connection.getresponse().read()
        except OSError:
            pass  # Still under way, or refused by who is no leader: the next one comes anyhow.
        finally:
            connection.close()
        yield 0.3


@fault()
def clock_ahead(cluster, _):
    """the leader is started again with its clock an hour ahead"""
    yield from _clock(cluster, "+3600s")


@fault()
def clock_behind(cluster, _):
    """the leader is started again with its clock a day behind"""
    yield from _clock(cluster, "-86400s")


def _clock(cluster, offset):
    node = yield from leading(cluster)
    node.stop()
    # The library itself: the program `faketime` would stand between us and the node.
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    node.start(["env", f"LD_PRELOAD={library}", f"FAKETIME={offset}", "FAKETIME_DONT_FAKE_MONOTONIC=1"])
    try:
        yield from until(f"{node.name} is ready", node.ready)
        _hand_to(cluster, node)
        yield 4
    finally:
        node.stop()
        node.start()


def _hand_to(cluster, heir):
    connection = heir.connect(timeout=5)
    connection.request("POST", "/v1/groups/orders/handover", f'{{"to": "{heir.name}", "within_ms": 3000}}',
                       {"Content-Type": "application/json"})
    connection.getresponse().read()
    connection.close()


def _one_after_another(cluster, change):
    for node in cluster.nodes:
        node.stop()
        change(node)
        node.start()
        yield from until(f"{node.name} is ready again", node.ready)
        yield 0.3


@fault(alone=True)
def rolling_restart(cluster, _):
    """every node is stopped with SIGTERM and started again, one after another"""
    yield from _one_after_another(cluster, lambda node: None)


@fault(alone=True)
def rolling_upgrade(cluster, _):
    """the same, each with a new copy of the program and changed settings"""
    yield from _one_after_another(cluster, lambda node: node.replace_program(batch=32))
