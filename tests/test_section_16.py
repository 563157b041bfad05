"""Section 16 as a whole: each leg that is missing is told elsewhere, and cases that others labelled hold."""

import json
import os
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from flows.stages import Night
from tests.runner import without_readings
from tests.test_calendar import policy
from tests.test_sample import sample_night
from tests.test_short_swings import Leg, matched, total
from tests.worlds import ROOT, Rows, run
from transforms import matching
from transforms.facts import Derivation
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
    with without_readings():
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


def world(as_of: date = date(2024, 12, 11), *, settled: bool = True, **rows: list[dict]) -> Night:
    """A night over a small world, or only its facts: a director with an account, another one without, one share, and what is given."""
    given: Rows = {name: [] for name in NATIVE} | {
        "people": [{"person_id": "DIA", "name": "Dia"}, {"person_id": "NOA", "name": "Noa"}],
        "roles": [{"person_id": person, "role": "director", "from_on": "2020-01-01"} for person in ("DIA", "NOA")],
        "accounts": [{"account_id": "A", "holder_id": "DIA", "broker": "Keel", "kind": "cash"}],
        "securities": [{"symbol": "ACM", "issuer_id": "ACME", "asset": "common"}],
        "filings": [{"accession": person, "form": "3", "person_id": person, "issuer_id": "ACME", "accepted_at": "2020-01-02T12:00:00-05:00"} for person in ("DIA", "NOA")],
    }  # fmt: skip
    for name, more in rows.items():
        given[name] = given[name] + more
    return run(given, as_of, settled=settled)


def known(as_of: date = date(2024, 12, 11), **rows: list[dict]) -> Derivation:
    """What is known of a small world."""
    return world(as_of, settled=False, **rows).facts


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
    facts = known(
        people=people,
        roles=roles,
        attestations=sent,
        trades=[trade("T1", "sell", "2024-12-10"), trade("T2", "sell", "2024-12-11"), trade("T3", "sell", "2024-12-05")],
    )
    assert facts["due_next"].select("person_id", "due_on", "what").rows() == [
        ("DIA", date(2024, 12, 11), "Internal report"),
        ("DIA", date(2024, 12, 12), "Form 4"),
        ("DIA", date(2024, 12, 13), "Form 4"),
        ("DIA", date(2024, 12, 15), "Attestation"),
        ("SOON", date(2024, 12, 18), "Form 3"),
    ]


def test_what_is_on_record_is_not_listed_and_what_is_not_known_to_be_is() -> None:
    """The sale of the 9th stands on a form and in a report of its day; the line for that of the 10th says the opposite of its code."""
    lines = [line("F1", 1, "S", "2024-12-09", "20.00", symbol="ACM", quantity=1000), line("F1", 2, "S", "2024-12-10", "20.00", symbol="ACM", acquired=True)]
    told = [{"report_id": f"R{n}", "person_id": "DIA", "trade_id": f"T{n}", "kind": "sell", "traded_on": f"2024-12-{day:02}", "reported_at": f"2024-12-{day:02}T17:00:00-05:00"} for n, day in ((1, 9), (3, 11))]  # fmt: skip
    facts = known(
        trades=[trade("T1", "sell", "2024-12-09"), trade("T2", "sell", "2024-12-10"), trade("T3", "sell", "2024-12-11")],
        filings=[form4("F1", "DIA") | {"accepted_at": "2024-12-11T12:00:00-05:00"}], filing_lines=lines, reports=told,
    )  # fmt: skip
    assert facts["due_next"].select("due_on", "what", "about").rows() == [
        (date(2024, 12, 12), "Form 4", "sell of ACM on 2024-12-10"),
        (date(2024, 12, 13), "Form 4", "sell of ACM on 2024-12-11"),
    ]


