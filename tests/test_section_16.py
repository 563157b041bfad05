"""Section 16 as a whole: each leg that is missing is told elsewhere, and cases that others labelled hold."""

import json
import os
import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from flows.stages import Night
from tests.test_calendar import policy
from tests.test_sample import sample_night
from tests.test_short_swings import Leg, matched, total
from tests.worlds import ROOT, Rows, run
from transforms import matching
from transforms.facts.four_ways import LEGS, STATES
from transforms.facts.swing_pairs import cutoff
from transforms.reports.section_16 import outlook_lines
from transforms.tables import NATIVE

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


def world(**rows: list[dict]) -> Night:
    """A night over a small world: a director with an account, another one without, one share, and what is given."""
    given: Rows = {name: [] for name in NATIVE} | {
        "people": [{"person_id": "DIA", "name": "Dia"}, {"person_id": "NOA", "name": "Noa"}],
        "roles": [{"person_id": person, "role": "director", "from_on": "2020-01-01"} for person in ("DIA", "NOA")],
        "accounts": [{"account_id": "A", "holder_id": "DIA", "broker": "Keel", "kind": "cash"}],
        "securities": [{"symbol": "ACM", "issuer_id": "ACME", "asset": "common"}],
        "filings": [{"accession": person, "form": "3", "person_id": person, "issuer_id": "ACME", "accepted_at": "2020-01-02T12:00:00-05:00"} for person in ("DIA", "NOA")],
    }  # fmt: skip
    for name, more in rows.items():
        given[name] = given[name] + more
    return run(given, date(2024, 12, 11))


def trade(number: str, kind: str, on: str, price: str | None = "20.00", quantity: int = 1000) -> dict:
    return {"trade_id": number, "account_id": "A", "symbol": "ACM", "kind": kind, "quantity": quantity, "price": price, "traded_on": on}


def line(accession: str, nth: int, code: str, on: str, price: str, **more: object) -> dict:
    return {
        "accession": accession,
        "line": nth,
        "derivative": False,
        "sec_code": code,
        "acquired": code == "P",
        "traded_on": on,
        "quantity": 100,
        "price": price,
    } | more


def form4(accession: str, person: str) -> dict:
    return {"accession": accession, "form": "4", "person_id": person, "issuer_id": "ACME", "accepted_at": "2024-12-02T12:00:00-05:00"}


def test_what_falls_due_by_the_fifth_business_day_is_listed_and_nothing_later() -> None:
    """Night of Wednesday 2024-12-11; the fifth SEC business day after it is Wednesday the 18th."""
    roles = [
        {"person_id": "LATE", "role": "director", "from_on": "2024-12-09"}, {"person_id": "SOON", "role": "director", "from_on": "2024-12-08"},
    ]  # fmt: skip
    people = [{"person_id": each["person_id"], "name": each["person_id"]} for each in roles]
    sent = [{"person_id": "DIA", "quarter_ended_on": "2024-11-30", "sent_on": "2024-12-01"}]
    night = world(
        people=people,
        roles=roles,
        attestations=sent,
        trades=[trade("T1", "sell", "2024-12-10"), trade("T2", "sell", "2024-12-11"), trade("T3", "sell", "2024-12-05")],
    )
    assert night.facts["due_next"].select("person_id", "due_on", "what").rows() == [
        ("DIA", date(2024, 12, 11), "Internal report"),
        ("DIA", date(2024, 12, 12), "Form 4"),
        ("DIA", date(2024, 12, 13), "Form 4"),
        ("DIA", date(2024, 12, 15), "Attestation"),
        ("SOON", date(2024, 12, 18), "Form 3"),
    ]


def test_an_outlook_that_is_not_whole_says_so() -> None:
    """Bought without a price: until when a sale would match is known, what it would add is not."""
    night = world(trades=[trade("T1", "buy", "2024-10-01", None), trade("T2", "buy", "2024-09-02", "10.00")])
    (row,) = night.facts["swing_outlook"].to_dicts()
    assert (row["sale_free_on"], row["sale_units"], row["sale_adds"], row["purchase_free_on"]) == (date(2025, 3, 31), 2000, None, None)
    assert outlook_lines(row)[0].startswith("A sale could match up to 2,000 units. What it would add to the greatest gain is not known")


