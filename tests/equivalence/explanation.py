"""Seeks an order of lone transactions that gives the answers and the contents of a round that went through Penholder.

Penholder's promise is about some execution, not about one that we choose: writes of a round overlap, so any order of
them is right. Trying them all is impossible, and not needed: a write is placed only where PostgreSQL, asked alone, gives
the very answer that Penholder gave, and receipts say in which order to try. What was rejected has no effect, so it is
placed wherever its answer is first met and never needs to be moved."""

import dataclasses
import itertools
import random
import time

from canonical import differences, same_statement
from writes import COMMITTED, REJECTED, UNMET, Direct

ORDERS, SEEKING_S, AT_LEAST = 40, 15, 6


@dataclasses.dataclass
class Verdict:
    """`order` explains the round, or `wrong` says why nothing does, as of the order that came furthest."""

    order: list
    wrong: list


def refusal(answer):
    """True when Penholder rejected the write itself, without PostgreSQL."""
    return answer.outcome == REJECTED and not answer.sqlstate and answer.code != UNMET


def without_effect(step, answer):
    """True when the answer needs no lone transaction to be right: nothing was done, and nothing may have been done."""
    if step.refused or step.refusable:
        return refusal(answer)
    if step.read_only and answer.sqlstate == "25006":
        return True
    return (step.expires or step.poison) and answer.outcome == REJECTED


def agrees(step, got, lone):
    """True when the answer through Penholder is the lone one."""
    if lone.lost:
        return got.outcome == REJECTED
    if got.outcome != lone.outcome:
        return False
    if got.outcome == COMMITTED:
        return len(got.statements) == len(lone.statements) and all(map(same_statement, got.statements, lone.statements))
    return (got.sqlstate, got.code if got.code == UNMET else "") == (lone.sqlstate, lone.code if lone.code == UNMET else "")


def orders(steps, answers, seed, most=ORDERS):
    """Orders to try: what the receipts say, then as they were sent, then all of them or some at random."""
    sent = list(range(len(steps)))
    position = lambda at: answers[steps[at].name].lsn if steps[at].name in answers else 0
    by_receipt = sorted(sent, key=lambda at: (position(at) or _neighbour(steps, answers, at), at))
    yield by_receipt
    yield sent
    if len(sent) <= 4:
        yield from itertools.permutations(sent)
        return
    chance = random.Random(seed)
    for number in range(most - 2):
        order = list(by_receipt if number % 2 else sent)
        for _ in range(1 + number // 4):
            order.insert(chance.randrange(len(order)), order.pop(chance.randrange(len(order))))
        yield order


def _neighbour(steps, answers, at):
    """What has no receipt is tried after what was sent before it."""
    return max((answers[step.name].lsn for step in steps[:at] if step.name in answers), default=0)


class Explainer:
    """`lone` runs steps alone: `restore(orders)` makes a fresh copy in which those were run, `attempt(step, accept)` runs
    one and commits it if `accept(answer)` holds, `answers` are those given since, `contents()` is what is there now."""

    def __init__(self, lone, answers, seed):
        self.lone, self.answers, self.seed = lone, answers, seed
        self.done = []

    def explain(self, steps, contents, more_wrong=lambda: []):
        """The verdict on one round. `contents` are those after it; `more_wrong()` compares what is not in tables."""
        steps = [step for step in steps if isinstance(step, Direct) or step.name in self.answers]
        undecided = [f"{step.name} was never decided: {self.answers[step.name].brief()}" for step in steps
                     if not isinstance(step, Direct) and self.answers[step.name].outcome not in (COMMITTED, REJECTED)]
        if undecided:
            return Verdict([], undecided)
        best, began = None, time.monotonic()
        for number, order in enumerate(orders(steps, self.answers, self.seed)):
            if number >= AT_LEAST and time.monotonic() - began > SEEKING_S:
                break
            if number:
                self.lone.restore(self.done)
            placed, wrong = self._try([steps[at] for at in order])
            if not wrong:
                wrong = differences(contents, self.lone.contents(), self._here(), self.lone.answers) + more_wrong()
            if not wrong:
                self.done.append([step for step in placed if self._had_effect(step)])
                return Verdict(placed, [])
            if best is None or len(placed) > best[0]:
                best = (len(placed), wrong)
        return Verdict([], best[1])

    def _had_effect(self, step):
        return isinstance(step, Direct) or self.answers[step.name].outcome == COMMITTED

    def _here(self):
        """Answers of writes that were also run alone: others have none to be compared with."""
        return {name: answer for name, answer in self.answers.items() if name in self.lone.answers}

    def _try(self, order):
        """(what could be placed, why the rest could not)."""
        placed, waiting, said = [], list(order), {}
        while waiting:
            step = next((step for step in waiting if self._fits(step, said)), None)
            if not step:
                return placed, [f"{step.name} was answered: {self.answers[step.name].brief()}\n"
                                f"        alone, after {', '.join(one.name for one in placed) or 'nothing'}: {said[step.name]}"
                                for step in waiting]
            waiting.remove(step)
            placed.append(step)
        return placed, []

    def _fits(self, step, said):
        if isinstance(step, Direct):
            self.lone.direct(step)
            return True
        got = self.answers[step.name]
        if without_effect(step, got):
            return True
        if step.refused or step.poison:
            said[step.name] = "to be rejected"
            return False
        lone = self.lone.attempt(step, lambda answer: agrees(step, got, answer))
        said[step.name] = lone.brief()
        return agrees(step, got, lone)
