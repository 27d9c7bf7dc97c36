"""The quickstart's cluster in a folder of its own, and single nodes beside it."""

import shutil
import tempfile
from pathlib import Path

from cluster import Cluster
from node import Node
from processes import Process, any_free_ports, stop_everything, wait_until


class LoneNode(Node):
    """A node that no ensemble answers, so that nobody leads; with tokens, and with two groups."""

    SETTINGS = """\
[node]
name = "lone-1"
[zookeeper]
hosts = "127.0.0.1:1"
[http]
listen = "127.0.0.1:{port}"
token = "app-token-of-16+"
operator_token = "ops-token-of-16+"
max_body_bytes = 2048
[[group]]
name = "orders"
database = "host=127.0.0.1 port=1 dbname=orders"
[[group]]
name = "election-only"
"""

    def __init__(self, home, binaries):
        self.name, (self.port,) = "lone-1", any_free_ports(1)
        self.configuration = home / "lone-1.toml"
        self.configuration.write_text(self.SETTINGS.format(port=self.port))
        self.process = Process(self.name, [str(binaries / "penholderd"), "--config", str(self.configuration)], home / "lone-1.log")
        wait_until(f"{self.name} answers", lambda: self.get("/livez")[0] == 200, process=self.process)


class World(Cluster):
    def __init__(self, binaries):
        super().__init__(Path(tempfile.mkdtemp(prefix="penholder-http-")), Path(binaries).resolve(),
                         choose_ports=lambda named: any_free_ports(len(named)))

    def start(self):
        super().start()
        self.home.chmod(0o755)
        self.await_leader()
        self.lone = LoneNode(self.home, self.binaries)

    def follower(self):
        leader = self.await_leader()
        return next(node for node in self.nodes if node is not leader)

    def remove(self):
        stop_everything()
        shutil.rmtree(self.home, ignore_errors=True)
