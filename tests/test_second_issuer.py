"""Another company's policy runs by its policy.toml alone: other counts, an earlier close, another fiscal year.

Dates by hand. Results of the year ended Mon 2024-09-30 came on Wed 2024-11-13 at 16:05: Thu 14 is the one full day, the
window opens on Fri 15 and its last day is Tue 2024-12-17, fourteen days before 12-31. A clearance received on Mon
2024-11-18 at 11:00 has Tue 19 to Fri 22 and Mon 25 as its five full days.
"""

from functools import cache

import pytest

from flows.resources import text
from flows.stages import Night
from tests.worlds import ROOT, Rows, run
from transforms.policy import read_policy
from transforms.tables import NATIVE

FINALS = {"2024-06-30": "2024-08-07T07:00:00-04:00", "2024-09-30": "2024-11-13T16:05:00-05:00", "2024-12-31": "2025-02-06T07:00:00-05:00"}
SALES = {
    "first-closed": "2024-11-14", "first-open": "2024-11-15", "cleared-last": "2024-11-25", "cleared-stale": "2024-11-26",
    "last-open": "2024-12-17", "after-close": "2024-12-18", "new-year": "2025-01-15", "before-open": "2025-02-06", "reopened": "2025-02-07",
}  # fmt: skip


def rows() -> Rows:
    given: Rows = {name: [] for name in NATIVE}
    people = {"dora": "director", "otto": "other_officer", "lena": "corporate_legal_counsel"}
    given["people"] = [{"person_id": person, "name": person.title()} for person in people]
    given["roles"] = [{"person_id": person, "role": role, "from_on": "2018-01-01"} for person, role in people.items()]
    given["accounts"] = [{"account_id": f"{person}-1", "holder_id": person, "broker": "Keel", "kind": "margin", "margin_enabled": True} for person in people]
    given["securities"] = [{"symbol": "SPT", "issuer_id": "SEPT", "asset": "common"}]
    given["announcements"] = [
        {"announcement_id": f"final-{quarter}", "issuer_id": "SEPT", "kind": "final", "quarter_ended_on": quarter, "announced_on": at[:10], "announced_at": at}
        for quarter, at in FINALS.items()
    ]
    given["trades"] = [
        {"trade_id": name, "account_id": "dora-1", "symbol": "SPT", "kind": "sell", "quantity": 100, "price": 10, "traded_on": on, "order_id": name}
        for name, on in SALES.items()
    ]
    given["clearances"] = [
        {"clearance_id": f"for-{name}", "person_id": "dora", "symbol": "SPT", "side": "sell", "quantity": 100, "requested_at": "2024-11-15T08:00:00-05:00", "decision": "approved", "decided_at": "2024-11-18T11:00:00-05:00", "decided_by": "lena"}
        for name in ("cleared-last", "cleared-stale")
    ]  # fmt: skip
    early = {"requested_at": "2024-11-14T07:00:00-05:00", "decided_at": "2024-11-14T12:00:00-05:00"}
    given["clearances"].append({**given["clearances"][0], **early, "clearance_id": "for-first-open"})
    given["holdings"] = [
        {"account_id": f"{person}-1", "symbol": "SPT", "held_on": "2024-12-31", "quantity": 500, "position": "margin"} for person in ("dora", "otto")
    ]
    return given


@cache
def night() -> Night:
    from datetime import date

    policy = read_policy((ROOT / "tests/policies/september.toml").read_text(encoding="utf-8"), text("policy_defaults.toml"), "september.toml")
    return run(rows(), date(2025, 2, 28), policy)


def found(rule: str) -> dict[str, str]:
    return {row["subject"]: row["evidence"] for row in night().findings.to_dicts() if row["rule"] == rule}


def test_the_window_opens_after_one_day_and_closes_two_weeks_early() -> None:
    assert set(found("window_closed")) == {"first-closed", "after-close", "new-year", "before-open"}


@pytest.mark.parametrize(("sale", "reason"), [("first-closed", "before_open"), ("after-close", "after_close"), ("new-year", "after_quarter_end")])
def test_a_closed_day_says_why(sale: str, reason: str) -> None:
    assert f'"reason":"{reason}"' in found("window_closed")[sale]


def test_windows_are_those_counted_by_hand() -> None:
    known = night().facts["windows"].drop_nulls("opens_on").select("quarter_ended_on", "opens_on", "closes_on")
    assert [tuple(map(str, row)) for row in known.rows()] == [
        ("2024-06-30", "2024-08-08", "2024-09-16"), ("2024-09-30", "2024-11-15", "2024-12-17"), ("2024-12-31", "2025-02-07", "2025-03-17"),
    ]  # fmt: skip


def test_a_clearance_lasts_five_full_days() -> None:
    assert set(found("clearance_stale")) == {"cleared-stale"}
    assert '"valid_through_on":"2024-11-25"' in found("clearance_stale")["cleared-stale"]


def test_a_request_needs_one_full_day() -> None:
    """Asked on Thu 2024-11-14 before the open, that day is the full day and Fri 15 the first to trade; a sale on 14 came sooner."""
    assert found("clearance_lead_time").keys() == {"first-closed"}
    assert '"earliest_on":"2024-11-15"' in found("clearance_lead_time")["first-closed"]


def test_margin_binds_directors_alone() -> None:
    assert set(found("margin_holding")) == {"dora-1"}
    assert [row["person_id"] for row in night().findings.to_dicts() if row["rule"] == "margin_holding"] == ["dora"]


def test_clauses_keep_the_company_s_own_cites() -> None:
    assert {row["rule"]: row["clause"] for row in night().findings.to_dicts()}["clearance_stale"] == "4.2 (b)"
    assert "short_swing_profit" not in night().judgements
