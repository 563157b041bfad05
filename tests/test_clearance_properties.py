"""Properties of windows, of counting, and of the matching of clearances, over random books of many people at once."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.resources import text
from flows.stages import judged_rules
from rules import apply
from tests.test_calendar import BUSINESS, SESSIONS
from tests.worlds import Rows, policy_text
from transforms.counting import available_from, last_full_day
from transforms.facts import Derivation
from transforms.policy import Policy, read_policy
from transforms.tables import TABLES

AS_OF, ZONE = date(2025, 2, 28), "America/New_York"
PEOPLE = 30
FAMILY = {
    "clearance_missing", "clearance_after_trade", "clearance_stale", "clearance_revoked", "clearance_denied", "clearance_mismatch", "clearance_exceeded",
    "clearance_reused", "clearance_unauthorised", "clearance_self_approved",
}  # fmt: skip
MOMENTS = st.datetimes(datetime.combine(date(2020, 1, 2), time()), datetime.combine(date(2026, 11, 30), time()))
"""Within the calendars, from the day on which the sample's policy starts to count."""


@cache
def policy() -> Policy:
    return read_policy(policy_text({}), text("policy_defaults.toml"))


def book(seed: int) -> Rows:
    """Directors who each ask now and then, and trade now and then, within three weeks of an open window."""
    made = random.Random(seed)
    rows: Rows = {name: [] for name in TABLES}
    rows["people"] = [{"person_id": "lena", "name": "Lena"}, {"person_id": "otto", "name": "Otto"}]
    rows["roles"] = [{"person_id": "lena", "role": "corporate_legal_counsel", "from_on": date(2018, 1, 1)}]
    rows["securities"] = [{"symbol": symbol, "issuer_id": "ACME", "asset": "common"} for symbol in ("ACM", "ACN")]
    for n in range(PEOPLE):
        person = f"p{n:02d}"
        rows["people"].append({"person_id": person, "name": person})
        rows["roles"].append({"person_id": person, "role": "director", "from_on": date(2018, 1, 1)})
        rows["accounts"].append({"account_id": f"{person}-1", "holder_id": person, "broker": "Keel", "kind": "cash"})
        rows["clearances"] += [_clearance(made, person, k) for k in range(made.randint(0, 4))]
        rows["trades"] += [_trade(made, person, k) for k in range(made.randint(1, 4))]
    return rows


def _clearance(made: random.Random, person: str, k: int) -> dict:
    at = _moment(made)
    return {
        "clearance_id": f"{person}-c{k}", "person_id": person, "symbol": made.choice(["ACM", "ACM", "ACN"]), "side": made.choice(["sell", "sell", "buy"]),
        "quantity": made.choice([None, Decimal(100), Decimal(150), Decimal(300)]), "decision": made.choice(["approved", "approved", "approved", "denied"]),
        "decided_on": at.date(), "decided_at": made.choice([at, at, None]), "decided_by": made.choice(["lena", "lena", "lena", "otto", None]),
        "revoked_at": at + timedelta(days=1) if made.random() < 0.1 else None, "multi_trade": made.choice([True, None, None]),
    }  # fmt: skip


def _trade(made: random.Random, person: str, k: int) -> dict:
    at = _moment(made)
    return {
        "trade_id": f"{person}-t{k}", "account_id": f"{person}-1", "symbol": "ACM", "kind": made.choice(["sell", "sell", "buy"]), "quantity": Decimal(made.choice([100, 150, 200])),
        "price": Decimal(20), "traded_on": at.date(), "traded_at": made.choice([at, at, None]), "order_id": made.choice([f"{person}-o{k}", f"{person}-o{k}", f"{person}-o"]),
    }  # fmt: skip


def _moment(made: random.Random) -> datetime:
    return datetime.combine(date(2024, 11, 11), time(9)) + timedelta(days=made.randint(0, 11), minutes=30 * made.randint(0, 16))


def judged(rows: Rows) -> set[tuple]:
    """What the rules on clearances find: rule, person, order, outcome and evidence."""
    tables = {name: _frame(name, each) for name, each in rows.items()}
    derived = Derivation(**tables, policy=policy(), sessions=SESSIONS, business_days=BUSINESS, as_of=AS_OF, missing=frozenset())
    rules = [rule for name, rule in judged_rules(policy()).items() if name in FAMILY]
    found = [apply(rule, derived[rule.over], policy(), AS_OF, frozenset(), worded=False).findings for rule in rules]
    return {row for each in found for row in each.select("rule", "person_id", "matter", "outcome", "evidence").rows()}


