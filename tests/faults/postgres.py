"""PostgreSQL and its synchronous replica, each on a host of its own; the harness reaches them by unix socket."""

import os
import signal
import subprocess

from database import program
from processes import Process, account, run, wait_until

PORT = 5432
SETTINGS = {
    "listen_addresses": "*", "wal_level": "logical", "max_wal_senders": "8", "max_replication_slots": "8",
    "wal_keep_size": "128MB", "max_wal_size": "64MB", "min_wal_size": "32MB", "fsync": "off", "max_connections": "100",
    "log_line_prefix": "%m [%p] %a ", "log_lock_waits": "on",
    # COMMIT waits for the replica, so the replica shall not wait long before it connects again.
    "wal_retrieve_retry_interval": "200ms",
    # A backend whose client is gone without a word shall not stay for hours.
    "tcp_keepalives_idle": "2", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "3", "tcp_user_timeout": "5000",
}


class Server:
    def __init__(self, home, network, host):
        self.home, self.network, self.host = home / host, network, host
        self.user = account("postgres")
        self.home.mkdir()
        os.chown(self.home, self.user["user"], self.user["group"])
        self.data = self.home / "data"
        self.process = None
        self.extra = []

    def make(self):
        run([program("initdb"), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
             "--wal-segsize=1", "-D", self.data], cwd="/", **self.user)
        with open(self.data / "pg_hba.conf", "a") as rules:
            rules.write("host all all 10.77.0.0/16 trust\nhost replication all 10.77.0.0/16 trust\n")

    def copy(self, other):
        """Becomes the other's replica."""
        run([program("pg_basebackup"), *self._reach(other), "-D", self.data, "--checkpoint=fast", "--no-sync", "-R"],
            cwd="/", **self.user)
        self.extra = ["-c", f"primary_conninfo=host={self.network.address(other.host)} port={PORT} user=postgres "
                            "application_name=standby connect_timeout=2", "-c", "hot_standby=on"]

    def start(self):
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        who = [f"--reuid={self.user['user']}", f"--regid={self.user['group']}", "--clear-groups"]
        command = [*self.network.command(self.host), "setpriv", *who, "--pdeathsig=KILL",
                   program("postgres"), "-D", str(self.data), "-p", str(PORT), "-c",
                   f"unix_socket_directories={self.home}", *settings, *self.extra]
        if self.process:
            self.process.start()
        else:
            self.process = Process(self.host, command, self.home / "log", signal.SIGINT)
        wait_until(f"PostgreSQL on {self.host} accepts connections", self.accepts, process=self.process)

    def accepts(self):
        asked = [program("pg_isready"), "-q", "-t", "1", *self._reach(self)]
        return subprocess.run(asked, check=False).returncode == 0

    @staticmethod
    def _reach(server):
        return ["-h", str(server.home), "-p", str(PORT), "-U", "postgres"]

    def sql(self, text, database="orders"):
        return run([program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *self._reach(self),
                    "-d", database, "-c", text]).strip()


class Postgres:
    """`primary` is the server that takes writes at present; after a promotion it is the former replica."""

    SLOT = "order_of_commits"

    def __init__(self, home, network, disk_mb=None):
        self.network = network
        self.first, self.second = Server(home, network, "d1"), Server(home, network, "d2")
        self.primary = self.first
        self.mounted = None
        if disk_mb:
            self._mount(disk_mb)
        self.first.make()
        self.first.start()
        self.first.sql("CREATE DATABASE orders", "postgres")
        self.first.sql("CREATE ROLE orders_service LOGIN")

    def _mount(self, disk_mb):
        """The first server's home becomes a file system of its own, small enough to be filled."""
        user = self.first.user
        run(["mount", "-t", "tmpfs", "-o", f"size={disk_mb}m,mode=0700,uid={user['user']},gid={user['group']}",
             "phf", self.first.home])
        self.mounted = self.first.home

    def add_replica(self):
        self.second.copy(self.first)
        self.second.start()
        self.first.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'", "postgres")
        self.first.sql("SELECT pg_reload_conf()", "postgres")
        wait_until("the replica is synchronous", lambda: self.first.sql(
            "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1")

    def remember_commits(self, server):
        """From now on the server can show in which order transactions commit. Returns who may write at this moment."""
        server.sql(f"SELECT pg_create_logical_replication_slot('{self.SLOT}', 'test_decoding')")
        fence = server.sql("SELECT term || ' ' || leader FROM penholder.fence WHERE grp = 'orders' AND slot = 0")
        return tuple(fence.split(" ", 1)) if fence else ("0", "")

    def commits(self, server):
        return server.sql(f"SELECT data FROM pg_logical_slot_get_changes('{self.SLOT}', NULL, NULL, "
                          "'skip-empty-xacts', '1')")

    def sql(self, text):
        return self.primary.sql(text)

    def hosts(self):
        return [self.first.host, self.second.host]

    def unmount(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.mounted], check=False)
