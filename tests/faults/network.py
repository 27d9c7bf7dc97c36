"""Hosts, each in a network namespace of its own, around one router that can lose what goes from one to another."""

import collections
import contextlib
import ctypes
import itertools
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from processes import run

_libc = ctypes.CDLL(None, use_errno=True)
_NEWNET = 0x40000000
_serial = itertools.count(1)

RULES = """\
table inet faults {
  set lost { type ipv4_addr . ipv4_addr; }
  chain forward { type filter hook forward priority 0; policy accept; ip saddr . ip daddr @lost drop; }
}
"""


def unusable():
    """Why no network can be made here; nothing when it can."""
    if os.getuid() != 0:
        return "network namespaces need root"
    name = f"phf-{os.getpid()}-probe"
    try:
        run(["ip", "netns", "add", name])
    except (OSError, RuntimeError) as failure:
        return f"no network namespace can be made here: {failure}"
    try:
        run(["ip", "netns", "exec", name, "nft", "list", "ruleset"])
        return None
    except (OSError, RuntimeError) as failure:
        return f"nftables does not work here: {failure}"
    finally:
        run(["ip", "netns", "del", name])


def sweep():
    """Removes the namespaces, mounts and files of runs that were killed: their process is gone."""
    for name in run(["ip", "netns", "list"]).split():
        if _orphaned(name):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    for folder in Path("/etc/netns").glob("phf-*"):
        if _orphaned(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
    for folder in Path(tempfile.gettempdir()).glob("phf-*"):
        if _orphaned(folder.name):
            subprocess.run(["umount", "-l", folder / "d1"], capture_output=True, check=False)
            shutil.rmtree(folder, ignore_errors=True)


def _orphaned(name):
    owner = re.match(r"phf-(\d+)-", name)
    return owner and not Path(f"/proc/{owner[1]}").exists()


def _enter(path):
    with open(path, "rb") as namespace:
        if _libc.setns(namespace.fileno(), _NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {path}")


class Network:
    def __init__(self, hosts):
        self.prefix = f"phf-{os.getpid()}-{next(_serial)}-"
        self.hosts = {host: number for number, host in enumerate(hosts, 1)}
        self.lost = collections.Counter()
        script = [f"ip netns add {self.prefix}router", self._in("router", "sysctl -qw net.ipv4.ip_forward=1")]
        for host, number in self.hosts.items():
            script += self._host(host, number)
        try:
            run(["bash", "-ec", "\n".join(script)])
            run(["ip", "netns", "exec", self.prefix + "router", "nft", RULES])
        except BaseException:
            self.remove()
            raise

    def _in(self, host, command):
        return f"ip netns exec {self.prefix}{host} {command}"

    def _host(self, host, number):
        return [f"ip netns add {self.prefix}{host}",
                f"ip link add v{number} netns {self.prefix}router type veth peer name eth0 netns {self.prefix}{host}",
                f"ip -n {self.prefix}router addr add 10.77.{number}.1/24 dev v{number}",
                f"ip -n {self.prefix}router link set v{number} up",
                f"ip -n {self.prefix}{host} link set lo up",
                f"ip -n {self.prefix}{host} addr add {self.address(host)}/24 dev eth0",
                f"ip -n {self.prefix}{host} link set eth0 up",
                f"ip -n {self.prefix}{host} route add default via 10.77.{number}.1"]

    def address(self, host):
        return f"10.77.{self.hosts[host]}.2"

    def command(self, host):
        """What to put before a command that shall run on this host."""
        return ["ip", "netns", "exec", self.prefix + host]

    @contextlib.contextmanager
    def inside(self, host):
        """Sockets that this thread makes meanwhile are that host's."""
        _enter(f"/run/netns/{self.prefix}{host}")
        try:
            yield
        finally:
            _enter(f"/proc/{os.getpid()}/ns/net")

    def cut(self, senders, receivers):
        """Loses what the senders send to the receivers, one way, until it is mended. Returns what `mend` wants."""
        pairs = [(a, b) for a in senders for b in receivers if a != b]
        self.lost.update(pairs)
        self._enforce()
        return pairs

    def part(self, some, others):
        return self.cut(some, others) + self.cut(others, some)

    def mend(self, pairs):
        self.lost.subtract(pairs)
        self.lost = +self.lost
        self._enforce()

    def _enforce(self):
        pairs = ", ".join(f"{self.address(a)} . {self.address(b)}" for a, b in self.lost)
        rules = "flush set inet faults lost\n" + (f"add element inet faults lost {{ {pairs} }}\n" if pairs else "")
        run(["ip", "netns", "exec", self.prefix + "router", "nft", rules])

    def remove(self):
        for host in [*self.hosts, "router"]:
            subprocess.run(["ip", "netns", "del", self.prefix + host], capture_output=True, check=False)
