"""What is tried: scripts of rounds, rounds of steps, and the answer to a step, by whichever way it was run."""

import dataclasses

COMMITTED, REJECTED, UNDECIDED = "committed", "rejected", "undecided"
# What Penholder says of itself in place of PostgreSQL: no SQLSTATE, nothing done.
UNMET = "expect_rows"


@dataclasses.dataclass(frozen=True)
class Ref:
    """A value that an earlier write returned: each way of running takes the one that it was given itself."""

    write: str
    statement: int = 0
    row: int = 0
    column: int = 0


@dataclasses.dataclass
class Statement:
    sql: str
    params: tuple = ()
    expect_rows: int = None


@dataclasses.dataclass
class Write:
    """`warm`: it may be tried before in vain, so that its statements are known to the leader. `refusable`: Penholder may
    refuse it instead of running it. `refused`: it has to. `expires`: it is not done by its deadline, and has no effect.
    `twin`: the same key is sent twice at once, by both nodes. `poison`: it ends the server, so it is not tried alone, and
    has to be rejected. `read_only`: it makes its transaction so, and cannot be recorded, so 25006 is right too."""

    name: str
    statements: list
    key: str = ""
    deadline_ms: int = 15000
    node: int = 0
    warm: bool = True
    refusable: bool = False
    refused: bool = False
    expires: bool = False
    twin: bool = False
    poison: bool = False
    read_only: bool = False


@dataclasses.dataclass
class Direct:
    """What somebody does at the database without Penholder, at this place of the round; as the owner unless `admin`. With
    `held_s` it is a transaction that only takes locks, and ends after so long."""

    name: str
    sql: str
    admin: bool = False
    held_s: float = 0


@dataclasses.dataclass
class Round:
    """Steps sent in this order, at once, behind a write that keeps the lane busy; all are answered before the next round.
    `warm`: statements that the leader has not met are tried in vain before."""

    steps: list
    blocked: bool = True
    takeover: bool = False
    warm: bool = True


@dataclasses.dataclass
class Script:
    """`also` are queries whose answers must be the same in the end. `admin` is SQL that a superuser runs after `schema`.
    Where the server crashes, nobody listens for notifications."""

    name: str
    schema: str
    rounds: list
    admin: str = ""
    also: tuple = ()
    database: str = "orders"
    listens: bool = True

    def writes(self):
        return [step for part in self.rounds for step in part.steps if isinstance(step, Write)]


@dataclasses.dataclass
class Answer:
    """`statements` are (rows affected, columns, rows). `lost`: the connection ended with the write."""

    outcome: str
    statements: list = dataclasses.field(default_factory=list)
    sqlstate: str = ""
    code: str = ""
    message: str = ""
    lost: bool = False
    at: int = None
    status: int = 0
    lsn: int = 0
    seconds: float = 0.0
    replayed: bool = False
    sends: int = 1

    def brief(self):
        if self.outcome == COMMITTED:
            return "committed " + "; ".join(f"{affected} {rows[:6]}" if rows else str(affected)
                                            for affected, _, rows in self.statements)[:400]
        said = " ".join(filter(None, [self.sqlstate, self.code, self.message.strip().splitlines()[0][:160] if self.message.strip() else ""]))
        return f"{self.outcome} {said}".strip()


def one(name, sql, *params, expect=None, **how):
    """A write of one statement."""
    return Write(name, [Statement(sql, params, expect)], **how)


def several(name, *statements, **how):
    """A write of several statements, each a text or (text, parameter, …)."""
    return Write(name, [Statement(each) if isinstance(each, str) else Statement(each[0], tuple(each[1:]))
                        for each in statements], **how)


def resolved(step, answers):
    """The statements with references replaced; nothing where what they refer to was never returned."""
    def value(param):
        if not isinstance(param, Ref):
            return param
        answer = answers.get(param.write)
        return answer.statements[param.statement][2][param.row][param.column]

    try:
        return [Statement(each.sql, tuple(value(param) for param in each.params), each.expect_rows)
                for each in step.statements]
    except (AttributeError, IndexError, TypeError):
        return None
