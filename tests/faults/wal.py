"""The order in which transactions committed, as the database's own log shows it (logical decoding by test_decoding)."""

import dataclasses
import re


@dataclasses.dataclass
class Commit:
    """What one transaction did to fence, ledger and journal."""

    fence: tuple = ()  # (term, leader) where it raised the fence
    tags: list = dataclasses.field(default_factory=list)  # (tag, writer)
    key_terms: list = dataclasses.field(default_factory=list)  # (key, term)


@dataclasses.dataclass
class Log:
    """One server's commits, in their order, and who could write when its slot was made."""

    term: int
    leader: str
    commits: list


_CHANGE = re.compile(r"table (\S+): (INSERT|UPDATE|DELETE): (.*)", re.S)
_COLUMN = re.compile(r"(\w+)\[[^\]]+\]:('(?:[^']|'')*'|\S+)")


def _columns(text):
    # With an old key the new values are behind it.
    text = text.rsplit("new-tuple: ", 1)[-1]
    return {name: value[1:-1].replace("''", "'") if value.startswith("'") else value
            for name, value in _COLUMN.findall(text)}


def _note(commit, table, kind, columns):
    if table == "penholder.fence" and kind == "UPDATE" and (columns.get("grp"), columns.get("slot")) == ("orders", "0"):
        commit.fence = (int(columns["term"]), columns["leader"])
    elif table == "public.journal" and kind == "INSERT":
        commit.tags.append((columns["tag"], columns["writer"]))
    elif table == "penholder.keys" and kind == "INSERT":
        commit.key_terms.append((columns["key"], int(columns["term"])))


def parse(text):
    """The commits in what test_decoding prints; those that touch neither fence, ledger nor journal are left out."""
    commits, current = [], Commit()
    for line in text.splitlines():
        if line.startswith("BEGIN"):
            current = Commit()
        elif line.startswith("COMMIT"):
            if current.fence or current.tags or current.key_terms:
                commits.append(current)
        elif change := _CHANGE.match(line):
            _note(current, change[1], change[2], _columns(change[3]))
    return commits
