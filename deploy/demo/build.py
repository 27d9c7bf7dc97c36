"""Builds the binaries, showing how far it is."""

import re
import subprocess

from cluster import ROOT
from screen import Step

LOG = ROOT / "build/quickstart-build.log"


def _run(command, step):
    with open(LOG, "a") as log:
        child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
        for line in child.stdout:
            log.write(line)
            if progress := re.match(r"\[(\d+/\d+)\]", line):
                step.show(progress[1])
        if child.wait() != 0:
            tail = "".join(LOG.read_text().splitlines(keepends=True)[-30:])
            raise RuntimeError(f"`{' '.join(command)}` failed; the whole log is {LOG}\n{tail}")


def build():
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    with Step("building penholderd and penholder (release)") as step:
        if not (ROOT / "build/release/build.ninja").exists():
            step.show("configuring")
            _run(["cmake", "--preset", "release"], step)
        _run(["cmake", "--build", "--preset", "release", "--target", "penholderd", "penholder_command"], step)
