"""Faults of ZooKeeper and PostgreSQL."""

import signal

from cluster import NODES
from faults import SILENCE, fault, leading
from node_faults import start_again


def _zookeeper_killed(cluster, servers, seconds):
    for server in servers:
        server.kill()
    try:
        yield seconds
    finally:
        for server in servers:
            server.start()


@fault(writes_go_on=True)
def zookeeper_server_killed(cluster, _):
    """kill -9 of the server that leads the ensemble"""
    yield from _zookeeper_killed(cluster, [cluster.zookeeper.leader() or cluster.zookeeper.servers[0]], 4)


@fault(writes_go_on=True)
def quorum_lost(cluster, chance):
    """kill -9 of two of the three ZooKeeper servers"""
    yield from _zookeeper_killed(cluster, chance.sample(cluster.zookeeper.servers, 2), SILENCE)


@fault(writes_go_on=True)
def ensemble_stopped(cluster, _):
    """all three ZooKeeper servers stopped for longer than the sessions; writes shall go on"""
    yield from _zookeeper_killed(cluster, cluster.zookeeper.servers, SILENCE)


@fault()
def ensemble_stopped_and_leader_killed(cluster, _):
    """the ensemble is away, and then the leader dies: nobody can be elected until it is back"""
    leader = yield from leading(cluster)
    for server in cluster.zookeeper.servers:
        server.kill()
    try:
        yield 1
        leader.kill()
        yield 3
    finally:
        for server in cluster.zookeeper.servers:
            server.start()
        start_again(leader)


def _restart(cluster, number):
    server = cluster.postgres.primary
    server.process.child.send_signal(number)
    server.process.child.wait(30)
    yield 1
    server.start()


@fault(alone=True)
def database_restarted(cluster, _):
    """PostgreSQL is restarted (fast shutdown), a second later it is back"""
    yield from _restart(cluster, signal.SIGINT)


@fault(alone=True)
def database_crashed(cluster, _):
    """PostgreSQL ends at once with all its backends, without a checkpoint, and recovers from its log"""
    yield from _restart(cluster, signal.SIGQUIT)


@fault()
def backends_terminated(cluster, _):
    """every backend of every node is terminated, ten times"""
    for _ in range(10):
        cluster.postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'orders_service'")
        yield 0.4


@fault(alone=True)
def database_promoted(cluster, _):
    """the primary is killed and cut off, and its synchronous replica is promoted"""
    first = cluster.postgres.first
    first.process.child.send_signal(signal.SIGQUIT)
    first.process.child.wait(30)
    cluster.network.part(NODES, [first.host])
    yield 1
    cluster.promote()
    yield 2


@fault()
def replica_lost(cluster, _):
    """the synchronous replica hears nothing from its primary: every COMMIT waits until it is back"""
    lost = cluster.network.part(["d1"], ["d2"])
    try:
        yield 4
    finally:
        cluster.network.mend(lost)


@fault(needs="disk", alone=True)
def disk_full(cluster, _):
    """the database's disk is filled to the last byte and freed again; a PostgreSQL that gave up is started again"""
    server = cluster.postgres.first
    ballast = server.home / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        try:
            while file.write(bytes(65536)):
                pass
        except OSError:
            pass  # It is full.
    try:
        yield 5
    finally:
        ballast.unlink()
        if server.process.ended():
            server.start()
