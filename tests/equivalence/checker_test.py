#!/usr/bin/env python3
"""The checker itself: histories that lone transactions explain, and forged ones that they do not."""

import copy
import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "deploy/demo")]
sys.dont_write_bytecode = True

import canonical
import generator
from explanation import Explainer, agrees
from writes import COMMITTED, REJECTED, UNDECIDED, UNMET, Answer, Direct, Ref, one


class Toy:
    """Lone transactions on a counter and a list, by plain functions in place of PostgreSQL."""

    def __init__(self):
        self.restore([])

    def restore(self, done):
        self.rows, self.counter, self.ids, self.answers = [], 0, 100, {}
        for step in (step for order in done for step in order):
            self.attempt(step, lambda _: True)

    def attempt(self, step, accept):
        self.ids += 1
        before = (copy.deepcopy(self.rows), self.counter)
        answer = getattr(self, step.statements[0].sql)(*step.statements[0].params)
        if answer.outcome != COMMITTED or not accept(answer):
            self.rows, self.counter = before
        if accept(answer):
            self.answers[step.name] = answer
        return answer

    def direct(self, step):
        self.counter += 10

    def contents(self):
        return {"counter": (["v"], [[str(self.counter)]]), "rows": (["what", "by_tx"], copy.deepcopy(self.rows))}

    def add(self, amount):
        self.counter += amount
        return committed(["v"], [str(self.counter)])

    def log(self, what):
        self.rows.append([what, str(self.ids)])
        return committed(["by_tx"], [str(self.ids)])

    def take(self, amount):
        return self.add(-amount) if self.counter >= amount else Answer(REJECTED, sqlstate="23514")


def committed(columns, *rows, lsn=0):
    return Answer(COMMITTED, [(len(rows), columns, list(rows))], lsn=lsn)


def explained(steps, answers, contents, toy=None):
    return Explainer(toy or Toy(), answers, 1).explain(steps, contents).wrong


def tables(counter, *rows):
    return {"counter": (["v"], [[str(counter)]]), "rows": (["what", "by_tx"], list(rows))}


class Orders(unittest.TestCase):
    def setUp(self):
        self.steps = [one("a", "add", 1), one("b", "add", 2), one("c", "take", 3)]

    def answers(self, a, b, c):
        return {"a": committed(["v"], [a]), "b": committed(["v"], [b]), "c": c}

    def test_an_order_other_than_that_of_sending_is_found(self):
        self.assertEqual([], explained(self.steps, self.answers("3", "2", committed(["v"], ["0"])), tables(0)))

    def test_a_rejection_is_explained_by_the_state_at_its_place(self):
        rejected = Answer(REJECTED, sqlstate="23514")
        self.assertEqual([], explained(self.steps, self.answers("1", "3", rejected), tables(3)))
        self.assertEqual([], explained(self.steps[2:], {"c": rejected}, tables(0)))

    def test_a_rejection_with_another_state_is_not(self):
        self.assertTrue(explained(self.steps, self.answers("1", "3", Answer(REJECTED, sqlstate="40001")), tables(3)))

    def test_a_lost_update_is_not(self):
        self.assertTrue(explained(self.steps[:2], {"a": committed(["v"], ["1"]), "b": committed(["v"], ["2"])}, tables(2)))

    def test_a_committed_write_without_effect_is_not(self):
        self.assertTrue(explained(self.steps[:1], {"a": committed(["v"], ["1"])}, tables(0)))

    def test_a_rejected_write_with_effect_is_not(self):
        self.assertTrue(explained(self.steps[2:], {"c": Answer(REJECTED, sqlstate="23514")}, tables(-3)))

    def test_a_write_done_twice_is_not(self):
        self.assertTrue(explained(self.steps[:1], {"a": committed(["v"], ["1"])}, tables(2)))

    def test_a_write_refused_for_its_company_is_not(self):
        answers = self.answers("1", "3", committed(["v"], ["0"]))
        answers["b"] = Answer(REJECTED, sqlstate="42P07")
        self.assertTrue(explained(self.steps, answers, tables(1)))

    def test_an_undecided_write_is_not(self):
        self.assertTrue(explained(self.steps[:1], {"a": Answer(UNDECIDED)}, tables(0)))

    def test_a_refusal_is_right_only_where_it_may_be(self):
        refused = Answer(REJECTED, code="forbidden_statement")
        self.assertTrue(explained([one("a", "add", 1)], {"a": refused}, tables(0)))
        self.assertEqual([], explained([one("a", "add", 1, refusable=True)], {"a": refused}, tables(0)))
        self.assertTrue(explained([one("a", "add", 1, refused=True)], {"a": committed(["v"], ["1"])}, tables(1)))

    def test_what_somebody_did_directly_belongs_to_the_order(self):
        steps = [one("a", "add", 1), Direct("ten more", ""), one("b", "add", 2)]
        self.assertEqual([], explained(steps, {"a": committed(["v"], ["1"]), "b": committed(["v"], ["13"])}, tables(13)))
        self.assertTrue(explained(steps, {"a": committed(["v"], ["1"]), "b": committed(["v"], ["3"])}, tables(3)))

    def test_a_later_round_goes_on_from_the_earlier_one(self):
        answers = {"a": committed(["v"], ["1"]), "b": committed(["v"], ["3"]), "c": committed(["v"], ["0"])}
        explainer = Explainer(Toy(), answers, 1)
        self.assertEqual([], explainer.explain(self.steps[:2], tables(3)).wrong)
        self.assertEqual([], explainer.explain(self.steps[2:], tables(0)).wrong)
        self.assertTrue(explainer.explain([one("d", "add", 1)], tables(5)).wrong)


