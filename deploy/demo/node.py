"""One penholderd and its HTTP API."""

import http.client
import json

from processes import Process

CONFIGURATION = """\
[node]
name = "{name}"
[zookeeper]
hosts = "{hosts}"
session_timeout_ms = 1500
[link]
listen = "127.0.0.1:{link}"
[http]
listen = "127.0.0.1:{http}"
[[group]]
name = "orders"
database = "{database}"
"""


class Node:
    def __init__(self, name, home, binary, link, port, hosts, database):
        self.name, self.port = name, port
        self.configuration = home / f"{name}.toml"
        self.configuration.write_text(CONFIGURATION.format(name=name, hosts=hosts, link=link, http=port, database=database))
        self.process = Process(name, [str(binary), "--config", str(self.configuration)], home / f"{name}.log")

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def ready(self):
        return self.get("/readyz")[0] == 200

    def leads(self):
        return self.get("/leader")[0] == 200

    def connect(self, timeout):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def get(self, path):
        """Status and parsed body; (0, None) when nobody answers."""
        connection = self.connect(timeout=2)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text[:1] in b"{[" else text.decode()
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None
        finally:
            connection.close()
