"""What must hold after a run: pure functions over the clients' history and what the database has in the end. Each
returns what is wrong, a line each."""

import collections
import dataclasses

import lists_checker
from history import COMMITTED, REJECTED, UNKNOWN
from workloads import ACCOUNTS, DEPOSIT


@dataclasses.dataclass
class Found:
    """What the database has after the run, and the order of commits on each server that took writes."""

    journal: list
    counters: dict
    elements: list
    accounts: dict
    lists: dict
    retried: list
    logs: list
    by_lane: set


def _by_tag(calls):
    sends = collections.defaultdict(list)
    for call in calls:
        sends[call.tag].append(call)
    return sends


def exactly_once(calls, found):
    """Committed is there once, rejected is not there, unknown is there at most once, and nothing else is there."""
    wrong, counts, sends = [], collections.Counter(found.journal), _by_tag(calls)
    for tag, count in counts.items():
        if tag not in sends:
            wrong.append(f"{tag} is in the journal, and nobody sent it")
        if count > 1:
            wrong.append(f"{tag} took effect {count} times")
    for tag, tries in sends.items():
        outcomes = {call.outcome for call in tries}
        if COMMITTED in outcomes and not counts[tag]:
            wrong.append(f"{tag} was acknowledged and is lost")
        if outcomes == {REJECTED} and counts[tag]:
            wrong.append(f"{tag} was rejected and is there")
    return wrong


def settled(calls, found):
    """Whatever was unknown and can be asked for has been decided, and the journal agrees."""
    wrong, there = [], set(found.journal)
    for call in calls:
        if call.outcome != UNKNOWN or not call.id():
            continue
        if not call.resolved:
            wrong.append(f"{call.tag} ({call.id()}) was asked again and stays undecided")
        elif (call.resolved == COMMITTED) != (call.tag in there):
            wrong.append(f"{call.tag} ({call.id()}) is {call.resolved} when asked again, and "
                         f"{'is' if call.tag in there else 'is not'} in the journal")
    return wrong


def counter(calls, found):
    """Acknowledged ≤ value ≤ acknowledged + unknown, and exactly what the journal says."""
    mine = [call for call in calls if call.workload == "counter"]
    least = sum(call.outcome == COMMITTED for call in mine)
    most = least + sum(call.outcome == UNKNOWN for call in mine)
    exact = sum(tag.startswith("counter-") for tag in found.journal)
    value, wrong = found.counters[1], []
    if not least <= value <= most:
        wrong.append(f"the counter says {value}; acknowledged and unknown make {least} to {most}")
    if value != exact:
        wrong.append(f"the counter says {value}; the journal has {exact} increments")
    return wrong


def elements(_, found):
    """The set has the elements that the journal has, each once."""
    return _same("the set", found.elements, [tag for tag in found.journal if tag.startswith("set-")])


def retried(calls, found):
    """Each key took effect once, whichever nodes it went through, and every answer to it was the same."""
    once = [tag for tag in found.journal if tag.startswith("retries-")]
    wrong = _same("the retried keys", found.retried, once)
    if found.counters[2] != len(once):
        wrong.append(f"the retries' counter says {found.counters[2]}; the journal has {len(once)}")
    answers = collections.defaultdict(set)
    for call in calls:
        if call.key and (call.final() or (call.outcome == UNKNOWN and call.resolved in (COMMITTED, REJECTED))):
            outcome = call.resolved or call.outcome
            answers[call.key].add((outcome, call.term if outcome == COMMITTED else 0, repr(call.rows)))
    return wrong + [f"{key} was answered in different ways: {sorted(given)}"
                    for key, given in answers.items() if len(given) > 1]


def _same(what, have, want):
    have, want = collections.Counter(have), collections.Counter(want)
    return [f"{what} has {tag} {have[tag]} times, the journal {want[tag]} times"
            for tag in sorted({*have, *want}) if have[tag] != want[tag]]


def bank(calls, found):
    """No money is made or lost, no account is overdrawn, and each balance is the sum of what happened."""
    balances = {number: DEPOSIT for number in range(1, ACCOUNTS + 1)}
    moves = {call.tag: call.note for call in calls if call.workload == "bank"}
    for tag in found.journal:
        if tag in moves:
            balances[moves[tag]["giver"]] -= moves[tag]["amount"]
            balances[moves[tag]["taker"]] += moves[tag]["amount"]
    wrong = [f"account {number} is overdrawn: {balance}" for number, balance in found.accounts.items() if balance < 0]
    if sum(found.accounts.values()) != ACCOUNTS * DEPOSIT:
        wrong.append(f"all accounts together have {sum(found.accounts.values())}, not {ACCOUNTS * DEPOSIT}")
    return wrong + [f"account {number} has {found.accounts[number]}, its transfers make {balance}"
                    for number, balance in balances.items() if found.accounts[number] != balance]


def lists(calls, found):
    return lists_checker.check(calls, found)


def terms(calls, found):
    """In the order of the database's own log: the fence only rises; between one fence and the next only that leader's
    connections commit; and the term of every receipt is the one that was fenced when its write committed."""
    wrong = []
    last = {tag: log for log in found.logs for commit in log.commits for tag, _ in commit.tags}
    for log in found.logs:
        # What a server that died had committed and not replicated yet may have been applied again on the next one.
        receipts = {call.tag: call.term for call in calls if call.outcome == COMMITTED and last.get(call.tag) is log}
        term, leader = log.term, log.leader
        for commit in log.commits:
            if commit.fence:
                raised, by = commit.fence
                if raised < term or (raised == term and by != leader):
                    wrong.append(f"the fence went from term {term} of {leader} to term {raised} of {by}")
                term, leader = raised, by
            wrong += _strangers(commit, term, leader, receipts)
    return wrong


def _strangers(commit, term, leader, receipts):
    wrong = [f"{tag} was committed by {writer} under the fence of term {term}, which is {leader}'s"
             for tag, writer in commit.tags if writer != leader]
    wrong += [f"{tag} committed under term {term}, its receipt says term {receipts[tag]}"
              for tag, _ in commit.tags if tag in receipts and receipts[tag] != term]
    return wrong + [f"the ledger has key {key} under term {said}; it committed under the fence of term {term}"
                    for key, said in commit.key_terms if said != term]


def complete(_, found):
    """What is in the journal is in the logs, so that the order was checked for all of it."""
    logged = {tag for log in found.logs for commit in log.commits for tag, _ in commit.tags}
    missing = [tag for tag in found.journal if tag not in logged]
    return [f"{len(missing)} writes are in the journal and in no log of commits: {missing[:5]}"] if missing else []


ALL = {"exactly once": exactly_once, "unknown settled": settled, "counter": counter, "set": elements,
       "retried keys": retried, "bank": bank, "lists": lists, "terms in the log": terms, "log complete": complete}


def check(calls, found):
    """{checker: what is wrong}, of all checkers."""
    return {name: checker(calls, found) for name, checker in ALL.items()}