class Values(unittest.TestCase):
    def setUp(self):
        self.steps = [one("a", "log", "x"), one("b", "log", "y")]

    def answers(self, a, b):
        return {"a": committed(["by_tx"], [a]), "b": committed(["by_tx"], [b])}

    def test_transactions_ids_are_renamed(self):
        self.assertEqual([], explained(self.steps, self.answers("7", "9"), tables(0, ["x", "7"], ["y", "9"])))

    def test_two_writes_with_one_transactions_id_are_caught(self):
        self.assertTrue(explained(self.steps, self.answers("7", "7"), tables(0, ["x", "7"], ["y", "7"])))

    def test_an_id_other_than_the_rows_own_is_caught(self):
        self.assertTrue(explained(self.steps, self.answers("7", "9"), tables(0, ["x", "9"], ["y", "7"])))

    def test_one_time_within_an_answer_stays_one(self):
        lone = (1, ["made_at", "changed_at"], [["10:00", "10:00"]])
        self.assertTrue(canonical.same_statement((1, ["made_at", "changed_at"], [["11:00", "11:00"]]), lone))
        self.assertFalse(canonical.same_statement((1, ["made_at", "changed_at"], [["11:00", "11:01"]]), lone))

    def test_two_times_may_become_one_but_two_versions_may_not(self):
        def wrong(column):
            lone = {"t": (["v", column], [["a", "10:00"], ["b", "10:01"]])}
            return canonical.differences({"t": (["v", column], [["a", "9:00"], ["b", "9:00"]])}, lone, {}, {})
        self.assertEqual([], wrong("made_at"))
        self.assertTrue(wrong("t_version"))

    def test_two_sequences_may_give_the_same_number_and_one_may_not(self):
        def wrong(*here):
            contents = lambda pairs: {"t": (["a_seq", "b_seq"], [list(pair) for pair in pairs])}
            return canonical.differences(contents(here), contents([("1", "7"), ("2", "8")]), {}, {})
        self.assertEqual([], wrong(("3", "4"), ("4", "5")))
        self.assertTrue(wrong(("3", "4"), ("3", "5")))

    def test_a_value_that_is_null_alone_is_caught(self):
        self.assertFalse(canonical.same_statement((1, ["made_at"], [["11:00"]]), (1, ["made_at"], [[None]])))

    def test_rows_are_compared_without_order_and_with_their_number(self):
        self.assertTrue(canonical.same_statement((2, ["v"], [["b"], ["a"]]), (2, ["v"], [["a"], ["b"]])))
        self.assertFalse(canonical.same_statement((2, ["v"], [["a"], ["a"]]), (2, ["v"], [["a"], ["b"]])))
        self.assertFalse(canonical.same_statement((2, None, []), (1, None, [])))

    def test_tables_and_columns_that_are_missing_or_new_are_caught(self):
        here = {"t": (["v"], [])}
        self.assertTrue(canonical.differences(here, {}, {}, {}))
        self.assertTrue(canonical.differences({}, here, {}, {}))
        self.assertTrue(canonical.differences(here, {"t": (["v", "w"], [])}, {}, {}))


class Answers(unittest.TestCase):
    def test_a_connection_that_ends_with_its_write_is_a_rejection(self):
        lost = Answer(REJECTED, sqlstate="57P01", lost=True)
        self.assertTrue(agrees(one("a", ""), Answer(REJECTED, code="statement_failed"), lost))
        self.assertFalse(agrees(one("a", ""), Answer(COMMITTED), lost))

    def test_an_unmet_number_of_rows_is_no_other_rejection(self):
        unmet = Answer(REJECTED, code=UNMET)
        self.assertTrue(agrees(one("a", ""), Answer(REJECTED, code=UNMET, at=0), unmet))
        self.assertFalse(agrees(one("a", ""), Answer(REJECTED, sqlstate="23505", code="statement_failed"), unmet))


class Generated(unittest.TestCase):
    def test_a_seed_gives_the_same_script_again(self):
        self.assertEqual(generator.script(5), generator.script(5))
        self.assertNotEqual(generator.script(5), generator.script(6))

    def test_writes_refer_only_to_earlier_rounds(self):
        for seed in range(60):
            known = set()
            for part in generator.script(seed).rounds:
                names = {step.name for step in part.steps}
                for step in part.steps:
                    for each in getattr(step, "statements", []):
                        self.assertLessEqual({param.write for param in each.params if isinstance(param, Ref)}, known)
                known |= names

    def test_a_takeover_meets_only_writes_with_keys(self):
        for seed in range(30):
            for part in generator.script(seed, takeovers=True).rounds:
                if part.takeover:
                    self.assertTrue(all(isinstance(step, Direct) or step.key for step in part.steps))

    def test_names_are_given_once(self):
        for seed in range(30):
            names = [step.name for part in generator.script(seed).rounds for step in part.steps]
            self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()
