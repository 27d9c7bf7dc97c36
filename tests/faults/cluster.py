"""The whole cluster: five nodes, three ZooKeeper servers, PostgreSQL with its replica and a name server, each on a host
of its own; the nodes know all of them, and each other, by name."""

import os
import shutil
import tempfile
from pathlib import Path

import workloads
from checkers import Found
from names import HOST as NAME_SERVER
from names import NameServer, name_of
from network import Network
from postgres import PORT, Postgres
from processes import run, stop_everything, wait_until
from proxy import Proxies
from sidecar import LINK, Sidecar
from wal import Log, parse
from zookeeper import HOSTS as ZOOKEEPER_HOSTS
from zookeeper import ZooKeeper

NODES = ["n1", "n2", "n3", "n4", "n5"]
PROXIED_LINK, PROXIED_DATABASE = 7441, 5442


class Cluster:
    """`proxied` puts a proxy of ours before every link and the database; `disk_mb` gives the database a small disk."""

    def __init__(self, binaries, kept, proxied=False, disk_mb=None, environment=None, penholderd=None):
        self.binaries, self.kept, self.proxied, self.disk_mb = Path(binaries), Path(kept), proxied, disk_mb
        self.penholderd = penholderd or self.binaries / "penholderd"
        self.environment = environment or {}
        self.network = self.names = self.proxies = self.postgres = None
        self.nodes, self.link_proxies, self.database_proxies, self.logs = [], [], [], []

    def start(self):
        # Short, for the sockets' paths, and where user postgres can go.
        self.home = Path(tempfile.mkdtemp(prefix=f"phf-{os.getpid()}-"))
        self.home.chmod(0o755)
        self.network = Network([*NODES, *ZOOKEEPER_HOSTS, "d1", "d2", NAME_SERVER])
        self.names = NameServer(self.network)
        self.zookeeper = ZooKeeper(self.home, self.network)
        self.postgres = Postgres(self.home, self.network, self.disk_mb)
        self._make_tables()
        self.postgres.add_replica()
        self._open_log(self.postgres.first)
        if self.proxied:
            self._add_proxies()
        for name in NODES:
            self.nodes.append(Sidecar(name, self.home, self.penholderd, self.network, self.zookeeper.hosts(),
                                      self._conninfo(name), PROXIED_LINK if self.proxied else LINK, self.environment))
        for node in self.nodes:
            wait_until(f"{node.name} is ready", node.ready, process=node.process)

    def _make_tables(self):
        where = f"host={self.postgres.first.home} port={PORT} dbname=orders user=postgres"
        run([self.binaries / "penholder", "init", "--database", where, "--lane-role", "orders_service"])
        self.postgres.sql(workloads.TABLES)

    def _add_proxies(self):
        self.proxies = Proxies(self.network)
        self.link_proxies = [self.proxies.add(name, PROXIED_LINK, LINK) for name in NODES]
        self.database_proxies = [self.proxies.add(host, PROXIED_DATABASE, PORT) for host in self.postgres.hosts()]

    def _conninfo(self, name):
        hosts = ",".join(name_of(host) for host in self.postgres.hosts())
        port = PROXIED_DATABASE if self.proxied else PORT
        return f"host={hosts} port={port} dbname=orders user=orders_service application_name={name} connect_timeout=2"

    def node(self, name):
        return next(node for node in self.nodes if node.name == name)

    def leader(self):
        """The node that leads in the newest term that any node knows of, if it is alive; else nothing."""
        leaders = [(group["term"], node) for node in self.nodes
                   if (group := node.group()) and group["role"] in ("serving", "suspended")]
        return max(leaders, key=lambda one: one[0])[1] if leaders else None

    def followers(self, leader):
        return [node for node in self.nodes if node is not leader and node.alive()]

    def _open_log(self, server):
        term, leader = self.postgres.remember_commits(server)
        self.logs.append((server, int(term), leader))

    def promote(self):
        """The replica becomes the primary; nobody reaches it before it can show the order of its commits."""
        second = self.postgres.second
        lost = self.network.part(NODES, [second.host])
        try:
            second.sql("SELECT pg_promote(true, 30)", "postgres")
            wait_until("the replica is promoted", lambda: second.sql("SELECT pg_is_in_recovery()") == "f", seconds=30)
            self.postgres.primary = second
            self._open_log(second)
        finally:
            self.network.mend(lost)

    def found(self):
        """What is in the database, and each server's order of commits; a server that was killed is asked for it too."""
        sql = self.postgres.sql
        lines = lambda query: sql(query).splitlines()
        pairs = lambda query: {int(a): b for a, b in (line.split("|") for line in lines(query))}
        numbers = lambda query: {key: int(value) for key, value in pairs(query).items()}
        return Found(
            lines("SELECT tag FROM journal"), numbers("SELECT id, value FROM counter"),
            lines("SELECT value FROM elements"), numbers("SELECT id, balance FROM accounts"),
            {key: [int(each) for each in text.split(",") if each]
             for key, text in pairs("SELECT id, array_to_string(elements, ',') FROM lists").items()},
            lines("SELECT id FROM retried"),
            [Log(term, leader, parse(self._commits(server))) for server, term, leader in self.logs],
            set(lines("SELECT tag FROM journal WHERE by_lane")))

    def _commits(self, server):
        if server.process.ended():
            server.start()
        return self.postgres.commits(server)

    def stop_nodes(self):
        for node in self.nodes:
            node.stop()

    def backends(self):
        """Connections that nodes still have to the database."""
        return self.postgres.sql("SELECT application_name || ' ' || pid FROM pg_stat_activity "
                                 "WHERE usename = 'orders_service'").splitlines()

    def keep(self):
        """Logs and settings go where somebody can read them after the run."""
        self.kept.mkdir(parents=True, exist_ok=True)
        for file in [*self.home.glob("*.log"), *self.home.glob("*.toml")]:
            shutil.copy(file, self.kept / file.name)
        for host in [*ZOOKEEPER_HOSTS, "d1", "d2"]:
            if (log := self.home / host / "log").exists():
                shutil.copy(log, self.kept / f"{host}.log")

    def remove(self):
        """Every process, mount, namespace and file of this cluster, whatever state it is in."""
        for node in self.nodes:
            if node.paused:
                node.kill()
        stop_everything()
        if self.proxies:
            self.proxies.stop()
        if self.postgres:
            if self.home.exists():
                self.keep()
            self.postgres.unmount()
        if self.names:
            self.names.stop()
        if self.network:
            self.network.remove()
        if hasattr(self, "home") and os.path.isdir(self.home):
            shutil.rmtree(self.home, ignore_errors=True)
