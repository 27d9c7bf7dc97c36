"""Each checker finds the history that was forged for it, and says nothing of one in which all is well."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy/demo"))

import checkers
import wal
from checkers import Found
from cycles import components
from history import COMMITTED, REJECTED, UNKNOWN, Call, History
from wal import Commit, Log


def call(tag, outcome=COMMITTED, **more):
    note = {"steps": more.pop("steps")} if "steps" in more else more.pop("note", {})
    committed = outcome == COMMITTED
    return Call("client", tag.split("-")[0], tag, "n1", note, [], outcome=outcome, status=200 if committed else 0,
                term=more.pop("term", 1 if committed else 0), **more)


def found(journal=(), **more):
    """A database that has these tags, whatever they are, each applied as it should be."""
    tags = list(journal)
    of = lambda kind: [tag for tag in tags if tag.startswith(kind)]
    log = [Log(1, "n1", [Commit(tags=[(tag, "n1")]) for tag in tags])]
    usual = {"counters": {1: len(of("counter-")), 2: len(of("retries-"))}, "elements": of("set-"),
             "accounts": {n: 100 for n in range(1, 9)}, "lists": {1: [], 2: []}, "retried": of("retries-"), "logs": log,
             "by_lane": set(tags)}
    return Found(tags, **{**usual, **more})


def complaints(calls, there):
    return {name for name, wrong in checkers.check(calls, there).items() if wrong}


class ExactlyOnce(unittest.TestCase):
    def test_a_true_history_has_no_complaint(self):
        calls = [call("counter-1"), call("set-1", key="set-1"), call("counter-2", REJECTED), call("counter-3", UNKNOWN)]
        self.assertEqual(complaints(calls, found(["counter-1", "set-1"])), set())
        self.assertEqual(complaints(calls, found(["counter-1", "set-1", "counter-3"])), set())

    def test_a_lost_write_is_found(self):
        self.assertEqual(complaints([call("set-1")], found([])), {"exactly once"})

    def test_a_doubled_write_is_found(self):
        self.assertIn("exactly once", complaints([call("counter-1")], found(["counter-1", "counter-1"])))

    def test_a_write_that_was_rejected_and_is_there_is_found(self):
        self.assertIn("exactly once", complaints([call("set-1", REJECTED)], found(["set-1"])))

    def test_a_write_that_nobody_sent_is_found(self):
        self.assertIn("exactly once", complaints([], found(["set-7"])))

    def test_a_rejected_send_of_a_key_that_another_send_committed_is_no_fault(self):
        calls = [call("set-1", REJECTED, key="set-1"), call("set-1", key="set-1")]
        self.assertEqual(complaints(calls, found(["set-1"])), set())


class Settled(unittest.TestCase):
    def test_a_write_that_stays_undecided_is_found(self):
        self.assertEqual(complaints([call("set-1", UNKNOWN, write_id="~n1.a.1")], found([])), {"unknown settled"})

    def test_an_answer_that_the_database_contradicts_is_found(self):
        for answer, there in ((COMMITTED, []), ("absent", ["set-1"]), (REJECTED, ["set-1"])):
            asked = call("set-1", UNKNOWN, write_id="~n1.a.1", resolved=answer)
            self.assertEqual(complaints([asked], found(there)), {"unknown settled"})

    def test_a_write_without_an_answer_and_without_an_id_can_be_either(self):
        for there in ([], ["set-1"]):
            self.assertEqual(complaints([call("set-1", UNKNOWN)], found(there)), set())


class Values(unittest.TestCase):
    def test_an_increment_without_its_journal_is_found(self):
        self.assertEqual(complaints([call("counter-1")], found(["counter-1"], counters={1: 2, 2: 0})), {"counter"})

    def test_an_element_without_its_journal_is_found(self):
        self.assertEqual(complaints([call("set-1")], found(["set-1"], elements=["set-1", "set-1"])), {"set"})

    def test_half_a_transfer_is_found(self):
        move = call("bank-1", note={"giver": 1, "taker": 2, "amount": 30})
        after = {**{n: 100 for n in range(1, 9)}, 1: 70, 2: 130}
        self.assertEqual(complaints([move], found(["bank-1"], accounts=after)), set())
        self.assertEqual(complaints([move], found(["bank-1"], accounts={**after, 2: 100})), {"bank"})

    def test_two_answers_to_one_key_are_found(self):
        calls = [call("retries-1", key="retries-1", rows=[[["1"]]]), call("retries-1", key="retries-1", rows=[[["2"]]])]
        self.assertEqual(complaints(calls, found(["retries-1"])), {"retried keys"})
        calls = [call("retries-1", key="retries-1"), call("retries-1", REJECTED, key="retries-1")]
        calls[1].status = 412
        self.assertEqual(complaints(calls, found(["retries-1"])), {"retried keys"})


class Lists(unittest.TestCase):
    def test_appends_and_reads_in_one_order_are_no_fault(self):
        calls = [call("lists-1", steps=[["append", 1, 10]], began=0, ended=1),
                 call("lists-2", steps=[["read", 1, None], ["append", 2, 21]], rows=[[], [["10"]], []], began=2,
                      ended=3)]
        self.assertEqual(complaints(calls, found(["lists-1", "lists-2"], lists={1: [10], 2: [21]})), set())

    def test_a_lost_append_is_found(self):
        self.assertEqual(complaints([call("lists-1", steps=[["append", 1, 10]])], found(["lists-1"])), {"lists"})

    def test_a_doubled_append_is_found(self):
        one = call("lists-1", steps=[["append", 1, 10]])
        self.assertEqual(complaints([one], found(["lists-1"], lists={1: [10, 10], 2: []})), {"lists"})

    def test_a_read_of_what_never_was_is_found(self):
        calls = [call("lists-1", steps=[["append", 1, 10]]),
                 call("lists-2", steps=[["read", 1, None]], rows=[[], [["11"]]])]
        self.assertEqual(complaints(calls, found(["lists-1", "lists-2"], lists={1: [10], 2: []})), {"lists"})

    def test_two_transactions_that_each_missed_the_other_are_a_circle(self):
        calls = [call("lists-1", steps=[["append", 1, 10], ["read", 2, None]], rows=[[], [], [[""]]], ended=9),
                 call("lists-2", steps=[["append", 2, 20], ["read", 1, None]], rows=[[], [], [[""]]], ended=9)]
        self.assertEqual(complaints(calls, found(["lists-1", "lists-2"], lists={1: [10], 2: [20]})), {"lists"})

    def test_sessions_may_miss_what_commits_meanwhile_but_not_what_they_waited_for(self):
        calls = [call("lists-1", steps=[["append", 1, 10], ["read", 2, None]], rows=[[], [], [[""]]], ended=9),
                 call("lists-2", steps=[["append", 2, 20], ["read", 1, None]], rows=[[], [], [[""]]], ended=9)]
        there = found(["lists-1", "lists-2"], lists={1: [10], 2: [20]}, by_lane={"lists-1"})
        self.assertEqual(complaints(calls, there), set())
        calls[0].rows = [[], [], [["20"]]]
        calls[1].rows = [[], [], [["10"]]]
        self.assertEqual(complaints(calls, there), {"lists"})

    def test_a_read_that_misses_what_was_acknowledged_before_it_began_is_a_circle(self):
        calls = [call("lists-1", steps=[["append", 1, 10]], began=0, ended=1),
                 call("lists-2", steps=[["read", 1, None]], rows=[[], [[""]]], began=2, ended=3)]
        self.assertEqual(complaints(calls, found(["lists-1", "lists-2"], lists={1: [10], 2: []})), {"lists"})
        calls[1].began = 0.5
        self.assertEqual(complaints(calls, found(["lists-1", "lists-2"], lists={1: [10], 2: []})), set())

    def test_components_are_found_in_a_long_chain_too(self):
        chain = {n: {n + 1} for n in range(20000)}
        self.assertEqual(components(chain), [])
        self.assertEqual(len(components({**chain, 20000: {0}})[0]), 20001)


class Terms(unittest.TestCase):
    calls = [call("set-1", term=1), call("set-2", term=2)]
    first, second, fence = Commit(tags=[("set-1", "n1")]), Commit(tags=[("set-2", "n2")]), Commit(fence=(2, "n2"))

    def check(self, *commits):
        there = found(["set-1", "set-2"], logs=[Log(1, "n1", list(commits))])
        return complaints(self.calls, there)

    def test_each_leader_under_its_own_fence_is_no_fault(self):
        self.assertEqual(self.check(self.first, self.fence, self.second), set())

    def test_a_deposed_leader_that_commits_is_found(self):
        self.assertEqual(self.check(self.fence, self.first, self.second), {"terms in the log"})

    def test_a_fence_that_goes_down_is_found(self):
        lower = Commit(fence=(1, "n1"))
        self.assertEqual(self.check(self.first, self.fence, self.second, lower), {"terms in the log"})

    def test_two_owners_of_one_term_are_found(self):
        other = Commit(fence=(2, "n3"))
        self.assertEqual(self.check(self.first, self.fence, self.second, other), {"terms in the log"})

    def test_a_receipt_with_another_term_than_the_fence_is_found(self):
        self.assertEqual(self.check(Commit(tags=[("set-1", "n1"), ("set-2", "n1")])), {"terms in the log"})

    def test_a_ledger_with_another_term_than_the_fence_is_found(self):
        forged = Commit(tags=[("set-1", "n1")], key_terms=[("set-1", 4)])
        self.assertEqual(self.check(forged, self.fence, self.second), {"terms in the log"})

    def test_a_write_that_is_in_no_log_is_found(self):
        self.assertEqual(self.check(self.first), {"log complete"})

    def test_the_database_s_words_are_read(self):
        text = ("BEGIN 731\ntable penholder.fence: UPDATE: grp[text]:'orders' term[bigint]:2 leader[text]:'' "
                "endpoint[text]:'' fenced_at[timestamp with time zone]:null slot[integer]:1\n"
                "table penholder.fence: UPDATE: grp[text]:'orders' term[bigint]:2 leader[text]:'n2' "
                "endpoint[text]:'1.2.3.4:5' fenced_at[timestamp with time zone]:'2026-11-25 17:00:00+00' "
                "slot[integer]:0\nCOMMIT 731\n"
                "BEGIN 732\ntable public.journal: INSERT: tag[text]:'it''s' writer[text]:'n2'\n"
                "table penholder.keys: INSERT: grp[text]:'orders' key[text]:'k' fingerprint[bytea]:'\\x00' "
                "receipt[bytea]:'\\x00' term[bigint]:2 at[timestamp with time zone]:'2026-11-25 17:00:00+00'\n"
                "COMMIT 732\nBEGIN 733\nCOMMIT 733\n")
        self.assertEqual(wal.parse(text), [self.fence, Commit(tags=[("it's", "n2")], key_terms=[("k", 2)])])


class Pauses(unittest.TestCase):
    def test_the_time_without_a_commit_is_a_pause(self):
        history = History()
        for moment in (1.0, 1.2, 4.0):
            history.add(call("set-1", ended=moment))
        self.assertEqual(history.pauses(1.0, 4.1), [(1.2, 4.0)])


if __name__ == "__main__":
    unittest.main()
