"""Faults of the network: what is lost between hosts, and what a proxy does to connections."""

from cluster import NODES, ZOOKEEPER_HOSTS
from faults import SILENCE, fault, leading
from node_faults import start_again


def _parted(cluster, some, others, seconds, one_way=False):
    lost = cluster.network.cut(some, others) if one_way else cluster.network.part(some, others)
    try:
        yield seconds
    finally:
        cluster.network.mend(lost)


@fault()
def leader_cut_from_ensemble(cluster, _):
    """packets between leader and ensemble are lost, both ways"""
    leader = (yield from leading(cluster)).name
    yield from _parted(cluster, [leader], ZOOKEEPER_HOSTS, SILENCE)


@fault()
def leader_cut_from_database(cluster, _):
    """packets between leader and database are lost: it has to give up, and another leads"""
    leader = (yield from leading(cluster)).name
    yield from _parted(cluster, [leader], cluster.postgres.hosts(), 9)


@fault()
def leader_cut_from_followers(cluster, _):
    """packets between the leader and all followers are lost; ensemble and database see all of them"""
    leader = (yield from leading(cluster)).name
    yield from _parted(cluster, [leader], [name for name in NODES if name != leader], SILENCE)


@fault()
def leader_cut_from_all(cluster, _):
    """the leader's host loses everything that comes and goes"""
    leader = (yield from leading(cluster)).name
    everybody = [*NODES, *ZOOKEEPER_HOSTS, *cluster.postgres.hosts()]
    yield from _parted(cluster, [leader], [name for name in everybody if name != leader], SILENCE)


@fault()
def one_way_to_leader(cluster, _):
    """what followers send to the leader is lost, what it sends arrives"""
    leader = (yield from leading(cluster)).name
    yield from _parted(cluster, [name for name in NODES if name != leader], [leader], SILENCE, one_way=True)


@fault()
def one_way_from_database(cluster, _):
    """what the leader sends to the database arrives, the answers are lost: every COMMIT is in doubt"""
    leader = (yield from leading(cluster)).name
    yield from _parted(cluster, cluster.postgres.hosts(), [leader], 8, one_way=True)


@fault()
def halves(cluster, _):
    """the leader with one follower, one ZooKeeper server and the database on one side; everybody else on the other"""
    leader = (yield from leading(cluster)).name
    side = [leader, next(name for name in NODES if name != leader), "z1", "d1", "d2"]
    others = [name for name in [*NODES, *ZOOKEEPER_HOSTS] if name not in side]
    yield from _parted(cluster, side, others, SILENCE)


@fault(writes_go_on=True)
def silent_name_server(cluster, _):
    """the name server answers nobody, for longer than a session: nobody asks it anything"""
    cluster.names.silent = True
    try:
        yield SILENCE
    finally:
        cluster.names.silent = False


@fault()
def leader_killed_without_names(cluster, _):
    """the name server answers nobody, and the leader is killed: nobody waits for a name"""
    leader = yield from leading(cluster)
    cluster.names.silent = True
    leader.kill()
    try:
        yield SILENCE
    finally:
        cluster.names.silent = False
        start_again(leader)


@fault(needs="proxies")
def links_slow(cluster, _):
    """every piece on every link is 100 ms late, each way"""
    yield from _proxies(cluster.link_proxies, lambda proxy: proxy.slow(0.1), 4)


@fault(needs="proxies")
def links_reset(cluster, _):
    """all links are reset, ten times"""
    yield from _resets(cluster.link_proxies)


@fault(needs="proxies")
def links_half_open(cluster, _):
    """links stay open and carry nothing, for longer than their silence time-out; what was held back arrives later"""
    yield from _proxies(cluster.link_proxies, lambda proxy: proxy.mute(), 3)


@fault(needs="proxies")
def database_slow(cluster, _):
    """every piece between nodes and database is 50 ms late, each way"""
    yield from _proxies(cluster.database_proxies, lambda proxy: proxy.slow(0.05), 4)


@fault(needs="proxies")
def database_reset(cluster, _):
    """all connections to the database are reset, ten times"""
    yield from _resets(cluster.database_proxies)


@fault(needs="proxies")
def database_half_open(cluster, _):
    """connections to the database stay open and carry nothing; what was held back arrives later"""
    yield from _proxies(cluster.database_proxies, lambda proxy: proxy.mute(), 6)


def _resets(proxies):
    for _ in range(10):
        for proxy in proxies:
            proxy.reset()
        yield 0.4


def _proxies(proxies, act, seconds):
    for proxy in proxies:
        act(proxy)
    try:
        yield seconds
    finally:
        for proxy in proxies:
            proxy.pass_on()
