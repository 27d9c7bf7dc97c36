"""A name server on a host of its own, which all hosts ask, and which can say nothing."""

import shutil
import socket
import struct
import threading
from pathlib import Path

HOST, DOMAIN, PORT = "ns", "test", 53
A, IN, HEADER = 1, 1, 12


def name_of(host):
    return f"{host}.{DOMAIN}"


class NameServer:
    """`ip netns exec` shows a host the files of its folder in /etc/netns in the place of those in /etc."""

    def __init__(self, network):
        self.network, self.silent, self.stopped, self.questions = network, False, False, 0
        self.addresses = {name_of(host): network.address(host) for host in network.hosts}
        for host in network.hosts:
            folder = self._folder(host)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "resolv.conf").write_text(f"nameserver {network.address(HOST)}\n")
        with network.inside(HOST):
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.bind((network.address(HOST), PORT))
        self.socket.settimeout(0.1)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _folder(self, host):
        return Path("/etc/netns") / f"{self.network.prefix}{host}"

    def _serve(self):
        while not self.stopped:
            try:
                question, asker = self.socket.recvfrom(512)
            except OSError:
                continue
            self.questions += 1
            if not self.silent:
                self.socket.sendto(self._answer(question), asker)

    def _answer(self, question):
        labels, at = [], HEADER
        while length := question[at]:
            labels.append(question[at + 1:at + 1 + length].decode())
            at += 1 + length
        end = at + 5
        (kind,) = struct.unpack_from("!H", question, at + 1)
        address = self.addresses.get(".".join(labels))
        found = [socket.inet_aton(address)] if address and kind == A else []
        flags = 0x8180 if address else 0x8183  # An answer, or: there is no such name.
        header = question[:2] + struct.pack("!HHHHH", flags, 1, len(found), 0, 0)
        records = b"".join(struct.pack("!HHHIH", 0xC000 | HEADER, A, IN, 0, 4) + each for each in found)
        return header + question[HEADER:end] + records

    def stop(self):
        self.stopped = True
        self.thread.join(10)
        self.socket.close()
        for host in self.network.hosts:
            shutil.rmtree(self._folder(host), ignore_errors=True)
