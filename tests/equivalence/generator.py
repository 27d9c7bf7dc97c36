"""A script from a seed: some islands, and rounds of writes over them."""

import collections
import itertools
import random

import islands
from writes import Direct, Round, Script, Statement, Write

ROUNDS, A_ROUND = 5, 9


def script(seed, takeovers=False):
    chance = random.Random(seed)
    taken = [islands.strangers(chance), *[make(chance) for make in chance.sample(islands.ALL, chance.randint(2, 4))]]
    return Script(f"seed {seed}", "\n".join(each.schema for each in taken), list(_rounds(chance, taken, takeovers)),
                  admin="\n".join(each.admin for each in taken))


def _rounds(chance, taken, takeovers):
    numbers, earlier = itertools.count(1), collections.defaultdict(list)
    changes = [change for each in taken for change in each.changes]
    weights = [3, *[2] * (len(taken) - 1)]
    falls = {chance.randrange(1, ROUNDS)} if takeovers else set()
    for turn in range(ROUNDS):
        made = collections.defaultdict(list)
        steps = [_write(chance, chance.choices(taken, weights)[0], islands.Draw(chance, numbers, earlier), made, f"w{turn}.{n}",
                        keyed=turn in falls) for n in range(A_ROUND)]
        if changes and chance.random() < 0.3:
            change = Direct(f"change {turn}", changes.pop(chance.randrange(len(changes))))
            steps.insert(0 if chance.random() < 0.5 else chance.randrange(len(steps)), change)
        for kind, names in made.items():
            earlier[kind] += names
        yield Round(steps, blocked=chance.random() < 0.9, takeover=turn in falls,
                    warm=chance.random() < 0.8)


def _write(chance, island, draw, made, name, keyed):
    statements = [Statement(each) if isinstance(each, str) else Statement(each[0], tuple(each[1:]))
                  for each in chance.choice(island.writes)(draw)]
    if draw.kind:
        made[draw.kind].append(name)
    if chance.random() < 0.15:
        statements[-1].expect_rows = chance.choice([0, 1, 1, 1, 2])
    key = name if keyed or chance.random() < 0.35 else ""
    read_only = any("transaction_read_only" in each.params[:1] for each in statements)
    return Write(name, statements, key, deadline_ms=6000, read_only=read_only, node=int(chance.random() < 0.25), twin=bool(key) and chance.random() < 0.4)
