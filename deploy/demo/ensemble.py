"""Three ZooKeeper servers on loopback."""

import socket

from processes import Process, first_free_ports, wait_until

SETTINGS = """\
tickTime=200
initLimit=25
syncLimit=10
minSessionTimeout=400
maxSessionTimeout=60000
dataDir={home}
clientPort={port}
clientPortAddress={address}
admin.enableServer=false
4lw.commands.whitelist=ruok,srvr,dump
quorumListenOnAllIPs=false
standaloneEnabled=false
"""

JAVA = ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dzookeeper.preAllocSize=1024", "-cp", "/usr/share/java/slf4j-simple.jar:/usr/share/java/zookeeper.jar",
        "org.apache.zookeeper.server.quorum.QuorumPeerMain"]


def ask(word, port, address="127.0.0.1"):
    """What a server answers to one of its four-letter words; nothing when it does not."""
    try:
        with socket.create_connection((address, port), timeout=1) as server:
            server.sendall(word.encode())
            return server.makefile("rb").read().decode()
    except OSError:
        return ""


def serves(port, address="127.0.0.1"):
    return "Mode: " in ask("srvr", port, address)


class Ensemble:
    def __init__(self, home, choose_ports=first_free_ports):
        self.ports = choose_ports([7181, 7182, 7183])
        peers = choose_ports([7281, 7282, 7283, 7381, 7382, 7383])
        everybody = "".join(f"server.{n + 1}=127.0.0.1:{peers[n]}:{peers[n + 3]}\n" for n in range(3))
        self.servers = [self._start(home / f"zookeeper-{n + 1}", n, everybody) for n in range(3)]
        for server, port in zip(self.servers, self.ports):
            wait_until(f"{server.name} serves", lambda: serves(port), process=server)

    def _start(self, home, index, everybody):
        home.mkdir()
        (home / "myid").write_text(f"{index + 1}\n")
        settings = home / "zoo.cfg"
        settings.write_text(SETTINGS.format(home=home, address="127.0.0.1", port=self.ports[index]) + everybody)
        return Process(f"zookeeper-{index + 1}", [*JAVA, str(settings)], home / "log")

    def hosts(self):
        return ",".join(f"127.0.0.1:{port}" for port in self.ports)
