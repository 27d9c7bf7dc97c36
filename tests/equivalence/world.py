"""What a trial runs on: an ensemble, PostgreSQL, two nodes; and databases for lone transactions on the same server."""

import os
import re
import shutil
import signal
import tempfile
from pathlib import Path

import door
from database import program
from ensemble import Ensemble
from libpq import Connection
from node import Node
from processes import Process, account, any_free_ports, run, stop_everything, wait_until

ROLE = "orders_service"
# Group and its database, with the encoding. A trial's lone transactions run in `lone_<database>`.
GROUPS = {"orders": "UTF8", "latin": "LATIN1"}
SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "autovacuum": "off",
            "max_connections": "150", "log_line_prefix": "%m [%p] %a ", "deadlock_timeout": "200ms"}
HEAD = """\
[node]
name = "{name}"
[zookeeper]
hosts = "{hosts}"
session_timeout_ms = 3000
[link]
listen = "127.0.0.1:{link}"
[http]
listen = "127.0.0.1:{port}"
"""
GROUP = """\
[[group]]
name = "{group}"
database = "host={home} port={port} dbname={group} user={role} application_name={name}"
priority = {priority}
"""


class Server:
    """PostgreSQL on a unix socket only."""

    PORT = 5432

    def __init__(self, home):
        self.home, self.who = home / "postgresql", account("postgres")
        self.home.mkdir()
        if self.who:
            os.chown(self.home, self.who["user"], self.who["group"])
        data = self.home / "data"
        run([program("initdb"), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D", data],
            cwd="/", **self.who)
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        self.process = Process("postgresql", [program("postgres"), "-D", str(data), "-p", str(self.PORT), "-c",
                                              f"unix_socket_directories={self.home}", *settings],
                               self.home / "log", signal.SIGINT, **self.who)
        wait_until("PostgreSQL accepts connections", self.accepts, process=self.process)

    def accepts(self):
        try:
            self.connect("postgres", "postgres").close()
            return True
        except RuntimeError:
            return False

    def conninfo(self, database, user):
        return f"host={self.home} port={self.PORT} dbname={database} user={user} client_encoding=UTF8"

    def connect(self, database, user="postgres"):
        return Connection(self.conninfo(database, user))

    def sql(self, database, text, user="postgres"):
        with self.connect(database, user) as connection:
            return connection.script(text)

    def said(self, pattern, since=0):
        """How often the server's log says this, from a position on."""
        return len(re.findall(pattern, self.process.log.read_text(errors="replace")[since:]))

    def log_size(self):
        return len(self.process.log.read_text(errors="replace"))


class Sidecar(Node):
    """The quickstart's node, with a group for each database."""

    def __init__(self, name, home, binary, ports, hosts, server, priority):
        self.name, (self.link, self.port) = name, ports
        self.configuration = home / f"{name}.toml"
        facts = {"name": name, "hosts": hosts, "link": self.link, "port": self.port}
        groups = [GROUP.format(group=group, home=server.home, port=server.PORT, role=ROLE, name=name, priority=priority)
                  for group in GROUPS]
        self.configuration.write_text(HEAD.format(**facts) + "".join(groups))
        self.process = Process(name, [str(binary), "--config", str(self.configuration)], home / f"{name}.log")

    def leads_group(self, group):
        return self.get(f"/leader?group={group}")[0] == 200

    def most_memory_kb(self):
        """The most memory that the process has held since it was last forgotten."""
        status = Path(f"/proc/{self.process.child.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1])

    def forget_memory(self):
        Path(f"/proc/{self.process.child.pid}/clear_refs").write_text("5")


class World:
    def __init__(self, binaries):
        self.binaries = Path(binaries).resolve()
        # Short, for the socket's path, and where user postgres can go.
        self.home = Path(tempfile.mkdtemp(prefix=f"phe-{os.getpid()}-"))
        self.home.chmod(0o755)
        self.nodes = []

    def start(self):
        self.ensemble = Ensemble(self.home)
        self.server = Server(self.home)
        self.make_databases()
        for group in GROUPS:
            run([self.binaries / "penholder", "init", "--database", self.server.conninfo(group, "postgres"),
                 "--lane-role", ROLE])
        ports = any_free_ports(4)
        for at, name in enumerate(["n1", "n2"]):
            self.nodes.append(Sidecar(name, self.home, self.binaries / "penholderd", ports[2 * at:2 * at + 2],
                                      self.ensemble.hosts(), self.server, priority=1 - at))
        for node in self.nodes:
            wait_until(f"{node.name} is ready", node.ready, process=node.process)

    def make_databases(self):
        self.server.sql("postgres", f"CREATE ROLE {ROLE} LOGIN")
        for group, encoding in GROUPS.items():
            self.server.sql("postgres", f"CREATE DATABASE {group} TEMPLATE template0 ENCODING '{encoding}'")

    def submit(self, group, write, statements):
        return door.submit(self.nodes, group, write, statements)

    def leader(self, group):
        """The node that leads now, or nothing."""
        return next((node for node in self.nodes if not node.process.ended() and node.leads_group(group)), None)

    def replace_leader(self, group):
        """Kills the leader, and starts it again at once: the other takes over, or the new process of the same name does."""
        if node := self.leader(group):
            node.process.kill()
            node.process.start()

    def keep(self, folder):
        """The nodes' and the server's logs, for somebody to read after a failure."""
        folder.mkdir(parents=True, exist_ok=True)
        for node in self.nodes:
            shutil.copy(node.process.log, folder / f"{node.name}.log")
        shutil.copy(self.server.process.log, folder / "postgresql.log")

    def remove(self):
        stop_everything()
        shutil.rmtree(self.home, ignore_errors=True)
