"""What the clients write. Every write also adds its tag to the journal, in the same transaction."""

import itertools
import random

HARMLESS = ["public.writer", "public.by_lane"]
TABLES = """\
CREATE FUNCTION writer() RETURNS text LANGUAGE sql AS $$SELECT current_setting('application_name')$$;
CREATE FUNCTION by_lane() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (SELECT FROM penholder.fence WHERE grp = 'orders' AND slot = 0 AND holder = pg_backend_pid());
END $$;
CREATE TABLE journal (tag text NOT NULL, writer text NOT NULL DEFAULT writer(), by_lane boolean NOT NULL
                      DEFAULT by_lane());
CREATE TABLE counter (id int PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE elements (value text NOT NULL);
CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL);
CREATE TABLE lists (id int PRIMARY KEY, elements bigint[] NOT NULL);
CREATE TABLE retried (id text NOT NULL);
INSERT INTO counter VALUES (1, 0), (2, 0);
INSERT INTO accounts SELECT n, 100 FROM generate_series(1, 8) n;
INSERT INTO lists SELECT n, '{}' FROM generate_series(1, 6) n;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO orders_service;
"""

ACCOUNTS, DEPOSIT = 8, 100
LISTS = 6


def journal(tag):
    """A third of the writes is not plain, by how it is said, and takes a session."""
    if int(tag.split("-")[1]) % 3 == 0:
        return {"sql": "INSERT INTO journal (tag, writer) VALUES ($1, current_setting('application_name'))",
                "params": [tag]}
    return {"sql": "INSERT INTO journal (tag) VALUES ($1)", "params": [tag]}


class Wanted:
    """A write to be sent: its tag, its key if the client gives it one, its statements, and a note for the checkers."""

    def __init__(self, tag, statements, key="", **note):
        self.tag, self.statements, self.key, self.note = tag, [journal(tag), *statements], key, note


class Counter:
    """Increments without a key of the client's own."""

    name = "counter"

    def __init__(self):
        self.numbers = itertools.count(1)

    def next(self, _):
        return Wanted(f"counter-{next(self.numbers)}", [
            {"sql": "UPDATE counter SET value = value + 1 WHERE id = 1", "expect_rows": 1}])


class Set:
    """Inserts of different elements, every other one with a key."""

    name = "set"

    def __init__(self):
        self.numbers = itertools.count(1)

    def next(self, _):
        number = next(self.numbers)
        tag = f"set-{number}"
        insert = {"sql": "INSERT INTO elements VALUES ($1)", "params": [tag]}
        return Wanted(tag, [insert], key=tag if number % 2 else "")


class Bank:
    """Transfers between accounts; one that would overdraw is rejected as a whole."""

    name = "bank"

    def __init__(self):
        self.numbers = itertools.count(1)

    def next(self, chance: random.Random):
        giver, taker = chance.sample(range(1, ACCOUNTS + 1), 2)
        amount = chance.randint(1, 60)
        return Wanted(f"bank-{next(self.numbers)}", [
            {"sql": "UPDATE accounts SET balance = balance - $1::bigint WHERE id = $2 AND balance >= $1::bigint",
             "params": [amount, giver], "expect_rows": 1},
            {"sql": "UPDATE accounts SET balance = balance + $1 WHERE id = $2",
             "params": [amount, taker], "expect_rows": 1},
        ], giver=giver, taker=taker, amount=amount)


class Lists:
    """Transactions that append to some lists and read some: what the check for cycles is about."""

    name = "lists"

    def __init__(self):
        self.numbers = itertools.count(1)

    def next(self, chance: random.Random):
        number, steps, statements = next(self.numbers), [], []
        for at, target in enumerate(chance.sample(range(1, LISTS + 1), chance.randint(1, 3))):
            if chance.random() < 0.6:
                value = number * 10 + at
                steps.append(["append", target, value])
                statements.append({"sql": "UPDATE lists SET elements = elements || $1::bigint WHERE id = $2",
                                   "params": [value, target], "expect_rows": 1})
            else:
                steps.append(["read", target, None])
                statements.append({"sql": "SELECT array_to_string(elements, ',') FROM lists WHERE id = $1",
                                   "params": [target]})
        return Wanted(f"lists-{number}", statements, steps=steps)


class Retries:
    """The same key through different nodes, three times at once. One key in eight asks for what cannot be."""

    name = "retries"

    def __init__(self):
        self.numbers = itertools.count()

    def next(self, _):
        number = next(self.numbers) // 3
        tag = f"retries-{number}"
        insert = {"sql": "INSERT INTO retried VALUES ($1)", "params": [tag]}
        update = {"sql": "UPDATE counter SET value = value + 1 WHERE id = $1 RETURNING value",
                  "params": [2 if number % 8 else 99], "expect_rows": 1}
        return Wanted(tag, [insert, update], key=tag)


ALL = [Counter, Set, Bank, Lists, Retries]