def test_a_purchase_that_may_wait_is_listed_for_form_5_and_one_that_may_not_wait_for_both() -> None:
    """Bought for 2,000.00 (17 CFR 240.16a-6): Form 5 is due 45 days after 2024-12-31. An account of nobody on the roster that traded too
    may hold more of the same buyer's purchases: then it is not known whether this one waits.
    """
    small = trade("T1", "buy", "2024-12-10", quantity=100)
    unheld = trade("T2", "buy", "2024-12-02") | {"account_id": "Z"}
    fifth = ("DIA", date(2025, 2, 14), "Form 5", "purchases of the fiscal year that ends on 2024-12-31")

    def told(facts: Derivation) -> list[tuple[str, date, str, str]]:
        return facts["due_next"].filter(pl.col("what").str.starts_with("Form")).rows()  # type: ignore[return-value]  # of four columns

    for trades, then in (([small], []), ([small, unheld], [("DIA", date(2024, 12, 12), "Form 4", "buy of ACM on 2024-12-10")])):
        assert told(known(trades=trades)) == then
        assert told(known(date(2025, 2, 10), trades=trades)) == [fifth]
    assert told(known(date(2025, 2, 6), trades=[small])) == []


def test_where_the_calendar_ends_five_days_are_looked_ahead() -> None:
    """No fifth business day after 2027-06-28 is known: until the 3rd of July, then."""
    facts = known(date(2027, 6, 28), trades=[trade("T1", "sell", "2027-06-28"), trade("T2", "sell", "2027-06-25")])
    assert facts["due_next"].select("due_on", "what").rows() == [
        (date(2027, 6, 28), "Internal report"), (date(2027, 6, 29), "Form 4"), (date(2027, 6, 30), "Form 4")
    ]  # fmt: skip


def test_what_a_trade_would_add_is_told_at_the_last_price_of_a_share() -> None:
    """Two for one on 2024-11-01: 100 bought at 0.60 are 200 at 0.30, 50 sold at 0.80 are 100 at 0.40, 10.00 as things stand. A sale of
    200 at 0.40 today makes it 20.00; a purchase at 0.40 gains nothing. Neither the call's price nor that of a gift is one of a share,
    what the company granted is no purchase, and six months less two days from 2024-09-02 end on 2025-02-28, from 2024-10-01 on 2025-03-30.
    """
    call = {"symbol": "ACMC", "issuer_id": "OCC", "asset": "option", "underlying": "ACM", "multiplier": 100, "put_call": "call"}
    facts = known(
        securities=[call], corporate_actions=[{"symbol": "ACM", "ex_on": "2024-11-01", "kind": "split", "ratio": 2}],
        trades=[
            trade("T1", "buy", "2024-09-02", "0.60", 100), trade("T2", "sell", "2024-10-01", "0.80", 50), trade("T3", "grant", "2024-11-15", None, 70),
            trade("T4", "buy", "2024-12-02", "3.00", 1) | {"symbol": "ACMC"}, trade("T5", "gift_out", "2024-12-03", "0", 10),
        ],
    )  # fmt: skip
    assert facts["swing_outlook"].rows(named=True) == [{
        "person_id": "DIA", "share_class": "ACM", "sale_free_on": date(2025, 3, 1), "purchase_free_on": date(2025, 3, 31), "sale_units": 200, "purchase_units": 100,
        "price": Decimal("0.40"), "priced_on": date(2024, 10, 1), "sale_adds": Decimal("10.00"), "purchase_adds": Decimal("0.00"),
    }]  # fmt: skip


def test_a_purchase_six_months_less_two_days_ago_is_matched_tonight_for_the_last_time() -> None:
    """Readings 6.3: from 2024-06-13 the last matching day is 2024-12-11, the night; from 2024-06-12 it was the day before."""
    first, before = (known(trades=[trade("T1", "buy", on)])["swing_outlook"] for on in ("2024-06-13", "2024-06-12"))
    assert first.select("sale_free_on", "sale_units").rows() == [(date(2024, 12, 12), 1000)]
    assert before.is_empty()
    today = known(trades=[trade("T1", "buy", "2024-12-11")])["swing_outlook"]
    assert today["sale_free_on"].to_list() == [date(2025, 6, 10)]


