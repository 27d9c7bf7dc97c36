"""A private PostgreSQL on loopback."""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

from processes import Process, account, first_free_ports, run, wait_until

TABLES = """\
CREATE TABLE counter (id int PRIMARY KEY, value bigint NOT NULL);
INSERT INTO counter VALUES (1, 0);
CREATE TABLE entries (write text NOT NULL, node text NOT NULL, at timestamptz NOT NULL DEFAULT now());
GRANT SELECT, INSERT, UPDATE, DELETE ON counter, entries TO orders_service;
"""


def program(name):
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(versions[-1])


class Database:
    """Cluster, database `orders`, role `orders_service` that the nodes log in as, and the story's two tables. The program
    refuses root, so it runs as user postgres then; where postgres cannot reach build/quickstart, the data go to /tmp."""

    def __init__(self, home, choose_ports=first_free_ports):
        self.how = account("postgres")
        self.home = self._folder(home)
        data = self.home / "data"
        run([program("initdb"), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", data], cwd="/", **self.how)
        (self.port,) = choose_ports([7433])
        self.server = Process(
            "postgresql", [program("postgres"), "-D", str(data), "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
                           "-c", "unix_socket_directories="], home / "postgresql.log", signal.SIGINT, **self.how)
        wait_until("PostgreSQL accepts connections", self._accepts, process=self.server)
        self.sql("CREATE DATABASE orders", "postgres")
        self.sql("CREATE ROLE orders_service LOGIN")
        self.sql(TABLES)

    def _folder(self, home):
        folder = home / "postgresql"
        folder.mkdir()
        if self.how:
            os.chown(folder, self.how["user"], self.how["group"])
            if not self._reachable(folder):
                folder = Path(tempfile.mkdtemp(prefix="penholder-quickstart-"))
                atexit.register(shutil.rmtree, folder, ignore_errors=True)
                os.chown(folder, self.how["user"], self.how["group"])
        return folder

    def _reachable(self, folder):
        try:
            run(["test", "-w", folder], cwd="/", **self.how)
            return True
        except RuntimeError:
            return False

    def _accepts(self):
        try:
            run([program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", self.port])
            return True
        except RuntimeError:
            return False

    def conninfo(self, user):
        return f"host=127.0.0.1 port={self.port} dbname=orders user={user}"

    def sql(self, text, database="orders"):
        return run([program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                    "-d", self.conninfo("postgres").replace("dbname=orders", f"dbname={database}"), "-c", text]).strip()
