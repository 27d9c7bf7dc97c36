"""What the quickstart says: steps with their times, claims with their proof."""

import shutil
import sys
import time

TERMINAL = sys.stdout.isatty()


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if TERMINAL else text


def say(text=""):
    print(text, flush=True)


def title(text):
    say()
    say(paint("1", text))


class Step:
    """One step of the work: a line that is rewritten while it goes on, where there is a terminal."""

    def __init__(self, name):
        self.name = name
        self.begun = time.monotonic()

    def __enter__(self):
        self.show("")
        return self

    def show(self, detail):
        if TERMINAL:
            width = shutil.get_terminal_size().columns - 1
            print("\r\033[K" + f"  … {self.name} {detail}"[:width], end="", flush=True)

    def __exit__(self, failure, *_):
        took = f"{time.monotonic() - self.begun:.1f} s"
        mark = paint("31", "✗") if failure else paint("32", "✓")
        print(("\r\033[K" if TERMINAL else "") + f"  {mark} {self.name} ({took})", flush=True)


class Claims:
    """What the story asserts. One that does not hold makes the whole a failure."""

    def __init__(self):
        self.failed = 0

    def check(self, holds, text):
        self.failed += not holds
        say(f"  {paint('32', '✓') if holds else paint('31', '✗ NOT SO:')} {text}")
        return holds
