"""deploy/quickstart after its dependencies are there: build, start, run the story, stay until Ctrl-C."""

import signal
import sys

import invitation
import story
from build import build
from cluster import Cluster
from processes import stop_everything
from screen import paint, say, title


def interrupted(*_):
    raise KeyboardInterrupt


def invite(cluster):
    title("It is all yours until Ctrl-C")
    say(f"  nodes     {'  '.join(f'{node.name} {node.url()}' for node in cluster.nodes)}")
    say(f"  ensemble  {cluster.ensemble.hosts()}")
    say(f"  database  {cluster.database.conninfo('postgres')}")
    say(f"  files     {cluster.home}: logs, configurations, data\n")
    for what, line in invitation.lines(cluster) + invitation.endless(cluster):
        say(f"  # {what}\n  {paint('36', line)}")


def play(cluster, once):
    build()
    cluster.start()
    held = story.run(cluster)
    if not once:
        invite(cluster)
        signal.pause()
    return 0 if held else 1


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    cluster = Cluster()
    try:
        code = play(cluster, once="--once" in sys.argv[1:])
    except KeyboardInterrupt:
        code = 130 if "--once" in sys.argv[1:] else 0
    except RuntimeError as failure:
        say(f"\nquickstart: {failure}")
        code = 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop_everything()
    return code


if __name__ == "__main__":
    sys.exit(main())
