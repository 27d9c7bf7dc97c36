"""Child processes that cannot outlive the thread that started them, and free ports for them."""

import os
import pwd
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

_started = []
_given = set()


def account(name):
    """Popen's arguments to run as this user, where we are root; nothing otherwise."""
    if os.getuid() != 0:
        return {}
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def wait_until(what, condition, seconds=60, process=None):
    end = time.monotonic() + seconds
    while not condition():
        if process and process.ended():
            raise RuntimeError(f"{what}: {process.name} ended with {process.child.returncode}; its log is {process.log}\n{process.tail()}")
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s" + (f"; see {process.log}" if process else ""))
        time.sleep(0.02)


def can_listen(port):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def any_free_ports(count):
    """None is given out twice. They lie below the system's range for outgoing connections, so that no client takes one
    before its server does."""
    ports = []
    while len(ports) < count:
        port = random.randrange(12000, 32000)
        if port not in _given and can_listen(port):
            _given.add(port)
            ports.append(port)
    return ports


def first_free_ports(preferred):
    """The preferred ports, or where one is taken, any that is free."""
    spare = iter(any_free_ports(len(preferred)))
    return [port if can_listen(port) else next(spare) for port in preferred]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Process:
    """A server: started in a session of its own, so that Ctrl-C reaches only us, and its output in a file."""

    def __init__(self, name, command, log, stop_signal=signal.SIGTERM, **how):
        self.name, self.command, self.log, self.stop_signal, self.how = name, command, Path(log), stop_signal, how
        self.start()
        _started.append(self)

    def start(self):
        with open(self.log, "ab") as out:
            self.child = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", *self.command], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/",
                start_new_session=True, **self.how)

    def ended(self):
        return self.child.poll() is not None

    def kill(self):
        self.child.kill()
        self.child.wait()

    def pause(self):
        self.child.send_signal(signal.SIGSTOP)

    def resume(self):
        self.child.send_signal(signal.SIGCONT)

    def stop(self, seconds=15):
        if self.ended():
            return
        self.child.send_signal(self.stop_signal)
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def stop_everything():
    """In the reverse order of their start, so that nobody misses what it depends on."""
    while _started:
        _started.pop().stop()


def run(command, **how):
    """Runs a command to its end and returns what it printed to stdout; raises RuntimeError with all of it on failure."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, **how)
    if done.returncode != 0:
        raise RuntimeError(f"`{' '.join(map(str, command))}` failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
