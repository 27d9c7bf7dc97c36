"""The whole cluster: ensemble, database, three nodes."""

import shutil
from pathlib import Path

from database import Database
from ensemble import Ensemble
from node import Node
from processes import first_free_ports, run, wait_until
from screen import Step

ROOT = Path(__file__).resolve().parents[2]
BINARIES = ROOT / "build/release/bin"


class Cluster:
    """On the ports that the documents name, where they are free; or on those that `choose_ports` makes of these."""

    def __init__(self, home=ROOT / "build/quickstart", binaries=BINARIES, choose_ports=first_free_ports):
        self.home, self.binaries, self.choose_ports = Path(home), Path(binaries), choose_ports
        self.nodes = []

    def start(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        with Step("ZooKeeper: an ensemble of three"):
            self.ensemble = Ensemble(self.home, self.choose_ports)
        with Step("PostgreSQL"):
            self.database = Database(self.home, self.choose_ports)
        with Step("penholder init: the schema of fence and ledger"):
            self.penholder("init", "--database", self.database.conninfo("postgres"), "--lane-role", "orders_service")
        with Step("penholderd: three nodes"):
            self._start_nodes()

    def _start_nodes(self):
        ports = self.choose_ports([7432, 7442, 7452, 7431, 7441, 7451])
        for n in range(3):
            self.nodes.append(Node(f"orders-{n + 1}", self.home, self.binaries / "penholderd", ports[n + 3], ports[n],
                                   self.ensemble.hosts(), self.database.conninfo("orders_service")))
        for node in self.nodes:
            wait_until(f"{node.name} is ready", node.ready, process=node.process)

    def leader(self):
        """The node that serves, or nothing."""
        return next((node for node in self.nodes if not node.process.ended() and node.leads()), None)

    def await_leader(self):
        wait_until("a leader serves", lambda: self.leader() is not None, seconds=30)
        return self.leader()

    def term(self):
        status, group = self.await_leader().get("/v1/groups/orders")
        return group["term"] if status == 200 else None

    def penholder(self, *words):
        """What the operators' command prints."""
        return run([self.binaries / "penholder", *words], cwd=ROOT)

    def status(self):
        return self.penholder("--zookeeper", self.ensemble.hosts(), "status")