def test_a_holder_who_fell_below_ten_percent_has_nothing_that_a_trade_could_match() -> None:
    held = {"role": "ten_percent_holder", "from_on": "2024-01-01"}
    roles = [{"person_id": "OUT", "until_on": "2024-11-01", **held}, {"person_id": "STILL", **held}]
    people = [{"person_id": each["person_id"], "name": each["person_id"]} for each in roles]
    filings = [form4(person, person) for person in ("OUT", "STILL")]
    night = world(
        people=people, roles=roles, filings=filings, filing_lines=[line(person, 1, "P", "2024-10-01", "10.00", symbol="ACM") for person in ("OUT", "STILL")]
    )
    assert night.facts["swing_outlook"]["person_id"].to_list() == ["STILL"]


def test_a_derivative_on_a_form_alone_leaves_short_swings_and_outlook_open() -> None:
    """A purchase of shares and one of a derivative by someone without an account: the form names neither series nor put or call."""
    lines = [line("F1", 1, "P", "2024-10-01", "10.00", symbol="ACM"), line("F1", 2, "P", "2024-10-01", "1.00", derivative=True)]
    night = world(filings=[form4("F1", "NOA")], filing_lines=lines)
    assert night.judgements["short_swing_profit"].counts["undecided"] == 1
    assert night.judgements["short_swing_profit"].counts["clear"] == 0
    assert "F1:2" in set(night.blind_spots.filter(pl.col("kind") == "failed_expectation")["where"])
    (row,) = night.facts["swing_outlook"].to_dicts()
    assert row["sale_free_on"] == row["purchase_free_on"] == date(2025, 3, 31)
    assert row["sale_adds"] is row["purchase_adds"] is None


def test_an_amendment_of_a_form_that_is_not_on_record_is_told() -> None:
    amending = form4("F2", "NOA") | {"form": "4/A"}
    night = world(filings=[amending], filing_lines=[line("F2", 1, "P", "2024-10-01", "10.00", symbol="ACM")])
    assert ("failed_expectation", "F2") in set(night.blind_spots.select("kind", "where").rows())


def test_a_contradicting_line_is_met_by_a_trade_in_either_direction() -> None:
    against = line("F1", 1, "P", "2024-11-27", "20.00", symbol="ACM", acquired=False, quantity=1000)
    night = world(trades=[trade("T1", "buy", "2024-11-27")], filings=[form4("F1", "DIA")], filing_lines=[against])
    assert night.facts["unexplained_lines"]["is_traded"].to_list() == [True]
    assert "unlinked_account" not in set(night.blind_spots["kind"])
    (way,) = night.facts["four_ways"].filter(pl.col("trade_id") == "T1").to_dicts()
    assert (way["broker"], way["edgar"]) == ("there", "open")


def test_a_clearance_of_which_something_is_not_known_is_open_in_the_four_ways() -> None:
    cleared = {
        "clearance_id": "C1",
        "person_id": "DIA",
        "symbol": "ACM",
        "side": "sell",
        "decision": "approved",
        "decided_on": "2024-12-10",
        "decided_by": "LAW",
    }
    counsel = {"people": [{"person_id": "LAW", "name": "Law"}], "roles": [{"person_id": "LAW", "role": "corporate_legal_counsel", "from_on": "2020-01-01"}]}
    night = world(trades=[trade("T1", "sell", "2024-12-10")], clearances=[cleared], **counsel)
    (way,) = night.facts["four_ways"].to_dicts()
    assert (way["clearance"], way["clearance_said"]) == ("open", "C1, of which something is not known")


def test_two_processes_match_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    book = [
        Leg(way, date(2024, 1, 2) + timedelta(days=chance.randrange(400)), f"{way}{n}", Fraction(chance.randrange(1, 300)), Fraction(chance.randrange(500, 4000), 100), person=f"P{person}")
        for person in range(30) for way in SIDES.values() for n in range(8)
    ]  # fmt: skip
    alone = matched(book)
    monkeypatch.setattr(matching, "WORTH_A_SECOND_PROCESS", 0)
    assert matched(book).equals(alone)