def test_an_outlook_that_is_not_whole_says_so() -> None:
    """Bought without a price: until when a sale would match is known, what it would add is not."""
    facts = known(trades=[trade("T1", "buy", "2024-10-01", None), trade("T2", "buy", "2024-09-02", "10.00")])
    (row,) = facts["swing_outlook"].to_dicts()
    assert (row["sale_free_on"], row["sale_units"], row["sale_adds"], row["purchase_free_on"]) == (date(2025, 3, 31), 2000, None, None)
    assert outlook_lines(row)[0].startswith("A sale could match up to 2,000 units. What it would add to the greatest gain is not known")


def test_a_holder_who_fell_below_ten_percent_has_nothing_that_a_trade_could_match() -> None:
    held = {"role": "ten_percent_holder", "from_on": "2024-01-01"}
    roles = [{"person_id": "OUT", "until_on": "2024-11-01", **held}, {"person_id": "STILL", **held}]
    people = [{"person_id": each["person_id"], "name": each["person_id"]} for each in roles]
    filings = [form4(person, person) for person in ("OUT", "STILL")]
    facts = known(
        people=people, roles=roles, filings=filings, filing_lines=[line(person, 1, "P", "2024-10-01", "10.00", symbol="ACM") for person in ("OUT", "STILL")]
    )
    assert facts["swing_outlook"]["person_id"].to_list() == ["STILL"]


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
    facts = known(filings=[amending], filing_lines=[line("F2", 1, "P", "2024-10-01", "10.00", symbol="ACM")])
    assert ("failed_expectation", "F2") in set(facts["blind_spots"].select("kind", "where").rows())


def test_a_contradicting_line_is_met_by_a_trade_in_either_direction() -> None:
    against = line("F1", 1, "P", "2024-11-27", "20.00", symbol="ACM", acquired=False, quantity=1000)
    facts = known(trades=[trade("T1", "buy", "2024-11-27")], filings=[form4("F1", "DIA")], filing_lines=[against])
    assert facts["unexplained_lines"]["is_traded"].to_list() == [True]
    assert "unlinked_account" not in set(facts["blind_spots"]["kind"])
    (way,) = facts["four_ways"].filter(pl.col("trade_id") == "T1").to_dicts()
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
    facts = known(trades=[trade("T1", "sell", "2024-12-10")], clearances=[cleared], **counsel)
    (way,) = facts["four_ways"].to_dicts()
    assert (way["clearance"], way["clearance_said"]) == ("open", "C1, of which something is not known")


def test_a_clearance_that_is_used_up_is_none_and_one_share_is_enough() -> None:
    """Cleared for 1,000 shares in several orders: the order of the 9th takes them all. One share cleared on its own is cleared."""
    counsel = {"people": [{"person_id": "LAW", "name": "Law"}], "roles": [{"person_id": "LAW", "role": "corporate_legal_counsel", "from_on": "2020-01-01"}]}
    cleared = {"person_id": "DIA", "symbol": "ACM", "decision": "approved", "decided_at": "2024-12-06T10:00:00-05:00", "decided_by": "LAW"}
    clearances = [
        cleared | {"clearance_id": "C1", "side": "sell", "quantity": 1000, "multi_trade": True},
        cleared | {"clearance_id": "C2", "side": "buy", "quantity": 1},
    ]
    trades = [trade("T1", "sell", "2024-12-09"), trade("T2", "sell", "2024-12-10"), trade("T3", "buy", "2024-12-10", quantity=1)]
    ways = known(trades=[each | {"traded_at": f"{each['traded_on']}T11:00:00-05:00"} for each in trades], clearances=clearances, **counsel)["four_ways"]
    assert set(ways.select("trade_id", "clearance", "clearance_said").rows()) == {
        ("T1", "there", "C1"), ("T2", "absent", "none on record fits"), ("T3", "there", "C2")
    }  # fmt: skip


