"""Writes through a node's HTTP door, asked again until they are decided."""

import http.client
import json
import threading
import time

from writes import COMMITTED, REJECTED, UNDECIDED, UNMET, Answer

# Nothing was done: the same write again.
AGAIN = {"no_leader", "deadline_expired", "shutting_down", "database_unreachable", "fenced", "ensemble_unreachable",
         "session_expired", "link_lost", "overloaded", "not_leader", "paused", "schema_missing"}
PATIENCE = 8


def post(node, group, body, headers=(), timeout=60):
    """(status, parsed answer); (0, None) where nothing was sent, (-1, None) where no answer came. `body` may be bytes."""
    connection = node.connect(timeout)
    try:
        connection.connect()
    except OSError:
        connection.close()
        return 0, None
    try:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.putrequest("POST", f"/v1/groups/{group}/writes")
        for name, value in [("Content-Type", "application/json"), ("Content-Length", str(len(sent))), *headers]:
            connection.putheader(name, value)
        connection.endheaders(sent)
        return _read(connection)
    except (OSError, http.client.HTTPException, ValueError):
        return -1, None
    finally:
        connection.close()


def _read(connection):
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def receipt(node, group, name):
    status, found = node.get(f"/v1/groups/{group}/writes/{name}")
    return found if status == 200 else None


def parsed(status, reply):
    """The Answer that one reply means."""
    if reply is None:
        return Answer(UNDECIDED if status else REJECTED, code="no_answer" if status else "no_leader", status=status)
    why = reply.get("why") or reply
    answer = Answer(reply.get("outcome", UNDECIDED), sqlstate=why.get("sqlstate", ""), code=why.get("code", ""),
                    message=why.get("detail", why.get("message", "")), at=why.get("statement"), status=status,
                    replayed=reply.get("replayed", False))
    if answer.code == "row_count_mismatch":
        answer.code = UNMET
    if answer.outcome == COMMITTED:
        answer.lsn = position(reply.get("lsn", ""))
        answer.statements = [(each.get("rows_affected", 0), each.get("columns"), each.get("rows", []))
                             for each in reply.get("statements", [])]
    elif answer.outcome not in (REJECTED, UNDECIDED):
        answer.outcome = UNDECIDED
    return answer


def position(lsn):
    high, _, low = lsn.partition("/")
    return (int(high, 16) << 32) + int(low, 16) if low else 0


def body(statements, deadline_ms):
    return {"deadline_ms": deadline_ms, "statements": [
        {"sql": each.sql, **({"params": list(each.params)} if each.params else {}),
         **({} if each.expect_rows is None else {"expect_rows": each.expect_rows})} for each in statements]}


def submit(nodes, group, write, statements):
    """The final answer, or one that is undecided when patience ends. Only a write with a key is sent again after it may
    have been done; one without is asked for by its id."""
    began, sends, at = time.monotonic(), 0, write.node
    headers = [("Idempotency-Key", write.key)] if write.key else []
    sent = body(statements, write.deadline_ms)
    while True:
        sends += 1
        status, reply = post(nodes[at % len(nodes)], group, sent, headers, timeout=write.deadline_ms / 1000 + PATIENCE)
        answer = parsed(status, reply)
        answer.seconds, answer.sends = time.monotonic() - began, sends
        if _final(write, answer) or answer.seconds > PATIENCE + write.deadline_ms / 1000:
            return answer
        if answer.outcome == UNDECIDED and not write.key:
            return _asked_for(nodes, group, answer, reply, began)
        at += 1
        time.sleep(0.05)


def _final(write, answer):
    if answer.outcome == COMMITTED:
        return True
    return answer.outcome == REJECTED and (write.expires or answer.code not in AGAIN)


def _asked_for(nodes, group, answer, reply, began):
    name = (reply or {}).get("write_id", "")
    while name and time.monotonic() - began < 2 * PATIENCE:
        for node in nodes:
            if found := receipt(node, group, name):
                return parsed(200, found)
        time.sleep(0.1)
    return answer


class Sending(threading.Thread):
    """One write on its way."""

    def __init__(self, world, group, write, statements):
        super().__init__(daemon=True)
        self.world, self.what, self.answer = world, (group, write, statements), None
        self.start()

    def run(self):
        try:
            self.answer = self.world.submit(*self.what)
        except Exception as failure:  # Shown as the write's answer: a thread's death would be seen by nobody.
            self.answer = Answer(UNDECIDED, code="harness", message=repr(failure))
