"""Three ZooKeeper servers, each on a host of its own."""

from ensemble import JAVA, SETTINGS, ask, serves
from names import name_of
from processes import Process, wait_until

PORT = 2181
HOSTS = ["z1", "z2", "z3"]


class ZooKeeper:
    def __init__(self, home, network):
        self.network = network
        everybody = "".join(f"server.{n}={network.address(host)}:2888:3888\n" for n, host in enumerate(HOSTS, 1))
        self.servers = [self._start(home / host, n, host, everybody) for n, host in enumerate(HOSTS, 1)]
        self.wait()

    def _start(self, home, number, host, everybody):
        home.mkdir()
        (home / "myid").write_text(f"{number}\n")
        settings = home / "zoo.cfg"
        settings.write_text(SETTINGS.format(home=home, address=self.network.address(host), port=PORT) + everybody)
        return Process(host, [*self.network.command(host), *JAVA, str(settings)], home / "log")

    def wait(self):
        for server in self.servers:
            wait_until(f"ZooKeeper on {server.name} serves", lambda: self.serves(server), process=server)

    def serves(self, server):
        with self.network.inside(server.name):
            return serves(PORT, self.network.address(server.name))

    def leader(self):
        """The server that leads the ensemble, or nothing."""
        return next((server for server in self.servers if "Mode: leader" in self._ask(server, "srvr")), None)

    def _ask(self, server, word):
        with self.network.inside(server.name):
            return ask(word, PORT, self.network.address(server.name))

    def ephemerals(self):
        """The paths of all ephemeral znodes, or nothing where no server could say."""
        for server in self.servers:
            dump = self._ask(server, "dump")
            if "Sessions with Ephemerals" in dump:
                return sorted(line.strip() for line in dump.splitlines() if line.startswith("\t/"))
        return None

    def hosts(self):
        return ",".join(f"{name_of(host)}:{PORT}" for host in HOSTS)
