"""A small planted book: the rules find every planted fault and nothing else."""

import os
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from rules import every_rule
from tests.planted import issuer
from tests.planted.calendar import available_from, business_day_after, last_matching_day, session_after
from tests.planted.comparison import Comparison, compare
from tests.planted.generate import planted_book
from tests.planted.records import Label
from tests.planted.registry import every_plant

TRADES, SEED = 2_000, 2026
VERDICTS = Path(__file__).parent / "golden/planted_verdicts.txt"


@cache
def comparison() -> Comparison:
    return compare(planted_book(TRADES, SEED))


def test_nothing_is_missed() -> None:
    assert comparison().missed == []


def test_nothing_is_invented() -> None:
    assert comparison().extra == []


def test_every_row_was_read_and_every_rule_judged() -> None:
    assert comparison().remarks == []
    assert comparison().judged >= set(every_rule())


@pytest.mark.parametrize("rule", sorted(every_rule()))
def test_every_rule_has_three_faults_and_a_twin(rule: str) -> None:
    kinds = Counter(plant.fires for plant in every_plant() if plant.rule == rule)
    flagged = [label for label in comparison().expected if label.rule == rule and label.outcome == "flagged"]
    assert min(kinds[True], len(flagged)) >= 3
    assert kinds[False] >= 1


def test_the_verdicts_are_those_of_the_golden_file() -> None:
    """How many rows each rule found clear, flagged and the rest; HINDSIGHT_WRITE_GOLDEN=1 writes the file anew."""
    said = "".join(f"{rule} {outcome} {rows}\n" for rule, counts in comparison().counts.items() for outcome, rows in counts.items())
    if os.environ.get("HINDSIGHT_WRITE_GOLDEN"):
        VERDICTS.write_text(said, encoding="utf-8")
    assert said == VERDICTS.read_text(encoding="utf-8")


def test_one_seed_makes_one_book() -> None:
    one, same, other = planted_book(TRADES, SEED), planted_book(TRADES, SEED), planted_book(TRADES, SEED + 1)
    assert one.rows == same.rows
    assert one.labels == same.labels
    assert one.rows != other.rows


def test_the_windows_worked_out_by_hand_follow_their_announcements() -> None:
    finals = {date.fromisoformat(day): moment for _, kind, _, day, moment in issuer.ANNOUNCEMENTS[:13] if kind == "final"}
    after_the_close = {day for day, moment in finals.items() if moment is None or (moment[11:16] >= "09:30" and not moment.endswith("Z"))}
    opened = [available_from(day, "16:00" if day in after_the_close else "09:29") for day in sorted(finals)]
    assert [day for day in opened if day in issuer.OPEN_DAYS] == [window[0] for n, window in enumerate(issuer.WINDOWS) if n not in {7, 11}]


def test_the_counting_is_that_of_the_worked_tables() -> None:
    assert available_from(date(2024, 11, 8), "15:00") == date(2024, 11, 13)
    assert session_after(date(2025, 1, 8)) == date(2025, 1, 10)
    assert business_day_after(date(2024, 11, 7), 2) == date(2024, 11, 12)
    assert last_matching_day(date(2023, 8, 31)) == date(2024, 2, 28)
    assert last_matching_day(date(2024, 1, 11)) == date(2024, 7, 9)


def test_a_difference_is_told_by_its_side() -> None:
    planted, invented = Label("short_sale", "P1", "T1"), Label("short_sale", "P1", "T2")
    differing = Comparison(frozenset({planted}), frozenset({invented}), frozenset({"short_sale"}), Counter())
    assert (differing.missed, differing.extra, differing.is_exact) == ([planted], [invented], False)
