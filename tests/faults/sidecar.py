"""One penholderd on a host of its own, its HTTP API on a unix socket, which every namespace can reach."""

import http.client
import json
import os
import shutil
import socket

import workloads
from names import name_of
from node import Node
from processes import Process

LINK, SESSION_MS = 7431, 2000

CONFIGURATION = """\
[node]
name = "{name}"
[zookeeper]
hosts = "{hosts}"
session_timeout_ms = {session_ms}
[link]
listen = "{address}:{link}"
advertise = "{host}:{reached}"
secret = "long and random, for these tests only"
ping_interval_ms = 200
silence_timeout_ms = 1000
[http]
listen = "unix:{socket}"
[[group]]
name = "orders"
database = "{database}"
batch_max_writes = {batch}
harmless_functions = {harmless}
"""


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Sidecar(Node):
    """`reached` is the port that others connect to: the proxy's, where there is one."""

    def __init__(self, name, home, binary, network, hosts, database, reached, environment):
        self.name, self.network, self.binary = name, network, binary
        self.socket = str(home / f"{name}.sock")
        self.configuration = home / f"{name}.toml"
        self.facts = {"name": name, "hosts": hosts, "database": database, "address": network.address(name),
                      "host": name_of(name), "link": LINK, "reached": reached, "socket": self.socket,
                      "session_ms": SESSION_MS, "batch": 128, "harmless": json.dumps(workloads.HARMLESS)}
        self.paused = False
        self.log = home / f"{name}.log"
        self.environment = {**os.environ, **environment}
        self.codes = []
        self.configure()
        self.process = Process(name, self.command(), self.log, env=self.environment)

    def command(self, before=()):
        return [*self.network.command(self.name), *before, str(self.binary), "--config", str(self.configuration)]

    def configure(self, **changes):
        self.facts.update(changes)
        self.configuration.write_text(CONFIGURATION.format(**self.facts))

    def connect(self, timeout):
        return UnixConnection(self.socket, timeout)

    def start(self, before=()):
        self.process.command = self.command(before)
        self.process.start()

    def replace_program(self, **changes):
        """A copy of the program under another name, and other settings: what an upgrade does to a node."""
        copy = self.configuration.with_name(f"penholderd-{self.name}")
        shutil.copy2(self.binary, copy)
        self.binary = copy
        self.configure(**changes)

    def kill(self):
        self.process.resume()
        self.process.kill()
        self.paused = False

    def stop(self):
        """A graceful end. Its exit code is remembered: anything but 0 is a failure."""
        if self.process.ended():
            return
        self.resume()
        self.process.stop(20)
        self.codes.append(self.process.child.returncode)

    def pause(self):
        self.paused = True
        self.process.pause()

    def resume(self):
        self.process.resume()
        self.paused = False

    def alive(self):
        return not self.paused and not self.process.ended()

    def group(self):
        """What it knows of the group; nothing when it does not answer."""
        status, state = self.get("/v1/groups/orders") if self.alive() else (0, None)
        return state if status == 200 else None
