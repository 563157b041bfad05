"""Cases as a fold over what was decided: each state, what reopens, what waits, what a waiver hides."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.changes import changes
from rules import JUDGED
from transforms.cases import CLOSING, DECISIONS, PENDING, WAIVERS, cases, judged_as, of_reviews, waived
from transforms.settling import SETTLED_EXTRA
from transforms.tables import TABLES

NIGHT = date(2025, 3, 3)
BEFORE = NIGHT - timedelta(days=3)
SCHEMA = JUDGED | SETTLED_EXTRA


def finding(subject="T1", rule="window_closed", person="p", **other):
    plain = {
        "finding_id": f"{rule}/{person}/{subject}", "rule": rule, "clause": "VI.A", "severity": "high", "outcome": "flagged", "person_id": person, "subject": subject, "matter": subject,
        "occurred_on": date(2025, 2, 20), "because": "sell of 10", "evidence": '{"reason": "before_open"}', "state": "open", "first_seen_on": BEFORE, "last_seen_on": NIGHT, "changed_on": BEFORE,
    }  # fmt: skip
    return plain | other


def frame(*rows):
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)


def decided(*rows, findings=None):
    """Decisions, each knowing the findings as given."""
    known = findings.filter(pl.col("state") != "withdrawn").select(judged_as())["known"].to_list() if findings is not None else None
    plain = {"case_id": "p/T1", "decided_by": "q", "known": known, "until_on": None, "note": None, "evidence": None}
    told = [plain | {"sequence": n, "decided_at": datetime(2025, 2, 28, 15, n, tzinfo=UTC)} | row for n, row in enumerate(rows, 1)]
    schema = DECISIONS | {"decided_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(told, schema=schema).with_columns(pl.col("decided_at").dt.convert_time_zone("America/New_York"))


def fold(findings, decisions=None, waivers=None, as_of=NIGHT, today=None):
    none = pl.DataFrame(schema=WAIVERS)
    return cases(findings, pl.DataFrame(schema=DECISIONS) if decisions is None else decisions, none if waivers is None else waivers, as_of, today)


def state(*arguments, **named):
    return fold(*arguments, **named)["state"][0]


def test_a_case_is_new_on_its_first_night_and_open_after_it():
    assert state(frame(finding(first_seen_on=NIGHT, state="new"))) == "new"
    assert state(frame(finding())) == "open"


@pytest.mark.parametrize("decision", CLOSING)
def test_a_closing_decision_closes(decision):
    held = frame(finding())
    assert state(held, decided({"decision": decision}, findings=held)) == "closed"


@pytest.mark.parametrize("other", [{"evidence": '{"reason": "restated"}'}, {"outcome": "undecided"}, {"severity": "medium"}, {"trader_id": "s"}])
def test_evidence_that_changed_reopens_and_says_what(other):
    held, now = frame(finding()), frame(finding(**other))
    assert state(now, decided({"decision": "confirmed"}, findings=held)) == "reopened"
    known = held.select(judged_as())["known"].to_list()
    (said,) = changes([{"kind": "decision", "body": {"decision": "confirmed", "known": known}}], now)
    assert said.startswith("window_closed/p/T1: ")
    assert "was" in said
    assert "is" in said


@pytest.mark.parametrize("other", [{"because": "said otherwise"}, {"contested": "report.scope"}, {"occurred_on": date(2025, 2, 21)}])
def test_words_alone_do_not_reopen(other):
    held = frame(finding())
    assert state(frame(finding(**other)), decided({"decision": "confirmed"}, findings=held)) == "closed"


def test_a_finding_that_joins_reopens_and_one_that_goes_does_not():
    one, two = finding(), finding(rule="clearance_missing")
    assert state(frame(one, two), decided({"decision": "confirmed"}, findings=frame(one))) == "reopened"
    assert state(frame(one, two | {"state": "withdrawn"}), decided({"decision": "confirmed"}, findings=frame(one, two))) == "closed"


def test_a_case_of_which_nothing_stands_is_withdrawn():
    assert state(frame(finding(state="withdrawn"))) == "withdrawn"


def test_a_wait_lasts_until_its_day():
    held = frame(finding())
    until = NIGHT + timedelta(days=1)
    waiting = decided({"decision": "wait", "until_on": until}, findings=held)
    assert state(held, waiting) == "waiting"
    assert state(held, waiting, today=until) == "open"


def test_evidence_that_changed_ends_a_wait():
    waiting = decided({"decision": "wait", "until_on": NIGHT + timedelta(days=9)}, findings=frame(finding()))
    assert state(frame(finding(outcome="undecided")), waiting) == "reopened"


def test_a_note_decides_nothing_and_a_reopening_does():
    held = frame(finding())
    assert state(held, decided({"decision": "note"}, findings=held)) == "open"
    assert state(held, decided({"decision": "confirmed"}, {"decision": "note"}, findings=held)) == "closed"
    assert state(held, decided({"decision": "confirmed"}, {"decision": "reopen"}, findings=held)) == "reopened"
    assert state(held, decided({"decision": "escalate"}, {"decision": "confirmed"}, findings=held)) == "closed"
    assert state(held, decided({"decision": "escalate"}, findings=held)) == "escalated"


def test_a_register_kept_elsewhere_reopens_by_days():
    """Without what was known then, a change on a later day than the review reopens; a case that came later is not closed by it."""
    rows = [{"review_id": "R", "case_id": "p/T1", "reviewed_by": "q", "reviewed_at": datetime(2025, 2, 28, 15, tzinfo=UTC), "decision": "noted"}]
    reviews = of_reviews(pl.DataFrame(rows, schema={**dict.fromkeys(("review_id", "case_id", "reviewed_by"), pl.String), "reviewed_at": pl.Datetime("us", "UTC"), "decision": pl.String}).with_columns(note=pl.lit(None), evidence=pl.lit(None)).select(TABLES["reviews"].names))  # fmt: skip
    assert state(frame(finding(changed_on=date(2025, 2, 28))), reviews) == "closed"
    assert state(frame(finding(changed_on=NIGHT)), reviews) == "reopened"
    later = finding(first_seen_on=NIGHT, changed_on=NIGHT, state="new")
    assert state(frame(later), reviews) == "closed", "on record later, about what was there at the review"
    assert state(frame(later | {"occurred_on": NIGHT}), reviews) == "reopened", "it occurred after the review"
    assert state(frame(later | {"occurred_on": None}), reviews) == "reopened", "nobody knows when"


def waiver(**other):
    plain = {
        "waiver_id": "W",
        "given_by": "q",
        "given_at": datetime(2025, 1, 1, tzinfo=UTC),
        "person_id": "p",
        "rule": "window_closed",
        "from_on": date(2025, 2, 20),
        "until_on": date(2025, 2, 20),
        "reason": "r",
    }
    return pl.DataFrame([plain | other], schema=WAIVERS | {"given_at": pl.Datetime("us", "UTC"), "ended_at": pl.Datetime("us", "UTC")})


@pytest.mark.parametrize(
    ("other", "hides"),
    [
        ({}, True), ({"from_on": date(2025, 2, 21), "until_on": date(2025, 3, 1)}, False), ({"from_on": date(2025, 1, 1), "until_on": date(2025, 2, 19)}, False),
        ({"rule": "clearance_missing"}, False), ({"person_id": "s"}, False), ({"given_by": "p"}, False), ({"ended_at": datetime(2025, 2, 1, tzinfo=UTC)}, False),
    ],
)  # fmt: skip
def test_a_waiver_hides_its_person_rule_and_days(other, hides):
    held = frame(finding())
    assert bool(len(waived(held, waiver(**other)))) is hides
    folded = fold(held, waivers=waiver(**other))
    assert folded.select("state", "decision", "waived").row(0) == (("closed", "waived", 1) if hides else ("open", None, 0))


def test_a_waiver_hides_one_of_two():
    held = frame(finding(), finding(rule="clearance_missing", severity="medium"))
    folded = fold(held, waivers=waiver())
    assert folded.select("state", "severity", "waived", "findings").row(0) == ("open", "medium", 1, 2)


@given(st.lists(st.sampled_from(["confirmed", "note", "escalate", "wait", "reopen", "no_concern"]), max_size=6), st.randoms())
def test_the_fold_is_of_the_order_in_time_and_notes_change_nothing(words, random):
    held = frame(finding())
    rows = decided(*({"decision": word, "until_on": NIGHT + timedelta(days=5)} for word in words), findings=held) if words else None
    plain = fold(held, rows)
    if rows is not None:
        order = list(range(len(rows)))
        random.shuffle(order)
        assert fold(held, rows[order]).equals(plain)
        assert fold(held, rows.filter(pl.col("decision") != "note")).equals(plain)
    last = next((word for word in reversed(words) if word != "note"), None)
    assert (plain["state"][0] in PENDING) == (last in {None, "escalate", "reopen"})
