"""List-append: every list's history is an order of appends; together with what was read and with real time it must
not go in a circle."""

import collections

from cycles import components
from history import COMMITTED


def check(calls, found):
    """Returns what is wrong, a line each."""
    final, present = found.lists, set(found.journal)
    calls = [call for call in calls if call.workload == "lists"]
    happened = [call for call in calls if call.tag in present]
    owners = {value: call for call in calls for kind, _, value in call.note["steps"] if kind == "append"}
    return (_elements(final, owners, happened) + _reads(happened, final)
            + _circles(happened, final, owners, found.by_lane))


def _appends(call):
    return [(target, value) for kind, target, value in call.note["steps"] if kind == "append"]


def _seen(call):
    """(list, what was read) of a committed call whose answer arrived; the journal's entry is statement 0."""
    if call.outcome != COMMITTED:
        return
    for (kind, target, _), rows in zip(call.note["steps"], call.rows[1:]):
        if kind == "read":
            text = rows[0][0]
            yield target, [int(value) for value in text.split(",")] if text else []


def _elements(final, owners, happened):
    wrong = []
    for target, elements in final.items():
        twice = [value for value, count in collections.Counter(elements).items() if count > 1]
        wrong += [f"list {target} has element {value} twice" for value in twice]
        wrong += [f"list {target} has element {value} that nobody appended"
                  for value in elements if value not in owners]
    for call in happened:
        wrong += [f"list {target} lost element {value} of {call.tag}"
                  for target, value in _appends(call) if value not in final[target]]
    there = {call.tag for call in happened}
    return wrong + [f"list {target} has element {value} of {owners[value].tag}, which is not in the journal"
                    for target, elements in final.items()
                    for value in elements if value in owners and owners[value].tag not in there]


def _reads(happened, final):
    return [f"{call.tag} read {read} of list {target}, which never was its beginning"
            for call in happened for target, read in _seen(call) if read != final[target][:len(read)]]


def _circles(happened, final, owners, by_lane):
    """Edges: append before the next append, append before who read it, and an answer before whatever was asked after
    it; and a read before the append it did not see, where the lane made both: a session is a transaction at READ
    COMMITTED, which may miss what commits while it runs."""
    edges = collections.defaultdict(set)
    for elements in final.values():
        tags = [owners[value].tag for value in elements if value in owners]
        for before, after in zip(tags, tags[1:]):
            edges[before].add(after)
    for call in happened:
        for target, read in _seen(call):
            if read and read[-1] in owners:
                edges[owners[read[-1]].tag].add(call.tag)
            missed = owners.get(final[target][len(read)]) if len(read) < len(final[target]) else None
            if missed and {call.tag, missed.tag} <= by_lane:
                edges[call.tag].add(missed.tag)
    _add_real_time(edges, happened)
    for tag in list(edges):
        edges[tag].discard(tag)
    circles = [sorted(tag for tag in circle if not tag.startswith("@")) for circle in components(edges)]
    return [f"a circle of {len(circle)} transactions: {' '.join(circle)}" for circle in circles]


def _add_real_time(edges, happened):
    """A chain of instants: an answered call points to the first instant after its end, each instant to the calls that
    began after it."""
    moments = sorted([(call.ended, 0, call.tag) for call in happened if call.outcome == COMMITTED]
                     + [(call.began, 1, call.tag) for call in happened])
    instant = 0
    for _, begins, tag in moments:
        if begins:
            edges[f"@{instant}"].add(tag)
        else:
            edges[f"@{instant}"].add(f"@{instant + 1}")
            instant += 1
            edges[tag].add(f"@{instant}")
