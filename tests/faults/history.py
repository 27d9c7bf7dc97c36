"""What the clients saw: every call with its start, its end and its outcome. `unknown` is unknown, never failed."""

import dataclasses
import json
import threading
import time

COMMITTED, REJECTED, UNKNOWN = "committed", "rejected", "unknown"


@dataclasses.dataclass
class Call:
    """One call of one client. `tag` is what the write adds to the journal; sends of one key have one tag."""

    client: str
    workload: str
    tag: str
    node: str
    note: dict
    statements: list
    key: str = ""
    began: float = 0.0
    ended: float = 0.0
    outcome: str = UNKNOWN
    status: int = 0
    code: str = ""
    write_id: str = ""
    term: int = 0
    replayed: bool = False
    rows: list = dataclasses.field(default_factory=list)
    # What asking again after the faults brought: committed, rejected, or absent where the ledger keeps nothing.
    resolved: str = ""

    def final(self):
        """True when the answer is the one that this write has for ever."""
        return self.outcome == COMMITTED or (self.outcome == REJECTED and self.status in (412, 422))

    def id(self):
        """What it can be asked again by; nothing when the answer that would have named it never came."""
        return self.key or self.write_id


class History:
    """Written by many clients at once."""

    def __init__(self):
        self.lock = threading.Lock()
        self.calls = []

    def add(self, call):
        with self.lock:
            self.calls.append(call)

    def unknown(self):
        return [call for call in self.calls if call.outcome == UNKNOWN]

    def committed(self):
        return [call for call in self.calls if call.outcome == COMMITTED]

    def pauses(self, begun, ended, least=0.5):
        """The times in which nobody's write was committed: (from, to)."""
        moments = [begun, *sorted(call.ended for call in self.committed() if begun <= call.ended <= ended), ended]
        return [(before, after) for before, after in zip(moments, moments[1:]) if after - before >= least]

    def write(self, path):
        with open(path, "w") as file:
            for call in self.calls:
                file.write(json.dumps(dataclasses.asdict(call)) + "\n")


def now():
    return time.monotonic()
