"""When two runs are the same although they happened at other times. A column's name says what its values are:

`…_at`       a time. Two lone transactions may well begin in the same microsecond, so times are not compared; but what is
             one time within a lone write's answer is one time in the answer through Penholder.
`…_tx`       a transaction's id. Every lone transaction has one of its own, so values are compared up to renaming: what
             carries the same id in one run carries the same one in the other. The same holds for
`…_uuid`     random values, for
`…_seq`      values of sequences, which have gaps and which transactions take in any order, and for
`…_version`  a time that a write stores in a row that it changes. Whoever read one of them may use it to see whether the
             row was changed since, so two writes' values are never equal. Two sequences may well give the same number, and
             two tables may be changed at one time, so of these two kinds each name is renamed for itself.

Rows are compared without their order: SQL promises none without ORDER BY. Everything else is compared exactly."""

import collections

MASKS = ("_at", "_tx", "_uuid", "_seq", "_version")


def kind(column):
    """The space in which a column's values are renamed; nothing where they are compared as they are."""
    for mask in MASKS:
        if column.endswith(mask):
            return column if mask in ("_version", "_seq") else mask
    return ""


def masked(columns, row):
    return tuple(("NULL" if value is None else f"<{kind(column)}>") if kind(column) else value
                 for column, value in zip(columns, row))


def table(columns, rows):
    """Rows without what may differ, in an order of our own."""
    return sorted((masked(columns, row) for row in rows), key=repr)


def same_statement(got, lone):
    (affected, columns, rows), (lone_affected, lone_columns, lone_rows) = got, lone
    if affected != lone_affected or len(rows) != len(lone_rows):
        return False
    if not rows:
        return True
    return columns == lone_columns and table(columns, rows) == table(columns, lone_rows) and _keeps_times(got, lone)


def _keeps_times(got, lone):
    """Cells that hold one time in the lone answer hold one in the other; only told apart where the rows' order agrees."""
    _, columns, rows = got
    if [masked(columns, row) for row in rows] != [masked(columns, row) for row in lone[2]]:
        return True
    seen = {}
    for row, lone_row in zip(rows, lone[2]):
        for column, value, lone_value in zip(columns, row, lone_row):
            if kind(column) == "_at" and seen.setdefault(lone_value, value) != value:
                return False
    return True


def occurrences(contents, answers):
    """{(space, value): where it is found}: in the tables, and in answers by the name of the write."""
    found = collections.defaultdict(list)
    for place, (columns, rows) in contents.items():
        for row in rows:
            _note(found, place, columns, row)
    for name, answer in answers.items():
        for number, (_, columns, rows) in enumerate(answer.statements):
            for row in rows:
                _note(found, (name, number), columns, row)
    return found


def _note(found, place, columns, row):
    for column, value in zip(columns, row):
        space = kind(column)
        if value is not None and space and space != "_at":
            found[space, value].append(repr((place, column, masked(columns, row))))


def renaming(contents, answers):
    """What of the values stays when they are renamed: how often each group of places shares one."""
    return collections.Counter((space, tuple(sorted(places)))
                               for (space, _), places in occurrences(contents, answers).items())


def differences(got, lone, got_answers, lone_answers):
    """How the contents after a run through Penholder differ from those after lone transactions; an empty list when they
    do not. Both are {table: (columns, rows)}."""
    wrong = []
    for name in sorted({*got, *lone}):
        if name not in got or name not in lone:
            wrong.append(f"table {name} is {'missing' if name not in got else 'there, and should not be'}")
            continue
        (columns, rows), (lone_columns, lone_rows) = got[name], lone[name]
        if columns != lone_columns:
            wrong.append(f"table {name} has columns {columns}, lone {lone_columns}")
        elif table(columns, rows) != table(columns, lone_rows):
            wrong += _rows_that_differ(name, table(columns, rows), table(columns, lone_rows))
    if not wrong:
        here, there = renaming(got, got_answers), renaming(lone, lone_answers)
        wrong += [f"one value of {space} is shared by {' and '.join(places)}, and lone is not"
                  for space, places in here - there]
        wrong += [f"values of {space} differ, and lone one is shared by {' and '.join(places)}"
                  for space, places in there - here]
    return wrong


def _rows_that_differ(name, rows, lone):
    more, less = collections.Counter(rows) - collections.Counter(lone), collections.Counter(lone) - collections.Counter(rows)
    return ([f"{name} has {row}, lone it has not" for row in list(more.elements())[:5]]
            + [f"{name} has not {row}, lone it has" for row in list(less.elements())[:5]])
