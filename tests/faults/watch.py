"""Looks at every node all the time: what the timeline shows."""

import threading
import time

from history import now


class Watch(threading.Thread):
    """`seen` has (when, node, role, term) at every change; role is "down" where nobody answers."""

    def __init__(self, nodes, pace=0.1):
        super().__init__(daemon=True)
        self.nodes, self.pace = nodes, pace
        self.seen, self.last = [], {}
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            for node in self.nodes:
                state = node.group()
                away = ("paused" if node.paused else "down", 0)
                self._note(node.name, (state["role"], state["term"]) if state else away)
            time.sleep(self.pace)

    def _note(self, node, what):
        if self.last.get(node) != what:
            self.last[node] = what
            self.seen.append((now(), node, *what))

    def stop(self):
        self.ended.set()
        self.join(30)

    def changes(self):
        """How many terms were seen to serve."""
        return len({term for _, _, role, term in self.seen if role == "serving"})
