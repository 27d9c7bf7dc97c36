"""Clients: threads that write through one node, move on when it does not answer, and note down what they saw."""

import http.client
import json
import random
import threading
import time

from history import COMMITTED, REJECTED, UNKNOWN, Call, now

DEADLINE_MS = 3000


class Asker:
    """One kept-alive connection to one node."""

    def __init__(self, node):
        self.node, self.connection = node, None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def ask(self, method, path, body=None, headers=None):
        """Status and parsed body. (0, None): it was never sent. (-1, None): it was, and no answer came."""
        try:
            if not self.connection:
                self.connection = self.node.connect(timeout=DEADLINE_MS / 1000 + 3)
                self.connection.connect()
        except OSError:
            self.close()
            return 0, None
        try:
            self.connection.request(method, path, body, headers or {})
            answer = self.connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text)
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return -1, None


def send(asker, wanted, client, workload):
    """Sends the write once and returns the call as the client saw it."""
    call = Call(client, workload, wanted.tag, asker.node.name, wanted.note, wanted.statements, wanted.key, began=now())
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": wanted.key} if wanted.key else {})}
    body = json.dumps({"statements": wanted.statements, "deadline_ms": DEADLINE_MS})
    status, reply = asker.ask("POST", "/v1/groups/orders/writes", body, headers)
    call.ended, call.status = now(), status
    read_answer(call, status, reply)
    return call


def read_answer(call, status, reply):
    if reply is None:
        call.outcome, call.code = (REJECTED, "not_sent") if status == 0 else (UNKNOWN, "no_answer")
        return
    call.outcome, call.code = reply.get("outcome", UNKNOWN), reply.get("code", "")
    call.write_id, call.term = reply.get("write_id", ""), reply.get("term", 0)
    call.replayed = reply.get("replayed", False)
    call.rows = [statement.get("rows", []) for statement in reply.get("statements", [])]


class Client(threading.Thread):
    def __init__(self, name, workload, nodes, history, seed, pace=0.02):
        super().__init__(name=name, daemon=True)
        self.workload, self.nodes, self.history, self.pace = workload, nodes, history, pace
        self.chance = random.Random(seed)
        self.ended = threading.Event()
        self.finished = False

    def run(self):
        at = self.chance.randrange(len(self.nodes))
        asker = Asker(self.nodes[at])
        while not self.ended.is_set():
            call = send(asker, self.workload.next(self.chance), self.name, self.workload.name)
            self.history.add(call)
            if call.status <= 0:
                asker.close()
                at = (at + 1) % len(self.nodes)
                asker = Asker(self.nodes[at])
            # A refusal at once, by whom it may be, shall not become a storm.
            time.sleep(self.pace if call.outcome == COMMITTED else 5 * self.pace)
        asker.close()
        self.finished = True


class Crowd:
    """Two clients for each workload, each beginning at some node."""

    def __init__(self, nodes, history, workloads, seed):
        self.members = [Client(f"{kind.name}-{n}", kind, nodes, history, f"{seed}-{kind.name}-{n}")
                        for kind in (make() for make in workloads) for n in range(3 if kind.name == "retries" else 2)]

    def start(self):
        for member in self.members:
            member.start()

    def stop(self):
        """The names of those that did not come to their end."""
        for member in self.members:
            member.ended.set()
        for member in self.members:
            member.join(30)
        return [member.name for member in self.members if not member.finished]


def resolve(call, nodes, seconds=20):
    """Asks again, by the write's id, until the answer is final; nothing when it is not in time."""
    end = now() + seconds
    for turn in range(10**6):
        if now() > end:
            return ""
        asker = Asker(nodes[turn % len(nodes)])
        answer = _ask_again(asker, call)
        asker.close()
        if answer:
            return answer
        time.sleep(0.05)
    return ""


def _ask_again(asker, call):
    if call.key:
        body = json.dumps({"statements": call.statements, "deadline_ms": DEADLINE_MS})
        status, reply = asker.ask("POST", "/v1/groups/orders/writes", body,
                                  {"Content-Type": "application/json", "Idempotency-Key": call.key})
        if status in (200, 412, 422):
            call.rows = [statement.get("rows", []) for statement in reply.get("statements", [])]
            call.term = reply.get("term", 0)
    else:
        status, reply = asker.ask("GET", f"/v1/groups/orders/writes/{call.write_id}")
        if status == 404 and reply.get("code") == "receipt_not_found":
            return "absent"
    return (reply or {}).get("outcome", "") if status in (200, 412, 422) else ""
