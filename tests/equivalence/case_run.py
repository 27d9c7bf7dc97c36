"""Runs one case: its script, and the limits that it sets besides."""

import door
from play import Play


def run(case, world):
    """What is wrong; an empty list where the case passes."""
    since = world.server.log_size()
    if case.memory_mb:
        for node in world.nodes:
            node.forget_memory()
    play = Play(world, case.script, bystander=case.gap_s is not None)
    try:
        wrong = play.run()
        if play.bystander:
            wrong += play.bystander.wrong(case.gap_s)
        return wrong + _raw(case, world) + _late(case, play) + _ends(case, world, since) + _memory(case, world)
    finally:
        play.remove()


def _late(case, play):
    return [f"{name} was answered after {play.answers[name].seconds:.1f} s, which is over {most} s"
            for name, most in case.within_s.items() if name in play.answers and play.answers[name].seconds > most]


def _ends(case, world, since):
    counted = [("crashes of the server", case.crashes, r"was terminated by signal 9"),
               ("ends of a backend", case.terminations, r"\] n\d FATAL:  terminating connection due to administrator command")]
    return [f"{found} {what}, which is over {most}" for what, most, pattern in counted
            if most is not None and (found := world.server.said(pattern, since)) > most]


def _memory(case, world):
    if not case.memory_mb:
        return []
    return [f"{node.name} held {held} MB, which is over {case.memory_mb} MB" for node in world.nodes
            if (held := node.most_memory_kb() // 1024) > case.memory_mb]


def _raw(case, world):
    wrong = []
    for body, headers, status, rows in case.raw:
        got, reply = door.post(world.nodes[0], case.script.database, body, headers)
        answered = (reply or {}).get("statements", [{}])[0].get("rows") if got == 200 else None
        if got != status or (rows and answered != rows):
            wrong.append(f"{body.decode()} {list(headers)}: {got} {answered or reply}, not {status} {rows or ''}")
    return wrong
