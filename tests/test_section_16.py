"""Section 16 as a whole: each leg that is missing is told elsewhere, and cases that others labelled hold."""

import json
import os
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from flows.stages import Night
from tests.test_calendar import policy
from tests.test_sample import sample_night
from tests.test_short_swings import Leg, total
from tests.worlds import ROOT
from transforms.facts.four_ways import LEGS, STATES
from transforms.facts.swing_pairs import cutoff

LABELLED = Path(os.environ.get("HINDSIGHT_REAL", ROOT.parent / "shared/real")) / "shortswing/labelled_cases.json"
real = pytest.mark.skipif(not LABELLED.is_file(), reason="the real files are not beside the repository")
TOLD_BY = {"clearance": "clearance_", "report": "internal_report_missing", "edgar": "form4_missing"}
SIDES = {"buy": "purchase", "sell": "sale"}


def untold(night: Night) -> list[tuple[str, str, str]]:
    """Legs that are absent and that no finding and no blind spot tells of."""
    spots = set(night.blind_spots.filter(pl.col("kind") == "unlinked_account")["where"])
    found = {(row["person_id"], row["matter"], row["rule"]) for row in night.findings.to_dicts()}
    left = []
    for row in night.facts["four_ways"].to_dicts():
        rules = {rule for person, matter, rule in found if person == row["person_id"] and matter == row["subject"]}
        left += [
            (row["person_id"], row["subject"], leg)
            for leg, start in TOLD_BY.items()
            if row[leg] == "absent" and not any(rule.startswith(start) for rule in rules)
        ]
        if row["broker"] == "absent" and row["accession"] not in spots:
            left.append((row["person_id"], row["subject"], "broker"))
    return left


def test_every_leg_that_is_absent_is_told_by_a_finding_or_a_blind_spot() -> None:
    night = sample_night()
    ways = night.facts["four_ways"]
    assert set(ways.select(LEGS).unpivot()["value"]) <= set(STATES)
    assert len(ways.filter(pl.any_horizontal(pl.col(leg) == "absent" for leg in LEGS))) == 7
    assert untold(night) == []


@real
def test_periods_that_others_labelled_end_two_days_after_ours() -> None:
    """They end with the day before the anniversary, clamped to the month; both days counted whole, ours end one day earlier."""
    said = json.loads(LABELLED.read_text(encoding="utf-8"))
    clamped = policy().under("section_16.month_end", "clamp")

    def last(start: str) -> date:
        return pl.select(cutoff(pl.lit(date.fromisoformat(start)), clamped)).item()  # type: ignore[no-any-return]  # a day

    for each in said["window_ends"]:
        assert date.fromisoformat(each["window_end_exclusive"]) == last(each["start"]) + timedelta(days=2), each
    for each in said["window"]:
        assert each["within"] == (date.fromisoformat(each["end"]) <= last(each["start"]) + timedelta(days=1)), each


@real
def test_amounts_that_others_labelled_hold_but_for_the_day_on_which_the_readings_differ() -> None:
    said = json.loads(LABELLED.read_text(encoding="utf-8"))["cases"]
    differ = set()
    for case in said:
        book = [
            Leg(SIDES[each["side"]], date.fromisoformat(each["date"]), each["id"], Fraction(str(each["shares"])), Fraction(str(each["price"])))
            for each in case["trades"] if each["side"] in SIDES
        ]  # fmt: skip
        if total(book) != case["max_profit"]:
            differ.add(case["name"])
            last = max(book, key=lambda leg: leg.on)
            earlier = Leg(last.way, last.on - timedelta(days=1), last.name, last.units, last.price)
            assert total([leg for leg in book if leg is not last] + [earlier]) == case["max_profit"], case
    assert differ == {"jan31_inside", "leap_inside", "sale_then_purchase_inside"}
    assert len(said) == 14