def test_forms_without_a_trade_say_what_is_known_of_each_leg() -> None:
    """A line that says the opposite of its code is open at the broker; an exercise needs no report, and a sale that was reported has one;
    the latest day comes first, then persons and forms by id.
    """
    lines = [
        line("F1", 1, "P", "2024-11-27", "20.00", symbol="ACM", acquired=False), line("F2", 1, "M", "2024-11-26", "8.00", symbol="ACM", acquired=True),
        line("F3", 1, "S", "2024-11-26", "20.00", symbol="ACM"), line("F4", 1, "S", "2024-11-26", "20.00", symbol="ACM"),
    ]  # fmt: skip
    told = [{"report_id": "R1", "person_id": "NOA", "symbol": "ACM", "kind": "sell", "traded_on": "2024-11-26", "reported_at": "2024-11-26T17:00:00-05:00"}]
    forms = [form4("F1", "NOA"), form4("F2", "NOA"), form4("F3", "NOA"), form4("F4", "BEA")]
    bea = {"people": [{"person_id": "BEA", "name": "Bea"}], "roles": [{"person_id": "BEA", "role": "director", "from_on": "2020-01-01"}]}
    ways = known(filings=forms, filing_lines=lines, reports=told, **bea)["four_ways"]
    assert ways.select("person_id", "accession", "broker", "report").rows() == [
        ("NOA", "F1", "open", "open"), ("BEA", "F4", "absent", "open"), ("NOA", "F2", "explained", "explained"), ("NOA", "F3", "absent", "explained")
    ]  # fmt: skip


def test_a_sale_is_due_until_its_last_day_is_over() -> None:
    """Readings 7: sold on Monday the 9th, due on the 11th, the night itself; sold on Friday the 6th, due on the 10th."""
    ways = known(trades=[trade("T1", "sell", "2024-12-09"), trade("T2", "sell", "2024-12-06")])["four_ways"]
    assert ways.select("trade_id", "edgar", "edgar_said").rows() == [("T1", "explained", "due by 2024-12-11"), ("T2", "absent", "no line on record")]


def test_of_a_form_without_a_trade_the_first_line_that_is_due_stands_and_those_that_came_late_are_counted() -> None:
    """Accepted on 2024-12-03 at ten in the evening: too late for the purchases of 11-20, in time for that of 11-29 (two business days:
    12-03). A line that says the opposite of its code, and a gift received, are not known to be due, or are not.
    """
    lines = [
        line("F1", 1, "S", "2024-11-18", "20.00", symbol="ACM", acquired=True), line("F1", 2, "G", "2024-11-18", "0", symbol="ACM", acquired=True),
        line("F1", 3, "P", "2024-11-20", "20.00", symbol="ACM", quantity=7), line("F1", 4, "P", "2024-11-20", "21.00", symbol="ACM", quantity=8),
        line("F1", 5, "P", "2024-11-29", "20.00", symbol="ACM"), line("F2", 1, "P", "2024-11-20", "20.00", symbol="ACM"),
    ]  # fmt: skip
    forms = [form4("F1", "NOA") | {"accepted_at": "2024-12-03T22:00:00-05:00"}, form4("F2", "NOA") | {"accepted_at": None}]
    duties = known(filings=forms, filing_lines=lines)["form4_duties"].sort("accession")
    assert duties.select("accession", "traded_on", "quantity", "lines_after_due").rows() == [
        ("F1", date(2024, 11, 20), 7, 2), ("F2", date(2024, 11, 20), 100, 0)
    ]  # fmt: skip


def test_what_a_contradicting_line_leaves_open_is_said_of_the_trade() -> None:
    lines = [line("F1", 1, "S", "2024-11-27", "20.00", symbol="ACM", acquired=True, quantity=1000)]
    facts = known(trades=[trade("T1", "buy", "2024-11-27")], filings=[form4("F1", "DIA")], filing_lines=lines)
    (duty,) = facts["form4_duties"].filter(pl.col("trade_id") == "T1").to_dicts()
    assert (duty["is_due"], duty["is_reported"]) == (True, None)
    assert duty["open_question"] == "line 1 of F1 has code S and says acquired, so what it reports is not known"


