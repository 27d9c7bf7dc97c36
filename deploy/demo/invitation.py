"""What to try next: lines to paste, each of which is tried before it is shown."""

import subprocess

from cluster import BINARIES, ROOT

WRITE = """'{"statements":[{"sql":"UPDATE counter SET value = value + $1 WHERE id = 1 RETURNING value","params":[1]}]}'"""
YOURS = "mine-1"


def lines(cluster, write_id=YOURS):
    """(what it shows, the command line); a command that ends by itself."""
    first, second = cluster.nodes[0].url(), cluster.nodes[1].url()
    tool = BINARIES.relative_to(ROOT) / "penholder"
    # Only words of letters, digits, dots, commas, colons and slashes: nothing to quote.
    penholder = f"{tool} -z {cluster.ensemble.hosts()}"
    post = "curl -s -X POST -H 'Content-Type: application/json'"
    return [
        ("write through one node, under a write id of your own", f"{post} -H 'Idempotency-Key: {write_id}' -d {WRITE} {first}/v1/groups/orders/writes"),
        ("the same again through another: the first receipt, replayed", f"{post} -H 'Idempotency-Key: {write_id}' -d {WRITE} {second}/v1/groups/orders/writes"),
        ("ask for that receipt", f"curl -s {second}/v1/groups/orders/writes/{write_id}"),
        ("what a node knows", f"curl -s {first}/v1/status"),
        ("its metrics", f"curl -s {first}/metrics"),
        ("who leads", f"{penholder} status"),
        ("who led before", f"{penholder} history"),
        ("the same for a program", f"{penholder} status -o json"),
        ("hand the leadership over", f"{penholder} handover --group orders"),
        ("examine the cluster", f"{penholder} doctor"),
    ]


def endless(cluster):
    return [
        ("follow what changes", f"{BINARIES.relative_to(ROOT) / 'penholder'} -z {cluster.ensemble.hosts()} watch"),
        ("the same by HTTP", f"curl -sN {cluster.nodes[0].url()}/v1/groups/orders/events"),
        ("kill the leader", f"kill -9 {cluster.await_leader().process.child.pid}"),
    ]


def failures(cluster):
    """The lines that do not work when pasted. They are tried under another write id: who pastes them writes first."""
    failed = []
    for _, line in lines(cluster, write_id="tried-1"):
        done = subprocess.run(["bash", "-c", line.replace("curl -s", "curl -sSf")], cwd=ROOT, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        if done.returncode != 0 or not done.stdout.strip():
            failed.append(f"{line}\n    exit {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return failed


def is_new(cluster):
    """Whether nobody has written under the write id that is shown."""
    return cluster.nodes[0].get(f"/v1/groups/orders/writes/{YOURS}")[0] == 404
