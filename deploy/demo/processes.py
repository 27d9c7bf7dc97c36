"""Child processes that cannot outlive the thread that started them, and free ports for them."""

import os
import pwd
import signal
import socket
import subprocess
import time
from pathlib import Path

_started = []


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


def first_free_ports(preferred):
    """The preferred ports, or where one is taken, any that is free."""
    ports, held = [], []
    for port in preferred:
        for candidate in (port, 0):
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", candidate))
                break
            except OSError:
                listener.close()
        held.append(listener)
        ports.append(listener.getsockname()[1])
    for listener in held:
        listener.close()
    return ports


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