def test_a_form_5_is_about_the_trade_of_its_line_and_one_without_lines_has_none() -> None:
    """Given away on 2022-12-05, bought the same day: a gift of 2022 is reported on Form 5 (readings 7). A grant is acquired."""
    forms = [form4(f"F{n}", "DIA") | {"form": "5", "period_on": "2022-12-31", "accepted_at": "2023-02-10T12:00:00-05:00"} for n in (1, 2, 3)]
    lines = [line("F1", 1, "G", "2022-12-05", "0", symbol="ACM", acquired=False), line("F3", 1, "A", "2022-12-06", "0", symbol="ACM", acquired=True)]
    trades = [trade("T1", "buy", "2022-12-05"), trade("T2", "gift_out", "2022-12-05", None), trade("T3", "grant", "2022-12-06", None)]
    facts = known(trades=trades, filings=forms, filing_lines=lines)
    assert facts["form5_duties"].select("accession", "trade_id", "lines").rows() == [("F1", "T2", 1), ("F2", None, 0), ("F3", "T3", 1)]


def test_of_several_that_miss_by_a_day_the_greatest_gain_is_told() -> None:
    """Readings 4.8: bought on 2024-05-13, sold on 2024-11-12, one day after the last day that matches, and the other way
    round; of two at the same gain the first by id.
    """
    bought = [trade(f"T{n}", "buy", "2024-05-13", price) for n, price in enumerate(("12.00", "10.00", "10.00", "11.00"), 1)]
    facts = known(trades=[*bought, trade("T5", "sell", "2024-11-12", "20.00")])
    assert facts["swing_near_misses"].select("trade_id", "misses_by_a_day", "earlier_id", "cutoff_on").rows() == [("T5", True, "T2", date(2024, 11, 11))]
    sold = [trade(f"T{n}", "sell", "2024-05-13", price) for n, price in enumerate(("18.00", "20.00", "20.00", "19.00"), 1)]
    facts = known(trades=[*sold, trade("T5", "buy", "2024-11-12", "10.00")])
    assert facts["swing_near_misses"].select("trade_id", "earlier_id").rows() == [("T5", "T2")]


def test_one_contract_that_expires_leaves_none_be_it_before_a_split() -> None:
    """One bought and expired; another, two for one on 2024-11-01, is two of today's contracts and expired as two."""
    series = [{"symbol": symbol, "issuer_id": "OCC", "asset": "option", "underlying": "ACM", "multiplier": 100, "put_call": "call"} for symbol in ("C1", "C2")]
    dealt = [
        trade(f"{kind}{symbol}", kind, on, "1.00", 1) | {"symbol": symbol} for symbol in ("C1", "C2") for kind, on in (("buy", "2024-09-02"), ("expiry", "2024-10-01"))
    ]  # fmt: skip
    facts = known(securities=series, trades=dealt, corporate_actions=[{"symbol": "C2", "ex_on": "2024-11-01", "kind": "split", "ratio": 2}])
    assert facts["positions"].select("symbol", "moved", "moved_until").rows() == [("C1", 1, 1), ("C1", -1, 0), ("C2", 2, 2), ("C2", -2, 0)]


def test_two_processes_match_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    book = [
        Leg(way, date(2024, 1, 2) + timedelta(days=chance.randrange(400)), f"{way}{n}", Fraction(chance.randrange(1, 300)), Fraction(chance.randrange(500, 4000), 100), person=f"P{person}")
        for person in range(30) for way in SIDES.values() for n in range(8)
    ]  # fmt: skip
    alone = matched(book)
    monkeypatch.setattr(matching, "WORTH_A_SECOND_PROCESS", 0)
    assert matched(book).equals(alone)