def _frame(name: str, rows: list[dict]) -> pl.DataFrame:
    schema = TABLES[name].schema
    made = pl.DataFrame(
        [{column: row.get(column) for column in schema} for row in rows],
        schema={c: pl.Datetime if isinstance(t, pl.Datetime) else t for c, t in schema.items()},
    )
    zoned = [pl.col(column).dt.replace_time_zone(ZONE) for column, dtype in schema.items() if isinstance(dtype, pl.Datetime)]
    return made.with_columns(zoned)


@settings(max_examples=8)
@given(seed=st.integers(0, 10**9))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    rows = book(seed)
    shuffled = {name: random.Random(seed + 1).sample(each, len(each)) for name, each in rows.items()}
    assert judged(rows) == judged(shuffled)


@settings(max_examples=8)
@given(seed=st.integers(0, 10**9))
def test_a_valid_clearance_more_never_adds_a_finding(seed: int) -> None:
    """It approves any quantity of several trades from before the first to after the last."""
    rows = book(seed)
    before = judged(rows)
    for trade in list(rows["trades"]):
        person = trade["account_id"][:3]
        rows["clearances"].append({
            "clearance_id": f"{trade['trade_id']}-ok", "person_id": person, "symbol": "ACM", "side": trade["kind"], "decision": "approved", "decided_on": date(2024, 11, 8),
            "decided_at": datetime.combine(date(2024, 11, 8), time(9)), "decided_by": "lena", "extended_until_on": date(2024, 12, 31), "multi_trade": True,
        })  # fmt: skip
    after = judged(rows)
    named = {finding[:4] for finding in before}
    assert {finding for finding in after if finding[:4] not in named} == set()
    assert len(after) < len(before)


@settings(max_examples=8)
@given(seed=st.integers(0, 10**9))
def test_splitting_a_fill_changes_nothing(seed: int) -> None:
    """The same order in two fills of one moment: the same findings on the order, with the same quantities."""
    rows = book(seed)
    split = dict(rows)
    split["trades"] = [part for trade in rows["trades"] for part in _halves(trade)]
    assert judged(rows) == judged(split)


def _halves(trade: dict) -> list[dict]:
    half = trade["quantity"] / 2
    return [{**trade, "quantity": half}, {**trade, "trade_id": f"{trade['trade_id']}-2", "quantity": half}]


def _days(moment: datetime) -> tuple[date, date]:
    """Last full day and first day allowed after an instant."""
    frame = pl.DataFrame({"at": [moment]}).with_columns(pl.col("at").dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null")).drop_nulls()
    if frame.is_empty():
        return date.min, date.max
    on, at, unknown = pl.col("at").dt.date(), pl.col("at"), "counting.unknown_announcement_time"
    row = frame.select(last_full_day(on, at, unknown, SESSIONS, policy()), first=available_from(on, at, unknown, SESSIONS, policy())).row(0)
    return row[0], row[1]


@settings(max_examples=60)
@given(moment=MOMENTS)
def test_two_whole_sessions_lie_between_the_news_and_the_first_day(moment: datetime) -> None:
    last, first = _days(moment)
    if last == date.min:
        return
    sessions = SESSIONS.every.days.to_list()
    whole = [day for day in sessions if day < first and (day > moment.date() or (day == moment.date() and moment.time() < time(9, 30)))]
    assert whole[-1] == last
    assert len(whole) == 2
    assert sessions[sessions.index(last) + 1] == first


@settings(max_examples=6)
@given(seed=st.integers(0, 10**9))
def test_a_window_is_open_exactly_between_its_days(seed: int) -> None:
    """Random announcements: a day is open if and only if it lies in the window of the last quarter end before it."""
    made = random.Random(seed)
    ends = [date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
    rows: Rows = {name: [] for name in TABLES}
    for n, end in enumerate(ends[:-1]):
        at = datetime.combine(end, time()) + timedelta(days=made.randint(1, 100), minutes=made.randint(0, 1439))
        rows["announcements"].append(
            {"announcement_id": f"a{n}", "issuer_id": "ACME", "kind": "final", "quarter_ended_on": end, "announced_on": at.date(), "announced_at": at}
        )
    tables = {name: _frame(name, each) for name, each in rows.items()}
    derived = Derivation(**tables, policy=policy(), sessions=SESSIONS, business_days=BUSINESS, as_of=AS_OF, missing=frozenset())
    opened = set(derived["window_days"].filter("is_open")["day"])
    wanted = set()
    for row, closes in zip(rows["announcements"], ends[1:], strict=True):
        first = _days(row["announced_at"])[1]
        wanted |= {first + timedelta(days=n) for n in range(max((closes - first).days + 1, 0))}
    assert opened == wanted
