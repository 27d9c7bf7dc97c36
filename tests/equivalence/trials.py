"""Generated trials: one seed each, and what of a failed one is enough to fail."""

import dataclasses
import time

import generator
from play import Play
from writes import Direct

EVERY_NTH_HAS_A_TAKEOVER, SHRINKING_S, TRIES = 4, 60, 2


def script_of(seed):
    return generator.script(seed, takeovers=seed % EVERY_NTH_HAS_A_TAKEOVER == 0)


def play(world, script, seed):
    """(what is wrong, the answers)."""
    played = Play(world, script, seed)
    try:
        return played.run(), played.answers
    finally:
        played.remove()


def fails(world, script, seed):
    """What is wrong in one of some tries: which writes share a transaction is not ours to say."""
    for _ in range(TRIES):
        if wrong := play(world, script, seed)[0]:
            return wrong
    return []


def without(script, unwanted):
    rounds = [dataclasses.replace(part, steps=[step for step in part.steps if step.name not in unwanted]) for part in script.rounds]
    return dataclasses.replace(script, rounds=[part for part in rounds if part.steps])


def shrunk(world, script, seed, wrong):
    """(a script with fewer steps, what is wrong with it): steps are left out, many at a time and then one by one, while it
    still fails."""
    end = time.monotonic() + SHRINKING_S
    names = [step.name for part in script.rounds for step in part.steps]
    size = max(1, len(names) // 2)
    while size and time.monotonic() < end:
        smaller = False
        for at in range(0, len(names), size):
            less = without(script, set(names[at:at + size]))
            if time.monotonic() > end:
                break
            if less.rounds and (said := fails(world, less, seed)):
                script, wrong, smaller = less, said, True
                break
        names = [step.name for part in script.rounds for step in part.steps]
        size = min(size, len(names)) if smaller else size // 2
    return script, wrong


def described(script):
    """The script as somebody could play it by hand."""
    lines = ["schema:", *(f"    {line.strip()}" for line in script.schema.splitlines() if line.strip())]
    for number, part in enumerate(script.rounds, 1):
        lines.append(f"round {number}{', behind a write that keeps the lane busy' if part.blocked else ''}"
                     f"{', the leader is killed' if part.takeover else ''}:")
        for step in part.steps:
            if isinstance(step, Direct):
                lines.append(f"    {step.name}, by psql: {step.sql}")
                continue
            marks = [f"key {step.key}"] * bool(step.key) + ["sent twice"] * step.twin + ["by the other node"] * bool(step.node)
            lines.append(f"    {step.name}{' (' + ', '.join(marks) + ')' if marks else ''}:")
            lines += [f"        {each.sql}  {list(each.params) if each.params else ''}"
                      f"{'' if each.expect_rows is None else f' expect_rows {each.expect_rows}'}" for each in step.statements]
    return "\n".join(lines)
