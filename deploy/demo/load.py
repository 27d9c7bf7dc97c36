"""Writers that send through every node at once and ask again, with the same write id, until they know."""

import http.client
import json
import threading
import time

INCREMENT = "UPDATE counter SET value = value + 1 WHERE id = 1"
INSERT = "INSERT INTO entries (write, node) VALUES ($1, $2)"


class Load:
    """`total` writes, half of them increments of one row and half inserts, from `writers` threads. A writer stays with its
    node and moves to the next one when that is gone."""

    def __init__(self, nodes, total, writers=12):
        self.nodes, self.total = nodes, total
        self.lock = threading.Lock()
        self.next = 0
        self.acknowledged = {"increment": 0, "insert": 0}
        self.refused = []
        self.asked_again = 0
        self.moments = []
        self.slowest = 0.0
        self.threads = [threading.Thread(target=self._write, args=(index,), daemon=True) for index in range(writers)]

    def start(self):
        self.begun = time.monotonic()
        for thread in self.threads:
            thread.start()

    def done(self):
        return sum(self.acknowledged.values()) + len(self.refused)

    def join(self, seconds):
        end = time.monotonic() + seconds
        for thread in self.threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)

    def longest_pause(self):
        """The longest time in which no writer got an answer, in seconds."""
        return max((after - before for before, after in zip(self.moments, self.moments[1:])), default=0.0)

    def rate(self):
        return len(self.moments) / max(0.001, self.moments[-1] - self.begun)

    def _take(self):
        with self.lock:
            self.next += 1
            return self.next if self.next <= self.total else None

    def _write(self, index):
        sender = Sender(self.nodes, index)
        while (number := self._take()) is not None:
            begun = time.monotonic()
            kind = "increment" if number % 2 else "insert"
            status, tries = sender.send(number, kind)
            self._note(kind, number, status, tries, time.monotonic() - begun)

    def _note(self, kind, number, status, tries, took):
        with self.lock:
            if status == 200:
                self.acknowledged[kind] += 1
            else:
                self.refused.append((number, status))
            self.asked_again += tries - 1
            self.moments.append(time.monotonic())
            self.slowest = max(self.slowest, took)


class Sender:
    """One writer's kept-alive connection."""

    FINAL = (200, 400, 404, 412, 413, 415, 422)

    def __init__(self, nodes, index):
        self.nodes, self.index, self.connection = nodes, index, None

    def send(self, number, kind, seconds=60):
        """The last status and how often it was sent. What is not final is sent again, the same to the letter, with the same
        Idempotency-Key: a key belongs to one payload, whichever node it goes through."""
        end, tries, status = time.monotonic() + seconds, 0, 0
        body = self._body(number, kind)
        while status not in self.FINAL and time.monotonic() < end:
            tries += 1
            status = self._once(number, body)
        return status, tries

    def _node(self):
        return self.nodes[self.index % len(self.nodes)]

    def _body(self, number, kind):
        statement = {"sql": INCREMENT, "expect_rows": 1} if kind == "increment" else {
            "sql": INSERT, "params": [f"write-{number}", self._node().name]}
        return json.dumps({"statements": [statement], "deadline_ms": 10000})

    def _once(self, number, body):
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection("127.0.0.1", self._node().port, timeout=15)
            self.connection.request("POST", "/v1/groups/orders/writes", body,
                                    {"Content-Type": "application/json", "Idempotency-Key": f"quickstart-{number}"})
            answer = self.connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            self._move_on()
            return 0

    def _move_on(self):
        self.connection.close()
        self.connection = None
        self.index += 1
        time.sleep(0.01)
